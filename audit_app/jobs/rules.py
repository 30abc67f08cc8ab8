"""The states of a job."""

from datetime import timedelta
from enum import StrEnum


class JobState(StrEnum):
    """queued -> running -> done or failed; running -> queued when it is to be tried again or its worker died."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.FAILED, JobState.QUEUED}),
    JobState.FAILED: frozenset(),
    JobState.DONE: frozenset(),
}

MAX_ATTEMPTS = 7
FINISHED_KEPT_FOR = timedelta(days=30)


class TryAgain(Exception):
    """Raised by a handler whose work did not succeed this time but may later. The text says why."""


def wait_before(attempt: int) -> timedelta:
    """How long to wait before the given attempt (2 is the first repeat): 30 s, then four times as long each time.

    Seven attempts reach over eleven hours: a mail server that is down for a night is waited for.
    """
    return timedelta(seconds=30 * 4 ** max(0, attempt - 2))
