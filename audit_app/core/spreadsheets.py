"""From the bytes of an upload to the cells of a workbook, whatever the bytes turn out to be. All stays in memory."""

import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from audit_app.core.errors import Refused

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_UNPACKED = 200 * MEGABYTE
MOST_PARTS = 2_000
MOST_CELLS = 2_000_000  # of one sheet, counted as rows times columns: what a reader must hold in memory

_CELL = rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*'
_FORMULA = re.compile(_CELL + rb"<(?:\w+:)?f\b(?:[^>]*>(TRUE\(\)|FALSE\(\))<)?")
_ERROR = re.compile(rb'(?=<(?:\w+:)?c\b[^>]*\bt="e")' + _CELL)

ARCHIVE = b"PK"
"""How a workbook begins, as every packed archive does."""
OLD_CONTAINER = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?(?:v|is|f)\b')

DAMAGED = "This workbook is damaged: open it in your spreadsheet program, save it again as .xlsx and try that file."
EMPTY = "This file is empty."

# What the two readers raise on an archive that someone cut, glued or encrypted.
_BROKEN_WORKBOOK = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # an encrypted part, or a way of packing that is not known
    ValueError,
    CalamineError,
)


class UnreadableFile(Refused):
    """Nothing can be read from this file; `reason` is the one sentence that says why."""


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet, from its first row and column on."""

    name: str
    rows: Sequence[Sequence[object]]
    last_row: int  # the last row that the file itself speaks of, counted from 1, even when nothing stands in it


Place = tuple[int, int]
"""A cell by its row and its column, both counted from 1."""


@dataclass(frozen=True)
class NotPlain:
    """What a sheet holds beside plain values: merged cells by first and last, formulas, and errors such as #N/A."""

    merged: Sequence[tuple[Place, Place]]
    formulas: Sequence[Place]
    errors: Sequence[Place]


@dataclass(frozen=True)
class Workbook:
    """An opened workbook. `parts` are the XML of its sheets by their names."""

    sheet_names: tuple[str, ...]
    parts: Mapping[str, bytes]
    opened: CalamineWorkbook

    def sheet(self, name: str) -> Sheet:
        """One sheet with its cells.

        Raises:
            UnreadableFile: the sheet is too large, or damaged.
        """
        part = self.parts.get(name, b"")
        _refuse_too_many_cells(name, part)
        try:
            rows = self.opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except CalamineError:
            raise UnreadableFile(DAMAGED) from None
        last_row = max((int(found[1]) for found in _ROW.finditer(part)), default=0)
        return Sheet(name, rows, max(last_row, len(rows)))

    def not_plain(self, name: str) -> NotPlain:
        """What of a sheet that could be read is more than a value in a cell: readers give less of it than people see.

        A formula comes as what the last program made of it, which may be nothing, and an error as an empty cell. The
        formulas TRUE() and FALSE() are left out: LibreOffice writes an answer of yes or no so.
        """
        part = self.parts.get(name, b"")
        merged = self.opened.get_sheet_by_name(name).merged_cell_ranges or ()
        return NotPlain(
            merged=tuple((_from_one(first), _from_one(last)) for first, last in merged),
            formulas=tuple(_place(cell) for cell in _FORMULA.finditer(part) if not cell[3]),
            errors=tuple(_place(cell) for cell in _ERROR.finditer(part)),
        )


def open_workbook(content: bytes) -> Workbook | None:
    """Look into an upload that may be an Excel workbook. None where it is none: perhaps a text, perhaps anything else.

    Raises:
        UnreadableFile: too large, empty, password-protected, of the old Excel format, damaged, or larger than it
            pretends to be once unpacked.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile("This file is larger than 20 MB: leave out what is not needed and try again.")
    if not content.strip():
        raise UnreadableFile(EMPTY)
    if content.startswith(OLD_CONTAINER):
        if _ENCRYPTED in content:
            raise UnreadableFile("This file is protected by a password: save it without one and choose it again.")
        raise UnreadableFile("This is a file of an old Office format (such as .xls): save it as .xlsx and try again.")
    return _open_archive(content) if content.startswith(ARCHIVE) else None


def _open_archive(content: bytes) -> Workbook | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_oversized_archive(archive)
            if _WORKBOOK not in archive.namelist():
                return None
            sheets = _sheet_parts(archive)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except _BROKEN_WORKBOOK:
        raise UnreadableFile(DAMAGED) from None
    described = workbook.sheets_metadata
    if len(described) != len(sheets):
        raise UnreadableFile(DAMAGED)
    parts = {
        sheet.name: part
        for sheet, part in zip(described, sheets, strict=True)
        if sheet.typ is SheetTypeEnum.WorkSheet  # and not a chart on a sheet of its own
    }
    return Workbook(tuple(parts), parts, workbook)


def _refuse_oversized_archive(archive: zipfile.ZipFile) -> None:
    """Unpack every part once, no further than allowed, before any reader that trusts the sizes sees the file."""
    entries = archive.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise UnreadableFile("This file unpacks to more than 200 MB, so it was not opened.")
    for entry in entries:
        with archive.open(entry) as part:  # stops at the size the entry claims, and checks the sum
            while part.read(MEGABYTE):
                pass


def _sheet_parts(archive: zipfile.ZipFile) -> list[bytes]:
    """The XML of each sheet, in the order of the workbook; raises KeyError where a part is missing."""
    targets = {
        relation[b"Id"]: relation[b"Target"].decode()
        for relation in map(_attributes, _RELATION.findall(archive.read(_RELATIONS)))
    }
    parts = []
    for sheet in map(_attributes, _SHEET.findall(archive.read(_WORKBOOK))):
        relation = next((value for name, value in sheet.items() if name.endswith(b":id")), b"")
        path = posixpath.normpath(posixpath.join("/xl", targets[relation])).lstrip("/")
        parts.append(archive.read(path))
    return parts


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(tag))


def _refuse_too_many_cells(name: str, part: bytes) -> None:
    rows = columns = 0
    for found in _FILLED_CELL.finditer(part):
        rows = max(rows, int(found[2]))
        columns = max(columns, _column_number(found[1]))
    if rows * columns > MOST_CELLS:
        raise UnreadableFile(
            f"Sheet “{name}” reaches to row {rows} and column {columns}, more than can be read: "
            "delete the rows and columns that hold nothing you need and try again."
        )


def column_letter(column: int) -> str:
    """The letter above a column in a spreadsheet, for a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _from_one(place: Place) -> Place:
    return place[0] + 1, place[1] + 1


def _place(cell: re.Match[bytes]) -> Place:
    return int(cell[2]), _column_number(cell[1])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
