"""When things happened in the demonstration: everything counts back from the day it is built.

A story is a generator. It yields the moment at which it goes on, and what it does until it yields again happens then.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from typing import TypeVar

from audit_app.core import clock

FRIDAY = 4
LAST_HOUR = 16
"""The hour of the day in which the last deeds of a working day are done."""

End = TypeVar("End")
Story = Generator[datetime, datetime, End]


@dataclass(frozen=True)
class Days:
    """The moment at which the demonstration is built, and all other moments as seen from there."""

    built_at: datetime

    def day(self, before: int) -> date:
        """So many days before the demonstration is built, a negative number lies ahead; of a weekend, its Friday."""
        day = self._on_the_calendar(before)
        return day - timedelta(days=max(0, day.weekday() - FRIDAY))

    def at(self, before: int, wall: time) -> datetime:
        """A time on an English wall clock on such a day, but never in the future.

        Offices are shut at weekends: what would be done then is done late on the Friday, in the same order.
        """
        if (late := self._on_the_calendar(before).weekday() - FRIDAY) > 0:
            wall = time(LAST_HOUR + late, (wall.hour * 60 + wall.minute) // 24)
        return min(datetime.combine(self.day(before), wall, clock.LONDON), self.built_at)

    def minutes_ago(self, minutes: int) -> datetime:
        """So many minutes before the demonstration is built, and that day at the earliest: for what goes on just now.

        On a weekend too, when whoever looks at the demonstration is at work themselves.
        """
        morning = datetime.combine(self.today, time(0), clock.LONDON)
        return max(self.built_at - timedelta(minutes=minutes), morning)

    @property
    def today(self) -> date:
        """The day on which the demonstration is built."""
        return self._on_the_calendar(0)

    def _on_the_calendar(self, before: int) -> date:
        return self.built_at.astimezone(clock.LONDON).date() - timedelta(days=before)


def side_by_side(*stories: Story[None]) -> Story[None]:
    """Several stories as one: whichever goes on first is told first."""
    waiting: list[tuple[datetime, int, Story[None]]] = []
    for number, story in enumerate(stories):
        for moment in story:
            heappush(waiting, (moment, number, story))
            break
    while waiting:
        moment, number, story = heappop(waiting)
        at = yield moment
        try:
            heappush(waiting, (story.send(at), number, story))
        except StopIteration:
            continue


def live_through(story: Story[None]) -> None:
    """Let a story happen, with the clock standing at each of its moments in turn."""
    try:
        moment = next(story)
        while True:
            with clock.standing_at(moment):
                moment = story.send(moment)
    except StopIteration:
        return
