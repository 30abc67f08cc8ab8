"""Actions about one child: when they are due, where they go, and what is missing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.cases.rules import is_working_day
from audit_app.panels import rules
from audit_app.panels.rules import (
    ACTIONS_OWED,
    CASE_ACTION_STATE_WORDS,
    CASE_ACTION_TRANSITIONS,
    CaseActionState,
)
from audit_app.returns.rules import Owed, Rung, ladder_mail
from audit_app.rounds.rules import RoundState

TODAY = date(2026, 3, 4)
LONDON = ZoneInfo("Europe/London")
MOMENTS = st.builds(datetime.combine, st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.times(), st.just(LONDON))


@pytest.mark.parametrize(
    ("raised", "days", "due"),
    [
        (datetime(2026, 3, 4, 10, tzinfo=LONDON), 1, date(2026, 3, 5)),
        (datetime(2026, 3, 6, 23, 30, tzinfo=LONDON), 1, date(2026, 3, 9)),  # a Friday
        (datetime(2026, 4, 1, 10, tzinfo=LONDON), 3, date(2026, 4, 8)),  # over Easter
        (datetime(2026, 12, 24, 9, tzinfo=LONDON), 1, date(2026, 12, 29)),
    ],
)
def test_the_day_due_counts_working_days_in_england(raised: datetime, days: int, due: date) -> None:
    assert rules.due_after(raised, days) == due


@given(MOMENTS, st.integers(1, rules.DAYS_AT_MOST))
def test_something_is_due_on_a_working_day_with_so_many_behind_it(at: datetime, days: int) -> None:
    due = rules.due_after(at, days)
    assert is_working_day(due)
    between = (date.fromordinal(number) for number in range(at.date().toordinal() + 1, due.toordinal() + 1))
    assert sum(map(is_working_day, between)) == days


@given(st.sampled_from(CaseActionState), st.sampled_from(CaseActionState))
def test_an_action_goes_along_its_arrows_only(state: CaseActionState, to: CaseActionState) -> None:
    reason = rules.why_not_change_state(state, to)
    assert (reason is None) is (to in CASE_ACTION_TRANSITIONS[state])
    assert reason is None or CASE_ACTION_STATE_WORDS[to] in reason


@given(st.sampled_from(CaseActionState), st.dates())
def test_only_what_is_open_is_late_and_not_on_its_day(state: CaseActionState, due_on: date) -> None:
    assert rules.is_late(state, due_on, TODAY) is (state is CaseActionState.OPEN and due_on < TODAY)
    assert not rules.is_late(state, TODAY, TODAY)


@pytest.mark.parametrize("state", RoundState)
def test_actions_are_raised_from_release_on_until_the_round_is_closed(state: RoundState) -> None:
    runs = {
        *(RoundState.RETURNS, RoundState.PANEL, RoundState.MODERATION, RoundState.ACCURACY_CHECK),
        *(RoundState.REPORTING, RoundState.PUBLISHED),
    }
    assert (rules.why_not_raise(state, is_released=True) is None) is (state in runs)
    assert "once the case is released" in str(rules.why_not_raise(state, is_released=False))


@pytest.mark.parametrize(
    ("words", "agency", "days", "field"),
    [("", 1, 5, "words"), ("Call.", None, 5, "agency"), ("Call.", 9, 5, "agency"), ("Call.", 1, 5, "")]
    + [("Call.", 1, days, "working_days") for days in (None, 0, 61)]
    + [("Call.", 1, days, "") for days in (1, 60)],
)
def test_a_new_action_says_what_who_and_by_when(words: str, agency: int | None, days: int | None, field: str) -> None:
    gap = rules.gap_in_new(words, agency_id=agency, asked={1, 2}, working_days=days)
    assert (gap[1] if gap else "") == field


@pytest.mark.parametrize(
    ("outcome", "done_on", "field"),
    [(" ", TODAY, "outcome"), ("Met.", None, "done_on"), ("Met.", date(2026, 3, 5), "done_on"), ("Met.", TODAY, "")],
)
def test_an_outcome_says_what_came_of_it_and_when(outcome: str, done_on: date | None, field: str) -> None:
    gap = rules.gap_in_outcome(outcome, done_on=done_on, today=TODAY)
    assert (gap[1] if gap else "") == field


@pytest.mark.parametrize(
    ("due_on", "reason", "field"),
    [
        (None, "A strike.", "due_on"),
        (date(2026, 3, 3), "A strike.", "due_on"),
        (date(2026, 3, 9), "A strike.", "due_on"),
        (date(2026, 3, 10), " ", "reason"),
        (date(2026, 3, 10), "A strike.", ""),
        (TODAY, "It cannot wait.", ""),
    ],
)
def test_another_day_due_needs_a_reason(due_on: date | None, reason: str, field: str) -> None:
    gap = rules.gap_in_due(due_on, before=date(2026, 3, 9), today=TODAY, reason=reason)
    assert (gap[1] if gap else "") == field


def test_a_round_closes_over_what_is_open_only_with_a_reason() -> None:
    assert rules.gap_in_closing(0, "") is None
    assert rules.gap_in_closing(2, "The reviewing officer has them.") is None
    assert str(rules.gap_in_closing(1, " ")[0]).startswith("1 action about a child is open.")  # type: ignore[index]
    assert str(rules.gap_in_closing(2, "")[0]).startswith("2 actions about children are open.")  # type: ignore[index]


def test_mails_say_how_many_and_by_when_and_who_could_not_be_told() -> None:
    late = Owed(Rung.LEADS, "Neglect 2026", "Police", date(2026, 3, 2), 1, is_instead=True)
    soon = Owed(Rung.AUDITORS, "Neglect 2026", "Health", date(2026, 3, 9), 2)
    subject, body = ladder_mail(
        recipient="Lee", owed=[late, soon], today=TODAY, link="http://s.example/", words=ACTIONS_OWED
    )
    assert subject == "1 action for a child late"
    assert "Police, “Neglect 2026”: 1 action for a child was due on 2 March 2026 and is late. The agency has no" in body
    assert "Health, “Neglect 2026”: 2 actions for children are due on 9 March 2026." in body
    assert "http://s.example/" in body
    subject, body = ladder_mail(recipient="Lee", owed=[soon], today=TODAY, link="", words=ACTIONS_OWED)
    assert subject == "2 actions for children due soon"
    assert "Sign in" not in body
