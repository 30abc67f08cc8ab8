"""The rows of one sheet, each read as a child, repeated, blank, or left out with a reason."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from audit_app.core.spreadsheets import Sheet
from audit_app.indicators.rules import PlanStatus
from audit_app.sampling.rules import cells
from audit_app.sampling.rules.cells import Category, NotReadable
from audit_app.sampling.rules.headings import IDENTIFYING, Columns, Field
from audit_app.sampling.rules.population import Basis, Child, ChildRow, Problem, one_spelling, put_together

T = TypeVar("T")

_EARLIEST_BIRTH = 1980  # systems write 1 January 1900 where they know nothing
_LONGEST_WAIT = timedelta(days=300)  # for an unborn child the file gives the day on which the birth is expected
_CATEGORIES = (
    (Field.INITIAL_CATEGORY, Basis.INITIAL_CATEGORY),
    (Field.LATEST_CATEGORY, Basis.LATEST_CATEGORY),
)


class RowReader:
    """Reads the children of a sheet and remembers what it could not read."""

    def __init__(
        self, sheet: Sheet, columns: Columns, today: date, elsewhere: Mapping[str, PlanStatus] | None = None
    ) -> None:
        """`elsewhere`: for a child whose protection plan has ended, the status that other lists give."""
        self.today = today
        self.sheet = sheet
        self.columns = columns
        self.elsewhere = elsewhere or {}
        self.rows = max(sheet.last_row - columns.row - 1, 0)
        self.rows_read = 0
        self.blank: list[tuple[int, int]] = []
        self.problems: list[Problem] = []

    def children(self) -> tuple[Child, ...]:
        """Every child of the sheet once, in the order of their numbers."""
        rows: dict[str, list[ChildRow]] = defaultdict(list)
        for number, row in self._filled_rows():
            if child := self._child(number, row):
                rows[child.number].append(ChildRow(number, child))
                self.rows_read += 1
        for same_child in rows.values():
            self._note_disagreement(same_child)
        return one_spelling(put_together(rows[number]) for number in sorted(rows))

    def event_days(self) -> Iterator[date]:
        """The days of which the sheet says that something happened: plans, visits, reviews; never births."""
        for row in self.sheet.rows[self.columns.row + 1 :]:
            for column in self.columns.events:
                try:
                    day = cells.date_in(row[column]) if column < len(row) else None
                except NotReadable:
                    continue
                if day:
                    yield day

    def _filled_rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        first = self.columns.row + 1
        for number in range(first + 1, self.sheet.last_row + 1):
            row = self.sheet.rows[number - 1] if number <= len(self.sheet.rows) else ()
            if any(cells.text_in(cell) for cell in row):
                yield number, row
            elif self.blank and self.blank[-1][1] == number - 1:
                self.blank[-1] = (self.blank[-1][0], number)
            else:
                self.blank.append((number, number))

    def _child(self, number: int, row: Sequence[object]) -> Child | None:
        try:
            council_number = cells.number_in(self.columns.cell(row, Field.NUMBER))
        except NotReadable as problem:
            self._note(number, row, Field.NUMBER, str(problem), is_left_out=True)
            return None
        born, age = self._birth(number, row)
        if born is None and age is None:
            return None
        status_cell = self.columns.cell(row, Field.STATUS)
        is_open = not (cells.text_in(self.columns.cell(row, Field.END)) or cells.is_closed(status_cell))
        basis, has_category = self._basis(number, row)
        return Child(
            number=council_number,
            born=born,
            age_in_file=age,
            sex=cells.sex_in(self.columns.cell(row, Field.SEX)),
            area=cells.text_in(self.columns.cell(row, Field.AREA))[:120],
            plan_status=self._status(number, row, council_number, is_on_plan=is_open and has_category),
            is_open=is_open,
            plan_start=self._read(number, row, Field.START, cells.date_in),
            previous_plans=self._read(number, row, Field.PREVIOUS_PLANS, cells.count_in),
            basis=basis,
        )

    def _birth(self, number: int, row: Sequence[object]) -> tuple[date | None, float | None]:
        """Date of birth and age; both None, and the row noted as left out, where neither can be read."""
        cell = self.columns.cell(row, Field.BORN)
        age = -1.0 if cells.is_unborn(cell) else cells.age_in(self.columns.cell(row, Field.AGE))
        if age is not None and age < 0:
            return None, age
        try:
            born = cells.birth_in(cell, earliest=_EARLIEST_BIRTH, latest=self.today + _LONGEST_WAIT)
            reason = "there is no date of birth"
        except NotReadable as problem:
            born, reason = None, str(problem)
        if born is None and age is None:
            self._note(number, row, Field.BORN, reason, is_left_out=True)
        elif born is None:
            self._note(number, row, Field.BORN, f"{reason}, so the age in the file is used")
        return born, age

    def _basis(self, number: int, row: Sequence[object]) -> tuple[tuple[Basis, ...], bool]:
        """Why the row counts as neglect, or may, and whether it gives any category of abuse at all."""
        basis: list[Basis] = []
        categories: list[Category] = []
        for column, reason in _CATEGORIES:
            if category := self._read(number, row, column, cells.category_in):
                categories.append(category)
                if category is Category.NEGLECT:
                    basis.append(reason)
        if self._read(number, row, Field.FLAG, cells.flag_in):
            basis.append(Basis.FLAG)
        if Category.MULTIPLE in categories:
            basis.append(Basis.MULTIPLE)
        return tuple(basis), bool(categories)

    def _status(self, number: int, row: Sequence[object], council_number: str, *, is_on_plan: bool) -> PlanStatus:
        """What the status column says; without one, a category of abuse means a child protection plan."""
        if Field.STATUS in self.columns.at:
            return self._read(number, row, Field.STATUS, cells.status_in) or PlanStatus.OTHER
        if is_on_plan:
            return PlanStatus.CHILD_PROTECTION
        return self.elsewhere.get(council_number, PlanStatus.OTHER)

    def _read(self, number: int, row: Sequence[object], column: Field, reader: Callable[[object], T]) -> T | None:
        try:
            return reader(self.columns.cell(row, column))
        except NotReadable as problem:
            self._note(number, row, column, str(problem))
            return None

    def _note(
        self, number: int, row: Sequence[object], column: Field, reason: str, *, is_left_out: bool = False
    ) -> None:
        value = "" if column in IDENTIFYING else cells.text_in(self.columns.cell(row, column))[:40]
        heading = self.columns.heading(column)
        self.problems.append(Problem(self.sheet.name, number, heading, reason, value, is_left_out))

    def _note_disagreement(self, rows: Sequence[ChildRow]) -> None:
        first = rows[0]
        for other in rows[1:]:
            if other.child.born and first.child.born and other.child.born != first.child.born:
                reason = f"row {first.row} gives another date of birth for the same child"
                self._note(other.row, (), Field.BORN, reason)
