"""One pass over each XML part of a workbook, before a reader that trusts it: how far it reaches and what it holds.

The reader of the cells fills a table from A1 to the last cell with a value, whatever the file says of its size, and
copies a shared string into each cell that points to it. Where a strange file could be read in two ways, the pass takes
the larger, or calls the file damaged.
"""

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pyexpat import ExpatError, ParserCreate

from audit_app.core.errors import Refused

MOST_CELLS = 2_000_000  # of one sheet, counted as rows times columns: what a reader must hold in memory
MOST_CHARACTERS = 20_000_000  # of one sheet, a shared string counted in each cell that shows it
_MOST_TAGS = 8_000_000  # of one part: a cell needs three at most, so this is what the most cells need and some more
_DEEPEST = 100
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # of any spreadsheet

_CELL = re.compile(r"([A-Za-z]{1,3})0{0,20}([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,7}")
_YES_OR_NO = ("TRUE()", "FALSE()")

DAMAGED = "This workbook is damaged: open it in your spreadsheet program, save it again as .xlsx and try that file."


class UnreadableFile(Refused):
    """Nothing can be read from this file; `reason` is the one sentence that says why."""


Place = tuple[int, int]
"""A cell by its row and its column, both counted from 1."""
_Attributes = dict[str, str]


@dataclass(frozen=True)
class NotPlain:
    """What a sheet holds beside plain values: merged cells by first and last, formulas, and errors such as #N/A."""

    merged: Sequence[tuple[Place, Place]]
    formulas: Sequence[Place]
    errors: Sequence[Place]


@dataclass(frozen=True)
class Content:
    """What a pass over a sheet found: its last row, even when nothing stands in it, and what is not plain."""

    last_row: int
    not_plain: NotPlain


class TooMuch(Exception):
    """A part holds more than can be read; whoever knows its name says so."""


