"""Panels: when they meet, who sits, whose own case it is, and which cases they take."""

from datetime import date, datetime, time

from sqlalchemy import Boolean, Index, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, refuse_when, within_partnership
from audit_app.panels.rules import MINUTES_PER_CASE, Attendance, Timing


class Panel(Owned, Model):
    """A meeting of a round."""

    __tablename__ = "panel"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        Index("ix_panel_round", "partnership_id", "round_id"),
        Index("ix_panel_held", "partnership_id", "held_on", "id"),
    )

    round_id: Mapped[int]
    held_on: Mapped[date]
    starts_at: Mapped[time | None] = mapped_column(Time())  # on the clocks of the day, as people write it
    ends_at: Mapped[time | None] = mapped_column(Time())
    minutes_per_case: Mapped[int] = mapped_column(default=MINUTES_PER_CASE)
    is_on_paper: Mapped[bool] = mapped_column(Boolean, default=False)  # agreed in a meeting, entered afterwards
    place: Mapped[str] = mapped_column(String(300), default="")
    chair_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)

    @property
    def timing(self) -> Timing:
        return Timing(self.starts_at, self.ends_at, self.minutes_per_case)

    @property
    def history_name(self) -> str:
        return f"panel of {self.held_on:%-d %B %Y}"


class PanelMember(Owned, Model):
    """Who sits on a panel, and for which agency, if any (a note-taker has none)."""

    __tablename__ = "panel_member"
    __table_args__ = within_partnership(
        belongs_to("panel", "panel_id", cascade=True),
        belongs_to("agency", "agency_id"),
        UniqueConstraint("partnership_id", "panel_id", "person_id"),
    )

    panel_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    agency_id: Mapped[int | None]
    attendance: Mapped[Attendance | None] = mapped_column(enum_type(Attendance))


class PanelCase(Owned, Model):
    """Which case a panel takes, and in which order."""

    __tablename__ = "panel_case"
    __table_args__ = within_partnership(
        belongs_to("panel", "panel_id", cascade=True),
        belongs_to("audit_case", "case_id"),
        UniqueConstraint("partnership_id", "case_id"),
        UniqueConstraint("partnership_id", "panel_id", "position"),
    )

    panel_id: Mapped[int]
    case_id: Mapped[int]
    position: Mapped[int]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # in the room
    rest_shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # what is not discussed, to confirm together


class PanelConflict(Owned, Model):
    """A member whose own case it is, or who has another interest in it: left out of the rating of that case."""

    __tablename__ = "panel_conflict"
    __table_args__ = within_partnership(
        belongs_to("audit_case", "case_id"),
        UniqueConstraint("partnership_id", "case_id", "person_id"),
    )

    case_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    marked_by_id: Mapped[int]


refuse_when(
    {"uq_panel_case_partnership_id_case_id": "A case was put on another panel meanwhile. Look at the page again."}
)
