"""The accuracy check: agencies have so many working days to say which facts are wrong, and each is answered."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.panels.rules.moderating import why_not_words
from audit_app.rounds.rules import ROUND_STATE_WORDS, RoundState

CHECKS_FOR = (Role.AUDITOR, Role.AGENCY_LEAD)
"""The roles with which people check facts for their agency."""

CHECKED_FROM = frozenset({RoundState.ACCURACY_CHECK, RoundState.REPORTING, RoundState.PUBLISHED, RoundState.CLOSED})
"""Rounds in which what agencies asked to correct can be read."""


class CorrectionState(StrEnum):
    """Where something is that an agency asked to correct."""

    ASKED = "asked"
    CORRECTED = "corrected"
    NOT_CHANGED = "not_changed"


CORRECTION_STATE_WORDS = {
    CorrectionState.ASKED: "To be decided",
    CorrectionState.CORRECTED: "Corrected",
    CorrectionState.NOT_CHANGED: "Not changed",
}

CORRECTION_TRANSITIONS: dict[CorrectionState, frozenset[CorrectionState]] = {
    CorrectionState.ASKED: frozenset({CorrectionState.CORRECTED, CorrectionState.NOT_CHANGED}),
    CorrectionState.CORRECTED: frozenset(),
    CorrectionState.NOT_CHANGED: frozenset(),
}


def why_not_read_check(state: RoundState, *, due_on: date | None) -> str | None:
    """The reason there is nothing to read of a round's accuracy check, or None."""
    if state not in CHECKED_FROM:
        return f"Agencies check facts once all cases are agreed. This round is at “{ROUND_STATE_WORDS[state]}”."
    return None if due_on else "The plan of this round leaves the accuracy check out."


def why_not_ask(state: RoundState, *, due_on: date | None, today: date, terms: Terms = DELIVERED) -> str | None:
    """The reason an agency can no longer, or not yet, ask for a correction or say that there is none, or None."""
    if state is not RoundState.ACCURACY_CHECK or due_on is None:
        return f"Facts are corrected during the accuracy check. This round is at “{ROUND_STATE_WORDS[state]}”."
    if today > due_on:
        return (
            f"The time to correct facts ended on {due_on.day} {due_on:%B %Y}. "
            f"Ask the {terms.said(Role.COORDINATOR)} for more time."
        )
    return None


def why_not_decide(
    state: CorrectionState,
    *,
    round_state: RoundState,
    is_chair: bool,
    is_coordinator: bool,
    has_asked: bool,
    has_interest: bool = False,
    terms: Terms = DELIVERED,
) -> str | None:
    """The reason somebody cannot decide what an agency asked, or None. `has_asked`: they asked for it themselves."""
    if not (is_chair or is_coordinator):
        return f"The chair of this case's panel, or the {terms.said(Role.COORDINATOR)}, decides this."
    if round_state is not RoundState.ACCURACY_CHECK:
        return f"This is decided during the accuracy check. This round is at “{ROUND_STATE_WORDS[round_state]}”."
    if state is not CorrectionState.ASKED:
        return f"This was decided already: {CORRECTION_STATE_WORDS[state].lower()}."
    if has_asked:
        return "You asked for this yourself. Somebody else has to decide it."
    if has_interest:
        return "You have a conflict of interest in this case. Somebody else has to decide this."
    return None


def why_not_more_time(
    state: RoundState, *, due_on: date | None, new_day: date | None, today: date, reason: str
) -> tuple[str, str | None] | None:
    """The reason agencies cannot have until another day, with the field it belongs to, or None."""
    if state is not RoundState.ACCURACY_CHECK or due_on is None:
        return f"This round is at “{ROUND_STATE_WORDS[state]}”, so no more time can be given.", None
    if new_day is None or new_day <= due_on:
        return f"Choose a day after {due_on.day} {due_on:%B %Y}, the day they have now.", "due_on"
    if new_day < today:
        return "Choose a day that has not passed.", "due_on"
    if refusal := why_not_words(reason, "Say why they need more time."):
        return refusal, "reason"
    return None


def why_not_end_check(
    state: RoundState, *, due_on: date | None, today: date, undecided: int, silent: Sequence[str]
) -> str | None:
    """The reason the accuracy check cannot end, or None. `silent`: agencies that have not said that they are done."""
    if state is not RoundState.ACCURACY_CHECK or due_on is None:
        return f"Only an accuracy check that is under way can end. This round is at “{ROUND_STATE_WORDS[state]}”."
    if undecided:
        asked = "1 correction that was asked for is" if undecided == 1 else f"{undecided} corrections asked for are"
        return f"{asked} not decided yet."
    if today <= due_on and silent:
        named = silent[0] if len(silent) == 1 else f"{', '.join(silent[:-1])} and {silent[-1]}"
        return f"Agencies have until {due_on.day} {due_on:%B %Y}. {named} may still ask for a correction."
    return None


CLOSING = "This mail holds nothing about any child. Please do not answer it with anything that does.\n"


def check_mail(*, recipient: str, round_title: str, due_on: date, link: str) -> tuple[str, str]:
    """The subject and body that ask somebody of an agency to check facts, until the end of a day."""
    return (
        f"Check the facts of {round_title}",
        (
            f"Dear {recipient},\n\n"
            f"All cases of the audit “{round_title}” are agreed. Before it is reported, your agency can correct what "
            f"is wrong in fact, until the end of {due_on.day} {due_on:%B %Y}. Sign in to read what was agreed, and say "
            f"if nothing is to be corrected:\n\n{link}\n\n{CLOSING}"
        ),
    )


def answered_mail(*, recipient: str, round_title: str, link: str) -> tuple[str, str]:
    """The subject and body that tell somebody that what they asked to correct was decided."""
    return (
        f"A correction for {round_title} was answered",
        (
            f"Dear {recipient},\n\n"
            f"What you asked to correct in the audit “{round_title}” was decided, with a response. Sign in to read it:"
            f"\n\n{link}\n\n{CLOSING}"
        ),
    )
