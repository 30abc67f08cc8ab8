"""Calibration: a practice case of a round, and what each auditor answers on it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, refuse_when, within_partnership
from audit_app.panels.rules import CalibrationState
from audit_app.panels.rules.calibration import TITLE_AT_MOST
from audit_app.returns.rules import AnswerKind


class Calibration(Owned, Model):
    """The practice case of a round: a made-up child's story, which all its auditors score before the round."""

    __tablename__ = "calibration"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        UniqueConstraint("partnership_id", "round_id"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_someone"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_exactly_when_closed"),
        Index("ix_calibration_state", "partnership_id", "state"),
    )

    round_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(TITLE_AT_MOST))
    story: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    state: Mapped[CalibrationState] = mapped_column(enum_type(CalibrationState), default=CalibrationState.OPEN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    created_by_id: Mapped[int]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closed_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def history_name(self) -> str:
        return self.title


class CalibrationRating(Owned, Model):
    """What one auditor answers on one question of a practice case. Nobody but they see it before it is closed."""

    __tablename__ = "calibration_rating"
    __table_args__ = within_partnership(
        belongs_to("calibration", "calibration_id", cascade=True),
        belongs_to("agency", "agency_id"),
        belongs_to("round_indicator", "indicator_id"),
        belongs_to("round_level", "level_id"),
        UniqueConstraint("partnership_id", "calibration_id", "person_id", "indicator_id"),
        CheckConstraint("(answer = 'level') = (level_id IS NOT NULL)", name="level_exactly_when_level"),
    )

    calibration_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    agency_id: Mapped[int]
    indicator_id: Mapped[int]
    answer: Mapped[AnswerKind] = mapped_column(enum_type(AnswerKind))
    level_id: Mapped[int | None]
    reasoning: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime())


refuse_when({"uq_calibration_partnership_id_round_id": "Somebody set a practice case for this round meanwhile."})
