"""Actions about one child, the moves of their days due, and the reminders that were sent."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.panels.rules import CaseActionState
from audit_app.returns.rules import Rung


class CaseAction(Owned, Model):
    """Something that one agency is to do for the child of a case.

    `round_id` and `case_reference` repeat the case's, for counting and for history.
    """

    __tablename__ = "case_action"
    __table_args__ = within_partnership(
        belongs_to("audit_case", "case_id"),
        belongs_to("round", "round_id"),
        belongs_to("agency", "agency_id"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on_a_day"),
        CheckConstraint("(done_on IS NULL) = (done_by_name IS NULL)", name="done_by_someone"),
        Index("ix_case_action_case", "partnership_id", "case_id", "due_on"),
        Index("ix_case_action_round", "partnership_id", "round_id", "state", "due_on"),
        Index("ix_case_action_agency", "partnership_id", "agency_id", "state", "due_on"),
        Index("ix_case_action_due", "partnership_id", "state", "due_on"),
    )

    case_id: Mapped[int]
    case_reference: Mapped[str] = mapped_column(String(20))
    round_id: Mapped[int]
    agency_id: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    working_days: Mapped[int]  # within which it was to be done when it was raised
    due_on: Mapped[date]
    state: Mapped[CaseActionState] = mapped_column(enum_type(CaseActionState), default=CaseActionState.OPEN)
    outcome: Mapped[str] = mapped_column(Text, default="")  # kept when it is sent back, for the agency to add to
    done_on: Mapped[date | None]
    done_by_name: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was sent back or withdrawn
    left_open_reason: Mapped[str] = mapped_column(Text, default="")  # why its round was closed all the same
    left_open_by_name: Mapped[str] = mapped_column(String(200), default="")
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime())
    raised_by_id: Mapped[int]
    raised_by_name: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)

    @property
    def history_name(self) -> str:
        return f"action about {self.case_reference}"


class CaseActionDueChange(Owned, Model):
    """A day due that was moved, and why. The action itself has the newest day."""

    __tablename__ = "case_action_due_change"
    __table_args__ = within_partnership(
        belongs_to("case_action", "case_action_id", cascade=True),
        Index("ix_case_action_due_change_action", "partnership_id", "case_action_id", "id"),
    )

    case_action_id: Mapped[int]
    from_day: Mapped[date]
    to_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_by_name: Mapped[str] = mapped_column(String(200))


class CaseActionReminder(Owned, Model):
    """A step of the ladder that was taken for an action. Another day due begins the ladder anew."""

    __tablename__ = "case_action_reminder"
    __table_args__ = within_partnership(
        belongs_to("case_action", "case_action_id", cascade=True),
        UniqueConstraint("partnership_id", "case_action_id", "due_on", "rung"),
    )

    case_action_id: Mapped[int]
    rung: Mapped[Rung] = mapped_column(enum_type(Rung))
    due_on: Mapped[date]
    reminded_at: Mapped[datetime] = mapped_column(UtcDateTime())
