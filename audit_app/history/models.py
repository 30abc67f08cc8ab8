"""One row a deed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import JsonFacts, Model, Owned, UtcDateTime


class HistoryEvent(Owned, Model):
    """A deed as it happened. Facts say what kind and where, never a level, evidence or an identity."""

    __tablename__ = "history_event"
    __table_args__ = (
        Index("ix_history_event_round", "partnership_id", "round_id", "at", "id"),
        Index("ix_history_event_case", "partnership_id", "case_id", "at", "id"),
        Index("ix_history_event_subject", "partnership_id", "subject_type", "subject_id", "id"),
    )

    at: Mapped[datetime] = mapped_column(UtcDateTime())
    event: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int]
    subject_name: Mapped[str] = mapped_column(String(300))
    round_id: Mapped[int | None]
    case_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JsonFacts, default=dict)
