"""The library, the strategies and the audit templates.

What is loaded from `audit_templates/` is nobody's, so everybody's; a template may also be one partnership's own.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import JsonFacts, Model, UtcDateTime, enum_type, refuse_when
from audit_app.indicators.rules import AppliesBy, Band, Rated, RequirementKind, ScaleDirection, StatementKind


class Strategy(Model):
    """A published neglect strategy."""

    __tablename__ = "strategy"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    publisher: Mapped[str] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(60), default="")
    approved: Mapped[str] = mapped_column(String(40), default="")  # as its text says: often a month
    review_due: Mapped[str] = mapped_column(String(40), default="")


class StrategyStatement(Model):
    """One thing that a strategy says, in our words. `requirements` are the codes of what it carries out."""

    __tablename__ = "strategy_statement"
    __table_args__ = (UniqueConstraint("strategy_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategy.id"))
    position: Mapped[int]
    kind: Mapped[StatementKind] = mapped_column(enum_type(StatementKind))
    words: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200), default="")
    under: Mapped[str] = mapped_column(String(200), default="")
    who: Mapped[str] = mapped_column(String(200), default="")
    requirements: Mapped[list[str]] = mapped_column(JsonFacts, default=list)


class Requirement(Model):
    """What strategies ask for beside audit indicators: a case attribute, a tool, a measure, a duty of the partnership.

    `detail` holds what only its kind has, as its file names it.
    """

    __tablename__ = "requirement"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[RequirementKind] = mapped_column(enum_type(RequirementKind))
    group: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JsonFacts, default=dict)


class RequirementSource(Model):
    """A paragraph of a strategy that asks for a requirement."""

    __tablename__ = "requirement_source"
    __table_args__ = (UniqueConstraint("requirement_id", "strategy_id", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategy.id"))
    reference: Mapped[str] = mapped_column(String(120))


class Indicator(Model):
    """A canonical indicator, by its stable code."""

    __tablename__ = "indicator"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    question: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    look_for: Mapped[str] = mapped_column(Text)
    example: Mapped[str] = mapped_column(Text)
    rated: Mapped[Rated] = mapped_column(enum_type(Rated))
    domain: Mapped[str] = mapped_column(String(120))


class IndicatorSource(Model):
    """A paragraph of a strategy that asks for an indicator."""

    __tablename__ = "indicator_source"
    __table_args__ = (UniqueConstraint("indicator_id", "strategy_id", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    strategy_id: Mapped[int] = mapped_column(ForeignKey("strategy.id"))
    reference: Mapped[str] = mapped_column(String(120))


class IndicatorGuidance(Model):
    """What one level looks like for one indicator of the library."""

    __tablename__ = "indicator_guidance"
    __table_args__ = (UniqueConstraint("indicator_id", "level_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("scale_level.id"))
    words: Mapped[str] = mapped_column(Text)


class Scale(Model):
    """Ordered levels with a direction."""

    __tablename__ = "scale"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    direction: Mapped[ScaleDirection] = mapped_column(enum_type(ScaleDirection))


class ScaleLevel(Model):
    """One level. Rank 1 is best, whatever the scale's direction."""

    __tablename__ = "scale_level"
    __table_args__ = (UniqueConstraint("scale_id", "code"), UniqueConstraint("scale_id", "rank"))

    id: Mapped[int] = mapped_column(primary_key=True)
    scale_id: Mapped[int] = mapped_column(ForeignKey("scale.id"))
    code: Mapped[str] = mapped_column(String(40))
    letter: Mapped[str] = mapped_column(String(4))
    words: Mapped[str] = mapped_column(String(60))
    rank: Mapped[int]
    band: Mapped[Band] = mapped_column(enum_type(Band))
    means: Mapped[str] = mapped_column(Text, default="")


class AuditTemplate(Model):
    """An instrument, in versions. One without a partnership was delivered to all, and nobody changes it."""

    __tablename__ = "audit_template"
    __table_args__ = (
        UniqueConstraint("partnership_id", "code"),
        Index(
            "uq_audit_template_delivered_code",
            "code",
            unique=True,
            sqlite_where=text("partnership_id IS NULL"),
            postgresql_where=text("partnership_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=100)  # the order in which templates are offered; Core 16 is first


class AuditTemplateVersion(Model):
    """A version: a draft until it is published, and from then on it never changes.

    `edition` counts the saves of the words that stand in this row. Each row that is saved by itself has its own.
    """

    __tablename__ = "audit_template_version"
    __table_args__ = (
        UniqueConstraint("template_id", "version"),
        CheckConstraint("published_by_id IS NULL OR published_at IS NOT NULL", name="published_by_someone"),
        Index(
            "uq_audit_template_version_draft",
            "template_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("audit_template.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    minutes_per_child: Mapped[int]
    attributes: Mapped[list[str]] = mapped_column(JsonFacts, default=list)  # codes of the case attributes to record
    scale_id: Mapped[int] = mapped_column(ForeignKey("scale.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    published_by_id: Mapped[int | None]  # nobody published what was delivered
    note: Mapped[str] = mapped_column(Text, default="")  # what changed since the version before
    edition: Mapped[int] = mapped_column(default=1)

    @property
    def history_id(self) -> int:
        return self.id

    @property
    def history_name(self) -> str:
        return f"{self.title}, version {self.version}"


class TemplateDomain(Model):
    """A domain of a template version: a page of the return."""

    __tablename__ = "template_domain"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("audit_template_version.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    edition: Mapped[int] = mapped_column(default=1)


class TemplateIndicator(Model):
    """An indicator in a template version, in that template's own words."""

    __tablename__ = "template_indicator"
    __table_args__ = (UniqueConstraint("version_id", "code"), UniqueConstraint("version_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("audit_template_version.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("template_domain.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(60))
    question: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    look_for: Mapped[str] = mapped_column(Text)
    example: Mapped[str] = mapped_column(Text, default="")
    rated: Mapped[Rated] = mapped_column(enum_type(Rated))
    is_panel: Mapped[bool] = mapped_column(default=False)
    is_narrative: Mapped[bool] = mapped_column(default=False)
    edition: Mapped[int] = mapped_column(default=1)


class TemplateGuidance(Model):
    """What one level looks like for one indicator of a template version."""

    __tablename__ = "template_guidance"
    __table_args__ = (UniqueConstraint("template_indicator_id", "level_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_indicator_id: Mapped[int] = mapped_column(ForeignKey("template_indicator.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("scale_level.id"))
    words: Mapped[str] = mapped_column(Text)


class TemplateApplicability(Model):
    """A value (agency kind, plan status or age band) for which an indicator applies. No row of a kind: all values."""

    __tablename__ = "template_applicability"
    __table_args__ = (UniqueConstraint("template_indicator_id", "applies_by", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_indicator_id: Mapped[int] = mapped_column(ForeignKey("template_indicator.id"))
    applies_by: Mapped[AppliesBy] = mapped_column(enum_type(AppliesBy))
    value: Mapped[str] = mapped_column(String(40))


refuse_when(
    {
        "uq_audit_template_version_draft": "There is a draft of this template already. Go on with that one.",
        "uq_audit_template_partnership_id_code": "Another template of yours has nearly this title. Choose another.",
    }
)
