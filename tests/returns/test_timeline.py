"""All agencies' chronologies on one line: who sees how much of it, and what the page shows."""

from datetime import date

import pytest

from audit_app.accounts.models import Person
from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere
from audit_app.panels.models import PanelMember
from audit_app.returns import queries, services
from audit_app.returns.models import ChronologyEvent
from audit_app.returns.rules import Event, Known
from tests.factories.accounts import a_partnership
from tests.factories.panels import Sitting, a_sitting, finish, release
from tests.factories.returns import a_round_with_agencies, a_voice, an_event, fill_in, say, submit
from tests.fixtures import Clock, CountQueries, Prepared
from tests.pages import Page, PageClient

HEATING, POLICE = "Home without heating", "Police were called at night"


def write(sitting: Sitting) -> Sitting:
    """Both agencies have written: health in March and July 2025, police in March 2025 and long before."""
    asked = sitting.asked
    health, police = asked.actor(asked.health_auditor), asked.actor(asked.police_auditor)
    for agency, by in ((asked.health, health), (asked.police, police)):
        say(asked.returns[agency][0], Known.KNOWN, by)
        fill_in(asked.returns[agency][0], by)
    an_event(asked.returns[asked.health][0], health, date(2025, 3, 20), HEATING)
    an_event(asked.returns[asked.health][0], health, date(2025, 7, 25), "Weighed, and had lost weight")
    an_event(asked.returns[asked.police][0], police, date(2025, 3, 10), POLICE)
    an_event(asked.returns[asked.police][0], police, date(2019, 1, 10), "An older call")
    a_voice(asked.returns[asked.health][0], health)
    return sitting


def build() -> Sitting:
    return write(a_sitting(cases=1, is_handed_over=False))


def build_released() -> Sitting:
    sitting = build()
    asked = sitting.asked
    submit(asked.returns[asked.health][0], asked.actor(asked.health_auditor))
    submit(asked.returns[asked.police][0], asked.actor(asked.police_auditor))
    release(sitting, 0)
    return sitting


@pytest.fixture
def writing(clock: Clock, prepared: Prepared) -> Sitting:
    return prepared("two chronologies being written", build)


@pytest.fixture
def released(clock: Clock, prepared: Prepared) -> Sitting:
    return prepared("two chronologies at their panel", build_released)


def line_of(client: PageClient, sitting: Sitting, person_id: int, **query: str) -> Page:
    browser = client.as_(db.session.get_one(Person, person_id))
    return browser.get(sitting.path(f"/cases/{sitting.asked.cases[0]}/timeline"), status=200, **query)


def sees(page: Page) -> tuple[bool, bool]:
    """Whether the page's source has anything of health's and of police's chronology."""
    return HEATING in page.html, POLICE in page.html


def test_before_the_release_each_agency_sees_its_own_line_and_the_panel_none(
    writing: Sitting, client: PageClient
) -> None:
    asked = writing.asked
    page = line_of(client, writing, asked.health_auditor)
    assert sees(page) == (True, False)
    assert "Only your own agency's events are here." in page.main
    assert "4 months in which your agency recorded nothing: 20 March 2025 to 25 July 2025" in page.main
    assert sees(line_of(client, writing, asked.police_auditor)) == (False, True)
    assert sees(line_of(client, writing, asked.coordinator)) == (False, False)
    for person in (writing.chair, writing.member):
        browser = client.as_(db.session.get_one(Person, person))
        browser.get(writing.path(f"/cases/{asked.cases[0]}/timeline"), status=404)
    submit(asked.returns[asked.health][0], asked.actor(asked.health_auditor))
    page = line_of(client, writing, asked.coordinator)
    assert sees(page) == (True, False)
    assert "not released to its panel yet" in page.main
    assert "(in progress)" in page.main
    assert sees(line_of(client, writing, asked.police_auditor)) == (False, True)


def test_a_coordinator_who_sits_on_the_panel_is_as_blind_as_anyone(writing: Sitting, client: PageClient) -> None:
    asked = writing.asked
    submit(asked.returns[asked.health][0], asked.actor(asked.health_auditor))
    with transaction():
        db.session.add(
            PanelMember(
                partnership_id=asked.partnership_id,
                panel_id=writing.panel_id,
                person_id=asked.coordinator,
                agency_id=asked.police,
            )
        )
    page = line_of(client, writing, asked.coordinator)
    assert sees(page) == (False, False)
    assert "Somebody could have asked me." not in page.html


