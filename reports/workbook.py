"""Writes a workbook that anyone can open, read with a screen reader and work on: one titled table a worksheet.

The structure is the government Analysis Function's for accessible spreadsheets: a cover, a contents page with links,
then one marked-up table on each worksheet. Rows are taken one by one and never kept, so memory does not grow with them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from reports.cells import Link, Value, cell_text, looks_live, plain_value, without_controls

ROWS_A_SHEET = 1_000_000
"""Data rows on one worksheet; Excel holds 1,048,576 rows. More rows go on to a second worksheet."""

_Page = Any
"""A write-only worksheet: the published types know only half of what it can do."""

_A4 = 9
_DAY, _MOMENT = "d mmmm yyyy", "d mmmm yyyy hh:mm"
_CONTENTS = "Contents"
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `width` in characters of the body font."""

    heading: str
    width: float = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table on a worksheet of its own. `rows` may be any iterable and is read once, a row at a time.

    `about` says in a sentence what a row is. Column A should name the row: it stays in view when scrolling sideways.
    """

    name: str
    title: str
    about: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A whole workbook. `cover` are its lines, one a row; `marking` is repeated at the top of every worksheet."""

    title: str
    creator: str
    made_at: datetime
    marking: str
    cover: Sequence[str]
    sheets: Sequence[Sheet]


@dataclass(frozen=True, slots=True)
class Written:
    """What went into the file: data rows by worksheet, and how many texts were too long for a cell and were cut."""

    rows: dict[str, int]
    texts_cut: int


def write_workbook(book: Workbook, out: BinaryIO, *, rows_a_sheet: int = ROWS_A_SHEET) -> Written:
    """Write the workbook to `out` as .xlsx and say what was written.

    No text can become a formula, control characters are left out, dates are dates and numbers are numbers. Raises
    ValueError, before anything is written, where a worksheet's name or a heading is one that Excel would "repair".
    What `rows` raises while they are read goes through, and no temporary file stays behind.
    """
    _refuse_what_excel_repairs(book)
    binder = _Binder(book, rows_a_sheet)
    try:
        return binder.write(out)
    finally:
        binder.throw_away_leftovers()


def _refuse_what_excel_repairs(book: Workbook) -> None:
    names = ["cover", _CONTENTS.casefold()]
    for sheet in book.sheets:
        name = sheet.name
        # "History" is kept by Excel for its own use; the last three places are for the number of a continuation
        if not name.strip() or len(name) > 28 or _FORBIDDEN_IN_NAMES.search(name) or name.casefold() == "history":
            raise ValueError(f"a worksheet cannot be called {name!r}")
        if name.startswith("'") or name.endswith("'") or name.casefold() in names:
            raise ValueError(f"a worksheet cannot be called {name!r}")
        names.append(name.casefold())
        headings = [column.heading for column in sheet.columns]
        if not headings or len({heading.casefold() for heading in headings}) < len(headings):
            raise ValueError(f"{name}: every column needs a heading of its own")
        for heading in headings:
            ordinary = heading.isprintable() and heading == heading.strip() and "_x" not in heading
            if not ordinary or looks_live(heading) or not 0 < len(heading) < 256:
                raise ValueError(f"{name}: {heading!r} cannot be a heading")


