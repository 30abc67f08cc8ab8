"""Browsers without a screen, and many of them at once."""

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from statistics import median
from urllib.parse import urlencode

from benchmarks.service import QUERIES
from benchmarks.world import PASSWORD, SLUG

PATIENCE = 3600
"""Seconds. A busy server may be slow, and how slow is what is measured."""
IDLE = 30
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes
    statements: int


class Browser:
    """One person's session over one connection that stays open.

    What a post puts into the session is left aside once signed in: it is the notice for the next page, which takes it
    out again, and here one save follows another.
    """

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._cookies: dict[str, str] = {}
        self._last = time.monotonic()
        self.token = ""

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Post a form, with the token of the session."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def post_by_script(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Post as a page's script does: the token goes in a header."""
        return self._ask("POST", path, urlencode(fields), {"X-CSRFToken": self.token})

    def _ask(self, method: str, path: str, body: str | None, more: Mapping[str, str] | None = None) -> Answer:
        headers = {"Cookie": self.cookie, **(more or {})}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self._last > IDLE:
            self._connection.close()  # the server may have; the next line opens another
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        if method == "GET" or not self.token:
            self._keep_cookies(response)
        self._last = time.monotonic()
        return Answer(response.status, content, int(response.headers.get(QUERIES, 0)))

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or ():
            name, value = line.split(";", 1)[0].split("=", 1)
            self._cookies[name] = value

    @property
    def cookie(self) -> str:
        """The session, as the header of a question says it."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def another(self) -> "Browser":
        """The same person's session over a connection of its own."""
        browser = Browser(self._connection.port)
        browser._cookies, browser.token = dict(self._cookies), self.token
        return browser

    def sign_in(self, email: str) -> None:
        """Sign in as a person does, through the form."""
        token = found(TOKEN, self.get("/sign-in").body)
        answer = self.post("/sign-in", {"csrf_token": token, "email": email, "password": PASSWORD})
        if answer.status != 302:
            raise RuntimeError(f"{email} could not sign in: {answer.status}")
        self.token = found(TOKEN, self.get(f"/p/{SLUG}/").body)


def found(pattern: re.Pattern[str], body: bytes) -> str:
    """What a pattern finds first on a page."""
    match = pattern.search(body.decode())
    if match is None:
        raise RuntimeError(f"{pattern.pattern} is not on the page:\n{body[:2000].decode()}")
    return unescape(match.group(1))


@dataclass(frozen=True)
class Sample:
    """One run: how many clients asked, how long each answer took in seconds, and how long all of it took."""

    clients: int
    seconds: Sequence[float]
    whole: float
    statements: int

    @property
    def a_second(self) -> float:
        return len(self.seconds) / self.whole

    def quantile(self, part: float) -> float:
        """The time in milliseconds within which this part of the answers came."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


Ask = Callable[[], Answer]


def run(asks: Sequence[Ask], each: int) -> Sample:
    """Let every client ask `each` times, one after another, all clients at once. Any failure ends the run."""
    times: list[float] = []
    statements: list[int] = []
    failures: list[Exception] = []
    start = threading.Barrier(len(asks) + 1)

    def work(ask: Ask) -> None:
        start.wait()
        try:
            for _ in range(each):
                began = time.perf_counter()
                answer = ask()
                times.append(time.perf_counter() - began)
                statements.append(answer.statements)
        except Exception as failure:  # noqa: BLE001 - raised below, in the thread that can
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - began
    if failures:
        raise failures[0]
    return Sample(len(asks), times, whole, int(median(statements)))
