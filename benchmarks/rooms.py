"""Panel rooms in use: every screen asks every two seconds, things change in each room, and others do ordinary work.

Each room goes through its agenda: the chair asks for ratings, shows the returns, asks again, six members rate, the
chair shows the ratings, the panel agrees. Whoever does something is led to the page anew, as a browser is. All screens
live in one process and on one loop; those who do ordinary work have a thread each.
"""

import asyncio
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from benchmarks.client import Answer, Browser, Sample
from benchmarks.measures import Visitors
from benchmarks.saving import checked
from benchmarks.server import Server
from benchmarks.wire import Arrived, Wire
from benchmarks.world import COORDINATOR, ROOM_SEATS, ROOMS, SLUG, in_room

POLL, POLL_NEW, POLL_SAME = "Room: every poll", "Room: polls that get it anew", "Room: polls with nothing new"
DEED, PAGE, SPREAD = "Room: something is done", "Room: its page", "Room: from done until every screen has it"
DOMAIN, SAVE, HOME = "Beside rooms: a domain page", "Beside rooms: a domain saved", "Beside rooms: home"
BESIDE = (DOMAIN, SAVE, HOME)
NAMES = (POLL, POLL_SAME, POLL_NEW, DEED, PAGE, SPREAD, *BESIDE)

ASK_EVERY = 2.0
"""Seconds between two polls of a screen, as in static/room.js."""
DO_EVERY = (3.0, 7.0)
"""Seconds from one thing to the next in a room."""
WORK_EVERY = 0.5
"""Seconds that somebody who does ordinary work looks at each page."""
ARRIVES_WITHIN = 10.0
"""Seconds that screens are given at the end for what was done last."""
PANEL = re.compile(rb'href="/p/[^"/]*/panels/(\d+)"')
ASKS = re.compile(rb'form="room-ask" name="item" value="(\d+)"')
VERSION = re.compile(
    rb'name="do" value="(?:show|again|agree)"><input type="hidden" name="item" value="\d+">\s*'
    rb'<input type="hidden" name="version" value="(\d+)"'
)
LEVEL = re.compile(rb'name="answer"[^>]* value="(\d+)"')


