"""Putting work into the queue, and doing it."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import delete, select

from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.jobs import queries
from audit_app.jobs.models import Job
from audit_app.jobs.rules import FINISHED_KEPT_FOR, MAX_ATTEMPTS, JobState, TryAgain, wait_before

log = logging.getLogger(__name__)
Handler = TypeVar("Handler", bound=Callable[..., None])
_handlers: dict[str, Callable[..., None]] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Decorates the function that does jobs of a kind. It gets the job's facts, outside any transaction.

    A job may be done twice when a worker dies in the middle, so the function looks first whether it still has to be.
    It raises TryAgain to be called again later; anything else that it raises fails the job.
    """

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(kind: str, *, owner_id: int | None = None, **facts: Any) -> Job:
    """Put a job into the queue, in the transaction of the deed that wants it. Facts name rows, never hold content.

    Raises:
        KeyError: no feature does jobs of this kind.
    """
    if kind not in _handlers:
        raise KeyError(kind)
    now = clock.now()
    job = Job(kind=kind, facts=facts, state=JobState.QUEUED, owner_id=owner_id, created_at=now, run_after=now)
    db.session.add(job)
    db.session.flush()
    return job


def run_due() -> int:
    """Do every job that is due now, one after another. Gives how many there were."""
    count = 0
    while run_one():
        count += 1
    return count


def run_one() -> bool:
    """Do the job that has been due longest. False where none was due."""
    is_due = queries.next_due(at=clock.now()) is not None
    db.session.rollback()
    if not is_due:
        return False
    with transaction():
        job = queries.next_due_for_change(at=clock.now())
        if job is None:
            return False
        job.state, job.started_at, job.attempts = JobState.RUNNING, clock.now(), job.attempts + 1
        job_id, kind, facts, attempts = job.id, job.kind, dict(job.facts), job.attempts
    try:
        _handlers[kind](**facts)
    except TryAgain as reason:
        db.session.rollback()
        _finish(job_id, attempts, JobState.QUEUED if attempts < MAX_ATTEMPTS else JobState.FAILED, str(reason))
    except Exception as error:
        db.session.rollback()
        log.exception("The job %s (%s) failed", job_id, kind)
        _finish(job_id, attempts, JobState.FAILED, type(error).__name__)
    else:
        db.session.rollback()
        _finish(job_id, attempts, JobState.DONE, "")
    return True


def queue_lost_again() -> int:
    """Queue again what a dead worker left running; what was tried too often fails. Only the one worker calls this.

    Gives how many jobs there were.
    """
    with transaction():
        lost = db.session.scalars(select(Job).where(Job.state == JobState.RUNNING).with_for_update()).all()
        for job in lost:
            is_last = job.attempts >= MAX_ATTEMPTS
            job.state = JobState.FAILED if is_last else JobState.QUEUED
            job.run_after = clock.now()
            job.error = "The worker stopped in the middle."
    return len(lost)


def clear_finished() -> None:
    """Delete jobs that were finished long ago."""
    with transaction():
        db.session.execute(
            delete(Job).where(
                Job.state.in_([JobState.DONE, JobState.FAILED]), Job.finished_at < clock.now() - FINISHED_KEPT_FOR
            )
        )


def _finish(job_id: int, attempts: int, state: JobState, error: str) -> None:
    with transaction():
        job = queries.job_for_change(job_id)
        if job.state is not JobState.RUNNING or job.attempts != attempts:
            return  # another worker has taken it over
        job.state, job.error = state, error
        if state is JobState.QUEUED:
            job.run_after = clock.now() + wait_before(attempts + 1)
        else:
            job.finished_at = clock.now()
