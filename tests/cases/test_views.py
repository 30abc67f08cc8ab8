"""The pages about cases: lists, identity sheets, immediate concerns."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import func, select

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.queries import agency_here
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case, Concern
from audit_app.cases.queries import sheet_for_key_holder
from audit_app.core.db import db, transaction
from audit_app.history.queries import deeds_of_case
from audit_app.messages.models import Message
from audit_app.rounds.models import Round, RoundAgency
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_membership, a_partnership, a_person, an_agency, saved
from tests.factories.cases import SHEET, a_case, a_concern
from tests.factories.rounds import a_round
from tests.fixtures import Clock, CountQueries
from tests.pages import PageClient

CONCERN = {
    "told_whom": "Jo Duty, duty team",
    "told_on": ["4", "3", "2026"],
    "told_time": "9:40",
    "agreed": "A visit today",
    "worry": "No food in the house",
}


@dataclass(frozen=True)
class Place:
    """A round with one case that one agency is asked about."""

    partnership: Partnership
    found: Round
    asked: Agency
    case: Case
    key_holder: PageClient
    auditor: PageClient
    coordinator: PageClient

    def at(self, path: str = "") -> str:
        return f"/p/{self.partnership.slug}/cases/{self.case.reference}{path}"

    @property
    def round_path(self) -> str:
        return f"/p/{self.partnership.slug}/rounds/{self.found.reference}"

    def events(self) -> list[str]:
        return [deed.event for deed in deeds_of_case(self.partnership.id, self.case.id)]


@pytest.fixture
def place(client: PageClient, clock: Clock) -> Place:
    partnership = a_partnership(front_door_name="the First Response Team", front_door_phone="01632 960111")
    asked = an_agency(partnership)
    found = a_round(partnership, state=RoundState.RETURNS)
    saved(RoundAgency(partnership_id=partnership.id, round_id=found.id, agency_id=asked.id))
    return Place(
        partnership,
        found,
        asked,
        a_case(found, asked, position=1),
        client.as_(a_member(partnership, Role.KEY_HOLDER)),
        client.as_(a_member(partnership, Role.AUDITOR, agency=asked)),
        client.as_(a_member(partnership, Role.COORDINATOR)),
    )


def test_the_cases_of_a_round_are_listed_to_those_who_may_know_of_them(place: Place, client: PageClient) -> None:
    a_case(place.found, position=2)
    for person, cases in ((place.coordinator, 2), (place.key_holder, 2), (place.auditor, 1)):
        table = person.get(f"{place.round_path}/cases").tables[0]
        assert len(table) == 1 + cases
        assert table[1][0] == place.case.reference
    stranger = client.as_(a_member(place.partnership, Role.AUDITOR, agency=an_agency(place.partnership)))
    stranger.get(f"{place.round_path}/cases", status=404)


def test_a_round_without_cases_says_where_they_come_from(place: Place) -> None:
    empty = a_round(place.partnership, state=RoundState.SAMPLING)
    page = place.coordinator.get(f"/p/{place.partnership.slug}/rounds/{empty.reference}/cases")
    assert "No cases yet" in page.main


@pytest.mark.parametrize("path", ["cases", "identity"])
def test_a_list_asks_the_database_as_often_for_thirty_cases_as_for_one(
    place: Place, count_queries: CountQueries, path: str
) -> None:
    place.key_holder.get(f"{place.round_path}/{path}")
    with count_queries() as one:
        place.key_holder.get(f"{place.round_path}/{path}")
    for position in range(2, 31):
        a_case(place.found, place.asked, position=position)
    with count_queries() as thirty:
        place.key_holder.get(f"{place.round_path}/{path}")
    assert thirty.count == one.count, thirty


def test_the_key_holder_completes_a_sheet(place: Place) -> None:
    listed = place.key_holder.get(f"{place.round_path}/identity")
    assert "0 of 1 sheets saved" in listed.main
    opened = place.key_holder.send(listed, action="/identity/open", status=200)
    assert str(10_000_000 + place.case.id) in opened.main
    assert opened.form(action="/identity").values["born_on"] == ["3", "5", "2019"]
    assert "Robin" not in opened.title
    typed = {"names": SHEET.names, "addresses": SHEET.addresses, "carers": SHEET.carers}
    saved_page = place.key_holder.send(opened, typed)
    assert "1 of 1 sheets saved" in saved_page.main
    assert "the coordinator sends the cases" in saved_page.main
    assert "is saved" in saved_page.notices[0]
    assert sheet_for_key_holder(place.partnership.id, place.case.id).sheet.names == SHEET.names
    assert place.events() == ["identity_sheet_saved", "identity_opened"]


def test_a_sheet_with_a_gap_comes_back_with_what_was_typed(place: Place) -> None:
    opened = place.key_holder.post(place.at("/identity/open"), status=200)
    page = place.key_holder.send(opened, {"names": "Robin Invented"}, status=200)
    assert page.errors == [
        "The sheet lacks an address and a parent or carer. Add what is missing, or say why it is not known."
    ]
    assert page.form(action="/identity").values["names"] == ["Robin Invented"]
    done = place.key_holder.send(page, {"missing_reason": "The family is on the move."})
    assert "Saved with gaps" in done.main


def test_a_stale_sheet_comes_back_with_both_texts(place: Place) -> None:
    opened = place.key_holder.post(place.at("/identity/open"), status=200)
    typed = {"names": "First", "addresses": "A", "carers": "B"}
    place.key_holder.send(opened, typed)
    page = place.key_holder.send(opened, {**typed, "names": "Second"}, status=200)
    assert "Someone else saved this" in page.errors[0]
    assert "What is saved now" in page.main
    assert "First" in page.main
    assert page.form(action="/identity").values["names"] == ["Second"]
    place.key_holder.send(page)
    assert sheet_for_key_holder(place.partnership.id, place.case.id).sheet.names == "Second"


def test_a_page_that_is_only_read_shows_no_identity(place: Place) -> None:
    number = str(10_000_000 + place.case.id)
    for path in (place.at("/identity"), f"{place.round_path}/identity", f"{place.round_path}/cases"):
        page = place.key_holder.get(path)
        assert number not in page.told
        assert "2019" not in page.told
    assert place.events() == []


def test_a_sheet_is_looked_at_by_a_post_that_is_recorded(place: Place) -> None:
    case = a_case(place.found, place.asked, sheet=SHEET, position=2)
    path = f"/p/{place.partnership.slug}/cases/{case.reference}/identity/look"
    page = place.auditor.post(path, {"agency": place.asked.id}, status=200)
    assert "Robin Invented" in page.main
    assert "3 May 2019" in page.main
    assert "Robin" not in page.title
    assert page.headers["Cache-Control"] == "no-store"
    assert page.links["Raise an immediate concern"].endswith(f"/cases/{case.reference}/concern")
    place.auditor.get(path, status=405)
    place.auditor.post(path, status=200)
    assert len(deeds_of_case(place.partnership.id, case.id)) == 2


def test_a_sheet_that_is_not_completed_says_so_to_the_auditor(place: Place) -> None:
    page = place.auditor.post(place.at("/identity/look"), status=409)
    assert "has not completed this identity sheet" in page.main


def test_outsiders_see_no_sheet(place: Place, client: PageClient) -> None:
    stranger = client.as_(a_member(place.partnership, Role.AUDITOR, agency=an_agency(place.partnership)))
    stranger.post(place.at("/identity/look"), {"agency": place.asked.id}, status=404)
    stranger.get(place.at("/concern"), status=404)
    elsewhere = client.as_(a_member(a_partnership(), *Role))
    for path in ("/identity", "/identity/open", "/identity/look", "/concern"):
        assert elsewhere.ask("POST", place.at(path), data={"csrf_token": elsewhere.token()}).status == 404
    for person in (place.coordinator, place.auditor):
        person.post(place.at("/identity/open"), status=403)
        person.get(place.at("/identity"), status=403)
    place.coordinator.post(place.at("/identity/look"), status=403)
    assert place.events() == []


def test_the_concern_page_says_first_whom_to_ring(place: Place) -> None:
    page = place.auditor.get(place.at("/concern"))
    assert page.h1 == "Raise an immediate concern"
    ring, front_door, record = (page.main.index(words) for words in ("ring 999", "01632 960111", "Then record"))
    assert ring < front_door < record
    assert "the First Response Team" in page.main
    assert page.form().values["told_on"] == ["4", "3", "2026"]  # today is offered


def test_a_partnership_without_a_number_still_says_whom_to_ring(client: PageClient) -> None:
    partnership = a_partnership(front_door_phone="")
    case = a_case(a_round(partnership))
    person = client.as_(a_member(partnership, Role.COORDINATOR))
    assert "ring the front door" in person.get(f"/p/{partnership.slug}/cases/{case.reference}/concern").main


def test_a_concern_is_recorded_and_shown(place: Place) -> None:
    page = place.auditor.send(place.auditor.get(place.at("/concern")), CONCERN)
    assert page.h1 == f"Immediate concern about {place.case.reference}"
    for words in ("Jo Duty, duty team", "today at 9:40", "A visit today", "No food in the house", place.asked.name):
        assert words in page.main
    assert "is recorded" in page.notices[0]
    assert page.links[f"Go to {place.case.reference}"] == place.at("")
    assert db.session.scalars(select(Concern.agency_id)).one() == place.asked.id
    assert len(place.coordinator.get(f"/p/{place.partnership.slug}/concerns").tables[0]) == 2


def test_the_same_page_sent_twice_is_one_concern(place: Place) -> None:
    page = place.auditor.get(place.at("/concern"))
    assert place.auditor.send(page, CONCERN).path == place.auditor.send(page, CONCERN).path
    assert db.session.scalar(select(func.count()).select_from(Concern)) == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"told_whom": ""}, "Say whom you told. If you have told no one yet, ring now."),
        ({"told_on": ["4", "3", "2027"]}, "The time you told someone cannot be in the future."),
        ({"told_time": "half ten"}, "Enter a time such as 14:05 or 2.05pm."),
        ({"told_time": "25:00"}, "Enter a time such as 14:05 or 2.05pm."),
        ({"told_on": ["", "", ""]}, "Enter the day on which you told them."),
        ({"agreed": ""}, "Say what was agreed, and who does it by when."),
        ({"worry": ""}, "Say what you are worried about."),
    ],
)
def test_a_concern_that_lacks_something_comes_back_with_what_was_typed(
    place: Place, changes: dict[str, object], error: str
) -> None:
    page = place.auditor.send(place.auditor.get(place.at("/concern")), {**CONCERN, **changes}, status=200)
    assert page.errors[0].startswith(error)
    kept = {name: value for name, value in CONCERN.items() if name not in changes and isinstance(value, str)}
    assert all(page.form().values[name] == [value] for name, value in kept.items())
    assert db.session.scalars(select(Concern)).all() == []


def test_someone_of_two_agencies_says_for_which_they_raise_it(place: Place, client: PageClient) -> None:
    person = a_member(place.partnership, Role.AUDITOR, agency=place.asked)
    second = an_agency(place.partnership)
    saved(RoundAgency(partnership_id=place.partnership.id, round_id=place.found.id, agency_id=second.id))
    a_membership(person, place.partnership, Role.PANEL_MEMBER, second)
    both = client.as_(person)
    page = both.send(both.get(place.at("/concern")), CONCERN, status=200)
    assert page.errors == ["Choose the agency for which you are raising it."]
    both.send(page, {"agency": str(second.id)})
    assert db.session.scalars(select(Concern.agency_id)).one() == second.id


def test_a_coordinator_writes_the_summary_of_a_case(place: Place) -> None:
    page = place.coordinator.get(place.at())
    form = place.coordinator.get(page.links["Write a summary for the panel"])
    shown = place.coordinator.send(form, {"summary": "A child of six in a damp home."})
    assert "A child of six in a damp home." in shown.main
    again = place.coordinator.send(form, {"summary": "Other words."}, status=200)
    assert "A child of six in a damp home." in again.main
    assert again.form().values["summary"] == ["Other words."]


def test_a_concern_still_reaches_the_contacts_of_an_agency_that_has_ended(place: Place) -> None:
    with transaction():
        agency_here(place.partnership.id, place.asked.id).ended_on = date(2026, 3, 1)
    page = place.auditor.get(place.at("/concern"))
    assert place.asked.contact_name in place.auditor.send(page, CONCERN).main
    told = set(db.session.scalars(select(Message.recipient)))
    assert {place.asked.contact_email, place.asked.deputy_email} <= told


def test_whoever_records_a_concern_reads_who_is_told(place: Place, client: PageClient) -> None:
    a_member(place.partnership, Role.COORDINATOR, name="Kim Coordinator")
    chair = client.as_(a_member(place.partnership, Role.PANEL_CHAIR))
    page = chair.get(place.at("/concern"))
    assert "safeguarding contact and deputy" not in page.main
    assert "Kim Coordinator" in chair.send(page, CONCERN).main


def test_a_concern_is_read_by_nobody_else(place: Place, client: PageClient) -> None:
    page = place.auditor.send(place.auditor.get(place.at("/concern")), CONCERN)
    stranger = client.as_(a_member(place.partnership, Role.AUDITOR, agency=an_agency(place.partnership)))
    stranger.get(page.path, status=404)
    assert "No concerns" in stranger.get(f"/p/{place.partnership.slug}/concerns").main
    client.as_(a_member(place.partnership, Role.BOARD_MEMBER)).get(page.path, status=404)
    client.as_(a_member(place.partnership, Role.ADMINISTRATOR)).get(page.path, status=404)


@pytest.mark.parametrize("address", ["contact_email", "deputy_email"])
def test_whoever_is_told_of_a_concern_can_read_it_whatever_their_role(
    place: Place, client: PageClient, address: str
) -> None:
    page = place.auditor.send(place.auditor.get(place.at("/concern")), CONCERN)
    told = a_member(place.partnership, Role.BOARD_MEMBER)
    with transaction():
        setattr(agency_here(place.partnership.id, place.asked.id), address, told.email.upper())
    assert "No food in the house" in client.as_(told).get(page.path).main
    assert len(client.as_(told).get(f"/p/{place.partnership.slug}/concerns").tables[0]) == 2


def test_the_page_of_a_concern_leads_back_only_where_one_may_go(place: Place, client: PageClient) -> None:
    chair = client.as_(a_member(place.partnership, Role.PANEL_CHAIR))
    assert not [words for words in chair.get(place.at("/concern")).links if words.startswith("Back to")]
    assert [words for words in place.auditor.get(place.at("/concern")).links if words.startswith("Back to")]


def test_a_list_of_concerns_asks_as_often_for_thirty_as_for_one(place: Place, count_queries: CountQueries) -> None:
    path = f"/p/{place.partnership.slug}/concerns"
    place.auditor.send(place.auditor.get(place.at("/concern")), CONCERN)
    place.coordinator.get(path)
    with count_queries() as one:
        place.coordinator.get(path)
    raiser = a_person()
    for _ in range(29):
        a_concern(place.case, raiser)
    with count_queries() as thirty:
        assert len(place.coordinator.get(path).tables[0]) == 31
    assert thirty.count == one.count
