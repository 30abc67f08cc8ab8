"""Signing in and out, and sessions: Flask-Security behind our rules and our outbox."""

from datetime import timedelta
from typing import Any

from flask import Flask, g, request, session
from flask_login import current_user, user_logged_in
from flask_security import (
    ForgotPasswordForm,
    LoginForm,
    ResetPasswordForm,
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    UserMixin,
    password_reset,
    user_authenticated,
)
from flask_wtf import FlaskForm
from sqlalchemy import inspect, select
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired

from audit_app.accounts import queries, rules, services
from audit_app.accounts.access.passwords import OutboxMail, PasswordRules
from audit_app.accounts.models import Person
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.core.forms import PageForm
from audit_app.core.settings import settings

WRONG = "The e-mail address or the password is wrong. Check both, or choose a new password."
TOO_MANY = "There were too many tries. Wait 15 minutes, or choose a new password."
HAS_LEFT = "You have no role in a partnership any more. If that is a mistake, ask the person who invited you."
SEEN_AT = "seen_at"
WAS = "was"
"""Whose session it was that ended by itself, until somebody signs in: what they send all the same is kept for them."""


def security_config(password_salt: str, *, is_mailing: bool) -> dict[str, Any]:
    """Flask-Security's settings. Whatever it could register beyond our four routes is off."""
    return {
        "SECURITY_JOIN_USER_ROLES": False,  # memberships decide, not a table of its own
        "SECURITY_PASSWORD_SALT": password_salt,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_URL": "/forgotten-password",
        "SECURITY_RESET_PASSWORD_WITHIN": rules.RESET_LASTS,
        "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": False,  # `note_new_password` tells them
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_EMAIL_PLAINTEXT": False,  # our outbox writes the letter
        "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": "Choose a new password",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_FRESHNESS": timedelta(minutes=-1),  # no route that asks for the password once more
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_CLI_USERS_NAME": False,
        "SECURITY_CLI_ROLES_NAME": False,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": (WRONG, "error"),
        "SECURITY_MSG_PASSWORD_RESET_REQUEST": (
            "If that address is known here, a link to choose a new password is on its way. It works for an hour."
            if is_mailing
            else "If that address is known here, a link to choose a new password is made. "
            "This service sends no e-mail yet: ask your administrator for it. It works for an hour.",
            "info",
        ),
        "SECURITY_MSG_PASSWORD_RESET_EXPIRED": ("That link has expired. Ask for a new one here.", "error"),
        "SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN": (
            "That link was used already or is not complete. Ask for a new one here.",
            "error",
        ),
        "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": ("Your new password is set. Sign in with it.", "success"),
        "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": ("The two passwords are not the same.", "error"),
    }


