"""Settings come from the environment, and production never starts on a weak secret."""

import stat
from pathlib import Path

import pytest

from config import SECRETS, Settings, SettingsError, fresh_secrets


def production(**changes: str) -> dict[str, str]:
    """An environment with which production starts, and changes to it."""
    secrets = {name.upper(): value for name, value in fresh_secrets().items()}
    return {"PRODUCTION": "yes", "BASE_URL": "https://audits.example.org", **secrets, **changes}


def test_secrets_are_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    first = Settings.from_environment({"INSTANCE": str(tmp_path / "instance")})
    again = Settings.from_environment({"INSTANCE": str(tmp_path / "instance")})
    assert first == again
    assert all(len(getattr(first, name)) >= 32 for name in SECRETS)
    assert stat.S_IMODE((tmp_path / "instance" / "secrets").stat().st_mode) == 0o600


def test_production_starts_with_its_own_secrets(tmp_path: Path) -> None:
    settings = Settings.from_environment(production(INSTANCE=str(tmp_path)))
    assert settings.is_production
    assert not (tmp_path / "secrets").exists()


@pytest.mark.parametrize("name", [name.upper() for name in SECRETS])
def test_production_refuses_to_start_without_a_secret(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(production(INSTANCE=str(tmp_path), **{name: "short"}))


def test_production_refuses_plain_http(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="https"):
        Settings.from_environment(production(INSTANCE=str(tmp_path), BASE_URL="http://audits.example.org"))


def test_a_number_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SMTP_PORT is a whole number, not 'twenty'"):
        Settings.from_environment({"INSTANCE": str(tmp_path), "SMTP_PORT": "twenty"})


def test_a_port_that_no_machine_has_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PORT is 70000; a port is a number up to 65535"):
        Settings.from_environment({"INSTANCE": str(tmp_path), "PORT": "70000"})


def test_secrets_stay_out_of_what_is_printed(tmp_path: Path) -> None:
    settings = Settings.from_environment({"INSTANCE": str(tmp_path), "SMTP_PASSWORD": "very-secret-word"})
    assert settings.secret_key not in repr(settings)
    assert "very-secret-word" not in repr(settings)


def test_the_demonstration_can_be_left_out_and_is_never_in_production(tmp_path: Path) -> None:
    instance = {"INSTANCE": str(tmp_path / "instance")}
    assert Settings.from_environment(instance).has_demonstration
    assert not Settings.from_environment({**instance, "DEMONSTRATION": "no"}).has_demonstration
    assert not Settings.from_environment(production(**instance, DEMONSTRATION="yes")).has_demonstration
