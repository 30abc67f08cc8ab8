"""The words of the catalogue: levels, scales, strategies, indicators, audit templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from audit_app.accounts.rules import DELIVERED, TermGroup, Terms
from audit_app.indicators.rules.requirements import Requirement, Source, Statement

PANEL_INDICATORS_AT_MOST = 8
"""A panel has about an hour a child: it discusses these, and what agencies see very differently."""

OWN = "own-"
"""How the code of a partnership's own template begins, and that of a delivered one never does."""


class Band(StrEnum):
    """What rounds with different scales are compared on."""

    STRONG = "strong"
    ADEQUATE = "adequate"
    WEAK = "weak"


BAND_WORDS = {Band.STRONG: "Strong", Band.ADEQUATE: "Adequate", Band.WEAK: "Weak"}


class Rated(StrEnum):
    """What an indicator rates."""

    OWN_WORK = "own_work"
    CHILD_EXPERIENCE = "child_experience"


RATED_WORDS = {
    Rated.OWN_WORK: "Your own agency's work",
    Rated.CHILD_EXPERIENCE: "The child's experience and the work together",
}


ANSWERED_WORDS = {False: "With a level", True: "In words only"}
"""How an indicator is answered, by whether it is narrative."""


class ScaleDirection(StrEnum):
    """The end at which people begin to read a scale. Whatever it is, rank 1 is the best level.

    A scale in words has no level at all: a template with it is ungraded, and every answer is a text.
    """

    BEST_FIRST = "best_first"
    WORST_FIRST = "worst_first"
    IN_WORDS = "in_words"


class AppliesBy(StrEnum):
    """What an indicator may depend on: the kind of agency, the child's plan, the child's age."""

    AGENCY_KIND = "agency_kind"
    PLAN_STATUS = "plan_status"
    AGE_BAND = "age_band"


class AgeBand(StrEnum):
    """A child's age at the as-at date, in bands."""

    UNBORN = "unborn"
    UNDER_1 = "under_1"
    FROM_1_TO_4 = "1_to_4"
    FROM_5_TO_9 = "5_to_9"
    FROM_10_TO_15 = "10_to_15"
    FROM_16 = "16_and_over"


AGE_BAND_WORDS = {
    AgeBand.UNBORN: "Unborn",
    AgeBand.UNDER_1: "Under 1",
    AgeBand.FROM_1_TO_4: "1 to 4",
    AgeBand.FROM_5_TO_9: "5 to 9",
    AgeBand.FROM_10_TO_15: "10 to 15",
    AgeBand.FROM_16: "16 and over",
}


def applies_by_words(terms: Terms = DELIVERED) -> dict[AppliesBy, dict[str, str]]:
    """Every value an indicator may be limited to, in order, with a partnership's words for it."""
    return {
        AppliesBy.AGENCY_KIND: terms.of(TermGroup.AGENCY_KIND),
        AppliesBy.PLAN_STATUS: terms.of(TermGroup.PLAN_STATUS),
        AppliesBy.AGE_BAND: {band.value: words for band, words in AGE_BAND_WORDS.items()},
    }


APPLIES_BY_WORDS = applies_by_words()
"""Every value an indicator may be limited to, with the delivered words."""


@dataclass(frozen=True)
class Level:
    """One level of a scale. Rank 1 is best."""

    code: str
    letter: str
    words: str
    rank: int
    band: Band
    means: str = ""  # what it says of any indicator, where that has no guidance of its own for it


def level_alone(letter: str, words: str) -> str:
    """A level where its letter does not stand beside its words: people say the number of a level that has one."""
    return f"{letter}: {words}" if letter.isdigit() else words


@dataclass(frozen=True)
class Scale:
    """Levels, best first; none at all where everything is answered in words."""

    code: str
    title: str
    direction: ScaleDirection
    levels: tuple[Level, ...]

    @property
    def as_read(self) -> tuple[Level, ...]:
        """The levels in the order in which people read this scale."""
        return self.levels if self.direction is ScaleDirection.BEST_FIRST else self.levels[::-1]

    @property
    def without_meanings(self) -> "Scale":
        """The scale without what its levels mean: that is copied into a template, so a scale in use may reword it."""
        return replace(self, levels=tuple(replace(level, means="") for level in self.levels))


