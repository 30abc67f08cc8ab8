"""A connection that costs next to nothing: hundreds of them in one process leave the machine to the server."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.service import QUERIES


@dataclass(frozen=True)
class Arrived:
    """An answer, when it was asked for and when all of it was there (in seconds of the process's own clock)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    asked: float
    there: float

    @property
    def seconds(self) -> float:
        return self.there - self.asked

    @property
    def statements(self) -> int:
        return int(self.headers.get(QUERIES.lower(), 0))


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """One person's session. As in a browser, what is asked goes over a connection that is idle, or over a new one."""

    def __init__(self, port: int, cookie: str, token: str) -> None:
        self._port, self._cookie, self._token = port, cookie, token
        self._idle: list[Streams] = []

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Arrived:
        """Fetch a page."""
        return await self._ask("GET", path, headers or {}, b"")

    async def post(self, path: str, fields: Mapping[str, str]) -> Arrived:
        """Post a form, with the token of the session."""
        body = urlencode({"csrf_token": self._token, **fields}).encode()
        return await self._ask("POST", path, {"Content-Type": "application/x-www-form-urlencoded"}, body)

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Arrived:
        known = {"Host": "127.0.0.1", "Cookie": self._cookie, **headers}
        if body:
            known["Content-Length"] = str(len(body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in known.items())
        whole = f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
        asked = time.perf_counter()
        status, answered, content = await self._exchange(whole)
        return Arrived(status, answered, content, asked, time.perf_counter())

    async def _exchange(self, whole: bytes) -> tuple[int, Mapping[str, str], bytes]:
        while self._idle:
            try:
                return await self._over(self._idle.pop(), whole)
            except (ConnectionError, asyncio.IncompleteReadError):
                continue  # it was idle for longer than the server keeps it
        return await self._over(await asyncio.open_connection("127.0.0.1", self._port), whole)

    async def _over(self, streams: Streams, whole: bytes) -> tuple[int, Mapping[str, str], bytes]:
        reader, writer = streams
        writer.write(whole)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines) if name}
        status = int(first.split(" ", 2)[1])
        content = await reader.readexactly(int(headers.get("content-length", 0))) if status != 304 else b""
        if headers.get("connection", "").lower() == "close":
            writer.close()
        else:
            self._idle.append(streams)
        return status, headers, content
