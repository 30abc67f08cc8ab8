from datetime import date
from itertools import product

import pytest

from audit_app.actions.rules import (
    TRANSITIONS,
    ActionState,
    Brag,
    brag_in_words,
    is_overdue,
    why_not_change,
    why_not_due,
    why_not_move,
    why_not_move_due,
    why_not_post,
    why_not_touch,
    why_not_write,
)
from audit_app.rounds.rules import RoundState

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(("state", "to"), list(product(ActionState, ActionState)))
def test_an_action_moves_only_along_the_table(state: ActionState, to: ActionState) -> None:
    assert (why_not_move(state, to) is None) == (to in TRANSITIONS[state])


def test_every_state_has_its_line_in_the_table() -> None:
    assert set(TRANSITIONS) == set(ActionState)


def test_an_action_is_not_done_without_evidence_of_impact() -> None:
    assert "what difference" in (why_not_move(ActionState.OPEN, ActionState.DONE, has_impact=False) or "")


@pytest.mark.parametrize(
    ("state", "due_on", "expected"),
    [
        (ActionState.OPEN, date(2026, 3, 3), True),
        (ActionState.OPEN, date(2026, 3, 4), False),
        (ActionState.DONE, date(2026, 3, 3), False),
        (ActionState.SIGNED_OFF, date(2026, 3, 3), False),
        (ActionState.WITHDRAWN, date(2026, 3, 3), False),
    ],
)
def test_an_action_is_overdue_the_day_after_while_it_is_open(state: ActionState, due_on: date, expected: bool) -> None:
    assert is_overdue(state, due_on, TODAY) is expected


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ActionState.OPEN, "Off track"),
        (ActionState.DONE, "Off track"),
        (ActionState.SIGNED_OFF, "Signed off"),
        (ActionState.WITHDRAWN, "Withdrawn"),
    ],
)
def test_signed_off_and_withdrawn_follow_from_the_state(state: ActionState, words: str) -> None:
    assert brag_in_words(state, Brag.RED) == words


@pytest.mark.parametrize("state", RoundState)
def test_actions_are_written_while_a_round_is_reported_and_until_it_is_closed(state: RoundState) -> None:
    assert (why_not_write(state) is None) == (state in {RoundState.REPORTING, RoundState.PUBLISHED})


def test_nothing_is_done_with_an_action_of_a_withdrawn_round() -> None:
    assert [state for state in RoundState if why_not_touch(state)] == [RoundState.WITHDRAWN]


def test_a_finished_action_keeps_its_words() -> None:
    locked = [state for state in ActionState if why_not_change(state)]
    assert locked == [ActionState.SIGNED_OFF, ActionState.WITHDRAWN]


def test_progress_is_posted_on_open_actions_alone() -> None:
    assert [state for state in ActionState if not why_not_post(state)] == [ActionState.OPEN]


def test_a_new_date_has_not_passed_but_an_old_one_may_stay() -> None:
    passed = date(2026, 3, 3)
    assert why_not_due(passed, before=None, today=TODAY) == "Choose today or a later day."
    assert why_not_due(passed, before=date(2026, 5, 1), today=TODAY) == "Choose today or a later day."
    assert why_not_due(passed, before=passed, today=TODAY) is None
    assert why_not_due(TODAY, before=None, today=TODAY) is None


def test_a_date_moves_only_with_a_reason() -> None:
    earlier, later = date(2026, 5, 1), date(2026, 6, 1)
    assert why_not_move_due(later, before=earlier, reason=" ") == (
        "Say why the due date is moved. The earlier date is kept."
    )
    assert why_not_move_due(later, before=earlier, reason="The system is late.") is None
    assert why_not_move_due(earlier, before=earlier, reason="") is None
