"""What a board reads: published rounds, their headline findings, the newest one's chart. Never a case."""

from datetime import timedelta

import pytest
from flask import Flask

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.findings.rules import FindingKind
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency
from tests.factories.case_actions import NOW, be, done, raised
from tests.factories.findings import a_counted_round, a_finding, an_agreed_case
from tests.factories.panels import a_sitting
from tests.factories.rounds import SMALL
from tests.fixtures import Clock, CountQueries
from tests.pages import PageClient


@pytest.fixture
def partnership(app: Flask) -> Partnership:
    return a_partnership()


@pytest.fixture
def agencies(partnership: Partnership) -> list[Agency]:
    return [an_agency(partnership), an_agency(partnership)]


@pytest.fixture
def beatrice(partnership: Partnership) -> Person:
    """A board member."""
    return a_member(partnership, Role.BOARD_MEMBER)


def a_published_round(partnership: Partnership, agencies: list[Agency], *, days_ago: int, **more: object) -> Round:
    made = a_counted_round(partnership, agencies, SMALL, state=RoundState.PUBLISHED, **more)
    with transaction():
        made.published_at = clock.now() - timedelta(days=days_ago)
    return made


def test_a_board_member_reads_what_published_rounds_found_newest_first(
    partnership: Partnership, agencies: list[Agency], beatrice: Person, client: PageClient
) -> None:
    older = a_published_round(partnership, agencies, days_ago=90, title="Homes", theme="Homes of small children")
    newer = a_published_round(partnership, agencies, days_ago=2, title="Men")
    an_agreed_case(newer, agreed={("A04", None): "inadequate"})
    a_finding(newer, "A04", title="Men were left out")
    a_finding(newer, "A04", title="Homes were seen", kind=FindingKind.STRENGTH)
    page = client.as_(beatrice).get(f"/p/{partnership.slug}/board")
    assert page.h1 == "Published findings"
    assert page.main.index(newer.reference) < page.main.index(older.reference)
    assert "from 1 case" in page.main
    assert "Strengths Homes were seen Areas for development Men were left out" in page.main
    assert "Homes of small children" in page.main
    assert "Harm was weighed: below Good in 1 of 1 case" in page.main
    assert page.tables[0][2] == ["A04 Harm was weighed", "Cases", "0", "0", "0", "1", "1", "0", "0"]
    assert "Small numbers: not for publication" in page.main
    assert f"{newer.reference}-01" not in page.text
    assert client.as_(beatrice).get(page.links[f"{newer.reference} Men"]).h1 == "Findings"


def test_rounds_that_are_not_published_are_not_there(
    partnership: Partnership, agencies: list[Agency], beatrice: Person, client: PageClient
) -> None:
    for state in (RoundState.REPORTING, RoundState.PANEL, RoundState.WITHDRAWN):
        a_finding(a_counted_round(partnership, agencies, state=state), title="Hidden")
    elsewhere = a_partnership()
    a_published_round(elsewhere, [an_agency(elsewhere), an_agency(elsewhere)], days_ago=1, title="Theirs")
    page = client.as_(beatrice).get(f"/p/{partnership.slug}/board")
    assert "No round has been published yet" in page.main
    assert "Hidden" not in page.text
    assert "Theirs" not in page.text


def test_a_board_reads_how_many_actions_about_children_there_are_and_nothing_of_them(
    app: Flask, client: PageClient, clock: Clock
) -> None:
    clock.set(NOW)
    sitting = a_sitting()
    raised(sitting, words="Call the core group.")
    done(sitting, raised(sitting))
    be(sitting, RoundState.PUBLISHED)
    clock.set(NOW + timedelta(days=30))
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    board = client.as_(a_member(partnership, Role.BOARD_MEMBER))
    for address in ("/board", "/actions", f"/actions?round={sitting.asked.reference}"):
        page = board.get(f"/p/{sitting.asked.slug}{address}")
        assert "1 open (1 late), 1 done" in page.main
        assert "core group" not in page.text
        assert sitting.asked.cases[0] not in page.text
    board.get(f"/p/{sitting.asked.slug}/case-actions", status=403)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCRUTINEER, Role.AGENCY_LEAD])
def test_those_who_read_counts_read_the_boards_page(
    partnership: Partnership, agencies: list[Agency], client: PageClient, role: Role
) -> None:
    page = client.as_(a_member(partnership, role, agency=agencies[0])).get(f"/p/{partnership.slug}/board")
    assert "No round has been published yet" in page.main


def test_many_rounds_come_a_page_at_a_time_with_the_same_queries(
    partnership: Partnership,
    agencies: list[Agency],
    beatrice: Person,
    client: PageClient,
    count_queries: CountQueries,
) -> None:
    board, at = client.as_(beatrice), f"/p/{partnership.slug}/board"
    a_finding(a_published_round(partnership, agencies, days_ago=1))
    with count_queries() as one:
        board.get(at)
    for day in range(2, 14):
        a_finding(a_published_round(partnership, agencies, days_ago=day, title=f"Round of day {day}"))
    with count_queries() as many:
        first = board.get(at)
    assert many.count == one.count
    assert "Round of day 10" in first.main
    assert "Round of day 11" not in first.main
    second = board.get(at, page=2)
    assert "Round of day 11" in second.main
    assert "Round of day 13" in second.main
    assert not second.tables
