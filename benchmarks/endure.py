"""`make endure`: auditors type while the server is killed and started again; every acknowledged word must be found.

Each auditor has a return of their own and saves as its page does: one answer by itself, and now and then the whole
page. After each kill they look at what is kept: what was acknowledged last, or what was on its way when the server
died, whole or not at all, and nothing else. What was on its way is sent again as it was, and must never clash with
itself.
"""

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPException
from pathlib import Path
from random import Random
from secrets import randbelow
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from audit_app import create_app
from audit_app.core.db import db
from audit_app.returns import rules
from audit_app.returns.rules import Answer, AnswerKind, Tag
from benchmarks.client import Browser
from benchmarks.loader import load
from benchmarks.saving import LEVEL
from benchmarks.server import environment_of, free_port
from benchmarks.world import SLUG, Size, auditor
from config import PROJECT, Settings
from tests.databases import PostgresDatabase
from tests.postgres_server import postgres_server

SIZE = Size(rounds=1, cases=2, open_rounds=1, auditors=1)
SEEN = re.compile(r'name="seen-(\d+)" value="([^"]+)"')
EVIDENCE = re.compile(r'<textarea[^>]* name="evidence-(\d+)"[^>]*>([^<]*)</textarea>')
READY_WITHIN = 120
AT_MOST = 0.6
"""Seconds that a server lives at most, once everybody types."""


@dataclass
class Tally:
    """What became of everything that was typed."""

    kills: int = 0
    sent: int = 0
    acknowledged: int = 0
    cut_off: int = 0  # on the way when the server died
    cut_off_kept: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count in what another one counted."""
        for name in ("kills", "sent", "acknowledged", "cut_off", "cut_off_kept"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.problems += other.problems

    def line(self, database: str) -> str:
        """A row of the table."""
        counts = (self.kills, self.sent, self.acknowledged, self.cut_off, self.cut_off_kept, len(self.problems))
        return f"| {database} | " + " | ".join(f"{count:,}" for count in counts) + " |"


HEAD = (
    "| database | kills | saves sent | acknowledged | cut off by a kill | of these kept | lost or half written |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
)


class Kept(NamedTuple):
    """An answer as the server has it: its text, and the digest of all its parts."""

    evidence: str
    digest: str

    @classmethod
    def of(cls, answer: Answer) -> "Kept":
        """How an answer is kept once it has arrived."""
        return cls(answer.evidence, rules.seen(answer, 0).split(".")[1])


class Typist:
    """An auditor at the first domain of their own return, with what the server acknowledged of each answer."""

    def __init__(self, browser: Browser, case: str, agency_id: int, chance: Random) -> None:
        self.tally = Tally()
        self._browser, self._chance = browser, chance
        self._return = f"/p/{SLUG}/cases/{case}/return/{agency_id}"
        page = self._page()
        self._seen: dict[int, str] = dict(_found(SEEN, page))
        texts = dict(_found(EVIDENCE, page))
        self._kept = {one: Kept(texts[one], seen.split(".")[1]) for one, seen in self._seen.items()}
        self._levels = sorted({int(level) for level in LEVEL.findall(page)})
        self._on_the_way: dict[int, Answer] = {}
        self._turn = 0

    def type(self) -> None:
        """Change an answer, now and then all of them, and save.

        Raises:
            OSError, HTTPException: the server is gone.
        """
        asked = list(self._kept) if self._chance.random() < 0.15 else [self._chance.choice(list(self._kept))]
        self._turn += 1
        self._on_the_way = {indicator: self._changed(self._kept[indicator]) for indicator in asked}
        self._send()

    def look(self) -> None:
        """Look at what is kept after the server died, then send again what was on its way.

        Raises:
            OSError, HTTPException: the server is gone again.
        """
        self._browser = self._browser.another()  # the old connection ended in the middle of something
        page = self._page()
        texts = dict(_found(EVIDENCE, page))
        arrived = set()
        for indicator, seen in _found(SEEN, page):
            there, sent = Kept(texts[indicator], seen.split(".")[1]), self._on_the_way.get(indicator)
            if sent and there == Kept.of(sent):
                arrived.add(indicator)
            elif there != self._kept[indicator]:
                self._complain(f"{indicator}: {there} is kept, and neither {self._kept[indicator]} nor {sent}")
        if arrived and arrived != self._on_the_way.keys():
            self._complain(f"half of a page is kept: {sorted(arrived)} of {sorted(self._on_the_way)}")
        if self._on_the_way:
            self.tally.cut_off += 1
            self.tally.cut_off_kept += bool(arrived)
            self._send()

    def _send(self) -> None:
        indicators = list(self._on_the_way)
        fields = {name: value for one in indicators for name, value in self._fields(one).items()}
        self.tally.sent += 1
        if len(indicators) == 1:
            answer = self._browser.post_by_script(f"{self._return}/rating/{indicators[0]}", fields)
            is_kept = answer.status == 200
        else:
            answer = self._browser.post(f"{self._return}/domain/1", fields)
            is_kept = answer.status == 302
        if not is_kept:
            self._complain(f"{answer.status}: {answer.body[:300].decode(errors='replace')}")
            return
        self.tally.acknowledged += 1
        for indicator in indicators:
            version = int(self._seen[indicator].split(".")[0]) + 1
            self._seen[indicator] = rules.seen(self._on_the_way[indicator], version)
            self._kept[indicator] = Kept.of(self._on_the_way[indicator])
        self._on_the_way = {}

    def _fields(self, indicator: int) -> Mapping[str, str]:
        answer = self._on_the_way[indicator]
        return {
            f"seen-{indicator}": self._seen[indicator],
            f"answer-{indicator}": str(answer.level_id),
            f"evidence-{indicator}": answer.evidence,
            f"where-{indicator}": answer.where_on_file,
            f"tag-{indicator}": str(answer.tag),
        }

    def _changed(self, kept: Kept) -> Answer:
        """The answer with one more word, another level and another tag."""
        said = kept.evidence if len(kept.evidence) < 2_000 else ""
        return Answer(
            AnswerKind.LEVEL,
            self._chance.choice(self._levels),
            evidence=f"{said} word-{self._turn}".strip(),
            where_on_file=f"Case notes, page {self._turn}",
            tag=self._chance.choice(list(Tag)),
        )

    def _page(self) -> str:
        answer = self._browser.get(f"{self._return}/domain/1")
        if answer.status != 200:
            raise RuntimeError(f"{self._return}: {answer.status}")
        return answer.body.decode()

    def _complain(self, what: str) -> None:
        self.tally.problems.append(f"{self._return}: {what}")


def _found(pattern: re.Pattern[str], page: str) -> Sequence[tuple[int, str]]:
    return [(int(indicator), unescape(text).lstrip("\n")) for indicator, text in pattern.findall(page)]


class Server:
    """`flask serve` on an instance of its own. Killing it kills what it started with it, and nothing else."""

    def __init__(self, settings: Settings) -> None:
        self.port = free_port()
        self._environment = environment_of(settings) | {"PORT": str(self.port)}
        self._log = settings.instance / "endure.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
                cwd=PROJECT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + READY_WITHIN
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(URLError, OSError):
                urlopen(f"http://127.0.0.1:{self.port}/static/app.css", timeout=5).close()
                return
            time.sleep(0.02)
        raise SystemExit(f"The server did not start:\n{self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """End it as a power cut would: no handler runs, nothing is tidied up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Afternoon:
    """Typists at work, each in a thread of their own, who stop when the server dies and look once it is back."""

    def __init__(self, server: Server, typists: Sequence[Typist]) -> None:
        self._server, self._typists = server, typists
        self._failures: list[Exception] = []

    def run(self, kills: int, chance: Random, say: Callable[[int], None]) -> Tally:
        """Let everybody type, kill the server, start it and let everybody look, so many times."""
        tally = Tally(kills=kills)
        for done in range(1, kills + 1):
            with self._typing():
                time.sleep(chance.uniform(0.02, AT_MOST))
                self._server.kill()
            self._server.start()
            for typist in self._typists:
                typist.look()
            say(done)
        for typist in self._typists:
            typist.look()
            tally.add(typist.tally)
        return tally

    @contextmanager
    def _typing(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._type, args=(typist,)) for typist in self._typists]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for thread in threads:
                thread.join()
        if self._failures:
            raise self._failures[0]

    def _type(self, typist: Typist) -> None:
        with suppress(OSError, HTTPException):  # what a killed server leaves of a request
            try:
                while True:
                    typist.type()
            except (OSError, HTTPException):
                raise
            except Exception as failure:  # noqa: BLE001 - raised again where somebody listens
                self._failures.append(failure)


