"""Reads of the library, the strategies and the audit templates."""

from audit_app.indicators.queries.library import indicators, requirements, scales, strategies
from audit_app.indicators.queries.pages import (
    Citation,
    IndicatorPage,
    Matrix,
    StrategyPage,
    indicator_page,
    matrix,
    strategy_page,
)
from audit_app.indicators.queries.templates import (
    OfferedTemplate,
    template_version,
    templates_offered,
    version_id,
    version_ids,
)

__all__ = [
    "Citation",
    "IndicatorPage",
    "Matrix",
    "OfferedTemplate",
    "StrategyPage",
    "indicator_page",
    "indicators",
    "matrix",
    "requirements",
    "scales",
    "strategies",
    "strategy_page",
    "template_version",
    "templates_offered",
    "version_id",
    "version_ids",
]
