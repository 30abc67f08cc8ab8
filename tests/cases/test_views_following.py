"""The pages of what follows an immediate concern."""

from datetime import timedelta
from typing import Any

from audit_app.accounts.models import DelegatedPartner, Person
from audit_app.accounts.queries import agency_for_change
from audit_app.accounts.rules import Role
from audit_app.cases import queries, services
from audit_app.cases.models import Concern
from audit_app.cases.rules import EntryKind
from audit_app.core.db import db, transaction
from audit_app.history.queries import deeds_of_case
from audit_app.rounds.models import Round
from tests.cases.conftest import Place
from tests.factories.accounts import a_member, a_person, an_agency, saved
from tests.factories.cases import a_case, a_concern
from tests.fixtures import Clock, CountQueries
from tests.page_checks import words
from tests.pages import PageClient
from tests.query_plans import QueryPlans

CONCERN = {
    "told_whom": "Jo Duty, duty team",
    "told_on": ["4", "3", "2026"],
    "told_time": "9:40",
    "agreed": "A visit today",
    "worry": "No food in the house",
}
PASSED_ON = {
    "route": "allegation",
    "noticed_on": ["3", "3", "2026"],
    "noticed_time": "10:00",
    "passed_to": "The designated officer",
    "passed_on": ["4", "3", "2026"],
    "passed_time": "9:30",
}


def test_a_concern_is_followed_to_its_end_on_its_page(place: Place) -> None:
    had = place.contact.send(place.shown_to(place.contact), action="/acknowledge")
    assert "less than a minute after it was raised, by Sam Contact" in had.main
    assert "I have this" not in place.shown_to(place.coordinator).main
    noted = place.contact.send(
        place.contact.get(had.links["Add a note"]), {"words": "The visit is at four"}, status=302
    )
    assert noted.headers["Location"] == had.path
    form = place.social_worker.get(place.shown_to(place.social_worker).links["Record the outcome"])
    assert place.social_worker.send(form, {"words": ""}, status=200).errors == ["Write what came of it."]
    place.social_worker.send(form, {"words": "Seen at home: safe"})
    answering = place.auditor.get(place.shown_to(place.auditor).links["Agree or disagree"])
    assert "Seen at home: safe" in answering.main
    unsaid = place.auditor.send(answering, {"answer": "disagree"}, status=200)
    assert unsaid.errors == ["Say why you do not agree."]
    closed = place.auditor.send(answering, {"answer": "agree"})
    assert "The concern is closed." in closed.notices
    order = [closed.main.index(words) for words in ("Acknowledged", "The visit is at four", "Outcome agreed: closed")]
    assert order == sorted(order)
    place.contact.get(place.at(f"concerns/{place.concern.id}/note"), status=409)


def test_the_identity_sheet_opens_for_a_concern_with_brothers_and_sisters_on_it(place: Place) -> None:
    assert "Robin" not in place.shown_to(place.contact).html
    opened = place.contact.send(place.shown_to(place.contact), action="/identity", status=200)
    for fact in ("Robin Invented", "3 May 2019", "Jo Invented", "Two younger ones"):
        assert fact in opened.main
    assert "Robin" not in opened.title
    place.contact.get(place.at(f"concerns/{place.concern.id}/identity"), status=405)
    place.auditor.post(place.at(f"concerns/{place.concern.id}/identity"), status=409)
    assert [deed.event for deed in deeds_of_case(place.partnership.id, place.case.id)] == [
        "identity_opened_for_concern"
    ]


def test_an_open_concern_shows_on_every_page_of_those_who_were_told(place: Place, client: PageClient) -> None:
    for person in (place.contact, place.coordinator, place.auditor, place.social_worker):
        page = person.get(place.at())
        assert f"{place.case.reference}, not acknowledged since today at 10:00" in page.text
        assert f"/concerns/{place.concern.id}" in page.html
    outsider = client.as_(a_member(place.partnership, Role.AUDITOR, agency=an_agency(place.partnership)))
    for person in (outsider, place.administrator):
        assert "An immediate concern is open" not in person.get(place.at()).text
    place.contact.send(place.shown_to(place.contact), action="/acknowledge")
    assert "Sam Contact has it, no outcome yet" in place.auditor.get(place.at()).text


