"""A whole return as it leaves the service: all that is asked and all that is kept, in one place."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import blake2b

from audit_app.indicators.rules import level_alone
from audit_app.returns.rules.answers import TEXT_AT_MOST, Answer, AnswerKind, seen, tidied
from audit_app.returns.rules.attributes import AttributeAsked
from audit_app.returns.rules.chronology import Event as ToldEvent
from audit_app.returns.rules.states import Standing
from audit_app.rounds.rules import FrozenAttribute, FrozenLevel
from reports.cells import without_controls

_SHORT = 200
"""Characters of an answer that fits on one line."""


@dataclass(frozen=True)
class Origin:
    """Whose a file is: written into it, and compared when it comes back. `edition` is of what the round asks, and
    `copy` tells one download from another."""

    slug: str
    round_reference: str
    case_reference: str
    agency_id: int
    edition: str
    copy: str = ""


@dataclass(frozen=True)
class Heading:
    """What a printed or written return says of itself. Nothing of it says who the child is.

    `send_to` is the coordinator to whom an agency that does not sign in sends it back, and `key_holder` the one who
    says who the child is, each as people read it; both are empty where the agency's own auditor fills it in.
    """

    partnership: str
    round_title: str
    agency: str
    due_on: date
    template: str
    send_to: str = ""
    key_holder: str = ""


@dataclass(frozen=True)
class Line:
    """One question that is answered in one cell: one of `choices`, a number, or a text. `kept` is what is saved, in the
    words of the sheet; `offered` is written instead where nothing is saved yet. What `is_secret` is taken from a file,
    and never written or shown."""

    sheet: str
    key: str
    about: str
    question: str
    how: str = ""
    title: str = ""  # shorter than the question, where the question is long
    option: str = ""  # of a question with several lines, what this one ticks
    choices: tuple[str, ...] = ()
    kept: str = ""
    offered: str = ""
    version: int = 0
    at_most: int = TEXT_AT_MOST
    is_number: bool = False
    is_secret: bool = False

    @property
    def is_long(self) -> bool:
        """Whether its answer is a text of some sentences."""
        return not self.choices and not self.is_number and self.at_most > _SHORT


@dataclass(frozen=True)
class RatingAsked:
    """One indicator with its answer. `guidance` has for each level, by its id, what it looks like."""

    indicator_id: int
    code: str
    domain: str
    title: str
    question: str
    look_for: str
    is_narrative: bool
    guidance: Mapping[int, str]
    answer: Answer
    version: int = 1


@dataclass(frozen=True)
class Event:
    """An event of the chronology, as it is typed."""

    happened_on: date | None = None
    event: str = ""
    impact: str = ""
    response: str = ""


@dataclass(frozen=True)
class KeptEvent:
    """An event that is saved."""

    id: int
    event: Event
    version: int

    @property
    def key(self) -> str:
        return f"Event {self.id}"


@dataclass(frozen=True)
class Submitted:
    """Who submitted a return that was handed over, when, and in which words they declared it."""

    at: datetime
    by: str
    declaration: str
    is_for_agency: bool = False  # a coordinator did, on its behalf


@dataclass(frozen=True)
class Paper:
    """A return, whole. `lines` are those of every sheet but the ratings and the chronology. A date after `today`, or
    before `earliest`, is doubted: no child of this age was born then. `file_loaded_by` is the coordinator who loaded
    what an agency stated of the right file, where one did; `voices` is how many there are, which stay on screen."""

    origin: Origin
    heading: Heading
    standing: Standing
    levels: tuple[FrozenLevel, ...]  # as they are read
    lines: tuple[Line, ...]
    ratings: tuple[RatingAsked, ...]
    attributes: tuple[AttributeAsked, ...]
    events: tuple[KeptEvent, ...]
    today: date
    earliest: date
    submitted: Submitted | None = None
    file_loaded_by: str = ""
    voices: int = 0

    @cached_property
    def level_words(self) -> dict[int, str]:
        """What each level is called in a list to choose from, by its id."""
        return words_of_levels(self.levels)

    @cached_property
    def line(self) -> dict[str, Line]:
        return {line.key: line for line in self.lines}


def words_of_levels(levels: Iterable[FrozenLevel]) -> dict[int, str]:
    """What each level is called in a list to choose from, by its id. No two are called the same."""
    words = {level.id: (level_alone(level.letter, level.words), level.letter) for level in levels}
    said = [alone for alone, _ in words.values()]
    return {
        level: alone if said.count(alone) == 1 else f"{alone} ({letter})" for level, (alone, letter) in words.items()
    }


def edition_of(levels: Iterable[FrozenLevel], codes: Iterable[str], attributes: Iterable[FrozenAttribute]) -> str:
    """A short mark of what a round asks: its levels, the codes of its indicators, its attributes and their options."""
    parts = [f"{level.code}={level.words}" for level in levels]
    parts += codes
    parts += [f"{one.code}:{option.code}" for one in attributes for option in one.options]
    return digest_of(*parts)


def file_name(reference: str, agency: str, what: str) -> str:
    """What a file about a return is called, without its ending: the case, the agency's short name, and what it is."""
    letters = unicodedata.normalize("NFKD", agency).encode("ascii", "ignore").decode().lower()
    return "-".join([reference, *re.findall("[a-z0-9]+", letters), what])


