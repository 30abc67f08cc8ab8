"""The pages of the accuracy check: what an agency reads and asks, and what is decided."""

from datetime import date

import pytest
from flask import Flask

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db
from audit_app.panels.rules import CorrectionState
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, an_agency
from tests.factories.moderation import WRONG, Moderation, ask, being_checked, nothing, the_request, the_round
from tests.factories.panels import agreed_rows, round_state, the_case
from tests.fixtures import Clock, CountQueries, Prepared
from tests.pages import PageClient


@pytest.fixture
def checked(clock: Clock, prepared: Prepared) -> Moderation:
    return prepared("a round whose facts are checked", being_checked)


def browser(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def of_agency(checked: Moderation, agency_id: int, rest: str = "") -> str:
    return checked.path(f"/accuracy/{agency_id}{rest}")


def asking(checked: Moderation, agency_id: int) -> str:
    return checked.sitting.path(f"/panels/corrections/new/{checked.sitting.asked.cases[0]}/{agency_id}")


def test_auditors_and_leads_of_an_agency_find_what_to_check_on_their_home_page(
    checked: Moderation, client: PageClient
) -> None:
    asked = checked.sitting.asked
    for person in (asked.health_auditor, checked.health_lead):
        home = browser(client, person).get(checked.sitting.path("/"))
        assert f"Check the facts of {asked.reference}" in home.html
        assert of_agency(checked, asked.health) in home.html
    nothing(checked, asked.health, checked.health_lead)
    assert "Check the facts" not in browser(client, asked.health_auditor).get(checked.sitting.path("/")).html


def test_an_agency_reads_what_was_agreed_for_it_and_nothing_of_another_agencys_work(
    checked: Moderation, client: PageClient
) -> None:
    asked = checked.sitting.asked
    for person in (asked.health_auditor, checked.health_lead):
        reader = browser(client, person)
        page = reader.get(of_agency(checked, asked.health))
        for reference in asked.cases:
            assert reference in page.html
        police = db.session.get_one(Agency, asked.police)
        assert police.name not in page.html
        assert f"item={checked.item(f'A01-{asked.health}').id}" in page.html
        assert f"item={checked.item(f'A01-{asked.police}').id}" not in page.html
        assert "Seen on 3 March." not in page.html  # which is evidence
        reader.get(of_agency(checked, asked.police), status=404)
        reader.get(asking(checked, asked.police), status=404)
    reader = browser(client, asked.police_auditor)
    assert reader.get(of_agency(checked, asked.police)).status == 200


def test_an_agency_asks_to_correct_a_fact_and_reads_what_was_decided(checked: Moderation, client: PageClient) -> None:
    asked, item = checked.sitting.asked, checked.item()
    auditor, chair = browser(client, asked.health_auditor), browser(client, checked.chair)
    form = auditor.get(asking(checked, asked.health), item=item.id)
    missing = auditor.send(form, button="Ask for this correction", status=200)
    for sentence in ("Say what is wrong in fact", "Say what is right", "Say where on file"):
        assert sentence in missing.html
    page = auditor.send(form, WRONG._asdict(), button="Ask for this correction")
    assert WRONG.what_is_wrong in page.html
    home = chair.get(checked.sitting.path("/"))
    assert f"Decide 1 correction that agencies asked for in {asked.reference}" in home.html
    waiting = chair.get(checked.path("/accuracy"))
    assert "1 of 1 to be decided" in waiting.html
    assert f"Go to {asked.cases[0]}" in waiting.links
    assert f"Go to {asked.cases[0]}" not in auditor.get(checked.path("/accuracy")).links
    address = next(href for words, href in waiting.links.items() if words.startswith(f"{asked.cases[0]}: A04"))
    decision = chair.get(address)
    assert "Choose what you decide" in chair.send(decision, button="Save the decision", status=200).html
    typed = {"is_corrected": "yes", "response": "The log bears it out.", "answer": "no_evidence", "reason": "Nothing."}
    chair.send(decision, typed, button="Save the decision")
    assert [row.is_current for row in agreed_rows(item.id)] == [False, True]
    answered = auditor.get(of_agency(checked, asked.health))
    assert "The log bears it out." in answered.html
    assert "Corrected" in answered.html
    read = auditor.get(address)
    assert "Save the decision" not in read.html
    assert "What the agencies said" not in read.html


def test_the_outcome_of_a_case_can_be_corrected_by_the_coordinator(checked: Moderation, client: PageClient) -> None:
    request_id = ask(checked, None)
    coordinator = browser(client, checked.coordinator)
    assert "Decide 1 correction" in coordinator.get(checked.sitting.path("/")).html
    page = coordinator.get(checked.sitting.path(f"/panels/corrections/{request_id}"))
    coordinator.send(page, {"is_corrected": "yes", "response": "Yes.", "outcome": "Agencies met in March."})
    assert the_case(checked.sitting).outcome == "Agencies met in March."
    assert the_request(request_id).state is CorrectionState.CORRECTED
    assert "Agencies met too late." in coordinator.get(page.path).html


def test_two_who_correct_one_outcome_see_both_texts_and_lose_nothing(app: Flask, checked: Moderation) -> None:
    asked = checked.sitting.asked
    paths = [
        checked.sitting.path(f"/panels/corrections/{request_id}")
        for request_id in (ask(checked, None), ask(checked, None, by=asked.police_auditor, agency=asked.police))
    ]
    late = browser(PageClient(app), checked.chair)
    shown = late.get(paths[1])
    coordinator = browser(PageClient(app), checked.coordinator)
    first = {"is_corrected": "yes", "response": "Yes.", "outcome": "They met in March."}
    coordinator.send(coordinator.get(paths[0]), first)
    back = late.send(shown, {"is_corrected": "yes", "response": "The log.", "outcome": "They met in May."}, status=200)
    assert "Someone else saved this while you were working" in back.errors[0]
    assert "They met in March." in back.html
    kept = [str(text) for name in ("response", "outcome") for text in back.form().values[name]]
    assert kept == ["The log.", "They met in May."]
    assert the_case(checked.sitting).outcome == "They met in March."
    late.send(back, {"outcome": "They met in March and May."})
    assert the_case(checked.sitting).outcome == "They met in March and May."


def test_who_leaves_the_outcome_alone_changes_nothing_of_what_another_corrected_meanwhile(
    checked: Moderation, client: PageClient
) -> None:
    asked = checked.sitting.asked
    first, second = ask(checked, None), ask(checked, None, by=asked.police_auditor, agency=asked.police)
    coordinator = browser(client, checked.coordinator)
    shown = coordinator.get(checked.sitting.path(f"/panels/corrections/{second}"))
    page = coordinator.get(checked.sitting.path(f"/panels/corrections/{first}"))
    coordinator.send(page, {"is_corrected": "yes", "response": "Yes.", "outcome": "They met in March."})
    coordinator.send(shown, {"is_corrected": "no", "response": "It stands."})
    assert the_case(checked.sitting).outcome == "They met in March."
    assert the_request(second).state is CorrectionState.NOT_CHANGED


def test_what_one_agency_asked_is_read_by_no_other(checked: Moderation, client: PageClient) -> None:
    asked = checked.sitting.asked
    request_id = ask(checked)
    for person in (checked.coordinator, checked.scrutineer, checked.chair, asked.health_auditor, checked.health_lead):
        reader = browser(client, person)
        assert WRONG.what_is_wrong in reader.get(checked.path("/accuracy")).html
        assert WRONG.what_is_wrong in reader.get(checked.sitting.path(f"/panels/corrections/{request_id}")).html
    police = browser(client, asked.police_auditor)
    assert WRONG.what_is_wrong not in police.get(checked.path("/accuracy")).html
    police.get(checked.sitting.path(f"/panels/corrections/{request_id}"), status=404)
    browser(client, checked.sitting.member).get(checked.path("/accuracy"), status=403)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    outsider = a_member(partnership, Role.AUDITOR, agency=an_agency(partnership))
    client.as_(outsider).get(checked.path("/accuracy"), status=404)


def test_an_agency_says_that_nothing_is_to_be_corrected_and_the_coordinator_ends_the_check(
    checked: Moderation, client: PageClient
) -> None:
    asked = checked.sitting.asked
    coordinator = browser(client, checked.coordinator)
    assert "may still ask for a correction" in coordinator.get(checked.path("/accuracy")).html
    for agency, person in ((asked.health, checked.health_lead), (asked.police, asked.police_auditor)):
        reader = browser(client, person)
        page = reader.send(reader.get(of_agency(checked, agency)), action="/nothing")
        assert "Your agency has said that it has nothing more to correct" in page.html
    page = coordinator.get(checked.path("/accuracy/done"))
    coordinator.send(page, button="End the accuracy check")
    assert round_state(checked.sitting) is RoundState.REPORTING
    assert (
        "What your agency asked" not in browser(client, checked.health_lead).get(of_agency(checked, asked.health)).html
    )


def test_after_the_last_day_an_agency_reads_and_is_refused_and_the_coordinator_gives_more_time(
    checked: Moderation, client: PageClient, clock: Clock
) -> None:
    asked = checked.sitting.asked
    clock.forward(days=15)
    auditor, coordinator = browser(client, asked.health_auditor), browser(client, checked.coordinator)
    assert "ended on 18 March 2026" in auditor.get(of_agency(checked, asked.health)).html
    auditor.get(asking(checked, asked.health), status=409)
    typed = {"about": str(checked.item().id), **WRONG._asdict()}
    late = auditor.post(asking(checked, asked.health), typed, status=200)
    assert "ended on 18 March 2026" in late.html
    auditor.post(of_agency(checked, asked.health, "/nothing"), status=409)
    page = coordinator.get(checked.path("/accuracy/more-time"))
    wrong = coordinator.send(page, {"due_on": ["18", "3", "2026"], "reason": "Leave."}, status=200)
    assert "Choose a day after 18 March 2026" in wrong.html
    given = coordinator.send(page, {"due_on": ["27", "3", "2026"], "reason": "Leave."})
    assert "More time was given" in given.html
    assert the_round(checked.sitting).accuracy_due_on == date(2026, 3, 27)
    auditor.get(asking(checked, asked.health))


def test_the_pages_cost_the_same_however_many_cases_and_requests_there_are(
    clock: Clock, prepared: Prepared, client: PageClient, count_queries: CountQueries
) -> None:
    counts = []
    for cases in (1, 4):
        checked = prepared(f"a check of {cases}", lambda cases=cases: being_checked(cases=cases))  # type: ignore[misc]
        for case in range(cases):
            ask(checked, case=case)
        asked = checked.sitting.asked
        pages = [
            (browser(client, checked.coordinator), checked.path("/accuracy")),
            (browser(client, asked.health_auditor), of_agency(checked, asked.health)),
        ]
        for reader, path in pages:
            reader.get(path)
            with count_queries() as queries:
                reader.get(path)
            counts.append(queries.count)
    assert counts[:2] == counts[2:]
