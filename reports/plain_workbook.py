"""Writes a workbook that people fill in and send back: plain tables, headings in the first row, every cell a text.

`reports.workbook` writes what is read. Here nothing stands above the headings and nothing is marked up, so that a table
can be sorted, filtered and added to in any spreadsheet program, and is read back as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from reports.cells import cell_text, without_controls

ROWS_TO_FILL_IN = 1_000
"""Down to this row a column offers its choices."""

_TEXT = "@"
"""The format under which programs keep what is typed: 1-4 stays 1-4, and =A1 is no formula."""

_LONGEST_LIST = 255
"""Characters that Excel takes as the choices of a column."""


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """One column. `width` in characters of the body font; `choices` are offered, and anything else may be typed."""

    heading: str
    width: float = 16
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """One table on a worksheet of its own."""

    name: str
    columns: Sequence[PlainColumn]
    rows: Sequence[Sequence[str]]


def write_plain_workbook(title: str, sheets: Sequence[PlainSheet]) -> bytes:
    """The sheets as the bytes of an .xlsx file.

    Line ends become one newline, control characters are left out, and no text becomes a formula, a number or a date.
    Raises ValueError, before anything is written, where a row has not as many cells as its sheet has columns.
    """
    for sheet in sheets:
        for number, row in enumerate(sheet.rows, 2):
            if len(row) != len(sheet.columns):
                raise ValueError(f"{sheet.name}: row {number} has {len(row)} cells for {len(sheet.columns)} columns")
    book: Any = openpyxl.Workbook(write_only=True)
    book.properties.title, book.properties.language = without_controls(title), "en-GB"
    book.calculation.fullCalcOnLoad = False
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write(page: Any, sheet: PlainSheet) -> None:
    for number, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = _TEXT
        page.column_dimensions[letter].alignment = Alignment(wrap_text=True, vertical="top")
        if column.choices and _can_be_offered(column.choices):
            page.data_validations.append(_choices(column.choices, f"{letter}2:{letter}{ROWS_TO_FILL_IN}"))
    page.freeze_panes = "A2"
    page.append([_cell(page, column.heading, is_heading=True) for column in sheet.columns])
    for row in sheet.rows:
        page.append([_cell(page, text) for text in row])


def _cell(page: Any, text: str, *, is_heading: bool = False) -> Cell:
    cell = WriteOnlyCell(page, cell_text(text)[0] or None)
    if cell.value is not None:
        cell.data_type = "s"
    cell.number_format = _TEXT
    cell.font = Font(name="Arial", size=11, bold=is_heading)
    cell.alignment = Alignment(wrap_text=True, vertical="bottom" if is_heading else "top")
    return cell


def _choices(choices: Sequence[str], where: str) -> DataValidation:
    listed = ",".join(choices).replace('"', '""')
    offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
    offered.add(where)
    return offered


def _can_be_offered(choices: Sequence[str]) -> bool:
    """Whether Excel takes them as a list: short enough, and none with the comma that would cut it in two."""
    return len(",".join(choices)) <= _LONGEST_LIST and not any("," in choice for choice in choices)
