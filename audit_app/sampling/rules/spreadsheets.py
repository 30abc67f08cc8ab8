"""From the bytes of an upload to rows of cells, whatever the bytes turn out to be. Everything stays in memory."""

import csv
import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from audit_app.core.errors import Refused
from audit_app.sampling.rules.headings import recognise

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_UNPACKED = 200 * MEGABYTE
MOST_PARTS = 2_000
MOST_CELLS = 2_000_000  # of one sheet, counted as rows times columns: what a reader must hold in memory

_OLD_CONTAINER = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?(?:v|is|f)\b')
_NOT_IN_A_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_SEPARATORS = (";", ",", "\t")

NOT_A_SPREADSHEET = "This file is not a spreadsheet: save the list as an Excel workbook (.xlsx) or as CSV."
DAMAGED = "This workbook is damaged: open it in your spreadsheet program, save it again as .xlsx and try that file."
EMPTY = "This file is empty."
NOT_A_WORKBOOK = (
    "This file is not an Excel workbook, although its name ends like that of one: open it in your spreadsheet program "
    "and save the list as an Excel workbook (.xlsx) or as CSV."
)

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
    """No population can be read from this file; `reason` is the one sentence that says why."""


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet, from its first row and column on."""

    name: str
    rows: Sequence[Sequence[object]]
    last_row: int  # the last row that the file itself speaks of, counted from 1, even when nothing stands in it


@dataclass(frozen=True)
class Spreadsheet:
    """An opened file. A CSV file is one sheet, and says how it was written."""

    sheet_names: tuple[str, ...]
    parts: Mapping[str, bytes]  # of a workbook: sheet name to XML
    workbook: CalamineWorkbook | None
    text: Sheet | None = None
    encoding: str = ""
    separator: str = ""

    def sheet(self, name: str) -> Sheet:
        """One sheet with its cells.

        Raises:
            UnreadableFile: the sheet is too large, or damaged.
        """
        if self.workbook is None:
            assert self.text is not None
            return self.text
        part = self.parts.get(name, b"")
        _refuse_too_many_cells(name, part)
        try:
            rows = self.workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except CalamineError:
            raise UnreadableFile(DAMAGED) from None
        last_row = max((int(found[1]) for found in _ROW.finditer(part)), default=0)
        return Sheet(name, rows, max(last_row, len(rows)))


def why_not_a_workbook(content: bytes, file_name: str) -> str | None:
    """The reason a file that bears the name of an Excel workbook is none, or None where it is, or bears another."""
    if not file_name.strip().lower().endswith((".xlsx", ".xlsm", ".xls")):
        return None
    if not content.strip() or len(content) > LARGEST_FILE or content.startswith((b"PK", _OLD_CONTAINER)):
        return None  # what is wrong with it has a sentence of its own
    return NOT_A_WORKBOOK


def open_spreadsheet(content: bytes) -> Spreadsheet:
    """Look into an upload: an Excel workbook, or a text with columns.

    Args:
        content: the bytes as they were uploaded.

    Raises:
        UnreadableFile: too large, empty, password-protected, of the old Excel format, damaged, larger than it
            pretends to be once unpacked, or no spreadsheet at all.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile("This file is larger than 20 MB: leave out what the audit does not need and try again.")
    if not content.strip():
        raise UnreadableFile(EMPTY)
    if content.startswith(_OLD_CONTAINER):
        if _ENCRYPTED in content:
            raise UnreadableFile("This file is protected by a password: save it without one and choose it again.")
        raise UnreadableFile("This is a file of an old Office format (such as .xls): save it as .xlsx and try again.")
    if content.startswith(b"PK"):
        return _open_workbook(content)
    return _open_text(content)


def _open_workbook(content: bytes) -> Spreadsheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_oversized_archive(archive)
            if _WORKBOOK not in archive.namelist():
                raise UnreadableFile(NOT_A_SPREADSHEET)
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
    return Spreadsheet(tuple(parts), parts, workbook)


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
            "delete the rows and columns that are not part of the list and try again."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _open_text(content: bytes) -> Spreadsheet:
    text, encoding = _decoded(content)
    if not text.strip():
        raise UnreadableFile(EMPTY)
    if _NOT_IN_A_TEXT.search(text) or text.lstrip().startswith(("<", "{", "%PDF")):
        raise UnreadableFile(NOT_A_SPREADSHEET)
    skipped = 0
    separators = list(_SEPARATORS)
    if said := re.match(r"sep=(.)\r?\n", text):  # how a CSV file tells Excel its separator
        text, skipped, separators = text[said.end() :], 1, [said[1]]
    separator = max(separators, key=lambda each: _likeness_to_a_list(text, each))
    rows: list[list[str]] = [[] for _ in range(skipped)]
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(row)
            cells += len(row)
            if cells > MOST_CELLS:
                raise UnreadableFile(
                    "This list has more than two million cells: leave out what the audit does not need."
                )
    except csv.Error:
        raise UnreadableFile(f"The quotation marks in or after row {len(rows) + 1} do not pair up.") from None
    return Spreadsheet(("",), {}, None, Sheet("", rows, len(rows)), encoding, separator)


def _decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: what its first bytes say, then UTF-8, then what Windows writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content[:200]:
        encodings = ["utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "windows-1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(NOT_A_SPREADSHEET)


def _likeness_to_a_list(text: str, separator: str) -> tuple[int, int]:
    """How many headings are recognised, then how many columns there are: the right separator has most."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # said later, when the separator is known
        rows.extend(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 20))
    return len(recognise(rows).at), max((len(row) for row in rows), default=0)
