"""The rules of moderation and of the accuracy check."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.cases.rules import is_working_day
from audit_app.panels import rules
from audit_app.panels.rules import AgreedHow, ChangeState, CorrectionState, Decision, Readers
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.rules import TRANSITIONS, RoundState

CHAIR, SECOND_CHAIR, OTHER, STRANGER = 1, 2, 3, 4
READERS = Readers(frozenset({CHAIR, SECOND_CHAIR}), OTHER)
TODAY, DUE = date(2026, 3, 4), date(2026, 3, 18)


@pytest.mark.parametrize(
    ("is_moderated", "days", "wanted"),
    [
        (True, 10, RoundState.MODERATION),
        (True, 0, RoundState.MODERATION),
        (False, 10, RoundState.ACCURACY_CHECK),
        (False, 0, RoundState.REPORTING),
    ],
)
def test_what_follows_the_panels_is_as_the_plan_has_it(is_moderated: bool, days: int, wanted: RoundState) -> None:
    assert rules.after_panels(is_moderated=is_moderated, accuracy_days=days) is wanted
    assert wanted in TRANSITIONS[RoundState.PANEL]


@pytest.mark.parametrize(
    ("first", "second", "are_two"),
    [
        (CHAIR, OTHER, True),
        (OTHER, SECOND_CHAIR, True),
        (CHAIR, SECOND_CHAIR, False),
        (OTHER, OTHER, False),
        (STRANGER, OTHER, False),
        (CHAIR, STRANGER, False),
    ],
)
def test_a_chair_and_the_one_other_are_the_two(first: int, second: int, are_two: bool) -> None:
    assert READERS.are_two(first, second) is are_two
    assert READERS.is_done({first, second}) is are_two


def test_a_second_chair_can_be_the_one_other() -> None:
    readers = Readers(frozenset({CHAIR, SECOND_CHAIR}), SECOND_CHAIR)
    assert readers.are_two(CHAIR, SECOND_CHAIR)
    assert not Readers(frozenset({CHAIR}), CHAIR).is_done({CHAIR})
    assert not Readers(frozenset({CHAIR, SECOND_CHAIR})).is_done({CHAIR, SECOND_CHAIR})


@given(chairs=st.frozensets(st.integers(1, 4)), other=st.none() | st.integers(1, 4), said=st.sets(st.integers(1, 5)))
def test_moderation_is_never_done_by_one_person_nor_without_the_other(
    chairs: frozenset[int], other: int | None, said: set[int]
) -> None:
    if Readers(chairs, other).is_done(said):
        assert other in said
        assert (said & chairs) - {other}


@pytest.mark.parametrize("state", RoundState)
def test_only_readers_change_and_only_during_moderation(state: RoundState) -> None:
    for person in (CHAIR, OTHER):
        why_not = rules.why_not_moderate(state, readers=READERS, person_id=person)
        assert (why_not is None) is (state is RoundState.MODERATION)
    assert rules.why_not_moderate(state, readers=READERS, person_id=STRANGER)
    alone = rules.why_not_moderate(RoundState.MODERATION, readers=Readers(frozenset({CHAIR})), person_id=CHAIR)
    assert "has to name first" in (alone or "")
    interest = rules.why_not_moderate(RoundState.MODERATION, readers=READERS, person_id=CHAIR, has_interest=True)
    assert "conflict of interest" in (interest or "")


def test_a_change_is_confirmed_once_and_by_the_other_side() -> None:
    def why_not(state: ChangeState = ChangeState.PROPOSED, *, by: int = CHAIR, person: int = OTHER) -> str:
        return rules.why_not_confirm(state, readers=READERS, proposed_by=by, person_id=person) or ""

    assert why_not() == why_not(by=OTHER, person=SECOND_CHAIR) == ""
    assert "You proposed this" in why_not(person=CHAIR)
    assert "must both want" in why_not(person=SECOND_CHAIR)
    for state in set(ChangeState) - {ChangeState.PROPOSED}:
        assert "decided already" in why_not(state)
        assert rules.CHANGE_TRANSITIONS[state] == frozenset()
        assert rules.why_not_take_back(state, proposed_by=CHAIR, person_id=CHAIR)
    assert rules.why_not_take_back(ChangeState.PROPOSED, proposed_by=CHAIR, person_id=CHAIR) is None
    assert rules.why_not_take_back(ChangeState.PROPOSED, proposed_by=CHAIR, person_id=OTHER)


@pytest.mark.parametrize("state", RoundState)
def test_the_other_is_named_before_moderation_ends(state: RoundState) -> None:
    is_time = state in {RoundState.SAMPLING, RoundState.RETURNS, RoundState.PANEL, RoundState.MODERATION}
    assert (rules.why_not_name_reader(state, is_moderated=True, chairs={CHAIR}) is None) is is_time
    assert rules.why_not_name_reader(state, is_moderated=False, chairs={CHAIR})
    only = rules.why_not_name_reader(RoundState.PANEL, is_moderated=True, chairs={CHAIR}, person_id=CHAIR)
    assert "chairs all panels" in (only or "")


def test_a_change_needs_an_answer_of_the_scale_a_reason_and_why() -> None:
    def gaps(
        level: int | None = 7,
        kind: AnswerKind | None = AnswerKind.LEVEL,
        *,
        reason: str = "Seen.",
        changed_because: str = "Elsewhere lower.",
    ) -> set[str]:
        decision = Decision(1, 1, kind, level, reason, changed_because, AgreedHow.MODERATED)
        return set(rules.gaps_in_change(decision, levels={7, 8}, is_narrative=False))

    assert gaps() == gaps(None, AnswerKind.NO_EVIDENCE) == set()
    assert gaps(9) == gaps(None) == gaps(None, None) == gaps(None, AnswerKind.IN_WORDS) == {"answer"}
    assert gaps(reason="") == {"reason"}
    assert gaps(changed_because="") == {"because"}


@given(hours=st.integers(0, 24 * 700), days=st.integers(1, 60))
def test_a_check_ends_on_a_working_day_after_so_many_of_them(hours: int, days: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    due = rules.due_after(start, days)
    assert is_working_day(due)
    assert (due - start.date()).days >= days


def test_ten_working_days_leave_out_easter() -> None:
    assert rules.due_after(datetime(2026, 3, 4, 10, tzinfo=UTC), 10) == date(2026, 3, 18)
    assert rules.due_after(datetime(2026, 3, 27, 10, tzinfo=UTC), 10) == date(2026, 4, 14)


@pytest.mark.parametrize("state", RoundState)
def test_facts_are_corrected_during_the_check_until_its_last_day_is_over(state: RoundState) -> None:
    is_checking = state is RoundState.ACCURACY_CHECK
    assert (rules.why_not_ask(state, due_on=DUE, today=DUE) is None) is is_checking
    late = rules.why_not_ask(state, due_on=DUE, today=date(2026, 3, 19)) or ""
    assert ("ended on 18 March 2026. Ask the coordinator for more time" in late) is is_checking


def test_the_chair_or_the_coordinator_decides_and_nobody_their_own_request() -> None:
    def why_not(state: CorrectionState = CorrectionState.ASKED, **more: object) -> str:
        known = {"round_state": RoundState.ACCURACY_CHECK, "is_chair": True, "is_coordinator": False}
        return rules.why_not_decide(state, **{**known, "has_asked": False, **more}) or ""  # type: ignore[arg-type]

    assert why_not() == why_not(is_chair=False, is_coordinator=True) == ""
    assert "or the coordinator, decides this" in why_not(is_chair=False)
    assert "asked for this yourself" in why_not(has_asked=True)
    assert "conflict of interest" in why_not(has_interest=True)
    for state in set(CorrectionState) - {CorrectionState.ASKED}:
        assert "decided already" in why_not(state)
        assert rules.CORRECTION_TRANSITIONS[state] == frozenset()
    for other in set(RoundState) - {RoundState.ACCURACY_CHECK}:
        assert "during the accuracy check" in why_not(round_state=other)


@pytest.mark.parametrize(
    ("today", "undecided", "silent", "words"),
    [
        (DUE, 0, [], None),
        (date(2026, 3, 19), 0, ["Health", "Police"], None),
        (DUE, 0, ["Health", "Police"], "Health and Police may still ask"),
        (date(2026, 3, 19), 1, [], "1 correction that was asked for is not decided yet"),
        (DUE, 2, ["Health"], "2 corrections asked for are not decided yet"),
    ],
)
def test_the_check_ends_once_all_is_decided_and_nobody_may_still_ask(
    today: date, undecided: int, silent: list[str], words: str | None
) -> None:
    known = {"due_on": DUE, "today": today, "undecided": undecided, "silent": silent}
    why_not = rules.why_not_end_check(RoundState.ACCURACY_CHECK, **known)  # type: ignore[arg-type]
    assert (why_not is None) is (words is None)
    assert (words or "") in (why_not or "")
    for state in set(RoundState) - {RoundState.ACCURACY_CHECK}:
        assert rules.why_not_end_check(state, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("new_day", "reason", "field"),
    [
        (date(2026, 3, 20), "Half term.", None),
        (DUE, "Half term.", "due_on"),
        (None, "Half term.", "due_on"),
        (date(2026, 3, 20), "", "reason"),
    ],
)
def test_more_time_is_until_a_later_day_and_has_a_reason(new_day: date | None, reason: str, field: str | None) -> None:
    known = {"due_on": DUE, "new_day": new_day, "today": TODAY, "reason": reason}
    why_not = rules.why_not_more_time(RoundState.ACCURACY_CHECK, **known)  # type: ignore[arg-type]
    assert (why_not[1] if why_not else None) == field
    assert rules.why_not_more_time(RoundState.REPORTING, **known)  # type: ignore[arg-type]
    passed = rules.why_not_more_time(
        RoundState.ACCURACY_CHECK, due_on=DUE, new_day=date(2026, 3, 20), today=date(2026, 3, 21), reason="Half term."
    )
    assert passed == ("Choose a day that has not passed.", "due_on")
