"""The only place that asks what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """This moment, in UTC."""
    return _standing.get() or datetime.now(UTC)


def today() -> date:
    """The date on the wall calendar of an English office."""
    return now().astimezone(LONDON).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment for what is done inside: the demonstration's deeds have days of their own."""
    before = _standing.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _standing.reset(before)
