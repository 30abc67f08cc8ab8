"""Writes a return as a workbook that somebody fills in: tables whose answers alone can be typed into.

Every sheet is protected without a password: the questions cannot be overwritten by mistake, and whoever must can lift
it. What can be chosen stands on a sheet of its own, since a list inside a cell's rule ends at 255 characters and at
every comma.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from reports.cells import cell_text, without_controls

CHOICES_SHEET = "Answers to choose from"

_LINE_HEIGHT, _WIDENESS = 14.5, 1.0
_TALLEST = 409.0
"""Points, the most that a row of Excel takes."""
_TEXT = "@"
"""The format under which programs keep what is typed: 1-4 stays 1-4, and =A1 is no formula."""
_HEAD = PatternFill("solid", fgColor="0B5C5C")
_TO_FILL_IN = PatternFill("solid", fgColor="FFF8DC")
_THIN = Side(style="thin", color="B1B4B6")
_WRAPPED, _ON_ONE_LINE = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
_SMALL = Font(name="Arial", size=8, color="505A5F")
_HEADING, _BODY = Font(name="Arial", size=11, bold=True, color="FFFFFF"), Font(name="Arial", size=11, color="0B0C0C")
_OPEN, _LOCKED = Protection(locked=False), Protection(locked=True)
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True, slots=True)
class BookColumn:
    """One column, `width` in characters. Answers are typed into it where it `takes_answers`. One that `is_small` holds
    codes, which nobody needs to read whole: it is printed small and makes no row higher."""

    heading: str
    width: float
    takes_answers: bool = False
    is_hidden: bool = False
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class BookRow:
    """One row. `choices` and `locked` are by the number of the column, counted from 0."""

    cells: Sequence[str]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    locked: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class BookSheet:
    """One table on a worksheet of its own, with headings in its first row and `empty_rows` to fill in at its end."""

    name: str
    columns: Sequence[BookColumn]
    rows: Sequence[BookRow]
    empty_rows: int = 0
    pages_wide: int = 1


def write_return_workbook(title: str, sheets: Sequence[BookSheet]) -> bytes:
    """The sheets as the bytes of an .xlsx file, with a sheet of what can be chosen at the end where anything can.

    No text becomes a formula, a number or a date. Raises ValueError where a row does not fit its columns.
    """
    for sheet in sheets:
        for number, row in enumerate(sheet.rows, 2):
            if len(row.cells) != len(sheet.columns):
                raise ValueError(f"{sheet.name}: row {number} has {len(row.cells)} cells")
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.language = without_controls(title), "en-GB"
    lists = _Lists()
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet, lists)
    if lists.by_choices:
        _write_lists(book.create_sheet(CHOICES_SHEET), lists)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class _Lists:
    """The different lists that cells offer, each a column of one sheet, named by where it is first chosen from."""

    def __init__(self) -> None:
        self.by_choices: dict[tuple[str, ...], str] = {}
        self.headings: list[str] = []

    def formula(self, choices: Sequence[str], heading: str) -> str:
        key = tuple(choices)
        if key not in self.by_choices:
            letter = get_column_letter(len(self.by_choices) + 1)
            self.by_choices[key] = f"'{CHOICES_SHEET}'!${letter}$2:${letter}${len(key) + 1}"
            self.headings.append(heading)
        return self.by_choices[key]


def _write(page: Any, sheet: BookSheet, lists: _Lists) -> None:
    _dress(page, sheet)
    for column, it in enumerate(sheet.columns, 1):
        _fill(page.cell(1, column), it.heading, is_heading=True)
    offered: dict[str, DataValidation] = {}
    for number, row in enumerate([*sheet.rows, *_empty(sheet)], 2):
        page.row_dimensions[number].height = _height(sheet.columns, row.cells)
        for column, (it, text) in enumerate(zip(sheet.columns, row.cells, strict=True)):
            cell = page.cell(number, column + 1)
            takes = it.takes_answers and column not in row.locked
            _fill(cell, text, takes_answer=takes)
            if it.is_small:
                cell.font, cell.alignment = _SMALL, _ON_ONE_LINE
            if takes and (choices := row.choices.get(column)):
                formula = lists.formula(choices, f"{sheet.name}: {row.cells[0]}" if row.cells[0] else sheet.name)
                rule = offered.setdefault(
                    formula, DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=True)
                )
                rule.error, rule.errorTitle = "Choose one of the answers in the list.", "Not one of the answers"
                rule.add(cell.coordinate)
    for rule in offered.values():
        page.add_data_validation(rule)


def _height(columns: Sequence[BookColumn], cells: Sequence[str]) -> float:
    """Points for a row whose longest text is read whole: not every program finds that out by itself."""
    lines = [
        sum(1 + int(len(line) * _WIDENESS / column.width) for line in text.split("\n"))
        for column, text in zip(columns, cells, strict=True)
        if not (column.is_hidden or column.is_small)
    ]
    return min(_TALLEST, max(lines) * _LINE_HEIGHT + 4)


def _empty(sheet: BookSheet) -> list[BookRow]:
    return [BookRow([""] * len(sheet.columns))] * sheet.empty_rows


def _dress(page: Any, sheet: BookSheet) -> None:
    """Widths, frozen headings, protection, and how the sheet prints."""
    for number, column in enumerate(sheet.columns, 1):
        shape = page.column_dimensions[get_column_letter(number)]
        shape.width, shape.hidden = column.width, column.is_hidden
    page.freeze_panes = "B2"
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = page.protection.formatCells = False
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = sheet.pages_wide, 0
    page.oddFooter.left.text = sheet.name.replace("&", "&&")
    page.oddFooter.right.text = "Page &P of &N"


def _fill(cell: Cell, text: str, *, is_heading: bool = False, takes_answer: bool = False) -> None:
    cell.value = cell_text(text)[0] or None
    if cell.value is not None:
        cell.data_type = "s"
    cell.number_format, cell.border, cell.alignment = _TEXT, _BOX, _WRAPPED
    cell.font, cell.protection = _HEADING if is_heading else _BODY, _OPEN if takes_answer else _LOCKED
    if is_heading or takes_answer:
        cell.fill = _HEAD if is_heading else _TO_FILL_IN


def _write_lists(page: Any, lists: _Lists) -> None:
    longest = max(len(choices) for choices in lists.by_choices)
    columns = [BookColumn(heading, 36) for heading in lists.headings]
    rows = [
        BookRow([choices[number] if number < len(choices) else "" for choices in lists.by_choices])
        for number in range(longest)
    ]
    _write(page, BookSheet(CHOICES_SHEET, columns, rows), _Lists())
