"""One row a job."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import JsonFacts, Model, UtcDateTime, enum_type
from audit_app.jobs.rules import JobState


class Job(Model):
    """Something to be done soon, or being done. Facts name rows, never hold content."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state", "state", "run_after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JsonFacts)
    state: Mapped[JobState] = mapped_column(enum_type(JobState), default=JobState.QUEUED)
    owner_id: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    run_after: Mapped[datetime] = mapped_column(UtcDateTime())
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str] = mapped_column(Text, default="")
