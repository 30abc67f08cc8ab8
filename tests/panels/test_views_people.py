"""The pages about a panel's people, its times, and the file for calendars."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.panels import services
from audit_app.panels.models import Panel
from tests.factories.accounts import a_member
from tests.factories.panels import Sitting, finish
from tests.fixtures import CountQueries
from tests.pages import Page, PageClient
from tests.reports.test_calendar_file import read


def as_(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def at_nine(sitting: Sitting, **more: object) -> None:
    """The panel meets from nine till half past ten, unless told otherwise."""
    with transaction():
        db.session.execute(update(Panel).values(**{"starts_at": time(9), "ends_at": time(10, 30), **more}))


def the_panel(sitting: Sitting, browser: PageClient) -> Page:
    return browser.get(sitting.path(f"/panels/{sitting.panel_id}"))


# times


def test_a_coordinator_plans_when_a_panel_begins_and_ends(sitting: Sitting, coordinator: PageClient) -> None:
    with transaction():
        db.session.execute(update(Case).values(released_at=None, released_by_id=None))
    page = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change"))
    assert page.form().values["rates"] == ["paper"]
    shown = coordinator.send(
        page, {"starts_at": "9.30", "ends_at": "11am", "minutes_per_case": "60", "rates": "room", "place": ""}
    )
    assert "9:30 to 11:00" in shown.main
    assert "2 cases of 60 minutes need 2 hours. There is time for 1." in shown.main
    assert "In the room, each first for themselves" in shown.main
    assert [row[2] for row in shown.tables[0][1:]] == ["9:30", "10:30"]
    again = coordinator.get(page.path).form().values
    assert (again["starts_at"], again["ends_at"], again["minutes_per_case"]) == (["9:30"], ["11:00"], ["60"])
    assert again["rates"] == ["room"]


def test_a_new_panel_rates_in_the_room_and_gives_each_child_an_hour(sitting: Sitting, coordinator: PageClient) -> None:
    values = coordinator.get(sitting.path(f"/rounds/{sitting.asked.reference}/panels/new")).form().values
    assert (values["rates"], values["minutes_per_case"], values["starts_at"]) == (["room"], ["60"], [""])


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"starts_at": "nine"}, "Enter the time it begins, such as 9:30 or 2pm."),
        ({"starts_at": "9:30", "ends_at": "25:00"}, "Enter the time it ends, such as 12:30 or 4pm."),
        ({"starts_at": "2pm", "ends_at": "9:30"}, "The panel must end after it begins."),
        ({"ends_at": "9:30"}, "Enter the time it begins, or leave the end empty too."),
        ({"minutes_per_case": "5"}, "Enter a whole number of minutes from 10 to 240."),
        ({"minutes_per_case": "an hour"}, "Enter a whole number of minutes from 10 to 240."),
        ({"minutes_per_case": ""}, "Enter a whole number of minutes from 10 to 240."),
    ],
)
def test_a_time_that_cannot_be_is_one_sentence_and_stays_typed(
    typed: dict[str, str], error: str, sitting: Sitting, coordinator: PageClient
) -> None:
    page = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change"))
    back = coordinator.send(page, typed, status=200)
    assert back.errors == [error]
    assert {name: back.form().values[name] for name in typed} == {name: [text] for name, text in typed.items()}


def test_a_call_is_a_link_and_a_room_is_none(sitting: Sitting, chair: PageClient) -> None:
    assert "Town Hall, room 4" in the_panel(sitting, chair).main
    at_nine(sitting, place="https://call.example/n26 code 4711")
    page = the_panel(sitting, chair)
    assert page.links["https://call.example/n26"] == "https://call.example/n26"
    assert "https://call.example/n26 code 4711" in page.main
    at_nine(sitting, place="javascript:alert(1)")
    assert "javascript:alert(1)" not in the_panel(sitting, chair).links.values()


def test_a_panel_that_is_not_on_paper_leads_to_its_room(sitting: Sitting, client: PageClient) -> None:
    room = sitting.path(f"/panels/{sitting.panel_id}/room")
    assert room not in the_panel(sitting, as_(client, sitting.chair)).links.values()
    at_nine(sitting, is_on_paper=False)
    for person in (sitting.chair, sitting.member, sitting.asked.coordinator):
        assert the_panel(sitting, as_(client, person)).links["Go to the room"] == room
    offered = [row[-1] for row in the_panel(sitting, as_(client, sitting.chair)).tables[0][1:]]
    assert offered[0].startswith(f"Read {sitting.asked.cases[0]}")


# the calendar


def test_whoever_sees_the_panel_gets_it_for_their_calendar(sitting: Sitting, client: PageClient) -> None:
    at_nine(sitting, version=4)
    address = sitting.path(f"/panels/{sitting.panel_id}/calendar.ics")
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    scrutineer = a_member(partnership, Role.SCRUTINEER).id
    for person in (sitting.chair, sitting.member, sitting.note_taker, sitting.asked.coordinator, scrutineer):
        answer = as_(client, person).get(address)
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        found = read(answer.data)
    assert (found["DTSTART"], found["DTEND"]) == ("20260320T090000Z", "20260320T103000Z")
    assert (found["SUMMARY"], found["SEQUENCE"]) == (f"Audit panel {sitting.asked.reference}", "4")
    assert found["LOCATION"] == "Town Hall, room 4"
    page = f"http://localhost{sitting.path(f'/panels/{sitting.panel_id}')}"
    assert found["URL"] == page
    assert found["DESCRIPTION"].endswith(page)
    assert not any(reference in answer.data.decode() for reference in sitting.asked.cases)
    client.as_(a_member(partnership, Role.PANEL_MEMBER)).get(address, status=404)


def test_a_panel_without_a_time_takes_the_day_in_the_calendar(sitting: Sitting, chair: PageClient) -> None:
    link = the_panel(sitting, chair).links["Download it for your calendar"]
    found = read(chair.get(link).data)
    assert (found["DTSTART;VALUE=DATE"], found["DTEND;VALUE=DATE"]) == ("20260320", "20260321")


def test_in_summer_the_file_is_an_hour_before_the_clocks(sitting: Sitting, chair: PageClient) -> None:
    at_nine(sitting, held_on=date(2026, 7, 2), ends_at=None)
    found = read(chair.get(sitting.path(f"/panels/{sitting.panel_id}/calendar.ics")).data)
    assert (found["DTSTART"], found["DTEND"]) == ("20260702T080000Z", "20260702T100000Z")


# who came


def test_the_note_taker_records_who_came(sitting: Sitting, client: PageClient) -> None:
    notes = as_(client, sitting.note_taker)
    page = notes.get(the_panel(sitting, notes).links["Record who came"])
    shown = notes.send(page, {f"came-{sitting.member}": "present", f"came-{sitting.note_taker}": "apologies"})
    assert shown.notices == ["Who came is recorded."]
    assert [row[2] for row in shown.tables[1][1:]] == ["Present", "Sent apologies"]
    page = notes.get(page.path)
    assert page.form().values[f"came-{sitting.member}"] == ["present"]
    assert notes.send(page).notices == ["Nothing was changed."]


def test_whoever_said_meanwhile_that_they_are_here_stays_present(sitting: Sitting, client: PageClient) -> None:
    chair, member = as_(client, sitting.chair), as_(client, sitting.member)
    page = chair.get(sitting.path(f"/panels/{sitting.panel_id}/attendance"))
    member.post(sitting.path(f"/panels/{sitting.panel_id}/here"))
    shown = chair.send(page, {f"came-{sitting.note_taker}": "present"})
    assert [row[2] for row in shown.tables[1][1:]] == ["Present", "Present"]


def test_a_member_says_that_they_are_here_on_the_day(sitting: Sitting, client: PageClient) -> None:
    member = as_(client, sitting.member)
    at_nine(sitting, held_on=clock.today() + timedelta(days=2))
    assert "I am here" not in the_panel(sitting, member).main
    at_nine(sitting, held_on=clock.today())
    page = member.send(the_panel(sitting, member), button="I am here")
    assert page.notices == ["It is recorded that you are here."]
    assert page.tables[1][1][2] == "Present"
    assert "I am here" not in page.main.replace("It is recorded that you are here.", "")
    assert "Record who came" not in page.links
    shown = member.get(sitting.path(f"/panels/{sitting.panel_id}/attendance"))
    assert not shown.forms
    assert shown.tables[0][1] == ["Mo Member", "Present"]


# conflicts of interest


def test_a_member_leaves_themselves_out_of_their_own_case(sitting: Sitting, client: PageClient) -> None:
    member, first = as_(client, sitting.member), sitting.asked.cases[0]
    page = member.get(the_panel(sitting, member).links[f"Nobody is left out of {first}: change"])
    assert page.h1 == f"Conflicts of interest in {first}"
    back = member.send(page, {"reason": ""}, status=200)
    assert back.errors == ["Say what the conflict of interest is."]
    page = member.send(page, {"reason": "Supervises the worker."})
    assert page.notices == [f"It is marked. They are left out of the rating of {first}."]
    assert page.tables[0][1:] == [["Mo Member", "Supervises the worker."]]
    assert not page.forms
    shown = the_panel(sitting, member)
    assert shown.tables[0][1][-2] == f"Mo Member is left out of {first}: change"
    assert shown.tables[1][1][3] == f"{first}: Supervises the worker."


def test_the_chair_marks_a_member_and_takes_the_mark_away(sitting: Sitting, chair: PageClient) -> None:
    address = sitting.path(f"/panels/cases/{sitting.asked.cases[0]}/conflicts")
    page = chair.get(address)
    assert page.form().values["person"] == [""]
    assert chair.send(page, {"reason": "Kin"}, status=200).errors == ["Choose who is left out."]
    page = chair.send(page, {"person": str(sitting.note_taker), "reason": "A cousin of the family."})
    assert "A cousin of the family." in page.main
    page = chair.send(page, button="Take the mark of Nat Notes away")
    assert page.notices == [f"The mark is taken away: they rate {sitting.asked.cases[0]} again."]
    assert "Nobody is left out of the rating of this case." in page.main


def test_a_page_that_came_too_late_says_why_and_keeps_what_was_typed(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.path(f"/panels/cases/{sitting.asked.cases[0]}/conflicts"))
    finish(sitting)
    back = chair.send(page, {"person": str(sitting.member), "reason": "Supervises the worker."}, status=200)
    assert "nobody's part in it changes" in back.errors[0]
    assert back.form().values["reason"] == ["Supervises the worker."]
    assert not chair.get(page.path).forms


def test_conflicts_are_not_there_for_those_who_do_not_sit_on_the_panel(sitting: Sitting, client: PageClient) -> None:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    address = sitting.path(f"/panels/cases/{sitting.asked.cases[0]}/conflicts")
    for role in (Role.PANEL_CHAIR, Role.PANEL_MEMBER, Role.NOTE_TAKER):
        client.as_(a_member(partnership, role)).get(address, status=404)
    scrutineer = client.as_(a_member(partnership, Role.SCRUTINEER))
    scrutineer.get(address, status=403)
    assert the_panel(sitting, scrutineer).tables[0][1][-2] == "Nobody"


def test_a_panel_with_more_people_and_conflicts_asks_no_more(
    sitting: Sitting, chair: PageClient, count_queries: CountQueries
) -> None:
    with count_queries() as few:
        the_panel(sitting, chair)
    by = sitting.actor(sitting.chair)
    for case_id in sitting.cases:
        for person in (sitting.member, sitting.note_taker):
            with transaction():
                services.mark_conflict(case_id, person, reason="Kin.", by=by, at=clock.now())
    with count_queries() as many:
        page = the_panel(sitting, chair)
    assert page.tables[0][1][-2].startswith("Mo Member, Nat Notes")
    assert many.count == few.count
