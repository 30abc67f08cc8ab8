"""Panels, the items of each case, and agreed ratings."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, refuse_when, within_partnership
from audit_app.panels.rules import AgreedHow, ItemState
from audit_app.returns.rules import AnswerKind


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
    place: Mapped[str] = mapped_column(String(300), default="")
    chair_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)

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


class PanelItem(Owned, Model):
    """One thing to agree: a case and an indicator and, where agencies rate their own work, the agency."""

    __tablename__ = "panel_item"
    __table_args__ = within_partnership(
        belongs_to("audit_case", "case_id"),
        belongs_to("round_indicator", "indicator_id"),
        belongs_to("agency", "agency_id"),
        Index("ix_panel_item_case", "partnership_id", "case_id", "state"),
        Index(
            "uq_panel_item_of_agency",
            "partnership_id",
            "case_id",
            "indicator_id",
            "agency_id",
            unique=True,
            sqlite_where=text("agency_id IS NOT NULL"),
            postgresql_where=text("agency_id IS NOT NULL"),
        ),
        Index(
            "uq_panel_item_of_case",
            "partnership_id",
            "case_id",
            "indicator_id",
            unique=True,
            sqlite_where=text("agency_id IS NULL"),
            postgresql_where=text("agency_id IS NULL"),
        ),
    )

    case_id: Mapped[int]
    indicator_id: Mapped[int]
    agency_id: Mapped[int | None]
    state: Mapped[ItemState] = mapped_column(enum_type(ItemState), default=ItemState.WAITING)
    version: Mapped[int] = mapped_column(default=1)


class AgreedRating(Owned, Model):
    """The panel's decision on an item, with its reason. Append-only: one current row an item, older ones stay readable.

    `round_id` and `indicator_id` repeat the item's, so that counting reads one index.
    """

    __tablename__ = "agreed_rating"
    __table_args__ = within_partnership(
        belongs_to("panel_item", "item_id"),
        belongs_to("round_indicator", "indicator_id"),
        belongs_to("round_level", "level_id"),
        CheckConstraint("(answer = 'level') = (level_id IS NOT NULL)", name="level_exactly_when_level"),
        Index(
            "uq_agreed_rating_current",
            "partnership_id",
            "item_id",
            unique=True,
            sqlite_where=text("is_current = 1"),
            postgresql_where=text("is_current"),
        ),
        Index("ix_agreed_rating_item", "partnership_id", "item_id"),
        Index(
            "ix_agreed_rating_counted", "partnership_id", "is_current", "round_id", "indicator_id", "answer", "level_id"
        ),
    )

    item_id: Mapped[int]
    round_id: Mapped[int]
    indicator_id: Mapped[int]
    answer: Mapped[AnswerKind] = mapped_column(enum_type(AnswerKind))
    level_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    changed_because: Mapped[str] = mapped_column(Text, default="")  # why an earlier agreement was changed
    how: Mapped[AgreedHow] = mapped_column(enum_type(AgreedHow))
    is_current: Mapped[bool] = mapped_column(Boolean, default=True)
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    agreed_by_id: Mapped[int]


refuse_when(
    {"uq_panel_case_partnership_id_case_id": "A case was put on another panel meanwhile. Look at the page again."}
)
