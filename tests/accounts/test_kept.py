"""What is typed survives the end of its session."""

import pytest
from sqlalchemy import func, select, text

from audit_app.accounts import services
from audit_app.accounts.access import new_password_hash
from audit_app.accounts.models import KeptPost, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from tests.factories.accounts import a_member
from tests.fixtures import Clock
from tests.pages import PageClient

PASSWORD = "copper kettle umbrella"


@pytest.fixture
def person(partnership: Partnership) -> Person:
    found = a_member(partnership, Role.COORDINATOR)
    hashed = new_password_hash(PASSWORD, email=found.email, name=found.name)
    with transaction():
        found.password = hashed
    return found


def test_what_is_typed_and_sent_after_the_session_ended_is_kept_for_its_person(
    client: PageClient, person: Person, partnership: Partnership, clock: Clock
) -> None:
    browser = client.as_(person)
    page = browser.get("/p/here/people/new")
    clock.forward(minutes=61)
    typed = {"name": "Vic Newcomer", "email": "vic@health.example", "roles": ["coordinator"]}
    sign_in = browser.send(page, typed)
    assert "What you typed is kept" in sign_in.notices[0]
    assert b"Vic Newcomer" not in db.session.execute(text("SELECT fields FROM kept_post")).scalar_one()
    stranger = client.as_(a_member(partnership, Role.COORDINATOR))
    assert stranger.get("/kept").h1 == "Nothing is kept for you"
    kept = browser.send(sign_in, {"email": person.email, "password": PASSWORD})
    assert kept.h1 == "What you typed is kept"
    assert browser.send(kept, button="Send it now", status=200).h1 == "Vic Newcomer is invited"


def test_what_was_kept_can_be_forgotten_and_is_gone_after_an_hour(
    client: PageClient, person: Person, clock: Clock
) -> None:
    for forget in (True, False):
        browser = client.as_(person)
        page = browser.get("/p/here/people/new")
        clock.forward(minutes=61)
        browser.send(page, {"name": "Vic Newcomer"})
        browser = client.as_(person)
        kept = browser.get("/kept")
        if forget:
            browser.send(kept, button="Forget it", status=302)
        else:
            clock.forward(minutes=61)
            with transaction():
                services.forget_old_posts()
        assert db.session.scalar(select(func.count()).select_from(KeptPost)) == 0


def test_a_page_on_which_somebody_types_keeps_the_session_open(
    client: PageClient, person: Person, clock: Clock
) -> None:
    browser = client.as_(person)
    for _ in range(3):
        clock.forward(minutes=45)
        browser.get("/signed-in", status=204)
    assert browser.get("/p/here/people").h1 == "People"


def test_another_page_that_met_the_end_of_the_session_first_does_not_lose_what_was_typed(
    client: PageClient, person: Person, clock: Clock
) -> None:
    browser = client.as_(person)
    page = browser.get("/p/here/people/new")
    clock.forward(minutes=61)
    browser.get("/signed-in", status=302)
    typed = {"name": "Vic Newcomer", "email": "vic@health.example", "roles": ["coordinator"]}
    sign_in = browser.send(page, typed, headers={"Origin": "http://localhost"})
    assert "What you typed is kept" in sign_in.notices[-1]
    assert browser.send(sign_in, {"email": person.email, "password": PASSWORD}).h1 == "What you typed is kept"
    stranger = browser.send(page, typed, headers={"Origin": "http://elsewhere.example"}, status=400)
    assert stranger.h1 == "There is a problem with what was sent"


def test_a_page_of_an_earlier_session_is_kept_and_offered_rather_than_lost(
    client: PageClient, person: Person, clock: Clock
) -> None:
    browser = client.as_(person)
    page = browser.get("/p/here/people/new")
    stale = {**{name: values[0] for name, values in page.form().values.items() if values}, "csrf_token": "stale"}
    typed = {**stale, "name": "Vic Newcomer", "email": "vic@health.example"}
    kept = browser.post("/p/here/people/new", typed, headers={"Origin": "http://localhost"})
    assert kept.h1 == "What you typed is kept"
    for origin in ({}, {"Origin": "http://elsewhere.example"}):
        refused = browser.post("/p/here/people/new", typed, headers=origin, status=400)
        assert refused.h1 == "There is a problem with what was sent"
