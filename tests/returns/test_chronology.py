"""An agency's chronology: one by one, pasted, locked, and never seen by another before its time."""

from datetime import date

import pytest

from audit_app.accounts.models import Person
from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.queries import deeds_of_case
from audit_app.returns import queries, services
from audit_app.returns.rules import EVENTS_AT_MOST, Event, Known
from tests.factories.accounts import a_partnership
from tests.factories.returns import (
    Asked,
    a_round_with_agencies,
    an_event,
    fill_in,
    say,
    submit,
    the_return,
)
from tests.fixtures import Clock, CountQueries, Prepared, Together
from tests.pages import Page, PageClient

DAY = date(2026, 1, 5)


def build() -> Asked:
    """Both agencies know the child of the first case, and have recorded nothing yet."""
    made = a_round_with_agencies(cases=2, look_back_months=24)
    for agency, person in ((made.health, made.health_auditor), (made.police, made.police_auditor)):
        say(made.returns[agency][0], Known.KNOWN, made.actor(person))
    return made


@pytest.fixture
def asked(clock: Clock, prepared: Prepared) -> Asked:
    return prepared("two returns under way", build)


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.health_auditor))


def own(asked: Asked) -> int:
    return asked.returns[asked.health][0]


def page_of(asked: Asked, rest: str = "") -> str:
    return f"{asked.at(asked.health)}/chronology{rest}"


def kept(asked: Asked) -> list[tuple[date, str]]:
    db.session.rollback()
    return [(one.happened_on, one.event) for one in queries.events_of_return(asked.partnership_id, own(asked))]


def add(asked: Asked, event: Event, *, is_sure: bool = False) -> None:
    with transaction():
        services.add_event(own(asked), event, is_sure=is_sure, by=asked.actor(asked.health_auditor), at=clock.now())


def change(asked: Asked, event_id: int, event: Event, version: int) -> None:
    by = asked.actor(asked.health_auditor)
    with transaction():
        services.change_event(own(asked), event_id, event, version=version, is_sure=True, by=by, at=clock.now())


# --- one by one ---


def test_an_event_is_added_changed_and_removed_with_each_deed_in_history(asked: Asked, auditor: PageClient) -> None:
    page = auditor.get(page_of(asked))
    assert "No events yet" in page.main
    assert "began on" in page.main
    typed = {"happened_on": ["5", "1", "2026"], "event": "Home without heating", "impact": "Cold", "response": ""}
    page = auditor.send(auditor.get(page_of(asked, "/add")), typed)
    assert page.tables[0][1][:3] == ["5 January 2026", "Home without heating", "Cold"]
    auditor.send(auditor.get(page_of(asked, "/add")), typed)  # the same again, as by the back button
    assert kept(asked) == [(DAY, "Home without heating")]
    page = auditor.send(auditor.get(page.links["Change the event of 5 January 2026"]), {"event": "No heating"})
    assert "No heating" in page.main
    page = auditor.get(page.links["Remove the event of 5 January 2026"])
    assert "It is deleted for good" in page.main
    auditor.send(page)
    assert kept(asked) == []
    words = [deed.words for deed in deeds_of_case(asked.partnership_id, the_return(own(asked)).case_id)]
    assert "removed an event from the chronology" in words[0]
    assert "saved events in the chronology" in words[1]
    assert "heating" not in " ".join(words)


def test_a_doubtful_date_is_asked_about_once_and_a_typing_slip_comes_back(asked: Asked, auditor: PageClient) -> None:
    typed = {"happened_on": ["5", "3", "2026"], "event": "A meeting"}
    page = auditor.send(auditor.get(page_of(asked, "/add")), typed, status=200)
    assert page.errors == ["This date is in the future. If it is right, save again."]
    assert kept(asked) == []
    other = auditor.send(page, {"happened_on": ["6", "3", "2026"]}, status=200)  # another doubtful one is asked again
    auditor.send(other)
    assert kept(asked) == [(date(2026, 3, 6), "A meeting")]
    page = auditor.send(
        auditor.get(page_of(asked, "/add")), {"happened_on": ["31", "2", "2026"], "event": "x" * 4001}, status=200
    )
    assert page.errors == ["The day must be a real date.", "What happened must be 4,000 characters or fewer."]
    assert "x" * 4001 in page.html
    page = auditor.send(page, {"happened_on": ["5", "3", "1901"], "event": "A birth"}, status=200)
    assert page.errors == ["The date is more than 100 years ago. Check its year."]


