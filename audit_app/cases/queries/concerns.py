"""Reads of immediate concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case, Concern
from audit_app.core.db import db
from audit_app.core.errors import NotHere


@dataclass(frozen=True)
class ConcernRow:
    """An immediate concern as it was recorded."""

    id: int
    case_reference: str
    agency: str
    worry: str
    told_whom: str
    told_at: datetime
    agreed: str
    raised_at: datetime
    raised_by: str


def concerns(viewer: Viewer, *, case_id: int | None = None, limit: int = 200) -> Sequence[ConcernRow]:
    """The concerns that a viewer may read, newest first: all for coordinator and scrutineer, else their own and those
    of the agencies whose files they audit."""
    query = _select(viewer).order_by(Concern.id.desc()).limit(limit)
    if case_id is not None:
        query = query.where(Concern.case_id == case_id)
    return _rows(query)


def concern(viewer: Viewer, concern_id: int) -> ConcernRow:
    """One concern.

    Raises:
        NotHere: there is none of that id that this viewer may read.
    """
    rows = _rows(_select(viewer).where(Concern.id == concern_id))
    if not rows:
        raise NotHere
    return rows[0]


def _select(viewer: Viewer) -> Select[Concern, str, str | None]:
    query = (
        select(Concern, Case.reference, Agency.name)
        .join(Case, (Case.partnership_id == Concern.partnership_id) & (Case.id == Concern.case_id))
        .outerjoin(Agency, (Agency.partnership_id == Concern.partnership_id) & (Agency.id == Concern.agency_id))
        .where(Concern.partnership_id == viewer.partnership_id)
    )
    if viewer.has(Role.COORDINATOR, Role.SCRUTINEER):
        return query
    agencies = viewer.agencies(Role.AUDITOR)
    return query.where(or_(Concern.raised_by_id == viewer.id, Concern.agency_id.in_(agencies)))


def _rows(query: Select[Concern, str, str | None]) -> list[ConcernRow]:
    return [
        ConcernRow(
            id=row.id,
            case_reference=reference,
            agency=agency or "",
            worry=row.worry,
            told_whom=row.told_whom,
            told_at=row.told_at,
            agreed=row.agreed,
            raised_at=row.raised_at,
            raised_by=row.raised_by_name,
        )
        for row, reference, agency in db.session.execute(query)
    ]
