"""What a discussion must say, and what a round opens to practitioners and until when."""

from dataclasses import replace
from datetime import date

import pytest

from audit_app.cases.rules import CaseState
from audit_app.indicators.rules import Band
from audit_app.returns.rules import (
    ReturnState,
    Standing,
    Talk,
    is_open_to_reply,
    why_not_name,
    why_not_open,
    why_not_reply,
    why_not_talk,
)
from audit_app.rounds.rules import PractitionerAccess
from tests.factories.practice import TALK

TODAY = date(2026, 3, 4)
SUBMITTED = Standing(ReturnState.SUBMITTED, CaseState.WITH_AGENCIES, is_released=False)


@pytest.mark.parametrize(
    ("talk", "is_held", "field"),
    [
        (TALK, True, None),
        (Talk(not_held_reason="She has left."), False, None),
        (Talk(), False, "not_held_reason"),
        (replace(TALK, held_on=None), True, "held_on"),
        (replace(TALK, held_on=date(2026, 3, 5)), True, "held_on"),
        (replace(TALK, with_whom=""), True, "with_whom"),
    ],
)
def test_a_discussion_says_when_and_with_which_role_or_why_not(talk: Talk, is_held: bool, field: str | None) -> None:
    refusal = why_not_talk(talk, is_held=is_held, today=TODAY)
    assert (refusal[1] if refusal else None) == field


@pytest.mark.parametrize(
    ("access", "band", "is_open"),
    [
        (PractitionerAccess.ANSWER, Band.STRONG, True),
        (PractitionerAccess.ANSWER, None, True),
        (PractitionerAccess.ANSWER_BELOW_GOOD, Band.STRONG, False),
        (PractitionerAccess.ANSWER_BELOW_GOOD, Band.ADEQUATE, True),
        (PractitionerAccess.ANSWER_BELOW_GOOD, Band.WEAK, True),
        (PractitionerAccess.ANSWER_BELOW_GOOD, None, False),
        (PractitionerAccess.READ, Band.WEAK, False),
    ],
)
def test_a_round_says_which_ratings_are_answered(access: PractitionerAccess, band: Band | None, is_open: bool) -> None:
    assert is_open_to_reply(access, band) is is_open


@pytest.mark.parametrize(
    ("standing", "opens", "replies"),
    [
        (SUBMITTED, True, True),
        (replace(SUBMITTED, state=ReturnState.ACCEPTED), True, True),
        (replace(SUBMITTED, is_released=True, case_state=CaseState.AT_PANEL), True, False),
        (replace(SUBMITTED, case_state=CaseState.PAUSED), True, False),
        (replace(SUBMITTED, state=ReturnState.CHANGES_REQUESTED), False, False),
        (replace(SUBMITTED, state=ReturnState.IN_PROGRESS), False, False),
        (replace(SUBMITTED, state=ReturnState.NOT_KNOWN), False, False),
    ],
)
def test_a_return_is_read_once_submitted_and_answered_until_its_release(
    standing: Standing, opens: bool, replies: bool
) -> None:
    assert (why_not_open(standing) is None) is opens
    assert (why_not_reply(PractitionerAccess.ANSWER, standing) is None) is replies
    assert why_not_reply(PractitionerAccess.READ, standing) is not None


def test_nobody_is_named_where_the_round_does_not_open_returns_or_there_is_nothing_to_read() -> None:
    assert why_not_name(PractitionerAccess.READ, SUBMITTED) is None
    assert "does not open returns" in (why_not_name(PractitionerAccess.NOT_AT_ALL, SUBMITTED) or "")
    closed = replace(SUBMITTED, state=ReturnState.CLOSED)
    assert "nothing to read" in (why_not_name(PractitionerAccess.READ, closed) or "")
