"""The room of a panel: its steps, who gives a rating of their own, and when a deed in it is refused."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from audit_app.cases.rules import CASE_STATE_WORDS, CaseState
from audit_app.panels.rules.order import Item
from audit_app.panels.rules.states import ItemState, why_not_hold
from audit_app.returns.rules import HANDED_OVER, TEXT_AT_MOST, AnswerKind, ReturnState, why_not_kind
from audit_app.rounds.rules import RoundState

MINUTES_PER_CASE = 60
"""Minutes that a panel gives each child, as delivered."""

POINT_AT_MOST = 2_000
"""Characters of a point that is put aside."""


class RoomStep(StrEnum):
    """What the room looks at: the agenda of the case, one item, what is confirmed together, or the outcome."""

    AGENDA = "agenda"
    ITEM = "item"
    REST = "rest"
    OUTCOME = "outcome"


class RoomPart(StrEnum):
    """What somebody does in the room, and so what their screen offers."""

    CHAIR = "chair"
    NOTES = "notes"
    MEMBER = "member"
    LOOKING = "looking"
    PROJECTOR = "projector"


class SeatState(StrEnum):
    """Where somebody at the table is with what is rated now. It never says what they gave."""

    HERE = "here"
    TO_RATE = "to_rate"
    RATED = "rated"
    BY_RETURN = "by_return"
    ASKS = "asks"
    LEFT_OUT = "left_out"
    WRITES = "writes"
    APOLOGIES = "apologies"


SEAT_WORDS = {
    SeatState.HERE: "",
    SeatState.TO_RATE: "Not yet",
    SeatState.RATED: "Has rated",
    SeatState.BY_RETURN: "Rated in the return",
    SeatState.ASKS: "Asks, does not rate",
    SeatState.LEFT_OUT: "Left out: conflict of interest",
    SeatState.WRITES: "Writes",
    SeatState.APOLOGIES: "Sent apologies",
}


class VoteKind(StrEnum):
    """What one person says of an item in the room. Only `level` carries a level."""

    LEVEL = "level"
    IN_WORDS = "in_words"
    NOT_APPLICABLE = "not_applicable"
    NO_EVIDENCE = "no_evidence"
    ABSTAIN = "abstain"


class Attendance(StrEnum):
    """Whether somebody came to the meeting."""

    PRESENT = "present"
    APOLOGIES = "apologies"


ATTENDANCE_WORDS = {Attendance.PRESENT: "Present", Attendance.APOLOGIES: "Sent apologies"}

INVOLVED = HANDED_OVER | {ReturnState.DECLINED, ReturnState.CLOSED}
"""Returns of agencies that were involved with the child, whether or not they rated their work. The others, who do not
know the child in the time looked at, may ask questions and do not rate."""


@dataclass(frozen=True)
class Seat:
    """Somebody who sits on a panel. A note-taker sits for no agency."""

    person_id: int
    name: str
    agency_id: int | None
    agency: str
    attendance: Attendance | None


@dataclass(frozen=True)
class OwnRating:
    """What somebody gives of their own on an item. `level_id` exactly when the answer is a level."""

    answer: VoteKind | None
    level_id: int | None
    reasoning: str


def why_not_rate(
    seat: Seat, *, involved: Collection[int], conflicts: Collection[int], first: Collection[int] = ()
) -> str | None:
    """The reason somebody who sits on the panel gives no rating of their own on a case, or on an item of it, or None.

    `involved` are the agencies of the case with a part in the child's help, `conflicts` the people left out of it, and
    `first` the agencies whose return is their rating of the item this time: all rate when the chair asks again.
    """
    if seat.agency_id is None:
        return "Members rate. You are here to write."
    if seat.person_id in conflicts:
        return "You have a conflict of interest in this case, so you are left out of rating it."
    if seat.agency_id not in involved:
        return f"{seat.agency} had no part in this child's help. You can ask questions; you do not rate."
    if seat.agency_id in first:
        return f"The return of {seat.agency} is its first rating."
    return None


def first_ratings(item: Item) -> frozenset[int]:
    """The agencies whose returns are their rating of an item, seen whole, while the room rates it first."""
    return frozenset(one.agency_id for one in item.given if one.answer.kind is not None and item.ballot <= 1)


def still_to_rate(
    seats: Collection[Seat],
    *,
    rated: Collection[int],
    involved: Collection[int],
    conflicts: Collection[int],
    first: Collection[int],
) -> list[Seat]:
    """Whom the room waits for on an item: those who may rate, did not yet, and did not send apologies."""
    return [
        seat
        for seat in seats
        if seat.person_id not in rated
        and seat.attendance is not Attendance.APOLOGIES
        and why_not_rate(seat, involved=involved, conflicts=conflicts, first=first) is None
    ]


def why_not_open_room(*, is_chair: bool, is_on_paper: bool, is_open: bool, is_nobody_recording: bool) -> str | None:
    """The reason a room cannot be opened, or None."""
    if not is_chair:
        return "Only the chair of this panel opens its room."
    if is_on_paper:
        return "This panel rates on paper. Change the panel to rate in its room."
    if is_open:
        return "The room is open already."
    if not is_nobody_recording:
        return "Confirm that nobody is recording and that no transcription assistant is on."
    return None


def why_not_steer(*, is_chair: bool, is_open: bool) -> str | None:
    """The reason somebody cannot lead the room on, or None."""
    if not is_chair:
        return "Only the chair of this panel does this."
    if not is_open:
        return "The room is not open."
    return None


def why_not_in_room(
    case: CaseState, *, round_state: RoundState, is_open: bool, is_its_case: bool, is_sitting: bool
) -> str | None:
    """The reason nothing is done to an item in the room now, or None.

    `is_its_case`: its case is the one that is open in the room. `is_sitting`: the person holds a role with which people
    sit on panels; a seat outlives its role.
    """
    if not is_sitting:
        return "You no longer hold a role with which you take part in a panel."
    if reason := why_not_hold(round_state):
        return reason
    if case is not CaseState.AT_PANEL:
        return f"Only a case at panel is rated. This one is at “{CASE_STATE_WORDS[case]}”."
    if not is_open:
        return "The room is not open."
    return None if is_its_case else "Another case is open in the room. Open this one first."


def why_not_open_case(state: CaseState) -> str | None:
    """The reason a case cannot be opened in the room, or None."""
    if state is not CaseState.AT_PANEL:
        return f"Only a case that is released to the panel can be opened. This one is at “{CASE_STATE_WORDS[state]}”."
    return None


def why_not_give(rating: OwnRating, *, is_narrative: bool) -> tuple[str, str] | None:
    """What somebody's own rating still needs, as the part and a sentence, or None."""
    if rating.answer is None:
        return "answer", "Choose your rating, or say that you abstain."
    if rating.answer is VoteKind.ABSTAIN and not rating.reasoning:
        return "reasoning", "Say in a few words why you abstain."
    if rating.answer is VoteKind.IN_WORDS and not rating.reasoning:
        return "reasoning", "Say what you think in a few words."
    if len(rating.reasoning) > TEXT_AT_MOST:
        return "reasoning", f"This must be {TEXT_AT_MOST:,} characters or fewer. It has {len(rating.reasoning):,}."
    if rating.answer is not VoteKind.ABSTAIN:
        refusal = why_not_kind(AnswerKind(rating.answer.value), is_narrative=is_narrative)
        return ("answer", refusal) if refusal else None
    return None