def copy_code(person_id: int, at: datetime) -> str:
    """What tells one download of a return from another: who took it, and when."""
    return digest_of(person_id, at.isoformat())


def digest_of(*parts: object) -> str:
    """A short digest of texts: equal texts have equal ones."""
    return blake2b("\0".join(str(part) for part in parts).encode(), digest_size=8).hexdigest()


def plain(text: str) -> str:
    """A text as a cell keeps it and gives it back: nothing around it, one kind of line end, no control characters."""
    return without_controls(text).strip()


def plain_answer(asked: "RatingAsked") -> Answer:
    """What is saved of an indicator, as its cells give it back."""
    answer = asked.answer
    if asked.is_narrative and answer.kind is None:
        answer = replace(answer, kind=AnswerKind.IN_WORDS)  # which is none yet without a word
    reason, evidence, where = plain(answer.reason), plain(answer.evidence), plain(answer.where_on_file)
    return tidied(replace(answer, reason=reason, evidence=evidence, where_on_file=where))


def plain_event(event: Event) -> Event:
    """An event as its cells give it back."""
    return replace(event, event=plain(event.event), impact=plain(event.impact), response=plain(event.response))


def as_told(event: Event) -> ToldEvent:
    """An event with its day as the pages know it."""
    assert event.happened_on is not None
    return ToldEvent(event.happened_on, event.event, event.impact, event.response)


def seen_line(line: Line) -> str:
    """What a file carries of a line: its version, and a digest that tells whether its cell was touched."""
    return f"{line.version}.{digest_of(plain(line.kept))}"


def seen_rating(rating: RatingAsked) -> str:
    """What a file carries of a rating, as a page does."""
    return seen(plain_answer(rating), rating.version)


def seen_event(kept: KeptEvent) -> str:
    """What a file carries of an event that is saved."""
    return f"{kept.version}.{event_digest(plain_event(kept.event))}"


def event_digest(event: Event) -> str:
    """The digest of an event, which tells whether one of its cells was touched."""
    return digest_of(event.happened_on, event.event, event.impact, event.response)


def option_key(attribute: FrozenAttribute, code: str) -> str:
    """The key of the line that ticks one option of an attribute with several."""
    return f"{attribute.code} {code}"


def kinds_offered(levels: Sequence[str]) -> tuple[str, ...]:
    """The answers that an indicator offers: its levels as they are read, then the two that are no level."""
    return (*levels, *NO_LEVEL.values())


NO_LEVEL = {AnswerKind.NOT_APPLICABLE: "Not applicable", AnswerKind.NO_EVIDENCE: "No evidence on file"}
