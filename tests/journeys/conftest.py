"""The service as it is started by `make run`, and people who walk through it in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from config import Settings
from tests.fixtures import NewDatabase
from tests.journeys.walking import Service, StartService, Walk, Walker, launch, serve, stop, wait_until_it_answers


@pytest.fixture(scope="session")
def start_service(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[StartService]:
    """`start_service(**environment)` starts one as `make run` does, on a free port, and waits until it answers.

    `prepare(settings)` fills its database first; then there is no demonstration in it.
    """
    started: list[Service] = []

    def start(*, prepare: Callable[[Settings], None] | None = None, **environment: str) -> Service:
        url, folder = new_database(f"service_{len(started)}").url, tmp_path_factory.mktemp("service")
        database = {} if url.startswith("sqlite") else {"DATABASE_URL": url}
        if prepare is not None:
            prepare(Settings.from_environment({"INSTANCE": str(folder / "instance"), **database}))
        started.append(serve(folder, **database, **environment))
        wait_until_it_answers(started[-1])
        return started[-1]

    yield start
    stop(started)


@pytest.fixture(scope="session")
def service(start_service: StartService) -> Service:
    """One service with the demonstration in it, for every journey of this run."""
    return start_service()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Without it these tests fail: they are never passed over."""
    with sync_playwright() as playwright:
        launched = launch(playwright)
        yield launched
        launched.close()


@pytest.fixture
def walk(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """`walk()` opens a browser of its own: `walk(width=375)` a narrow one, `walk(scripts=False)` one without.

    `walk(looks=False)` is for pages that somebody else has looked at, `walk(where=other)` for another service: the one
    with the demonstration is started only for those who go there.
    """
    walkers: list[Walker] = []

    def start(*, where: Service | None = None, width: int = 1280, scripts: bool = True, looks: bool = True) -> Walker:
        service = where or request.getfixturevalue("service")
        walkers.append(Walker(browser, service, width=width, scripts=scripts, looks=looks))
        return walkers[-1]

    yield start
    for walker in walkers:
        walker.context.close()
