"""The bench at its smallest: it loads what it says, its clients really save, and its deeds are deeds."""

import io

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select

from audit_app.accounts.models import Person
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from benchmarks.client import Sample, run
from benchmarks.figures import Figures, verdicts
from benchmarks.growth import DEEDS, Cast, milliseconds
from benchmarks.loader import load
from benchmarks.measures import CONTROL, DOMAIN, SAVE, Visitors
from benchmarks.server import serving
from benchmarks.whole_workbook import write_alone
from benchmarks.world import GRID_COORDINATOR, GRID_ROUND, GRID_SLUG, PARTNERSHIP_ID, Size
from config import Settings
from tests.fixtures import CountQueries, Prepared
from tests.pages import PageClient

SMALL = Size(rounds=4, cases=5, open_rounds=1, auditors=1)


@pytest.fixture
def loaded(app: Flask, prepared: Prepared) -> Flask:
    prepared("a small bench", lambda: load(SMALL, has_grid=True))
    return app


def test_the_loader_loads_as_many_ratings_as_it_says(loaded: Flask) -> None:
    assert Size().ratings == 132_000
    ratings = select(func.count()).select_from(Rating).where(Rating.partnership_id == PARTNERSHIP_ID)
    assert db.session.scalar(ratings) == SMALL.ratings
    states = db.session.scalars(select(Round.state).where(Round.partnership_id == PARTNERSHIP_ID).order_by(Round.id))
    assert list(states) == [RoundState.PUBLISHED, RoundState.REPORTING, RoundState.PANEL, RoundState.RETURNS]


def test_every_deed_of_the_growth_can_be_done_again_and_again(loaded: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.growth.DEEDS_A_RUN", 3)
    cast = Cast(loaded, SMALL)
    for name, prepare in DEEDS.items():
        assert milliseconds(cast, prepare) > 0, name


def test_what_the_clients_save_is_really_saved(loaded: Flask, settings: Settings) -> None:
    with serving("waitress", settings) as server:
        visitors = Visitors(server.port, SMALL)
        savers = visitors.savers
        saved = run([saver.save for saver in savers], each=3)
        one = run([saver.save_one for saver in savers], each=2)
        run([saver.save_by_control for saver in savers], each=1)
        run([saver.save_one_by_control for saver in savers], each=1)
        run([saver.open for saver in savers], each=1)
        assert server.peak_mib() > 10
        for saver in savers:
            saver.check()
    assert (len(saved.seconds), saved.clients) == (12, 4)
    assert 5 <= saved.statements <= 20
    assert 5 <= one.statements <= 9


def test_the_grid_is_as_large_as_it_says_and_costs_as_few_queries_as_a_small_one(
    loaded: Flask, client: PageClient, count_queries: CountQueries
) -> None:
    of_grid = select(Round.id).where(Round.reference == GRID_ROUND)
    for table, count in ((AgencyReturn, 15 * 8), (Rating, 15 * 8 * 69)):
        found = select(func.count(table.id)).where(table.round_id.in_(of_grid))
        assert db.session.scalar(found) == count
    coordinator = client.as_(db.session.scalars(select(Person).where(Person.email == GRID_COORDINATOR)).one())
    with count_queries() as queried:
        page = coordinator.get(f"/p/{GRID_SLUG}/rounds/{GRID_ROUND}/returns")
    assert (len(page.tables[0]) - 1, len(page.tables[0][0]) - 1) == (15, 8)
    assert page.main.count("46 of 69") == 15 * 8
    assert queried.count <= 8


def test_a_missed_target_is_called_missed() -> None:
    quick = Figures.of([Sample(1, [0.001, 0.002, 0.003], 0.006, 7)] * 3, [50.0])
    slow = Figures.of([Sample(1, [0.3], 0.3, 7)], [50.0])
    assert (quick.p50, quick.p95, round(quick.a_second)) == (2, 3, 500)
    said = verdicts({(DOMAIN, 1): quick, (SAVE, 1): slow, (SAVE, 32): slow, (CONTROL, 32): quick})
    assert [line.split(":")[0] for line in said] == ["- MISSED", "- met", "- met", "- MISSED"]


def test_cells_are_written_once_more_by_openpyxl_alone() -> None:
    book = Workbook()
    book.worksheets[0].append(["Case", "Level"])
    book.worksheets[0].append(["N26-01", "Good"])
    content = io.BytesIO()
    book.save(content)
    cells, seconds = write_alone(content.getvalue())
    assert cells == 4
    assert seconds > 0
