"""Reads of the library, the strategies and the audit templates."""

from audit_app.indicators.queries.library import indicators, requirements, scales, strategies
from audit_app.indicators.queries.pages import Citation, IndicatorPage, indicator_page
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
    "OfferedTemplate",
    "indicator_page",
    "indicators",
    "requirements",
    "scales",
    "strategies",
    "template_version",
    "templates_offered",
    "version_id",
    "version_ids",
]