class _Binder:
    """Puts one workbook together, page by page."""

    def __init__(self, book: Workbook, rows_a_sheet: int) -> None:
        self.book = book
        self.rows_a_sheet = rows_a_sheet
        self.file: Any = openpyxl.Workbook(write_only=True)
        self.rows: dict[str, int] = {}
        self.texts_cut = 0
        self._tables: set[str] = set()
        self._wrap_every_cell()
        for style in (
            NamedStyle("Heading 1", font=Font(name="Arial", size=15, bold=True), builtinId=16),
            NamedStyle("Line", font=Font(name="Arial", size=11), alignment=Alignment(vertical="top")),
            NamedStyle("Hyperlink", font=Font(name="Arial", size=11, color="0B5C5C", underline="single"), builtinId=8),
            NamedStyle(
                "Column heading",
                font=Font(name="Arial", size=11, bold=True),
                alignment=Alignment(wrap_text=True, vertical="bottom"),
            ),
        ):
            self.file.add_named_style(style)

    def _wrap_every_cell(self) -> None:
        """Make wrapped Arial text the file's default look, so that a plain cell needs no style of its own.

        openpyxl offers no public way to it. The public way, a style on each cell, took 1.5 times as long for
        20,000 rows of 12 cells; this one takes none.
        """
        self.file._fonts[0] = Font(name="Arial", size=11)
        default = self.file._cell_styles[0]
        default.alignmentId = self.file._alignments.add(Alignment(wrap_text=True, vertical="top"))

    def write(self, out: BinaryIO) -> Written:
        book, properties = self.book, self.file.properties
        properties.title, properties.creator = without_controls(book.title), without_controls(book.creator)
        properties.language, properties.created = "en-GB", book.made_at.astimezone(UTC).replace(tzinfo=None)
        self.file.calculation.fullCalcOnLoad = False  # nothing to work out, so nothing to save on closing
        self._cover()
        contents = self.file.create_sheet(_CONTENTS)
        listed: list[tuple[Link, str, int]] = []
        for sheet in book.sheets:
            listed.extend(self._sheet(sheet))
        about = "One row for each worksheet."
        if self.texts_cut:
            about += f" Texts too long for a cell: {self.texts_cut}. Each says at its end that it was cut."
        columns = (Column("Worksheet", 30), Column("What it holds", 80), Column("Rows", 10))
        self._table(contents, Sheet(_CONTENTS, _CONTENTS, about, columns, ()), iter(listed))
        self.file.save(out)
        return Written(self.rows, self.texts_cut)

    def _cover(self) -> None:
        page = self.file.create_sheet("Cover")
        page.column_dimensions["A"].width = 100
        page.sheet_view.tabSelected = True
        page.append([self._text(page, self.book.title, "Heading 1")])
        for line in (self.book.marking, *self.book.cover):
            page.append([self._cell(page, {}, 0, line)])
        page.append([self._link(page, Link("Contents of this workbook", _CONTENTS))])

    def _sheet(self, given: Sheet) -> Iterator[tuple[Link, str, int]]:
        """Write the table, on as many worksheets as it needs; gives a line of the contents for each."""
        rows, sheet = iter(given.rows), given
        for part in range(1, 100):
            first = list(islice(rows, 1))
            if part > 1 and not first:
                return
            if part > 1:
                sheet = replace(sheet, name=f"{given.name} {part}", title=f"{given.title} (continued, part {part})")
            page = self.file.create_sheet(sheet.name)
            self.rows[sheet.name] = self._table(page, sheet, islice(chain(first, rows), self.rows_a_sheet))
            yield Link(sheet.name, sheet.name), sheet.title, self.rows[sheet.name]

    def _table(self, page: _Page, sheet: Sheet, rows: Iterator[Sequence[Value]]) -> int:
        """Title, what it is, the way back, the heading row and the rows; gives the number of rows."""
        lines: list[Cell] = [
            self._text(page, sheet.title, "Heading 1"),
            self._text(page, sheet.about, "Line"),
            self._text(page, self.book.marking, "Line"),
        ]
        if page.title != _CONTENTS:
            lines.append(self._link(page, Link("Back to the contents", _CONTENTS)))
        head = len(lines) + 1
        self._set_up(page, sheet.columns, head)
        for line in lines:
            page.append([line])
        page.append([self._text(page, column.heading, "Column heading") for column in sheet.columns])
        count = self._rows(page, len(sheet.columns), rows)
        if count:
            self._mark_up(page, sheet.columns, head, count)
        else:
            page.append(["There are no rows: nothing had been recorded when this workbook was made."])
        page.close()
        return count

    def _rows(self, page: _Page, width: int, rows: Iterator[Sequence[Value]]) -> int:
        count = 0
        kept: dict[tuple[int, str], Cell] = {}
        for count, row in enumerate(rows, 1):
            if len(row) != width:
                raise ValueError(f"{page.title}: row {count} has {len(row)} values for {width} columns")
            page.append([self._cell(page, kept, place, value) for place, value in enumerate(row)])
        return count

    def _cell(self, page: _Page, kept: dict[tuple[int, str], Cell], place: int, value: Value) -> object:
        """What openpyxl takes as it is, where it can; else the cell kept for this column and look, filled again."""
        if isinstance(value, Link):
            return self._link(page, value)
        plain = value if type(value) is str else plain_value(value)
        if isinstance(plain, str):
            text, missing = cell_text(plain)
            self.texts_cut += missing > 0
            if not looks_live(text):
                return text or None
            cell = kept.get((place, "text")) or self._keep(page, kept, place, "text")
            cell.value, cell.data_type = text, "s"
            return cell
        if isinstance(plain, date):
            look = _MOMENT if isinstance(plain, datetime) else _DAY
            cell = kept.get((place, look)) or self._keep(page, kept, place, look)
            cell.value = plain
            return cell
        return plain

    @staticmethod
    def _keep(page: _Page, kept: dict[tuple[int, str], Cell], place: int, look: str) -> Cell:
        cell = kept[place, look] = WriteOnlyCell(page)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if look == "text":
            cell.quotePrefix = True  # so that it stays a text when someone edits the cell in Excel
        else:
            cell.number_format = look
        return cell

    def _mark_up(self, page: _Page, columns: Sequence[Column], head: int, count: int) -> None:
        """Tag the rows as a table, which screen readers announce and Excel can sort and filter."""
        name = f"Table_{re.sub('[^A-Za-z0-9]+', '_', page.title)}"
        while name.casefold() in self._tables:
            name += "_"
        self._tables.add(name.casefold())
        table = Table(displayName=name, ref=f"A{head}:{get_column_letter(len(columns))}{head + count}")
        table.tableColumns = [TableColumn(id=number, name=column.heading) for number, column in enumerate(columns, 1)]
        table.autoFilter = AutoFilter(ref=table.ref)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        page.tables.add(table)

    def _text(self, page: _Page, text: str, style: str) -> Cell:
        cell = WriteOnlyCell(page, cell_text(text)[0])
        cell.data_type = "s"
        cell.style = style
        return cell

    def _link(self, page: _Page, link: Link) -> Cell:
        cell = self._text(page, link.text, "Hyperlink")
        place = link.sheet.replace("'", "''")
        cell.hyperlink = Hyperlink(ref="", location=f"'{place}'!A1", display=link.text)
        return cell

    def throw_away_leftovers(self) -> None:
        """Remove the temporary files of worksheets that were never put into the workbook.

        openpyxl would leave them, with whatever evidence they hold, until the server stops.
        """
        for page in self.file.worksheets:
            if not page.closed:
                page.close()
            if Path(page._writer.out).exists():
                page._writer.cleanup()

    @staticmethod
    def _set_up(page: _Page, columns: Sequence[Column], head: int) -> None:
        # all of this stands before the rows in the file, so it cannot wait
        for number, column in enumerate(columns, 1):
            page.column_dimensions[get_column_letter(number)].width = column.width
        page.freeze_panes = f"B{head + 1}"
        page.print_title_rows = f"{head}:{head}"
        page.page_setup.orientation = "landscape"
        page.page_setup.paperSize = _A4
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