@dataclass
class Log:
    """What was measured, by name: when each answer was asked for and there, its statements; and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statements: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    problems: list[str] = field(default_factory=list)

    def note(self, name: str, seconds: float, statements: int = 0) -> None:
        """Note one figure."""
        self.seconds[name].append(seconds)
        self.statements[name].append(statements)

    def samples(self, clients: dict[str, int], whole: float) -> dict[str, Sample]:
        """Each name's figures as a sample of that many clients."""
        return {
            name: Sample(clients[name], self.seconds[name], whole, sorted(counts)[len(counts) // 2])
            for name, counts in self.statements.items()
        }


@dataclass
class Screen:
    """Somebody's page of a room: asks whether it changed, and notes when it got each revision."""

    wire: Wire
    address: str
    tag: str = ""
    got: list[tuple[float, int]] = field(default_factory=list)

    async def watch(self, log: Log, first: float, until: asyncio.Event) -> None:
        """Poll until told otherwise, the first time after so many seconds."""
        due = time.perf_counter() + first
        while not until.is_set():
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due = max(due + ASK_EVERY, time.perf_counter())
            try:
                answer = await self.wire.get(self.address, {"If-None-Match": self.tag} if self.tag else {})
            except (OSError, asyncio.IncompleteReadError) as problem:
                log.problems.append(f"a poll: {problem!r}")
                continue
            self._take(answer, log)

    def _take(self, answer: Arrived, log: Log) -> None:
        if answer.status not in {200, 304}:
            log.problems.append(f"a poll: {answer.status}")
            return
        if self.tag:  # the first fetch of all is no poll of a screen that is there
            log.note(POLL, answer.seconds, answer.statements)
            log.note(POLL_SAME if answer.status == 304 else POLL_NEW, answer.seconds, answer.statements)
        if answer.status == 304:
            return
        self.tag = answer.headers["etag"]
        self.got.append((answer.there, int(self.tag.strip('"').split("-")[1])))


class Over(Exception):
    """The measuring is over."""


class Room:
    """A panel in its room, and its way through the agenda. Only one thing is done in it at a time."""

    def __init__(self, address: str, wires: Sequence[Wire], screens: Sequence[Screen], chance: Random) -> None:
        self.screens = screens
        self.done: list[tuple[float, int]] = []  # when the answer was there, and the revision that it made
        self._address, self._chance = address, chance
        self._chair, _, *self._members = wires
        self._page = b""

    async def go(self, log: Log, until: asyncio.Event) -> None:
        """Go from one item to the next until told otherwise. Rooms do not begin at the same moment."""
        await asyncio.sleep(self._chance.uniform(0, DO_EVERY[0]))
        try:
            self._page = (await self._chair.get(self._address)).body
            for item in ASKS.findall(self._page):
                await self._rate(item.decode(), log, until)
        except Over:
            return
        except (OSError, asyncio.IncompleteReadError, RuntimeError) as problem:
            log.problems.append(f"in a room: {problem!r}")

    async def _rate(self, item: str, log: Log, until: asyncio.Event) -> None:
        await self._do(self._chair, {"do": "ask", "item": item}, log, until)
        await self._lead("show", item, log, until)
        level = _on(LEVEL, self._page)
        await self._lead("again", item, log, until)
        own = {"do": "rate", "item": item, "ballot": "2", "answer": level, "reasoning": "Nobody went in for a week."}
        for member in self._members:
            await self._do(member, own, log, until)
        await self._lead("show", item, log, until)
        await self._lead("agree", item, log, until, answer=level, reason="All saw the same, and said why.")

    async def _lead(self, what: str, item: str, log: Log, until: asyncio.Event, **more: str) -> None:
        version = _on(VERSION, self._page)  # members' ratings leave it as it is
        await self._do(self._chair, {"do": what, "item": item, "version": version, **more}, log, until)

    async def _do(self, who: Wire, fields: dict[str, str], log: Log, until: asyncio.Event) -> None:
        """After a while, send this and look at the page that it leads to."""
        await asyncio.sleep(self._chance.uniform(*DO_EVERY))
        if until.is_set():
            raise Over
        answer = await who.post(self._address, fields)
        if answer.status != 302:
            raise RuntimeError(f"{fields['do']}: {answer.status}")
        log.note(DEED, answer.seconds, answer.statements)
        self.done.append((answer.there, 1 + len(self.done) + 1))
        page = await who.get(self._address)
        log.note(PAGE, page.seconds, page.statements)
        if who is self._chair:
            self._page = page.body

    def spread(self, log: Log) -> None:
        """Note how long each thing took from its answer until the last screen had it."""
        for there, revision in self.done:
            arrived = [next((at for at, got in screen.got if got >= revision), None) for screen in self.screens]
            if None in arrived:
                log.problems.append(f"{self._address}: a screen never got revision {revision}")
            else:
                log.note(SPREAD, max(0.0, *(at - there for at in arrived if at is not None)))


def _on(pattern: re.Pattern[bytes], page: bytes) -> str:
    found = pattern.search(page)
    if found is None:
        raise RuntimeError(f"{pattern.pattern!r} is not on the page")
    return found.group(1).decode()


class Worker(threading.Thread):
    """Somebody who does one thing again and again, with a moment between."""

    def __init__(self, name: str, ask: Callable[[], Answer], log: Log, until: threading.Event) -> None:
        super().__init__(daemon=True)
        self._what, self._ask, self._log, self._until = name, ask, log, until

    def run(self) -> None:
        while not self._until.wait(WORK_EVERY):
            began = time.perf_counter()
            try:
                answer = self._ask()
            except Exception as problem:  # noqa: BLE001 - told with the others at the end
                self._log.problems.append(f"{self._what}: {problem!r}"[:300])
                return
            self._log.note(self._what, time.perf_counter() - began, answer.statements)


@dataclass(frozen=True)
class Measured:
    """What came of it, and how much of one core the server and the clients took."""

    samples: Mapping[str, Sample]
    problems: Sequence[str]
    done: int
    server: float
    clients: float


def measure_rooms(visitors: Visitors, server: Server, *, rooms: int = ROOMS, seconds: float = 60.0) -> Measured:
    """Let rooms rate for so many seconds beside ordinary work."""
    chance = Random(1)  # noqa: S311
    people = [
        [visitors.browser(in_room(room, seat)) for seat in range(1, ROOM_SEATS + 1)] for room in range(1, rooms + 1)
    ]
    made = [_room(seated, visitors.port, chance) for seated in people]
    log, over = Log(), threading.Event()
    saver, coordinator = visitors.savers[0], visitors.browser(COORDINATOR)
    home = lambda: checked(coordinator.get(f"/p/{SLUG}/"), 200)  # noqa: E731
    asks = {DOMAIN: visitors.savers[-1].open, SAVE: saver.save, HOME: home}
    workers = [Worker(name, ask, log, over) for name, ask in asks.items()]
    began, its_time, our_time = time.perf_counter(), server.processor(), time.process_time()
    for worker in workers:
        worker.start()
    asyncio.run(_use(made, log, chance, seconds))
    over.set()
    for worker in workers:
        worker.join()
    whole = time.perf_counter() - began
    its_time, our_time = (server.processor() - its_time) / whole, (time.process_time() - our_time) / whole
    for room in made:
        room.spread(log)
    clients = {name: 1 if name in asks else rooms * ROOM_SEATS for name in log.seconds}
    return Measured(log.samples(clients, whole), log.problems, sum(len(room.done) for room in made), its_time, our_time)


def _room(seated: Sequence[Browser], port: int, chance: Random) -> Room:
    """The room of these people: its address is on their list of panels. Each has opened its page."""
    panels = seated[0].get(f"/p/{SLUG}/panels")
    address = f"/p/{SLUG}/panels/{_on(PANEL, panels.body)}/room"
    for one in seated:
        checked(one.get(address), 200)
    wires = [Wire(port, one.cookie, one.token) for one in seated]
    return Room(address, wires, [Screen(wire, f"{address}/now") for wire in wires], chance)


async def _use(rooms: Sequence[Room], log: Log, chance: Random, seconds: float) -> None:
    still, closing = asyncio.Event(), asyncio.Event()
    screens = [screen for room in rooms for screen in room.screens]
    watching = [asyncio.create_task(one.watch(log, chance.uniform(0, ASK_EVERY), closing)) for one in screens]
    await asyncio.sleep(2 * ASK_EVERY)  # until every screen is there
    going = [asyncio.create_task(room.go(log, still)) for room in rooms]
    await asyncio.sleep(seconds)
    still.set()
    await asyncio.gather(*going)
    await asyncio.sleep(ARRIVES_WITHIN)
    closing.set()
    await asyncio.gather(*watching)
