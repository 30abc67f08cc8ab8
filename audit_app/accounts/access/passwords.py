"""Passwords: which may be chosen, their hashes, and the links with which a new one is set."""

import logging
from typing import Any

from flask import current_app
from flask_security import MailUtil, PasswordUtil, hash_password
from flask_security.recoverable import generate_reset_password_token

from audit_app.accounts import queries, rules, services
from audit_app.accounts.models import Person
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.settings import settings

log = logging.getLogger(__name__)


class PasswordRules(PasswordUtil):
    """Which passwords may be chosen."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:  # noqa: ARG002 - as in the class above
        person = kwargs["user"]
        return self.check(password, email=person.email, name=person.name)

    def check(self, password: str, *, email: str, name: str) -> tuple[list[str] | None, str]:
        """What is wrong with a password, or None, and the password in the one form that is hashed."""
        chosen = self.normalize(password)
        reason = rules.why_not_password(chosen, email=email, name=name)
        return ([reason] if reason else None), chosen


class OutboxMail(MailUtil):
    """Flask-Security's only mail, the link for a new password, through our outbox."""

    def send_mail(  # type: ignore[override]
        self, _template: str, subject: str, *_addresses: Any, **kwargs: Any
    ) -> None:
        person: Person = kwargs["user"]
        partnerships = queries.partnerships_of(person.id, today=clock.today())
        if not settings().smtp_host and len(partnerships) > 1:
            # Kept in one partnership's outbox, it would open the others to that administrator.
            log.warning("No mail server is set: use `flask accounts password-link` for %s", person.email)
            return
        link = _address_of_link(kwargs["reset_token"])
        with transaction():
            services.send_reset(person, subject=subject, link=link, partnership_id=partnerships[0].id)

    def normalize(self, email: str) -> str:
        return rules.tidy_email(email)

    def validate(self, email: str) -> str:
        return rules.tidy_email(email)


def new_password_hash(password: str, *, email: str, name: str) -> str:
    """The hash of a password that the person of this e-mail address and name chooses.

    Raises:
        Refused: the password may not be chosen.
    """
    problems, chosen = PasswordRules(current_app).check(password, email=email, name=name)
    if problems:
        raise Refused(problems[0], "password")
    return hash_password(chosen)


def password_link(person: Person) -> str:
    """A link with which someone chooses a new password, once, for an hour."""
    token: str = generate_reset_password_token(person)  # type: ignore[no-untyped-call]
    return _address_of_link(token)


def _address_of_link(token: str) -> str:
    # From the settings, never from the request: a forged Host header must not end up in a mail.
    return settings().base_url + current_app.url_map.bind("").build("security.reset_password", {"token": token})
