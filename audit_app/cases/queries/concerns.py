"""Reads of immediate concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Agency, DelegatedPartner, Partnership
from audit_app.accounts.queries import open_concerns
from audit_app.accounts.rules import ROLES_OF_AN_AGENCY, AgencyKind, Viewer
from audit_app.cases import rules
from audit_app.cases.models import Case, Concern, ConcernEntry
from audit_app.cases.queries.agreeing import is_another_there
from audit_app.cases.queries.sight import sees
from audit_app.cases.rules import (
    TAKES_PART_FOR_AN_AGENCY,
    ConcernDeed,
    ConcernPart,
    ConcernState,
    EntryKind,
    Standing,
    Thing,
)
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import NotHere
from audit_app.rounds.models import Round, RoundAgency

_Holder, _Partner, _Own = aliased(Agency), aliased(DelegatedPartner), aliased(DelegatedPartner)
_PRESSING = (Concern.state == ConcernState.RAISED).desc(), Concern.raised_at
Selected = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class ConcernRow:
    """An immediate concern as it was recorded and as it stands, with the parts that its reader has in it."""

    id: int
    case_id: int
    case_reference: str
    round_id: int
    agency: str
    agency_id: int | None
    holder: str
    holder_id: int | None
    state: ConcernState
    worry: str
    told_whom: str
    told_at: datetime
    agreed: str
    other_children: str
    raised_at: datetime
    raised_by: str
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    escalated_at: datetime | None
    outcome_at: datetime | None
    outcome_by: str
    closed_at: datetime | None
    closed_by: str
    parts: frozenset[ConcernPart]

    def seconds_until(self, moment: datetime | None) -> float | None:
        """How long after it was raised something happened; None where it has not."""
        return None if moment is None else (moment - self.raised_at).total_seconds()

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been acknowledged by now, and was not."""
        return self.state is ConcernState.RAISED and self.acknowledge_by < now

    @property
    def state_words(self) -> str:
        return rules.CONCERN_STATE_WORDS[self.state]

    @property
    def is_raiser(self) -> bool:
        return ConcernPart.RAISER in self.parts

    @property
    def is_followed(self) -> bool:
        """Whether its reader raised it, or was told of it."""
        return self.is_raiser or not rules.TOLD.isdisjoint(self.parts)

    @property
    def next_deed(self) -> ConcernDeed | None:
        return rules.next_deed(self.state, self.parts, has_holder=self.holder_id is not None)

    @property
    def may_acknowledge(self) -> bool:
        return rules.why_not_acknowledge(self.state, self.parts) is None

    @property
    def may_open_identity(self) -> bool:
        return rules.why_not_open_identity(self.state, self.parts) is None

    @property
    def may_add_note(self) -> bool:
        return rules.why_not_add_note(self.state, self.parts) is None

    @property
    def may_choose_holder(self) -> bool:
        return rules.why_not_choose_holder(self.state, self.parts) is None

    @property
    def may_record_outcome(self) -> bool:
        return rules.why_not_record_outcome(self.state, self.parts, has_holder=self.holder_id is not None) is None

    @property
    def may_agree(self) -> bool:
        return rules.why_not_agree(self.state, self.parts) is None


@dataclass(frozen=True)
class EntryRow:
    """One line of the log of a concern."""

    id: int
    kind: EntryKind
    words: str
    agency: str
    at: datetime
    by: str


@dataclass(frozen=True)
class OpenConcern:
    """What every page says of a concern that is open, to those who are told of it."""

    id: int
    case_reference: str
    state: ConcernState
    raised_at: datetime
    acknowledged_by: str


def concerns(viewer: Viewer, *, today: date, case_id: int | None = None, limit: int = 200) -> Sequence[ConcernRow]:
    """The concerns that a viewer may read, open ones first (those before all that nobody has acknowledged), then the
    newest: of cases whose concerns they see, their own, and those of which they were told."""
    query = _select(viewer, today).limit(limit)
    if case_id is not None:
        query = query.where(Concern.case_id == case_id)
    still_open = query.where(Concern.is_open == true()).order_by(*_PRESSING)
    closed = query.where(Concern.is_open == false()).order_by(Concern.id.desc())
    return _rows(still_open, viewer) + _rows(closed, viewer)


