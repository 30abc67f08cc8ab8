"""Reads for the accuracy check: who checks, what was agreed as an agency may read it, what was asked and done."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true

from audit_app.accounts.models import Agency, Membership, Person
from audit_app.accounts.queries import counts_on
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators.rules import Band
from audit_app.panels.models import (
    AccuracyAnswer,
    AccuracyExtension,
    AccuracyRequest,
    AgreedRating,
    Panel,
    PanelItem,
)
from audit_app.panels.rules import CHECKS_FOR, OVERALL, CorrectionState
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import Round, RoundIndicator, RoundLevel
from audit_app.rounds.rules import RoundState

_ASKED = and_(
    AgencyReturn.partnership_id == Case.partnership_id,
    AgencyReturn.case_id == Case.id,
    Case.state == CaseState.AGREED,
)


def agencies_asked(partnership_id: int, round_id: int) -> Sequence[int]:
    """The ids of the agencies that were asked about an agreed case of a round."""
    query = (
        select(AgencyReturn.agency_id)
        .join(Case, _ASKED)
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.round_id == round_id)
        .distinct()
        .order_by(AgencyReturn.agency_id)
    )
    return db.session.scalars(query).all()


def people_who_check(partnership_id: int, agency_ids: Iterable[int], *, today: date) -> Sequence[tuple[str, str]]:
    """The name and address of everybody who audits for, or leads, one of these agencies today: each once."""
    query = (
        select(Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.partnership_id == partnership_id,
            Membership.role.in_(CHECKS_FOR),
            Membership.agency_id.in_(list(agency_ids)),
            Person.active,
            counts_on(today),
        )
        .distinct()
        .order_by(Person.name, Person.email)
    )
    return [(name, email) for name, email in db.session.execute(query)]


@dataclass(frozen=True)
class CheckedRound:
    """A round as those who check facts, or decide on them, see it."""

    id: int
    reference: str
    title: str
    state: RoundState
    due_on: date | None


def checked_round(viewer: Viewer, reference: str) -> CheckedRound:
    """A round whose facts are checked: for the coordinator, the scrutineer, chairs, and agencies asked about it.

    Raises:
        NotHere: there is none of that reference for this viewer.
    """
    query = select(Round.id, Round.reference, Round.title, Round.state, Round.accuracy_due_on).where(
        Round.partnership_id == viewer.partnership_id, Round.reference == reference, takes_part_in_check(viewer)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotHere
    return CheckedRound(*row)


def takes_part_in_check(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Round` that a viewer reads something of its accuracy check."""
    if viewer.has(Role.COORDINATOR, Role.SCRUTINEER):
        return true()
    return or_(_chairs_a_panel(viewer), is_asked(viewer))


