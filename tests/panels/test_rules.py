"""What a panel talks about first, and what may be confirmed in one go."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.cases.rules import CaseState
from audit_app.core.clock import now
from audit_app.indicators.rules import Rated
from audit_app.panels.rules import (
    AgreedHow,
    AgreedSoFar,
    Decision,
    Given,
    Item,
    ItemState,
    agenda,
    furthest_apart_first,
    gaps_in,
    is_together,
    levels_apart,
    room_agenda,
    why_not_agree,
    why_not_agree_item,
    why_not_change,
    why_not_finish,
    why_not_plan,
    why_not_release,
)
from audit_app.returns.rules import TEXT_AT_MOST, Answer, AnswerKind, ReturnState
from audit_app.rounds.rules import FrozenIndicator, RoundState

Rank = int | None


def an_item(number: int, *ranks: Rank, agency: str = "", is_panel: bool = False, is_agreed: bool = False) -> Item:
    """An item of the indicator at place `number`, on which agencies gave levels of these ranks (None: no evidence)."""
    indicator = FrozenIndicator(
        number,
        1,
        number,
        f"A{number:02}",
        "Signs were seen",
        "How well?",
        "",
        "",
        "",
        Rated.OWN_WORK if agency else Rated.CHILD_EXPERIENCE,
        is_panel,
        False,
        MappingProxyType({}),
        MappingProxyType({}),
    )
    said = tuple(
        Given(
            place,
            agency or f"Agency {place}",
            Answer(AnswerKind.NO_EVIDENCE) if rank is None else Answer(AnswerKind.LEVEL, rank),
            rank,
        )
        for place, rank in enumerate(ranks, 1)
    )
    agreed = AgreedSoFar(AnswerKind.LEVEL, 1, "So.", AgreedHow.ON_PAPER, now(), "Chris", "") if is_agreed else None
    state = ItemState.AGREED if is_agreed else ItemState.WAITING
    return Item(number, indicator, 1 if agency else None, agency, state, 1, said, agreed)


RANKS = st.lists(st.none() | st.integers(1, 4), min_size=1, max_size=6)
ITEMS = st.lists(RANKS, max_size=8).map(lambda all_: [an_item(n, *ranks) for n, ranks in enumerate(all_, 1)])


def test_what_is_furthest_apart_comes_first() -> None:
    items = [an_item(1, 2, 2), an_item(2, 2, 3), an_item(3, 1, 4), an_item(4, 1, 3)]
    assert [item.id for item in furthest_apart_first(items)] == [3, 4, 2, 1]


def test_of_those_equally_far_apart_the_most_different_answers_come_first_then_the_weakest() -> None:
    items = [an_item(1, 1, 2, 2), an_item(2, 1, 2, None), an_item(3, 3, 4, 4), an_item(4, 3, 4, 4)]
    assert [item.id for item in furthest_apart_first(items)] == [2, 3, 4, 1]


def test_an_answer_that_is_no_level_is_no_distance_but_is_different() -> None:
    assert levels_apart(an_item(1, 2, None).given) == 0
    assert levels_apart(an_item(1, None, None).given) == 0
    assert not is_together(an_item(1, 2, None))
    assert is_together(an_item(1, None, None))


def test_panel_indicators_are_always_talked_about() -> None:
    assert is_together(an_item(1, 2, 2))
    assert not is_together(an_item(1, 2, 2, is_panel=True))


@given(ITEMS, st.randoms())
def test_the_order_does_not_depend_on_how_the_items_came(items: list[Item], chance: Random) -> None:
    mixed = list(items)
    chance.shuffle(mixed)
    apart = [levels_apart(item.given) for item in furthest_apart_first(mixed)]
    assert apart == sorted(apart, reverse=True)
    assert furthest_apart_first(mixed) == furthest_apart_first(items)


@given(ITEMS, st.sets(st.integers(1, 8)))
def test_an_agenda_names_every_item_once(items: list[Item], pulled_out: set[int]) -> None:
    sorted_out = agenda(items, pulled_out)
    own = [item for _, of_agency in sorted_out.own_work for item in of_agency]
    named = [item.id for item in (*sorted_out.apart, *own, *sorted_out.together, *sorted_out.agreed)]
    assert sorted(named) == [item.id for item in items]


def test_own_work_stands_agency_by_agency_and_what_is_agreed_by_itself() -> None:
    items = [
        an_item(1, 2, agency="Police", is_panel=True),
        an_item(2, 2, agency="Health", is_panel=True),
        an_item(3, 3, agency="Health", is_panel=True),
        an_item(4, 3, agency="Police"),
        an_item(5, 1, 2, is_agreed=True),
        an_item(6, 1, 2),
    ]
    found = agenda(items)
    assert [(agency, [item.id for item in own]) for agency, own in found.own_work] == [
        ("Health", [2, 3]),
        ("Police", [1]),
    ]
    assert [[item.id for item in part] for part in (found.apart, found.together, found.agreed)] == [[6], [4], [5]]


def test_any_item_can_be_pulled_out_of_those_to_confirm_together() -> None:
    items = [an_item(1, 2, 2), an_item(2, 2, agency="Police")]
    found = agenda(items, {1, 2})
    assert not found.together
    assert [item.id for item in found.apart] == [1]
    assert [agency for agency, _ in found.own_work] == ["Police"]


COMPLETE = Decision(1, 1, AnswerKind.LEVEL, 3, "Because.")


@pytest.mark.parametrize(
    ("decision", "is_change", "parts"),
    [
        (COMPLETE, False, []),
        (replace(COMPLETE, answer=None, level_id=None), False, ["answer"]),
        (replace(COMPLETE, reason=""), False, ["reason"]),
        (COMPLETE, True, ["because"]),
        (replace(COMPLETE, changed_because="New evidence."), True, []),
        (replace(COMPLETE, reason="x" * (TEXT_AT_MOST + 1)), False, ["reason"]),
    ],
)
def test_a_decision_says_what_it_still_needs(decision: Decision, is_change: bool, parts: Sequence[str]) -> None:
    assert list(gaps_in(decision, is_change=is_change)) == parts


def test_a_panel_is_planned_from_sampling_to_panel() -> None:
    allowed = {state for state in RoundState if not why_not_plan(state)}
    assert allowed == {RoundState.SAMPLING, RoundState.RETURNS, RoundState.PANEL}
    assert "has been held" in (why_not_change(RoundState.PANEL, cases=2, agreed=2) or "")
    assert why_not_change(RoundState.PANEL, cases=2, agreed=1) is None
    assert why_not_change(RoundState.SAMPLING, cases=0, agreed=0) is None


DONE = ("Health", ReturnState.SUBMITTED)
UNKNOWN = ("Police", ReturnState.NOT_KNOWN)


def open_at(*agencies: str) -> list[tuple[str, ReturnState]]:
    return [DONE, *((agency, ReturnState.IN_PROGRESS) for agency in agencies)]


@pytest.mark.parametrize(
    ("case", "state", "is_on_panel", "returns", "reason"),
    [
        (CaseState.AT_PANEL, RoundState.PANEL, True, [DONE], "Only a case that is with agencies"),
        (CaseState.WITH_AGENCIES, RoundState.RETURNS, False, [DONE], "Put this case on a panel first"),
        (CaseState.WITH_AGENCIES, RoundState.RETURNS, True, open_at("Police"), "Wait for the return of Police, or"),
        (CaseState.WITH_AGENCIES, RoundState.RETURNS, True, open_at("A", "B", "C"), "of A, B and C,"),
        (CaseState.WITH_AGENCIES, RoundState.WITHDRAWN, True, [DONE], "This one is at “Withdrawn”"),
        (CaseState.WITH_AGENCIES, RoundState.RETURNS, True, [DONE, UNKNOWN], None),
        (CaseState.WITH_AGENCIES, RoundState.RETURNS, True, [("Health", ReturnState.ACCEPTED)], None),
        (CaseState.WITH_AGENCIES, RoundState.RETURNS, True, [UNKNOWN], "No agency knows this child, so"),
        (
            CaseState.WITH_AGENCIES,
            RoundState.RETURNS,
            True,
            [UNKNOWN, ("Health", ReturnState.CLOSED)],
            "No agency has rated its work with this child, so there is nothing to agree. Withdraw the child",
        ),
    ],
)
def test_a_case_is_released_once_every_agency_has_answered_and_one_has_rated(
    case: CaseState, state: RoundState, is_on_panel: bool, returns: list[tuple[str, ReturnState]], reason: str | None
) -> None:
    refusal = why_not_release(case, round_state=state, is_on_panel=is_on_panel, returns=returns)
    assert refusal == reason if reason is None else reason in (refusal or "")


@pytest.mark.parametrize("case", [state for state in CaseState if state is not CaseState.AT_PANEL])
def test_only_a_case_at_panel_is_agreed_or_finished(case: CaseState) -> None:
    assert "while a case is at panel" in (why_not_agree(case, round_state=RoundState.PANEL, is_chair=True) or "")
    refusal = why_not_finish(case, round_state=RoundState.PANEL, is_chair=True, waiting=0, is_learned=True)
    assert "Only a case at panel" in (refusal or "")


def test_only_the_chair_agrees_and_finishes_and_only_when_nothing_waits() -> None:
    case, state = CaseState.AT_PANEL, RoundState.PANEL
    assert "Only the chair" in (why_not_agree(case, round_state=state, is_chair=False) or "")
    assert "Only the chair" in (
        why_not_finish(case, round_state=state, is_chair=False, waiting=0, is_learned=True) or ""
    )
    assert "1 rating is" in (why_not_finish(case, round_state=state, is_chair=True, waiting=1, is_learned=True) or "")
    assert "2 ratings are" in (why_not_finish(case, round_state=state, is_chair=True, waiting=2, is_learned=True) or "")
    assert why_not_agree(case, round_state=state, is_chair=True) is None
    assert why_not_finish(case, round_state=state, is_chair=True, waiting=0, is_learned=True) is None
    unsaid = why_not_finish(case, round_state=state, is_chair=True, waiting=0, is_learned=False)
    assert "what the panel learned" in (unsaid or "")


def test_nothing_is_agreed_in_a_round_that_is_past_its_panels() -> None:
    for state in (RoundState.WITHDRAWN, RoundState.REPORTING, RoundState.PUBLISHED):
        assert why_not_agree(CaseState.AT_PANEL, round_state=state, is_chair=True)
        assert why_not_finish(CaseState.AT_PANEL, round_state=state, is_chair=True, waiting=0, is_learned=True)


def test_an_item_that_the_panel_is_rating_is_not_agreed_on_paper() -> None:
    refused = {state for state in ItemState if why_not_agree_item(state, how=AgreedHow.ON_PAPER, is_on_paper=True)}
    assert refused == {ItemState.VOTING, ItemState.REVEALED}


def test_in_the_room_an_item_is_agreed_once_its_ratings_are_shown_or_with_others_that_wait() -> None:
    allowed = {
        (how, state)
        for how, state in product(AgreedHow, ItemState)
        if why_not_agree_item(state, how=how, is_on_paper=False) is None
    }
    shown = {(how, ItemState.REVEALED) for how in AgreedHow if how is not AgreedHow.ON_PAPER}
    assert allowed == shown | {(AgreedHow.TOGETHER, ItemState.WAITING)}


def test_a_rooms_agenda_tells_nothing_of_what_agencies_chose_but_how_far_apart_they_are() -> None:
    """Of an agency's own work there is one answer, so that it stands where the template has it, good or bad."""
    first, second = (an_item(1, rank, agency=agency, is_panel=True) for rank, agency in ((1, "Health"), (4, "Police")))
    better_first = room_agenda([first, second]).discussed
    worse_first = room_agenda([replace(first, given=second.given), replace(second, given=first.given)]).discussed
    assert [item.agency for item in better_first] == [item.agency for item in worse_first] == ["Health", "Police"]
