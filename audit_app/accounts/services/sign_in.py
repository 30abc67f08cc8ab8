"""What signing in leaves behind: tries counted across all processes, the last time, history in each partnership."""

from datetime import timedelta

from sqlalchemy import delete

from audit_app.accounts import queries
from audit_app.accounts.models import Person, SignInFailure
from audit_app.accounts.rules import FAILURES_ALLOWED, FAILURES_ALLOWED_FROM_ADDRESS, Oneself
from audit_app.accounts.services.letters import password_changed_letter, post_letter, reset_letter
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.history.services import record

KEPT_FOR = timedelta(days=1)


def begin_try(account: str, address: str) -> int:
    """Count a try to sign in before its password is looked at, so that tries at the same moment see each other.

    Gives the id with which `forget_try` takes it back.
    """
    now = clock.now()
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < now - KEPT_FOR))
    row = SignInFailure(at=now, account=account[:254], address=address)
    db.session.add(row)
    db.session.flush()
    return row.id


def is_over_limit(account: str, address: str) -> bool:
    """Whether this try, counted already, is one too many for its account or from its address."""
    of_account, from_address = queries.tries_counted(account[:254], address, at=clock.now())
    return of_account > FAILURES_ALLOWED or from_address > FAILURES_ALLOWED_FROM_ADDRESS


def forget_try(try_id: int) -> None:
    """Take a counted try back: it was refused before the password was looked at, and must not prolong the wait."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.id == try_id))


def note_failure(person_id: int, account: str, address: str) -> None:
    """Write into history when someone's account has just been stopped for a while."""
    of_account, _from_address = queries.tries_counted(account, address, at=clock.now())
    if of_account != FAILURES_ALLOWED:
        return
    person = queries.person_signing_in(person_id)
    for partnership_id, _name in queries.membership_partnerships(person_id, today=clock.today()):
        oneself = Oneself(person.id, person.name, partnership_id)
        record("sign_in_failed", by=oneself, of=person, times=FAILURES_ALLOWED)


def note_sign_in(person_id: int) -> None:
    """Note that someone signed in: the time, history in each of their partnerships, and no failures any more."""
    person = queries.person_signing_in(person_id)
    person.last_signed_in_at = clock.now()
    forget_failures(person.email)
    for choice in queries.partnerships_of(person_id, today=clock.today()):
        record("signed_in", by=Oneself(person.id, person.name, choice.id), of=person)
    db.session.flush()


def note_new_password(person_id: int) -> None:
    """Note in history that someone set a new password, tell them, and let them sign in at once."""
    person = queries.person_signing_in(person_id)
    forget_failures(person.email)
    partnerships = queries.partnerships_of(person_id, today=clock.today())
    for choice in partnerships:
        record("password_reset", by=Oneself(person.id, person.name, choice.id), of=person)
    if partnerships:
        post_letter(
            partnership_id=partnerships[0].id,
            recipient=person.email,
            occasion=f"new-password-{person.id}-{clock.now():%Y%m%d%H%M%S}",
            subject="Your password was changed",
            body=password_changed_letter(name=person.name),
        )
    db.session.flush()


def send_reset(person: Person, *, subject: str, link: str, partnership_id: int) -> None:
    """Post the link with which someone sets a new password; at most one letter in ten minutes."""
    now = clock.now()
    post_letter(
        partnership_id=partnership_id,
        recipient=person.email,
        occasion=f"password-{person.id}-{now:%Y%m%d%H}{now.minute // 10}",
        subject=subject,
        body=reset_letter(name=person.name, link=link),
    )


def forget_failures(account: str) -> None:
    """Let an account's failures count no more."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.account == account))
