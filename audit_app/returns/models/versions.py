"""What was submitted before a return was sent back, kept as rows, and the comments it was sent back with."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.returns.rules import AnswerKind, Tag


class ReturnVersion(Owned, Model):
    """A return as it was submitted and then sent back: who and when, why, and its words over all. Never changed."""

    __tablename__ = "return_version"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        belongs_to("round_level", "overall_level_id"),
        UniqueConstraint("partnership_id", "return_id", "number"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by_id IS NULL)", name="submitted_by_someone"),
    )

    return_id: Mapped[int]
    number: Mapped[int]  # 1 for what was submitted first
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    submitted_by_id: Mapped[int | None]
    declaration: Mapped[str] = mapped_column(Text, default="")
    sent_back_at: Mapped[datetime] = mapped_column(UtcDateTime())
    sent_back_by_id: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)  # what should be changed, over all
    overall_level_id: Mapped[int | None]
    overall_reason: Mapped[str] = mapped_column(Text)
    worked_well: Mapped[str] = mapped_column(Text)
    to_improve: Mapped[str] = mapped_column(Text)
    learning: Mapped[str] = mapped_column(Text)
    proposed_actions: Mapped[str] = mapped_column(Text)


class RatingVersion(Owned, Model):
    """An answer on one indicator as it stood in a version. Levels are references, as in the rating itself."""

    __tablename__ = "rating_version"
    __table_args__ = within_partnership(
        belongs_to("return_version", "version_id", cascade=True),
        belongs_to("round_indicator", "indicator_id"),
        belongs_to("round_level", "level_id"),
        UniqueConstraint("partnership_id", "version_id", "indicator_id"),
        CheckConstraint(
            "(answer IS NOT NULL AND answer = 'level') = (level_id IS NOT NULL)", name="level_exactly_when_level"
        ),
    )

    version_id: Mapped[int]
    indicator_id: Mapped[int]
    answer: Mapped[AnswerKind | None] = mapped_column(enum_type(AnswerKind))
    level_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    where_on_file: Mapped[str] = mapped_column(Text)
    tag: Mapped[Tag | None] = mapped_column(enum_type(Tag))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_by_id: Mapped[int | None]


class ChoiceVersion(Owned, Model):
    """An option that was chosen of a case attribute, as it stood in a version."""

    __tablename__ = "choice_version"
    __table_args__ = within_partnership(
        belongs_to("return_version", "version_id", cascade=True),
        belongs_to("round_attribute_option", "option_id"),
        UniqueConstraint("partnership_id", "version_id", "option_id"),
    )

    version_id: Mapped[int]
    option_id: Mapped[int]
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answered_by_id: Mapped[int]


class EventVersion(Owned, Model):
    """An event of a chronology as it was submitted before it was sent back. Voices have none: they can be withdrawn."""

    __tablename__ = "event_version"
    __table_args__ = within_partnership(
        belongs_to("return_version", "version_id", cascade=True),
        Index("ix_event_version_version", "partnership_id", "version_id", "happened_on"),
    )

    version_id: Mapped[int]
    happened_on: Mapped[date]
    event: Mapped[str] = mapped_column(Text)
    impact: Mapped[str] = mapped_column(Text)
    response: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime())
    saved_by_id: Mapped[int]


class ReturnComment(Owned, Model):
    """What should be changed on one indicator of a version that was sent back."""

    __tablename__ = "return_comment"
    __table_args__ = within_partnership(
        belongs_to("return_version", "version_id", cascade=True),
        belongs_to("round_indicator", "indicator_id"),
        UniqueConstraint("partnership_id", "version_id", "indicator_id"),
    )

    version_id: Mapped[int]
    indicator_id: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime())
    written_by_id: Mapped[int]