def concerns_to_follow(viewer: Viewer, *, today: date, limit: int = 30) -> Sequence[ConcernRow]:
    """The open concerns that a viewer may read, those first that nobody has acknowledged, then the oldest."""
    return _rows(_select(viewer, today).where(Concern.is_open == true()).order_by(*_PRESSING).limit(limit), viewer)


def concern(viewer: Viewer, concern_id: int, *, today: date) -> ConcernRow:
    """One concern.

    Raises:
        NotHere: there is none of that id that this viewer may read.
    """
    rows = _rows(_select(viewer, today).where(Concern.id == concern_id), viewer)
    if not rows:
        raise NotHere
    return rows[0]


def concern_for_change(viewer: Viewer, concern_id: int, *, today: date) -> tuple[Concern, ConcernRow]:
    """One concern that the viewer may read, locked for the deed that is under way, and as they see it.

    Raises:
        NotHere: there is none of that id that this viewer may read.
    """
    found = lock_concern(viewer.partnership_id, concern_id)
    return found, concern(viewer, concern_id, today=today)


def lock_concern(partnership_id: int, concern_id: int) -> Concern:
    """One concern, locked for the deed that is under way, whoever does it.

    Raises:
        NotHere: the partnership has none of that id.
    """
    return row_for_change(select(Concern).where(Concern.partnership_id == partnership_id, Concern.id == concern_id))


def concern_log(partnership_id: int, concern_id: int) -> Sequence[EntryRow]:
    """The log of a concern, the oldest line first."""
    query = (
        select(ConcernEntry, Agency.name)
        .outerjoin(
            Agency, (Agency.partnership_id == ConcernEntry.partnership_id) & (Agency.id == ConcernEntry.agency_id)
        )
        .where(ConcernEntry.partnership_id == partnership_id, ConcernEntry.concern_id == concern_id)
        .order_by(ConcernEntry.id)
    )
    return [
        EntryRow(entry.id, entry.kind, entry.words or "", agency or "", entry.at, entry.by_name)
        for entry, agency in db.session.execute(query)
    ]


def standing_outcome(partnership_id: int, concern_id: int) -> int | None:
    """The line of a concern's log with the outcome recorded last; None where there is none."""
    query = select(func.max(ConcernEntry.id)).where(
        ConcernEntry.partnership_id == partnership_id,
        ConcernEntry.concern_id == concern_id,
        ConcernEntry.kind == EntryKind.OUTCOME,
    )
    return db.session.scalar(query)


def who_did_last(partnership_id: int, concern_id: int, kind: EntryKind) -> int | None:
    """Who added the last line of a kind to a concern's log; None where there is none, or the service did."""
    query = select(ConcernEntry.by_id).where(
        ConcernEntry.partnership_id == partnership_id,
        ConcernEntry.concern_id == concern_id,
        ConcernEntry.kind == kind,
    )
    return db.session.scalars(query.order_by(ConcernEntry.id.desc()).limit(1)).first()


@open_concerns
def _has_any() -> ColumnElement[bool]:
    return exists().where(Concern.partnership_id == Partnership.id, Concern.is_open == true())


def open_concerns_told(viewer: Viewer, *, limit: int = 4) -> Sequence[OpenConcern]:
    """The open concerns that a viewer may read, those first that nobody has acknowledged, then the oldest."""
    columns = (Concern.id, Case.reference, Concern.state, Concern.raised_at, Concern.acknowledged_by_name)
    query = _readable(viewer, *columns).where(Concern.is_open == true()).order_by(*_PRESSING).limit(limit)
    return [
        OpenConcern(concern_id, reference, state, raised_at, acknowledged_by or "")
        for concern_id, reference, state, raised_at, acknowledged_by in db.session.execute(query)
    ]


def late_concerns(*, at: datetime) -> Sequence[tuple[int, int]]:
    """The concerns of all partnerships, as (partnership, id), that nobody acknowledged in time and nobody else was
    told of yet."""
    query = (
        select(Concern.partnership_id, Concern.id)
        .where(
            Concern.partnership_id.in_(select(Partnership.id)),
            Concern.is_open == true(),
            Concern.state == ConcernState.RAISED,
            Concern.acknowledge_by < at,
            Concern.escalated_at.is_(None),
        )
        .order_by(Concern.id)
    )
    return [(row.partnership_id, row.id) for row in db.session.execute(query)]