def test_a_page_costs_no_statement_more_until_a_concern_is_open(place: Place, count_queries: CountQueries) -> None:
    path = place.at("returns")
    place.auditor.get(path)
    with count_queries() as with_one:
        place.auditor.get(path)
    with transaction():
        concern = db.session.get_one(Concern, place.concern.id)
        concern.is_open = False
        concern.state, concern.closed_at, concern.closed_by_name = "closed", concern.raised_at, "Kim"  # type: ignore[assignment]
    with count_queries() as with_none:
        place.auditor.get(path)
    assert with_one.count == with_none.count + 1
    assert not [one for one in with_none.statements if "FROM concern JOIN" in one]


def test_who_is_late_and_that_no_delegated_partner_is_set_is_said_to_coordinators(place: Place, clock: Clock) -> None:
    assert "Nobody has acknowledged" not in place.shown_to(place.coordinator).main
    clock.forward(minutes=40)
    page = place.shown_to(place.coordinator)
    assert "Nobody has acknowledged this in time." in page.main
    assert "No delegated partner is set" in page.main
    listed = place.coordinator.get(place.at("concerns"))
    assert "No delegated partner is set" in listed.main
    assert "Late: due today at 10:30" in listed.main
    assert "0 of 1 acknowledged in the set time" in listed.main
    assert "in the set time" not in place.auditor.get(place.at("concerns")).main


def test_which_agency_holds_the_case_can_be_changed_by_those_who_were_told(place: Place) -> None:
    page = place.shown_to(place.coordinator)
    form = place.coordinator.get(page.links["Change which agency holds the case"])
    shown = place.coordinator.send(form, {"agency": str(place.health.id)})
    assert "Agency holding the case: The trust" in shown.main
    assert "Change which agency" not in place.shown_to(place.auditor).main
    assert "Dee Deputy, 01632 960007" in shown.main


def test_the_lists_ask_as_often_for_thirty_as_for_one(place: Place, count_queries: CountQueries) -> None:
    passing = place.auditor.get(place.at(f"cases/{place.case.reference}/concern/something-else"))
    place.auditor.send(passing, PASSED_ON)
    paths = [place.at("passed-on"), place.at("concerns"), place.at(f"concerns/{place.concern.id}")]
    counts = []
    for more in (0, 29):
        for number in range(more):
            a_concern(place.case, a_person(), place.health)
            place.auditor.send(passing, {**PASSED_ON, "passed_to": f"Officer {number}"}, status=302)
        for path in paths:
            place.coordinator.get(path)
            with count_queries() as counted:
                place.coordinator.get(path)
            counts.append(counted.count)
    assert counts[:3] == counts[3:]


def test_no_page_on_concerns_reads_a_growing_table_whole(place: Place, query_plans: QueryPlans) -> None:
    closed: dict[str, Any] = {
        "is_open": False,
        "state": "closed",
        "closed_at": place.concern.raised_at,
        "closed_by_name": "Kim",
    }
    found, raiser = db.session.get_one(Round, place.case.round_id), a_person()
    with transaction():
        for _ in range(20):
            case = a_case(found)
            for _ in range(10):
                a_concern(case, raiser, **closed, raised_at=place.concern.raised_at - timedelta(days=500))
    with query_plans() as plans:
        for path in ("", "concerns", f"concerns/{place.concern.id}", f"cases/{place.case.reference}"):
            place.coordinator.get(place.at(path))
            place.auditor.get(place.at(path))
        place.contact.send(place.shown_to(place.contact), action="/acknowledge")
        place.auditor.get(place.at("passed-on"))
    # PostgreSQL reads so short a table backwards along its key until it has enough for a list.
    is_sqlite = db.engine.dialect.name == "sqlite"
    about = [one for one in plans.wide() if one.startswith(("concern", "passed_on"))]
    assert [one for one in about if is_sqlite or "is_open = true" in one] == []


def first_step(place: Place, person: PageClient) -> str:
    """The first thing to do on a person's home page, with how pressing it is."""
    page = person.get(place.at())
    item = next((one for one in page.tree.iter("li") if "task-list__item" in (one.get("class") or "")), None)
    return words(item)


