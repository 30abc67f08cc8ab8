"""What the pages on the library show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators import models
from audit_app.indicators.queries.library import indicators, scales_where, strategies
from audit_app.indicators.queries.templates import (
    OfferedTemplate,
    last_version_asking,
    template_version,
    templates_offered,
)
from audit_app.indicators.rules import Indicator, Scale, Statement, StatementKind, Strategy, by_section


@dataclass(frozen=True)
class Citation:
    """A strategy and the references of its paragraphs."""

    strategy: Strategy
    references: tuple[str, ...]


@dataclass(frozen=True)
class IndicatorPage:
    """An indicator of the library or of a partnership's own, what asks for it, and the newest templates that ask it.

    `scale` is the one that its guidance is about; None where it has none, being answered in words. `last_asked_in` is
    the published version that asked an own one last, where the newest version of no template does so any more.
    """

    indicator: Indicator
    scale: Scale | None
    cited: tuple[Citation, ...]
    asked_in: tuple[OfferedTemplate, ...]
    is_own: bool = False
    last_asked_in: OfferedTemplate | None = None


def indicator_page(code: str, partnership_id: int) -> IndicatorPage:
    """An indicator with the paragraphs behind it and the newest templates that ask it.

    One that is the partnership's own is shown as its newest published template words it, or the version that asked it
    last; no paragraph is behind it.

    Raises:
        NotHere: neither the library nor the partnership has such a code.
    """
    asked = models.TemplateIndicator
    asking = set(db.session.scalars(select(asked.version_id).where(asked.code == code)))
    templates = tuple(one for one in templates_offered(partnership_id) if one.version_id in asking)
    of_library = indicators(code).get(code)
    own = [template for template in templates if template.is_own]
    retired = None if of_library or own else last_version_asking(code, partnership_id)
    indicator = of_library
    if indicator is None and (worded_by := own[-1] if own else retired):
        indicator = _own_indicator(code, worded_by)
    if indicator is None:
        raise NotHere
    references: dict[str, list[str]] = defaultdict(list)
    for source in indicator.sources:
        references[source.strategy].append(source.reference)
    known = strategies()
    return IndicatorPage(
        indicator=indicator,
        scale=next(
            (scale for scale in scales_where() if {level.code for level in scale.levels} & indicator.guidance.keys()),
            None,
        ),
        cited=tuple(Citation(known[key], tuple(listed)) for key, listed in references.items()),
        asked_in=templates,
        is_own=of_library is None,
        last_asked_in=retired,
    )


def _own_indicator(code: str, template: OfferedTemplate) -> Indicator:
    """An indicator as a version of a partnership's own template words it, in the shape of one of the library."""
    whole = template_version(template.version_id)
    domain, found = next((domain, it) for domain in whole.domains for it in domain.indicators if it.code == code)
    is_in_words = whole.is_in_words(found)
    return Indicator(
        code=code,
        title=found.title,
        question=found.question,
        why=found.why,
        look_for=found.look_for,
        example=found.example,
        rated=found.rated,
        domain=domain.title,
        sources=(),
        guidance={} if is_in_words else found.guidance,
    )


@dataclass(frozen=True)
class MatrixRow:
    """An indicator and how many paragraphs of each strategy ask for it, in the order of the strategies."""

    code: str
    title: str
    domain: str
    paragraphs: Sequence[int]

    @property
    def strategies(self) -> int:
        """How many strategies ask for it."""
        return sum(1 for count in self.paragraphs if count)


@dataclass(frozen=True)
class Matrix:
    """Indicators against strategies. `domains` are all domains, whatever the filter."""

    strategies: Sequence[Strategy]
    domains: Sequence[str]
    rows: Sequence[MatrixRow]
    total: int


def matrix(*, domain: str = "", shared_by: int | None = None, strategy: str = "") -> Matrix:
    """Indicators against strategies, filtered by domain, by how many strategies share them, by one that asks for them.

    Three queries, whatever the filter.
    """
    row, source = models.Indicator, models.IndicatorSource
    named = list(db.session.scalars(select(models.Strategy).order_by(models.Strategy.publisher)))
    counted: dict[tuple[int, int], int] = {
        (indicator_id, strategy_id): count
        for indicator_id, strategy_id, count in db.session.execute(
            select(source.indicator_id, source.strategy_id, func.count()).group_by(
                source.indicator_id, source.strategy_id
            )
        )
    }
    found = db.session.execute(select(row.id, row.code, row.title, row.domain).order_by(row.id)).all()
    rows = [
        MatrixRow(code, title, its_domain, [counted.get((row_id, one.id), 0) for one in named])
        for row_id, code, title, its_domain in found
    ]
    keys = [one.key for one in named]
    return Matrix(
        strategies=[Strategy(one.key, one.title, one.publisher, one.period) for one in named],
        domains=list(dict.fromkeys(one.domain for one in rows)),
        rows=[
            one
            for one in rows
            if domain in {"", one.domain}
            and shared_by in {None, one.strategies}
            and (strategy not in keys or one.paragraphs[keys.index(strategy)])
        ],
        total=len(rows),
    )


@dataclass(frozen=True)
class StrategyPage:
    """A strategy with its statements, the indicators (code, title, paragraphs) and other requirements that it asks for.

    `said` are the statements by kind, and those of a kind by the section of the text; one of few has one part, "".
    """

    strategy: Strategy
    indicators: Sequence[tuple[str, str, Sequence[str]]]
    requirements: Mapping[str, str]
    said: Mapping[StatementKind, Mapping[str, Sequence[Statement]]]


def strategy_page(key: str) -> StrategyPage:
    """One strategy, whole. Five queries.

    Raises:
        NotHere: there is no strategy of that key.
    """
    strategy = strategies().get(key)
    if strategy is None:
        raise NotHere
    row, source = models.Indicator, models.IndicatorSource
    asked = db.session.execute(
        select(row.code, row.title, source.reference)
        .join(source, source.indicator_id == row.id)
        .join(models.Strategy, models.Strategy.id == source.strategy_id)
        .where(models.Strategy.key == key)
        .order_by(row.code, source.id)
    )
    references: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, title, reference in asked:
        references[code, title].append(reference)
    named = db.session.execute(select(models.Requirement.code, models.Requirement.title)).all()
    return StrategyPage(
        strategy=strategy,
        indicators=[(*named, listed) for named, listed in references.items()],
        requirements=dict(named),
        said=by_section(strategy.statements),
    )
