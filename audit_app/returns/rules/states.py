"""The states of a return, and what may be done in each."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.cases.rules import CaseState
from audit_app.returns.rules.answers import TEXT_AT_MOST
from audit_app.returns.rules.first_answers import Known, ShouldHaveKnown, missing_with


class ReturnState(StrEnum):
    """Where an agency's return on one case is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    NOT_KNOWN = "not_known"
    KNOWN_OUTSIDE = "known_outside"
    FAMILY_KNOWN = "family_known"
    DECLINED = "declined"
    CLOSED = "closed"


RETURN_STATE_WORDS = {
    ReturnState.NOT_STARTED: "Not started",
    ReturnState.IN_PROGRESS: "In progress",
    ReturnState.SUBMITTED: "Submitted",
    ReturnState.CHANGES_REQUESTED: "Changes requested",
    ReturnState.ACCEPTED: "Accepted",
    ReturnState.NOT_KNOWN: "Child not known",
    ReturnState.KNOWN_OUTSIDE: "Known outside the look-back period only",
    ReturnState.FAMILY_KNOWN: "Only a parent, brother or sister known",
    ReturnState.DECLINED: "Declined",
    ReturnState.CLOSED: "Closed without a return",
}

RETURN_STATE_COLOURS = {
    ReturnState.NOT_STARTED: "grey",
    ReturnState.IN_PROGRESS: "blue",
    ReturnState.SUBMITTED: "green",
    ReturnState.CHANGES_REQUESTED: "orange",
    ReturnState.ACCEPTED: "green",
    ReturnState.NOT_KNOWN: "purple",
    ReturnState.KNOWN_OUTSIDE: "purple",
    ReturnState.FAMILY_KNOWN: "purple",
    ReturnState.DECLINED: "red",
    ReturnState.CLOSED: "grey",
}

ANSWERED_WITHOUT_RATINGS = frozenset(
    {ReturnState.NOT_KNOWN, ReturnState.KNOWN_OUTSIDE, ReturnState.FAMILY_KNOWN, ReturnState.DECLINED}
)
"""Answers that close a return at once; until the release they can be changed, and the coordinator can ask again."""

OPEN_STATES = frozenset({ReturnState.NOT_STARTED, ReturnState.IN_PROGRESS, ReturnState.CHANGES_REQUESTED})
EDITABLE = frozenset({ReturnState.IN_PROGRESS, ReturnState.CHANGES_REQUESTED})
HANDED_OVER = frozenset({ReturnState.SUBMITTED, ReturnState.ACCEPTED})


def _answered(state: ReturnState) -> frozenset[ReturnState]:
    """Where an answer without ratings may go: another answer, work after all, asked again, or closed."""
    onwards = {ReturnState.NOT_STARTED, ReturnState.IN_PROGRESS, ReturnState.CLOSED}
    return (ANSWERED_WITHOUT_RATINGS - {state}) | onwards


TRANSITIONS: dict[ReturnState, frozenset[ReturnState]] = {
    ReturnState.NOT_STARTED: frozenset({ReturnState.IN_PROGRESS, ReturnState.CLOSED}) | ANSWERED_WITHOUT_RATINGS,
    ReturnState.IN_PROGRESS: frozenset({ReturnState.SUBMITTED, ReturnState.CLOSED}) | ANSWERED_WITHOUT_RATINGS,
    ReturnState.SUBMITTED: frozenset({ReturnState.CHANGES_REQUESTED, ReturnState.ACCEPTED}),
    ReturnState.CHANGES_REQUESTED: frozenset({ReturnState.SUBMITTED, ReturnState.CLOSED}),
    ReturnState.ACCEPTED: frozenset(),
    **{state: _answered(state) for state in ReturnState if state in ANSWERED_WITHOUT_RATINGS},
    ReturnState.CLOSED: frozenset(),
}


KNOWN_STATES = {
    Known.KNOWN: ReturnState.IN_PROGRESS,
    Known.KNOWN_OUTSIDE: ReturnState.KNOWN_OUTSIDE,
    Known.FAMILY_KNOWN: ReturnState.FAMILY_KNOWN,
    Known.NOT_KNOWN: ReturnState.NOT_KNOWN,
    Known.DECLINED: ReturnState.DECLINED,
}
"""The state that each answer leads to. Every answer but the first is a full answer: no rating is asked."""


@dataclass(frozen=True)
class Standing:
    """All that decides what may be done with a return."""

    state: ReturnState
    case_state: CaseState
    is_released: bool
    is_round_withdrawn: bool = False
    is_file_confirmed: bool = True


def _why_locked(state: ReturnState, terms: Terms) -> str | None:
    """Why a return in this state cannot be written in, where it is the state that forbids it."""
    coordinator = terms.said(Role.COORDINATOR)
    return {
        ReturnState.NOT_STARTED: "Say first whether your agency knows the child.",
        ReturnState.SUBMITTED: "This return was submitted and can no longer be changed. "
        f"If something must be put right, ask the {coordinator} to send it back.",
        ReturnState.ACCEPTED: "This return was accepted and can no longer be changed.",
        ReturnState.CLOSED: f"The {coordinator} closed this return: it can no longer be changed.",
    }.get(state)


