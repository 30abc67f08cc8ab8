"""What the fixtures of conftest.py give, so that tests can name the types."""

import contextvars
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from zlib import crc32

from flask import Flask
from sqlalchemy import Engine, event, inspect

from audit_app.core.db import Model, db
from tests.databases import Database

State = TypeVar("State")
NewDatabase = Callable[[str], Database]


class Prepared:
    """States that take long to build: each is built once in a worker, then put back whole whenever a test asks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._facts: dict[str, Any] = {}

    def __call__(self, name: str, build: Callable[[], State]) -> State:
        """Put the database into the state that `build` leaves, and give what `build` gave (ids and words, no rows).

        Two files that call different states alike do not get each other's: the file of `build` belongs to the name.
        """
        db.session.remove()
        name = f"{name} {crc32(build.__module__.encode()):08x}"
        if name in self._facts:
            self._database.restore(name, db.engine)
        else:
            self._facts[name] = build()
            db.session.remove()
            self._database.keep(name, db.engine)
        facts: State = self._facts[name]
        return facts

    def rows(self, name: str, build: Callable[[], State]) -> State:
        """The same where `build` gives a dataclass with rows in it: they are read again each time."""

        def keys() -> tuple[type[State], dict[str, Any]]:
            found = build()
            return type(found), {field.name: _key_or_value(getattr(found, field.name)) for field in fields(found)}  # type: ignore[arg-type]

        kind, values = self(name, keys)
        return kind(**{name: value.row() if isinstance(value, RowKey) else value for name, value in values.items()})


@dataclass(frozen=True)
class RowKey:
    """Which row of which table a prepared state speaks of."""

    model: type[Model]
    identity: tuple[Any, ...]

    def row(self) -> Model:
        return db.session.get_one(self.model, self.identity)


def _key_or_value(value: Any) -> Any:
    return RowKey(type(value), inspect(value).identity or ()) if isinstance(value, Model) else value


class Clock:
    """What the service takes for now. It moves only when a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def set(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def forward(self, **by: float) -> None:
        """Move on by `days=`, `hours=`, `minutes=` ..."""
        self.at += timedelta(**by)

    def as_datetime(self) -> type[datetime]:
        """A `datetime` whose `now` is this clock's."""
        clock = self

        class StandingStill(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return clock.at.astimezone(tz)

        return StandingStill


class Queries:
    """The statements that ran, without those that only begin and end transactions."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @property
    def count(self) -> int:
        return len(self.statements)

    def __repr__(self) -> str:
        return f"{self.count} queries:\n" + "\n".join(self.statements)


CountQueries = Callable[[], AbstractContextManager[Queries]]


@contextmanager
def counting() -> Iterator[Queries]:
    """Note every statement that runs inside, in any thread."""
    queries = Queries()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            queries.statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Together(Protocol):
    """Do several things at the same time, each as its own request would.

    Gives for each what it returned, or the exception that it raised.
    """

    def __call__(self, *deeds: Callable[[], Any]) -> list[Any]: ...


def at_once(app: Flask) -> Together:
    """A `Together` for this application."""

    def run(*deeds: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(deeds))
        results: list[Any] = [None] * len(deeds)

        def do(number: int, deed: Callable[[], Any]) -> None:
            with app.app_context():
                start.wait(timeout=10)
                try:
                    results[number] = deed()
                except Exception as error:  # noqa: BLE001 - the test looks at it
                    results[number] = error

        db.session.rollback()
        threads = [
            threading.Thread(target=contextvars.Context().run, args=(do, number, deed))
            for number, deed in enumerate(deeds)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in threads), "they wait for each other for ever"
        return results

    return run
