"""The accuracy check of a round: what agencies asked to correct and what was done, and until when they may."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.panels.rules import CorrectionState


class AccuracyRequest(Owned, Model):
    """A fact that an agency says is wrong in what was agreed on a case, and what was done about it.

    Without an item it is about the outcome of the case. `outcome_before` keeps the outcome that a correction changed.
    """

    __tablename__ = "accuracy_request"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        belongs_to("audit_case", "case_id"),
        belongs_to("agency", "agency_id"),
        belongs_to("panel_item", "item_id"),
        belongs_to("agreed_rating", "agreed_rating_id"),
        Index("ix_accuracy_request_round", "partnership_id", "round_id", "agency_id"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_someone"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_once_not_asked"),
    )

    round_id: Mapped[int]
    case_id: Mapped[int]
    agency_id: Mapped[int]
    item_id: Mapped[int | None]
    what_is_wrong: Mapped[str] = mapped_column(Text)
    what_is_right: Mapped[str] = mapped_column(Text)
    where_on_file: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[CorrectionState] = mapped_column(enum_type(CorrectionState), default=CorrectionState.ASKED)
    response: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    agreed_rating_id: Mapped[int | None]  # what was agreed anew because of it
    outcome_before: Mapped[str] = mapped_column(Text, default="")


class AccuracyAnswer(Owned, Model):
    """An agency says that nothing, or nothing more, is to be corrected in a round."""

    __tablename__ = "accuracy_answer"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        belongs_to("agency", "agency_id"),
        UniqueConstraint("partnership_id", "round_id", "agency_id"),
    )

    round_id: Mapped[int]
    agency_id: Mapped[int]
    said_at: Mapped[datetime] = mapped_column(UtcDateTime())
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class AccuracyExtension(Owned, Model):
    """More time that agencies got to correct facts, and why."""

    __tablename__ = "accuracy_extension"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"), Index("ix_accuracy_extension_round", "partnership_id", "round_id")
    )

    round_id: Mapped[int]
    from_day: Mapped[date]
    to_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    extended_at: Mapped[datetime] = mapped_column(UtcDateTime())
    extended_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
