"""Actions, their progress and the moves of their due dates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.actions.rules import ActionState, Brag
from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership


class Action(Owned, Model):
    """Something an agency will do about a finding."""

    __tablename__ = "action"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        belongs_to("finding", "finding_id"),
        belongs_to("agency", "agency_id"),
        Index("ix_action_agency", "partnership_id", "agency_id", "state", "due_on"),
        Index("ix_action_round", "partnership_id", "round_id"),
        CheckConstraint("(signed_off_at IS NULL) = (signed_off_by_id IS NULL)", name="signed_off_by_someone"),
    )

    round_id: Mapped[int]
    finding_id: Mapped[int]
    agency_id: Mapped[int]
    lead_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(String(300))
    outcome_measure: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    brag: Mapped[Brag] = mapped_column(enum_type(Brag), default=Brag.GREEN)
    state: Mapped[ActionState] = mapped_column(enum_type(ActionState), default=ActionState.OPEN)
    evaluation: Mapped[str] = mapped_column(Text, default="")  # what the board made of it at sign-off
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was sent back or withdrawn
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    created_by_id: Mapped[int]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    signed_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    signed_off_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def history_name(self) -> str:
        return self.title


class ProgressUpdate(Owned, Model):
    """What an agency lead posted. Appended, never changed."""

    __tablename__ = "progress_update"
    __table_args__ = within_partnership(
        belongs_to("action", "action_id"), Index("ix_progress_update_action", "partnership_id", "action_id", "id")
    )

    action_id: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    impact: Mapped[str] = mapped_column(Text, default="")  # the evidence of impact
    brag: Mapped[Brag] = mapped_column(enum_type(Brag))
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    posted_by_id: Mapped[int]
    posted_by_name: Mapped[str] = mapped_column(String(200))


class DueDateChange(Owned, Model):
    """A due date that was moved, and why."""

    __tablename__ = "due_date_change"
    __table_args__ = within_partnership(
        belongs_to("action", "action_id"), Index("ix_due_date_change_action", "partnership_id", "action_id", "id")
    )

    action_id: Mapped[int]
    from_day: Mapped[date]
    to_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_by_id: Mapped[int]
