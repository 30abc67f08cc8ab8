"""What makes a template whole, in a file as in a draft."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from audit_app.indicators.rules.catalogue import (
    PANEL_INDICATORS_AT_MOST,
    AppliesBy,
    AuditTemplate,
    Level,
    Scale,
    TemplateIndicator,
)

Value = TypeVar("Value", bound=Hashable)

NOBODY = {
    AppliesBy.AGENCY_KIND: "no agency answers it",
    AppliesBy.PLAN_STATUS: "no plan has it",
    AppliesBy.AGE_BAND: "no age has it",
}
"""What it means when an indicator is limited to no value at all."""
AT_LEAST_ONE = {by: f"Choose at least one: otherwise {words}." for by, words in NOBODY.items()}
"""The refusal of a limit that names no value."""


def levels_without_words(scale: Scale, guidance: Mapping[str, str]) -> list[Level]:
    """The levels of which neither an indicator's guidance, by the level's code, nor the scale itself says a word."""
    return [level for level in scale.levels if not guidance.get(level.code) and not level.means]


def why_not_on_panel(count: int) -> str | None:
    """The reason a panel cannot always discuss this many indicators, or None."""
    if count > PANEL_INDICATORS_AT_MOST:
        return f"a panel has time for at most {PANEL_INDICATORS_AT_MOST}"
    return None


def asked_of_nobody(applies: Mapping[AppliesBy, Iterable[str]]) -> list[AppliesBy]:
    """The limits of an indicator that name no value, so that it is asked of nobody."""
    return [by for by, values in applies.items() if not list(values)]


def twice(values: Iterable[Value]) -> list[Value]:
    """The values that stand in `values` more than once, each once."""
    return [value for value, times in Counter(values).items() if times > 1]


def by_code(template: AuditTemplate) -> dict[str, TemplateIndicator]:
    """The indicators that a template asks, by code, in the order of the pages."""
    return {indicator.code: indicator for indicator in template.indicators}
