"""What may stand in one cell of a spreadsheet, whatever people typed."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

LONGEST_TEXT = 32_767
"""Characters a cell holds in Excel, which counts in UTF-16: a character outside the basic plane counts twice."""

_LONDON = ZoneInfo("Europe/London")
_FIRST_DAY = date(1900, 3, 1)
"""Excel believes in a 29 February 1900, so programs disagree about every day before this one."""

_LARGEST_WHOLE = 2**53
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LOOKS_LIVE = ("=", "+", "-", "@", "#")


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to the top of another worksheet of the same workbook."""

    text: str
    sheet: str


Value = str | int | float | Decimal | bool | date | datetime | Link | None
"""What a row may hold. A datetime is a moment (UTC or any other zone) and is shown as the clock in London showed it."""


def looks_live(text: str) -> bool:
    """Whether a spreadsheet program might run this text, or take it for an error value, instead of showing it."""
    return text.startswith(_LOOKS_LIVE)


def without_controls(text: str) -> str:
    """The text as it can be written: line ends become one newline; other control characters, lone halves of a
    surrogate pair and the two code points that XML forbids are left out. Tabs and newlines stay."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cell_text(text: str) -> tuple[str, int]:
    """The text for the file, and how many of its characters (UTF-16) were left out because a cell holds no more.

    A text that is cut says so at its end. Excel reads `_x0041_` as the letter A, so a typed underscore that would start
    such a code is itself written as its code (ECMA-376 part 1, 22.9.2.19). Only blanks is nothing: an empty string.
    """
    # nearly every text passes here, and at 1,500,000 cells the quick look pays
    if text.isprintable() and "_x" not in text and len(text) * 2 <= LONGEST_TEXT and not text.isspace():
        return text, 0
    text = without_controls(text)
    if text.isspace():
        return "", 0
    length = _utf16_length(text)
    escaped = _ESCAPE_LOOKALIKE.sub("_x005F_", text)
    if _utf16_length(escaped) <= LONGEST_TEXT:
        return escaped, 0
    room = LONGEST_TEXT - 60 if escaped == text else (LONGEST_TEXT - 60) // 2
    kept = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
    missing = length - _utf16_length(kept)
    return f"{_ESCAPE_LOOKALIKE.sub('_x005F_', kept)} [Cut here: {missing:,} more characters do not fit]", missing


def plain_value(value: Value) -> str | int | float | Decimal | date | datetime | None:
    """One value as a spreadsheet understands it: yes or no as words, moments as London time without a zone.

    Whole numbers too large to be kept exactly and days that programs disagree about become text. Raises ValueError for
    a number that is not one, or a moment without its zone; TypeError for anything else.
    """
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value} says no time zone")
        value = value.astimezone(_LONDON).replace(tzinfo=None, microsecond=0)
        return value if value.date() >= _FIRST_DAY else f"{value.day} {value:%B} {value.year}"
    if isinstance(value, date):
        return value if value >= _FIRST_DAY else f"{value.day} {value:%B} {value.year}"
    if isinstance(value, int):
        return value if abs(value) < _LARGEST_WHOLE else str(value)
    if isinstance(value, float | Decimal):
        if not _is_finite(value):
            raise ValueError(f"{value} is not a number that a cell can hold")
        return value
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"a cell cannot hold {type(value).__name__}")


def moment_in_words(moment: datetime) -> str:
    """A moment as pages write it, in London's time: "4 March 2026 at 14:05"."""
    local = moment.astimezone(_LONDON)
    return f"{day_in_words(local)} at {local:%H:%M}"


def day_in_words(day: date) -> str:
    """A day as pages write it: "4 March 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def _is_finite(value: float | Decimal) -> bool:
    return Decimal(value).is_finite()


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