def is_asked(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Round` that an agency for which the viewer checks facts was asked about one of its cases."""
    agencies = viewer.agencies(*CHECKS_FOR)
    if not agencies:
        return false()
    return exists(
        select(AgencyReturn.id)
        .join(Case, _ASKED)
        .where(
            AgencyReturn.partnership_id == Round.partnership_id,
            AgencyReturn.round_id == Round.id,
            AgencyReturn.agency_id.in_(agencies),
        )
        .correlate(Round)
    )


def _chairs_a_panel(viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.has(Role.PANEL_CHAIR):
        return false()
    return exists().where(
        Panel.partnership_id == Round.partnership_id, Panel.round_id == Round.id, Panel.chair_id == viewer.id
    )


@dataclass(frozen=True)
class CheckingAgency:
    """An agency that checks facts: how many corrections it asked for, and when it said that there is nothing more."""

    id: int
    name: str
    asked: int
    undecided: int
    done_at: datetime | None


def agencies_checking(partnership_id: int, round_id: int) -> Sequence[CheckingAgency]:
    """The agencies that check the facts of a round, by name. One query."""
    its = (
        AccuracyRequest.partnership_id == Agency.partnership_id,
        AccuracyRequest.round_id == round_id,
        AccuracyRequest.agency_id == Agency.id,
    )
    asked = select(func.count()).where(*its).correlate(Agency).scalar_subquery()
    undecided = (
        select(func.count()).where(*its, AccuracyRequest.state == CorrectionState.ASKED).correlate(Agency)
    ).scalar_subquery()
    of_round = (
        select(AgencyReturn.agency_id)
        .join(Case, _ASKED)
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.round_id == round_id)
    )
    done = and_(
        AccuracyAnswer.partnership_id == Agency.partnership_id,
        AccuracyAnswer.round_id == round_id,
        AccuracyAnswer.agency_id == Agency.id,
    )
    query = (
        select(Agency.id, Agency.name, asked, undecided, AccuracyAnswer.said_at)
        .outerjoin(AccuracyAnswer, done)
        .where(Agency.partnership_id == partnership_id, Agency.id.in_(of_round))
        .order_by(Agency.name)
    )
    return [CheckingAgency(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class AgreedFact:
    """What was agreed on one item, as an agency that it concerns reads it. `agency` is set for its own work."""

    item_id: int
    name: str
    agency: str
    answer: AnswerKind
    level: str
    letter: str
    rank: int | None
    band: Band | None
    reason: str


@dataclass(frozen=True)
class CaseToCheck:
    """A case about which an agency was asked, with what was agreed that concerns it."""

    id: int
    reference: str
    outcome: str
    facts: Sequence[AgreedFact]


def cases_to_check(
    partnership_id: int, round_id: int, agency_id: int, *, reference: str | None = None
) -> Sequence[CaseToCheck]:
    """The agreed cases of a round about which an agency was asked: what all rate together, and of own work its own.

    Never what was agreed on another agency's own work, nor anything that another agency wrote. Two queries, whatever
    the size of the round; `reference` leaves one case.
    """
    query = (
        select(Case.id, Case.reference, Case.outcome)
        .join(AgencyReturn, _ASKED)
        .where(Case.partnership_id == partnership_id, Case.round_id == round_id, AgencyReturn.agency_id == agency_id)
        .order_by(Case.position)
    )
    if reference is not None:
        query = query.where(Case.reference == reference)
    cases = db.session.execute(query).all()
    facts: dict[int, list[AgreedFact]] = defaultdict(list)
    if cases:
        for case_id, *row in db.session.execute(_facts(partnership_id, agency_id, [row.id for row in cases])):
            facts[case_id].append(AgreedFact(*row))
    return [CaseToCheck(row.id, row.reference, row.outcome, facts[row.id]) for row in cases]


def _facts(partnership_id: int, agency_id: int, case_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    name = func.coalesce(RoundIndicator.code + " " + RoundIndicator.title, f"{OVERALL.code} {OVERALL.title}")
    return (
        select(
            PanelItem.case_id,
            PanelItem.id,
            name,
            func.coalesce(Agency.name, ""),
            AgreedRating.answer,
            func.coalesce(RoundLevel.words, ""),
            func.coalesce(RoundLevel.letter, ""),
            RoundLevel.rank,
            RoundLevel.band,
            AgreedRating.reason,
        )
        .join(
            AgreedRating,
            and_(
                AgreedRating.partnership_id == PanelItem.partnership_id,
                AgreedRating.item_id == PanelItem.id,
                AgreedRating.is_current,
            ),
        )
        .outerjoin(RoundIndicator, RoundIndicator.id == PanelItem.indicator_id)
        .outerjoin(RoundLevel, RoundLevel.id == AgreedRating.level_id)
        .outerjoin(Agency, and_(Agency.partnership_id == PanelItem.partnership_id, Agency.id == PanelItem.agency_id))
        .where(
            PanelItem.partnership_id == partnership_id,
            PanelItem.case_id.in_(case_ids),
            or_(PanelItem.agency_id.is_(None), PanelItem.agency_id == agency_id),
        )
        .order_by(PanelItem.case_id, func.coalesce(RoundIndicator.position, OVERALL.position), PanelItem.id)
    )


@dataclass(frozen=True)
class MoreTime:
    """More time that agencies got to check facts."""

    from_day: date
    to_day: date
    reason: str
    by: str


def more_time_given(partnership_id: int, round_id: int) -> Sequence[MoreTime]:
    """The times that agencies got more time to check the facts of a round, first to last."""
    query = (
        select(AccuracyExtension.from_day, AccuracyExtension.to_day, AccuracyExtension.reason, Person.name)
        .join(Person, Person.id == AccuracyExtension.extended_by_id)
        .where(AccuracyExtension.partnership_id == partnership_id, AccuracyExtension.round_id == round_id)
        .order_by(AccuracyExtension.id)
    )
    return [MoreTime(*row) for row in db.session.execute(query)]
