"""Findings and the indicators they rest on."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.findings.rules import FindingKind


class Finding(Owned, Model):
    """A strength or an area for development of one round."""

    __tablename__ = "finding"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"), UniqueConstraint("partnership_id", "round_id", "position")
    )

    round_id: Mapped[int]
    position: Mapped[int]
    kind: Mapped[FindingKind] = mapped_column(enum_type(FindingKind))
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime())
    written_by_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def history_name(self) -> str:
        return self.title


class FindingIndicator(Owned, Model):
    """An indicator on which a finding rests."""

    __tablename__ = "finding_indicator"
    __table_args__ = within_partnership(
        belongs_to("finding", "finding_id", cascade=True),
        belongs_to("round_indicator", "indicator_id"),
        UniqueConstraint("partnership_id", "finding_id", "indicator_id"),
    )

    finding_id: Mapped[int]
    indicator_id: Mapped[int]
