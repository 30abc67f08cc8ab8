"""Working hours and days in England."""

from datetime import UTC, date, datetime

import pytest

from audit_app.cases.rules import after_working_days, after_working_minutes, bank_holidays, is_working_day

# As published on gov.uk for England and Wales.
PUBLISHED = {
    2025: ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"],
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_bank_holidays_are_those_that_were_published(year: int) -> None:
    assert bank_holidays(year) == {date.fromisoformat(f"{year}-{day}") for day in PUBLISHED[year]}


def test_holidays_on_a_weekend_are_taken_on_the_next_weekdays() -> None:
    assert {date(2022, 1, 3), date(2022, 12, 26), date(2022, 12, 27)} <= bank_holidays(2022)  # Christmas on a Sunday
    assert date(2028, 1, 3) in bank_holidays(2028)
    assert not is_working_day(date(2026, 12, 28))
    assert is_working_day(date(2026, 12, 29))


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-03-04 10:00", 60, "2026-03-04 11:00"),
        ("2026-03-04 16:00", 60, "2026-03-04 17:00"),
        ("2026-03-04 16:30", 60, "2026-03-05 09:30"),
        ("2026-03-04 07:00", 60, "2026-03-04 10:00"),
        ("2026-03-06 22:15", 60, "2026-03-09 10:00"),  # a Friday night
        ("2026-12-24 16:45", 60, "2026-12-29 09:45"),  # over Christmas
        ("2026-03-04 10:00", 481, "2026-03-05 10:01"),
    ],
)
def test_only_working_minutes_go_by(start: str, minutes: int, end: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert after_working_minutes(begun, minutes) == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_offices_keep_the_time_of_the_wall_clock() -> None:
    """In summer nine o'clock is eight in UTC, and so it is on the Monday after the clocks went forward."""
    begun = datetime(2026, 3, 27, 16, 30, tzinfo=UTC)
    assert after_working_minutes(begun, 60) == datetime(2026, 3, 30, 8, 30, tzinfo=UTC)


def test_a_limit_in_days_ends_with_the_last_working_day() -> None:
    begun = datetime(2026, 4, 1, 11, 0, tzinfo=UTC)  # the Wednesday before Easter
    assert after_working_days(begun, 1) == datetime(2026, 4, 2, 16, 0, tzinfo=UTC)
    assert after_working_days(begun, 2) == datetime(2026, 4, 7, 16, 0, tzinfo=UTC)
