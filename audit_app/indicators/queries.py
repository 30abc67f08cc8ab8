"""Reading the library and the templates, as the dataclasses of the rules: they belong to no partnership."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators import models
from audit_app.indicators.rules import (
    AppliesBy,
    AuditTemplate,
    Indicator,
    Level,
    Scale,
    Source,
    Strategy,
    TemplateDomain,
    TemplateIndicator,
)


@dataclass(frozen=True)
class OfferedTemplate:
    """The newest version of a template, as a list shows it."""

    version_id: int
    code: str
    title: str
    version: int
    description: str
    minutes_per_child: int
    indicators: int
    scale: str


@dataclass(frozen=True)
class Citation:
    """A strategy and the references of its paragraphs."""

    strategy: Strategy
    references: tuple[str, ...]


@dataclass(frozen=True)
class IndicatorPage:
    """An indicator of the library, what asks for it, and the newest templates that ask it."""

    indicator: Indicator
    scale: Scale
    cited: tuple[Citation, ...]
    asked_in: tuple[OfferedTemplate, ...]


def templates_offered() -> Sequence[OfferedTemplate]:
    """The newest version of each template, in the order in which they are offered: Core 16 first."""
    version, template = models.AuditTemplateVersion, models.AuditTemplate
    newest = select(func.max(version.version)).where(version.template_id == template.id).correlate(template)
    counted = (
        select(func.count())
        .select_from(models.TemplateIndicator)
        .where(models.TemplateIndicator.version_id == version.id)
        .correlate(version)
    )
    query = (
        select(version, template.code, models.Scale.title, counted.scalar_subquery())
        .join(template, template.id == version.template_id)
        .join(models.Scale, models.Scale.id == version.scale_id)
        .where(version.version == newest.scalar_subquery())
        .order_by(template.position, template.code)
    )
    return [
        OfferedTemplate(
            row.id, code, row.title, row.version, row.description, row.minutes_per_child, indicators=asked, scale=scale
        )
        for row, code, scale, asked in db.session.execute(query)
    ]


def version_id(code: str, version: int) -> int:
    """The id of one version of a template.

    Raises:
        NotHere: there is no such version.
    """
    found = version_ids().get((code, version))
    if found is None:
        raise NotHere
    return found


def version_ids() -> Mapping[tuple[str, int], int]:
    """The id of every published version, by its template's code and its number."""
    row = models.AuditTemplateVersion
    query = select(models.AuditTemplate.code, row.version, row.id).join(
        models.AuditTemplate, models.AuditTemplate.id == row.template_id
    )
    return {(code, version): found for code, version, found in db.session.execute(query)}


def template_version(version_id: int) -> AuditTemplate:
    """One version of a template, whole: scale, levels, domains, indicators, guidance, limits. Always five queries.

    Raises:
        NotHere: there is no such version.
    """
    row, template = models.AuditTemplateVersion, models.AuditTemplate
    found = db.session.execute(
        select(row, template).join(template, template.id == row.template_id).where(row.id == version_id)
    ).first()
    if found is None:
        raise NotHere
    version, its_template = found
    return AuditTemplate(
        code=its_template.code,
        title=version.title,
        version=version.version,
        description=version.description,
        minutes_per_child=version.minutes_per_child,
        scale=_scales(models.Scale.id == version.scale_id)[0],
        domains=_domains(version_id),
        position=its_template.position,
    )


def _domains(version_id: int) -> tuple[TemplateDomain, ...]:
    asked, domain = models.TemplateIndicator, models.TemplateDomain
    rows = db.session.execute(
        select(asked, domain.title)
        .join(domain, domain.id == asked.domain_id)
        .where(asked.version_id == version_id)
        .order_by(asked.position)
    ).all()
    guidance = _guidance_in_version(version_id)
    applies = _applies_in_version(version_id)
    domains: dict[str, list[TemplateIndicator]] = defaultdict(list)
    for row, title in rows:
        domains[title].append(
            TemplateIndicator(
                code=row.code,
                title=row.title,
                question=row.question,
                why=row.why,
                look_for=row.look_for,
                example=row.example,
                rated=row.rated,
                guidance=guidance.get(row.id, {}),
                is_panel=row.is_panel,
                applies={by: frozenset(values) for by, values in applies.get(row.id, {}).items()},
            )
        )
    return tuple(TemplateDomain(title, tuple(indicators)) for title, indicators in domains.items())


