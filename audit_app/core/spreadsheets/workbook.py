"""From the bytes of an upload to the cells of a workbook, whatever the bytes turn out to be. All stays in memory."""

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from audit_app.core.spreadsheets.parts import (
    DAMAGED,
    Content,
    NotPlain,
    TooMuch,
    UnreadableFile,
    lengths_of_strings,
    look_into,
    tags_of,
)

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_UNPACKED = 200 * MEGABYTE
MOST_PARTS = 2_000
ARCHIVE = b"PK"
"""How a workbook begins, as every packed archive does."""
OLD_CONTAINER = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedstrings.xml"
_TYPES = "[content_types].xml"
_ROOT = "_rels/.rels"
_TO_WORKBOOK = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="xl/workbook.xml"/></Relationships>'
)

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
    TooMuch,
)


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet, from its first row and column on."""

    name: str
    rows: Sequence[Sequence[object]]
    last_row: int  # the last row that the file itself speaks of, counted from 1, even when nothing stands in it


@dataclass(frozen=True)
class Workbook:
    """An opened workbook. `parts` are the XML of its sheets by their names, `shared` the lengths of shared strings."""

    sheet_names: tuple[str, ...]
    parts: Mapping[str, bytes]
    shared: Sequence[int]
    opened: CalamineWorkbook
    _seen: dict[str, Content] = field(default_factory=dict, repr=False, compare=False)

    def sheet(self, name: str) -> Sheet:
        """One sheet with its cells.

        Raises:
            UnreadableFile: the sheet is too large, or damaged.
        """
        last_row = self._look_into(name).last_row
        try:
            rows = self.opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except CalamineError:
            raise UnreadableFile(DAMAGED) from None
        return Sheet(name, rows, max(last_row, len(rows)))

    def not_plain(self, name: str) -> NotPlain:
        """What of a sheet that could be read is more than a value in a cell: readers give less of it than people see.

        A formula comes as what the last program made of it, which may be nothing, and an error as an empty cell. The
        formulas TRUE() and FALSE() are left out: LibreOffice writes an answer of yes or no so.
        """
        return self._look_into(name).not_plain

    def _look_into(self, name: str) -> Content:
        if name not in self._seen:
            self._seen[name] = look_into(name, self.parts[name], self.shared)
        return self._seen[name]


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
            kept = _unpacked(archive)
        if _WORKBOOK not in kept:
            return None
        sheets = _sheet_parts(kept)
        strings = next((part for name, part in kept.items() if name.lower() == _STRINGS), b"<sst/>")
        shared = lengths_of_strings(strings)
        workbook = CalamineWorkbook.from_filelike(_packed_again(kept))
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
    return Workbook(tuple(parts), parts, shared, workbook)


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack every part once, no further than allowed, and keep those that a workbook is read from.

    Two parts of one name are refused, as each reader would choose for itself which of them to read.
    """
    entries = archive.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise UnreadableFile("This file unpacks to more than 200 MB, so it was not opened.")
    if len({entry.filename.replace("\\", "/").lower() for entry in entries}) < len(entries):
        raise UnreadableFile(DAMAGED)
    kept = {}
    for entry in entries:
        name = entry.filename.lower()
        keep = name == _TYPES or (name.startswith("xl/") and name.endswith((".xml", ".rels")))
        pieces = []
        with archive.open(entry) as part:  # stops at the size the entry claims, and checks the sum
            while piece := part.read(MEGABYTE):
                if keep:
                    pieces.append(piece)
        if keep:
            kept[entry.filename] = b"".join(pieces)
    return kept


def _packed_again(parts: Mapping[str, bytes]) -> io.BytesIO:
    """An archive of the parts that were looked at, so that the next reader finds these and no others."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(_ROOT, _TO_WORKBOOK)
        for name, part in parts.items():
            packed.writestr(name, part)
    written.seek(0)
    return written


def _sheet_parts(kept: Mapping[str, bytes]) -> list[bytes]:
    """The XML of each sheet, in the order of the workbook; raises KeyError where a part is missing."""
    relations = tags_of(kept[_RELATIONS], "Relationship")
    targets = {relation["Id"]: relation["Target"] for relation in relations}
    if len(targets) < len(relations):
        raise UnreadableFile(DAMAGED)
    parts = []
    for sheet in tags_of(kept[_WORKBOOK], "sheet"):
        ids = [value for name, value in sheet.items() if name.endswith(":id")]
        target = targets[ids[0]] if len(ids) == 1 else ""
        if not target or target.startswith("xl/"):  # from where this is read differs from reader to reader
            raise UnreadableFile(DAMAGED)
        parts.append(kept[posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")])
    return parts


def column_letter(column: int) -> str:
    """The letter above a column in a spreadsheet, for a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
