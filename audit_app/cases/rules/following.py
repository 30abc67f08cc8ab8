"""What happens to an immediate concern once it was raised: its states, who has which part in it, what each may do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, Role, Terms


class ConcernState(StrEnum):
    """How far an immediate concern is."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    OUTCOME_RECORDED = "outcome_recorded"
    CLOSED = "closed"


CONCERN_STATE_WORDS = {
    ConcernState.RAISED: "Not acknowledged",
    ConcernState.ACKNOWLEDGED: "Acknowledged",
    ConcernState.OUTCOME_RECORDED: "Outcome recorded",
    ConcernState.CLOSED: "Closed",
}
CONCERN_STATE_COLOURS = {
    ConcernState.RAISED: "red",
    ConcernState.ACKNOWLEDGED: "yellow",
    ConcernState.OUTCOME_RECORDED: "blue",
    ConcernState.CLOSED: "grey",
}

CONCERN_TRANSITIONS: dict[ConcernState, frozenset[ConcernState]] = {
    ConcernState.RAISED: frozenset({ConcernState.ACKNOWLEDGED, ConcernState.OUTCOME_RECORDED}),
    ConcernState.ACKNOWLEDGED: frozenset({ConcernState.OUTCOME_RECORDED}),
    ConcernState.OUTCOME_RECORDED: frozenset({ConcernState.CLOSED, ConcernState.ACKNOWLEDGED}),
    ConcernState.CLOSED: frozenset(),
}
"""An outcome that nobody had acknowledged before is an acknowledgement as well. Who disagrees opens it again."""


class EntryKind(StrEnum):
    """What a line of a concern's log says."""

    ACKNOWLEDGED = "acknowledged"
    NOTE = "note"
    ESCALATED = "escalated"
    IDENTITY_OPENED = "identity_opened"
    HOLDER_CHOSEN = "holder_chosen"
    OUTCOME = "outcome"
    DISAGREED = "disagreed"
    AGREED = "agreed"


ENTRY_WORDS = {
    EntryKind.ACKNOWLEDGED: "Acknowledged",
    EntryKind.NOTE: "Note added",
    EntryKind.ESCALATED: "Not acknowledged in time: passed on to the delegated partners",
    EntryKind.IDENTITY_OPENED: "Identity sheet opened",
    EntryKind.HOLDER_CHOSEN: "Agency holding the case",
    EntryKind.OUTCOME: "Outcome recorded",
    EntryKind.DISAGREED: "Not agreed: opened again",
    EntryKind.AGREED: "Outcome agreed: closed",
}


class ConcernPart(StrEnum):
    """The part that someone has in one concern."""

    RAISER = "raised it"
    CONTACT = "contact or deputy of the agency it was raised for"
    HOLDER_CONTACT = "contact or deputy of the agency holding the case"
    HOLDER = "acts for the agency holding the case"
    COORDINATOR = "coordinator"
    STANDS_IN = "coordinator, where nobody of another agency than the one holding the case can agree"
    PARTNER = "delegated partner it was passed on to"
    ELSEWHERE = "acts for an agency, but not for the one holding the case"
    READER = "works on the case"


TOLD = frozenset(
    {ConcernPart.CONTACT, ConcernPart.HOLDER_CONTACT, ConcernPart.COORDINATOR, ConcernPart.PARTNER},
)
"""Who was mailed, and may say that they have it."""

OPENS_IDENTITY = TOLD - {ConcernPart.PARTNER}
"""Who may see who the child is without waiting for the key holder (ADR 19)."""


class ConcernDeed(StrEnum):
    """What a concern waits for someone to do."""

    ACKNOWLEDGE = "acknowledge"
    CHOOSE_HOLDER = "choose_holder"
    RECORD_OUTCOME = "record_outcome"
    AGREE = "agree"


@dataclass(frozen=True)
class Standing:
    """What decides someone's parts in a concern: their roles and agencies, and whose contact their address is."""

    is_raiser: bool
    is_contact: bool
    is_holder_contact: bool
    is_partner: bool
    is_another_agency_there: bool  # somebody of one beside the agency holding the case can agree
    roles: frozenset[Role]
    agencies: frozenset[int]


def parts_in_concern(one: Standing, *, holder_id: int | None) -> frozenset[ConcernPart]:
    """The parts that someone has in a concern which they may read."""
    is_holder = one.is_holder_contact or (holder_id is not None and holder_id in one.agencies)
    is_coordinator = Role.COORDINATOR in one.roles
    held = {
        ConcernPart.RAISER: one.is_raiser,
        ConcernPart.CONTACT: one.is_contact,
        ConcernPart.HOLDER_CONTACT: one.is_holder_contact,
        ConcernPart.HOLDER: is_holder,
        ConcernPart.COORDINATOR: is_coordinator,
        ConcernPart.STANDS_IN: is_coordinator and not (is_holder or one.is_another_agency_there),
        ConcernPart.PARTNER: one.is_partner,
        ConcernPart.ELSEWHERE: not is_holder and (bool(one.agencies) or one.is_contact),
        ConcernPart.READER: bool(one.roles & _WORKS_ON_CASES),
    }
    return frozenset(part for part, is_held in held.items() if is_held)


