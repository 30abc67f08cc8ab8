"""The copy of the template that a round was opened with, and of whom each indicator is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from audit_app.accounts.rules import AgencyKind
from audit_app.indicators.rules import (
    AgeBand,
    AppliesBy,
    AuditTemplate,
    Band,
    Level,
    PlanStatus,
    Rated,
    Scale,
    ScaleDirection,
    TemplateDomain,
    TemplateIndicator,
    is_asked,
)

NOT_KNOWN = "not_known"
"""The code of the option that says that the record does not tell."""
STAND_ALONE = frozenset({"none", NOT_KNOWN, "not_done", "too_young", "not_born"})
"""The codes of options that say that there is nothing to choose."""


@dataclass(frozen=True)
class FrozenLevel:
    """A level of the round's scale. Rank 1 is best. `id` is what answers point at.

    `read_at` is its place, from 1, in the order in which people read the scale.
    """

    id: int
    code: str
    letter: str
    words: str
    rank: int
    band: Band
    read_at: int


@dataclass(frozen=True)
class FrozenIndicator:
    """An indicator of the round, in the words that its auditors see.

    `guidance` gives the words for each level by the level's id. `limits` names the values for which it is asked; what
    it does not name is asked of all. One that is narrative is answered in words, without a level.
    """

    id: int
    domain_id: int
    position: int
    code: str
    title: str
    question: str
    why: str
    look_for: str
    example: str
    rated: Rated
    is_panel: bool
    is_narrative: bool
    guidance: Mapping[int, str]
    limits: Mapping[AppliesBy, frozenset[str]]


@dataclass(frozen=True)
class FrozenDomain:
    """A domain of the round: one page of a return. Positions count from 1."""

    id: int
    position: int
    title: str
    indicators: tuple[FrozenIndicator, ...]


@dataclass(frozen=True)
class FrozenOption:
    """An option of a case attribute. `id` is what answers point at. Of the options of one `part` at most one holds."""

    id: int
    code: str
    words: str
    part: str = ""

    @property
    def stands_alone(self) -> bool:
        """Whether it says that there is nothing to choose, so that no other option goes with it."""
        return self.code in STAND_ALONE


@dataclass(frozen=True)
class FrozenAttribute:
    """A case attribute of the round: a question about the child. `is_many`: whether several options may be chosen."""

    id: int
    code: str
    title: str
    question: str
    help: str
    is_many: bool
    options: tuple[FrozenOption, ...]


@dataclass(frozen=True)
class FrozenTemplate:
    """All that a round was opened with: levels best first, domains and indicators in the order of the pages.

    Without any level the round is ungraded: every indicator is narrative.
    """

    levels: tuple[FrozenLevel, ...]
    domains: tuple[FrozenDomain, ...]

    @property
    def as_read(self) -> tuple[FrozenLevel, ...]:
        """The levels in the order in which people read the scale."""
        return tuple(sorted(self.levels, key=lambda level: level.read_at))

    @property
    def indicators(self) -> tuple[FrozenIndicator, ...]:
        """Every indicator, in the order of the pages."""
        return tuple(indicator for domain in self.domains for indicator in domain.indicators)

    @property
    def panel_indicators(self) -> tuple[FrozenIndicator, ...]:
        """The indicators that the panel always discusses."""
        return tuple(indicator for indicator in self.indicators if indicator.is_panel)


def applies(indicator: FrozenIndicator, agency_kind: AgencyKind, plan_status: PlanStatus, age_band: AgeBand) -> bool:
    """Whether an indicator is asked of this kind of agency about a child on this plan and of this age."""
    asked = {
        AppliesBy.AGENCY_KIND: agency_kind.value,
        AppliesBy.PLAN_STATUS: plan_status.value,
        AppliesBy.AGE_BAND: age_band.value,
    }
    return is_asked(indicator.limits, asked)


def indicators_for(
    template: FrozenTemplate, agency_kind: AgencyKind, plan_status: PlanStatus, age_band: AgeBand
) -> tuple[FrozenIndicator, ...]:
    """The indicators that this kind of agency is asked about such a child, in the order of the pages."""
    return tuple(
        indicator for indicator in template.indicators if applies(indicator, agency_kind, plan_status, age_band)
    )


def as_template(frozen: FrozenTemplate) -> AuditTemplate:
    """A round's copy in the shape of a template, so that what compares two versions compares two rounds.

    It holds what an auditor reads of each indicator. What a round does not keep of its template is empty: title,
    description, the scale's title and direction.
    """
    codes = {level.id: level.code for level in frozen.levels}
    levels = tuple(Level(one.code, one.letter, one.words, one.rank, one.band) for one in frozen.levels)
    return AuditTemplate(
        code="",
        title="",
        version=0,
        description="",
        minutes_per_child=0,
        scale=Scale("", "", ScaleDirection.BEST_FIRST, levels),
        domains=tuple(
            TemplateDomain(domain.title, tuple(_as_asked(one, codes) for one in domain.indicators))
            for domain in frozen.domains
        ),
    )


def _as_asked(indicator: FrozenIndicator, codes: Mapping[int, str]) -> TemplateIndicator:
    return TemplateIndicator(
        code=indicator.code,
        title=indicator.title,
        question=indicator.question,
        why=indicator.why,
        look_for=indicator.look_for,
        example=indicator.example,
        rated=indicator.rated,
        guidance={codes[level_id]: words for level_id, words in indicator.guidance.items()},
        is_panel=indicator.is_panel,
        is_narrative=indicator.is_narrative,
        applies=indicator.limits,
    )
