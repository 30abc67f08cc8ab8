"""What the pages on the library show."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators import models
from audit_app.indicators.queries.library import indicators, scales_where, strategies
from audit_app.indicators.queries.templates import OfferedTemplate, templates_offered
from audit_app.indicators.rules import Indicator, Scale, Strategy


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
        scale=next(
            scale for scale in scales_where() if {level.code for level in scale.levels} & indicator.guidance.keys()
        ),
        cited=tuple(Citation(known[key], tuple(listed)) for key, listed in references.items()),
        asked_in=tuple(template for template in templates_offered() if template.version_id in asking),
    )
