"""Lets the requests of one process work one after the other, as long as each is short."""

from collections import deque
from collections.abc import Callable, Iterable
from threading import Condition
from time import monotonic
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LONGEST = 0.05
"""Seconds that others wait for one request, however long it takes."""


class Turns:
    """WSGI middleware: one request works at a time, first come, first served; before the others, those that `go_first`.

    Python runs one thread at a time. A thread that reads from SQLite lets go of that right with every row, and where
    another thread computes it gets it back five milliseconds later: beside each other, ten requests that take five
    milliseconds each take half a second, all of them. One after the other the last takes fifty.

    Who has worked for longer than `longest` (a password is checked, a file is written, another process holds a lock) is
    let be, and the next begins beside them: nobody waits for a long one.
    """

    def __init__(self, wsgi: Wsgi, *, go_first: str = "", longest: float = LONGEST) -> None:
        """`go_first` is the end of the addresses that many ask for often, and that take next to no time."""
        self._wsgi, self._go_first, self._longest = wsgi, go_first, longest
        self._changed = Condition()
        self._first: deque[object] = deque()
        self._others: deque[object] = deque()
        self._working: object = None
        self._until = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        turn = object()
        is_first = bool(self._go_first) and environ["PATH_INFO"].endswith(self._go_first)
        self._wait(turn, self._first if is_first else self._others)
        try:
            return self._wsgi(environ, start_response)
        finally:
            self._end(turn)

    def _wait(self, turn: object, line: deque[object]) -> None:
        with self._changed:
            line.append(turn)
            while self._next is not turn or self._wait_for > 0:
                self._changed.wait(self._wait_for if self._next is turn else None)
            line.popleft()
            self._working, self._until = turn, monotonic() + self._longest
            self._changed.notify_all()

    @property
    def _next(self) -> object:
        return (self._first or self._others)[0]

    @property
    def _wait_for(self) -> float:
        """Seconds for which whoever is next waits at most."""
        return self._until - monotonic() if self._working else 0.0

    def _end(self, turn: object) -> None:
        with self._changed:
            if self._working is turn:
                self._working = None
                self._changed.notify_all()
