"""Reads of populations and samples."""

from audit_app.sampling.queries.draws import (
    DiscardedDraw,
    DrawnRow,
    SampleShown,
    candidates,
    children_of_draw,
    current_sample,
    discarded_draws,
    draw_for_change,
    earlier_tokens,
    reserves_left,
    strata_by_of,
    strata_there,
)
from audit_app.sampling.queries.population import (
    PopulationShown,
    confirmed_population,
    population_for_change,
    waiting_content,
    waiting_file,
    waiting_for_change,
)

__all__ = [
    "DiscardedDraw",
    "DrawnRow",
    "PopulationShown",
    "SampleShown",
    "candidates",
    "children_of_draw",
    "confirmed_population",
    "current_sample",
    "discarded_draws",
    "draw_for_change",
    "earlier_tokens",
    "population_for_change",
    "reserves_left",
    "strata_by_of",
    "strata_there",
    "waiting_content",
    "waiting_file",
    "waiting_for_change",
]
