"""Uploaded spreadsheets: what may be opened, and the cells of what was."""

from audit_app.core.spreadsheets.cells import NotReadable, date_in, text_in
from audit_app.core.spreadsheets.parts import (
    DAMAGED,
    MOST_CELLS,
    MOST_CHARACTERS,
    NotPlain,
    Place,
    UnreadableFile,
)
from audit_app.core.spreadsheets.workbook import (
    ARCHIVE,
    EMPTY,
    LARGEST_FILE,
    LARGEST_UNPACKED,
    MEGABYTE,
    MOST_PARTS,
    OLD_CONTAINER,
    Sheet,
    Workbook,
    column_letter,
    open_workbook,
)

__all__ = [
    "ARCHIVE",
    "DAMAGED",
    "EMPTY",
    "LARGEST_FILE",
    "LARGEST_UNPACKED",
    "MEGABYTE",
    "MOST_CELLS",
    "MOST_CHARACTERS",
    "MOST_PARTS",
    "OLD_CONTAINER",
    "NotPlain",
    "NotReadable",
    "Place",
    "Sheet",
    "UnreadableFile",
    "Workbook",
    "column_letter",
    "date_in",
    "open_workbook",
    "text_in",
]
