"""Reading all cases of a round side by side after its last panel, and changing what was agreed so that it is alike.

Two sides do it: the chairs of the round's panels, and the one other whom the coordinator names. What one side wants
changed counts once the other has confirmed it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.panels.rules.deciding import Decision, gaps_in
from audit_app.panels.rules.states import PLANNED_IN
from audit_app.returns.rules import TEXT_AT_MOST, AnswerKind, why_not_kind
from audit_app.rounds.rules import ROUND_STATE_WORDS, RoundState

READS_ALONG = (Role.COORDINATOR, Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER)
"""The roles one of which the other reader holds."""

READ_FROM = frozenset(
    {
        RoundState.MODERATION,
        RoundState.ACCURACY_CHECK,
        RoundState.REPORTING,
        RoundState.PUBLISHED,
        RoundState.CLOSED,
    }
)
"""Rounds in which what was changed for consistency can be read."""


class ChangeState(StrEnum):
    """Where a change is that somebody proposed so that cases are rated alike."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


CHANGE_STATE_WORDS = {
    ChangeState.PROPOSED: "Proposed",
    ChangeState.CONFIRMED: "Confirmed",
    ChangeState.DECLINED: "Not confirmed",
    ChangeState.TAKEN_BACK: "Taken back",
}

CHANGE_TRANSITIONS: dict[ChangeState, frozenset[ChangeState]] = {
    ChangeState.PROPOSED: frozenset({ChangeState.CONFIRMED, ChangeState.DECLINED, ChangeState.TAKEN_BACK}),
    ChangeState.CONFIRMED: frozenset(),
    ChangeState.DECLINED: frozenset(),
    ChangeState.TAKEN_BACK: frozenset(),
}


@dataclass(frozen=True)
class Readers:
    """Who moderates a round, by id: the chairs of its panels, and the one other, if somebody is named."""

    chairs: frozenset[int]
    other: int | None = None

    def has(self, person_id: int) -> bool:
        """Whether somebody is one of them."""
        return person_id in self.chairs or person_id == self.other

    def are_two(self, first: int, second: int) -> bool:
        """Whether these are the two sides: a chair, and somebody else who is the one other."""
        return any(
            other == self.other and chair in self.chairs and other != chair
            for chair, other in ((first, second), (second, first))
        )

    def is_done(self, said: Collection[int]) -> bool:
        """Whether both sides have said that they are done."""
        return any(self.are_two(one, other) for one in said for other in said)


def after_panels(*, is_moderated: bool, accuracy_days: int) -> RoundState:
    """Where a round goes once all its cases are agreed."""
    return RoundState.MODERATION if is_moderated else after_moderation(accuracy_days=accuracy_days)


def after_moderation(*, accuracy_days: int) -> RoundState:
    """Where a round goes once nothing more is changed for consistency. 0 days: no agency is asked to check facts."""
    return RoundState.ACCURACY_CHECK if accuracy_days else RoundState.REPORTING


def why_not_read_side_by_side(state: RoundState, *, is_moderated: bool) -> str | None:
    """The reason the cases of a round are not there side by side, or None."""
    if not is_moderated:
        return "The plan of this round leaves moderation out."
    if state not in READ_FROM:
        return f"Cases are read side by side after the last panel. This round is at “{ROUND_STATE_WORDS[state]}”."
    return None


def why_not_name_reader(
    state: RoundState, *, is_moderated: bool, chairs: Collection[int], person_id: int | None = None
) -> str | None:
    """The reason it cannot be said now who reads with the chair, or that it cannot be this person, or None."""
    if not is_moderated:
        return "The plan of this round leaves moderation out."
    if state not in PLANNED_IN | {RoundState.MODERATION}:
        return (
            f"Who reads with the chair is named before moderation ends. This round is at “{ROUND_STATE_WORDS[state]}”."
        )
    if person_id is not None and set(chairs) == {person_id}:
        return "This person chairs all panels of the round. Choose somebody else to read with them."
    return None


def why_not_moderate(
    state: RoundState, *, readers: Readers, person_id: int, has_interest: bool = False, terms: Terms = DELIVERED
) -> str | None:
    """The reason somebody changes nothing for consistency, or None. `has_interest`: in the case, as their own."""
    if state is not RoundState.MODERATION:
        return (
            "What was agreed is changed for consistency after the last panel, until moderation is done. "
            f"This round is at “{ROUND_STATE_WORDS[state]}”."
        )
    if not readers.has(person_id):
        return "The chairs of this round's panels, and whoever is named to read with them, change what was agreed now."
    if readers.other is None:
        return f"The {terms.said(Role.COORDINATOR)} has to name first who reads the cases with the chair."
    if has_interest:
        return "You have a conflict of interest in this case, so you leave it to the others."
    return None


def why_not_confirm(state: ChangeState, *, readers: Readers, proposed_by: int, person_id: int) -> str | None:
    """The reason somebody neither confirms nor declines a change, or None."""
    if state is not ChangeState.PROPOSED:
        return f"This change was decided already: {CHANGE_STATE_WORDS[state].lower()}."
    if proposed_by == person_id:
        return "You proposed this change. It counts once the other of you has confirmed it."
    if not readers.are_two(proposed_by, person_id):
        return "A chair and the other reader must both want a change. One of you has to be the other reader."
    return None


def why_not_take_back(state: ChangeState, *, proposed_by: int, person_id: int) -> str | None:
    """The reason somebody cannot take a change back that was proposed, or None."""
    if state is not ChangeState.PROPOSED:
        return f"This change was decided already: {CHANGE_STATE_WORDS[state].lower()}."
    return None if proposed_by == person_id else "Whoever proposed a change takes it back."


def why_not_end_moderation(*, waiting: int, has_said: bool) -> str | None:
    """The reason somebody cannot say that moderation is done, or None. `waiting`: changes that are not decided."""
    if waiting:
        changes = "1 change is" if waiting == 1 else f"{waiting} changes are"
        return f"{changes} proposed and not decided yet."
    return "You have said so already. It is done once the other of you says so too." if has_said else None


def gaps_in_change(decision: Decision, *, levels: Collection[int], is_narrative: bool) -> Mapping[str, str]:
    """What a change still needs, as a sentence by part: answer, reason, because. `levels`: the ids of the scale's."""
    gaps = dict(gaps_in(decision, is_change=True))
    if decision.answer is None:
        return gaps | {"answer": "Choose what should be agreed."}
    is_known = decision.level_id in levels if decision.answer is AnswerKind.LEVEL else decision.level_id is None
    reason = None if is_known else "Choose one of the answers shown."
    reason = reason or why_not_kind(decision.answer, is_narrative=is_narrative)
    return gaps | {"answer": reason} if reason else gaps


def why_not_words(words: str, needed: str) -> str | None:
    """The reason a text cannot be kept, or None; `needed` is the sentence where there is none."""
    if not words:
        return needed
    if len(words) > TEXT_AT_MOST:
        return f"This must be {TEXT_AT_MOST:,} characters or fewer. It has {len(words):,}."
    return None
