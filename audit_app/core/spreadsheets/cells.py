"""A cell of an uploaded or pasted table: its words, and the day it means."""

import re
from datetime import date, datetime

# What stands in a cell that has nothing to say. Spreadsheets write the first ones when a formula fails.
_NOTHING = {"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "n/a", "null", "nan", "none", "-", "–"}

_NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_NAMED_DATE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/]([a-z]{3})[a-z]*\.?,?[ \-/](\d{4}|\d{2})", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?Z?$", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EARLIEST_SERIAL, _LATEST_SERIAL = 18264, 73415  # 1950 and 2100, in the days that spreadsheets count from 1900


class NotReadable(ValueError):
    """What a cell holds cannot be understood. The reason never repeats what the cell holds."""


def text_in(cell: object) -> str:
    """The words of a cell: plain spaces and straight quotes, nothing around them, "" where it says nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    words = str(cell).replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"').replace("\u200b", "")
    words = " ".join(words.split())
    return "" if words.casefold() in _NOTHING else words


def date_in(cell: object, *, earliest: int = 1950) -> date | None:
    """A day: a real date, dd/mm/yyyy and its relatives, or a spreadsheet's count of days; None for an empty cell.

    Args:
        cell: what stands in the cell.
        earliest: the first year that can be meant.

    Raises:
        NotReadable: this is no day, or not one between `earliest` and 2100.
    """
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not _EARLIEST_SERIAL <= cell <= _LATEST_SERIAL:
            raise NotReadable("this number is not a date")
        day = date.fromordinal(date(1899, 12, 30).toordinal() + int(cell))
    elif words := text_in(cell):
        day = _day_in_words(words)
    else:
        return None
    if not earliest <= day.year <= 2100:
        raise NotReadable(f"the year is not between {earliest} and 2100")
    return day


def _day_in_words(words: str) -> date:
    words = _TIME_OF_DAY.sub("", words)
    if found := _ISO_DATE.fullmatch(words):
        year, month, day = (int(part) for part in found.groups())
    elif found := _NUMERIC_DATE.fullmatch(words):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _NAMED_DATE.fullmatch(words)) and found[2].casefold() in _MONTHS:
        day, month, year = int(found[1]), _MONTHS.index(found[2].casefold()) + 1, int(found[3])
    else:
        raise NotReadable("this is not a date")
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        return date(year, month, day)
    except ValueError:
        raise NotReadable("there is no such day; dates are read as day, month, year") from None
