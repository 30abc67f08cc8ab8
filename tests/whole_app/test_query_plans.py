"""No page that people use every day costs more because there is more data: query plans on either database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from audit_app.accounts.models import Membership, Partnership, Person
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.home.queries import answers_to_panels
from audit_app.returns.models import AgencyReturn, ReturnPractitioner
from audit_app.returns.services import climb_ladder
from audit_app.rounds.models import Round
from benchmarks.loader import load
from benchmarks.world import CHAIR, COORDINATOR, PARTNERSHIP_ID, SLUG, Size, auditor, case_of, lead, reference
from tests.factories.accounts import as_actor
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
        (auditor(HEALTH, 1), f"{RETURN}/file"),
        (auditor(HEALTH, 1), f"{RETURN}/words"),
        (auditor(HEALTH, 1), f"{RETURN}/submit"),
        (auditor(HEALTH, 1), f"{RETURN}/chronology"),
        (auditor(HEALTH, 1), f"{RETURN}/voices"),
        (auditor(HEALTH, 1), f"{RETURN}/voices/add"),
        (auditor(HEALTH, 1), f"/p/{SLUG}/drafts"),
        (auditor(HEALTH, 1), f"/p/{SLUG}/cases/{case_of(OPEN, 1)}/timeline"),
        (COORDINATOR, f"/p/{SLUG}/cases/{case_of(1, 1)}/timeline"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(OPEN)}/returns"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(OPEN)}/returns/extend?pick-agency={HEALTH}"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(OPEN)}/returns/assign?pick-agency={HEALTH}"),
        (lead(HEALTH), f"/p/{SLUG}/returns/of-my-agency"),
        (lead(HEALTH), f"/p/{SLUG}/"),
        (COORDINATOR, f"/p/{SLUG}/cases/{case_of(1, 1)}/return/{HEALTH}"),
        (COORDINATOR, f"/p/{SLUG}/cases/{case_of(1, 1)}/return/1"),
        (COORDINATOR, f"/p/{SLUG}/cases/{case_of(1, 1)}/return/1/versions"),
        (auditor(HEALTH, 1), f"{RETURN}/discussion"),
        (lead(HEALTH), f"/p/{SLUG}/feedback"),
        (auditor(HEALTH, 1), f"/p/{SLUG}/"),
        (lead(HEALTH), f"/p/{SLUG}/panel-feedback"),
        (auditor(HEALTH, 1), f"/p/{SLUG}/cases/{case_of(1, 1)}/panel-feedback/{HEALTH}"),
        (COORDINATOR, f"/p/{SLUG}/panels/cases/{case_of(1, 1)}/outcome"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(1)}/feedback"),
        (COORDINATOR, f"/p/{SLUG}/case-actions"),
        (COORDINATOR, f"/p/{SLUG}/case-actions?state=done&round={reference(1)}"),
        (COORDINATOR, f"/p/{SLUG}/case-actions/1"),
        (COORDINATOR, f"/p/{SLUG}/rounds/{reference(1)}/close"),
        (COORDINATOR, f"/p/{SLUG}/cases/{case_of(1, 1)}/actions/new"),
        (lead(HEALTH), f"/p/{SLUG}/case-actions?own=yes"),
        (lead(HEALTH), f"/p/{SLUG}/case-actions?late=yes"),
    ],
)
def test_a_page_reads_no_growing_table_whole(
    browser: Browser, query_plans: QueryPlans, email: str, address: str
) -> None:
    person = browser(email)
    with query_plans() as plans:
        person.get(address)
    assert plans.count > 1, "the session's, and the page's own"
    assert plans.wide() == []


def test_what_a_coordinator_is_told_of_late_actions_about_children_reads_no_growing_table_whole(
    browser: Browser, query_plans: QueryPlans
) -> None:
    person = browser(COORDINATOR)
    with query_plans() as plans:
        person.get(f"/p/{SLUG}/")
    assert plans.count > 1, "the session's, and the page's own"
    assert [line for line in plans.wide() if "case_action" in line] == []


@pytest.mark.parametrize("email", [COORDINATOR, CHAIR])
def test_what_home_tells_of_answers_reads_no_growing_table_whole(
    browser: Browser, query_plans: QueryPlans, email: str
) -> None:
    browser(email)
    person = db.session.scalars(select(Person).where(Person.email == email)).one()
    viewer = as_actor(person, db.session.get_one(Partnership, PARTNERSHIP_ID))
    with query_plans() as plans:
        answers_to_panels(viewer, at=clock.now())
    assert plans.count == 1
    assert plans.wide() == []


def test_a_practitioners_pages_read_no_growing_table_whole(browser: Browser, query_plans: QueryPlans) -> None:
    """Of the case that the auditor of a loaded database answered: they take the other role for a moment."""
    browser(COORDINATOR)
    query = (
        select(ReturnPractitioner, AgencyReturn.agency_id, Case.reference, Person.email)
        .join(AgencyReturn, AgencyReturn.id == ReturnPractitioner.return_id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Person, Person.id == ReturnPractitioner.person_id)
        .limit(1)
    )
    naming, agency_id, case, email = db.session.execute(query).one()
    with transaction():
        db.session.execute(
            update(Membership).where(Membership.person_id == naming.person_id).values(role="practitioner")
        )
        db.session.execute(update(Round).values(practitioners="answer"))
    person = browser(email)
    with query_plans() as plans:
        person.get(f"/p/{SLUG}/")
        person.get(f"/p/{SLUG}/cases/{case}/return/{agency_id}/own-work")
    assert plans.wide() == []


def test_saving_a_domain_reads_no_growing_table_whole(browser: Browser, query_plans: QueryPlans) -> None:
    person = browser(auditor(HEALTH, 1))
    page = person.get(f"{RETURN}/domain/1")
    fields = [name for name in page.form().values if name.startswith("evidence-")]
    assert len(fields) == 12
    with query_plans() as plans:
        person.post(page.path, {**page.form().values, **dict.fromkeys(fields, "Seen again.")}, status=302)
    assert plans.wide() == []


def test_submitting_sending_back_and_accepting_read_no_growing_table_whole(
    browser: Browser, query_plans: QueryPlans
) -> None:
    person, coordinator = browser(auditor(HEALTH, 1)), browser(COORDINATOR)
    with query_plans() as plans:
        person.send(person.get(f"{RETURN}/submit"), {"is_declared": "y"})
        coordinator.send(coordinator.get(f"{RETURN}/send-back"), {"reason": "Say more."})
        person.get(f"{RETURN}/domain/1")
        person.send(person.get(f"{RETURN}/submit"), {"is_declared": "y"})
        coordinator.send(coordinator.get(RETURN), action="/accept")
    assert plans.wide() == []


def test_chasing_returns_reads_no_growing_table_whole(browser: Browser, query_plans: QueryPlans) -> None:
    coordinator = browser(COORDINATOR)
    grid = coordinator.get(f"/p/{SLUG}/rounds/{reference(OPEN)}/returns")
    more = coordinator.get(f"{grid.path}/extend?pick-agency={HEALTH}")
    with query_plans() as plans:
        coordinator.send(grid, {"pick-agency": HEALTH, "press": "remind"})
        coordinator.send(more, {"due_on": ["1", "3", "2100"], "reason": "Leave.", "is_sure": "y"})
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
