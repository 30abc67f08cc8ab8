"""`make bench`: load a database, start each server, measure, and print it all as Markdown."""

import argparse
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask

from audit_app import create_app
from audit_app.core.db import db
from benchmarks.client import Sample, run
from benchmarks.figures import HEAD, Figures, Results, line, verdicts
from benchmarks.growth import print_growth
from benchmarks.loader import load
from benchmarks.measures import MEASURES, Measure, Visitors
from benchmarks.rooms import NAMES, measure_rooms
from benchmarks.server import SERVERS, Server, serving
from benchmarks.whole_workbook import print_whole_workbook
from benchmarks.world import ROOMS, Size
from config import Settings
from tests.databases import PostgresDatabase
from tests.postgres_server import postgres_server

TIMES_FOR_GROWTH = 10


@contextmanager
def database(size: Size, server: str, folder: Path, rooms: int = 0) -> Iterator[Flask]:
    """An application on a freshly loaded database, whose instance is `folder`. It goes with the folder."""
    folder.mkdir(parents=True)
    url = PostgresDatabase(server, f"bench_{size.rounds}").url if server else ""
    app = create_app(Settings.from_environment({"INSTANCE": str(folder), "DATABASE_URL": url}))
    with app.app_context():
        began = time.perf_counter()
        load(size, has_grid=True, rooms=rooms)
        seconds = time.perf_counter() - began
        name = db.engine.dialect.name
        db.session.remove()
        db.engine.dispose()
    os.sync()  # saves would wait for the disk, which still writes what was loaded
    print(f"\nLoaded {size.ratings:,} ratings on {name} in {seconds:.0f} s (at most 180 s for 132,000).", flush=True)
    yield app


def measure(kind: str, app: Flask, size: Size, measures: Sequence[Measure], runs: int, rooms: int) -> Results:
    """Measure everything on one server and print it; so many panel rooms last, if any."""
    settings: Settings = app.extensions["settings"]
    with serving(kind, settings) as server:
        print(f"\n### {server.words}\n\n{HEAD}", flush=True)
        visitors, results = Visitors(server.port, size), {}
        for what in measures:
            for clients, each in what.each.items():
                asks = what.asks(visitors, clients)
                samples, peaks = list[Sample](), list[float]()
                for _ in range(1 if what.is_long else runs):
                    server.forget_peak()
                    samples.append(run(asks, each))
                    peaks.append(server.peak_mib())
                results[what.name, clients] = Figures.of(samples, peaks)
                print(line(what.name, clients, results[what.name, clients]), flush=True)
        if rooms:
            results |= print_rooms(server, visitors, rooms)
        for saver in visitors.savers:
            saver.check()
    return results


def print_rooms(server: Server, visitors: Visitors, rooms: int) -> Results:
    """Measure panel rooms beside ordinary work, once, and print it. Errors are counted."""
    server.forget_peak()
    measured = measure_rooms(visitors, server, rooms=rooms)
    peaks = [server.peak_mib()]
    found = {(name, one.clients): Figures.of([one], peaks) for name, one in measured.samples.items()}
    for (name, clients), figures in found.items():
        print(line(name, clients, figures), flush=True)
    said = f"{measured.done} things done in {rooms} rooms; the server took {measured.server:.0%} of one core"
    said += f" and the clients {measured.clients:.0%}"
    print(f"\n{said}; errors: {len(measured.problems)} (none).", *measured.problems[:20], sep="\n", flush=True)
    return found


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the service under load.")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL started for this, not on SQLite")
    parser.add_argument("--server", choices=SERVERS, action="append", help="only this server")
    parser.add_argument("--only", metavar="WORDS", action="append", help="only measures with these words in their name")
    parser.add_argument("--long", action="store_true", help="the workbook of everything also at 8 and 32 clients")
    parser.add_argument("--runs", type=int, default=3, help="how often each is run; the median is printed (3)")
    parser.add_argument("--rounds", type=int, default=100, help="how many rounds are loaded (100)")
    parser.add_argument("--no-growth", action="store_true", help="leave out ten times the data")
    return parser.parse_args()


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave tidily: servers stopped, databases removed
    asked = arguments()
    size = Size(rounds=asked.rounds)
    wanted = [words.lower() for words in asked.only or [""]]
    measures = [what for what in MEASURES if any(words in what.name.lower() for words in wanted)]
    if not asked.long:
        measures = [replace(what, each={1: what.each[1]}) if what.is_long else what for what in measures]
    rooms = ROOMS if any(words in name.lower() for words in wanted for name in NAMES) else 0
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="neglect-audit-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(postgres_server()) if asked.postgresql else ""
        app = stack.enter_context(database(size, server, folder / "once", rooms))
        for kind in asked.server or SERVERS:
            results = measure(kind, app, size, measures, asked.runs, rooms)
            print("", *verdicts(results), sep="\n", flush=True)
        if not asked.only:
            settings: Settings = app.extensions["settings"]
            with serving("waitress", settings) as fresh:
                print_whole_workbook(fresh)
        if not asked.no_growth:
            larger = replace(size, rounds=size.rounds * TIMES_FOR_GROWTH)
            other = stack.enter_context(database(larger, server, folder / "larger"))
            print_growth((app, size), (other, larger))


if __name__ == "__main__":
    main()
