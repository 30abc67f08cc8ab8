"""Reads of immediate concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case, Concern
from audit_app.cases.queries.sight import sees
from audit_app.cases.rules import TAKES_PART_FOR_AN_AGENCY, Thing
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.rounds.models import Round, RoundAgency


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
    """The concerns that a viewer may read, newest first: of cases whose concerns they see, their own, and those
    of which they were told as an agency's safeguarding contact or deputy."""
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
    return (
        select(Concern, Case.reference, Agency.name)
        .join(Case, (Case.partnership_id == Concern.partnership_id) & (Case.id == Concern.case_id))
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .outerjoin(Agency, (Agency.partnership_id == Concern.partnership_id) & (Agency.id == Concern.agency_id))
        .where(
            Concern.partnership_id == viewer.partnership_id,
            or_(Concern.raised_by_id == viewer.id, _was_told(viewer), sees(viewer, Thing.CONCERN)),
        )
    )


def _was_told(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a viewer is the safeguarding contact or deputy of the agency that a concern was raised for."""
    mine = viewer.email.lower()
    return or_(func.lower(Agency.contact_email) == mine, func.lower(Agency.deputy_email) == mine)


def agencies_to_speak_for(viewer: Viewer, round_id: int) -> Sequence[tuple[int, str]]:
    """The agencies of a round for which a viewer audits or sits on panels, by name: whose contacts a concern of theirs
    goes to. An agency that has ended meanwhile still has its files, and its contacts."""
    query = (
        select(Agency.id, Agency.name)
        .join(RoundAgency, (RoundAgency.partnership_id == Agency.partnership_id) & (RoundAgency.agency_id == Agency.id))
        .where(
            RoundAgency.partnership_id == viewer.partnership_id,
            RoundAgency.round_id == round_id,
            RoundAgency.agency_id.in_(viewer.agencies(*TAKES_PART_FOR_AN_AGENCY)),
        )
        .order_by(Agency.name)
    )
    return db.session.execute(query).all()


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
