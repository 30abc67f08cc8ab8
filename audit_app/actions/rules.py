"""The states of an action, BRAG, when an action is overdue, and when a deed on it is refused."""

from datetime import date
from enum import StrEnum

from audit_app.rounds.rules import ROUND_STATE_WORDS, RoundState


class ActionState(StrEnum):
    """Where an action is."""

    PROPOSED = "proposed"
    OPEN = "open"
    DONE = "done"
    SIGNED_OFF = "signed_off"
    WITHDRAWN = "withdrawn"


ACTION_STATE_WORDS = {
    ActionState.PROPOSED: "Proposed",
    ActionState.OPEN: "Open",
    ActionState.DONE: "Done, awaiting sign-off",
    ActionState.SIGNED_OFF: "Signed off",
    ActionState.WITHDRAWN: "Withdrawn",
}

TRANSITIONS: dict[ActionState, frozenset[ActionState]] = {
    ActionState.PROPOSED: frozenset({ActionState.OPEN, ActionState.WITHDRAWN}),
    ActionState.OPEN: frozenset({ActionState.DONE, ActionState.WITHDRAWN}),
    ActionState.DONE: frozenset({ActionState.SIGNED_OFF, ActionState.OPEN, ActionState.WITHDRAWN}),
    ActionState.SIGNED_OFF: frozenset(),
    ActionState.WITHDRAWN: frozenset(),
}


class Brag(StrEnum):
    """How an action is going, in words first. Blue (signed off) follows from the state and is not chosen."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


BRAG_WORDS = {Brag.GREEN: "On track", Brag.AMBER: "At risk", Brag.RED: "Off track"}

WRITTEN_IN = frozenset({RoundState.REPORTING, RoundState.PUBLISHED})
"""Rounds in which actions may be written: while they are reported, and after publication until they are closed."""


def brag_in_words(state: ActionState, brag: Brag) -> str:
    """What the BRAG column says: signed off and withdrawn follow from the state."""
    if state in {ActionState.SIGNED_OFF, ActionState.WITHDRAWN}:
        return ACTION_STATE_WORDS[state]
    return BRAG_WORDS[brag]


def is_overdue(state: ActionState, due_on: date, today: date) -> bool:
    """Whether an action should have been done by now and was not. The same in SQL: `actions.queries.overdue`."""
    return state is ActionState.OPEN and due_on < today


def why_not_write(round_state: RoundState) -> str | None:
    """The reason an action cannot be written from a finding of a round in this state, or None."""
    if round_state not in WRITTEN_IN:
        at = ROUND_STATE_WORDS[round_state]
        return f"Actions are written while a round is reported and after. This one is at “{at}”."
    return None


def why_not_touch(round_state: RoundState) -> str | None:
    """The reason nothing can be done any more with an action of a round in this state, or None."""
    if round_state is RoundState.WITHDRAWN:
        return "The round of this action was withdrawn, so the action can no longer be changed."
    return None


def why_not_change(state: ActionState) -> str | None:
    """The reason an action's own words can no longer be changed, or None."""
    if state in {ActionState.SIGNED_OFF, ActionState.WITHDRAWN}:
        return f"This action was {ACTION_STATE_WORDS[state].lower()}: it can no longer be changed."
    return None


def why_not_post(state: ActionState) -> str | None:
    """The reason no progress can be posted, or None."""
    if state is not ActionState.OPEN:
        return f"Progress is posted on open actions. This one is at “{ACTION_STATE_WORDS[state]}”."
    return None


def why_not_move(state: ActionState, to: ActionState, *, has_impact: bool = True) -> str | None:
    """The reason an action cannot go from one state to another, or None. Done needs evidence of impact to show."""
    if to not in TRANSITIONS[state]:
        return f"An action that is at “{ACTION_STATE_WORDS[state]}” cannot go to “{ACTION_STATE_WORDS[to]}”."
    if to is ActionState.DONE and not has_impact:
        return "Say what difference it made before you report this action as done."
    return None


def why_not_due(due_on: date, *, before: date | None, today: date) -> str | None:
    """The reason an action cannot be due on a day, or None. `before` is the day it has, None for a new action."""
    if due_on != before and due_on < today:
        return "Choose today or a later day."
    return None


def why_not_move_due(due_on: date, *, before: date, reason: str) -> str | None:
    """The reason a due date cannot be moved, or None."""
    if due_on != before and not reason.strip():
        return "Say why the due date is moved. The earlier date is kept."
    return None