@dataclass(frozen=True)
class Strategy:
    """A published neglect strategy. `approved` and `review_due` say what its text says; `statements` keep its order."""

    key: str
    title: str
    publisher: str
    period: str
    approved: str = ""
    review_due: str = ""
    statements: tuple[Statement, ...] = ()

    @property
    def place(self) -> str:
        """Whose it is in a word or two, for narrow columns: the publisher without what every publisher is called."""
        return re.sub(r" (Local )?Safeguarding Children (Partnership|Board)$", "", self.publisher)


@dataclass(frozen=True)
class Indicator:
    """An indicator of the library. `guidance` gives the words for each level, by the level's code."""

    code: str
    title: str
    question: str
    why: str
    look_for: str
    example: str
    rated: Rated
    domain: str
    sources: tuple[Source, ...]
    guidance: Mapping[str, str]


@dataclass(frozen=True)
class TemplateIndicator:
    """An indicator as one version of a template asks it.

    `applies` names the values for which it is asked; what it does not name is asked of all. One that is narrative is
    answered in words only, without a level; so is every indicator of an ungraded template.
    """

    code: str
    title: str
    question: str
    why: str
    look_for: str
    example: str
    rated: Rated
    guidance: Mapping[str, str]
    is_panel: bool = False
    is_narrative: bool = False
    applies: Mapping[AppliesBy, frozenset[str]] = field(default_factory=dict)


class Narrative(Protocol):
    """What may be answered in words only."""

    @property
    def is_narrative(self) -> bool: ...


@dataclass(frozen=True)
class TemplateDomain:
    """A domain: one page of a return."""

    title: str
    indicators: tuple[TemplateIndicator, ...]


@dataclass(frozen=True)
class AuditTemplate:
    """One version of an audit template, whole. Two are equal when an auditor would see the same.

    `position` says in which order templates are offered, `minutes_per_child` what a return takes, `attributes` which
    case attributes are recorded, by their codes.
    """

    code: str
    title: str
    version: int
    description: str
    minutes_per_child: int
    scale: Scale
    domains: tuple[TemplateDomain, ...]
    attributes: tuple[str, ...] = ()
    position: int = field(default=100, compare=False)

    @property
    def indicators(self) -> tuple[TemplateIndicator, ...]:
        """All indicators, in the order of the pages."""
        return tuple(indicator for domain in self.domains for indicator in domain.indicators)

    @property
    def is_graded(self) -> bool:
        """Whether there are levels to choose from at all."""
        return bool(self.scale.levels)

    def is_in_words(self, indicator: Narrative) -> bool:
        """Whether one of its indicators is answered in words only."""
        return indicator.is_narrative or not self.is_graded


@dataclass(frozen=True)
class Catalogue:
    """Everything in `audit_templates/`, each kind by its code and in order.

    `files` says where things stand: the file of a scale, an indicator or a template, by its kind and code.
    """

    scales: Mapping[str, Scale]
    strategies: Mapping[str, Strategy]
    indicators: Mapping[str, Indicator]
    requirements: Mapping[str, Requirement]
    templates: tuple[AuditTemplate, ...]
    files: Mapping[tuple[str, str | tuple[str, int]], str] = field(default_factory=dict, compare=False)


def applies_in_words(applies: Mapping[AppliesBy, frozenset[str]], terms: Terms = DELIVERED) -> list[str]:
    """For whom an indicator is asked, a phrase for each limit in these words; empty where it is asked of all."""
    possible = applies_by_words(terms)
    return [
        ", ".join(words for value, words in possible[by].items() if value in applies[by])
        for by in AppliesBy
        if by in applies
    ]


def anchor_of(reference: str) -> str:
    """Where on the page of a strategy what it says at a reference stands: `6.0 L141` at `at-6-0-l141`."""
    return "at-" + re.sub(r"[^a-z0-9]+", "-", reference.lower()).strip("-")


def reference_in_words(reference: str) -> str:
    """A paragraph's reference as a reader says it: `6.0 L141` is paragraph 6.0, line 141 of the published text."""
    whole = re.sub(r"^App\b", "Appendix", reference)
    place, _, line = whole.rpartition(" L")
    if not line.isdigit():
        place, line = whole, ""
    said = f"paragraph {place}" if place[:1].isdigit() else place
    return f"{said}, line {line} of the text" if line else said
