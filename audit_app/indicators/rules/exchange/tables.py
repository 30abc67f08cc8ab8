"""A table on a sheet of a workbook, whose columns are found by their headings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from audit_app.core.spreadsheets import NotPlain, Workbook, column_letter
from audit_app.indicators.rules.exchange.wording import plain
from audit_app.indicators.rules.titles import key_of

_LOOK_FOR_HEADINGS_IN = 10  # rows: people write a title above, or the day on which they sent it

FORMULA = "holds a formula, which may show something else elsewhere. Copy the cell, and paste it as a value."
ERROR = "holds an error such as #N/A. Write what is meant."
DAY = "holds a date or a time. Format the cell as text, then type it again."
UNHEADED = "has no heading, so nobody can say what it holds. Write one, or empty the column."

Problem = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """A row that says something: its number, counted from 1, and the text under each heading that was found."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


class Table:
    """One sheet. `headings` are its columns, by the name that each is asked for.

    `problems` are all that is wrong with headings, merged cells, formulas and cells that hold no text. Cells of the
    column `filled_down` may be merged over several rows, which all have what the first says.
    """

    def __init__(
        self,
        workbook: Workbook,
        sheet: str,
        headings: Mapping[str, str],
        *,
        filled_down: str = "",
        takes_unknown: bool = False,
    ) -> None:
        self.sheet, self.headings = sheet, headings
        self.cells = workbook.sheet(sheet).rows
        self.problems: list[Problem] = []
        names = {key_of(heading): name for name, heading in headings.items()}
        self.head, self.at = _heading_row(self.cells, names)
        if not self.at:
            self.problems.append((sheet, f"has no row with the headings {', '.join(headings.values())}. Write them."))
            self.rows: Sequence[Row] = ()
            return
        self._look_at_headings(names, takes_unknown=takes_unknown)
        found = workbook.not_plain(sheet)
        self._look_at_cells(found, filled_down)
        self.rows = self._filled_down(list(self._rows()), found, filled_down)

    def place(self, row: int, name: str = "") -> str:
        """A row, or the cell of a row in a column: "" where there is no such column."""
        if not name:
            return f"{self.sheet}, row {row}"
        return self._cell(row, self.at[name] + 1) if name in self.at else ""

    def _cell(self, row: int, column: int) -> str:
        headings = self.cells[self.head]
        heading = _shown(headings[column - 1]) if column <= len(headings) else ""
        return f"{self.sheet}, row {row}, column {column_letter(column - 1)}" + (f" “{heading}”" if heading else "")

    def _look_at_headings(self, names: Mapping[str, str], *, takes_unknown: bool) -> None:
        for name, heading in self.headings.items():
            if name not in self.at:
                empty = "Add it, and leave its cells empty where there is nothing to say."
                self.problems.append((self.sheet, f"has no column “{heading}”. {empty}"))
        seen: set[str] = set()
        for column, cell in enumerate(self.cells[self.head], 1):
            key = key_of(_shown(cell))
            where = f"{self.sheet}, column {column_letter(column - 1)}"
            if not key:
                if any(_shown(row[column - 1]) for row in self.cells[self.head + 1 :] if column <= len(row)):
                    self.problems.append((where, UNHEADED))
            elif key in seen:
                self.problems.append((where, f"is a second column “{_shown(cell)}”. Remove one of the two."))
            elif key not in names and not takes_unknown:
                known = ", ".join(f"“{heading}”" for heading in self.headings.values())
                said = f"“{_shown(cell)[:60]}” is no column of this sheet. Correct it, or remove the column."
                self.problems.append((where, f"{said} Its columns are {known}."))
            seen.add(key)

    def _look_at_cells(self, found: NotPlain, filled_down: str) -> None:
        for cells, mending in ((found.formulas, FORMULA), (found.errors, ERROR)):
            self.problems += [(self._cell(*cell), mending) for cell in cells if cell[0] > self.head]
        for first, last in found.merged:
            is_filled_down = first[1] == last[1] == self.at.get(filled_down, -1) + 1
            if last[0] > self.head and not is_filled_down:
                named = f"{column_letter(first[1] - 1)}{first[0]} to {column_letter(last[1] - 1)}{last[0]}"
                mending = f"The cells {named} are merged. Unmerge them, and write into each cell what belongs there."
                self.problems.append((self._cell(*first), mending))

    def _rows(self) -> Iterator[Row]:
        for number, cells in enumerate(self.cells[self.head + 1 :], self.head + 2):
            said: dict[str, str] = {}
            for name, column in self.at.items():
                cell = cells[column] if column < len(cells) else None
                if isinstance(cell, date | time | timedelta):
                    self.problems.append((self.place(number, name), DAY))
                said[name] = _shown(cell)
            if any(said.values()):
                yield Row(number, said)

    @staticmethod
    def _filled_down(rows: list[Row], found: NotPlain, name: str) -> Sequence[Row]:
        by_number = {row.number: row for row in rows}
        for (first, _), (last, _) in found.merged if name else ():
            for number in range(first + 1, min(last, rows[-1].number if rows else 0) + 1):
                if first in by_number and number in by_number and not by_number[number][name]:
                    by_number[number] = Row(number, {**by_number[number].cells, name: by_number[first][name]})
        return list(by_number.values())


def sheet_named(workbook: Workbook, wanted: str) -> str | None:
    """The sheet of this name, whatever its capitals and spaces, or None."""
    return next((name for name in workbook.sheet_names if key_of(name) == key_of(wanted)), None)


def _heading_row(rows: Sequence[Sequence[object]], names: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """Of the first rows the one with most headings, counted from 0, and the column of each heading, by its name."""
    best, at = 0, dict[str, int]()
    for number, row in enumerate(rows[:_LOOK_FOR_HEADINGS_IN]):
        found: dict[str, int] = {}
        for column, cell in enumerate(row):
            if (name := names.get(key_of(_shown(cell)))) is not None:
                found.setdefault(name, column)
        if len(found) > len(at):
            best, at = number, found
    return best, at


def _shown(cell: object) -> str:
    """What a cell shows, as a text: whole numbers without a point, as people typed them."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell).upper() if isinstance(cell, bool) else plain(str(cell))
