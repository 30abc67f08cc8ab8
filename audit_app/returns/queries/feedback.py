"""Reads of the feedback that agencies owe those whose work was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import CaseState, Thing
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.returns.models import AgencyReturn, Feedback
from audit_app.returns.rules import HANDED_OVER, FeedbackHow, Occasion, Told
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

LISTED = 50

_ITS_RETURN = and_(AgencyReturn.partnership_id == Feedback.partnership_id, AgencyReturn.id == Feedback.return_id)
_ITS_CASE = and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id)
_ITS_ROUND = and_(Round.partnership_id == Feedback.partnership_id, Round.id == Feedback.round_id)
_ITS_AGENCY = and_(Agency.partnership_id == Feedback.partnership_id, Agency.id == Feedback.agency_id)


@dataclass(frozen=True)
class FeedbackLine:
    """Feedback in a list: what it is about, by when it is due, and when it was given."""

    id: int
    case_reference: str
    round_title: str
    agency: str
    occasion: Occasion
    due_on: date
    given_on: date | None
    given_to: str
    how: FeedbackHow | None


_LINE = (
    Feedback.id,
    Case.reference,
    Round.title,
    Agency.name,
    Feedback.occasion,
    Feedback.due_on,
    Feedback.given_on,
    Feedback.given_to,
    Feedback.how,
)


def _from(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Feedback)
        .join(AgencyReturn, _ITS_RETURN)
        .join(Case, _ITS_CASE)
        .join(Round, _ITS_ROUND)
        .join(Agency, _ITS_AGENCY)
    )


def _owed_by(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """The conditions that feedback is the viewer's own agency's to give, of a round that still stands."""
    return (
        Feedback.partnership_id == viewer.partnership_id,
        Feedback.agency_id.in_(viewer.agencies(Role.AUDITOR, Role.AGENCY_LEAD)),
        Round.state != RoundState.WITHDRAWN,
        sees(viewer, Thing.FEEDBACK),
    )


def feedback_due(viewer: Viewer) -> Sequence[FeedbackLine]:
    """The feedback that the viewer's agencies still owe, the longest due first, at most 50."""
    query = _from(*_LINE).where(*_owed_by(viewer), Feedback.given_on.is_(None))
    query = query.order_by(Feedback.due_on, Case.reference, Feedback.id).limit(LISTED)
    return [FeedbackLine(*row) for row in db.session.execute(query)]


def feedback_given(viewer: Viewer) -> Sequence[FeedbackLine]:
    """The feedback that the viewer's agencies gave, the newest first, at most 50."""
    query = _from(*_LINE).where(*_owed_by(viewer), Feedback.given_on.is_not(None))
    query = query.order_by(Feedback.given_on.desc(), Feedback.id.desc()).limit(LISTED)
    return [FeedbackLine(*row) for row in db.session.execute(query)]


def feedback_of_round(viewer: Viewer, round_id: int) -> Sequence[FeedbackLine]:
    """The feedback that is due or was given on the cases of a round, for those who run or check it."""
    query = _from(*_LINE).where(
        Feedback.partnership_id == viewer.partnership_id,
        Feedback.round_id == round_id,
        sees(viewer, Thing.FEEDBACK),
    )
    query = query.order_by(Case.position, Agency.name, Feedback.occasion)
    return [FeedbackLine(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class FeedbackCounts:
    """The feedback that a viewer's agencies still owe: how much of it is late, and how much falls due later."""

    late: int
    to_come: int


def feedback_counts(viewer: Viewer, *, today: date) -> FeedbackCounts:
    """How much feedback the viewer's agencies owe, in one aggregate."""
    late = Feedback.due_on < today
    query = _from(func.count().filter(late), func.count().filter(~late))
    return FeedbackCounts(*db.session.execute(query.where(*_owed_by(viewer), Feedback.given_on.is_(None))).one())


@dataclass(frozen=True)
class FeedbackShown:
    """One feedback on its page. `submitted_by` handed the return in for the agency, and knows what it says."""

    id: int
    case_reference: str
    round_title: str
    agency: str
    occasion: Occasion
    due_on: date
    told: Told
    saved_at: datetime | None
    saved_by: str
    version: int
    agency_id: int
    submitted_by: str

    @property
    def is_given(self) -> bool:
        return self.told.given_on is not None


def feedback_shown(viewer: Viewer, feedback_id: int) -> FeedbackShown:
    """One feedback that the viewer's own agency owes or gave.

    Raises:
        NotHere: there is none of that id for this viewer.
    """
    submitted_by = aliased(Person)
    query = _from(
        Feedback,
        Case.reference,
        Round.title,
        Agency.name.label("agency"),
        Person.name.label("saved_by"),
        submitted_by.name.label("submitted_by"),
        AgencyReturn.agency_id,
    )
    query = query.outerjoin(Person, Person.id == Feedback.saved_by_id)
    query = query.outerjoin(submitted_by, submitted_by.id == AgencyReturn.submitted_by_id)
    row = db.session.execute(query.where(*_owed_by(viewer), Feedback.id == feedback_id)).one_or_none()
    if row is None:
        raise NotHere
    found: Feedback = row.Feedback
    return FeedbackShown(
        id=found.id,
        case_reference=row.reference,
        round_title=row.title,
        agency=row.agency,
        occasion=found.occasion,
        due_on=found.due_on,
        told=feedback_told(found),
        saved_at=found.saved_at,
        saved_by=row.saved_by or "",
        version=found.version,
        agency_id=row.agency_id,
        submitted_by=row.submitted_by or "",
    )


def feedback_told(found: Feedback) -> Told:
    """What a row says was told."""
    return Told(found.was_good, found.given_to, found.given_on, found.how, found.to_learn, found.they_said)


def feedback_for_change(viewer: Viewer, feedback_id: int) -> tuple[Feedback, AgencyReturn]:
    """One feedback of the viewer's own agency, locked, and the return that it is about.

    Raises:
        NotHere: there is none of that id for this viewer.
    """
    query = _from(Feedback, AgencyReturn).where(*_owed_by(viewer), Feedback.id == feedback_id)
    query = query.with_for_update(of=Feedback).execution_options(populate_existing=True)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    return row.Feedback, row.AgencyReturn


def returns_to_feed_back(partnership_id: int, round_id: int, case_id: int | None = None) -> Sequence[tuple[int, int]]:
    """The returns that were handed over on the agreed cases of a round, or on one of them, as (id, agency's id)."""
    query = (
        select(AgencyReturn.id, AgencyReturn.agency_id)
        .join(Case, _ITS_CASE)
        .where(
            AgencyReturn.partnership_id == partnership_id,
            AgencyReturn.round_id == round_id,
            AgencyReturn.state.in_(HANDED_OVER),
            Case.partnership_id == partnership_id,
            Case.round_id == round_id,
            Case.state == CaseState.AGREED,
        )
    )
    if case_id is not None:
        query = query.where(AgencyReturn.case_id == case_id)
    # Sorted here: asked for an order, SQLite walks all returns of the partnership by their ids.
    return sorted((row.id, row.agency_id) for row in db.session.execute(query))
