"""Reads of the action plan. One definition of overdue, in SQL; counts come with the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true

from audit_app.accounts.models import Agency, Membership, Person
from audit_app.accounts.queries import counts_on
from audit_app.accounts.rules import Role, Viewer
from audit_app.actions.models import Action, DueDateChange, ProgressUpdate
from audit_app.actions.rules import ActionState, Brag
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.findings.models import Finding
from audit_app.findings.rules import FindingKind
from audit_app.rounds.models import Round
from audit_app.rounds.rules import COUNTED, SEEN_BY_BOARD, RoundState

ACTIONS_A_PAGE = 25
_OF_ROUND = and_(Round.partnership_id == Action.partnership_id, Round.id == Action.round_id)
_STANDS = Round.state != RoundState.WITHDRAWN
"""The plan is made of the actions of rounds that still stand."""


def overdue(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The condition that an action should have been done by now and was not: `rules.is_overdue` in SQL."""
    return and_(Action.state == ActionState.OPEN, Action.due_on < today)


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Action` (joined to its `Round`) that a viewer may read it: all for coordinator and scrutineer,
    those of published rounds for a board member, and what their agency owns, at once, for an agency lead."""
    mine = Action.partnership_id == viewer.partnership_id
    if viewer.has(Role.COORDINATOR, Role.SCRUTINEER):
        return mine
    owned = and_(Round.state.in_(COUNTED), Action.agency_id.in_(viewer.agencies(Role.AGENCY_LEAD)))
    if viewer.has(Role.BOARD_MEMBER):
        return and_(mine, or_(Round.state.in_(SEEN_BY_BOARD), owned))
    return and_(mine, owned)


@dataclass(frozen=True)
class ActionRow:
    """An action as the plan and its own page show it. `latest` are the words of the newest update, `reason` why it was
    sent back or withdrawn."""

    id: int
    title: str
    round_reference: str
    round_title: str
    round_state: RoundState
    finding: str
    agency_id: int
    agency: str
    lead_id: int
    lead: str
    due_on: date
    outcome_measure: str
    brag: Brag
    state: ActionState
    evaluation: str
    reason: str
    version: int
    is_overdue: bool
    updates: int
    latest: str
    latest_at: datetime | None


@dataclass(frozen=True)
class PlanFilter:
    """What of the plan to show; every field lives in the address."""

    agency_id: int | None = None
    round_reference: str = ""
    state: ActionState | None = None
    is_overdue: bool = False
    brag: Brag | None = None


def actions_seen_by(
    viewer: Viewer, *, today: date, only: PlanFilter | None = None, limit: int = ACTIONS_A_PAGE, offset: int = 0
) -> Sequence[ActionRow]:
    """The actions a viewer may read, most pressing first: overdue, then by due date; finished ones last."""
    only = only or PlanFilter()
    query = _select(viewer, today).where(_STANDS, *_within(only), *_narrowed(only, today))
    rank = case(
        (overdue(today), 0),
        (Action.state == ActionState.OPEN, 1),
        (Action.state == ActionState.DONE, 2),
        else_=3,
    )
    return _rows(query.order_by(rank, Action.due_on, Action.id).limit(limit).offset(offset))


@dataclass(frozen=True)
class PlanCounts:
    """How the plan stands. `matching` are the actions that the whole filter lets through; the other counts heed only
    its agency and round."""

    matching: int
    total: int
    open: int
    overdue: int
    done: int
    signed_off: int


def plan_counts(viewer: Viewer, *, today: date, only: PlanFilter | None = None) -> PlanCounts:
    """How many actions a viewer may read, by where they are; one aggregate."""
    only = only or PlanFilter()
    query = (
        select(
            func.count().filter(and_(true(), *_narrowed(only, today))),
            func.count(),
            func.count().filter(Action.state == ActionState.OPEN),
            func.count().filter(overdue(today)),
            func.count().filter(Action.state == ActionState.DONE),
            func.count().filter(Action.state == ActionState.SIGNED_OFF),
        )
        .select_from(Action)
        .join(Round, _OF_ROUND)
        .where(seen_by(viewer), _STANDS, *_within(only))
    )
    return PlanCounts(*db.session.execute(query).one())


@dataclass(frozen=True)
class PlanChoices:
    """What the plan can be filtered by: agencies as (id, name), rounds as (reference, title)."""

    agencies: Sequence[tuple[int, str]]
    rounds: Sequence[tuple[str, str]]


def plan_choices(viewer: Viewer) -> PlanChoices:
    """The agencies and rounds that have an action in the plan a viewer may read."""
    here = select(Action.id).join(Round, _OF_ROUND).where(seen_by(viewer), _STANDS)
    agencies = (
        select(Agency.id, Agency.name)
        .where(Agency.partnership_id == viewer.partnership_id, exists(here.where(Action.agency_id == Agency.id)))
        .order_by(Agency.name)
    )
    rounds = (
        select(Round.reference, Round.title)
        .where(
            Round.partnership_id == viewer.partnership_id,
            exists(select(Action.id).where(_OF_ROUND, seen_by(viewer), _STANDS).correlate(Round)),
        )
        .order_by(Round.id.desc())
    )
    return PlanChoices(db.session.execute(agencies).all(), db.session.execute(rounds).all())


def action_row(viewer: Viewer, action_id: int, *, today: date) -> ActionRow:
    """One action that the viewer may read.

    Raises:
        NotHere: there is none of that id for this viewer.
    """
    rows = _rows(_select(viewer, today).where(Action.id == action_id))
    if not rows:
        raise NotHere
    return rows[0]


def action_for_change(viewer: Viewer, action_id: int) -> tuple[Action, RoundState]:
    """One action that the viewer may read, locked for the deed that is under way, and the state of its round.

    Raises:
        NotHere: there is none of that id for this viewer.
    """
    found = db.session.execute(
        select(Action, Round.state)
        .join(Round, _OF_ROUND)
        .where(seen_by(viewer), Action.id == action_id)
        .with_for_update(of=Action)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotHere
    return found[0], found[1]


@dataclass(frozen=True)
class Lead:
    """Someone who leads an agency. Whoever leads two is there twice."""

    agency_id: int
    agency: str
    person_id: int
    name: str


def leads(partnership_id: int, *, today: date) -> Sequence[Lead]:
    """The agency leads of a partnership today, by agency and name."""
    rows = db.session.execute(
        select(Agency.id, Agency.name, Person.id, Person.name)
        .join(Membership, and_(Membership.partnership_id == Agency.partnership_id, Membership.agency_id == Agency.id))
        .join(Person, Person.id == Membership.person_id)
        .where(
            Agency.partnership_id == partnership_id,
            Agency.ended_on.is_(None),
            Membership.role == Role.AGENCY_LEAD,
            Person.active,
            counts_on(today),
        )
        .distinct()
        .order_by(Agency.name, Person.name, Person.id)
    )
    return [Lead(*row) for row in rows]


@dataclass(frozen=True)
class FindingShown:
    """A finding as the page shows it on which an action is written from it."""

    id: int
    kind: FindingKind
    title: str
    words: str
    round_reference: str
    round_title: str
    round_state: RoundState


def finding_of_round(partnership_id: int, reference: str, finding_id: int) -> FindingShown:
    """A finding of the round with this reference.

    Raises:
        NotHere: that round has no such finding.
    """
    row = db.session.execute(
        select(Finding.id, Finding.kind, Finding.title, Finding.words, Round.reference, Round.title, Round.state)
        .join(Round, and_(Round.partnership_id == Finding.partnership_id, Round.id == Finding.round_id))
        .where(Finding.partnership_id == partnership_id, Finding.id == finding_id, Round.reference == reference)
    ).one_or_none()
    if row is None:
        raise NotHere
    return FindingShown(*row)


def updates_of(partnership_id: int, action_id: int) -> Sequence[ProgressUpdate]:
    """The progress posted on an action, newest first."""
    return db.session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.partnership_id == partnership_id, ProgressUpdate.action_id == action_id)
        .order_by(ProgressUpdate.id.desc())
    ).all()


def has_impact(partnership_id: int, action_id: int) -> bool:
    """Whether any update on an action says what difference it made."""
    of_action = (ProgressUpdate.partnership_id == partnership_id, ProgressUpdate.action_id == action_id)
    query = select(ProgressUpdate.id).where(*of_action, ProgressUpdate.impact != "").limit(1)
    return db.session.scalar(query) is not None


def due_changes_of(partnership_id: int, action_id: int) -> Sequence[DueDateChange]:
    """The moves of an action's due date, oldest first."""
    return db.session.scalars(
        select(DueDateChange)
        .where(DueDateChange.partnership_id == partnership_id, DueDateChange.action_id == action_id)
        .order_by(DueDateChange.id)
    ).all()


_Selected = Select[Action, str, str, RoundState, str, str, str, bool, int, str | None, datetime | None]


def _select(viewer: Viewer, today: date) -> _Selected:
    of_action = and_(ProgressUpdate.partnership_id == Action.partnership_id, ProgressUpdate.action_id == Action.id)
    newest = select(func.max(ProgressUpdate.id)).where(of_action).correlate(Action).scalar_subquery()
    count = select(func.count()).select_from(ProgressUpdate).where(of_action).correlate(Action).scalar_subquery()
    latest = ProgressUpdate.__table__.alias("latest")
    return (
        select(
            Action,
            Round.reference,
            Round.title,
            Round.state,
            Finding.title,
            Agency.name,
            Person.name,
            overdue(today),
            count,
            latest.c.words,
            latest.c.posted_at,
        )
        .join(Round, _OF_ROUND)
        .join(Finding, and_(Finding.partnership_id == Action.partnership_id, Finding.id == Action.finding_id))
        .join(Agency, and_(Agency.partnership_id == Action.partnership_id, Agency.id == Action.agency_id))
        .join(Person, Person.id == Action.lead_id)
        .outerjoin(latest, latest.c.id == newest)
        .where(seen_by(viewer))
    )


def _within(only: PlanFilter) -> list[ColumnElement[bool]]:
    """Whose actions: the part of a filter that the plan's counts heed too."""
    wanted: list[ColumnElement[bool]] = []
    if only.agency_id is not None:
        wanted.append(Action.agency_id == only.agency_id)
    if only.round_reference:
        wanted.append(Round.reference == only.round_reference)
    return wanted


def _narrowed(only: PlanFilter, today: date) -> list[ColumnElement[bool]]:
    """Which of them: the part of a filter that picks from what is counted."""
    wanted: list[ColumnElement[bool]] = []
    if only.state is not None:
        wanted.append(Action.state == only.state)
    if only.is_overdue:
        wanted.append(overdue(today))
    if only.brag is not None:
        wanted.append(Action.brag == only.brag)
    return wanted


def _rows(query: _Selected) -> list[ActionRow]:
    return [
        ActionRow(
            id=row.id,
            title=row.title,
            round_reference=reference,
            round_title=round_title,
            round_state=round_state,
            finding=finding,
            agency_id=row.agency_id,
            agency=agency,
            lead_id=row.lead_id,
            lead=lead,
            due_on=row.due_on,
            outcome_measure=row.outcome_measure,
            brag=row.brag,
            state=row.state,
            evaluation=row.evaluation,
            reason=row.reason,
            version=row.version,
            is_overdue=bool(late),
            updates=updates,
            latest=latest or "",
            latest_at=latest_at,
        )
        for row, reference, round_title, round_state, finding, agency, lead, late, updates, latest, latest_at in (
            db.session.execute(query)
        )
    ]
