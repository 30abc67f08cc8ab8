"""The queue: wanted, claimed, done, tried again, and found again after its worker died."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.jobs import services
from audit_app.jobs.models import Job
from audit_app.jobs.rules import MAX_ATTEMPTS, JobState, TryAgain
from audit_app.jobs.services import queue
from config import PROJECT, Settings
from tests.fixtures import Clock, Together

Do = Callable[..., None]


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> dict[str, Do]:
    """The kinds of job there are in this test; `kind["x"] = function` adds one."""
    kinds: dict[str, Do] = {}
    monkeypatch.setattr(queue, "_handlers", kinds)
    return kinds


def wanted(kind_of_job: str = "greet", **facts: Any) -> int:
    with transaction():
        return services.enqueue(kind_of_job, **facts).id


def job(job_id: int) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Job, job_id)


def test_a_job_gets_its_facts_and_is_done_once(app: Flask, kind: dict[str, Do]) -> None:
    greeted: list[str] = []

    def greet(name: str) -> None:
        greeted.append(name)

    kind["greet"] = greet
    job_id = wanted(name="Ada")
    assert services.run_due() == 1
    assert services.run_due() == 0
    assert greeted == ["Ada"]
    assert job(job_id).state is JobState.DONE
    assert job(job_id).finished_at is not None


def test_jobs_are_done_in_the_order_in_which_they_were_wanted(app: Flask, kind: dict[str, Do]) -> None:
    greeted: list[int] = []

    def greet(number: int) -> None:
        greeted.append(number)

    kind["greet"] = greet
    for number in range(3):
        wanted(number=number)
    services.run_due()
    assert greeted == [0, 1, 2]


def test_a_deed_that_is_refused_wants_no_job(app: Flask, kind: dict[str, Do]) -> None:
    kind["greet"] = lambda: None

    def refused() -> None:
        services.enqueue("greet")
        raise Refused("No.")

    with pytest.raises(Refused), transaction():
        refused()
    assert services.run_due() == 0


def test_a_job_of_a_kind_that_nobody_does_is_a_mistake(app: Flask, kind: dict[str, Do]) -> None:
    with pytest.raises(KeyError), transaction():
        services.enqueue("something else")


def test_a_job_that_breaks_is_failed_and_does_not_stop_the_others(app: Flask, kind: dict[str, Do]) -> None:
    def breaks() -> None:
        raise ValueError("with something private")

    kind["greet"], kind["fine"] = breaks, lambda: None
    broken, fine = wanted(), wanted("fine")
    assert services.run_due() == 2
    assert (job(broken).state, job(broken).error) == (JobState.FAILED, "ValueError")
    assert job(fine).state is JobState.DONE


def test_what_a_broken_job_had_changed_is_undone(app: Flask, kind: dict[str, Do]) -> None:
    def breaks() -> None:
        with transaction():
            services.enqueue("greet")
            raise ValueError

    kind["greet"] = breaks
    wanted()
    services.run_due()
    assert db.session.query(Job).count() == 1


def test_a_job_that_asks_to_is_tried_again_after_growing_waits_and_then_fails(
    app: Flask, kind: dict[str, Do], clock: Clock
) -> None:
    def not_now() -> None:
        raise TryAgain("The other side is down.")

    kind["greet"] = not_now
    job_id = wanted()
    for attempt in range(1, MAX_ATTEMPTS):
        assert services.run_due() == 1
        assert (job(job_id).state, job(job_id).attempts) == (JobState.QUEUED, attempt)
        assert services.run_due() == 0
        clock.set(job(job_id).run_after)
    assert services.run_due() == 1
    assert (job(job_id).state, job(job_id).error) == (JobState.FAILED, "The other side is down.")


def test_two_workers_never_take_one_job_both(app: Flask, kind: dict[str, Do], together: Together) -> None:
    done: list[int] = []

    def greet(number: int) -> None:
        done.append(number)

    kind["greet"] = greet
    for number in range(20):
        wanted(number=number)
    together(services.run_due, services.run_due, services.run_due)
    assert sorted(done) == list(range(20))


def test_what_a_dead_worker_left_running_is_done_by_the_next(app: Flask, kind: dict[str, Do]) -> None:
    done: list[str] = []

    def dies() -> None:
        raise SystemExit  # as little is finished as when the process is killed

    kind["greet"] = dies
    job_id = wanted()
    with pytest.raises(SystemExit):
        services.run_one()
    assert job(job_id).state is JobState.RUNNING
    kind["greet"] = lambda: done.append("greeted")
    assert services.run_due() == 0
    assert services.queue_lost_again() == 1
    assert services.run_due() == 1
    assert done == ["greeted"]


def test_a_job_that_kills_its_worker_each_time_fails_in_the_end(app: Flask, kind: dict[str, Do]) -> None:
    def dies() -> None:
        raise SystemExit

    kind["greet"] = dies
    job_id = wanted()
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            services.run_one()
        services.queue_lost_again()
    assert job(job_id).state is JobState.FAILED
    assert services.run_due() == 0


def test_a_worker_that_was_thought_dead_does_not_overwrite_the_other(app: Flask, kind: dict[str, Do]) -> None:
    def overtaken() -> None:
        services.queue_lost_again()

    kind["greet"] = overtaken
    job_id = wanted()
    services.run_one()
    assert job(job_id).state is JobState.QUEUED


def test_finished_jobs_are_cleared_after_a_month(app: Flask, kind: dict[str, Do], clock: Clock) -> None:
    kind["greet"] = lambda: None
    wanted()
    services.run_due()
    clock.forward(days=29)
    services.clear_finished()
    assert db.session.query(Job).count() == 1
    clock.forward(days=2)
    services.clear_finished()
    assert db.session.query(Job).count() == 0


def test_one_worker_at_a_time_holds_the_lock_and_the_next_waits_for_it(app: Flask) -> None:
    never, at_once = threading.Event(), threading.Event()
    at_once.set()
    with services.the_only_worker(never) as lock:
        assert lock is not None
        assert lock.is_held()
        with services.the_only_worker(at_once) as other:
            assert other is None
    with services.the_only_worker(at_once) as later:
        assert later is not None


def test_chores_are_done_at_the_start_and_in_their_times(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit_app.jobs.services import worker

    stopping, done = threading.Event(), []

    def often() -> None:
        done.append("often")
        if len(done) > 3:
            stopping.set()

    monkeypatch.setattr(worker, "_chores", [])
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.01)
    services.regularly(every=timedelta(milliseconds=10))(often)
    services.regularly(every=timedelta(days=1))(lambda: done.append("daily"))
    with services.the_only_worker(threading.Event()) as lock:
        assert lock is not None
        services.do_chores(stopping, lock)
    assert done == ["often", "daily", "often", "often"]


def test_the_worker_command_does_what_is_queued_and_stops_when_asked(
    app: Flask, settings: Settings, kind: dict[str, Do]
) -> None:
    """A job of a kind that the worker's own process does not know fails there, which shows that it was taken."""
    kind["unknown elsewhere"] = lambda: None
    job_id = wanted("unknown elsewhere")
    names = ("secret_key", "password_salt", "encryption_keys", "token_key")
    environment = {name.upper(): str(getattr(settings, name)) for name in names}
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"],
        cwd=PROJECT,
        env={**environment, "INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url},
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while job(job_id).state is not JobState.FAILED and time.monotonic() < until:
            time.sleep(0.1)
        assert (job(job_id).state, job(job_id).error) == (JobState.FAILED, "KeyError")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
    finally:
        worker.kill()
        worker.wait()
