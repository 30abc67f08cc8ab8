"""Lists: an auditor's returns, and the coordinator's grid of cases by agencies. Progress is one aggregate in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import CaseState, Thing
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn
from audit_app.returns.queries.ratings import answered_of, total_of
from audit_app.returns.rules import EDITABLE, OPEN_STATES, ReturnState, is_late
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

LINES_A_PAGE = 25
AT_WORK = (RoundState.RETURNS, RoundState.PANEL)
"""Rounds in which an auditor may still have something to do, or to be asked about."""


@dataclass(frozen=True)
class ReturnLine:
    """One return in its agency's list. `answered` of `total` indicators lack nothing, while it is being written."""

    case_reference: str
    round_title: str
    agency_id: int
    agency: str
    state: ReturnState
    is_paused: bool
    reason: str
    due_on: date
    is_late: bool
    answered: int
    total: int


@dataclass(frozen=True)
class ReturnLines:
    """An auditor's returns: those still owed, and those answered, each by due date."""

    owed: Sequence[ReturnLine]
    answered: Sequence[ReturnLine]


def my_returns(viewer: Viewer, *, today: date) -> ReturnLines:
    """The returns asked of the viewer's agencies in rounds that are under way."""
    query = (
        _lines(viewer)
        .where(Round.state.in_(AT_WORK), Case.state != CaseState.WITHDRAWN)
        .order_by(AgencyReturn.due_on, Round.id, Case.position, Agency.short_name)
    )
    lines = [_line(row, today) for row in db.session.execute(query)]
    return ReturnLines(
        owed=[line for line in lines if line.state in OPEN_STATES],
        answered=[line for line in lines if line.state not in OPEN_STATES],
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
    lines = [_line(row, today) for row in db.session.execute(query)]
    return lines[:LINES_A_PAGE], len(lines) > LINES_A_PAGE


def _lines(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    return (
        select(
            AgencyReturn,
            Case.reference,
            Case.state.label("case_state"),
            Round.title,
            Agency.short_name,
            *_progress_while_written(),
        )
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            Round.partnership_id == viewer.partnership_id,
            AgencyReturn.agency_id.in_(viewer.agencies(Role.AUDITOR)),
        )
    )


def _progress_while_written() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many ratings lack nothing and how many there are, of returns that are being written; nothing of others."""
    is_written = AgencyReturn.state.in_(EDITABLE)
    return (
        case((is_written, answered_of()), else_=0).label("answered"),
        case((is_written, total_of()), else_=0).label("total"),
    )


def _line(row: Any, today: date) -> ReturnLine:
    found: AgencyReturn = row.AgencyReturn
    return ReturnLine(
        case_reference=row.reference,
        round_title=row.title,
        agency_id=found.agency_id,
        agency=row.short_name,
        state=found.state,
        is_paused=row.case_state is CaseState.PAUSED,
        reason=found.reason,
        due_on=found.due_on,
        is_late=is_late(found.state, found.due_on, today),
        answered=row.answered,
        total=row.total,
    )


@dataclass(frozen=True)
class GridCell:
    """Where one agency's return on one case is."""

    state: ReturnState
    due_on: date
    is_late: bool
    answered: int
    total: int
    on_behalf_of: str = ""


@dataclass(frozen=True)
class GridRow:
    """One case with the return of each agency that was asked about it, by the agency's id."""

    case_reference: str
    case_state: CaseState
    cells: Mapping[int, GridCell]


@dataclass(frozen=True)
class RoundGrid:
    """The returns of a round: cases down, agencies (id, short name, name) across."""

    agencies: Sequence[tuple[int, str, str]]
    rows: Sequence[GridRow]


def round_grid(viewer: Viewer, round_id: int, *, today: date) -> RoundGrid:
    """Where each return of a round is, for the cases that the viewer may know of. One query."""
    query = (
        select(
            AgencyReturn,
            Case.reference,
            Case.state.label("case_state"),
            Agency.short_name,
            Agency.name,
            *_progress_while_written(),
        )
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.round_id == round_id,
            sees(viewer, Thing.CASE),
        )
        .order_by(Case.position, Agency.name)
    )
    agencies: dict[int, tuple[int, str, str]] = {}
    rows: dict[str, GridRow] = {}
    for row in db.session.execute(query):
        found: AgencyReturn = row.AgencyReturn
        agencies[found.agency_id] = (found.agency_id, row.short_name, row.name)
        line = rows.setdefault(row.reference, GridRow(row.reference, row.case_state, {}))
        assert isinstance(line.cells, dict)
        line.cells[found.agency_id] = GridCell(
            state=found.state,
            due_on=found.due_on,
            is_late=is_late(found.state, found.due_on, today),
            answered=row.answered,
            total=row.total,
            on_behalf_of=found.on_behalf_of,
        )
    return RoundGrid(sorted(agencies.values(), key=lambda agency: agency[2]), list(rows.values()))