def _guidance_in_version(version_id: int) -> Mapping[int, Mapping[str, str]]:
    words, asked, level = models.TemplateGuidance, models.TemplateIndicator, models.ScaleLevel
    return _by_level(
        db.session.execute(
            select(words.template_indicator_id, level.code, words.words)
            .join(asked, asked.id == words.template_indicator_id)
            .join(level, level.id == words.level_id)
            .where(asked.version_id == version_id)
            .order_by(level.rank)
        )
    )


def _applies_in_version(version_id: int) -> Mapping[int, Mapping[AppliesBy, set[str]]]:
    limit, asked = models.TemplateApplicability, models.TemplateIndicator
    query = (
        select(limit.template_indicator_id, limit.applies_by, limit.value)
        .join(asked, asked.id == limit.template_indicator_id)
        .where(asked.version_id == version_id)
    )
    found: dict[int, dict[AppliesBy, set[str]]] = defaultdict(lambda: defaultdict(set))
    for indicator_id, by, value in db.session.execute(query):
        found[indicator_id][by].add(value)
    return found


def scales() -> Mapping[str, Scale]:
    """Every scale by its code."""
    return {scale.code: scale for scale in _scales()}


def _scales(*which: object) -> list[Scale]:
    scale, level = models.Scale, models.ScaleLevel
    query = select(scale, level).join(level, level.scale_id == scale.id).order_by(scale.id, level.rank)
    levels: dict[models.Scale, list[Level]] = defaultdict(list)
    for row, its in db.session.execute(query.where(*which)):  # type: ignore[arg-type]
        levels[row].append(Level(its.code, its.letter, its.words, its.rank, its.band))
    return [Scale(row.code, row.title, row.direction, tuple(its)) for row, its in levels.items()]


def strategies() -> Mapping[str, Strategy]:
    """Every strategy by its key."""
    rows = db.session.scalars(select(models.Strategy).order_by(models.Strategy.id))
    return {
        row.key: Strategy(row.key, row.title, row.publisher, row.period, row.approved, row.review_due) for row in rows
    }


def indicators(*codes: str) -> Mapping[str, Indicator]:
    """Indicators of the library by code, in the order of their codes; all of them where none is named."""
    row = models.Indicator
    query = select(row).order_by(row.code)
    rows = db.session.scalars(query.where(row.code.in_(codes)) if codes else query).all()
    ids = [found.id for found in rows]
    sources, guidance = _sources_of(ids), _guidance_of(ids)
    return {
        found.code: Indicator(
            code=found.code,
            title=found.title,
            question=found.question,
            why=found.why,
            look_for=found.look_for,
            example=found.example,
            rated=found.rated,
            domain=found.domain,
            sources=tuple(sources[found.id]),
            guidance=guidance.get(found.id, {}),
        )
        for found in rows
    }


def _sources_of(ids: Sequence[int]) -> Mapping[int, list[Source]]:
    row, strategy = models.IndicatorSource, models.Strategy
    query = (
        select(row.indicator_id, strategy.key, row.reference)
        .join(strategy, strategy.id == row.strategy_id)
        .where(row.indicator_id.in_(ids))
        .order_by(row.id)
    )
    found: dict[int, list[Source]] = defaultdict(list)
    for indicator_id, key, reference in db.session.execute(query):
        found[indicator_id].append(Source(key, reference))
    return found


def _guidance_of(ids: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
    row, level = models.IndicatorGuidance, models.ScaleLevel
    return _by_level(
        db.session.execute(
            select(row.indicator_id, level.code, row.words)
            .join(level, level.id == row.level_id)
            .where(row.indicator_id.in_(ids))
            .order_by(level.rank)
        )
    )


def _by_level(rows: Iterable[tuple[int, str, str]]) -> Mapping[int, Mapping[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for indicator_id, level, words in rows:
        found[indicator_id][level] = words
    return found


def indicator_page(code: str) -> IndicatorPage:
    """An indicator with the paragraphs behind it and the newest templates that ask it.

    Raises:
        NotHere: the library has no such code.
    """
    indicator = indicators(code).get(code)
    if indicator is None:
        raise NotHere
    references: dict[str, list[str]] = defaultdict(list)
    for source in indicator.sources:
        references[source.strategy].append(source.reference)
    known = strategies()
    asked = models.TemplateIndicator
    asking = set(db.session.scalars(select(asked.version_id).where(asked.code == code)))
    return IndicatorPage(
        indicator=indicator,
        scale=next(scale for scale in _scales() if {level.code for level in scale.levels} & indicator.guidance.keys()),
        cited=tuple(Citation(known[key], tuple(listed)) for key, listed in references.items()),
        asked_in=tuple(template for template in templates_offered() if template.version_id in asking),
    )
