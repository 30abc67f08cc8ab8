"""Reads for signing in: failures counted, invitations found."""

from datetime import datetime

from sqlalchemy import func, or_, select

from audit_app.accounts.models import Invitation, Person, SignInFailure
from audit_app.accounts.rules import FAILURES_COUNTED_FOR
from audit_app.core.db import db


def tries_counted(account: str, address: str, *, at: datetime) -> tuple[int, int]:
    """How many tries to sign in failed or are under way: for the account, and from the address."""
    counted = db.session.execute(
        select(
            func.count().filter(SignInFailure.account == account),
            func.count().filter(SignInFailure.address == address),
        ).where(
            SignInFailure.at > at - FAILURES_COUNTED_FOR,
            or_(SignInFailure.account == account, SignInFailure.address == address),
        )
    ).one()
    return counted[0], counted[1]


def invitation_of(secret_hash: str) -> tuple[Invitation, Person] | None:
    """The invitation of a link, with its person."""
    query = select(Invitation, Person).join(Person, Person.id == Invitation.person_id)
    row = db.session.execute(query.where(Invitation.secret_hash == secret_hash)).first()
    return None if row is None else (row[0], row[1])


def invitation_for_change(secret_hash: str) -> tuple[Invitation, Person] | None:
    """The invitation of a link, with its person, both locked until the deed is done.

    The person is locked first and the invitation read after that, so that a link that ends while this waits has ended.
    """
    this = Invitation.secret_hash == secret_hash
    of_link = select(Person).join(Invitation, Invitation.person_id == Person.id).where(this).with_for_update(of=Person)
    person = db.session.scalars(of_link.execution_options(populate_existing=True)).first()
    if person is None:
        return None
    query = select(Invitation).where(this).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one(), person


def person_signing_in(person_id: int) -> Person:
    """A person who has shown their password, locked until the deed is done."""
    query = select(Person).where(Person.id == person_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
