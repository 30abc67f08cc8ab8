"""The background worker as a command."""

import signal
import threading
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from audit_app.jobs import services

THREADS = 2  # so that a long job never keeps a mail waiting

jobs = AppGroup("jobs", help="Work done in the background.")


@jobs.command("work")
@click.option("--threads", default=THREADS, show_default=True, help="How many jobs are done at the same time.")
def work(threads: int) -> None:
    """Do background jobs until stopped. Where a worker runs already, wait to take over from it."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with services.the_only_worker(stopping) as lock:
        if lock is None:
            return
        services.queue_lost_again()
        workers = [threading.Thread(target=_work, args=(app, stopping)) for _ in range(threads)]
        for worker in workers:
            worker.start()
        services.do_chores(stopping, lock)
        stopping.set()
        for worker in workers:
            worker.join()


def _work(app: Flask, stopping: threading.Event) -> None:
    with app.app_context():
        services.work(stopping)


COMMANDS = (jobs,)