def endure(
    settings: Settings, size: Size, *, kills: int, seed: int, say: Callable[[int], None] = lambda _: None
) -> Tally:
    """Type and kill on a database that is loaded; give what became of it all."""
    server, chance = Server(settings), Random(seed)  # noqa: S311
    try:
        server.start()
        typists = [
            Typist(browser, case, agency_id, Random(chance.random()))  # noqa: S311
            for agency_id in (1, 2)
            for browser in [_signed_in(server.port, agency_id)]
            for _, case in size.open_cases()[:2]
        ]
        return Afternoon(server, typists).run(kills, chance, say)
    finally:
        server.kill()


def _signed_in(port: int, agency_id: int) -> Browser:
    browser = Browser(port)
    browser.sign_in(auditor(agency_id, 1))
    return browser


def _loaded(folder: Path, url: str) -> Settings:
    settings = Settings.from_environment({"INSTANCE": str(folder), "DATABASE_URL": url})
    with create_app(settings).app_context():
        load(SIZE)
        db.session.remove()
        db.engine.dispose()
    return settings


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave tidily: the server stopped, the folder removed
    parser = argparse.ArgumentParser(prog="make endure", description="Type while the server is killed.")
    parser.add_argument("--kills", type=int, default=200, help="how often on each database (200)")
    parser.add_argument("--seed", type=int, default=randbelow(10**6), help="repeats the moments of another run")
    parser.add_argument("--only", choices=("SQLite", "PostgreSQL"), help="only this database")
    asked = parser.parse_args()
    rows = []
    for database in [asked.only] if asked.only else ["SQLite", "PostgreSQL"]:
        with ExitStack() as stack:
            folder = Path(tempfile.mkdtemp(prefix="neglect-audit-endure-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            url = ""
            if database == "PostgreSQL":
                url = PostgresDatabase(stack.enter_context(postgres_server()), "endure").url

            def say(done: int, database: str = database) -> None:
                if done % 20 == 0:
                    print(f"{database}: killed {done} times", file=sys.stderr, flush=True)

            settings = _loaded(folder, url)
            rows.append((database, endure(settings, SIZE, kills=asked.kills, seed=asked.seed, say=say)))
    print(f"Seed {asked.seed}\n\n{HEAD}", *(tally.line(database) for database, tally in rows), sep="\n")
    problems = [problem for _, tally in rows for problem in tally.problems]
    if problems:
        raise SystemExit("\n".join(problems[:20]))


if __name__ == "__main__":
    main()
