"""Requests of a process work one after the other; a long one holds nobody up."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from audit_app.core.turns import LET_BY, Turns

POLL, PAGE = "/room/now", "/page"
SOON = 5.0
"""Seconds after which a test gives up."""


class Service:
    """A service whose pages work until they are told to end, behind `Turns`."""

    def __init__(self, longest: float = SOON) -> None:
        self.began: list[str] = []
        self._ends: dict[str, threading.Event] = {}
        self._changed = threading.Condition()
        self._turns = Turns(self._answer, go_first=POLL, longest=longest)

    def _answer(self, environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        with self._changed:
            self.began.append(environ["PATH_INFO"])
            self._changed.notify_all()
        if not self._ends[environ["PATH_INFO"]].wait(SOON):
            raise TimeoutError
        return [b"done"]

    @contextmanager
    def asked(self, *paths: str) -> Iterator[None]:
        """Ask for pages, each a moment after the one before; all are told to end when this is over."""
        asking = []
        for path in paths:
            self._ends[path] = threading.Event()
            one = threading.Thread(target=self._turns, args=({"PATH_INFO": path}, lambda *_: None), daemon=True)
            one.start()
            asking.append(one)
            time.sleep(0.02)
        yield
        for end in self._ends.values():
            end.set()
        for one in asking:
            one.join(SOON)
            assert not one.is_alive()

    def end(self, path: str) -> None:
        self._ends[path].set()

    def has_begun(self, *paths: str) -> bool:
        """Whether these, and only these, have begun, in this order, within a moment."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.began) >= len(paths), SOON)
        time.sleep(0.02)  # for one that should not have begun
        return self.began == list(paths)


def test_the_next_begins_when_the_one_before_has_ended() -> None:
    service = Service()
    with service.asked("/1", "/2", "/3"):
        assert service.has_begun("/1")
        service.end("/1")
        assert service.has_begun("/1", "/2")
        service.end("/2")
        assert service.has_begun("/1", "/2", "/3")


def test_what_many_ask_for_often_goes_before_the_others() -> None:
    service = Service()
    with service.asked("/1", "/2", f"/a{POLL}", "/3", f"/b{POLL}"):
        assert service.has_begun("/1")
        service.end("/1")
        assert service.has_begun("/1", f"/a{POLL}")
        service.end(f"/a{POLL}")
        assert service.has_begun("/1", f"/a{POLL}", f"/b{POLL}")
    assert service.began == ["/1", f"/a{POLL}", f"/b{POLL}", "/2", "/3"]


def test_however_many_go_first_the_others_have_their_turn() -> None:
    service, polls = Service(), [f"/{number}{POLL}" for number in range(LET_BY + 3)]
    with service.asked("/1", "/2", *polls):
        assert service.has_begun("/1")
    assert service.began == ["/1", *polls[:LET_BY], "/2", *polls[LET_BY:]]


def test_nobody_waits_for_a_long_one() -> None:
    service = Service(longest=0.05)
    with service.asked("/long", "/longer", "/short"):
        assert service.has_begun("/long", "/longer", "/short")
        service.end("/long")  # whose turn is over: it ends nobody else's
        service.end("/short")
    with service.asked("/next"):
        assert service.has_begun("/long", "/longer", "/short", "/next")


def test_a_page_that_breaks_lets_the_next_begin() -> None:
    def broken(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        raise LookupError

    turns, began = Turns(broken, longest=SOON), time.monotonic()
    for _ in range(2):
        with pytest.raises(LookupError):
            turns({"PATH_INFO": PAGE}, lambda *_: None)
    assert time.monotonic() - began < SOON


def test_a_hundred_short_ones_are_all_answered_and_never_two_at_once() -> None:
    working, most, answered = [0], [0], []

    def short(environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        working[0] += 1
        most[0] = max(most[0], working[0])
        time.sleep(0.001)
        working[0] -= 1
        answered.append(environ["PATH_INFO"])
        return []

    turns = Turns(short, go_first=POLL, longest=SOON)

    def ask(path: str) -> None:
        for _ in range(10):
            turns({"PATH_INFO": path}, lambda *_: None)

    asking = [threading.Thread(target=ask, args=(path,)) for path in [POLL, PAGE] * 5]
    for one in asking:
        one.start()
    for one in asking:
        one.join(SOON)
    assert (len(answered), most[0]) == (100, 1)
