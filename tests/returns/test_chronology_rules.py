"""Reading pasted chronologies, and the time line with its silences: pure functions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit_app.indicators.rules import AgeBand
from audit_app.returns import rules
from audit_app.returns.rules import Event, Pasted, Span, Window, as_pasted, read_pasted, silences, with_silences

TODAY = date(2026, 3, 4)
DAY = date(2026, 3, 3)


def read(text: str) -> Pasted:
    return read_pasted(text, today=TODAY)


# --- what was pasted ---


@pytest.mark.parametrize(
    "written",
    [
        *("3/3/2026", "03/03/26", "3.3.2026", "03-03-2026", "3 March 2026", "3rd March 2026", "3-Mar-26"),
        *("2026-03-03", "2026-03-03 14:30", "2026-03-03T14:30:00", "03/03/2026 2:30 pm", "Tue 3 March 2026"),
        *("Tuesday, 3 March 2026", "46084", "46084.6", " 3/3/2026 "),
    ],
)
def test_a_date_is_read_however_it_is_written_here(written: str) -> None:
    assert read(f"{written}\tPolice were called").events == [Event(DAY, "Police were called")]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("3/3/2026\tFell\tPain\tSeen by a doctor\n", [Event(DAY, "Fell", "Pain", "Seen by a doctor")]),
        ("3/3/2026;Fell;;Seen", [Event(DAY, "Fell", "", "Seen")]),
        ('3/3/2026,"Fell, twice",Pain', [Event(DAY, "Fell, twice", "Pain")]),
        ('3/3/2026\t"Fell\r\nand said ""ow"""\t', [Event(DAY, 'Fell\nand said "ow"')]),
        ('3/3/2026\t"Ow" she said\tPain', [Event(DAY, '"Ow" she said', "Pain")]),
        ("Date\tEvent\n3/3/2026\tFell", [Event(DAY, "Fell")]),
        (
            "Ref;Action taken;What happened?;Date of event;Impact on the child\n1;Visit;Fell;3/3/2026;Pain",
            [Event(DAY, "Fell", "Pain", "Visit")],
        ),
        ("\n\t\t\n3/3/2026\tFell\t\t\t\t\n\n", [Event(DAY, "Fell")]),
        ("", []),
        ("   \n", []),
    ],
)
def test_rows_are_read_as_programs_put_them_on_the_clipboard(text: str, events: list[Event]) -> None:
    pasted = read(text)
    assert pasted.events == events
    assert pasted.problems == []
    assert pasted.left == ""


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("soon\tFell", "Date", "soon", "this is not a date"),
        ("31/2/2026\tFell", "Date", "31/2/2026", "no such day"),
        ("\tFell", "Date", "", "there is no date"),
        ("3/3/1850\tFell", "Date", "3/3/1850", "more than 100 years ago"),
        ("3/3/2026\t\tPain", "Event", "", "does not say what happened"),
        (f"3/3/2026\tFell\t{'x' * 4_001}", "Impact on the child", "x" * 60, "4,000 characters or fewer"),
        ("3/3/2026\ta\tb\tc\td", "Response", "c", "more than four columns"),
        ("nothing but words", "Date", "nothing but words", "this is not a date"),
    ],
)
def test_a_row_that_cannot_be_read_says_where_and_why_and_stays(row: str, column: str, value: str, reason: str) -> None:
    pasted = read(f"3/3/2026\tFell\n{row}")
    (problem,) = pasted.problems
    assert (problem.row, problem.column, problem.value) == (2, column, value)
    assert reason in problem.reason
    assert len(pasted.events) == 1
    assert read(pasted.left).problems[0].reason == problem.reason


def test_what_is_left_keeps_its_headings_and_columns_without_a_place_are_named() -> None:
    pasted = read("What happened;Source;When\nFell;letter;soon\nFell;letter;3/3/2026")
    assert pasted.ignored == ["Source"]
    assert pasted.left == "What happened\tSource\tWhen\nFell\tletter\tsoon"
    assert read(pasted.left.replace("soon", "3/3/2026")).events == pasted.events == [Event(DAY, "Fell")]


texts = some.text(some.characters(codec="utf-8", exclude_characters="\r\0\ufeff")).map(str.strip)
days = some.dates(date(1930, 1, 1), TODAY)


@given(some.lists(some.builds(Event, days, texts.filter(bool), texts, texts), max_size=6))
def test_events_survive_the_clipboard(events: list[Event]) -> None:
    pasted = read(as_pasted(events))
    assert pasted.events == events
    assert pasted.problems == []


