"""The rules of sampling: what a population file says, and which children are drawn from it."""

from audit_app.sampling.rules.cells import SEX_WORDS, Sex
from audit_app.sampling.rules.draw import (
    Candidate,
    Drawn,
    DrawRefused,
    Move,
    Pick,
    SamplingPlan,
    StratumRow,
    child_token,
    count_strata,
    draw,
    order_key,
    stratum_of,
    why_not_draw,
)
from audit_app.sampling.rules.frame import POOL_WORDS, Pool, SamplingFrame
from audit_app.sampling.rules.population import (
    BASIS_WORDS,
    LAYOUT_WORDS,
    Basis,
    Child,
    Layout,
    Problem,
    ReadPopulation,
    RecognisedColumn,
    RecognisedSheet,
    age_band,
)
from audit_app.sampling.rules.reading import read_population
from audit_app.sampling.rules.spreadsheets import UnreadableFile
from audit_app.sampling.rules.steps import (
    FILE_KEPT_FOR,
    why_not_as_at,
    why_not_change_population,
    why_not_change_sample,
    why_not_take_sample,
    why_not_withdraw_case,
)
from audit_app.sampling.rules.strata import DIMENSION_WORDS, Dimension, Stratum, in_order, proportional, stratum_words
from audit_app.sampling.rules.summary import FileSummary

__all__ = [
    "BASIS_WORDS",
    "DIMENSION_WORDS",
    "FILE_KEPT_FOR",
    "LAYOUT_WORDS",
    "POOL_WORDS",
    "SEX_WORDS",
    "Basis",
    "Candidate",
    "Child",
    "Dimension",
    "DrawRefused",
    "Drawn",
    "FileSummary",
    "Layout",
    "Move",
    "Pick",
    "Pool",
    "Problem",
    "ReadPopulation",
    "RecognisedColumn",
    "RecognisedSheet",
    "SamplingFrame",
    "SamplingPlan",
    "Sex",
    "Stratum",
    "StratumRow",
    "UnreadableFile",
    "age_band",
    "child_token",
    "count_strata",
    "draw",
    "in_order",
    "order_key",
    "proportional",
    "read_population",
    "stratum_of",
    "stratum_words",
    "why_not_as_at",
    "why_not_change_population",
    "why_not_change_sample",
    "why_not_draw",
    "why_not_take_sample",
    "why_not_withdraw_case",
]