_WORKS_ON_CASES = frozenset(
    {Role.COORDINATOR, Role.AUDITOR, Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER, Role.KEY_HOLDER}
)
"""The roles that change things. Whoever only reads everything adds nothing to a concern that is not theirs."""

CLOSED_NOW = "This concern is closed. If you are worried about the child again, raise another one."


def why_not_acknowledge(state: ConcernState, parts: Collection[ConcernPart], *, by: str = "") -> str | None:
    """The reason someone cannot say now that they have a concern, or None. `by` is who has said so already."""
    if TOLD.isdisjoint(parts):
        return "Only those who were told of this concern can say that they have it."
    if state is ConcernState.CLOSED:
        return CLOSED_NOW
    if state is not ConcernState.RAISED:
        return f"{by} has this concern already." if by else "Somebody has this concern already."
    return None


def why_not_open_identity(state: ConcernState, parts: Collection[ConcernPart], terms: Terms = DELIVERED) -> str | None:
    """The reason someone cannot open the identity sheet for a concern, or None."""
    if OPENS_IDENTITY.isdisjoint(parts):
        return (
            "Only the safeguarding contacts and deputies who were told, and the partnership's "
            f"{terms.several(Role.COORDINATOR)}, open the identity sheet for a concern."
        )
    return CLOSED_NOW if state is ConcernState.CLOSED else None


def why_not_add_note(state: ConcernState, parts: Collection[ConcernPart]) -> str | None:
    """The reason someone cannot add to the log of a concern, or None."""
    if frozenset(parts) <= {ConcernPart.ELSEWHERE}:
        return "You can read this concern, but not add to it."
    return CLOSED_NOW if state is ConcernState.CLOSED else None


def why_not_choose_holder(state: ConcernState, parts: Collection[ConcernPart], terms: Terms = DELIVERED) -> str | None:
    """The reason someone cannot say which agency holds the case, or None."""
    if OPENS_IDENTITY.isdisjoint(parts):
        return (
            "Only the safeguarding contacts and deputies who were told, and the partnership's "
            f"{terms.several(Role.COORDINATOR)}, say which agency holds the case."
        )
    if state is ConcernState.OUTCOME_RECORDED:
        return "The outcome is recorded. Agree or disagree with it first."
    return CLOSED_NOW if state is ConcernState.CLOSED else None


def why_not_record_outcome(state: ConcernState, parts: Collection[ConcernPart], *, has_holder: bool) -> str | None:
    """The reason someone cannot record the outcome of a concern, or None."""
    if state is ConcernState.CLOSED:
        return CLOSED_NOW
    if not has_holder:
        return "Say first which agency holds the case: it records the outcome."
    if ConcernPart.HOLDER not in parts:
        return "The agency holding the case records the outcome."
    if state is ConcernState.OUTCOME_RECORDED:
        return "The outcome is recorded already. Someone of another agency must agree with it."
    return None


def why_not_agree(state: ConcernState, parts: Collection[ConcernPart], terms: Terms = DELIVERED) -> str | None:
    """The reason someone cannot agree or disagree with the outcome of a concern, or None. It is someone of another
    agency than the one holding the case (ADR 19)."""
    if state is ConcernState.CLOSED:
        return CLOSED_NOW
    if ConcernPart.HOLDER in parts:
        return "Someone of another agency must agree: yours recorded the outcome."
    if not {ConcernPart.ELSEWHERE, ConcernPart.STANDS_IN} & set(parts):
        return (
            f"Someone of another agency agrees with the outcome: {terms.one(Role.COORDINATOR)} only where nobody of "
            "another agency can."
        )
    if state is not ConcernState.OUTCOME_RECORDED:
        return "There is no outcome to agree with yet."
    return None


def next_deed(state: ConcernState, parts: Collection[ConcernPart], *, has_holder: bool) -> ConcernDeed | None:
    """What someone does next about a concern, or None where it waits for others. Whoever raised it waits for somebody
    else to say that they have it."""
    if state is ConcernState.RAISED and ConcernPart.RAISER in parts:
        can_say = not has_holder and why_not_choose_holder(state, parts) is None
        return ConcernDeed.CHOOSE_HOLDER if can_say else None
    reasons = {
        ConcernDeed.ACKNOWLEDGE: why_not_acknowledge(state, parts),
        ConcernDeed.RECORD_OUTCOME: why_not_record_outcome(state, parts, has_holder=has_holder),
        ConcernDeed.CHOOSE_HOLDER: "It is known." if has_holder else why_not_choose_holder(state, parts),
        ConcernDeed.AGREE: why_not_agree(state, parts),
    }
    return next((deed for deed, reason in reasons.items() if reason is None), None)


def duration_in_words(seconds: float | None) -> str:
    """How long something took, as people say it; empty for what has not come yet."""
    if seconds is None:
        return ""
    took = timedelta(seconds=round(seconds))
    minutes = took.seconds // 60
    if took < timedelta(minutes=1):
        return "less than a minute"
    if took < timedelta(hours=1):
        return _some(minutes, "minute")
    if took < timedelta(days=1):
        hours, rest = divmod(minutes, 60)
        return _some(hours, "hour") + (f" {_some(rest, 'minute')}" if rest else "")
    hours = took.seconds // 3600
    return _some(took.days, "day") + (f" {_some(hours, 'hour')}" if hours else "")


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
