"""From the table of a template's file to the template, and what in it does not fit together."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from audit_app.indicators.rules.catalogue import (
    APPLIES_BY_WORDS,
    AppliesBy,
    AuditTemplate,
    Indicator,
    Scale,
    TemplateDomain,
    TemplateIndicator,
)
from audit_app.indicators.rules.file_shapes import Limits, TemplateShape
from audit_app.indicators.rules.problems import cut, shown
from audit_app.indicators.rules.whole import NOBODY, asked_of_nobody, twice, why_not_on_panel


def template_of(shape: TemplateShape, scale: Scale, library: Mapping[str, Indicator]) -> AuditTemplate:
    """The template that a file describes: of the library's indicators, in the library's words where it has no own."""
    return AuditTemplate(
        code=shape.code,
        title=shape.title,
        version=shape.version,
        description=shape.description,
        minutes_per_child=shape.minutes_per_child,
        scale=scale,
        domains=tuple(
            TemplateDomain(
                domain.title,
                tuple(_asked(shape, library[code], scale) for code in domain.indicators if code in library),
            )
            for domain in shape.domain
        ),
        attributes=tuple(shape.attributes),
        position=shape.position,
    )


def _asked(shape: TemplateShape, indicator: Indicator, scale: Scale) -> TemplateIndicator:
    limits = shape.applies.get(indicator.code, {})
    own = shape.words[indicator.code].model_dump(exclude_none=True) if indicator.code in shape.words else {}
    guidance = {**indicator.guidance, **shape.guidance.get(indicator.code, {})}
    words = ("title", "question", "why", "look_for", "example", "rated")
    return TemplateIndicator(
        code=indicator.code,
        **{name: own.get(name, getattr(indicator, name)) for name in words},
        guidance={level.code: guidance.get(level.code, level.means) for level in scale.levels},
        is_panel=indicator.code in shape.panel_indicators,
        is_narrative=indicator.code in shape.in_words,
        applies={AppliesBy(by): frozenset(values) for by, values in limits.items()},
    )


def problems_of_panel(panel: list[str], asked: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the list of what the panel always discusses: (place, how to mend it)."""
    if reason := why_not_on_panel(len(panel)):
        yield "panel_indicators", f"names {len(panel)}; {reason}"
    yield from problems_of_listed("panel_indicators", panel, asked)


def problems_of_listed(name: str, listed: list[str], asked: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a list of codes, called `name`, of what a template asks: (place, how to mend it)."""
    for code in sorted(set(listed) - set(asked)):
        yield name, f"{cut(code)} is in no domain of this template; add it to one or take it from here"
    for code in twice(listed):
        yield name, f"{cut(code)} is named twice; remove one"


def problems_of_applies(applies: Mapping[str, Limits], asked: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with for whom indicators are asked: (place, how to mend it)."""
    for code, limits in applies.items():
        if code not in asked:
            yield f"applies, {cut(code)}", "is in no domain of this template; remove this limit or correct the code"
        for empty in asked_of_nobody({AppliesBy(by): values for by, values in limits.items()}):
            yield f"applies, {cut(code)}, {empty}", f"is empty, so {NOBODY[empty]}; name some or remove the line"
        for by, values in limits.items():
            possible = APPLIES_BY_WORDS[AppliesBy(by)]
            for value in values:
                if value not in possible:
                    yield (
                        f"applies, {cut(code)}, {by}",
                        f"{shown(value)} is none of {', '.join(possible)}; choose among them",
                    )


def problems_of_own_terms(
    words: Iterable[str], guidance: Mapping[str, Iterable[str]], asked: Collection[str], scale: Scale | None
) -> Iterator[tuple[str, str]]:
    """What is wrong with the tables of own words and own guidance, by code: (place, how to mend it)."""
    for part, named in (("words", words), ("guidance", guidance)):
        for code in dict.fromkeys(named):
            if code not in asked:
                yield f"{part}, {cut(code)}", "is in no domain of this template; remove this table or correct the code"
    if scale is None:
        return
    levels = {level.code for level in scale.levels}
    for code, its in guidance.items():
        for level in its:
            if level not in levels:
                yield f"guidance, {cut(code)}", f"{shown(level)} is no level of the scale {scale.code}; correct it"
