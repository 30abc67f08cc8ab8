"""Keeping what somebody typed into a page until it is saved there, removed, or a week old."""

from datetime import datetime

from sqlalchemy import delete, select

from audit_app.accounts import queries
from audit_app.accounts.models import Draft, Person
from audit_app.accounts.rules import DRAFT_KEPT_FOR, Typed, Viewer, typed_as_kept, why_not_keep_draft
from audit_app.core import clock
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import Refused


def keep_draft(address: str, typed: Typed, *, by: Viewer, at: datetime) -> None:
    """Keep what the actor typed into the page at an address, in place of what was kept of it before. No deed that
    history tells of: nobody else ever sees it.

    Raises:
        Refused: it is too long, or as much is kept for the actor as may be.
    """
    row_for_change(select(Person.id).where(Person.id == by.id))  # two pages of theirs may send at once
    addresses = set(queries.draft_addresses(by, at=at)) - {address}
    if reason := why_not_keep_draft(typed, kept_elsewhere=addresses):
        raise Refused(reason)
    kept = db.session.scalars(queries.drafts_at(by, address)).one_or_none()
    if kept is None:
        kept = Draft(partnership_id=by.partnership_id, person_id=by.id, address=address)
        db.session.add(kept)
    kept.kept_at, kept.typed = at, typed.as_json()
    db.session.flush()


def forget_draft(address: str, *, by: Viewer) -> None:
    """Forget what the actor typed into the page at an address: it is saved, or they let it go."""
    db.session.execute(
        delete(Draft).where(
            Draft.partnership_id == by.partnership_id, Draft.person_id == by.id, Draft.address == address
        )
    )


def remove_draft(draft_id: int, *, by: Viewer) -> None:
    """Forget one text of the actor's own.

    Raises:
        NotHere: they have none of that id.
    """
    db.session.delete(queries.own_draft_for_change(by, draft_id))
    db.session.flush()


def forget_drafts_at(partnership_id: int, *addresses: str) -> None:
    """Forget what anybody typed into these pages, with the thing that they are about."""
    db.session.execute(delete(Draft).where(Draft.partnership_id == partnership_id, Draft.address.in_(addresses)))


def forget_drafts_saying(partnership_id: int, address: str, words: str) -> None:
    """Forget what anybody typed into the page at an address, where these words are a text of it."""
    rows = select(Draft).where(Draft.partnership_id == partnership_id, Draft.address == address)
    for row in db.session.scalars(rows).all():
        if any(value.split() == words.split() for _, value in typed_as_kept(row.typed).answers):
            db.session.delete(row)
    db.session.flush()


def forget_drafts_of(partnership_id: int, person_id: int) -> None:
    """Forget all that is kept for somebody who has left."""
    db.session.execute(delete(Draft).where(Draft.partnership_id == partnership_id, Draft.person_id == person_id))


def forget_old_drafts() -> None:
    """Forget, in all partnerships, what nobody saved for a week."""
    db.session.execute(delete(Draft).where(Draft.kept_at < clock.now() - DRAFT_KEPT_FOR))