def test_from_the_release_the_panel_reads_one_line_with_its_silences(released: Sitting, client: PageClient) -> None:
    asked = released.asked
    page = line_of(client, released, released.chair)
    assert sees(page) == (True, True)
    places = [page.main.index(words) for words in ("An older call", POLICE, HEATING, "Weighed, and had lost weight")]
    assert places == sorted(places)
    assert "4 months in which no agency recorded anything: 20 March 2025 to 25 July 2025" in page.main
    assert "7 months in which no agency recorded anything: 25 July 2025 to 4 March 2026" in page.main
    assert page.main.count("in which no agency recorded anything") == 2
    silent = {row[0]: row[1:] for row in page.tables[0][1:]}
    assert len(silent) == 2
    assert any("11 of the 12 months looked at: 10 March 2025 to 4 March 2026" in row[2] for row in silent.values())
    assert (
        "All agencies' chronologies on one time line"
        in client.as_(db.session.get_one(Person, released.chair)).get(released.at()).links
    )
    assert sees(line_of(client, released, asked.health_auditor)) == (True, False)


def test_the_line_is_filtered_by_agency_in_its_address(released: Sitting, client: PageClient) -> None:
    page = line_of(client, released, released.chair, agency=str(released.asked.police))
    assert sees(page) == (False, True)
    assert "recorded nothing: 10 March 2025 to 4 March 2026" in page.main
    assert len(page.tables[0]) == 3
    assert sees(line_of(client, released, released.chair, agency="nonsense")) == (True, True)


def test_voices_are_on_the_panels_page_and_once_agreed_the_round_may_show_auditors_the_rest(
    released: Sitting, client: PageClient
) -> None:
    chair = client.as_(db.session.get_one(Person, released.chair))
    page = chair.get(released.at())
    assert "Somebody could have asked me." in page.main
    assert "May be used: inside the partnership" in page.main
    finish(released)
    assert sees(line_of(client, released, released.asked.police_auditor)) in {(False, True), (True, True)}


def test_an_agency_that_gave_no_chronology_is_said_so_and_not_called_silent(
    writing: Sitting, client: PageClient
) -> None:
    asked = writing.asked
    with transaction():
        for event in db.session.query(ChronologyEvent).filter_by(return_id=asked.returns[asked.police][0]):
            db.session.delete(event)
    page = line_of(client, writing, asked.police_auditor)
    assert page.tables[0][1][1:] == ["0", "0", "No chronology yet"]
    submit(asked.returns[asked.health][0], asked.actor(asked.health_auditor))
    submit(asked.returns[asked.police][0], asked.actor(asked.police_auditor))
    release(writing, 0)
    rows = line_of(client, writing, writing.chair).tables[0][1:]
    assert sorted(row[3] == "Gave no chronology" for row in rows) == [False, True]
    assert any("of the 12 months looked at" in row[3] for row in rows)


def test_another_partnership_sees_no_line(released: Sitting) -> None:
    stranger = a_round_with_agencies(a_partnership())
    for person in (stranger.coordinator, stranger.health_auditor):
        viewer = stranger.actor(person)
        with pytest.raises(NotHere):
            queries.case_of_line(viewer, released.asked.cases[0], today=clock.today())
        assert queries.agencies_of_line(viewer, released.cases[0]) == []
    assert released.actor(released.chair).has(Role.PANEL_CHAIR)


def test_a_line_costs_the_same_for_four_events_and_for_sixty(
    writing: Sitting, client: PageClient, count_queries: CountQueries
) -> None:
    asked = writing.asked
    with count_queries() as before:
        line_of(client, writing, asked.health_auditor)
    by, many = asked.actor(asked.health_auditor), [Event(date(2025, 6, 1), f"Event {one}") for one in range(60)]
    with transaction():
        services.add_events(asked.returns[asked.health][0], many, by=by, at=clock.now())
    with count_queries() as after:
        line_of(client, writing, asked.health_auditor)
    assert before.count == after.count <= 10