def why_not_take(state: ItemState, *, ballot: int, asked: int) -> str | None:
    """The reason a rating that somebody gave for ballot `asked` is not taken, or None."""
    if state is ItemState.VOTING and ballot == asked:
        return None
    if ballot > asked or state in {ItemState.REVEALED, ItemState.AGREED}:
        return "The ratings were shown before yours arrived, so it was not counted. Say it in the room."
    return "The panel is not rating this now."


def why_not_show(state: ItemState, *, given: int) -> str | None:
    """The reason the ratings of an item cannot be shown, or None. `given`: how many, first ratings among them."""
    if state is not ItemState.VOTING:
        return "Nobody is rating this now. Look at the page again."
    if not given:
        return "Nobody has given a rating yet."
    return None


def why_not_rate_again(state: ItemState) -> str | None:
    """The reason the panel cannot be asked to rate an item once more, or None."""
    return None if state is ItemState.REVEALED else "Ask again once the ratings are shown and before they are agreed."


def why_not_reopen(case: CaseState, state: ItemState, *, reason: str) -> str | None:
    """The reason an agreed item cannot be reopened in the room, or None."""
    if case is not CaseState.AT_PANEL:
        return f"Ratings are reopened while a case is at panel. This one is at “{CASE_STATE_WORDS[case]}”."
    if state is not ItemState.AGREED:
        return "Only what is agreed can be reopened."
    return None if reason else "Say why this is reopened. What was agreed is kept."


def why_not_pull_out(item: Item, *, is_rest: bool) -> str | None:
    """The reason an item cannot be taken out of those that are confirmed together, or None."""
    if item.state is ItemState.AGREED:
        return "This is agreed already."
    return None if is_rest else "The panel talks about this in any case."
