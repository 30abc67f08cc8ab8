"""Reads of what panels said to the viewer's agencies, for those agencies alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from audit_app.accounts.models import Agency, Membership, Person
from audit_app.accounts.queries import counts_on
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.panels.models import OutcomeForAgency
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

HEARS = (Role.AUDITOR, Role.AGENCY_LEAD)
"""The roles with which people read what a panel says to their agency."""
LISTED = 50

_ITS_CASE = and_(Case.partnership_id == OutcomeForAgency.partnership_id, Case.id == OutcomeForAgency.case_id)
_ITS_ROUND = and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id)


@dataclass(frozen=True)
class PanelFeedback:
    """What a panel said to the viewer's agency on a case that is agreed, and what the agency answered."""

    case_id: int
    case_reference: str
    round_reference: str
    round_title: str
    round_state: RoundState
    agency_id: int
    agency: str
    agreed_at: datetime
    feedback: str
    question: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    version: int

    @property
    def is_waiting(self) -> bool:
        """Whether the panel asked something and has no answer."""
        return bool(self.question) and self.answered_at is None


_SAID = (
    Case.id,
    Case.reference,
    Round.reference,
    Round.title,
    Round.state,
    Agency.id,
    Agency.name,
    Case.agreed_at,
    OutcomeForAgency.feedback,
    OutcomeForAgency.question,
    OutcomeForAgency.answer,
    OutcomeForAgency.answered_at,
    func.coalesce(Person.name, ""),
    OutcomeForAgency.version,
)


def told_to(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `OutcomeForAgency`, joined to its `Case` and `Round`, that it says something to an agency of the
    viewer, who may read it by now."""
    own = OutcomeForAgency.agency_id.in_(viewer.agencies(*HEARS))
    return and_(
        OutcomeForAgency.partnership_id == viewer.partnership_id,
        own,
        or_(OutcomeForAgency.feedback != "", OutcomeForAgency.question != ""),
        Round.state != RoundState.WITHDRAWN,
        sees(viewer, Thing.PANEL_FEEDBACK, own=own),
    )


def _said() -> Select[*tuple[Any, ...]]:
    return (
        select(*_SAID)
        .select_from(OutcomeForAgency)
        .join(Case, _ITS_CASE)
        .join(Round, _ITS_ROUND)
        .join(Agency, Agency.id == OutcomeForAgency.agency_id)
        .outerjoin(Person, Person.id == OutcomeForAgency.answered_by_id)
    )


def panel_feedback_of(viewer: Viewer) -> Sequence[PanelFeedback]:
    """What panels said to the viewer's agencies: questions that wait first, then the newest; at most 50."""
    is_waiting = and_(OutcomeForAgency.question != "", OutcomeForAgency.answered_at.is_(None))
    query = _said().where(told_to(viewer)).order_by(is_waiting.desc(), Case.agreed_at.desc(), Case.id, Agency.name)
    return [PanelFeedback(*row) for row in db.session.execute(query.limit(LISTED))]


def panel_feedback_on(viewer: Viewer, case_id: int) -> Sequence[PanelFeedback]:
    """What the panel of a case said to the viewer's agencies, by the agency's name."""
    query = _said().where(told_to(viewer), OutcomeForAgency.case_id == case_id).order_by(Agency.name)
    return [PanelFeedback(*row) for row in db.session.execute(query)]


def panel_feedback(viewer: Viewer, reference: str, agency_id: int) -> PanelFeedback:
    """What a panel said to one of the viewer's agencies on a case.

    Raises:
        NotHere: it said nothing to this agency, or the viewer may not read it (yet).
    """
    query = _said().where(told_to(viewer), Case.reference == reference, OutcomeForAgency.agency_id == agency_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    return PanelFeedback(*row)


def panel_feedback_for_change(viewer: Viewer, case_id: int, agency_id: int) -> tuple[OutcomeForAgency, str]:
    """What a panel said to one of the viewer's agencies on a case, locked, and the agency's name.

    Raises:
        NotHere: as for `panel_feedback`.
    """
    query = (
        select(OutcomeForAgency, Agency.name)
        .join(Case, _ITS_CASE)
        .join(Round, _ITS_ROUND)
        .join(Agency, Agency.id == OutcomeForAgency.agency_id)
        .where(told_to(viewer), OutcomeForAgency.case_id == case_id, OutcomeForAgency.agency_id == agency_id)
        .with_for_update(of=OutcomeForAgency)
        .execution_options(populate_existing=True)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    return row.OutcomeForAgency, row.name


@dataclass(frozen=True)
class Asked:
    """Somebody of an agency that a panel asked a question."""

    name: str
    email: str


def people_asked(partnership_id: int, case_id: int, *, today: date) -> Sequence[Asked]:
    """The auditors and leads of today of the agencies that the panel of a case asks something, each once, by name."""
    query = (
        select(Person.name, Person.email)
        .select_from(OutcomeForAgency)
        .join(
            Membership,
            and_(
                Membership.partnership_id == OutcomeForAgency.partnership_id,
                Membership.agency_id == OutcomeForAgency.agency_id,
            ),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(
            OutcomeForAgency.partnership_id == partnership_id,
            OutcomeForAgency.case_id == case_id,
            OutcomeForAgency.question != "",
            Membership.role.in_(HEARS),
            Person.active,
            counts_on(today),
        )
        .distinct()
        .order_by(Person.name, Person.email)
    )
    return [Asked(*row) for row in db.session.execute(query)]
