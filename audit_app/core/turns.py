"""Lets the requests of one process work one after the other, as long as each is short."""

from collections import deque
from collections.abc import Callable, Iterable
from threading import Event, Lock
from time import monotonic
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LONGEST = 0.02
"""Seconds that others wait for one request, however long it takes."""

LET_BY = 20
"""How many go before the others until it is one of these: nobody waits for ever."""


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
        self._lock = Lock()
        self._first: deque[Event] = deque()
        self._others: deque[Event] = deque()
        self._let_by = 0  # how often in a row somebody went before the others
        self._working: Event | None = None
        self._until = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        turn = Event()
        is_first = bool(self._go_first) and environ["PATH_INFO"].endswith(self._go_first)
        with self._lock:
            (self._first if is_first else self._others).append(turn)
            self._hand_on()
        while not turn.wait(self._longest):
            with self._lock:
                self._hand_on()
        try:
            return self._wsgi(environ, start_response)
        finally:
            with self._lock:
                if self._working is turn:
                    self._working = None
                self._hand_on()

    def _hand_on(self) -> None:
        """Let the next begin, unless somebody works whom they are to wait for."""
        is_first = bool(self._first) and (self._let_by < LET_BY or not self._others)
        line = self._first if is_first else self._others
        if line and (self._working is None or self._until <= monotonic()):
            self._let_by = self._let_by + 1 if is_first else 0
            self._working, self._until = line.popleft(), monotonic() + self._longest
            self._working.set()
