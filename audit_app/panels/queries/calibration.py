"""Reads of practice cases. What somebody answered is read by nobody else before the case is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import AgencyKind, Role, Viewer
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import NotHere
from audit_app.panels.models import Calibration, CalibrationRating
from audit_app.panels.rules.calibration import CalibrationState, PracticeAnswer, PracticeRating
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import HANDED_OVER
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round, RoundAgency
from audit_app.rounds.rules import OPENED, RoundState


@dataclass(frozen=True)
class PracticeCase:
    """The practice case of a round."""

    id: int
    title: str
    story: str
    due_on: date
    state: CalibrationState
    closed_at: datetime | None
    version: int


@dataclass(frozen=True)
class ScoredBy:
    """How many people of an agency answered anything on a practice case."""

    agency: str
    people: int


@dataclass(frozen=True)
class PracticeToScore:
    """A practice case that waits for somebody to score it."""

    reference: str
    due_on: date


@dataclass(frozen=True)
class RoundToPractise:
    """A round, as the pages of its practice case show it."""

    id: int
    reference: str
    title: str
    state: RoundState


def round_to_practise(viewer: Viewer, reference: str) -> RoundToPractise:
    """A round whose practice case this viewer may know of: one that they see, or one whose practice case they score.

    Raises:
        NotHere: there is none, or not for this viewer.
    """
    may_score = and_(
        Round.partnership_id == viewer.partnership_id,
        Round.state.in_(sorted(OPENED)),
        _takes_part(viewer, Round.id),
        exists().where(Calibration.partnership_id == Round.partnership_id, Calibration.round_id == Round.id),
    )
    row = db.session.execute(
        select(Round.id, Round.reference, Round.title, Round.state).where(
            or_(rounds.seen_by(viewer), may_score), Round.reference == reference
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    return RoundToPractise(*row)


def practice_case_of(partnership_id: int, round_id: int) -> PracticeCase | None:
    """The practice case of a round, if it has one."""
    row = db.session.execute(
        select(
            Calibration.id,
            Calibration.title,
            Calibration.story,
            Calibration.due_on,
            Calibration.state,
            Calibration.closed_at,
            Calibration.version,
        ).where(Calibration.partnership_id == partnership_id, Calibration.round_id == round_id)
    ).one_or_none()
    return PracticeCase(*row) if row else None


def calibration_for_change(partnership_id: int, calibration_id: int) -> Calibration:
    """A practice case, locked until the deed is done.

    Raises:
        NotHere: the partnership has no such practice case.
    """
    return row_for_change(
        select(Calibration).where(Calibration.partnership_id == partnership_id, Calibration.id == calibration_id)
    )


def handed_over(partnership_id: int, round_id: int) -> int:
    """How many returns of a round are submitted or accepted."""
    query = select(func.count(AgencyReturn.id)).where(
        AgencyReturn.partnership_id == partnership_id,
        AgencyReturn.round_id == round_id,
        AgencyReturn.state.in_(sorted(HANDED_OVER)),
    )
    return db.session.scalar(query) or 0


def scores_for(viewer: Viewer, round_id: int) -> tuple[int, AgencyKind] | None:
    """The agency for which somebody scores the practice case of a round, and its kind: the first of theirs by name."""
    row = db.session.execute(
        select(Agency.id, Agency.kind)
        .join(
            RoundAgency, and_(RoundAgency.partnership_id == Agency.partnership_id, RoundAgency.agency_id == Agency.id)
        )
        .where(
            RoundAgency.partnership_id == viewer.partnership_id,
            RoundAgency.round_id == round_id,
            Agency.id.in_(sorted(viewer.agencies(Role.AUDITOR))),
        )
        .order_by(Agency.name, Agency.id)
        .limit(1)
    ).one_or_none()
    return (row.id, row.kind) if row else None


def own_practice(partnership_id: int, calibration_id: int, person_id: int) -> Mapping[int, PracticeAnswer]:
    """What one person answered on a practice case, by the indicator's id."""
    return {one.indicator_id: one.said for one in _ratings(partnership_id, calibration_id, person_id)}


def practice_ratings(partnership_id: int, practice: PracticeCase) -> Sequence[PracticeRating]:
    """What everybody answered on a practice case. Nothing before it is closed."""
    return _ratings(partnership_id, practice.id) if practice.state is CalibrationState.CLOSED else ()


def scored_by(partnership_id: int, round_id: int, calibration_id: int) -> Sequence[ScoredBy]:
    """How many people of each agency that takes part answered anything on a practice case, by the agency's name."""
    its = and_(
        CalibrationRating.partnership_id == RoundAgency.partnership_id,
        CalibrationRating.calibration_id == calibration_id,
        CalibrationRating.agency_id == RoundAgency.agency_id,
    )
    query = (
        select(Agency.name, func.count(CalibrationRating.person_id.distinct()))
        .select_from(RoundAgency)
        .join(Agency, and_(Agency.partnership_id == RoundAgency.partnership_id, Agency.id == RoundAgency.agency_id))
        .outerjoin(CalibrationRating, its)
        .where(RoundAgency.partnership_id == partnership_id, RoundAgency.round_id == round_id)
        .group_by(Agency.id, Agency.name)
        .order_by(Agency.name)
    )
    return [ScoredBy(*row) for row in db.session.execute(query)]


def practice_to_score(viewer: Viewer) -> Sequence[PracticeToScore]:
    """The open practice cases on which this auditor answered nothing yet, the first that is due first."""
    answered = exists().where(
        CalibrationRating.partnership_id == Calibration.partnership_id,
        CalibrationRating.calibration_id == Calibration.id,
        CalibrationRating.person_id == viewer.id,
    )
    query = (
        select(Round.reference, Calibration.due_on)
        .select_from(Calibration)
        .join(Round, and_(Round.partnership_id == Calibration.partnership_id, Round.id == Calibration.round_id))
        .where(
            Calibration.partnership_id == viewer.partnership_id,
            Calibration.state == CalibrationState.OPEN,
            Round.state.in_(sorted(OPENED)),
            _takes_part(viewer, Calibration.round_id),
            ~answered,
        )
        .order_by(Calibration.due_on, Calibration.id)
    )
    return [PracticeToScore(*row) for row in db.session.execute(query)]


def _takes_part(viewer: Viewer, round_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return exists().where(
        RoundAgency.partnership_id == viewer.partnership_id,
        RoundAgency.round_id == round_id,
        RoundAgency.agency_id.in_(sorted(viewer.agencies(Role.AUDITOR))),
    )


def _ratings(partnership_id: int, calibration_id: int, person_id: int | None = None) -> Sequence[PracticeRating]:
    query = select(
        CalibrationRating.person_id,
        CalibrationRating.indicator_id,
        CalibrationRating.answer,
        CalibrationRating.level_id,
        CalibrationRating.reasoning,
    ).where(CalibrationRating.partnership_id == partnership_id, CalibrationRating.calibration_id == calibration_id)
    if person_id is not None:
        query = query.where(CalibrationRating.person_id == person_id)
    return [
        PracticeRating(person, indicator, PracticeAnswer(answer, level, reasoning))
        for person, indicator, answer, level, reasoning in db.session.execute(query)
    ]
