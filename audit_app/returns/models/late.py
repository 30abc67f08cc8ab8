"""What becomes of late returns: days that were moved, and the steps of the reminder ladder that were taken."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.returns.rules import Rung


class ReturnExtension(Owned, Model):
    """A later day by which a return is due, and why. The return itself has the newest day."""

    __tablename__ = "return_extension"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        CheckConstraint("to_day > from_day", name="to_a_later_day"),
        Index("ix_return_extension_return", "partnership_id", "return_id"),
    )

    return_id: Mapped[int]
    from_day: Mapped[date]
    to_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    extended_at: Mapped[datetime] = mapped_column(UtcDateTime())
    extended_by_id: Mapped[int]


class ReturnReminder(Owned, Model):
    """A step of the ladder that was taken for a return. A later day due begins the ladder anew."""

    __tablename__ = "return_reminder"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        UniqueConstraint("partnership_id", "return_id", "due_on", "rung"),
    )

    return_id: Mapped[int]
    rung: Mapped[Rung] = mapped_column(enum_type(Rung))
    due_on: Mapped[date]
    reminded_at: Mapped[datetime] = mapped_column(UtcDateTime())
