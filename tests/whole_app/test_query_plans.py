"""No page that people use every day costs more because there is more data: query plans on either database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Person
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.returns.services import climb_ladder
from benchmarks.loader import load
from benchmarks.world import COORDINATOR, PARTNERSHIP_ID, SLUG, Size, auditor, case_of, lead, reference
from tests.fixtures import Prepared
from tests.pages import PageClient
from tests.query_plans import QueryPlans

SIZE = Size(rounds=24, cases=4, open_rounds=2, auditors=1)
HEALTH = 2
OPEN = SIZE.open_numbers[0]
RETURN = f"/p/{SLUG}/cases/{case_of(OPEN, 1)}/return/{HEALTH}"


def build() -> None:
    load(SIZE)


@pytest.fixture
def browser(app: Flask, client: PageClient, prepared: Prepared) -> Callable[[str], PageClient]:
    """`browser(email)`: a browser in which this person of the loaded database is signed in."""
    prepared("the loaded database", build)

    def signed_in(email: str) -> PageClient:
        return client.as_(db.session.scalars(select(Person).where(Person.email == email)).one())

    return signed_in


Browser = Callable[[str], PageClient]


@pytest.mark.parametrize(
    ("email", "address"),
    [
        (auditor(HEALTH, 1), f"/p/{SLUG}/returns"),
        (auditor(HEALTH, 1), RETURN),
        (auditor(HEALTH, 1), f"{RETURN}/domain/1"),
        (auditor(HEALTH, 1), f"{RETURN}/words"),
        (auditor(HEALTH, 1), f"{RETURN}/submit"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(OPEN)}/returns"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(OPEN)}/returns/extend?pick-agency={HEALTH}"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(OPEN)}/returns/assign?pick-agency={HEALTH}"),
        (lead(HEALTH), f"/p/{SLUG}/returns/of-my-agency"),
        (lead(HEALTH), f"/p/{SLUG}/"),
        (COORDINATOR, f"/p/{SLUG}/cases/{case_of(1, 1)}/return/{HEALTH}"),
    ],
)
def test_a_page_reads_no_growing_table_whole(
    browser: Browser, query_plans: QueryPlans, email: str, address: str
) -> None:
    person = browser(email)
    with query_plans() as plans:
        person.get(address)
    assert plans.count > 2
    assert plans.wide() == []


def test_saving_a_domain_reads_no_growing_table_whole(browser: Browser, query_plans: QueryPlans) -> None:
    person = browser(auditor(HEALTH, 1))
    page = person.get(f"{RETURN}/domain/1")
    fields = [name for name in page.form().values if name.startswith("evidence-")]
    assert len(fields) == 12
    with query_plans() as plans:
        person.post(page.path, {**page.form().values, **dict.fromkeys(fields, "Seen again.")}, status=302)
    assert plans.wide() == []


def test_submitting_and_accepting_read_no_growing_table_whole(browser: Browser, query_plans: QueryPlans) -> None:
    person, coordinator = browser(auditor(HEALTH, 1)), browser(COORDINATOR)
    with query_plans() as plans:
        person.send(person.get(f"{RETURN}/submit"))
        coordinator.send(coordinator.get(RETURN), action="/accept")
    assert plans.wide() == []


def test_chasing_returns_reads_no_growing_table_whole(browser: Browser, query_plans: QueryPlans) -> None:
    coordinator = browser(COORDINATOR)
    grid = coordinator.get(f"/p/{SLUG}/rounds/{reference(OPEN)}/returns")
    more = coordinator.get(f"{grid.path}/extend?pick-agency={HEALTH}")
    with query_plans() as plans:
        coordinator.send(grid, {"pick-agency": HEALTH, "press": "remind"})
        coordinator.send(more, {"due_on": ["1", "3", "2100"], "reason": "Leave."})
        later = clock.now() + timedelta(days=60)
        with transaction():
            assert climb_ladder(PARTNERSHIP_ID, link="", at=later) > 0
    assert plans.wide() == []


def test_a_statement_that_reads_a_whole_table_is_found(browser: Browser, query_plans: QueryPlans) -> None:
    """The test of the tests."""
    browser(COORDINATOR)
    with query_plans() as plans, db.engine.connect() as connection:
        connection.exec_driver_sql("SELECT evidence FROM rating WHERE where_on_file = 'page 4'")
        connection.exec_driver_sql("SELECT evidence FROM rating WHERE partnership_id = 1 AND evidence = ''")
        connection.exec_driver_sql("SELECT evidence FROM rating WHERE partnership_id = 1 AND return_id = 1")
    assert [line.split(":")[0] for line in plans.wide()] == ["rating", "rating"]