def test_an_event_outside_the_look_back_period_is_marked(asked: Asked, auditor: PageClient) -> None:
    add(asked, Event(date(2019, 5, 1), "A first referral"))
    add(asked, Event(DAY, "Home without heating"))
    rows = auditor.get(page_of(asked)).tables[0]
    assert [row[0] for row in rows[1:]] == ["1 May 2019 Outside the look-back period", "5 January 2026"]


def test_of_two_changes_the_second_is_shown_beside_the_first(asked: Asked, auditor: PageClient) -> None:
    event_id = an_event(own(asked), asked.actor(asked.health_auditor))
    page = auditor.get(page_of(asked, f"/{event_id}/change"))
    removing = auditor.get(page_of(asked, f"/{event_id}/remove"))
    change(asked, event_id, Event(DAY, "Their words", "Their impact"), version=1)
    page = auditor.send(page, {"event": "My words"}, status=200)
    assert "Someone else saved this while you were working." in page.errors[0]
    assert "Their impact" in page.main
    assert page.form().values["event"] == ["My words"]
    removing = auditor.send(removing, status=200)
    assert removing.errors == ["A colleague changed this event meanwhile. It is shown as it is now."]
    assert "Their words" in removing.main
    auditor.send(page)
    assert kept(asked) == [(DAY, "My words")]
    with pytest.raises(Stale):
        change(asked, event_id, Event(DAY, "Old"), version=2)


# --- pasted ---


def test_a_paste_is_looked_at_first_and_taken_only_when_confirmed(asked: Asked, auditor: PageClient) -> None:
    add(asked, Event(DAY, "Home without heating"))
    text = (
        "Date\tWhat happened\tImpact\tAction taken\n"
        '5/1/2026\thome  without heating\t\t\n7/1/2026\t"Police\ncalled"\tAfraid\tVisit\n'
        "soon\tSchool rang\t\t\n1/2/2027\tA review\t\t\n"
    )
    page = auditor.send(auditor.get(page_of(asked, "/paste")), {"text": text}, button="Check these rows", status=200)
    assert "2 events to add" in page.main
    assert "This date is in the future." in page.main
    assert "1 row left out" in page.main
    assert page.tables[1][1] == ["4", "Date", "soon", "this is not a date"]
    assert page.form().values["text"] == ["Date\tWhat happened\tImpact\tAction taken\nsoon\tSchool rang\t\t"]
    assert len(kept(asked)) == 1
    page = auditor.send(page, {"text": "8/1/2026\tSchool rang"}, button="Check again", status=200)
    assert "3 events to add" in page.main
    page = auditor.send(page, button="Add these 3 events")
    assert "3 events added." in page.notices[0]
    assert [event for _, event in kept(asked)] == [
        *("Home without heating", "Police\ncalled", "School rang", "A review"),
    ]
    page = auditor.send(auditor.get(page_of(asked, "/paste")), {"text": text}, button="Check these rows", status=200)
    assert "3 rows left out" in page.main


def test_rows_that_are_not_mended_stay_in_the_box_when_the_others_are_taken(asked: Asked, auditor: PageClient) -> None:
    text = "7/1/2026\tPolice called\nsoon\tSchool rang"
    page = auditor.send(auditor.get(page_of(asked, "/paste")), {"text": text}, button="Check these rows", status=200)
    page = auditor.send(page, button="Add this event", status=200)
    assert page.form().values["text"] == ["soon\tSchool rang"]
    assert page.form().values["ready"] == [""]
    assert kept(asked) == [(date(2026, 1, 7), "Police called")]
    page = auditor.send(page, {"text": "  "}, button="Check again", status=200)
    assert page.errors == ["Paste some rows first."]


def test_a_chronology_has_a_limit_and_a_paste_that_breaks_it_adds_nothing(asked: Asked, auditor: PageClient) -> None:
    by, many = asked.actor(asked.health_auditor), [Event(DAY, f"Event {one}") for one in range(EVENTS_AT_MOST)]
    with transaction():
        assert services.add_events(own(asked), many, by=by, at=clock.now()).added == EVENTS_AT_MOST
    with pytest.raises(Refused, match="at most 500 events"):
        add(asked, Event(DAY, "One more"))
    page = auditor.send(
        auditor.get(page_of(asked, "/paste")), {"text": "7/1/2026\tMore"}, button="Check these rows", status=200
    )
    assert "at most 500 events. This one has 500." in page.main
    assert "Add this event" not in page.form().buttons
    assert len(kept(asked)) == EVENTS_AT_MOST


