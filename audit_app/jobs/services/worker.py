"""The background worker: one process at a time takes the jobs, in a few threads; others wait to step in."""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from audit_app.accounts.services import forget_old_drafts, forget_old_posts
from audit_app.core.db import db, transaction
from audit_app.core.settings import settings
from audit_app.jobs.services.queue import clear_finished, run_one

log = logging.getLogger(__name__)
LOOK_EVERY = 1.0  # seconds between looks at the queue while it is empty
LOCK = 6_402_019  # PostgreSQL's number for "I am the worker"
Chore = TypeVar("Chore", bound=Callable[[], None])
_chores: list[tuple[timedelta, Callable[[], None]]] = []


def regularly(*, every: timedelta) -> Callable[[Chore], Chore]:
    """Decorates a function that the worker calls at its start and then after each such time. It may be called twice."""

    def register(function: Chore) -> Chore:
        _chores.append((every, function))
        return function

    return register


regularly(every=timedelta(days=1))(clear_finished)


@regularly(every=timedelta(minutes=5))
def _forget_what_is_kept() -> None:
    """`accounts` stands below, and has no chores of its own."""
    with transaction():
        forget_old_posts()
        forget_old_drafts()


class Lock(Protocol):
    """What makes a process the one worker. It ends with its process, however that dies."""

    def take(self) -> bool:
        """Try to take it. True where it is ours now."""

    def is_held(self) -> bool:
        """Whether it is still ours."""


@contextmanager
def the_only_worker(stopping: threading.Event) -> Iterator[Lock | None]:
    """Wait to be the one worker of this database, then be it. Gives None where `stopping` was set first.

    Whatever runs when the lock is taken was left by a dead worker.
    """
    hold = _postgresql_lock if db.engine.dialect.name == "postgresql" else _file_lock
    with hold() as lock:
        while not lock.take():
            if stopping.wait(LOOK_EVERY):
                yield None
                return
        yield lock


class _FileLock:
    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def take(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_held(self) -> bool:
        return True


@contextmanager
def _file_lock() -> Iterator[Lock]:
    descriptor = os.open(settings().instance / "worker.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _FileLock(descriptor)
    finally:
        os.close(descriptor)


class _PostgresqlLock:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def take(self) -> bool:
        return bool(self.connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}))

    def is_held(self) -> bool:
        try:
            self.connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True


@contextmanager
def _postgresql_lock() -> Iterator[Lock]:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            yield _PostgresqlLock(connection)
        finally:
            if not connection.invalidated:
                connection.detach()  # so that it is closed, which lets the lock go


def work(stopping: threading.Event) -> None:
    """Do jobs as they become due until `stopping` is set. Runs in a thread's own application context."""
    while not stopping.is_set():
        try:
            had_work = run_one()
        except SQLAlchemyError:
            log.exception("The queue could not be read")
            had_work = False
        finally:
            db.session.remove()
        if not had_work:
            stopping.wait(LOOK_EVERY)


def do_chores(stopping: threading.Event, lock: Lock) -> None:
    """Call the regular chores in their times, until `stopping` is set or the lock is lost."""
    waits = [0.0] * len(_chores)
    while lock.is_held() and not stopping.is_set():
        for number, (every, chore) in enumerate(_chores):
            waits[number] -= LOOK_EVERY
            if waits[number] > 0:
                continue
            waits[number] = every.total_seconds()
            try:
                chore()
            except SQLAlchemyError:
                log.exception("A regular chore failed")
            finally:
                db.session.remove()
        stopping.wait(LOOK_EVERY)
