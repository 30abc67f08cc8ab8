"""From the bytes of an upload to rows of cells: a workbook, or a text with columns. Everything stays in memory."""

import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from audit_app.core.spreadsheets import (
    ARCHIVE,
    EMPTY,
    LARGEST_FILE,
    MOST_CELLS,
    OLD_CONTAINER,
    Sheet,
    UnreadableFile,
    Workbook,
    open_workbook,
)
from audit_app.sampling.rules.headings import recognise

_NOT_IN_A_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_SEPARATORS = (";", ",", "\t")

NOT_A_SPREADSHEET = "This file is not a spreadsheet: save the list as an Excel workbook (.xlsx) or as CSV."
NOT_A_WORKBOOK = (
    "This file is not an Excel workbook, although its name ends like that of one: open it in your spreadsheet program "
    "and save the list as an Excel workbook (.xlsx) or as CSV."
)


@dataclass(frozen=True)
class TextTable:
    """A text with columns, which is one sheet without a name, and how it was written."""

    text: Sheet
    encoding: str
    separator: str

    @property
    def sheet_names(self) -> tuple[str, ...]:
        return (self.text.name,)

    def sheet(self, _name: str) -> Sheet:
        """The one sheet."""
        return self.text


Opened = Workbook | TextTable
"""A file that can be read, sheet by sheet."""


def why_not_a_workbook(content: bytes, file_name: str) -> str | None:
    """The reason a file that bears the name of an Excel workbook is none, or None where it is, or bears another."""
    if not file_name.strip().lower().endswith((".xlsx", ".xlsm", ".xls")):
        return None
    if not content.strip() or len(content) > LARGEST_FILE or content.startswith((ARCHIVE, OLD_CONTAINER)):
        return None  # what is wrong with it has a sentence of its own
    return NOT_A_WORKBOOK


def open_spreadsheet(content: bytes) -> Opened:
    """Look into an upload: an Excel workbook, or a text with columns.

    Args:
        content: the bytes as they were uploaded.

    Raises:
        UnreadableFile: what `open_workbook` refuses, and what is neither a workbook nor a text with columns.
    """
    return open_workbook(content) or _open_text(content)


def _open_text(content: bytes) -> TextTable:
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
    return TextTable(Sheet("", rows, len(rows)), encoding, separator)


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
