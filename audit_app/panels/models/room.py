"""The room of a panel: where everybody is now, and what was put aside for elsewhere."""

import secrets
from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.panels.rules import RoomStep


def new_mark() -> str:
    """A word that no room had before, not even in a database that was put back to an earlier day."""
    return secrets.token_hex(8)


class PanelRoom(Owned, Model):
    """Where a panel's room is. `revision` rises in the same transaction as anything that a screen in it shows, and
    `mark` becomes another: what is kept of a room is kept by it.

    Opening it records that nobody is recording and no transcription assistant is on.
    """

    __tablename__ = "panel_room"
    __table_args__ = within_partnership(
        belongs_to("panel", "panel_id", cascade=True),
        belongs_to("audit_case", "case_id"),
        belongs_to("panel_item", "item_id"),
        UniqueConstraint("partnership_id", "panel_id"),
        CheckConstraint("(opened_at IS NULL) = (opened_by_id IS NULL)", name="opened_by_someone"),
        CheckConstraint("(step = 'item') = (item_id IS NOT NULL)", name="item_exactly_at_an_item"),
    )

    panel_id: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    mark: Mapped[str] = mapped_column(String(16), default=new_mark)
    step: Mapped[RoomStep] = mapped_column(enum_type(RoomStep), default=RoomStep.AGENDA)
    case_id: Mapped[int | None]
    item_id: Mapped[int | None]
    is_timer_hidden: Mapped[bool] = mapped_column(Boolean, default=False)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    opened_by_id: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closed_by_id: Mapped[int | None]


class ParkedPoint(Owned, Model):
    """A point that came up in the room and belongs elsewhere."""

    __tablename__ = "parked_point"
    __table_args__ = within_partnership(
        belongs_to("panel", "panel_id", cascade=True), Index("ix_parked_point_panel", "partnership_id", "panel_id")
    )

    panel_id: Mapped[int]
    case_reference: Mapped[str] = mapped_column(String(20), default="")  # the case that was open, if any
    words: Mapped[str] = mapped_column(Text)
    where_to: Mapped[str] = mapped_column(Text, default="")  # once it was taken there
    parked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    parked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
