"""Where returns that are owed are seen and chased: my returns, the coordinator's grid, the numbers of a lead."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.returns import services
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import Known
from tests.factories.accounts import a_member, a_partnership
from tests.factories.returns import Asked, a_round_with_agencies, fill_in, hand_over, say, the_return
from tests.fixtures import CountQueries
from tests.pages import Page, PageClient


def signed_in(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


@pytest.fixture
def coordinator(client: PageClient, asked: Asked) -> PageClient:
    return signed_in(client, asked.coordinator)


@pytest.fixture
def late(asked: Asked) -> Asked:
    """The police are three days late with the second case; the other three returns are due in 2100."""
    with transaction():
        one = db.session.get_one(AgencyReturn, asked.returns[asked.police][1])
        one.due_on = clock.today() - timedelta(days=3)
    return asked


def grid_of(asked: Asked) -> str:
    return f"/p/{asked.slug}/rounds/{asked.reference}/returns"


def cells(page: Page) -> list[list[str]]:
    return page.tables[0][1:]


# --- the grid


def test_the_grid_puts_late_ones_first_and_says_so_in_words(late: Asked, coordinator: PageClient) -> None:
    own = late.returns[late.health][0]
    say(own, Known.KNOWN, late.actor(late.health_auditor))
    page = coordinator.get(grid_of(late))
    police, health = (db.session.get_one(Agency, one).name for one in (late.police, late.health))
    assert [head.split(" All of")[0] for head in page.tables[0][0]] == ["Case", police, health]
    assert [row[0].split()[0] for row in cells(page)] == [late.cases[1], late.cases[0]]
    assert "3 days late" in cells(page)[0][1]
    assert "In progress" in cells(page)[1][2]
    assert "0 of 4" in cells(page)[1][2]
    assert "1 return is late." in page.main
    assert f"More time ({late.cases[1]}, {police})" in page.links
    # whoever is asked is named, and a paused case is not chased
    with transaction():
        db.session.get_one(AgencyReturn, own).auditor_id = late.health_auditor
        db.session.execute(update(Case).where(Case.reference == late.cases[1]).values(state=CaseState.PAUSED))
    page = coordinator.get(grid_of(late))
    assert db.session.get_one(Person, late.health_auditor).name in page.main
    assert "None is late." in page.main
    assert "days late" not in page.main


def test_filters_stand_in_the_address_and_leave_out_what_does_not_fit(late: Asked, coordinator: PageClient) -> None:
    say(late.returns[late.health][0], Known.NOT_KNOWN, late.actor(late.health_auditor))
    only_late = coordinator.get(grid_of(late), late="yes")
    assert (len(only_late.tables[0]), len(only_late.tables[0][0])) == (2, 2)
    answered = coordinator.get(grid_of(late), state="not_known", agency=late.health)
    assert ["Child not known" in cell for cell in cells(answered)[0]] == [False, True]
    assert "Remove this filter: Child not known" in answered.links
    assert "No return fits these filters." in coordinator.get(grid_of(late), state="declined").main
    assert len(coordinator.get(grid_of(late), state="nonsense", agency="x").tables[0]) == 3


def test_one_click_reminds_and_comes_back_to_the_grid_as_it_was(late: Asked, coordinator: PageClient) -> None:
    name = db.session.get_one(Person, late.police_auditor).name
    page = coordinator.get(grid_of(late), late="yes")
    page = coordinator.send(coordinator.get(grid_of(late) + "?late=yes"), button="Remind all who are late")
    assert page.notices == [f"No e-mail is sent yet, so tell them yourself: {name}."]
    assert page.path.endswith("?late=yes")
    page = coordinator.send(page, {"remind": late.returns[late.police][1]})
    assert page.notices == [f"Reminded today already, so not again: {name}."]
    assert coordinator.send(page, {"press": "remind"}).notices == ["Choose at least one return that is still owed."]
    assert coordinator.send(page, {"press": "extend"}).notices == ["Choose at least one return that is still owed."]
    own = coordinator.get(late.at(late.health))
    page = coordinator.send(own, action="/chase")
    assert (page.h1, page.notices[0].split(":")[0]) == (own.h1, "No e-mail is sent yet, so tell them yourself")


def test_more_time_is_given_to_all_that_were_ticked_and_the_auditor_reads_why(
    late: Asked, client: PageClient, coordinator: PageClient
) -> None:
    page = coordinator.send(coordinator.get(grid_of(late)), {"pick-case": late.cases[1], "press": "extend"})
    assert page.h1 == "Give more time"
    assert f"{late.cases[1]}, " in page.main
    assert "2 returns" in page.main
    wrong = coordinator.send(page, {"due_on": ["1", "3", "2100"], "reason": "The server was down."}, status=200)
    assert wrong.errors == ["Choose a day after 1 March 2100, on which it is due now."]
    assert wrong.form().values["reason"] == ["The server was down."]
    page = coordinator.send(wrong, {"due_on": ["2", "3", "2100"]})
    assert page.notices == ["2 returns are due on 2 March 2100."]
    auditor = signed_in(client, late.police_auditor)
    assert "The server was down." in auditor.get(late.at(late.police, 1)).main
    due = {row[0]: row[4] for row in auditor.get(f"/p/{late.slug}/returns").tables[0][1:]}
    assert "More time was given: it was" in due[late.cases[1]]
    assert "More time" not in due[late.cases[0]]


def test_a_day_past_the_panel_shows_the_dates_of_the_round_and_wants_a_tick(
    late: Asked, coordinator: PageClient
) -> None:
    page = coordinator.send(coordinator.get(grid_of(late)), {"pick-case": late.cases[1], "press": "extend"})
    assert "Panel 20 March 2100" in " ".join(page.main.split())
    assert "is_sure" not in page.form().values
    filled = {"due_on": ["20", "March", "2100"], "reason": "The server was down."}
    asked = coordinator.send(page, filled, status=200)
    assert asked.errors[0].startswith("This is the day of the panel, 20 March 2100.")
    page = coordinator.send(asked, {"is_sure": "y"})
    assert page.notices == ["2 returns are due on 20 March 2100."]


def test_another_of_the_agency_is_asked_and_sees_it_first(
    late: Asked, client: PageClient, coordinator: PageClient
) -> None:
    partnership, police = db.session.get_one(Partnership, late.partnership_id), db.session.get_one(Agency, late.police)
    zed = a_member(partnership, Role.AUDITOR, agency=police, name="Zed Auditor")
    page = coordinator.send(coordinator.get(grid_of(late)), {"pick": late.returns[late.police][0], "press": "assign"})
    assert "Nobody in particular: any auditor of the agency" in page.main
    page = coordinator.send(page, {"auditor_id": zed.id})
    assert page.notices == ["Zed Auditor is asked for 1 return, and must be told by you, since no e-mail is sent yet."]
    rows = client.as_(zed).get(f"/p/{late.slug}/returns").tables[0][1:]
    assert [(row[0], row[5]) for row in rows] == [(late.cases[0], "You"), (late.cases[1], "Your agency")]
    rows = signed_in(client, late.police_auditor).get(f"/p/{late.slug}/returns").tables[0][1:]
    assert [(row[0], row[5]) for row in rows] == [(late.cases[1], "Your agency"), (late.cases[0], "Zed Auditor")]
    mixed = coordinator.send(coordinator.get(grid_of(late)), {"pick-case": late.cases[0], "press": "assign"})
    assert "Choose returns of one agency" in mixed.main
    assert not [form for form in mixed.forms if form.method == "post"]


def test_whoever_only_reads_the_grid_is_offered_nothing_to_do(late: Asked, client: PageClient) -> None:
    partnership = db.session.get_one(Partnership, late.partnership_id)
    scrutineer = client.as_(a_member(partnership, Role.SCRUTINEER))
    page = scrutineer.get(grid_of(late))
    assert "3 days late" in page.main
    assert [form.method for form in page.forms] == ["get"]
    scrutineer.post(f"{grid_of(late)}/chase", {"press": "late"}, status=403)


def test_the_grid_costs_the_same_for_one_case_and_for_thirty(
    app: Flask, client: PageClient, count_queries: CountQueries
) -> None:
    counts = []
    for size in (1, 30):
        asked = a_round_with_agencies(a_partnership(), cases=size)
        browser = signed_in(client, asked.coordinator)
        with count_queries() as queried:
            browser.get(grid_of(asked))
        counts.append(queried.count)
    assert counts[0] == counts[1] <= 8


# --- my returns, and the numbers of an agency's lead


def test_the_list_is_a_page_at_a_time_with_what_is_owed_first(app: Flask, client: PageClient) -> None:
    asked = a_round_with_agencies(cases=27)
    auditor = asked.actor(asked.health_auditor)
    say(asked.returns[asked.health][0], Known.NOT_KNOWN, auditor)
    browser = signed_in(client, asked.health_auditor)
    first = browser.get(f"/p/{asked.slug}/returns")
    assert "26 returns are still to do. The first is " in first.main
    assert [len(table) - 1 for table in first.tables] == [25]
    second = browser.get(f"/p/{asked.slug}/returns", page=2)
    assert [[row[0] for row in table[1:]] for table in second.tables] == [[asked.cases[26]], [asked.cases[0]]]


def test_a_long_reason_is_shortened_with_a_link_to_the_whole(asked: Asked, client: PageClient) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    hand_over(own, auditor)
    reason = "Say more about what the child said. " * 8
    with transaction():
        services.send_back(own, reason=reason.strip(), link="", by=asked.actor(asked.coordinator), at=clock.now())
    browser = signed_in(client, asked.health_auditor)
    page = browser.get(f"/p/{asked.slug}/returns")
    assert page.main.count("what the child said") < 8
    whole = browser.get(page.links[f"Read it all ({asked.cases[0]})"])
    assert whole.main.count("what the child said") == 8


def test_an_agency_lead_sees_numbers_of_their_own_agency_and_no_case(late: Asked, client: PageClient) -> None:
    partnership, police = db.session.get_one(Partnership, late.partnership_id), db.session.get_one(Agency, late.police)
    lead = client.as_(a_member(partnership, Role.AGENCY_LEAD, agency=police))
    home = lead.get(f"/p/{late.slug}/")
    assert "1 return of your agency is late" in home.main
    page = lead.get(home.links["1 return of your agency is late"])
    assert [(row[1], row[2], row[3]) for row in page.tables[0][1:]] == [(police.name, "0 of 2", "1 late")]
    assert not any(case in page.html for case in late.cases)
    with transaction():
        db.session.execute(update(Case).where(Case.reference == late.cases[1]).values(state=CaseState.PAUSED))
    assert "late" not in lead.get(f"/p/{late.slug}/").main
    health = client.as_(a_member(partnership, Role.AGENCY_LEAD, agency=db.session.get_one(Agency, late.health)))
    assert "late" not in health.get(f"/p/{late.slug}/").main


def test_a_coordinator_may_go_on_without_a_return_that_then_is_owed_no_more(
    late: Asked, coordinator: PageClient
) -> None:
    fill = late.returns[late.police][0]
    say(fill, Known.KNOWN, late.actor(late.police_auditor))
    fill_in(fill, late.actor(late.police_auditor))
    page = coordinator.get(late.at(late.police, 1))
    assert {"Give more time", "Ask someone else"} <= page.links.keys()
    page = coordinator.send(coordinator.get(page.links["Close this return without an answer"]), {"reason": "No file."})
    assert "None is late." in page.main
    assert "Give more time" not in coordinator.get(late.at(late.police, 1)).links
    assert the_return(late.returns[late.police][1]).due_on < date(2100, 1, 1)
