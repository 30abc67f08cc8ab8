"""Reading all cases of a round side by side: what should be changed for consistency, and who has said it is done."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, refuse_when, within_partnership
from audit_app.panels.rules import ChangeState
from audit_app.returns.rules import AnswerKind


class ModerationChange(Owned, Model):
    """A change of an agreed item that one reader proposes, and the other confirms or declines."""

    __tablename__ = "moderation_change"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        belongs_to("audit_case", "case_id"),
        belongs_to("panel_item", "item_id"),
        belongs_to("round_level", "level_id"),
        Index("ix_moderation_change_round", "partnership_id", "round_id", "state"),
        Index("ix_moderation_change_item", "partnership_id", "item_id"),
        Index(
            "uq_moderation_change_proposed",
            "partnership_id",
            "item_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        CheckConstraint("(answer = 'level') = (level_id IS NOT NULL)", name="level_exactly_when_level"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_someone"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_once_not_proposed"),
    )

    round_id: Mapped[int]
    case_id: Mapped[int]
    item_id: Mapped[int]
    answer: Mapped[AnswerKind] = mapped_column(enum_type(AnswerKind))
    level_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    because: Mapped[str] = mapped_column(Text)  # why it is changed
    state: Mapped[ChangeState] = mapped_column(enum_type(ChangeState), default=ChangeState.PROPOSED)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_words: Mapped[str] = mapped_column(Text, default="")


class ModerationReading(Owned, Model):
    """Somebody has read all cases of a round side by side and says that moderation is done."""

    __tablename__ = "moderation_reading"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"), UniqueConstraint("partnership_id", "round_id", "person_id")
    )

    round_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime())


refuse_when(
    {
        "uq_moderation_change_proposed": "Somebody else proposed a change of this meanwhile. Look at the page again.",
        "uq_moderation_reading_partnership_id_round_id_person_id": "You have said so already.",
    }
)
