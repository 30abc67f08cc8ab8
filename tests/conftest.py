"""Fixtures for every test: an application over an emptied database, a page client, a clock that stands still.

`TEST_DATABASE=postgresql` runs the same tests on a PostgreSQL server that is started here and stopped at the end.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings

from audit_app.core import clock as core_clock
from audit_app.core.db import db
from audit_app.core.schema import bring_up_to_date
from audit_app.factory import create_app
from audit_app.panels.queries.whole_room import forget_rooms
from config import PROJECT, Settings, fresh_secrets
from tests.databases import EMPTY, Database, PostgresDatabase, SqliteDatabase
from tests.fixtures import Clock, CountQueries, NewDatabase, Prepared, Together, at_once, counting
from tests.pages import PageClient
from tests.postgres_server import NoPostgres, postgres_server
from tests.query_plans import QueryPlans, planning

IS_POSTGRESQL = os.environ.get("TEST_DATABASE", "sqlite") == "postgresql"
SERVER = "TEST_POSTGRESQL_SERVER"
MIGRATIONS = PROJECT / "migrations"

# A busy machine is no fault of the code, and what a change breaks must not hang on the examples of the day.
hypothesis_settings.register_profile("the same everywhere", deadline=None, derandomize=True)
hypothesis_settings.load_profile("the same everywhere")


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL server for the whole run, before the workers."""
    is_worker = hasattr(config, "workerinput")
    if IS_POSTGRESQL and not is_worker:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        try:
            os.environ[SERVER] = stack.enter_context(postgres_server())
        except NoPostgres as reason:
            raise pytest.UsageError(str(reason)) from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each journey runs the whole service: those of one file stay in one worker.

    What asks no database runs once, on SQLite's run, and so does what is marked to, and what pages say: services and
    queries are tested on both, and every page is opened on both (whole_app/test_access.py). What is about PostgreSQL
    alone runs there alone.
    """
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group(item.path.name))
    runs = [item for item in items if (_asks_postgresql(item) if IS_POSTGRESQL else _asks_sqlite(item))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(runs)])
    items[:] = runs


def _asks_sqlite(item: pytest.Item) -> bool:
    return item.get_closest_marker("on_postgresql") is None


def _asks_postgresql(item: pytest.Item) -> bool:
    return "new_database" in getattr(item, "fixturenames", ()) and not _is_once(item)


def _is_once(item: pytest.Item) -> bool:
    return item.get_closest_marker("once") is not None or item.path.name.startswith("test_views")


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> NewDatabase:
    """`new_database("name")` makes a database without tables, on whichever server this run is about."""

    def made(name: str) -> Database:
        if IS_POSTGRESQL:
            return PostgresDatabase(os.environ[SERVER], f"{name}_{worker_id}")
        return SqliteDatabase(tmp_path_factory.mktemp(name))

    return made


@pytest.fixture(scope="session")
def database(new_database: NewDatabase) -> Database:
    """This worker's own database, still without tables."""
    return new_database("tests")


@pytest.fixture(scope="session")
def settings(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an installation under test: secrets of its own, no mail server, nothing from the environment."""
    empty = Settings(instance=tmp_path_factory.mktemp("instance"), database_url=database.url, is_testing=True)
    return replace(empty, **fresh_secrets())  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def application(settings: Settings, database: Database) -> Flask:
    """The application, its tables made by the migrations. Tests use `app`, which is emptied for each."""
    made = create_app(settings)
    made.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
    with made.app_context():
        bring_up_to_date(MIGRATIONS)
        database.keep(EMPTY, db.engine)
    return made


@pytest.fixture
def app(application: Flask, database: Database) -> Iterator[Flask]:
    """The application with an empty database, inside an application context."""
    with application.app_context():
        database.restore(EMPTY, db.engine)
        forget_rooms()
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def prepared_states(database: Database) -> Prepared:
    return Prepared(database)


@pytest.fixture
def prepared(app: Flask, prepared_states: Prepared) -> Prepared:
    """`prepared("a round in returns", build)`: see Prepared. Ask for it before anything else writes."""
    return prepared_states


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser in which nobody is signed in; `client.as_(person)` gives one in which somebody is."""
    return PageClient(app)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands at ten o'clock on Wednesday 4 March 2026 until a test moves it."""
    standing = Clock(datetime(2026, 3, 4, 10, 0, tzinfo=UTC))
    monkeypatch.setattr(core_clock, "datetime", standing.as_datetime())
    return standing


@pytest.fixture
def count_queries() -> CountQueries:
    """`with count_queries() as queries: ...` and then `queries.count`, `queries.statements`."""
    return counting


@pytest.fixture
def query_plans() -> QueryPlans:
    """`with query_plans() as plans: ...` and then `plans.wide()`: statements that would read a growing table whole."""
    return planning


@pytest.fixture
def together(app: Flask) -> Together:
    """`together(first, second)` does both at the same time and gives what each returned or raised."""
    return at_once(app)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[BytesIO, str], Path]:
    """LibreOffice itself: opens the workbook and saves it in another format; gives the folder with what it saved."""
    profile = tmp_path_factory.mktemp("office-profile")

    def convert(file: BytesIO, to: str) -> Path:
        folder = tmp_path_factory.mktemp("office")
        source = folder / "book.xlsx"
        source.write_bytes(file.getvalue())
        saved = folder / "saved"
        command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", to]
        run = subprocess.run(
            [*command, "--outdir", str(saved), str(source)], capture_output=True, text=True, timeout=120, check=True
        )
        assert saved.exists(), run.stderr
        return saved

    return convert
