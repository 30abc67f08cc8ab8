"""The words of an exchanged template: its sheets, lines and columns, the values in them, and what readers know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from audit_app.accounts.rules import DELIVERED, Terms
from audit_app.indicators.rules.catalogue import (
    ANSWERED_WORDS,
    APPLIES_BY_WORDS,
    RATED_WORDS,
    AppliesBy,
    Catalogue,
    Indicator,
    Level,
    Scale,
    ScaleDirection,
    applies_by_words,
    level_alone,
)
from audit_app.indicators.rules.requirements import RequirementKind
from audit_app.indicators.rules.titles import key_of, one_line
from audit_app.indicators.rules.versions import TEXTS
from reports.cells import without_controls

TEMPLATE, QUESTIONS, HOW_TO = "Template", "Questions", "How to fill this in"
WHAT, VALUE = "What", "Value"

LINES = {
    "title": "Title",
    "description": "Description",
    "minutes_per_child": "Minutes for one child",
    "scale": "Scale",
    "attributes": "Recorded about each child",
    "code": "Code",
    "version": "Version",
}
"""The lines of the first sheet, by the field of the template that each holds."""
OPTIONAL_LINES = {"code", "version"}
"""They say where a file comes from. What it becomes has a code and a version of its own."""

LIMITS = {
    AppliesBy.AGENCY_KIND: "Asked only of agencies",
    AppliesBy.PLAN_STATUS: "Asked only for plans",
    AppliesBy.AGE_BAND: "Asked only for ages",
}
COLUMNS = {
    "domain": "Domain",
    "code": "Code",
    **TEXTS,
    "rated": "What is rated",
    "is_panel": "The panel always discusses it",
    "is_narrative": "How it is answered",
    **{by.value: heading for by, heading in LIMITS.items()},
}
"""The columns of the second sheet, by what each holds. After them comes one for each level of the scale."""

YES, NO = "Yes", "No"
NO_SCALE = Scale("", "", ScaleDirection.BEST_FIRST, ())
"""Stands for a scale that is not known, so that the rest of a file can still be looked at."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Known:
    """What a file may name: indicators of the library, scales, and case attributes with their titles, by code.

    `terms` are the words of whoever reads it. Files are written in the delivered words, which everybody shares.
    """

    indicators: Mapping[str, Indicator]
    scales: Mapping[str, Scale]
    attributes: Mapping[str, str]
    terms: Terms = DELIVERED

    def limited_to(self, by: AppliesBy) -> dict[str, str]:
        """What an indicator may be limited to, by the keys of their words. Delivered words keep their meaning."""
        return by_key(applies_by_words(self.terms)[by]) | by_key(APPLIES_BY_WORDS[by])


def known_to(catalogue: Catalogue) -> Known:
    """What a service knows once it has loaded a catalogue."""
    attributes = (one for one in catalogue.requirements.values() if one.kind is RequirementKind.ATTRIBUTE)
    return Known(catalogue.indicators, catalogue.scales, {one.code: one.title for one in attributes})


def plain(text: str) -> str:
    """A text as the service keeps it: nothing around it, one kind of line end, no control characters."""
    return without_controls(text).strip()


def plain_title(text: str) -> str:
    """A title as the service keeps it: in one line."""
    return one_line(plain(text))


def by_key(words: Mapping[Value, str]) -> dict[str, Value]:
    """Values by the keys of their words; a value that is a text is known by itself too."""
    codes = {key_of(value): value for value in words if isinstance(value, str)}
    return codes | {key_of(said): value for value, said in words.items()}


RATED = by_key(RATED_WORDS)
PANEL = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
ANSWERED = by_key(ANSWERED_WORDS)


def level_headings(scale: Scale) -> dict[str, str]:
    """The heading of each level's column by the level's code, in the order in which people read the scale."""
    taken = {key_of(heading) for heading in COLUMNS.values()}

    def heading(level: Level) -> str:
        words = level_alone(level.letter, level.words)
        return f"Level: {words}" if key_of(words) in taken else words

    return {level.code: heading(level) for level in scale.as_read}


def listed(words: Iterable[str], *, last: str = "or") -> str:
    """Words for a sentence that says what may be chosen. `last` stands before the last of them."""
    *others, end = (f"“{one}”" for one in words)
    return f"{', '.join(others)} {last} {end}" if others else end