# --- who, and when ---


def test_a_submitted_return_is_locked_on_every_door_and_nothing_pasted_is_lost(
    asked: Asked, auditor: PageClient
) -> None:
    by = asked.actor(asked.health_auditor)
    event_id = an_event(own(asked), by)
    pages = [auditor.get(page_of(asked, rest)) for rest in ("/add", f"/{event_id}/change", f"/{event_id}/remove")]
    paste = auditor.send(
        auditor.get(page_of(asked, "/paste")), {"text": "7/1/2026\tMore"}, button="Check these rows", status=200
    )
    fill_in(own(asked), by)
    submit(own(asked), by)
    typed = {"happened_on": ["5", "1", "2026"], "event": "Too late"}
    for page, filled in zip(pages, (typed, typed, {}), strict=True):
        answer = auditor.send(page, filled, status=200)
        assert "This return was submitted and can no longer be changed." in answer.main
    answer = auditor.send(paste, button="Add this event", status=200)
    assert "2026-01-07\tMore" in answer.form().values["text"][0]
    assert kept(asked) == [(DAY, "Home without heating")]
    page = auditor.get(page_of(asked))
    assert "Change the event of 5 January 2026" not in page.links
    assert "Home without heating" in auditor.get(asked.at(asked.health)).main


def test_an_empty_chronology_is_said_before_submitting_and_hinders_nothing(asked: Asked, auditor: PageClient) -> None:
    by = asked.actor(asked.health_auditor)
    fill_in(own(asked), by)
    assert "yours is empty, and the panel" in auditor.get(f"{asked.at(asked.health)}/submit").main
    an_event(own(asked), by)
    assert "yours is empty" not in auditor.get(f"{asked.at(asked.health)}/submit").main


def test_another_agency_another_partnership_and_another_return_are_not_there(asked: Asked, client: PageClient) -> None:
    event_id = an_event(own(asked), asked.actor(asked.health_auditor))
    other, police = asked.actor(asked.police_auditor), client.as_(db.session.get_one(Person, asked.police_auditor))
    for rest in ("", "/add", f"/{event_id}/change", f"/{event_id}/remove", "/paste"):
        police.get(page_of(asked, rest), status=404)
    stranger = a_round_with_agencies(a_partnership())
    for by in (other, stranger.actor(stranger.health_auditor)):
        with pytest.raises(NotHere), transaction():
            services.add_event(own(asked), Event(DAY, "x"), is_sure=True, by=by, at=clock.now())
        with pytest.raises(NotHere), transaction():
            services.add_events(own(asked), [Event(DAY, "x")], by=by, at=clock.now())
    with pytest.raises(NotHere), transaction():
        services.remove_event(asked.returns[asked.police][0], event_id, version=1, by=other)
    assert not other.has(Role.COORDINATOR)


def test_of_two_removals_at_once_one_finds_nothing_any_more(asked: Asked, together: Together) -> None:
    by = asked.actor(asked.health_auditor)
    event_id = an_event(own(asked), by)

    def remove() -> None:
        with transaction():
            services.remove_event(own(asked), event_id, version=1, by=by)

    results = together(remove, remove)
    assert [type(one) for one in results if one is not None] == [NotHere]


def test_the_page_costs_the_same_for_one_event_and_for_thirty(
    asked: Asked, auditor: PageClient, count_queries: CountQueries
) -> None:
    by = asked.actor(asked.health_auditor)
    an_event(own(asked), by)
    with count_queries() as before:
        auditor.get(page_of(asked))
    with transaction():
        services.add_events(own(asked), [Event(DAY, f"Event {one}") for one in range(29)], by=by, at=clock.now())
    with count_queries() as after:
        auditor.get(page_of(asked))
    assert before.count == after.count <= 10


def test_the_texts_of_a_chronology_say_where_they_stand(asked: Asked, auditor: PageClient) -> None:
    event_id = an_event(own(asked), asked.actor(asked.health_auditor))
    found = queries.texts_of_chronology(asked.partnership_id, own(asked))
    assert found[0] == ("Chronology, 5 January 2026: event", f"event-{event_id}", "Home without heating")
    assert [where.rsplit(": ")[1] for where, _, _ in found] == ["event", "impact", "response"]
    page: Page = auditor.get(page_of(asked))
    assert f'id="event-{event_id}"' in page.html
