"""The pages of panels, and recording what was agreed, cost no more because other rounds have been held."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from audit_app.accounts.models import Person
from audit_app.core.db import db, transaction
from audit_app.panels.models import Panel
from benchmarks.loader import load
from benchmarks.world import CHAIR, COORDINATOR, SLUG, Size, case_of, reference
from tests.fixtures import Prepared
from tests.pages import PageClient
from tests.query_plans import Plans, QueryPlans

SIZE = Size(rounds=24, cases=4, open_rounds=2, auditors=1)
CASE = f"/p/{SLUG}/panels/cases/{case_of(SIZE.at_panel, 1)}"
Browser = Callable[[str], PageClient]
EMPTY = {"round_applicability", "draw", "drawn_child", "dissent", "vote", "panel_conflict"}
"""Tables that the loader leaves empty: PostgreSQL takes any plan for them."""


def wide(plans: Plans) -> list[str]:
    return [line for line in plans.wide() if line.split(":")[0] not in EMPTY]


def build() -> None:
    load(SIZE)


@pytest.fixture
def browser(app: Flask, client: PageClient, prepared: Prepared) -> Browser:
    """`browser(email)`: a browser in which this person of the loaded database is signed in."""
    prepared("many rounds, one of them at panel", build)
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")  # a database put back whole has the statistics of an empty one
    return lambda email: client.as_(db.session.scalars(select(Person).where(Person.email == email)).one())


@pytest.mark.parametrize(
    ("email", "address"),
    [
        (CHAIR, CASE),
        (CHAIR, f"{CASE}/finish"),
        (CHAIR, f"{CASE}/outcome"),
        (COORDINATOR, f"{CASE}/release"),
        (COORDINATOR, f"/p/{SLUG}/cases/{case_of(SIZE.at_panel, 1)}/withdraw"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(SIZE.at_panel)}/panels/new"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(1)}/agreement"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(SIZE.at_panel)}/practice-case"),
        (COORDINATOR, f"/p/{SLUG}/panels/{SIZE.at_panel}"),
        (COORDINATOR, f"/p/{SLUG}/panels/{SIZE.at_panel}/change"),
        (COORDINATOR, f"/p/{SLUG}/panels/{SIZE.at_panel}/attendance"),
        (COORDINATOR, f"/p/{SLUG}/panels/{SIZE.at_panel}/calendar.ics"),
        (CHAIR, f"{CASE}/conflicts"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(SIZE.at_panel)}/plan"),
    ],
)
def test_a_page_reads_no_growing_table_whole(
    browser: Browser, query_plans: QueryPlans, email: str, address: str
) -> None:
    person = browser(email)
    with query_plans() as plans:
        person.get(address)
    assert plans.count > 1, "the session's, and the page's own"
    assert wide(plans) == []


def test_the_pack_of_a_room_reads_no_growing_table_whole(browser: Browser, query_plans: QueryPlans) -> None:
    chair = browser(CHAIR)
    with transaction():
        db.session.execute(update(Panel).values(is_on_paper=False))
    with query_plans() as plans:
        page = chair.get(CASE)
    assert "the pack" in page.title
    assert wide(plans) == []


def test_changing_what_was_agreed_reads_no_growing_table_whole(browser: Browser, query_plans: QueryPlans) -> None:
    chair = browser(CHAIR)
    page = chair.get(CASE)
    items = [name.removeprefix("reason-") for name in page.form().values if name.startswith("reason-")]
    changes = {"press": "all"}
    for item in items:
        changes |= {f"reason-{item}": "Seen again.", f"because-{item}": "A record was found."}
        changes |= {} if f"tick-{item}" in page.form().values else {f"answer-{item}": "no_evidence"}
    with query_plans() as plans:
        saved = chair.send(page, changes)
    assert saved.notices == [f"{len(items)} ratings recorded."]
    assert plans.count > 5
    assert wide(plans) == []