def _why_not_change(standing: Standing, terms: Terms) -> str | None:
    """The reason nothing about a case's returns can change now, or None."""
    if standing.is_round_withdrawn:
        return "This round was withdrawn: no return is needed."
    if standing.case_state is CaseState.WITHDRAWN:
        return "This child was withdrawn from the sample: no return is needed."
    if standing.case_state is CaseState.PAUSED:
        coordinator = terms.said(Role.COORDINATOR)
        return f"This case is paused. Returns can be changed again when the {coordinator} takes it up."
    if standing.is_released:
        return "This case was released to its panel: returns can no longer be changed."
    return None


def why_not_change(standing: Standing, terms: Terms = DELIVERED) -> str | None:
    """The reason nothing about a return can change now, whatever its own state, or None."""
    return _why_not_change(standing, terms)


def why_not_rate(standing: Standing, terms: Terms = DELIVERED) -> str | None:
    """The reason nothing can be written into a return now, or None: the right file comes before the first word."""
    if reason := why_not_confirm_file(standing, terms):
        return reason
    return None if standing.is_file_confirmed else "Find the right file first, and say on its page that it is open."


def why_not_confirm_file(standing: Standing, terms: Terms = DELIVERED) -> str | None:
    """The reason nobody can say now that the right file is open, or None."""
    if reason := _why_not_change(standing, terms):
        return reason
    if standing.state in EDITABLE:
        return None
    if standing.state in ANSWERED_WITHOUT_RATINGS:
        return "No ratings are asked, because of this answer. If it was wrong, change the answer first."
    return _why_locked(standing.state, terms)


def why_not_say_known(
    standing: Standing,
    known: Known,
    reason: str,
    should_have_known: ShouldHaveKnown | None = None,
    terms: Terms = DELIVERED,
) -> str | None:
    """The reason a return cannot be answered so now, or None."""
    if why_not := why_not_ask_known(standing, terms):
        return why_not
    if standing.state is not KNOWN_STATES[known] and KNOWN_STATES[known] not in TRANSITIONS[standing.state]:
        return "Whether the child is known cannot be changed any more."
    missing = missing_with(known, reason, should_have_known)
    return missing[1] if missing else None


def why_not_ask_known(standing: Standing, terms: Terms = DELIVERED) -> str | None:
    """The reason the first question can no longer be answered, or None."""
    if reason := _why_not_change(standing, terms):
        return reason
    if standing.state is ReturnState.CHANGES_REQUESTED:
        return f"This return was submitted before: change its ratings, or ask the {terms.said(Role.COORDINATOR)}."
    if standing.state is ReturnState.NOT_STARTED:
        return None
    return _why_locked(standing.state, terms)


def why_not_submit(
    standing: Standing, *, gaps: int, names: int = 0, is_declared: bool = True, terms: Terms = DELIVERED
) -> str | None:
    """The reason a return cannot be submitted now, or None.

    `gaps` is how many answers still need something, `names` how many texts may name someone, where nobody has said
    that they do not; `is_declared`, whether the declaration was ticked.
    """
    if reason := why_not_rate(standing, terms):
        return reason
    if gaps:
        return "Something is still missing. It is listed below."
    if names:
        return "Take out the names that this page lists, or tick that they are not names."
    return None if is_declared else "Tick the declaration before you submit."


def why_not_send_back(standing: Standing, reason: str, terms: Terms = DELIVERED) -> str | None:
    """The reason a return cannot be sent back to its agency, or None. It wants a reason, until the release."""
    if refusal := _why_not_change(standing, terms):
        return refusal
    if standing.state is not ReturnState.SUBMITTED:
        return "Only a return that was submitted, and not accepted yet, can be sent back."
    return None if reason else "Say what should be changed."


def why_not_ask_again(standing: Standing, reason: str, terms: Terms = DELIVERED) -> str | None:
    """The reason an agency cannot be asked again whether it knows the child, or None. It wants a reason."""
    if refusal := _why_not_change(standing, terms):
        return refusal
    if standing.state not in ANSWERED_WITHOUT_RATINGS:
        return "Only an agency that answered without ratings can be asked again whether it knows the child."
    return None if reason else "Say why you ask again."


def why_not_comment(words: str) -> str | None:
    """The reason a comment on one indicator cannot be kept, or None."""
    if len(words) > TEXT_AT_MOST:
        return f"A comment must be {TEXT_AT_MOST:,} characters or fewer. This one has {len(words):,}."
    return None


def why_not_accept(standing: Standing, terms: Terms = DELIVERED) -> str | None:
    """The reason a return cannot be accepted, or None. It can be until the release, which freezes all returns."""
    if refusal := _why_not_change(standing, terms):
        return refusal
    if standing.state is not ReturnState.SUBMITTED:
        return "Only a return that was submitted can be accepted."
    return None


def why_not_close(standing: Standing, reason: str, terms: Terms = DELIVERED) -> str | None:
    """The reason a return cannot be closed without an answer, or None. It wants a reason."""
    if refusal := _why_not_change(standing, terms):
        return refusal
    if ReturnState.CLOSED not in TRANSITIONS[standing.state]:
        return "A return that was submitted or closed cannot be closed without an answer."
    return None if reason else "Say why this return is closed without an answer."


def why_not_chase(standing: Standing, terms: Terms = DELIVERED) -> str | None:
    """The reason nobody can be reminded of a return, asked for it instead, or given more time, or None."""
    if refusal := _why_not_change(standing, terms):
        return refusal
    if standing.state not in OPEN_STATES:
        return f"This return is not owed any more: it is at “{RETURN_STATE_WORDS[standing.state]}”."
    return None


def is_late(state: ReturnState, due_on: date, today: date) -> bool:
    """Whether a return is still owed after the day it was due."""
    return state in OPEN_STATES and due_on < today
