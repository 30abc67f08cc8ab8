"""From a text in TOML to the template it describes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit_app.indicators.rules.catalogue import (
    APPLIES_BY_WORDS,
    OWN,
    AppliesBy,
    AuditTemplate,
    Rated,
    Scale,
    TemplateDomain,
    TemplateIndicator,
)
from audit_app.indicators.rules.drafts import why_not_ask
from audit_app.indicators.rules.exchange.checks import problems_of
from audit_app.indicators.rules.exchange.wording import NO_SCALE, Known, plain, plain_title
from audit_app.indicators.rules.file_shapes import ExchangedShape, shaped
from audit_app.indicators.rules.problems import cut, shown
from audit_app.indicators.rules.reading_templates import (
    problems_of_applies,
    problems_of_listed,
    problems_of_own_terms,
)
from audit_app.indicators.rules.toml_texts import parsed
from audit_app.indicators.rules.versions import TEXTS

Problems = list[tuple[str, str]]


def from_toml(text: bytes, known: Known) -> tuple[AuditTemplate | None, Problems]:
    """The template that a text describes, and everything that is wrong in it: (place, how to mend it).

    None where so much is wrong that nothing can be made of it. A text that is not `complete` takes from the library
    what it does not say of an indicator, as the files of the service's own folder do.
    """
    try:
        table = parsed(text)
    except ValueError as error:
        return None, [("", f"{error}. If it is a spreadsheet, save it as .xlsx")]
    if reason := why_not_ask(_count(table)):
        return None, [("domain", reason)]  # alone: what else there is would hide it
    try:
        return _read(table, known)
    except (RecursionError, ValueError):  # of a text made to break readers, such as a number of 5,000 digits
        return None, [("", "holds what nobody can read. Write it anew from a template downloaded here")]


def _read(table: dict[str, Any], known: Known) -> tuple[AuditTemplate | None, Problems]:
    shape, errors = shaped(ExchangedShape, table)
    if shape is None or any(place.startswith("domain") for place, _mending in errors):
        return None, errors
    scale = known.scales.get(shape.scale)
    template = _template(shape, scale or NO_SCALE, known)
    said = {place for place, _mending in errors}
    found = [*_misfits(shape, scale, known), *problems_of(template, known, _Places(_codes(shape)))]
    return template, [*errors, *(problem for problem in found if problem[0] not in said)]


def is_exchanged_toml(text: bytes) -> bool:
    """Whether a text is a template that a partnership sends, and no file of the service's own folder."""
    try:
        table = parsed(text)
    except ValueError:
        return False
    return table.get("complete") is True or _begins_as_own(table.get("code"))


def _count(table: Mapping[str, Any]) -> int:
    """How many questions a table asks, whatever else is wrong in it."""
    domains = table.get("domain")
    listed = [one.get("indicators") for one in domains if isinstance(one, dict)] if isinstance(domains, list) else []
    return sum(len(codes) for codes in listed if isinstance(codes, list))


def _begins_as_own(code: object) -> bool:
    return isinstance(code, str) and code.startswith(OWN)


@dataclass(frozen=True)
class _Places:
    """Places by the names of tables and fields."""

    codes: Sequence[str]

    def of_template(self, field: str) -> str:
        return field

    def of_domain(self, number: int) -> str:
        return f"domain, number {number + 1}, title"

    def of_indicator(self, number: int, field: str) -> str:
        code = cut(self.codes[number])
        if field == "code":
            return f"indicator {code}"
        if field.startswith("level_"):
            return f"guidance, {code}, {field.removeprefix('level_')}"
        return f"applies, {code}, {field}" if field in set(AppliesBy) else f"words, {code}, {field}"


def _codes(shape: ExchangedShape) -> list[str]:
    return [code for domain in shape.domain for code in domain.indicators]


def _misfits(shape: ExchangedShape, scale: Scale | None, known: Known) -> Iterator[tuple[str, str]]:
    asked = set(_codes(shape))
    if scale is None:
        said = f"is {shown(shape.scale)}, which is no scale here" if shape.scale else "is missing"
        yield "scale", f"{said}; name one of {', '.join(known.scales)}"
    yield from problems_of_listed("panel_indicators", shape.panel_indicators, asked)
    yield from problems_of_listed("in_words", shape.in_words, asked)
    yield from problems_of_applies(shape.applies, asked)
    yield from problems_of_own_terms(shape.words, shape.guidance, asked, scale)


def _template(shape: ExchangedShape, scale: Scale, known: Known) -> AuditTemplate:
    return AuditTemplate(
        code=shape.code,
        title=plain_title(shape.title),
        version=shape.version,
        description=plain(shape.description),
        minutes_per_child=shape.minutes_per_child,
        scale=scale,
        domains=tuple(
            TemplateDomain(
                plain_title(domain.title), tuple(_asked(code, shape, scale, known) for code in domain.indicators)
            )
            for domain in shape.domain
        ),
        attributes=tuple(shape.attributes),
    )


def _asked(code: str, shape: ExchangedShape, scale: Scale, known: Known) -> TemplateIndicator:
    of_library = None if shape.complete else known.indicators.get(code)
    own = shape.words[code].model_dump(exclude_none=True) if code in shape.words else {}
    guidance = {**(of_library.guidance if of_library else {}), **shape.guidance.get(code, {})}
    said = {level.code: plain(guidance.get(level.code, level.means if of_library else "")) for level in scale.levels}
    texts = {name: plain(own.get(name, getattr(of_library, name, ""))) for name in TEXTS}
    return TemplateIndicator(
        code=code,
        **texts | {"title": plain_title(texts["title"])},
        rated=own.get("rated", getattr(of_library, "rated", Rated.CHILD_EXPERIENCE)),
        guidance={level: words for level, words in said.items() if words},
        is_panel=code in shape.panel_indicators,
        is_narrative=code in shape.in_words,
        applies=_limits(code, shape),
    )


def _limits(code: str, shape: ExchangedShape) -> dict[AppliesBy, frozenset[str]]:
    """For whom an indicator is asked, without limits that are refused already."""
    limits = {AppliesBy(by): frozenset(values) for by, values in shape.applies.get(code, {}).items()}
    return {by: values for by, values in limits.items() if values and values <= APPLIES_BY_WORDS[by].keys()}
