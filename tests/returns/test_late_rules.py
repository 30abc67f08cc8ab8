"""What is said of returns that are owed, and when: rules as tables."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest

from audit_app.cases.rules import CaseState
from audit_app.returns import rules
from audit_app.returns.rules import Ladder, Owed, ReturnState, Rung, Standing, rungs_due

DUE = date(2026, 3, 10)
LADDER = Ladder(auditors=7, leads=1, partners=7)
A, L, P = Rung.AUDITORS, Rung.LEADS, Rung.PARTNERS


@pytest.mark.parametrize(
    ("days_after", "taken", "expected"),
    [
        (-8, {}, []),
        (-7, {}, [A]),
        (-6, {A: -7}, []),
        (0, {}, [A]),
        (0, {A: -7}, []),
        (1, {A: -7}, [L]),
        (6, {A: -7, L: 1}, []),
        (7, {A: -7, L: 1}, [P]),
        (30, {A: -7, L: 1, P: 7}, []),
        (30, {A: -7}, [L, P]),
        (30, {}, [A, L, P]),
        (30, {A: 30}, []),  # one a day
        (31, {A: 30}, [L, P]),
    ],
)
def test_each_step_is_taken_once_from_its_day_on(
    days_after: int, taken: Mapping[Rung, int], expected: Sequence[Rung]
) -> None:
    today, on = DUE + timedelta(days=days_after), {rung: DUE + timedelta(days=days) for rung, days in taken.items()}
    assert rungs_due(DUE, LADDER, taken=on, today=today) == expected


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(ReturnState.IN_PROGRESS, CaseState.WITH_AGENCIES, False), None),
        (Standing(ReturnState.CHANGES_REQUESTED, CaseState.WITH_AGENCIES, False), None),
        (Standing(ReturnState.SUBMITTED, CaseState.WITH_AGENCIES, False), "not owed any more: it is at “Submitted”"),
        (Standing(ReturnState.CLOSED, CaseState.WITH_AGENCIES, False), "not owed any more"),
        (Standing(ReturnState.NOT_STARTED, CaseState.PAUSED, False), "paused"),
        (Standing(ReturnState.NOT_STARTED, CaseState.WITHDRAWN, False), "withdrawn from the sample"),
        (Standing(ReturnState.IN_PROGRESS, CaseState.AT_PANEL, True), "released to its panel"),
        (Standing(ReturnState.IN_PROGRESS, CaseState.WITH_AGENCIES, False, True), "This round was withdrawn"),
    ],
)
def test_only_what_is_owed_is_chased(standing: Standing, expected: str | None) -> None:
    reason = rules.why_not_chase(standing)
    assert reason is None if expected is None else expected in str(reason)


@pytest.mark.parametrize(
    ("new_day", "reason", "expected"),
    [
        (date(2026, 3, 11), "Their system was down.", None),
        (date(2026, 3, 11), "", ("Say why there is more time.", "reason")),
        (date(2026, 3, 10), "Why.", ("Choose a day after 10 March 2026, on which it is due now.", "due_on")),
        (date(2026, 3, 2), "Why.", ("The day must be today or later.", "due_on")),
    ],
)
def test_more_time_is_a_later_day_with_a_reason(new_day: date, reason: str, expected: tuple[str, str] | None) -> None:
    assert rules.why_not_extend(due_on=DUE, new_day=new_day, today=date(2026, 3, 4), reason=reason) == expected


@pytest.mark.parametrize(
    ("new_day", "is_sure", "said"),
    [
        (date(2026, 3, 19), False, ""),
        (date(2026, 3, 20), False, "This is the day of the panel, 20 March 2026."),
        (date(2026, 3, 21), False, "This is after the day of the panel, 20 March 2026."),
        (date(2026, 3, 21), True, ""),
    ],
)
def test_a_day_that_leaves_the_panel_without_the_return_is_asked_about(new_day: date, is_sure: bool, said: str) -> None:
    today, panel = date(2026, 3, 4), date(2026, 3, 20)
    refusal = rules.why_not_extend(
        due_on=DUE, new_day=new_day, today=today, reason="Why.", panel_on=panel, is_sure=is_sure
    )
    sentence, field = refusal or ("", "is_sure")
    assert (sentence.startswith(said), bool(sentence), field) == (True, bool(said), "is_sure")


def test_a_mail_of_the_ladder_counts_and_names_no_case() -> None:
    owed = [
        Owed(A, "Neglect of under fives", "Police", DUE, 1),
        Owed(L, "Neglect of under fives", "Health", date(2026, 3, 1), 3),
        Owed(P, "Neglect of under fives", "School", date(2026, 2, 1), 1, is_instead=True),
    ]
    subject, body = rules.ladder_mail(recipient="Amina", owed=owed, today=date(2026, 3, 4), link="http://here/p/x/")
    assert subject == "4 returns late"
    assert "- Police, “Neglect of under fives”: 1 return is due on 10 March 2026.\n" in body
    assert "- Health, “Neglect of under fives”: 3 returns were due on 1 March 2026 and are late.\n" in body
    assert "was due on 1 February 2026 and is late. No delegated partner is set for the agency.\n" in body
    soon, without = rules.ladder_mail(recipient="Amina", owed=owed[:1], today=DUE, link="")
    assert (soon, "Sign in" in without, "Sign in" in body) == ("1 return due soon", False, True)


def test_missing_returns_are_said_in_words() -> None:
    assert rules.no_return_from([]) == rules.returns_missing([], 9) == ""
    assert rules.no_return_from(["Health", "Police", "School"]) == "No return from Health, Police and School."
    said = "1 return is missing from these counts: no return from Police in 1 of 1 case."
    assert rules.returns_missing([("Police", 1)], 1) == said
    assert rules.returns_missing([("Health", 1), ("Police", 2)], 9) == (
        "3 returns are missing from these counts: no return from Health in 1 of 9 cases and Police in 2 of 9 cases."
    )


def test_who_was_told_is_said_in_words() -> None:
    said = rules.reminded_in_words(told=["Al", "Bo"], told_before=["Cy"], nobody_at=["School"], is_mailing=True)
    assert said == (
        "Told by e-mail: Al and Bo. Reminded today already, so not again: Cy. "
        "Nobody was told at School, which has no auditor."
    )
    silent = rules.reminded_in_words(told=["Al"], told_before=[], nobody_at=[], is_mailing=False)
    assert silent == "No e-mail is sent yet, so tell them yourself: Al."
