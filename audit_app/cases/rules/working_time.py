"""Working hours and days in England: Monday to Friday, 9 to 17, without bank holidays."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ENGLAND = ZoneInfo("Europe/London")
DAY_BEGINS, DAY_ENDS = time(9), time(17)
MONDAY, SATURDAY, SUNDAY = 0, 5, 6


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales in a year, as the Banking and Financial Dealings Act 1971 and its yearly
    proclamations have it: one that falls on a weekend is taken on the next weekday that is none.

    A holiday for one occasion, such as a coronation, is not among them.
    """
    easter = easter_sunday(year)
    found = {
        _weekday_from(date(year, 1, 1)),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    christmas, boxing_day = date(year, 12, 25), date(year, 12, 26)
    if christmas.weekday() in {SATURDAY, SUNDAY}:  # then Boxing Day keeps its Monday, or both move on
        return frozenset({*found, date(year, 12, 27), _weekday_from(boxing_day, but_not=date(year, 12, 27))})
    return frozenset({*found, christmas, _weekday_from(boxing_day)})


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar (Anonymous algorithm of 1876, as in Butcher's Ecclesiastical Calendar)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    l = (32 + 2 * e + 2 * i - h - k) % 7  # noqa: E741 - the names of the formula
    m = (a + 11 * h + 22 * l) // 451
    month, day = divmod(h + l - 7 * m + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date) -> bool:
    """Whether offices are open on a day."""
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def after_working_minutes(start: datetime, minutes: int) -> datetime:
    """The moment at which so many working minutes have gone by since `start`; in UTC's terms as aware as `start`."""
    left = timedelta(minutes=minutes)
    at = start.astimezone(ENGLAND)
    for day in _working_days_from(at.date()):
        begins, ends = _hours_of(day)
        begins = max(begins, at)
        if begins < ends and left <= ends - begins:
            return (begins + left).astimezone(start.tzinfo)
        left -= max(ends - begins, timedelta())
    raise AssertionError("there is always another working day")


def after_working_days(start: datetime, days: int) -> datetime:
    """The end of the last of so many working days after the day of `start`, which does not count itself."""
    later = _working_days_from(start.astimezone(ENGLAND).date() + timedelta(days=1))
    last = [next(later) for _ in range(days)][-1]
    return _hours_of(last)[1].astimezone(start.tzinfo)


def _working_days_from(day: date) -> Iterator[date]:
    while True:
        if is_working_day(day):
            yield day
        day += timedelta(days=1)


def _hours_of(day: date) -> tuple[datetime, datetime]:
    return datetime.combine(day, DAY_BEGINS, ENGLAND), datetime.combine(day, DAY_ENDS, ENGLAND)


def _weekday_from(day: date, *, but_not: date | None = None) -> date:
    while day.weekday() >= SATURDAY or day == but_not:
        day += timedelta(days=1)
    return day


def _monday_from(day: date) -> date:
    return day + timedelta(days=(MONDAY - day.weekday()) % 7)