@given(some.text(some.sampled_from('03/26\t\n;,"abDate Event'), max_size=60))
def test_whatever_is_pasted_nothing_of_it_vanishes_unsaid(text: str) -> None:
    pasted = read(text)
    assert len(read(pasted.left).problems) == len(pasted.problems)
    assert read(pasted.left).events == []


def test_the_same_day_and_event_is_there_already_however_it_is_spaced() -> None:
    there = [Event(DAY, "Fell  down", "Pain")]
    wanted = [Event(DAY, "fell down"), Event(DAY, "Ran"), Event(DAY, "RAN"), Event(TODAY, "Fell down")]
    assert rules.not_there_yet(wanted, there) == [Event(DAY, "Ran"), Event(TODAY, "Fell down")]


# --- the time line ---


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 5), date(2026, 4, 5), 3),
        (date(2026, 1, 5), date(2026, 4, 4), 2),
        (date(2025, 11, 30), date(2026, 2, 28), 3),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 1, 5), date(2026, 1, 5), 0),
    ],
)
def test_months_between_two_days_are_whole_calendar_months(start: date, end: date, months: int) -> None:
    assert rules.months_between(start, end) == months


def test_silences_of_three_months_and_more_are_found_from_the_first_day_to_the_last() -> None:
    window = Window(date(2025, 1, 1), date(2026, 3, 1))
    days_told = [date(2024, 2, 1), date(2025, 5, 10), date(2025, 8, 9), date(2025, 8, 20), date(2026, 4, 1)]
    assert silences(days_told, window) == [
        Span(date(2025, 1, 1), date(2025, 5, 10), 4),
        Span(date(2025, 8, 20), date(2026, 3, 1), 6),
    ]
    assert silences([], Window(None, TODAY)) == []
    assert silences([date(2025, 1, 1)], Window(None, TODAY)) == [Span(date(2025, 1, 1), TODAY, 14)]


@given(some.lists(some.dates(date(2023, 1, 1), date(2026, 12, 31)), max_size=12), some.booleans())
def test_the_line_keeps_every_event_in_order_and_no_event_lies_in_a_silence(
    happened: list[date], is_open: bool
) -> None:
    window = Window(None if is_open else date(2024, 3, 31), TODAY)
    line = with_silences([(day, day) for day in happened], window)
    assert [one for one in line if isinstance(one, date)] == sorted(happened)
    spans = [one for one in line if isinstance(one, Span)]
    assert spans == list(silences(happened, window))
    for span in spans:
        assert span.months >= 3
        assert not any(span.start < day < span.end for day in happened)
    starts = [one.start if isinstance(one, Span) else one for one in line]
    inside = [day for day in starts if window.holds(day)]
    assert inside == sorted(inside)


@given(some.dates(date(2020, 1, 1), TODAY), some.integers(0, 60))
def test_a_month_later_and_back_is_never_more_than_days_away(day: date, months: int) -> None:
    there = rules.months_later(day, months)
    assert rules.months_between(day, there) == months
    assert timedelta(0) <= day - rules.months_later(there, -months) <= timedelta(days=3)


def test_the_look_back_period_is_counted_back_from_the_day_the_round_opened() -> None:
    assert rules.look_back_start(date(2026, 2, 28), 24) == date(2024, 2, 28)
    assert rules.look_back_start(None, 24) is None
    assert rules.look_back_start(TODAY, None) is None
    months = rules.months_of([], Window(date(2025, 12, 24), TODAY))
    assert [month.month for month in months] == [12, 1, 2, 3]


@pytest.mark.parametrize(
    ("day", "band", "doubt"),
    [
        (date(2026, 3, 5), AgeBand.FROM_5_TO_9, "in the future"),
        (date(2016, 3, 3), AgeBand.FROM_5_TO_9, "before the child was born"),
        (date(2016, 3, 5), AgeBand.FROM_5_TO_9, None),
        (date(2025, 3, 1), AgeBand.UNDER_1, "before the child was born"),
        (date(2020, 3, 1), AgeBand.UNBORN, None),
    ],
)
def test_a_date_in_the_future_or_before_the_birth_is_doubted(day: date, band: AgeBand, doubt: str | None) -> None:
    said = rules.doubt_about(day, today=TODAY, earliest=rules.born_after(band, TODAY))
    assert doubt in said if doubt and said else said is doubt
