"""Chronologies: what an event is, which dates are asked about, and how all agencies' events make one time line."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from audit_app.indicators.rules import AgeBand

EVENTS_AT_MOST = 500
"""Events of one return. What is significant in two years fills a page or two."""
EVENT_TEXT_AT_MOST = 4_000
"""Characters in each text of an event."""
SILENCE_MONTHS = 3
"""From how many calendar months on a stretch without any event is shown."""
YEARS_BACK_AT_MOST = 100
Dated = TypeVar("Dated")

_OLDEST = {
    AgeBand.UNBORN: YEARS_BACK_AT_MOST,  # all of it lies before the birth
    AgeBand.UNDER_1: 1,
    AgeBand.FROM_1_TO_4: 5,
    AgeBand.FROM_5_TO_9: 10,
    AgeBand.FROM_10_TO_15: 16,
    AgeBand.FROM_16: 19,
}
"""An age in years that no child of the band has reached."""


@dataclass(frozen=True, order=True)
class Event:
    """What happened to a child on a day as an agency knew it, its impact on the child, and what was done."""

    happened_on: date
    event: str
    impact: str = ""
    response: str = ""

    @property
    def key(self) -> tuple[date, str]:
        """What makes two events the same, however their spaces and capitals differ."""
        return self.happened_on, " ".join(self.event.casefold().split())


@dataclass(frozen=True)
class Span:
    """A stretch of at least three calendar months between two days in which nothing was recorded."""

    start: date
    end: date
    months: int


@dataclass(frozen=True)
class Window:
    """The look-back period of a case: from its first day (None where the round sets none) to the release, or today."""

    start: date | None
    end: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return (self.start is None or self.start <= day) and day <= self.end


def months_later(day: date, months: int) -> date:
    """The same day some months later (or earlier, below 0), or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """How many whole calendar months lie between two days, the later one last."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months_later(start, months) <= end else months - 1


def look_back_start(opened_on: date | None, months: int | None) -> date | None:
    """The first day of a round's look-back period, counted back from the day on which the round was opened."""
    return months_later(opened_on, -months) if opened_on and months else None


def silences(days: Iterable[date], window: Window) -> Sequence[Span]:
    """The stretches of three calendar months or more within a window in which none of these days lies.

    They begin with the window, or with its first day where it has no beginning.
    """
    inside = sorted({day for day in days if window.holds(day)})
    marks = [*([window.start] if window.start else []), *inside, window.end]
    found = [Span(start, end, months_between(start, end)) for start, end in pairwise(marks) if start < end]
    return [span for span in found if span.months >= SILENCE_MONTHS]


def with_silences(dated: Sequence[tuple[date, Dated]], window: Window) -> Sequence[Dated | Span]:
    """Things in the order of their days, with the silences between all of them where they fall."""
    in_order = sorted(dated, key=lambda one: one[0])
    gaps = list(silences((day for day, _ in in_order), window))
    line: list[Dated | Span] = []
    for day, thing in in_order:
        while gaps and gaps[0].end <= day:
            line.append(gaps.pop(0))
        line.append(thing)
    return [*line, *gaps]


def months_of(days: Iterable[date], window: Window) -> Sequence[date]:
    """The first day of each month from the window's beginning, or the first of these days in it, to its end."""
    first = window.start or min((day for day in days if window.holds(day)), default=window.end)
    months: list[date] = []
    month = first.replace(day=1)
    while month <= window.end:
        months.append(month)
        month = months_later(month, 1)
    return months


def born_after(band: AgeBand, sampled_on: date) -> date:
    """A day before which no child was born who was of an age band on the day of the sample."""
    return months_later(sampled_on, -12 * _OLDEST[band])


def why_not_happened(day: date, today: date) -> str | None:
    """The reason an event cannot have happened on a day, or None."""
    if day.year < today.year - YEARS_BACK_AT_MOST:
        return f"The date is more than {YEARS_BACK_AT_MOST} years ago. Check its year."
    return None


def doubt_about(day: date, *, today: date, earliest: date) -> str | None:
    """What should be checked about an event's date before it is taken, or None. `earliest`: `born_after`."""
    if day > today:
        return "This date is in the future."
    if day < earliest:
        return "This date is before the child was born, going by the age of the child at the sample."
    return None


def why_not_texts(event: Event) -> str | None:
    """The reason the texts of an event cannot be kept, or None."""
    if not event.event:
        return "Say what happened."
    longest = max(len(event.event), len(event.impact), len(event.response))
    if longest > EVENT_TEXT_AT_MOST:
        return f"Each text must be {EVENT_TEXT_AT_MOST:,} characters or fewer. One has {longest:,}."
    return None


def why_not_more(there: int, more: int) -> str | None:
    """The reason no more events can be added to a chronology that has some, or None."""
    if there + more > EVENTS_AT_MOST:
        return (
            f"A chronology holds at most {EVENTS_AT_MOST} events. This one has {there}. "
            "Keep to what was significant for the child."
        )
    return None


def not_there_yet(events: Iterable[Event], there: Iterable[Event]) -> Sequence[Event]:
    """Which events are new: their day and what happened are neither there nor earlier among them."""
    known = {event.key for event in there}
    new: list[Event] = []
    for event in events:
        if event.key not in known:
            known.add(event.key)
            new.append(event)
    return new
