"""Settings: one typed object from the environment. Nothing else reads `os.environ`."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from click import ClickException
from cryptography.fernet import Fernet

PROJECT = Path(__file__).resolve().parent
SECRETS = ("secret_key", "password_salt", "encryption_keys", "token_key")


class SettingsError(ClickException):
    """A setting is missing or cannot be used. Carries one sentence for whoever starts the service."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another.

    Secrets left out are made in `instance/` at the first start, except in production, which refuses to start then.
    """

    instance: Path = PROJECT / "instance"
    database_url: str = ""
    is_production: bool = False
    is_testing: bool = False
    has_demonstration: bool = True  # built by `make run` when the database is empty; never in production
    secret_key: str = field(default="", repr=False)
    password_salt: str = field(default="", repr=False)
    encryption_keys: str = field(default="", repr=False)  # Fernet keys, newest first, separated by commas
    token_key: str = field(default="", repr=False)
    service_name: str = "Neglect case audits"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_security: str = "none"  # none, starttls or tls
    mail_from: str = "audits@localhost"
    idle_minutes: int = 60
    trusted_proxies: int = 0

    @property
    def is_mailing(self) -> bool:
        """Whether mail is sent at all. Without a mail server it is kept in the outbox."""
        return bool(self.smtp_host)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; make and keep missing secrets unless this is production.

        Raises:
            SettingsError: a number that is not one, or production with a missing or delivered secret.
        """
        env = os.environ if environ is None else environ
        instance = Path(env.get("INSTANCE", str(PROJECT / "instance"))).resolve()
        port = _whole_number(env, "PORT", cls.port)
        if port > 65_535:
            raise SettingsError(f"PORT is {port}; a port is a number up to 65535.")
        settings = cls(
            instance=instance,
            database_url=env.get("DATABASE_URL", "") or f"sqlite:///{instance / 'audits.sqlite3'}",
            is_production=_is_true(env.get("PRODUCTION", "")),
            has_demonstration=_is_true(env.get("DEMONSTRATION", "yes")) and not _is_true(env.get("PRODUCTION", "")),
            service_name=env.get("SERVICE_NAME", cls.service_name),
            port=port,
            base_url=(env.get("BASE_URL", "") or f"http://127.0.0.1:{port}").rstrip("/"),
            smtp_host=env.get("SMTP_HOST", ""),
            smtp_port=_whole_number(env, "SMTP_PORT", cls.smtp_port),
            smtp_user=env.get("SMTP_USER", ""),
            smtp_password=env.get("SMTP_PASSWORD", ""),
            smtp_security=env.get("SMTP_SECURITY", cls.smtp_security),
            mail_from=env.get("MAIL_FROM", cls.mail_from),
            idle_minutes=_whole_number(env, "IDLE_MINUTES", cls.idle_minutes),
            trusted_proxies=_whole_number(env, "TRUSTED_PROXIES", cls.trusted_proxies),
            secret_key=env.get("SECRET_KEY", ""),
            password_salt=env.get("PASSWORD_SALT", ""),
            encryption_keys=env.get("ENCRYPTION_KEYS", ""),
            token_key=env.get("TOKEN_KEY", ""),
        )
        if settings.smtp_security not in {"none", "starttls", "tls"}:
            raise SettingsError("SMTP_SECURITY is none, starttls or tls.")
        if settings.is_production:
            return settings._checked_for_production()
        return settings._with_kept_secrets()

    def _checked_for_production(self) -> "Settings":
        missing = [name.upper() for name in SECRETS if len(getattr(self, name)) < 32]
        if missing:
            raise SettingsError(
                f"In production set {', '.join(missing)} to a secret of at least 32 characters "
                "(`flask secrets` prints a fresh set)."
            )
        if not self.base_url.startswith("https://"):
            raise SettingsError("In production BASE_URL begins with https://.")
        return self

    def _with_kept_secrets(self) -> "Settings":
        """Secrets from `instance/secrets`, made at the first start and readable by this user alone."""
        self.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = self.instance / "secrets"
        if not kept.exists():
            text = "\n".join(f"{name}={value}" for name, value in fresh_secrets().items()) + "\n"
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(text)
        found = dict(line.split("=", 1) for line in kept.read_text().splitlines() if "=" in line)
        return replace(
            self,
            secret_key=self.secret_key or found.get("secret_key", ""),
            password_salt=self.password_salt or found.get("password_salt", ""),
            encryption_keys=self.encryption_keys or found.get("encryption_keys", ""),
            token_key=self.token_key or found.get("token_key", ""),
        )


def fresh_secrets() -> dict[str, str]:
    """New random secrets by name, of the kinds that the settings need."""
    made = {name: secrets.token_urlsafe(48) for name in SECRETS}
    made["encryption_keys"] = Fernet.generate_key().decode()
    return made


def _is_true(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit():
        raise SettingsError(f"{name} is a whole number, not {text!r}.")
    return int(text)
