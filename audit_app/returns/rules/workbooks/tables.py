"""The tables of a workbook that came back: found by their headings, on whatever sheet and in whatever order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from audit_app.core.errors import Refused
from audit_app.core.spreadsheets import MEGABYTE, UnreadableFile, Workbook, open_workbook
from audit_app.indicators.rules import key_of
from audit_app.returns.rules.workbooks.paper import plain
from reports.cells import day_in_words

LARGEST_RETURN_FILE = 5 * MEGABYTE
_MOST_SHEETS = 40

_LOOK_FOR_HEADINGS_IN = 10
"""Rows: people write a title above."""

FORMULA = "This is a formula, which may show something else elsewhere. Copy the cell, and paste it as a value."
ERROR = "This is an error such as #N/A. Write what is meant."
MERGED = "Some cells of this row are merged. Unmerge them, and write into each cell what belongs there."


@dataclass(frozen=True)
class Unreadable:
    """Something in a file that cannot be taken, and why. `row` is 0, and `column` empty, where it is about a sheet."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Row:
    """A row below the headings: its sheet and number, and what its cells hold, by heading."""

    sheet: str
    number: int
    cells: Mapping[str, object]
    unreadable: Sequence[Unreadable] = field(default_factory=tuple)

    def text(self, heading: str) -> str:
        """What a cell shows, as a text; empty where the column is missing."""
        return shown(self.cells.get(heading))

    def problem(self, heading: str, reason: str) -> Unreadable:
        """That one cell of this row cannot be taken."""
        return Unreadable(self.sheet, self.number, heading, self.text(heading), reason)


@dataclass(frozen=True)
class Table:
    """A table that was found: its sheet, the headings that are there, and its rows that say something."""

    sheet: str
    headings: frozenset[str]
    rows: Sequence[Row]


def open_filled(content: bytes, *, no_such: str, too_large: str) -> Workbook:
    """A workbook that somebody filled in and chose, opened; each reason says what to choose instead.

    Raises:
        Refused: it is no workbook, has more sheets than any of ours, or is too large.
    """
    if len(content) > LARGEST_RETURN_FILE:
        raise UnreadableFile(too_large)
    workbook = open_workbook(content)
    if workbook is None or len(workbook.sheet_names) > _MOST_SHEETS:
        raise Refused(no_such)
    return workbook


def too_long(row: Row, headings: Iterable[str], at_most: int) -> list[Unreadable]:
    """The cells of a row that hold more characters than are kept."""
    return [
        row.problem(heading, f"This must be {at_most:,} characters or fewer.")
        for heading in headings
        if len(row.text(heading)) > at_most
    ]


def one_of(choices: Sequence[str]) -> str:
    """What to do where a cell holds none of the answers of its list."""
    return "Choose one of: " + "; ".join(choices) + "."


def tables_with(workbook: Workbook, telling: Sequence[str], headings: Sequence[str]) -> list[Table]:
    """Every table with all headings that tell it from others. Of its columns those with one of `headings` count."""
    found = []
    for name in workbook.sheet_names:
        cells = workbook.sheet(name).rows
        number, at = _heading_row(cells, {key_of(heading): heading for heading in headings})
        if set(telling) <= at.keys():
            found.append(Table(name, frozenset(at), list(_rows(workbook, name, cells, number, at))))
    return found


def beside(workbook: Workbook, words: str) -> str:
    """What stands to the right of a cell with these words near the top of any sheet; empty where it is not there."""
    for name in workbook.sheet_names:
        for row in workbook.sheet(name).rows[:60]:
            for left, right in pairwise(row):
                if isinstance(left, str) and key_of(left) == key_of(words) and shown(right):
                    return shown(right)
    return ""


def shown(cell: object) -> str:
    """What a cell shows, as a text: whole numbers without a point, days in words, yes and no as words.

    Programs make a date of what looks like one, and LibreOffice a truth of “Yes”-like words in some languages.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime):
        clock = "" if cell.time() == time() else f" {cell:%H:%M}"
        return f"{day_in_words(cell)}{clock}"
    if isinstance(cell, date):
        return day_in_words(cell)
    if isinstance(cell, time | timedelta):
        return str(cell)
    return plain(str(cell))


def _heading_row(rows: Sequence[Sequence[object]], names: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """Of the first rows the one with most headings, counted from 0, and the column of each heading."""
    best, at = 0, dict[str, int]()
    for number, row in enumerate(rows[:_LOOK_FOR_HEADINGS_IN]):
        found: dict[str, int] = {}
        for column, cell in enumerate(row):
            if isinstance(cell, str) and (name := names.get(key_of(cell))):
                found.setdefault(name, column)
        if len(found) > len(at):
            best, at = number, found
    return best, at


def _rows(
    workbook: Workbook, sheet: str, cells: Sequence[Sequence[object]], head: int, at: Mapping[str, int]
) -> Iterator[Row]:
    wrong = _wrong_cells(workbook, sheet)
    merged = {
        row
        for (first, _), (last, _) in workbook.not_plain(sheet).merged
        for row in range(first, min(last, len(cells)) + 1)
    }
    for number, row in enumerate(cells[head + 1 :], head + 2):
        values = {name: row[column] if column < len(row) else None for name, column in at.items()}
        problems = [
            Unreadable(sheet, number, name, shown(values[name]), wrong[number, column + 1])
            for name, column in at.items()
            if (number, column + 1) in wrong
        ]
        if number in merged:
            problems.append(Unreadable(sheet, number, "", "", MERGED))
        if problems or any(shown(value) for value in values.values()):
            yield Row(sheet, number, values, tuple(problems))


def _wrong_cells(workbook: Workbook, sheet: str) -> dict[tuple[int, int], str]:
    found = workbook.not_plain(sheet)
    return dict.fromkeys(found.formulas, FORMULA) | dict.fromkeys(found.errors, ERROR)
