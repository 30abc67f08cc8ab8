"""Lists: an auditor's returns, and how many an agency lead's agencies owe. Progress is one aggregate in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn, ReturnExtension
from audit_app.returns.queries.ratings import answered_of, total_of
from audit_app.returns.rules import EDITABLE, OPEN_STATES, ReturnState, is_late
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

LINES_A_PAGE = 25
AT_WORK = (RoundState.RETURNS, RoundState.PANEL)
"""Rounds in which an auditor may still have something to do, or to be asked about."""


@dataclass(frozen=True)
class ReturnLine:
    """One return in its agency's list. `answered` of `total` indicators lack nothing, while it is being written.

    `auditor` is whoever is asked for it by name, if anyone is; `is_mine` says that it is the viewer. `was_due_on` is
    the day before it was moved last; `asked_again`, why the first question is asked once more.
    """

    return_id: int
    case_reference: str
    round_title: str
    agency_id: int
    agency: str
    state: ReturnState
    is_paused: bool
    reason: str
    asked_again: str
    due_on: date
    is_late: bool
    answered: int
    total: int
    auditor: str = ""
    is_mine: bool = False
    was_due_on: date | None = None


@dataclass(frozen=True)
class ReturnLines:
    """A page of an auditor's returns: those still owed, and those answered. `count` is of all that are owed."""

    owed: Sequence[ReturnLine]
    answered: Sequence[ReturnLine]
    count: int
    late: int
    pages: int


def is_late_in_sql(today: date) -> ColumnElement[bool]:
    """The condition that a return, joined to its `Case`, is late. Nothing of a paused or withdrawn case is."""
    return and_(AgencyReturn.state.in_(OPEN_STATES), AgencyReturn.due_on < today, Case.state == CaseState.WITH_AGENCIES)


def my_returns(viewer: Viewer, *, page: int = 1, today: date) -> ReturnLines:
    """The returns asked of the viewer's agencies in rounds that are under way, those owed before the others.

    Among them come first those that the viewer is asked for by name, then by the day due. Two queries.
    """
    under_way = (Round.state.in_(AT_WORK), Case.state != CaseState.WITHDRAWN)
    is_owed, is_mine = AgencyReturn.state.in_(OPEN_STATES), AgencyReturn.auditor_id == viewer.id
    all_, count, late = db.session.execute(
        select(
            func.count(AgencyReturn.id),
            func.count(AgencyReturn.id).filter(is_owed),
            func.count(AgencyReturn.id).filter(is_late_in_sql(today)),
        )
        .select_from(AgencyReturn)
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .where(*_of_own_agencies(viewer), *under_way)
    ).one()
    query = (
        _lines(viewer)
        .where(*under_way)
        .order_by(
            case((is_owed, 0), else_=1),
            case((is_mine, 0), else_=1),
            AgencyReturn.due_on,
            Round.id,
            Case.position,
            Agency.short_name,
        )
        .limit(LINES_A_PAGE)
        .offset((page - 1) * LINES_A_PAGE)
    )
    lines = [_line(row, today, viewer) for row in db.session.execute(query)]
    return ReturnLines(
        owed=[line for line in lines if line.state in OPEN_STATES],
        answered=[line for line in lines if line.state not in OPEN_STATES],
        count=count,
        late=late,
        pages=-(-all_ // LINES_A_PAGE),
    )


def earlier_returns(viewer: Viewer, *, page: int, today: date) -> tuple[Sequence[ReturnLine], bool]:
    """A page of the returns in rounds that are over, newest first, and whether there are older ones."""
    query = (
        _lines(viewer)
        .where(Round.state.not_in(AT_WORK))
        .order_by(AgencyReturn.id.desc())
        .limit(LINES_A_PAGE + 1)
        .offset((page - 1) * LINES_A_PAGE)
    )
    lines = [_line(row, today, viewer) for row in db.session.execute(query)]
    return lines[:LINES_A_PAGE], len(lines) > LINES_A_PAGE


def _lines(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    return (
        select(
            AgencyReturn,
            Case.reference,
            Case.state.label("case_state"),
            Round.title,
            Agency.short_name,
            *progress_while_written(),
            Person.name.label("auditor"),
            _was_due_on(),
        )
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .outerjoin(Person, Person.id == AgencyReturn.auditor_id)
        .where(*_of_own_agencies(viewer))
    )


def _of_own_agencies(viewer: Viewer) -> Sequence[ColumnElement[bool]]:
    return (
        AgencyReturn.partnership_id == viewer.partnership_id,
        Round.partnership_id == viewer.partnership_id,
        AgencyReturn.agency_id.in_(viewer.agencies(Role.AUDITOR)),
    )


def _was_due_on() -> ColumnElement[date]:
    """The day before the last extension of the return that a query is about."""
    of_return = (
        ReturnExtension.partnership_id == AgencyReturn.partnership_id,
        ReturnExtension.return_id == AgencyReturn.id,
    )
    newest = select(ReturnExtension.from_day).where(*of_return).order_by(ReturnExtension.id.desc()).limit(1)
    return newest.correlate(AgencyReturn).scalar_subquery().label("was_due_on")


def progress_while_written() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many ratings lack nothing and how many there are, of returns that are being written; nothing of others."""
    is_written = AgencyReturn.state.in_(EDITABLE)
    return (
        case((is_written, answered_of()), else_=0).label("answered"),
        case((is_written, total_of()), else_=0).label("total"),
    )


def _line(row: Any, today: date, viewer: Viewer) -> ReturnLine:
    found: AgencyReturn = row.AgencyReturn
    return ReturnLine(
        return_id=found.id,
        case_reference=row.reference,
        round_title=row.title,
        agency_id=found.agency_id,
        agency=row.short_name,
        state=found.state,
        is_paused=row.case_state is CaseState.PAUSED,
        reason=found.reason,
        asked_again=found.asked_again if found.state is ReturnState.NOT_STARTED else "",
        due_on=found.due_on,
        is_late=is_late(found.state, found.due_on, today) and row.case_state is CaseState.WITH_AGENCIES,
        answered=row.answered,
        total=row.total,
        auditor=row.auditor or "",
        is_mine=found.auditor_id == viewer.id,
        was_due_on=row.was_due_on,
    )


@dataclass(frozen=True)
class AgencyLine:
    """How far one agency is with the returns of one round: numbers alone, and no case."""

    round_title: str
    agency: str
    returns: int
    answered: int
    late: int
    next_due_on: date | None


def returns_of_agencies(viewer: Viewer, *, today: date) -> Sequence[AgencyLine]:
    """How far the agencies that a viewer leads are in the rounds under way, late ones first. One query."""
    is_owed, is_live = AgencyReturn.state.in_(OPEN_STATES), Case.state == CaseState.WITH_AGENCIES
    late = func.count(AgencyReturn.id).filter(is_late_in_sql(today))
    query = (
        select(
            Round.title,
            Agency.name,
            func.count(AgencyReturn.id),
            func.count(AgencyReturn.id).filter(AgencyReturn.state.not_in(OPEN_STATES)),
            late,
            func.min(AgencyReturn.due_on).filter(is_owed, is_live),
        )
        .select_from(AgencyReturn)
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.agency_id.in_(viewer.agencies(Role.AGENCY_LEAD)),
            Round.partnership_id == viewer.partnership_id,
            Round.state.in_(AT_WORK),
            Case.state != CaseState.WITHDRAWN,
        )
        .group_by(Round.id, Round.title, Agency.id, Agency.name)
        .order_by(late.desc(), Round.id.desc(), Agency.name)
    )
    return [AgencyLine(*row) for row in db.session.execute(query)]
