"""What an answer still needs, what a page carries of it, and what may be done in each state."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.cases.rules import CaseState
from audit_app.returns.rules import (
    ANSWERED_WITHOUT_RATINGS,
    EDITABLE,
    KNOWN_STATES,
    RETURN_STATE_COLOURS,
    RETURN_STATE_WORDS,
    TRANSITIONS,
    Answer,
    AnswerKind,
    Gap,
    Known,
    ReturnState,
    ShouldHaveKnown,
    Standing,
    Tag,
    gap_in,
    read_seen,
    seen,
    tidied,
    why_not_accept,
    why_not_ask_known,
    why_not_close,
    why_not_confirm_file,
    why_not_rate,
    why_not_say_known,
    why_not_send,
    why_not_send_back,
    why_not_submit,
)
from audit_app.rounds.rules import RoundState

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)
ANSWERS = st.builds(
    Answer,
    st.sampled_from([None, *AnswerKind]),
    st.one_of(st.none(), st.integers(1, 9)),
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from([None, *Tag]),
)


def standing(state: ReturnState) -> Standing:
    return Standing(state, CaseState.WITH_AGENCIES, is_released=False)


@pytest.mark.parametrize(
    ("answer", "gap"),
    [
        (Answer(), Gap.ANSWER),
        (Answer(evidence="Much was written, nothing chosen."), Gap.ANSWER),
        (Answer(AnswerKind.LEVEL, 1), Gap.EVIDENCE),
        (Answer(AnswerKind.LEVEL, 1, evidence="Seen."), None),
        (Answer(AnswerKind.NOT_APPLICABLE), Gap.REASON),
        (Answer(AnswerKind.NOT_APPLICABLE, reason="The child is not born."), None),
        (Answer(AnswerKind.NO_EVIDENCE), None),
    ],
)
def test_what_an_answer_still_needs(answer: Answer, gap: Gap | None) -> None:
    assert gap_in(answer) is gap


@given(ANSWERS, st.integers(0, 10**6))
def test_an_answer_that_comes_back_as_it_was_is_untouched(answer: Answer, version: int) -> None:
    kept = tidied(answer)
    assert read_seen(seen(kept, version), tidied(kept)) == (version, False)


@given(ANSWERS, ANSWERS)
def test_an_answer_that_comes_back_otherwise_is_touched(shown: Answer, back: Answer) -> None:
    _, is_touched = read_seen(seen(tidied(shown), 1), tidied(back))
    assert is_touched == (tidied(shown) != tidied(back))


@given(ANSWERS)
def test_tidying_twice_is_tidying_once(answer: Answer) -> None:
    assert tidied(tidied(answer)) == tidied(answer)


@pytest.mark.parametrize("text", ["", "x.y", "-1.abc", "9"])
def test_a_mark_that_was_tampered_with_counts_as_touched(text: str) -> None:
    assert read_seen(text, Answer())[1]


def test_every_state_has_its_words_its_colour_and_its_ways_on() -> None:
    assert set(RETURN_STATE_WORDS) == set(RETURN_STATE_COLOURS) == set(TRANSITIONS) == set(ReturnState)


@pytest.mark.parametrize("state", ReturnState)
def test_ratings_are_saved_only_while_a_return_is_being_written(state: ReturnState) -> None:
    assert (why_not_rate(standing(state)) is None) == (state in EDITABLE)
    assert (why_not_confirm_file(standing(state)) is None) == (state in EDITABLE)
    without_file = replace(standing(state), is_file_confirmed=False)
    assert why_not_rate(without_file)
    assert why_not_submit(without_file, gaps=0) == why_not_rate(without_file)
    assert why_not_confirm_file(without_file) == why_not_confirm_file(standing(state))


@pytest.mark.parametrize("state", ReturnState)
def test_the_first_question_is_open_until_a_return_was_submitted_once(state: ReturnState) -> None:
    is_open = state in {ReturnState.NOT_STARTED, ReturnState.IN_PROGRESS} | ANSWERED_WITHOUT_RATINGS
    assert (why_not_ask_known(standing(state)) is None) == is_open
    for known in Known:
        reason = why_not_say_known(standing(state), known, "a reason", ShouldHaveKnown.NO)
        may = is_open and (KNOWN_STATES[known] is state or KNOWN_STATES[known] in TRANSITIONS[state])
        assert (reason is None) == may


@pytest.mark.parametrize("state", ReturnState)
def test_a_return_is_closed_only_before_it_was_submitted(state: ReturnState) -> None:
    assert (why_not_close(standing(state), "a reason") is None) == (ReturnState.CLOSED in TRANSITIONS[state])


@pytest.mark.parametrize("state", ReturnState)
def test_a_return_is_accepted_and_sent_back_only_while_it_is_submitted(state: ReturnState) -> None:
    is_submitted = state is ReturnState.SUBMITTED
    assert (why_not_accept(standing(state)) is None) == is_submitted
    assert (why_not_send_back(standing(state), "a reason") is None) == is_submitted


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_released": True}, "This case was released to its panel"),
        ({"is_round_withdrawn": True}, "This round was withdrawn"),
        ({"case_state": CaseState.WITHDRAWN}, "This child was withdrawn"),
        ({"case_state": CaseState.PAUSED}, "This case is paused"),
    ],
)
def test_what_keeps_a_coordinator_from_sending_back_keeps_them_from_accepting(
    changes: dict[str, Any], reason: str
) -> None:
    locked = replace(standing(ReturnState.SUBMITTED), **changes)
    assert (why_not_accept(locked) or "").startswith(reason)
    assert why_not_accept(locked) == why_not_send_back(locked, "a reason")


def test_a_return_that_lacks_something_is_not_submitted() -> None:
    assert why_not_submit(standing(ReturnState.IN_PROGRESS), gaps=1)
    assert why_not_submit(standing(ReturnState.IN_PROGRESS), gaps=0) is None


@pytest.mark.parametrize("state", ReturnState)
@pytest.mark.parametrize("case_state", [CaseState.WITHDRAWN, CaseState.PAUSED])
def test_a_case_at_rest_locks_everything(state: ReturnState, case_state: CaseState) -> None:
    resting = replace(standing(state), case_state=case_state)
    assert why_not_rate(resting)
    assert why_not_ask_known(resting)
    assert why_not_close(resting, "a reason")


@pytest.mark.parametrize(
    ("state", "cases", "sheets", "agencies", "why"),
    [
        (RoundState.SAMPLING, 2, [], 2, None),
        (RoundState.RETURNS, 1, [], 2, None),
        (RoundState.DRAFT, 2, [], 2, "after the sample was drawn"),
        (RoundState.PANEL, 2, [], 2, "before the panel"),
        (RoundState.SAMPLING, 0, [], 2, "draw the sample"),
        (RoundState.RETURNS, 0, [], 2, "has been sent"),
        (RoundState.SAMPLING, 2, ["N26-01"], 2, "identity sheets"),
        (RoundState.SAMPLING, 2, [], 0, "No agency"),
    ],
)
def test_when_cases_go_to_the_agencies(
    state: RoundState, cases: int, sheets: list[str], agencies: int, why: str | None
) -> None:
    reason = why_not_send(state, cases=cases, sheets_missing=sheets, agencies=agencies)
    assert reason is None if why is None else why in str(reason)
