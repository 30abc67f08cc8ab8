"""The states of a panel item, how an agreed rating came about, and when a deed of the panel is refused."""

from collections.abc import Sequence
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, Role, Terms, Viewer
from audit_app.cases.rules import CASE_STATE_WORDS, CaseState
from audit_app.returns.rules import HANDED_OVER, OPEN_STATES, ReturnState
from audit_app.rounds.rules import ROUND_STATE_WORDS, RoundState


class ItemState(StrEnum):
    """Where one thing to agree is."""

    WAITING = "waiting"
    VOTING = "voting"
    REVEALED = "revealed"
    AGREED = "agreed"


ITEM_STATE_WORDS = {
    ItemState.WAITING: "Not talked about yet",
    ItemState.VOTING: "Being rated now",
    ItemState.REVEALED: "Ratings shown",
    ItemState.AGREED: "Agreed",
}

TRANSITIONS: dict[ItemState, frozenset[ItemState]] = {
    ItemState.WAITING: frozenset({ItemState.VOTING, ItemState.AGREED}),
    ItemState.VOTING: frozenset({ItemState.REVEALED}),
    ItemState.REVEALED: frozenset({ItemState.AGREED, ItemState.VOTING}),
    ItemState.AGREED: frozenset({ItemState.VOTING}),
}


class ItemKind(StrEnum):
    """What an item is about: one indicator, or the case over all."""

    INDICATOR = "indicator"
    OVERALL = "overall"


class AgreedHow(StrEnum):
    """How an agreed rating came about."""

    VOTED = "voted"
    TOGETHER = "together"
    ON_PAPER = "on_paper"
    MODERATED = "moderated"
    CORRECTED = "corrected"


AGREED_HOW_WORDS = {
    AgreedHow.VOTED: "Agreed after each member's own rating",
    AgreedHow.TOGETHER: "Confirmed together",
    AgreedHow.ON_PAPER: "Agreed in the meeting and recorded by the chair",
    AgreedHow.MODERATED: "Changed when all cases were read side by side",
    AgreedHow.CORRECTED: "Changed after an agency corrected a fact",
}

SITTING = (Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER)
"""The roles with which people sit on panels."""

PLANNED_IN = frozenset({RoundState.SAMPLING, RoundState.RETURNS, RoundState.PANEL})
"""Rounds for which panels are planned."""

HELD_IN = frozenset({RoundState.RETURNS, RoundState.PANEL})
"""Rounds whose cases go to panels. Cases move one by one, so some may still be with the agencies."""


def why_not_plan(state: RoundState) -> str | None:
    """The reason a panel of a round cannot be planned, or None."""
    if state not in PLANNED_IN:
        return (
            f"Panels are planned between opening a round and reporting it. This one is at “{ROUND_STATE_WORDS[state]}”."
        )
    return None


def why_not_change(state: RoundState, *, cases: int, agreed: int) -> str | None:
    """The reason a panel cannot be changed, or None. One whose cases are all agreed has been held."""
    if cases and agreed == cases:
        return "This panel has been held: all its cases are agreed."
    return why_not_plan(state)


def why_not_leave(
    *, is_leaving: bool, dropped: Sequence[str], unfinished: Sequence[str], terms: Terms = DELIVERED
) -> str | None:
    """The reason someone cannot take themselves, or cases, off a panel on which they sit, or None.

    A seat keeps them blind to what agencies chose on its cases until those are agreed. `dropped` and `unfinished` name
    cases by reference.
    """
    other = terms.said(Role.COORDINATOR)
    ask = f"Ask another {other} to change this: while you sit on the panel, its returns are hidden from you."
    if is_leaving and unfinished:
        return f"You sit on this panel, and {_listed(unfinished)} {_is(unfinished)} not agreed yet. {ask}"
    if dropped:
        return f"You sit on this panel, so you cannot take {_listed(dropped)} off it. {ask}"
    return None


