"""Reading the library and the strategies, as the dataclasses of the rules: they belong to no partnership."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from audit_app.accounts.rules import DELIVERED, Terms
from audit_app.core.db import db
from audit_app.indicators import models
from audit_app.indicators.rules import (
    Indicator,
    Known,
    Level,
    Requirement,
    RequirementKind,
    Scale,
    Source,
    Statement,
    Strategy,
)


def scales() -> Mapping[str, Scale]:
    """Every scale by its code."""
    return {scale.code: scale for scale in scales_where()}


def scales_where(*which: object) -> list[Scale]:
    """The scales that fit, each with its levels, best first; one in words has none."""
    scale, level = models.Scale, models.ScaleLevel
    query = select(scale, level).outerjoin(level, level.scale_id == scale.id).order_by(scale.id, level.rank)
    levels: dict[models.Scale, list[Level]] = defaultdict(list)
    for row, its in db.session.execute(query.where(*which)):  # type: ignore[arg-type]
        if its is None:
            levels[row] = []
        else:
            levels[row].append(Level(its.code, its.letter, its.words, its.rank, its.band, its.means))
    return [Scale(row.code, row.title, row.direction, tuple(its)) for row, its in levels.items()]


def strategies() -> Mapping[str, Strategy]:
    """Every strategy by its key, with its statements. Two queries."""
    rows = db.session.scalars(select(models.Strategy).order_by(models.Strategy.id)).all()
    row = models.StrategyStatement
    said: dict[int, list[Statement]] = defaultdict(list)
    for found in db.session.scalars(select(row).order_by(row.strategy_id, row.position)):
        said[found.strategy_id].append(
            Statement(
                kind=found.kind,
                words=found.words,
                reference=found.reference,
                title=found.title,
                under=found.under,
                who=found.who,
                requirements=tuple(found.requirements),
            )
        )
    return {
        one.key: Strategy(
            one.key, one.title, one.publisher, one.period, one.approved, one.review_due, tuple(said[one.id])
        )
        for one in rows
    }


def case_attributes() -> Mapping[str, Requirement]:
    """What a template may have recorded about each child, by code, in the library's order. Two queries."""
    return {code: one for code, one in requirements().items() if one.kind is RequirementKind.ATTRIBUTE}


def requirements() -> Mapping[str, Requirement]:
    """Everything that strategies ask for beside indicators, by code. Two queries."""
    row, source, strategy = models.Requirement, models.RequirementSource, models.Strategy
    sources: dict[int, list[Source]] = defaultdict(list)
    for requirement_id, key, reference in db.session.execute(
        select(source.requirement_id, strategy.key, source.reference)
        .join(strategy, strategy.id == source.strategy_id)
        .order_by(source.id)
    ):
        sources[requirement_id].append(Source(key, reference))
    return {
        found.code: Requirement(
            code=found.code,
            kind=found.kind,
            group=found.group,
            title=found.title,
            words=found.words,
            sources=tuple(sources[found.id]),
            detail=found.detail,
        )
        for found in db.session.scalars(select(row).order_by(row.id))
    }


def known(terms: Terms = DELIVERED) -> Known:
    """What a file of a template may name, and a partnership's words for it. Eight queries."""
    return Known(indicators(), scales(), {code: one.title for code, one in case_attributes().items()}, terms)


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
    return by_level(
        db.session.execute(
            select(row.indicator_id, level.code, row.words)
            .join(level, level.id == row.level_id)
            .where(row.indicator_id.in_(ids))
            .order_by(level.rank)
        )
    )


def by_level(rows: Iterable[tuple[int, str, str]]) -> Mapping[int, Mapping[str, str]]:
    """Rows of (what it is about, the level's code, words) as the words of each level of what they are about."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for indicator_id, level, words in rows:
        found[indicator_id][level] = words
    return found
