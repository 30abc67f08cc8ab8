"""The reflective discussion, what practitioners may read and answer, and the feedback they are owed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.indicators.rules import Band
from audit_app.returns.rules.answers import TEXT_AT_MOST
from audit_app.returns.rules.states import (
    ANSWERED_WITHOUT_RATINGS,
    HANDED_OVER,
    ReturnState,
    Standing,
    why_not_change,
)
from audit_app.rounds.rules import PractitionerAccess

ROLE_AT_MOST = 120


class Prompt(StrEnum):
    """What a reflective discussion asks. Each is a column of its notes."""

    WORRIED = "worried"
    IN_THE_WAY = "in_the_way"
    DIFFERENTLY = "differently"
    HELPED = "helped"
    SUPPORTED = "supported"


PROMPT_WORDS = {
    Prompt.WORRIED: "What were you most worried about for this child?",
    Prompt.IN_THE_WAY: "What got in the way of helping?",
    Prompt.DIFFERENTLY: "What would you do differently?",
    Prompt.HELPED: "What helped, and what are you pleased with?",
    Prompt.SUPPORTED: "How were you supported and supervised?",
}


@dataclass(frozen=True)
class Talk:
    """A reflective discussion: when and with which role, or why there was none. Notes by what was asked."""

    held_on: date | None = None
    with_whom: str = ""
    not_held_reason: str = ""
    notes: Mapping[Prompt, str] = field(default_factory=dict)


def why_not_talk(talk: Talk, *, is_held: bool, today: date) -> tuple[str, str] | None:
    """The reason a discussion cannot be recorded so, with the field it is about, or None."""
    if not is_held:
        return None if talk.not_held_reason else ("Say why no discussion was held.", "not_held_reason")
    if talk.held_on is None:
        return "Enter the day on which you talked.", "held_on"
    if talk.held_on > today:
        return "The day on which you talked cannot be in the future.", "held_on"
    if not talk.with_whom:
        return "Say with which role you talked, such as the health visitor.", "with_whom"
    return None


class PractitionerPart(StrEnum):
    """As what someone is named on a return."""

    PRACTITIONER = "practitioner"
    MANAGER = "manager"


def part_words(part: PractitionerPart, terms: Terms = DELIVERED) -> str:
    """Who answered, without a name: “Practitioner”, “Practitioner's manager”."""
    role = terms.roles[Role.PRACTITIONER]
    return role if part is PractitionerPart.PRACTITIONER else f"{role}'s manager"


def why_not_name(access: PractitionerAccess, standing: Standing, terms: Terms = DELIVERED) -> str | None:
    """The reason nobody can be named on a return to read it, or None."""
    if access is PractitionerAccess.NOT_AT_ALL:
        return f"This round does not open returns to {terms.several(Role.PRACTITIONER)}."
    if standing.state in ANSWERED_WITHOUT_RATINGS or standing.state is ReturnState.CLOSED:
        return "This return has no ratings, so there is nothing to read."
    return why_not_change(standing, terms)


def why_not_open(standing: Standing) -> str | None:
    """The reason someone named on a return cannot read it yet, or None."""
    if standing.state in HANDED_OVER:
        return None
    if standing.state is ReturnState.CHANGES_REQUESTED:
        return "The agency is changing this return. You can read it again once it is submitted."
    if standing.state in ANSWERED_WITHOUT_RATINGS or standing.state is ReturnState.CLOSED:
        return "No ratings were made on this case, so there is nothing to read."
    return "The agency has not submitted this return yet. You can read it once it has."


def why_not_reply(access: PractitionerAccess, standing: Standing, terms: Terms = DELIVERED) -> str | None:
    """The reason nobody named on a return can answer it now, or None."""
    if access in {PractitionerAccess.NOT_AT_ALL, PractitionerAccess.READ}:
        return "In this round you can read the return. It asks for no answers."
    if standing.is_released:
        return "This case has gone to its panel: you can still read the return, but no longer answer it."
    return why_not_open(standing) or why_not_change(standing, terms)


def is_open_to_reply(access: PractitionerAccess, band: Band | None) -> bool:
    """Whether the round asks for an answer to a rating. `band` is that of its level; None where it is no level.

    Below good is whatever is not in the template's strong band. A non-answer is neither good nor below it.
    """
    if access is PractitionerAccess.ANSWER_BELOW_GOOD:
        return band is not None and band is not Band.STRONG
    return access is PractitionerAccess.ANSWER


def why_not_reply_to_all(access: PractitionerAccess, bands: Collection[Band | None]) -> str | None:
    """The reason the whole of a return, with ratings of these bands, is not answered, or None."""
    if access is PractitionerAccess.ANSWER or any(is_open_to_reply(access, band) for band in bands):
        return None
    return "In this round only ratings below good are answered, and this return has none."


@dataclass(frozen=True)
class Reply:
    """What someone typed to a rating, or to the whole return, and the version they saw (0: there was none)."""

    words: str
    version: int


@dataclass(frozen=True)
class ReplyShown:
    """What someone named on a return answered, without their name. `code` is the indicator's; empty for the whole."""

    code: str
    part: PractitionerPart
    words: str
    answered_at: datetime


def why_not_words(words: str) -> str | None:
    """The reason an answer is too long to keep, or None."""
    return f"This must be {TEXT_AT_MOST:,} characters or fewer." if len(words) > TEXT_AT_MOST else None


class Occasion(StrEnum):
    """After what feedback is due."""

    PANEL = "panel"
    PUBLICATION = "publication"


OCCASION_WORDS = {Occasion.PANEL: "After the panel", Occasion.PUBLICATION: "After publication"}


class FeedbackHow(StrEnum):
    """How feedback was given."""

    IN_PERSON = "in_person"
    BY_CALL = "by_call"
    IN_WRITING = "in_writing"


FEEDBACK_HOW_WORDS = {
    FeedbackHow.IN_PERSON: "In person",
    FeedbackHow.BY_CALL: "By telephone or video call",
    FeedbackHow.IN_WRITING: "In writing",
}


@dataclass(frozen=True)
class Told:
    """Feedback as it was given: to which role, when, how, and what was said. What was good comes first."""

    was_good: str
    given_to: str
    given_on: date | None
    how: FeedbackHow | None
    to_learn: str = ""
    they_said: str = ""


def feedback_due_on(happened_on: date, days: int) -> date:
    """The day by which feedback is due, `days` after what it follows."""
    return happened_on + timedelta(days=days)


def why_not_told(told: Told, *, today: date) -> tuple[str, str] | None:
    """The reason feedback cannot be recorded so, with the field it is about, or None."""
    if not told.was_good:
        return "Say first what was good. There is always something.", "was_good"
    if not told.given_to:
        return "Say who was given feedback, by their role.", "given_to"
    if told.given_on is None:
        return "Enter the day on which feedback was given.", "given_on"
    if told.given_on > today:
        return "The day on which feedback was given cannot be in the future.", "given_on"
    if told.how is None:
        return "Choose how feedback was given.", "how"
    return None
