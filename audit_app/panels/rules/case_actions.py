"""Actions about one child: their states, when they are due, and when a deed on one is refused."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.rules.working_time import ENGLAND, after_working_days
from audit_app.panels.rules.states import is_chair
from audit_app.rounds.rules import BEGUN, ROUND_STATE_WORDS, RoundState, why_not_move

DAYS_AT_MOST = 60
"""Working days within which an action about a child is due. What takes longer belongs in the action plan."""


class CaseActionState(StrEnum):
    """Where an action about one child is."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"


CASE_ACTION_STATE_WORDS = {
    CaseActionState.OPEN: "Open",
    CaseActionState.DONE: "Done",
    CaseActionState.WITHDRAWN: "Withdrawn",
}
CASE_ACTION_COLOURS = {
    CaseActionState.OPEN: "blue",
    CaseActionState.DONE: "green",
    CaseActionState.WITHDRAWN: "grey",
}

CASE_ACTION_TRANSITIONS: dict[CaseActionState, frozenset[CaseActionState]] = {
    CaseActionState.OPEN: frozenset({CaseActionState.DONE, CaseActionState.WITHDRAWN}),
    CaseActionState.DONE: frozenset({CaseActionState.OPEN}),
    CaseActionState.WITHDRAWN: frozenset(),
}

RAISED_IN = BEGUN - {RoundState.CLOSED}
"""Rounds on whose children actions are raised. One that is raised goes on, whatever becomes of its round."""

Gap = tuple[str, str]
"""A sentence that says what is missing, and the field that mends it."""


@dataclass(frozen=True)
class CaseActionCounts:
    """How many actions about children a round has, and nothing of what they are. `late` ones are open too."""

    open: int = 0
    late: int = 0
    done: int = 0

    @property
    def total(self) -> int:
        return self.open + self.done


def due_after(at: datetime, working_days: int) -> date:
    """The day on which something is due that is raised at a moment, so many working days in England later."""
    return after_working_days(at, working_days).astimezone(ENGLAND).date()


def is_late(state: CaseActionState, due_on: date, today: date) -> bool:
    """Whether an action about a child should have been done by now. The same in SQL: `queries.case_actions`."""
    return state is CaseActionState.OPEN and due_on < today


def may_decide(viewer: Viewer, chair_id: int | None) -> bool:
    """Whether someone sends back, withdraws and moves an action about a case whose panel has this chair."""
    return viewer.has(Role.COORDINATOR) or is_chair(viewer, chair_id)


def is_owner(viewer: Viewer, agency_id: int) -> bool:
    """Whether someone records for an agency what it did."""
    return agency_id in viewer.agencies(Role.AUDITOR, Role.AGENCY_LEAD)


def why_not_raise(round_state: RoundState, *, is_released: bool) -> str | None:
    """The reason no action about the child of a case can be raised, or None."""
    if not is_released:
        return "Actions about a child are raised once the case is released to its panel."
    if round_state not in RAISED_IN:
        return f"Actions about a child are raised until the round is closed. This one is at “{_words(round_state)}”."
    return None


def gap_in_new(words: str, *, agency_id: int | None, asked: Collection[int], working_days: int | None) -> Gap | None:
    """What a new action about a child still needs, or None. `asked` are the agencies asked about the case."""
    if not words.strip():
        return "Say what is to be done.", "words"
    if agency_id not in asked:
        return "Choose an agency that was asked about this case.", "agency"
    if working_days is None or not 1 <= working_days <= DAYS_AT_MOST:
        return f"Enter a number of working days from 1 to {DAYS_AT_MOST}.", "working_days"
    return None


def why_not_change_state(state: CaseActionState, to: CaseActionState) -> str | None:
    """The reason an action about a child cannot go from one state to another, or None."""
    if to not in CASE_ACTION_TRANSITIONS[state]:
        was, wanted = CASE_ACTION_STATE_WORDS[state], CASE_ACTION_STATE_WORDS[to]
        return f"An action that is at “{was}” cannot go to “{wanted}”."
    return None


def gap_in_outcome(outcome: str, *, done_on: date | None, today: date) -> Gap | None:
    """What an agency must still say of what it did, or None."""
    if not outcome.strip():
        return "Say what was done, and what came of it.", "outcome"
    if done_on is None:
        return "Enter the day on which it was done.", "done_on"
    if done_on > today:
        return "The day on which it was done must be today or earlier.", "done_on"
    return None


def why_not_send_back(state: CaseActionState, round_state: RoundState) -> str | None:
    """The reason an action that is done cannot be sent back to its agency, or None."""
    if round_state is RoundState.CLOSED:
        return "This round is closed, so nothing is sent back any more."
    return why_not_change_state(state, CaseActionState.OPEN)


def why_not_move_due(state: CaseActionState) -> str | None:
    """The reason the day on which an action is due cannot be moved, or None."""
    if state is not CaseActionState.OPEN:
        at = CASE_ACTION_STATE_WORDS[state]
        return f"Only the day of an open action can be moved. This one is at “{at}”."
    return None


def gap_in_due(due_on: date | None, *, before: date, today: date, reason: str) -> Gap | None:
    """What a move of the day due still needs, or None. `before` is the day it has."""
    if due_on is None:
        return "Enter the day on which it is due.", "due_on"
    if due_on < today:
        return "Choose today or a later day.", "due_on"
    if due_on == before:
        return "It is due on that day already. Choose another.", "due_on"
    if not reason.strip():
        return "Say why the day is moved. The earlier day is kept.", "reason"
    return None


def why_not_close(round_state: RoundState) -> str | None:
    """The reason a round cannot be closed, or None."""
    return why_not_move(round_state, RoundState.CLOSED)


def gap_in_closing(still_open: int, reason: str) -> Gap | None:
    """What closing a round with so many open actions about children still needs, or None."""
    if still_open and not reason.strip():
        are = "1 action about a child is" if still_open == 1 else f"{still_open} actions about children are"
        return f"{are} open. Say why the round is closed all the same, and who sees to it.", "reason"
    return None


def _words(state: RoundState) -> str:
    return ROUND_STATE_WORDS[state]