def test_an_open_concern_is_the_first_thing_to_do_until_one_has_done_it(place: Place) -> None:
    reference = place.case.reference
    told = (
        f"Say that you have the immediate concern about {reference} Nobody has said yet that they have it. Read first"
    )
    assert [first_step(place, one) for one in (place.contact, place.coordinator)] == [told, told]
    ringing = f"Ring those who must know of the immediate concern about {reference}"
    assert first_step(place, place.auditor).startswith(ringing)
    place.contact.send(place.shown_to(place.contact), action="/acknowledge")
    assert "Waiting for the agency holding the case to record the outcome." in place.coordinator.get(place.at()).main
    asked = place.social_worker.get(place.at()).links[f"Record what came of the immediate concern about {reference}"]
    form = place.social_worker.get(place.social_worker.get(asked).links["Record the outcome"])
    place.social_worker.send(form, {"words": "Seen at home: safe"})
    agreeing = f"Say whether you agree with the outcome of the immediate concern about {reference} Read first"
    assert [first_step(place, one) for one in (place.contact, place.auditor)] == [agreeing] * 2
    assert first_step(place, place.coordinator) != agreeing
    answering = place.auditor.get(place.shown_to(place.auditor).links["Agree or disagree"])
    place.auditor.send(answering, {"answer": "agree"})
    for person in (place.contact, place.coordinator, place.social_worker, place.auditor):
        assert "immediate concern" not in person.get(place.at()).main
    assert "Nothing waits for you" in place.contact.get(place.at()).main


def test_whoever_raised_it_rings_the_others_and_is_not_told_of_themselves(place: Place) -> None:
    with transaction():
        raiser = db.session.get_one(Person, place.concern.raised_by_id)
        health = agency_for_change(place.partnership.id, place.health.id)
        health.contact_name, health.contact_email = raiser.name, raiser.email.upper()
    raising = place.auditor.get(place.at(f"cases/{place.case.reference}/concern"))
    assert raising.main.count("distressing") == 1
    assert raising.links["999"] == "tel:999"
    shown = place.auditor.send(raising, CONCERN)
    assert "so nobody is told. Now ring Kim Coordinator, " in shown.notices[0]
    assert "Ada Auditor" not in shown.notices[0]
    step = shown.main[shown.main.index("Now ring these people") : shown.main.index("Raised by")]
    assert "Dee Deputy" in step
    assert "01632 960007" in step
    assert "Kim Coordinator, coordinator" in step
    assert "Ada Auditor" not in step
    assert "I have this" not in step
    had = place.auditor.send(shown, action="/acknowledge")  # they are the agency's contact, and may
    assert "by Ada Auditor" in had.main
    assert "Now ring" not in had.main.replace(had.notices[0], "")


def test_telephone_numbers_are_rung_by_a_press(place: Place) -> None:
    links = place.shown_to(place.coordinator).links
    assert links["01632 960007"] == "tel:01632960007"
    assert links["999"] == "tel:999"
    assert links[place.partnership.front_door_phone].startswith("tel:")


def test_the_outcome_stands_first_and_says_who_may_agree(place: Place) -> None:
    form = place.social_worker.get(place.shown_to(place.social_worker).links["Record the outcome"])
    assert form.links["Cancel"] == place.at(f"concerns/{place.concern.id}")
    page = place.social_worker.send(form, {"words": "Seen at home: safe"})
    waiting = f"Waiting for someone of another agency to agree: The trust ({place.health.contact_name} or Dee Deputy)."
    order = [page.main.index(one) for one in ("Seen at home: safe", waiting, "Raised by")]
    assert order == sorted(order)
    place.social_worker.get(place.at(f"concerns/{place.concern.id}/agreement"), status=409)
    assert "Agree or disagree" not in place.shown_to(place.coordinator).links
    answering = place.contact.get(place.shown_to(place.contact).links["Agree or disagree"])
    assert "Cancel" in answering.links
    closed = place.contact.send(answering, {"answer": "agree"})
    assert closed.main.index("Seen at home: safe") < closed.main.index("Raised by")
    assert "Waiting for someone" not in closed.main


def test_a_delegated_partner_who_was_told_reads_and_acknowledges_it_once(
    place: Place, client: PageClient, clock: Clock
) -> None:
    member = a_member(place.partnership, Role.BOARD_MEMBER, name="Cath Partner")
    saved(
        DelegatedPartner(
            partnership_id=place.partnership.id, name="Cath", organisation="The council", email=member.email.upper()
        )
    )
    partner = client.as_(member)
    partner.get(place.at(f"concerns/{place.concern.id}"), status=404)
    clock.forward(minutes=40)
    services.escalate_unacknowledged()
    assert first_step(place, partner).startswith("Say that you have the immediate concern")
    page = place.shown_to(partner)
    for _ in range(2):
        assert "after it was raised, by Cath Partner" in partner.send(page, action="/acknowledge").main
    assert [line.kind for line in queries.concern_log(place.partnership.id, place.concern.id)].count(
        EntryKind.ACKNOWLEDGED
    ) == 1
