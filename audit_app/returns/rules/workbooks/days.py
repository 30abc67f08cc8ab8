"""Days as people type them into a cell."""

import re
from datetime import date, datetime

_NUMBERS = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.? (\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

NO_DAY = "Write a day such as 4 March 2026 or 4/3/2026."


def read_day(cell: object, text: str) -> date | None:
    """The day that a cell holds, however it came there: a date, 4/3/2026 (day first), 4 March 2026 or 2026-03-04.
    None where it is no day between 1900 and 2200."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = " ".join(text.replace(",", " ").split())
    if found := _ISO.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := _NUMBERS.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if (found := _WORDS.fullmatch(text)) and found[2][:3].lower() in _MONTHS:
        return _day(found[3], str(_MONTHS.index(found[2][:3].lower()) + 1), found[1])
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None
