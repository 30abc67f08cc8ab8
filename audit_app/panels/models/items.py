"""What a panel agrees on each case: items, each person's own ratings of them, agreed ratings, dissent."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.panels.rules import AgreedHow, ItemKind, ItemState, VoteKind
from audit_app.returns.rules import AnswerKind


class PanelItem(Owned, Model):
    """One thing to agree: a case and an indicator and, where agencies rate their own work, the agency.

    The level over all of a case is an item too, of its own kind, without an indicator. `ballot` counts the rounds of
    own ratings in the room; 0 means that there was none. `is_shown`: what the agencies chose is open to the panel.
    """

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
        Index(
            "uq_panel_item_overall",
            "partnership_id",
            "case_id",
            unique=True,
            sqlite_where=text("kind = 'overall'"),
            postgresql_where=text("kind = 'overall'"),
        ),
        CheckConstraint("(kind = 'indicator') = (indicator_id IS NOT NULL)", name="indicator_exactly_when_indicator"),
    )

    case_id: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(enum_type(ItemKind), default=ItemKind.INDICATOR)
    indicator_id: Mapped[int | None]
    agency_id: Mapped[int | None]
    ballot: Mapped[int] = mapped_column(default=0)
    is_shown: Mapped[bool] = mapped_column(Boolean, default=False)
    pulled_out_by_id: Mapped[int | None]  # who wants to talk about it, though it could be confirmed with others
    reopened_because: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ItemState] = mapped_column(enum_type(ItemState), default=ItemState.WAITING)
    version: Mapped[int] = mapped_column(default=1)


class Vote(Owned, Model):
    """One person's own rating of an item in the room. Nobody but they see it before the chair shows the ratings."""

    __tablename__ = "vote"
    __table_args__ = within_partnership(
        belongs_to("panel_item", "item_id"),
        belongs_to("agency", "agency_id"),
        belongs_to("round_level", "level_id"),
        UniqueConstraint("partnership_id", "item_id", "ballot", "person_id"),
        CheckConstraint("(answer = 'level') = (level_id IS NOT NULL)", name="level_exactly_when_level"),
        CheckConstraint("answer != 'abstain' OR reasoning != ''", name="abstains_with_a_reason"),
    )

    item_id: Mapped[int]
    ballot: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    agency_id: Mapped[int]
    answer: Mapped[VoteKind] = mapped_column(enum_type(VoteKind))
    level_id: Mapped[int | None]
    reasoning: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime())


class ItemNote(Owned, Model):
    """What the note-taker typed of an item while the panel talks. Only the chair's confirmation makes it agreed."""

    __tablename__ = "item_note"
    __table_args__ = within_partnership(
        belongs_to("panel_item", "item_id"), UniqueConstraint("partnership_id", "item_id")
    )

    item_id: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    better: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime())
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


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
    indicator_id: Mapped[int | None]  # none where it is the level over all
    answer: Mapped[AnswerKind] = mapped_column(enum_type(AnswerKind))
    level_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    better: Mapped[str] = mapped_column(Text, default="")  # what would have made it better
    changed_because: Mapped[str] = mapped_column(Text, default="")  # why an earlier agreement was changed
    how: Mapped[AgreedHow] = mapped_column(enum_type(AgreedHow))
    is_current: Mapped[bool] = mapped_column(Boolean, default=True)
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    agreed_by_id: Mapped[int]


class Dissent(Owned, Model):
    """A member who asked for it to be recorded that they see an agreed rating differently, and why."""

    __tablename__ = "dissent"
    __table_args__ = within_partnership(
        belongs_to("agreed_rating", "agreed_rating_id"),
        UniqueConstraint("partnership_id", "agreed_rating_id", "person_id"),
    )

    agreed_rating_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