class NoRole(RoleMixin):
    """Flask-Security asks for a class of roles. There is no table of them: memberships decide."""


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security changes a person and commits later. Here that goes through `transaction()` like every deed."""

    def find_user(self, case_insensitive: bool = False, **known: Any) -> UserMixin | None:
        if known.keys() == {"fs_uniquifier"} and "slug" in g:  # a page of a partnership asks all at once
            person, g.asker = queries.who_asks(known["fs_uniquifier"], g.slug, today=clock.today())
            return person
        return super().find_user(case_insensitive, **known)

    def commit(self) -> None:
        changes = {
            person.id: {
                attribute.key: (attribute.history.deleted, attribute.value)
                for attribute in inspect(person).attrs
                if attribute.history.has_changes()
            }
            for person in db.session.dirty
            if isinstance(person, Person)
        }
        db.session.rollback()
        if not changes:
            return
        with transaction():
            for person_id, changed in changes.items():
                _change(person_id, changed)


def _change(person_id: int, changed: dict[str, tuple[Any, Any]]) -> None:
    query = select(Person).where(Person.id == person_id).with_for_update()
    person = db.session.scalars(query.execution_options(populate_existing=True)).one()
    was = changed.get("fs_uniquifier", ((), None))[0]
    if was and was[0] != person.fs_uniquifier:  # a link for a new password, used twice at the same moment
        raise Refused("That link was used already. Ask for a new one.")
    for name, (_was, value) in changed.items():
        setattr(person, name, value)


datastore = Datastore(db, Person, NoRole)


class SignInForm(LoginForm, PageForm):
    """E-mail address and password. Says no in one sentence, whether the address is known or not."""

    email = StringField("E-mail address")
    password = PasswordField("Password")
    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = safe_next(self.next.data or "")
        self.password.description = ""  # the page has our own link for a forgotten password

    def validate(self, **kwargs: Any) -> bool:
        account, password = rules.tidy_email(self.email.data or ""), self.password.data or ""
        if not account or not password:
            return self._refused("Enter your e-mail address and your password.")
        address = request.remote_addr or ""
        with transaction():
            this_try = services.begin_try(account, address)
        if services.is_over_limit(account, address):
            with transaction():
                services.forget_try(this_try)
            return self._refused(TOO_MANY)
        with db.session.no_autoflush:
            if len(password) <= rules.PASSWORD_AT_MOST and super().validate(**kwargs) and self._is_member():
                return True
        db.session.rollback()
        if self.user is not None:
            with transaction():
                services.note_failure(self.user.id, account, address)
        return self._refused(WRONG)

    def _is_member(self) -> bool:
        return self.user is not None and bool(queries.partnerships_of(self.user.id, today=clock.today()))

    def _refused(self, sentence: str) -> bool:
        self.email.errors, self.password.errors = [], []
        self.form_errors = [sentence]
        return False


class ForgottenPasswordForm(ForgotPasswordForm, PageForm):
    """The address to which a link is sent. The answer is the same whether it is known or not."""

    email = StringField("E-mail address")

    def validate(self, **kwargs: Any) -> bool:
        if not FlaskForm.validate(self, **kwargs):
            return False
        email = rules.tidy_email(self.email.data or "")
        if reason := rules.why_not_email(email):
            self.form_errors = [reason]
            return False
        person = queries.person_of_email(email)
        if (
            person is None
            or not person.active
            or person.password is None
            or not queries.partnerships_of(person.id, today=clock.today())
        ):
            self.email.errors = ["unknown"]  # Flask-Security answers as if it were known
            return False
        self.user = person
        return True


class NewPasswordForm(ResetPasswordForm, PageForm):
    """A new password, twice."""

    password = PasswordField(
        "New password",
        [InputRequired("Enter a new password.")],
        description=f"At least {rules.PASSWORD_AT_LEAST} characters. Three words that you will remember do well.",
    )
    password_confirm = PasswordField(
        "The same password again", [EqualTo("password", "The two passwords are not the same.")]
    )


def safe_next(address: str) -> str:
    """The address to go to after signing in if it is one of ours, else nothing."""
    is_ours = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if is_ours and address.isprintable() else ""


def has_expired() -> bool:
    """Whether the session of this request was idle for too long."""
    if not current_user.is_authenticated:
        return False
    seen_at = session.get(SEEN_AT, 0)
    return bool(clock.now().timestamp() - seen_at > settings().idle_minutes * 60)


def note_activity() -> None:
    """Keep the session open. The cookie is sent anew once a minute at most."""
    now = int(clock.now().timestamp())
    if abs(now - session.get(SEEN_AT, 0)) >= 60:
        session[SEEN_AT] = now


def init_app(app: Flask) -> None:
    """Register Flask-Security with our forms, and what follows a sign-in and a new password."""
    settings_now = app.extensions["settings"]
    app.config.update(security_config(settings_now.password_salt, is_mailing=settings_now.is_mailing))
    security = Security(
        app,
        datastore,
        login_form=SignInForm,
        forgot_password_form=ForgottenPasswordForm,
        reset_password_form=NewPasswordForm,
        mail_util_cls=OutboxMail,
        password_util_cls=PasswordRules,
    )
    security.login_manager.request_loader(None)  # no tokens in headers or addresses: a session or nothing
    user_logged_in.connect(_open_session, app)
    user_authenticated.connect(_note_sign_in, app)
    password_reset.connect(_note_new_password, app)


def _open_session(_app: Flask, **_rest: Any) -> None:
    session.permanent = True
    session.pop(WAS, None)
    session[SEEN_AT] = int(clock.now().timestamp())


def _note_sign_in(_app: Flask, user: Person, **_rest: Any) -> None:
    person_id = user.id
    datastore.commit()  # a hash that was brought up to date
    with transaction():
        services.note_sign_in(person_id)


def _note_new_password(_app: Flask, user: Person, **_rest: Any) -> None:
    person_id = user.id
    datastore.commit()
    with transaction():
        services.note_new_password(person_id)
