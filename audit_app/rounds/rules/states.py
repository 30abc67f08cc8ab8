"""The states of a round, and which of them each role sees."""

from collections.abc import Iterable
from enum import StrEnum

from audit_app.accounts.rules import Role


class RoundState(StrEnum):
    """Where a round is: the earliest phase that any of its cases is in."""

    DRAFT = "draft"
    SAMPLING = "sampling"
    RETURNS = "returns"
    PANEL = "panel"
    MODERATION = "moderation"
    ACCURACY_CHECK = "accuracy_check"
    REPORTING = "reporting"
    PUBLISHED = "published"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


ROUND_STATE_WORDS = {
    RoundState.DRAFT: "Being planned",
    RoundState.SAMPLING: "Sampling",
    RoundState.RETURNS: "With agencies",
    RoundState.PANEL: "At panel",
    RoundState.MODERATION: "Moderation",
    RoundState.ACCURACY_CHECK: "Accuracy check",
    RoundState.REPORTING: "Reporting",
    RoundState.PUBLISHED: "Published",
    RoundState.CLOSED: "Closed",
    RoundState.WITHDRAWN: "Withdrawn",
}

TRANSITIONS: dict[RoundState, frozenset[RoundState]] = {
    RoundState.DRAFT: frozenset({RoundState.SAMPLING, RoundState.WITHDRAWN}),
    RoundState.SAMPLING: frozenset({RoundState.RETURNS, RoundState.WITHDRAWN}),
    RoundState.RETURNS: frozenset({RoundState.PANEL, RoundState.WITHDRAWN}),
    # Moderation and the accuracy check may be left out, as small partnerships do.
    RoundState.PANEL: frozenset(
        {RoundState.MODERATION, RoundState.ACCURACY_CHECK, RoundState.REPORTING, RoundState.WITHDRAWN}
    ),
    RoundState.MODERATION: frozenset({RoundState.ACCURACY_CHECK, RoundState.REPORTING, RoundState.WITHDRAWN}),
    RoundState.ACCURACY_CHECK: frozenset({RoundState.REPORTING, RoundState.WITHDRAWN}),
    RoundState.REPORTING: frozenset({RoundState.PUBLISHED, RoundState.WITHDRAWN}),
    RoundState.PUBLISHED: frozenset({RoundState.CLOSED}),
    RoundState.CLOSED: frozenset(),
    RoundState.WITHDRAWN: frozenset(),
}

COUNTED = frozenset({RoundState.REPORTING, RoundState.PUBLISHED, RoundState.CLOSED})
"""Rounds whose ratings are final, so that they may be counted."""

SEEN_BY_BOARD = frozenset({RoundState.PUBLISHED, RoundState.CLOSED})

OPENED = frozenset(RoundState) - {RoundState.DRAFT, RoundState.WITHDRAWN}
"""Rounds whose plan and template are frozen."""

BEGUN = OPENED - {RoundState.SAMPLING}
"""Rounds on which agencies and panels work, or have worked."""

SEEN_BY: dict[Role, frozenset[RoundState]] = {
    Role.COORDINATOR: frozenset(RoundState),
    Role.SCRUTINEER: frozenset(RoundState),
    Role.KEY_HOLDER: frozenset(RoundState),
    Role.PANEL_CHAIR: BEGUN,
    Role.NOTE_TAKER: BEGUN,
    Role.PANEL_MEMBER: BEGUN,
    Role.AUDITOR: BEGUN,
    Role.AGENCY_LEAD: SEEN_BY_BOARD,
    Role.BOARD_MEMBER: SEEN_BY_BOARD,
}
"""The rounds that each role sees, by their state. A role that is not named sees none."""

ONLY_OF_OWN_AGENCY = frozenset({Role.AUDITOR, Role.PANEL_MEMBER})
"""Roles that see only rounds in which their agency takes part."""

TAG_COLOURS = {
    RoundState.DRAFT: "grey",
    RoundState.SAMPLING: "blue",
    RoundState.RETURNS: "blue",
    RoundState.PANEL: "purple",
    RoundState.MODERATION: "purple",
    RoundState.ACCURACY_CHECK: "purple",
    RoundState.REPORTING: "yellow",
    RoundState.PUBLISHED: "green",
    RoundState.CLOSED: "grey",
    RoundState.WITHDRAWN: "red",
}


def states_seen_by(roles: Iterable[Role]) -> frozenset[RoundState]:
    """The states of the rounds that any of these roles sees."""
    return frozenset(state for role in roles for state in SEEN_BY.get(role, frozenset()))


def why_not_move(state: RoundState, to: RoundState) -> str | None:
    """The reason a round cannot go from one state to another, or None."""
    if to not in TRANSITIONS[state]:
        return f"A round that is at “{ROUND_STATE_WORDS[state]}” cannot go to “{ROUND_STATE_WORDS[to]}”."
    return None


def why_not_withdraw(state: RoundState) -> str | None:
    """The reason a round cannot be withdrawn, or None."""
    if state is RoundState.WITHDRAWN:
        return "This round has been withdrawn already."
    if RoundState.WITHDRAWN not in TRANSITIONS[state]:
        return "A published round cannot be withdrawn: its findings have been read and acted on."
    return None