class _Pass:
    """Calls the handlers of the tags that matter, by their names without a namespace, once through a part."""

    def __init__(self) -> None:
        # The encoding is given, or a part could name one in which it means something else to the next reader.
        self._parser = ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._no_doctype
        self._tags = self._depth = 0
        self.starts: Mapping[str, Callable[[_Attributes], None]] = {}
        self.ends: Mapping[str, Callable[[], None]] = {}

    def over(self, part: bytes) -> None:
        try:
            self._parser.Parse(part, True)
        except (ExpatError, ValueError):
            raise UnreadableFile(DAMAGED) from None
        finally:
            self._parser.StartElementHandler = self._parser.EndElementHandler = None
            self._parser.StartDoctypeDeclHandler = None

    def listen(self, hear: Callable[[str], None] | None) -> None:
        self._parser.CharacterDataHandler = hear

    def _start(self, name: str, attributes: _Attributes) -> None:
        self._tags += 1
        self._depth += 1
        if self._tags > _MOST_TAGS:
            raise TooMuch
        if self._depth > _DEEPEST:
            raise UnreadableFile(DAMAGED)
        if start := self.starts.get(_local(name)):
            start(attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if end := self.ends.get(_local(name)):
            end()

    def _no_doctype(self, *_: object) -> None:
        raise UnreadableFile(DAMAGED)


class _SheetPass(_Pass):
    def __init__(self, shared: Sequence[int]) -> None:
        super().__init__()
        self.shared = shared
        self.starts = {"sheetData": self._data, "mergeCell": self._merge}
        self.ends = {"sheetData": self._after_data}
        self.row = self.column = 0  # where the pass stands
        self.nth_row = self.nth_cell = 0  # a reader that misses a number counts on from the last one it knows
        self.place: Place = (0, 0)
        self.type = ""
        self.heard: list[str] = []
        self.in_cell = self.filled = False
        self.last_row = self.rows = self.columns = self.characters = 0
        self.merged: list[tuple[Place, Place]] = []
        self.formulas: list[Place] = []
        self.errors: list[Place] = []

    def _data(self, _: _Attributes) -> None:
        if self.nth_row:
            return
        self.starts = {
            "sheetData": self._nested,
            "row": self._row,
            "c": self._cell,
            "v": self._value,
            "is": self._inline,
            "f": self._formula,
        }
        self.ends = {
            "sheetData": self._after_data,
            "c": self._after_cell,
            "v": self._after_value,
            "is": self._silence,
            "f": self._after_formula,
        }

    def _after_data(self) -> None:
        self.starts, self.ends = {"sheetData": self._nested, "mergeCell": self._merge}, {}

    def _nested(self, _: _Attributes) -> None:
        raise UnreadableFile(DAMAGED)

    def _row(self, attributes: _Attributes) -> None:
        number = attributes.get("r")
        if number is not None and not _NUMBER.fullmatch(number):
            raise UnreadableFile(DAMAGED)
        self.nth_row += 1
        self.nth_cell = self.column = 0
        self.row = int(number) if number is not None else self.row + 1
        _within(self.row, 1)
        self.last_row = max(self.last_row, self.row)

    def _cell(self, attributes: _Attributes) -> None:
        if self.in_cell:
            raise UnreadableFile(DAMAGED)
        self.in_cell, self.filled = True, False
        self.nth_cell += 1
        name = attributes.get("r")
        self.place = (max(self.row, 1), self.column + 1) if name is None else _place(name)
        _within(*self.place)
        self.column = self.place[1]
        self.type = attributes.get("t", "n")
        self.last_row = max(self.last_row, self.place[0])
        if self.type == "e":
            self.errors.append(self.place)

    def _after_cell(self) -> None:
        self.in_cell = False
        if self.filled:
            self.rows = max(self.rows, self.place[0], self.row, self.nth_row)
            self.columns = max(self.columns, self.place[1], self.nth_cell)

    def _value(self, _: _Attributes) -> None:
        self.filled = True
        if self.type == "s":
            self.heard = []
            self.listen(self.heard.append)
        elif self.type not in ("n", "b", "e"):
            self.listen(self._count)

    def _after_value(self) -> None:
        self._silence()
        if self.type != "s" or not self.heard:
            return
        number, *more = self.heard
        if more or not _NUMBER.fullmatch(number) or int(number) >= len(self.shared):  # a number in pieces: two readings
            raise UnreadableFile(DAMAGED)
        self.heard = []
        self._add(self.shared[int(number)])

    def _inline(self, _: _Attributes) -> None:
        self.filled = True
        self.listen(self._count)

    def _formula(self, _: _Attributes) -> None:
        self.filled = True
        self.heard = []
        self.listen(self.heard.append)

    def _after_formula(self) -> None:
        self._silence()
        if "".join(self.heard) not in _YES_OR_NO and self.formulas[-1:] != [self.place]:
            self.formulas.append(self.place)
        self.heard = []

    def _silence(self) -> None:
        self.listen(None)

    def _count(self, text: str) -> None:
        self._add(len(text))

    def _add(self, characters: int) -> None:
        self.characters += characters
        if self.characters > MOST_CHARACTERS:
            raise TooMuch

    def _merge(self, attributes: _Attributes) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        self.merged.append((_place(first), _place(last or first)))


class _StringsPass(_Pass):
    def __init__(self) -> None:
        super().__init__()
        self.starts, self.ends = {"si": self._string}, {"si": self._after_string}
        self.lengths = array("I")
        self.length = -1

    def _string(self, _: _Attributes) -> None:
        if self.length >= 0:
            raise UnreadableFile(DAMAGED)
        self.length = 0
        self.listen(self._count)

    def _count(self, text: str) -> None:
        self.length += len(text)

    def _after_string(self) -> None:
        self.listen(None)
        self.lengths.append(self.length)
        self.length = -1


class _TagsPass(_Pass):
    def __init__(self, tag: str) -> None:
        super().__init__()
        self.found: list[_Attributes] = []
        self.starts = {tag: self.found.append}


def look_into(name: str, part: bytes, shared: Sequence[int]) -> Content:
    """What the XML of a sheet holds, where `shared` are the lengths of the workbook's shared strings.

    Raises:
        UnreadableFile: the sheet is too large, or damaged.
    """
    sheet = _SheetPass(shared)
    try:
        sheet.over(part)
    except TooMuch:
        raise UnreadableFile(
            f"Sheet “{name}” holds more text than can be read: "
            "delete the rows and columns that hold nothing you need and try again."
        ) from None
    if sheet.rows * sheet.columns > MOST_CELLS:
        raise UnreadableFile(
            f"Sheet “{name}” reaches to row {sheet.rows} and column {sheet.columns}, more than can be read: "
            "delete the rows and columns that hold nothing you need and try again."
        )
    return Content(sheet.last_row, NotPlain(tuple(sheet.merged), tuple(sheet.formulas), tuple(sheet.errors)))


def lengths_of_strings(part: bytes) -> Sequence[int]:
    strings = _StringsPass()
    strings.over(part)
    return strings.lengths


def tags_of(part: bytes, tag: str) -> list[_Attributes]:
    """The attributes of every tag of this name, in their order."""
    found = _TagsPass(tag)
    found.over(part)
    return found.found


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def _within(row: int, column: int) -> None:
    if not (1 <= row <= _LAST_ROW and 1 <= column <= _LAST_COLUMN):
        raise UnreadableFile(DAMAGED)


def _place(cell: str) -> Place:
    found = _CELL.fullmatch(cell)
    if not found:
        raise UnreadableFile(DAMAGED)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
