"""What somebody typed and has not saved. Each reads the viewer's own alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from audit_app.accounts.models import Draft
from audit_app.accounts.rules import DRAFT_KEPT_FOR, Typed, Viewer, typed_as_kept
from audit_app.core.db import db, row_for_change


@dataclass(frozen=True)
class DraftShown:
    """What the viewer typed into one page: where, when it was kept last, and its fields."""

    id: int
    address: str
    kept_at: datetime
    typed: Typed


def drafts_at(viewer: Viewer, address: str) -> Select[Draft]:
    """The viewer's draft of one page: one at most."""
    return select(Draft).where(
        Draft.partnership_id == viewer.partnership_id, Draft.person_id == viewer.id, Draft.address == address
    )


def draft_at(viewer: Viewer, address: str, *, at: datetime) -> DraftShown | None:
    """What the viewer typed into one page and has not saved, or None."""
    found = db.session.scalars(drafts_at(viewer, address).where(Draft.kept_at > at - DRAFT_KEPT_FOR)).one_or_none()
    return _shown(found) if found else None


def has_draft(viewer: Viewer, address: str) -> bool:
    """Whether anything is kept of what the viewer typed into one page."""
    return db.session.scalar(drafts_at(viewer, address).with_only_columns(Draft.id)) is not None


def drafts_of(viewer: Viewer, *, at: datetime, beneath: str = "/") -> Sequence[DraftShown]:
    """What the viewer typed and has not saved, the newest first; of pages whose address begins so."""
    mine = _mine(viewer, at).where(Draft.address.startswith(beneath, autoescape=True))
    return [_shown(one) for one in db.session.scalars(mine.order_by(Draft.kept_at.desc(), Draft.id.desc()))]


def draft_addresses(viewer: Viewer, *, at: datetime) -> Sequence[str]:
    """The pages into which the viewer typed and has not saved."""
    return db.session.scalars(_mine(viewer, at).with_only_columns(Draft.address)).all()


def own_draft_for_change(viewer: Viewer, draft_id: int) -> Draft:
    """One of the viewer's own.

    Raises:
        NotHere: they have none of that id.
    """
    return row_for_change(
        select(Draft).where(
            Draft.partnership_id == viewer.partnership_id, Draft.person_id == viewer.id, Draft.id == draft_id
        )
    )


def _mine(viewer: Viewer, at: datetime) -> Select[Draft]:
    return select(Draft).where(
        Draft.partnership_id == viewer.partnership_id,
        Draft.person_id == viewer.id,
        Draft.kept_at > at - DRAFT_KEPT_FOR,
    )


def _shown(row: Draft) -> DraftShown:
    return DraftShown(row.id, row.address, row.kept_at, typed_as_kept(row.typed))
