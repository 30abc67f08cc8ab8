"""Chronologies: what happened to the child, as each agency knew it."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, within_partnership


class ChronologyEvent(Owned, Model):
    """A significant event in a child's life as one agency knew it, with its impact and what was done."""

    __tablename__ = "chronology_event"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        Index("ix_chronology_event_return", "partnership_id", "return_id", "happened_on"),
    )

    return_id: Mapped[int]
    happened_on: Mapped[date]
    event: Mapped[str] = mapped_column(Text)
    impact: Mapped[str] = mapped_column(Text, default="")  # on the child
    response: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime())
    saved_by_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
