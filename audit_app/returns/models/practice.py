"""What practitioners said of their own work, who of them reads its return, and what they were told afterwards."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.returns.rules import FeedbackHow, Occasion, PractitionerPart


class Discussion(Owned, Model):
    """The reflective discussion that an auditor held with whoever did the work, or why none was held.

    Its notes are a column for each of `rules.Prompt`. A role stands in it and never a name.
    """

    __tablename__ = "discussion"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        UniqueConstraint("return_id"),
        CheckConstraint("(held_on IS NULL) = (with_whom = '')", name="held_with_someone"),
    )

    return_id: Mapped[int]
    held_on: Mapped[date | None]
    with_whom: Mapped[str] = mapped_column(String(120), default="")  # "the health visitor"
    not_held_reason: Mapped[str] = mapped_column(Text, default="")
    worried: Mapped[str] = mapped_column(Text, default="")
    in_the_way: Mapped[str] = mapped_column(Text, default="")
    differently: Mapped[str] = mapped_column(Text, default="")
    helped: Mapped[str] = mapped_column(Text, default="")
    supported: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime())
    saved_by_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)


class ReturnPractitioner(Owned, Model):
    """Someone named to read one return: the practitioner whose work it is about, or their manager."""

    __tablename__ = "return_practitioner"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        UniqueConstraint("return_id", "person_id"),
        Index("ix_return_practitioner_person", "partnership_id", "person_id"),
    )

    return_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    part: Mapped[PractitionerPart] = mapped_column(enum_type(PractitionerPart))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime())
    named_by_id: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # reads no more; what was answered stays


class PractitionerAnswer(Owned, Model):
    """What someone named on a return answered to one rating of it, or to the whole (no indicator)."""

    __tablename__ = "practitioner_answer"
    __table_args__ = within_partnership(
        belongs_to("return_practitioner", "named_id", cascade=True),
        belongs_to("round_indicator", "indicator_id"),
        UniqueConstraint("named_id", "indicator_id"),
        Index(
            "uq_practitioner_answer_whole",
            "named_id",
            unique=True,
            sqlite_where=text("indicator_id IS NULL"),
            postgresql_where=text("indicator_id IS NULL"),
        ),
    )

    named_id: Mapped[int]
    indicator_id: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)


class Feedback(Owned, Model):
    """Feedback that an agency owes those whose work was looked at, and what became of it.

    The row is made when the feedback falls due. `round_id` and `agency_id` repeat the return's, for counting.
    """

    __tablename__ = "feedback"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        belongs_to("round", "round_id"),
        belongs_to("agency", "agency_id"),
        UniqueConstraint("return_id", "occasion"),
        CheckConstraint("(saved_at IS NULL) = (saved_by_id IS NULL)", name="saved_by_someone"),
        CheckConstraint("(saved_at IS NULL) = (given_on IS NULL)", name="saved_when_given"),
        CheckConstraint("(given_on IS NULL) = (how IS NULL)", name="given_somehow"),
        Index("ix_feedback_agency", "partnership_id", "agency_id", "given_on", "due_on"),
        Index("ix_feedback_round", "partnership_id", "round_id", "given_on", "due_on"),
    )

    return_id: Mapped[int]
    round_id: Mapped[int]
    agency_id: Mapped[int]
    occasion: Mapped[Occasion] = mapped_column(enum_type(Occasion))
    due_on: Mapped[date]
    given_on: Mapped[date | None]
    given_to: Mapped[str] = mapped_column(String(120), default="")  # "the health visitor"
    how: Mapped[FeedbackHow | None] = mapped_column(enum_type(FeedbackHow))
    was_good: Mapped[str] = mapped_column(Text, default="")
    to_learn: Mapped[str] = mapped_column(Text, default="")
    they_said: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    saved_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