def _select(viewer: Viewer, today: date) -> Selected:
    contact, holder_contact, partner = _conditions(viewer)
    columns = (Concern, Case.reference, Case.round_id, Agency.name, _Holder.name)
    return _readable(viewer, *columns, contact, holder_contact, partner, is_another_there(today=today))


def _readable(viewer: Viewer, *columns: Any) -> Selected:
    told = (Concern.raised_by_id == viewer.id, *_conditions(viewer), sees(viewer, Thing.CONCERN))
    return (
        select(*columns)
        .select_from(Concern)
        .join(Case, (Case.partnership_id == Concern.partnership_id) & (Case.id == Concern.case_id))
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .outerjoin(Agency, (Agency.partnership_id == Concern.partnership_id) & (Agency.id == Concern.agency_id))
        .outerjoin(_Holder, (_Holder.partnership_id == Concern.partnership_id) & (_Holder.id == Concern.holder_id))
        .where(Concern.partnership_id == viewer.partnership_id, or_(*told))
    )


def _conditions(viewer: Viewer) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a viewer's address is that of a contact or deputy of the agency that a concern was raised
    for, of the agency holding the case, and of a delegated partner to whom it was passed on."""
    mine = viewer.email.lower()
    own_is_there = exists().where(
        _Own.partnership_id == Agency.partnership_id, _Own.id == Agency.delegated_partner_id, _Own.ended_on.is_(None)
    )
    is_partner = exists().where(
        _Partner.partnership_id == Concern.partnership_id,
        func.lower(_Partner.email) == mine,
        _Partner.ended_on.is_(None),
        or_(_Partner.id == Agency.delegated_partner_id, not_(own_is_there)),
    )
    return (
        or_(false(), func.lower(Agency.contact_email) == mine, func.lower(Agency.deputy_email) == mine),
        or_(false(), func.lower(_Holder.contact_email) == mine, func.lower(_Holder.deputy_email) == mine),
        and_(Concern.escalated_at.is_not(None), is_partner),
    )


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


def holder_of_round(partnership_id: int, round_id: int) -> int | None:
    """The agency that holds the cases of a round: its children's social care, where exactly one takes part."""
    query = (
        select(Agency.id)
        .join(RoundAgency, (RoundAgency.partnership_id == Agency.partnership_id) & (RoundAgency.agency_id == Agency.id))
        .where(
            RoundAgency.partnership_id == partnership_id,
            RoundAgency.round_id == round_id,
            Agency.kind == AgencyKind.CHILDRENS_SOCIAL_CARE,
        )
    )
    found = db.session.scalars(query).all()
    return found[0] if len(found) == 1 else None


def _rows(query: Selected, viewer: Viewer) -> list[ConcernRow]:
    agencies = viewer.agencies(*ROLES_OF_AN_AGENCY)

    def parts_of(
        row: Concern, contact: bool | None, holder_contact: bool | None, partner: bool | None, another: bool | None
    ) -> frozenset[Any]:
        standing = Standing(
            is_raiser=row.raised_by_id == viewer.id,
            is_contact=bool(contact),
            is_holder_contact=bool(holder_contact),
            is_partner=bool(partner),
            is_another_agency_there=bool(another),
            roles=viewer.roles,
            agencies=agencies,
        )
        return rules.parts_in_concern(standing, holder_id=row.holder_id)

    return [
        ConcernRow(
            id=row.id,
            case_id=row.case_id,
            case_reference=reference,
            round_id=round_id,
            agency=agency or "",
            agency_id=row.agency_id,
            holder=holder or "",
            holder_id=row.holder_id,
            state=row.state,
            worry=row.worry,
            told_whom=row.told_whom,
            told_at=row.told_at,
            agreed=row.agreed,
            other_children=row.other_children or "",
            raised_at=row.raised_at,
            raised_by=row.raised_by_name,
            acknowledge_by=row.acknowledge_by,
            acknowledged_at=row.acknowledged_at,
            acknowledged_by=row.acknowledged_by_name or "",
            escalated_at=row.escalated_at,
            outcome_at=row.outcome_at,
            outcome_by=row.outcome_by_name or "",
            closed_at=row.closed_at,
            closed_by=row.closed_by_name or "",
            parts=parts_of(row, *told),
        )
        for row, reference, round_id, agency, holder, *told in db.session.execute(query)
    ]
