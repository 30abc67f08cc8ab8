"""Reads of the queue."""

from datetime import datetime

from sqlalchemy import select

from audit_app.core.db import db
from audit_app.jobs.models import Job
from audit_app.jobs.rules import JobState


def next_due(*, at: datetime) -> int | None:
    """The id of the queued job that has been due longest, or None. A plain read, cheap enough for every second."""
    return db.session.scalar(
        select(Job.id).where(Job.state == JobState.QUEUED, Job.run_after <= at).order_by(Job.run_after, Job.id).limit(1)
    )


def next_due_for_change(*, at: datetime) -> Job | None:
    """The queued job that has been due longest, locked; jobs that another worker is just taking are passed over."""
    return db.session.scalars(
        select(Job)
        .where(Job.state == JobState.QUEUED, Job.run_after <= at)
        .order_by(Job.run_after, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()


def job_for_change(job_id: int) -> Job:
    """One job, locked until the deed is done."""
    query = select(Job).where(Job.id == job_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