def is_chair(viewer: Viewer, chair_id: int | None) -> bool:
    """Whether someone chairs a panel with this chair: they were chosen, and still hold the role."""
    return viewer.id == chair_id and viewer.has(Role.PANEL_CHAIR)


def why_not_release(
    case: CaseState, *, round_state: RoundState, is_on_panel: bool, returns: Sequence[tuple[str, ReturnState]]
) -> str | None:
    """The reason a case cannot be released to its panel, or None. `returns`: each agency, and its return's state.

    A case to which no agency handed over a rating has nothing to agree, and would be counted without one.
    """
    if reason := why_not_hold(round_state):
        return reason
    if case is not CaseState.WITH_AGENCIES:
        return f"Only a case that is with agencies can be released. This one is at “{CASE_STATE_WORDS[case]}”."
    if not is_on_panel:
        return "Put this case on a panel first: releasing it opens its returns to that panel's members."
    if unanswered := [agency for agency, state in returns if state in OPEN_STATES]:
        return f"Wait for the return of {_listed(unanswered)}, or close it without a return."
    if returns and not any(state in HANDED_OVER for _, state in returns):
        is_known = any(state is not ReturnState.NOT_KNOWN for _, state in returns)
        lacks = "No agency has rated its work with this child" if is_known else "No agency knows this child"
        return f"{lacks}, so there is nothing to agree. Withdraw the child: a reserve takes the place."
    return None


def why_not_agree(case: CaseState, *, round_state: RoundState, is_chair: bool) -> str | None:
    """The reason no agreed rating of a case can be recorded or changed, or None."""
    if not is_chair:
        return "Only the chair of this case's panel records what was agreed."
    if case is not CaseState.AT_PANEL:
        return f"Ratings are agreed while a case is at panel. This one is at “{CASE_STATE_WORDS[case]}”."
    return why_not_hold(round_state)


def why_not_agree_item(state: ItemState, *, how: AgreedHow, is_on_paper: bool, is_rest: bool = True) -> str | None:
    """The reason what was agreed on one item cannot be recorded now, or None.

    In the room an item is agreed once its ratings are shown, or with others for which nobody was asked to rate first:
    `is_rest` says that it is one of those, and that what the agencies chose on it is shown.
    """
    if is_on_paper:
        return None if state not in {ItemState.VOTING, ItemState.REVEALED} else "The panel is rating this now."
    if how is AgreedHow.ON_PAPER:
        return "This panel agrees in its room, not on paper."
    if how is AgreedHow.TOGETHER and state is ItemState.WAITING:
        return None if is_rest else "The panel talks about this one first."
    if state is ItemState.REVEALED:
        return None
    if state is ItemState.AGREED:
        return "This is agreed already. Reopen it first, with a reason."
    return "Show the ratings first, then agree."


def why_not_finish(
    case: CaseState, *, round_state: RoundState, is_chair: bool, waiting: int, is_learned: bool
) -> str | None:
    """The reason a case cannot be finished, or None.

    `waiting` is how many of its ratings are still to be agreed; `is_learned`, whether its learning was written.
    """
    if not is_chair:
        return "Only the chair of this case's panel finishes it."
    if case is not CaseState.AT_PANEL:
        return f"Only a case at panel can be finished. This one is at “{CASE_STATE_WORDS[case]}”."
    if waiting:
        return f"{waiting} {'rating is' if waiting == 1 else 'ratings are'} still to be agreed."
    if not is_learned:
        return "Say first what the panel learned from this case."
    return why_not_hold(round_state)


def why_not_hold(state: RoundState) -> str | None:
    """The reason nothing is done on the panels of a round now, or None."""
    if state not in HELD_IN:
        return f"Panels work on a round until it is reported. This one is at “{ROUND_STATE_WORDS[state]}”."
    return None


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _is(words: Sequence[str]) -> str:
    return "is" if len(words) == 1 else "are"
