"""The times of a panel and what fits into them, and when its people can still be recorded."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.cases.rules import CaseState
from audit_app.panels.rules import (
    Timing,
    begins_at,
    span_of,
    what_fits,
    why_not_attend,
    why_not_chair,
    why_not_mark,
    why_not_timing,
)
from audit_app.rounds.rules import RoundState

NINE, NOON = time(9, 0), time(12, 0)
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
TIMINGS = st.builds(Timing, MINUTES, MINUTES, st.integers(10, 240))
DAY = date(2026, 3, 20)


def at(hour: int) -> datetime:
    return datetime.combine(DAY, time(hour))


@pytest.mark.parametrize(
    ("timing", "wrong"),
    [
        (Timing(), []),
        (Timing(NINE), []),
        (Timing(NINE, NOON, 240), []),
        (Timing(None, NOON), ["starts_at"]),
        (Timing(NOON, NINE), ["ends_at"]),
        (Timing(NINE, NINE), ["ends_at"]),
        (Timing(minutes_per_case=9), ["minutes_per_case"]),
        (Timing(minutes_per_case=241), ["minutes_per_case"]),
    ],
)
def test_times_hold_together(timing: Timing, wrong: list[str]) -> None:
    assert list(why_not_timing(timing)) == wrong


@pytest.mark.parametrize(
    ("timing", "cases", "words"),
    [
        (Timing(NINE, NOON), 4, "4 cases of 60 minutes need 4 hours. There is time for 3."),
        (Timing(NINE, NOON, 45), 1, "1 case of 45 minutes needs 45 minutes. There is time for 4."),
        (Timing(NINE, NOON, 61), 1, "1 case of 61 minutes needs 1 hour 1 minute. There is time for 2."),
        (Timing(NINE, time(9, 30)), 2, "2 cases of 60 minutes need 2 hours. There is time for none."),
        (Timing(NINE), 4, ""),
        (Timing(NINE, NOON), 0, ""),
    ],
)
def test_the_panel_says_what_fits(timing: Timing, cases: int, words: str) -> None:
    assert what_fits(timing, cases) == words


def test_each_case_begins_when_those_before_it_had_their_minutes() -> None:
    assert [begins_at(Timing(time(9, 30), None, 45), place) for place in range(3)] == [
        time(9, 30),
        time(10, 15),
        time(11, 0),
    ]
    assert begins_at(Timing(), 0) is None
    assert begins_at(Timing(time(23, 0)), 1) is None


@given(TIMINGS, st.integers(0, 12))
def test_what_fits_begins_before_the_panel_ends(timing: Timing, cases: int) -> None:
    if why_not_timing(timing) or not (words := what_fits(timing, cases)):
        return
    fitting = words.rpartition(" ")[2].removesuffix(".")
    assert timing.starts_at is not None
    if fitting != "none":
        last = begins_at(timing, int(fitting) - 1)
        assert last is not None
        assert timing.starts_at <= last
        assert timing.ends_at is not None
        assert last < timing.ends_at


def test_a_panel_without_an_end_lasts_as_long_as_its_cases() -> None:
    assert span_of(DAY, Timing(NINE, NOON), 9) == (at(9), at(12))
    assert span_of(DAY, Timing(NINE), 3) == (at(9), at(12))
    assert span_of(DAY, Timing(NINE), 0) == (at(9), at(10))
    assert span_of(DAY, Timing(), 3) is None


def test_who_came_is_recorded_until_the_round_is_published() -> None:
    closed = {RoundState.PUBLISHED, RoundState.CLOSED, RoundState.WITHDRAWN}
    assert {state for state in RoundState if why_not_attend(state)} == closed


def test_a_conflict_is_marked_until_the_case_is_finished() -> None:
    may = {state for state in CaseState if not why_not_mark(state, RoundState.PANEL)}
    assert may == set(CaseState) - {CaseState.AGREED, CaseState.WITHDRAWN}
    assert why_not_mark(CaseState.AT_PANEL, RoundState.REPORTING)
    assert "Choose another panel chair" in (why_not_mark(CaseState.AT_PANEL, RoundState.PANEL, is_of_chair=True) or "")


def test_whoever_has_a_conflict_in_its_cases_cannot_chair_a_panel() -> None:
    assert why_not_chair("Chris", []) is None
    reason = "Chris has a conflict of interest in N26-01 and N26-03. Choose another panel chair."
    assert why_not_chair("Chris", ["N26-01", "N26-03"]) == reason
