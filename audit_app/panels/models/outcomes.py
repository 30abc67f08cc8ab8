"""What a panel says to one agency about a case."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, within_partnership


class OutcomeForAgency(Owned, Model):
    """The panel's feedback to one agency on a case, and its question back with the answer."""

    __tablename__ = "outcome_for_agency"
    __table_args__ = within_partnership(
        belongs_to("audit_case", "case_id"),
        belongs_to("agency", "agency_id"),
        UniqueConstraint("partnership_id", "case_id", "agency_id"),
        Index("ix_outcome_for_agency_told", "partnership_id", "agency_id"),
        Index("ix_outcome_for_agency_answered", "partnership_id", "answered_at"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_someone"),
    )

    case_id: Mapped[int]
    agency_id: Mapped[int]
    feedback: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
