"""Loading the library, the strategies, the scales and the templates. Installing them is nobody's deed: no history."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update

from audit_app.core.db import db
from audit_app.indicators import models, queries
from audit_app.indicators.rules import (
    AuditTemplate,
    Catalogue,
    CatalogueProblems,
    Indicator,
    Requirement,
    Scale,
    Strategy,
    read_catalogue,
    why_not_load,
)
from audit_app.indicators.services.writing import added, write_version


def files_in(folder: Path) -> dict[str, bytes]:
    """The TOML files below a folder, as `read_catalogue` wants them."""
    found = sorted(path for path in folder.rglob("*.toml") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def load_folder(folder: Path, *, at: datetime) -> Sequence[str]:
    """Read a folder of files and load it: see `load_catalogue`.

    Raises:
        CatalogueProblems: with every problem of every file, or everything that keeps them from being loaded.
    """
    return load_catalogue(read_catalogue(files_in(folder)), at=at)


def load_catalogue(catalogue: Catalogue, *, at: datetime) -> Sequence[str]:
    """Bring the library, strategies, scales and templates to what the catalogue says. Gives each change in words.

    Loading the same again changes nothing. What is gone from the files stays: rounds and findings speak of it. When the
    library's words change, a published version keeps those it has.

    Raises:
        CatalogueProblems: with everything that keeps it from being loaded: see `why_not_load`.
    """
    if problems := why_not_load(catalogue, queries.what_is_loaded(catalogue)):
        raise CatalogueProblems(problems)
    return [
        *_load_scales(catalogue.scales.values()),
        *_load_strategies(catalogue.strategies.values()),
        *_load_indicators(catalogue.indicators.values()),
        *_load_requirements(catalogue.requirements.values()),
        *_load_templates(catalogue.templates, at),
    ]


def _load_scales(scales: Iterable[Scale]) -> list[str]:
    stored, changes = queries.scales(), []
    for scale in scales:
        known = stored.get(scale.code)
        if known is not None and known != scale:
            changes.append(_reword(scale))
        if known is None:
            row = added(models.Scale(code=scale.code, title=scale.title, direction=scale.direction))
            db.session.add_all(
                models.ScaleLevel(
                    scale_id=row.id,
                    code=level.code,
                    letter=level.letter,
                    words=level.words,
                    rank=level.rank,
                    band=level.band,
                    means=level.means,
                )
                for level in scale.levels
            )
            changes.append(f"Added the scale {scale.code}")
    db.session.flush()
    return changes


def _reword(scale: Scale) -> str:
    """What a level means is copied into a template when that is published: other words change nothing in use."""
    level_ids = queries.level_ids(queries.scale_ids()[scale.code])
    for level in scale.levels:
        db.session.execute(
            update(models.ScaleLevel).where(models.ScaleLevel.id == level_ids[level.code]).values(means=level.means)
        )
    return f"Changed what the levels of {scale.code} mean"


def _load_strategies(strategies: Iterable[Strategy]) -> list[str]:
    rows = {row.key: row for row in db.session.scalars(select(models.Strategy))}
    stored, changes = queries.strategies(), []
    for strategy in strategies:
        if stored.get(strategy.key) == strategy:
            continue
        row = rows.get(strategy.key) or models.Strategy(key=strategy.key)
        row.title, row.publisher, row.period = strategy.title, strategy.publisher, strategy.period
        row.approved, row.review_due = strategy.approved, strategy.review_due
        added(row)
        db.session.execute(delete(models.StrategyStatement).where(models.StrategyStatement.strategy_id == row.id))
        db.session.add_all(
            models.StrategyStatement(
                strategy_id=row.id,
                position=position,
                kind=said.kind,
                words=said.words,
                reference=said.reference,
                title=said.title,
                under=said.under,
                who=said.who,
                requirements=list(said.requirements),
            )
            for position, said in enumerate(strategy.statements, 1)
        )
        changes.append(f"{'Changed' if strategy.key in rows else 'Added'} the strategy {strategy.key}")
    db.session.flush()
    return changes


def _load_indicators(indicators: Iterable[Indicator]) -> list[str]:
    rows = {row.code: row for row in db.session.scalars(select(models.Indicator))}
    stored, changes = queries.indicators(), []
    strategy_ids = _strategy_ids()
    level_ids = queries.level_ids()
    for indicator in indicators:
        if stored.get(indicator.code) == indicator:
            continue
        row = rows.get(indicator.code) or models.Indicator(code=indicator.code)
        row.title, row.question, row.why = indicator.title, indicator.question, indicator.why
        row.look_for, row.example = indicator.look_for, indicator.example
        row.rated, row.domain = indicator.rated, indicator.domain
        added(row)
        for part in (models.IndicatorSource, models.IndicatorGuidance):
            db.session.execute(delete(part).where(part.indicator_id == row.id))
        db.session.add_all(
            models.IndicatorSource(
                indicator_id=row.id, strategy_id=strategy_ids[source.strategy], reference=source.reference
            )
            for source in indicator.sources
        )
        db.session.add_all(
            models.IndicatorGuidance(indicator_id=row.id, level_id=level_ids[level], words=words)
            for level, words in indicator.guidance.items()
        )
        changes.append(f"{'Changed' if indicator.code in rows else 'Added'} the indicator {indicator.code}")
    db.session.flush()
    return changes


def _load_requirements(requirements: Iterable[Requirement]) -> list[str]:
    rows = {row.code: row for row in db.session.scalars(select(models.Requirement))}
    stored, changes = queries.requirements(), []
    strategy_ids = _strategy_ids()
    for requirement in requirements:
        if stored.get(requirement.code) == requirement:
            continue
        row = rows.get(requirement.code) or models.Requirement(code=requirement.code)
        row.kind, row.group, row.title = requirement.kind, requirement.group, requirement.title
        row.words, row.detail = requirement.words, dict(requirement.detail)
        added(row)
        db.session.execute(delete(models.RequirementSource).where(models.RequirementSource.requirement_id == row.id))
        db.session.add_all(
            models.RequirementSource(
                requirement_id=row.id, strategy_id=strategy_ids[source.strategy], reference=source.reference
            )
            for source in requirement.sources
        )
        changes.append(f"{'Changed' if requirement.code in rows else 'Added'} the requirement {requirement.code}")
    db.session.flush()
    return changes


def _load_templates(templates: Iterable[AuditTemplate], at: datetime) -> list[str]:
    delivered = select(models.AuditTemplate).where(models.AuditTemplate.partnership_id.is_(None))
    rows = {row.code: row for row in db.session.scalars(delivered)}
    published, changes = queries.version_ids(), []
    for template in templates:
        row = rows.setdefault(template.code, models.AuditTemplate(code=template.code, position=template.position))
        row.position = template.position
        added(row)
        if (template.code, template.version) not in published:
            write_version(row, template, published_at=at)
            changes.append(f"Published {template.title}, version {template.version}")
    return changes


def _strategy_ids() -> dict[str, int]:
    return dict(db.session.execute(select(models.Strategy.key, models.Strategy.id)).all())
