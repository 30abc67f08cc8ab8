"""What comes next: for the coordinator after each decision, for the auditor whose return was sent back."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Flask

from audit_app.accounts.models import Agency, Person
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.returns import services
from audit_app.returns.rules import Change
from tests.factories.returns import Asked, a_level, hand_over, ratings_of
from tests.pages import PageClient


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def send_back(asked: Asked, own: int, comments: Mapping[int, str]) -> None:
    with transaction():
        by, link = asked.actor(asked.coordinator), "http://service.example"
        services.send_back(own, reason="Say more.", comments=comments, link=link, by=by, at=clock.now())


def test_accepting_and_sending_back_lead_to_the_next_return_that_waits_and_at_last_to_the_grid(
    app: Flask, asked: Asked, client: PageClient
) -> None:
    for number in (0, 1):
        hand_over(asked.returns[asked.health][number], asked.actor(asked.health_auditor))
    hand_over(asked.returns[asked.police][0], asked.actor(asked.police_auditor))
    health, police = (db.session.get_one(Agency, one).name for one in (asked.health, asked.police))
    browser = client.as_(person(asked.coordinator))
    page = browser.send(browser.get(asked.at(asked.health)), button="Accept this return")
    assert page.notices == [
        f"The return of {health} on {asked.cases[0]} is accepted. Next: {asked.cases[0]}, {police}."
    ]
    assert page.path == asked.at(asked.police)
    page = browser.send(browser.get(page.links["Send it back"]), {"reason": "Say more over all."})
    assert page.notices == [
        f"The return on {asked.cases[0]} is sent back to {police}. Next: {asked.cases[1]}, {health}."
    ]
    page = browser.send(page, button="Accept this return")
    assert page.notices[0].endswith("No other return waits to be accepted.")
    assert page.path.endswith(f"/rounds/{asked.reference}/returns")


def test_a_return_that_was_sent_back_leads_to_the_first_comment_whose_answer_is_unchanged(
    app: Flask, asked: Asked, client: PageClient
) -> None:
    own = asked.returns[asked.health][0]
    hand_over(own, asked.actor(asked.health_auditor))
    first, second = ratings_of(own)[:2]
    send_back(asked, own, {first.indicator_id: "When?", second.indicator_id: "By whom?"})
    browser = client.as_(person(asked.health_auditor))
    home = browser.get(f"/p/{asked.slug}/")
    assert home.links["1 return was sent back to you with questions"] == asked.at(asked.health)
    page = browser.get(asked.at(asked.health))
    assert f"2 comments still wait. The first: {first.indicator_code}" in page.main
    assert page.links[f"Go to {first.indicator_code}"].endswith(f"#rating-{first.indicator_id}")
    assert "Check and submit" not in page.links
    with transaction():
        change = Change(replace(a_level(asked.round_id), evidence="Seen in May."), ratings_of(own)[0].version)
        actor = asked.actor(asked.health_auditor)
        services.save_ratings(own, {first.indicator_id: change}, by=actor, at=clock.now())
    page = browser.get(f"/p/{asked.slug}/returns")
    assert f"{asked.cases[0]} was sent back. One comment still waits: {second.indicator_code}" in page.main
    link = page.links[f"Go to {second.indicator_code} of {asked.cases[0]}"]
    assert link.endswith(f"#rating-{second.indicator_id}")
    with transaction():
        change = Change(replace(a_level(asked.round_id), evidence="By her nurse."), ratings_of(own)[1].version)
        services.save_ratings(own, {second.indicator_id: change}, by=actor, at=clock.now())
    assert "Check and submit" in browser.get(asked.at(asked.health)).links
    # two that came back are told of with the list
    other = asked.returns[asked.health][1]
    hand_over(other, asked.actor(asked.health_auditor))
    send_back(asked, other, {})
    home = browser.get(f"/p/{asked.slug}/")
    assert home.links["2 returns were sent back to you with questions"] == f"/p/{asked.slug}/returns"


def test_the_first_question_says_the_look_back_period_with_its_dates(asked: Asked, client: PageClient) -> None:
    page = client.as_(person(asked.health_auditor)).get(asked.at(asked.health) + "/known")
    assert "The look-back period is the 12 months before this audit began, and the time since: from " in page.main
    assert f" until today, {clock.today().day} {clock.today():%B %Y}." in page.main
