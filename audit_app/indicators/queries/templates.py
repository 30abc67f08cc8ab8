"""Reading the audit templates, as the dataclasses of the rules."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from audit_app.accounts.rules import Viewer
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators import models
from audit_app.indicators.queries.library import by_level, scales_where
from audit_app.indicators.rules import (
    AppliesBy,
    AuditTemplate,
    TemplateDomain,
    TemplateIndicator,
    may_see_drafts,
)


@dataclass(frozen=True)
class OfferedTemplate:
    """A version of a template, as a list shows it: the newest that is published, or a draft."""

    version_id: int
    code: str
    title: str
    version: int
    description: str
    minutes_per_child: int
    indicators: int
    scale: str
    is_own: bool = False
    is_published: bool = True


def templates_offered(partnership_id: int | None) -> Sequence[OfferedTemplate]:
    """The newest published version of each template that a partnership may choose, in order: Core 16 first.

    The partnership's own come after those that were delivered. For None, only those that were delivered.
    """
    return _lines(_may_be_used_by(partnership_id), _is_newest_published())


def last_version_asking(code: str, partnership_id: int) -> OfferedTemplate | None:
    """The published version of a partnership's own template that asked an indicator last, or None."""
    version, asked = models.AuditTemplateVersion, models.TemplateIndicator
    query = (
        select(version.id)
        .join(models.AuditTemplate, models.AuditTemplate.id == version.template_id)
        .join(asked, asked.version_id == version.id)
        .where(models.AuditTemplate.partnership_id == partnership_id, asked.code == code)
        .where(version.published_at.is_not(None))
        .order_by(version.published_at.desc(), version.id.desc())
        .limit(1)
    )
    found = db.session.scalar(query)
    return next(iter(_lines(version.id == found)), None) if found else None


def own_templates(viewer: Viewer) -> Sequence[OfferedTemplate]:
    """The templates of a viewer's own partnership: of each what is published, and its draft where they see drafts."""
    version = models.AuditTemplateVersion
    shown = [_is_newest_published()]
    if may_see_drafts(viewer.roles):
        shown.append(version.published_at.is_(None))
    return _lines(models.AuditTemplate.partnership_id == viewer.partnership_id, or_(*shown))


def _may_be_used_by(partnership_id: int | None) -> ColumnElement[bool]:
    """The condition that a template was delivered to all, or is this partnership's own."""
    owner = models.AuditTemplate.partnership_id
    return owner.is_(None) if partnership_id is None else or_(owner.is_(None), owner == partnership_id)


def _is_newest_published() -> ColumnElement[bool]:
    version, other = models.AuditTemplateVersion, aliased(models.AuditTemplateVersion)
    newest = (
        select(func.max(other.version))
        .where(other.template_id == models.AuditTemplate.id, other.published_at.is_not(None))
        .correlate(models.AuditTemplate)
    )
    return version.version == newest.scalar_subquery()


def _lines(*which: ColumnElement[bool]) -> Sequence[OfferedTemplate]:
    version, template = models.AuditTemplateVersion, models.AuditTemplate
    counted = (
        select(func.count())
        .select_from(models.TemplateIndicator)
        .where(models.TemplateIndicator.version_id == version.id)
        .correlate(version)
    )
    query = (
        select(version, template.code, template.partnership_id, models.Scale.title, counted.scalar_subquery())
        .join(template, template.id == version.template_id)
        .join(models.Scale, models.Scale.id == version.scale_id)
        .where(*which)
        .order_by(template.partnership_id.is_not(None), template.position, template.code, version.version)
    )
    return [
        OfferedTemplate(
            row.id,
            code,
            row.title,
            row.version,
            row.description,
            row.minutes_per_child,
            indicators=asked,
            scale=scale,
            is_own=owner is not None,
            is_published=row.published_at is not None,
        )
        for row, code, owner, scale, asked in db.session.execute(query)
    ]


def version_id(code: str, version: int) -> int:
    """The id of one version of a template that was delivered.

    Raises:
        NotHere: there is no such version.
    """
    found = version_ids().get((code, version))
    if found is None:
        raise NotHere
    return found


def version_ids() -> Mapping[tuple[str, int], int]:
    """The id of every version that was delivered, by its template's code and its number."""
    row = models.AuditTemplateVersion
    query = (
        select(models.AuditTemplate.code, row.version, row.id)
        .join(models.AuditTemplate, models.AuditTemplate.id == row.template_id)
        .where(models.AuditTemplate.partnership_id.is_(None))
    )
    return {(code, version): found for code, version, found in db.session.execute(query)}


@dataclass(frozen=True)
class VersionShown:
    """Which version of a template a page is about."""

    version_id: int
    template_id: int
    code: str
    version: int
    title: str
    is_own: bool
    published_at: datetime | None
    note: str
    edition: int

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


def version_seen_by(viewer: Viewer, code: str, version: int) -> VersionShown:
    """One version of a template that a viewer may see: delivered, their partnership's own, or its draft.

    Raises:
        NotHere: there is no such version, or not for this viewer.
    """
    for one in versions_seen_by(viewer, code):
        if one.version == version:
            return one
    raise NotHere


def versions_seen_by(viewer: Viewer, code: str) -> Sequence[VersionShown]:
    """Every version of a template that a viewer may see, oldest first.

    Raises:
        NotHere: there is no such template, or not for this viewer.
    """
    row, template = models.AuditTemplateVersion, models.AuditTemplate
    which = [template.code == code, _may_be_used_by(viewer.partnership_id)]
    if not may_see_drafts(viewer.roles):
        which.append(row.published_at.is_not(None))
    found = db.session.execute(
        select(row, template).join(template, template.id == row.template_id).where(*which).order_by(row.version)
    ).all()
    if not found:
        raise NotHere
    return [
        VersionShown(
            its.id,
            its.template_id,
            its_template.code,
            its.version,
            its.title,
            is_own=its_template.partnership_id is not None,
            published_at=its.published_at,
            note=its.note,
            edition=its.edition,
        )
        for its, its_template in found
    ]


def has_draft(template_id: int) -> bool:
    """Whether a template has a draft."""
    row = models.AuditTemplateVersion
    draft = select(row.id).where(row.template_id == template_id, row.published_at.is_(None))
    return db.session.scalar(draft) is not None


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
        select(domain.title, asked)
        .outerjoin(asked, asked.domain_id == domain.id)
        .where(domain.version_id == version_id)
        .order_by(domain.position, asked.position)
    ).all()
    guidance = _guidance_in_version(version_id)
    applies = _applies_in_version(version_id)
    domains: dict[str, list[TemplateIndicator]] = {title: [] for title, _row in rows}
    for title, row in rows:
        if row is None:  # a domain of a draft that asks nothing yet
            continue
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
                is_narrative=row.is_narrative,
                applies={by: frozenset(values) for by, values in applies.get(row.id, {}).items()},
            )
        )
    return tuple(TemplateDomain(title, tuple(indicators)) for title, indicators in domains.items())


def _guidance_in_version(version_id: int) -> Mapping[int, Mapping[str, str]]:
    """The words for the levels of the version's scale. A draft may also keep words for a scale that it had before."""
    words, asked, level = models.TemplateGuidance, models.TemplateIndicator, models.ScaleLevel
    version = models.AuditTemplateVersion
    return by_level(
        db.session.execute(
            select(words.template_indicator_id, level.code, words.words)
            .join(asked, asked.id == words.template_indicator_id)
            .join(version, version.id == asked.version_id)
            .join(level, (level.id == words.level_id) & (level.scale_id == version.scale_id))
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
