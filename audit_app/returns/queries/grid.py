"""The coordinator's grid of a round: cases by agencies, with where each return is. Progress is one aggregate in SQL."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import CaseState, Thing
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn
from audit_app.returns.queries.lists import progress_while_written
from audit_app.returns.rules import HANDED_OVER, OPEN_STATES, ReturnState, is_late
from audit_app.rounds.models import Round


@dataclass(frozen=True)
class GridFilter:
    """Which returns of a grid are wanted. Left empty, all are."""

    state: ReturnState | None = None
    agency_id: int | None = None
    is_late: bool = False

    def keeps(self, agency_id: int, cell: "GridCell") -> bool:
        return (
            self.state in (None, cell.state)
            and self.agency_id in (None, agency_id)
            and (cell.is_late or not self.is_late)
        )


@dataclass(frozen=True)
class GridCell:
    """Where one agency's return on one case is. `auditor` is asked for it by name, if anyone is."""

    return_id: int
    state: ReturnState
    due_on: date
    is_late: bool
    is_owed: bool
    auditor: str
    answered: int
    total: int
    on_behalf_of: str


@dataclass(frozen=True)
class GridRow:
    """One case with the return of each agency that was asked about it, by the agency's id."""

    case_reference: str
    case_state: CaseState
    cells: Mapping[int, GridCell]

    @property
    def late(self) -> int:
        return sum(cell.is_late for cell in self.cells.values())

    @property
    def is_owed(self) -> bool:
        return any(cell.is_owed for cell in self.cells.values())


@dataclass(frozen=True)
class RoundGrid:
    """The returns of a round: cases down, agencies (id, short name, name) across, those with late ones first.

    `all_agencies` are those of the whole round, by name, to choose from.
    """

    agencies: Sequence[tuple[int, str, str]]
    rows: Sequence[GridRow]
    all_agencies: Sequence[tuple[int, str, str]]

    @property
    def late(self) -> int:
        return sum(row.late for row in self.rows)

    def owing(self, agency_id: int) -> bool:
        """Whether anything that is shown of an agency is still owed."""
        return any(row.cells[agency_id].is_owed for row in self.rows if agency_id in row.cells)


def round_grid(viewer: Viewer, round_id: int, *, only: GridFilter | None = None, today: date) -> RoundGrid:
    """Where each return of a round is, for the cases that the viewer may know of. One query.

    A case that is paused or withdrawn owes nothing, and nothing of it is late.
    """
    query = (
        select(
            AgencyReturn.id,
            AgencyReturn.agency_id,
            AgencyReturn.state,
            AgencyReturn.due_on,
            AgencyReturn.on_behalf_of,
            Case.reference,
            Case.state.label("case_state"),
            Agency.short_name,
            Agency.name,
            Person.name.label("auditor"),
            *progress_while_written(),
        )
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .outerjoin(Person, Person.id == AgencyReturn.auditor_id)
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.round_id == round_id,
            sees(viewer, Thing.CASE),
        )
        .order_by(Case.position, Agency.name)
    )
    agencies: dict[int, tuple[int, str, str]] = {}
    rows: dict[str, GridRow] = {}
    cells: dict[str, dict[int, GridCell]] = {}
    for row in db.session.execute(query):
        agencies[row.agency_id] = (row.agency_id, row.short_name, row.name)
        rows.setdefault(row.reference, GridRow(row.reference, row.case_state, {}))
        is_live = row.case_state is CaseState.WITH_AGENCIES
        cells.setdefault(row.reference, {})[row.agency_id] = GridCell(
            return_id=row.id,
            state=row.state,
            due_on=row.due_on,
            is_late=is_live and is_late(row.state, row.due_on, today),
            is_owed=is_live and row.state in OPEN_STATES,
            auditor=row.auditor or "",
            answered=row.answered,
            total=row.total,
            on_behalf_of=row.on_behalf_of,
        )
    return _arranged([replace(row, cells=cells[name]) for name, row in rows.items()], agencies, only or GridFilter())


@dataclass(frozen=True)
class NextToCheck:
    """The return that a coordinator accepts or sends back next."""

    case_reference: str
    agency_id: int
    agency: str


def next_to_check(viewer: Viewer, round_id: int) -> NextToCheck | None:
    """The first submitted return of a round that a coordinator can accept or send back: of a case that is not released
    and to which they are not blind. None where no more waits."""
    query = (
        select(Case.reference, AgencyReturn.agency_id, Agency.name)
        .select_from(AgencyReturn)
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.round_id == round_id,
            AgencyReturn.state == ReturnState.SUBMITTED,
            Case.state == CaseState.WITH_AGENCIES,
            sees(viewer, Thing.OTHER_RETURN, handed_over=AgencyReturn.state.in_(HANDED_OVER)),
        )
        .order_by(Case.position, Agency.name)
        .limit(1)
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else NextToCheck(*row)


def _arranged(rows: Sequence[GridRow], agencies: Mapping[int, tuple[int, str, str]], only: GridFilter) -> RoundGrid:
    """The rows and columns that something wanted is in, each with most late ones first."""
    kept = [
        replace(row, cells={agency: cell for agency, cell in row.cells.items() if only.keeps(agency, cell)})
        for row in rows
    ]
    late = Counter(agency for row in kept for agency, cell in row.cells.items() if cell.is_late)
    shown = {agency for row in kept for agency in row.cells}
    by_name = sorted(agencies.values(), key=lambda agency: agency[2])
    return RoundGrid(
        agencies=sorted((one for one in by_name if one[0] in shown), key=lambda one: -late[one[0]]),
        rows=sorted((row for row in kept if row.cells), key=lambda row: -row.late),
        all_agencies=by_name,
    )
