"""Reading the audit templates, as the dataclasses of the rules."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators import models
from audit_app.indicators.queries.library import by_level, scales_where
from audit_app.indicators.rules import (
    AppliesBy,
    AuditTemplate,
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
        scale=scales_where(models.Scale.id == version.scale_id)[0],
        domains=_domains(version_id),
        attributes=tuple(version.attributes),
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
    return by_level(
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
