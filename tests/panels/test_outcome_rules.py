"""When an outcome may be written and answered, and how a page tells what was typed over it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.cases.rules import CaseState
from audit_app.core.errors import Stale
from audit_app.panels.forms import OutcomeForm
from audit_app.panels.rules import (
    OutcomePart,
    ToAgency,
    question_mail,
    too_long,
    what_is_wrong_with_answer,
    why_names,
    why_not_answer,
    why_not_write_outcome,
)
from audit_app.returns.rules import TEXT_AT_MOST
from audit_app.rounds.rules import RoundState

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(str.strip)
PAIRS = st.tuples(WORDS, WORDS)


@pytest.mark.parametrize("case", CaseState)
def test_an_outcome_is_written_while_its_case_is_at_panel(case: CaseState) -> None:
    refusal = why_not_write_outcome(case, round_state=RoundState.PANEL, is_writer=True)
    assert (refusal is None) == (case is CaseState.AT_PANEL)


def test_only_chair_and_note_taker_write_it_and_only_while_panels_work() -> None:
    at_panel = CaseState.AT_PANEL
    others = why_not_write_outcome(at_panel, round_state=RoundState.PANEL, is_writer=False)
    assert others == "The chair and the note-taker of this case's panel write this."
    assert why_not_write_outcome(at_panel, round_state=RoundState.WITHDRAWN, is_writer=True)


@pytest.mark.parametrize(
    ("state", "is_answered", "reason"),
    [
        (RoundState.PANEL, False, None),
        (RoundState.REPORTING, False, None),
        (RoundState.REPORTING, True, None),
        (RoundState.PUBLISHED, False, None),
        (RoundState.PUBLISHED, True, "can no longer be changed"),
        (RoundState.CLOSED, False, "Nothing more is answered"),
        (RoundState.WITHDRAWN, True, "Nothing more is answered"),
    ],
)
def test_a_question_is_answered_once_and_changed_until_the_report_is_out(
    state: RoundState, is_answered: bool, reason: str | None
) -> None:
    refusal = why_not_answer(state, question="Who rings back?", is_answered=is_answered)
    assert refusal == reason if reason is None else reason in (refusal or "")


def test_nothing_is_answered_where_nothing_was_asked() -> None:
    assert "asked your agency nothing" in (why_not_answer(RoundState.PANEL, question="", is_answered=False) or "")


def test_texts_have_an_end() -> None:
    assert too_long(OutcomePart(7, ("x" * TEXT_AT_MOST, "y"))) is None
    assert too_long(OutcomePart(7, ("x", "y" * (TEXT_AT_MOST + 1))))[0] == "question-7"  # type: ignore[index]
    assert what_is_wrong_with_answer("") == "Write your agency's answer."
    assert "10,000 characters" in (what_is_wrong_with_answer("x" * (TEXT_AT_MOST + 1)) or "")


def test_who_may_not_know_the_sheet_is_not_told_which_words_stand_on_it() -> None:
    assert "Smith" in why_names(["Smith"], are_told=True)
    assert "Smith" not in why_names(["Smith"], are_told=False)


def test_the_mail_says_nothing_of_the_case() -> None:
    subject, body = question_mail(recipient="Ada", round_title="Neglect", link="http://service.example/x")
    assert subject == "A question from the panel of Neglect"
    assert "http://service.example/x" in body
    assert "holds nothing about any child" in body


def posted(shown: dict[int, OutcomePart], typed: dict[int, tuple[str, str]]) -> dict[str, str]:
    """What a browser sends of a page that showed these parts, where some were typed over."""
    fields: dict[str, str] = {}
    for key, part in shown.items():
        words = typed.get(key, part.words)
        fields |= {f"seen-{key}": part.mark, **dict(zip(part.fields, words, strict=True))}
    return fields


def form(fields: dict[str, str], kept: dict[int, OutcomePart]) -> OutcomeForm:
    return OutcomeForm(fields, kept[0], [ToAgency(key, f"Agency {key}", kept[key]) for key in kept if key])


@given(PAIRS, PAIRS, PAIRS, st.integers(1, 9))
def test_only_what_was_typed_over_is_saved_whatever_others_wrote_meanwhile(
    first: tuple[str, str], theirs: tuple[str, str], mine: tuple[str, str], version: int
) -> None:
    shown = {0: OutcomePart(None, first, version), 5: OutcomePart(5, first, version), 6: OutcomePart(6)}
    now = {**shown, 5: OutcomePart(5, theirs, version + 1)}
    read = form(posted(shown, {0: mine}), now)
    assert read.changes == ([] if mine == first else [OutcomePart(None, mine, version)])
    assert read.shown(now[5]) == now[5].by_field


@given(PAIRS, PAIRS, PAIRS)
def test_after_a_clash_both_texts_are_there_and_the_next_save_is_over_what_was_shown(
    first: tuple[str, str], theirs: tuple[str, str], mine: tuple[str, str]
) -> None:
    if len({first, theirs, mine}) < 3:
        return
    shown, now = {0: OutcomePart(None, first, 1)}, {0: OutcomePart(None, theirs, 2)}
    clashed = form(posted(shown, {0: mine}), now)
    clashed.refuse(Stale(now[0].by_field, version=0))
    assert clashed.theirs == now[0].by_field
    assert clashed.shown(now[0]) == OutcomePart(None, mine).by_field
    again = form(posted(now, {0: mine}), now)
    assert again.changes == [OutcomePart(None, mine, 2)]


def test_what_the_browser_kept_over_a_clash_never_passes_for_what_is_kept_now() -> None:
    now = {0: OutcomePart(None, ("Theirs.", ""), 2)}
    kept = {"seen-0": "0", "outcome": "Mine.", "good_practice": ""}
    assert form(kept, now).changes == [OutcomePart(None, ("Mine.", ""), 0)]
