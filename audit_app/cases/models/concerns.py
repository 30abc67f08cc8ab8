"""Immediate concerns, each with its log."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.cases.rules import ConcernState, EntryKind
from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.core.encryption import Encrypted


class Concern(Owned, Model):
    """An immediate concern: the record that someone was told, and what came of it. Never itself the referral.

    Nothing deletes one. What people wrote afterwards stands in its log; the times here are those that lists count.
    """

    __tablename__ = "concern"
    __table_args__ = within_partnership(
        belongs_to("audit_case", "case_id"),
        belongs_to("agency", "agency_id"),
        belongs_to("agency", "holder_id"),
        UniqueConstraint("partnership_id", "case_id", "token"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by_name IS NULL)", name="acknowledged_by_someone"),
        CheckConstraint("(outcome_at IS NULL) = (outcome_by_name IS NULL)", name="outcome_by_someone"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_name IS NULL)", name="closed_by_someone"),
        CheckConstraint("(closed_at IS NULL) = (state <> 'closed')", name="closed_when_closed"),
        CheckConstraint("is_open = (closed_at IS NULL)", name="open_until_closed"),
        Index("ix_concern_case", "partnership_id", "case_id"),
        Index("ix_concern_raised", "partnership_id", "raised_at"),
        Index("ix_concern_open", "partnership_id", "is_open", "id"),  # every page asks for the few that are open
    )

    case_id: Mapped[int]
    agency_id: Mapped[int | None]  # the agency of the person who raised it
    holder_id: Mapped[int | None]  # the agency holding the case: it records the outcome
    token: Mapped[str] = mapped_column(String(40))  # from the form, so that a double click records once
    state: Mapped[ConcernState] = mapped_column(enum_type(ConcernState), default=ConcernState.RAISED)
    is_open: Mapped[bool] = mapped_column(default=True)  # of its own for the index: one state of four
    worry: Mapped[str] = mapped_column(Encrypted())
    told_whom: Mapped[str] = mapped_column(Encrypted())
    told_at: Mapped[datetime] = mapped_column(UtcDateTime())
    agreed: Mapped[str] = mapped_column(Encrypted())
    other_children: Mapped[str | None] = mapped_column(Encrypted())  # in the home
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime())
    raised_by_id: Mapped[int]
    raised_by_name: Mapped[str] = mapped_column(String(200))
    acknowledge_by: Mapped[datetime] = mapped_column(UtcDateTime())  # after it, others are told
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    acknowledged_by_name: Mapped[str | None] = mapped_column(String(200))
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # of the outcome that stands
    outcome_by_name: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closed_by_name: Mapped[str | None] = mapped_column(String(200))

    @property
    def history_name(self) -> str:
        return f"concern {self.id}"


class ConcernEntry(Owned, Model):
    """One line of the log of a concern. Only ever added: no deed changes or deletes one."""

    __tablename__ = "concern_entry"
    __table_args__ = within_partnership(
        belongs_to("concern", "concern_id"),
        belongs_to("agency", "agency_id"),
        Index("ix_concern_entry_concern", "partnership_id", "concern_id"),
    )

    concern_id: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(enum_type(EntryKind))
    words: Mapped[str | None] = mapped_column(Encrypted())
    agency_id: Mapped[int | None]  # the agency that it names: the one chosen, or the one that whoever did it acts for
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    by_id: Mapped[int | None]  # None where the service did it
    by_name: Mapped[str] = mapped_column(String(200))
