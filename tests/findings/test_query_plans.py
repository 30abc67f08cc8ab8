"""Counting a round, writing on it and publishing it cost no more because other rounds have been counted."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert, literal, select

from audit_app.accounts.models import Person
from audit_app.core.db import db
from audit_app.rounds.models import Round, RoundApplicability, RoundIndicator
from audit_app.rounds.rules import RoundState
from benchmarks.loader import load
from benchmarks.world import BOARD_MEMBER, COORDINATOR, SLUG, Size, reference
from tests.fixtures import Prepared
from tests.pages import PageClient
from tests.query_plans import QueryPlans

SIZE = Size(rounds=24, cases=4, open_rounds=2, auditors=1)
Browser = Callable[[str], PageClient]


def build() -> None:
    """Rounds as they are loaded, whose indicators are limited as those of delivered templates are."""
    load(SIZE)
    limited = select(RoundIndicator.partnership_id, RoundIndicator.id, literal("agency_kind"), literal("health"))
    columns = ["partnership_id", "indicator_id", "applies_by", "value"]
    with db.engine.begin() as connection:
        connection.execute(insert(RoundApplicability).from_select(columns, limited))


@pytest.fixture
def browser(app: Flask, client: PageClient, prepared: Prepared) -> Browser:
    """`browser(email)`: a browser in which this person of the loaded database is signed in."""
    prepared("many rounds, some of them published", build)
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")  # a database put back whole has the statistics of an empty one
    return lambda email: client.as_(db.session.scalars(select(Person).where(Person.email == email)).one())


RECORDED = ("attribute_answer:", "attribute_choice:")
"""What was recorded of the children is counted from the returns of the round on. With as few rows as here PostgreSQL
may as well begin at the other end."""


def findings_of(state: RoundState) -> str:
    """The address of the findings of a round in this state."""
    reference = db.session.scalars(select(Round.reference).where(Round.state == state).limit(1)).one()
    return f"/p/{SLUG}/rounds/{reference}/findings"


@pytest.mark.parametrize("state", [RoundState.REPORTING, RoundState.PUBLISHED])
@pytest.mark.parametrize(
    "page",
    ["", "/figures/levels.json", "/figures/agencies.csv", "/cases?answer=good", "/cases?agency=2", "/publish"],
)
def test_a_page_of_one_round_reads_no_growing_table_whole(
    browser: Browser, query_plans: QueryPlans, state: RoundState, page: str
) -> None:
    coordinator, at = browser(COORDINATOR), findings_of(state)
    with query_plans() as plans:
        coordinator.get(at + page)
    assert plans.count > 1, "the session's, and the page's own"
    assert [line for line in plans.wide() if not line.startswith(RECORDED)] == []


@pytest.mark.parametrize("email", [COORDINATOR, BOARD_MEMBER])
@pytest.mark.parametrize("page", ["", "/figures/own_work.json", "/figures/child_experience.csv"])
def test_comparing_two_rounds_reads_no_growing_table_whole(
    browser: Browser, query_plans: QueryPlans, email: str, page: str
) -> None:
    reader = browser(email)
    with query_plans() as plans:
        reader.get(f"/p/{SLUG}/findings/compare{page}", earlier=reference(3), later=reference(SIZE.a_published))
    assert plans.count > 9
    assert [line for line in plans.wide() if not line.startswith(RECORDED)] == []


def test_the_boards_page_reads_the_list_of_rounds_and_no_other_growing_table_whole(
    browser: Browser, query_plans: QueryPlans
) -> None:
    """Most rounds of a partnership are published, so the list of them is nearly all it has."""
    board = browser(BOARD_MEMBER)
    with query_plans() as plans:
        board.get(f"/p/{SLUG}/board")
    assert plans.count > 1, "the session's, and the page's own"
    assert [line for line in plans.wide() if not line.startswith("round:")] == []


def test_writing_and_publishing_read_no_growing_table_whole(browser: Browser, query_plans: QueryPlans) -> None:
    coordinator, at = browser(COORDINATOR), findings_of(RoundState.REPORTING)
    change = next(href for words, href in coordinator.get(at).links.items() if words.startswith("Change:"))
    with query_plans() as plans:
        coordinator.send(coordinator.get(change), {"title": "Homes were seen"})
        coordinator.send(coordinator.get(at), button="Move down: Homes were seen")
        coordinator.send(coordinator.get(f"{at}/publish"))
    assert plans.count > 9
    assert [line for line in plans.wide() if not line.startswith(RECORDED)] == []
