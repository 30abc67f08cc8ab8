"""The pages on people, agencies and settings, as an administrator and a coordinator use them."""

import pytest
from flask import Flask

from audit_app.accounts import queries
from audit_app.accounts.models import Membership, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core import clock as core_clock
from audit_app.core.db import db
from tests.factories.accounts import a_body, a_member, a_membership, a_partnership, an_agency, an_area
from tests.fixtures import CountQueries
from tests.pages import Page, PageClient


@pytest.fixture
def admin(client: PageClient, partnership: Partnership) -> PageClient:
    return client.as_(a_member(partnership, Role.ADMINISTRATOR, name="Ada Admin"))


@pytest.fixture
def coordinator(client: PageClient, partnership: Partnership) -> PageClient:
    return client.as_(a_member(partnership, Role.COORDINATOR, name="Cora Coordinator"))


def link_on(page: Page) -> str:
    return next(href for href in page.links.values() if "/invitation/" in href).removeprefix("http://127.0.0.1:8000")


def test_an_invited_person_chooses_a_password_and_signs_in(
    admin: PageClient, client: PageClient, partnership: Partnership
) -> None:
    agency = an_agency(partnership)
    shown = admin.send(
        admin.get("/p/here/people/new"),
        {"name": "Ravi Shah", "email": "ravi@health.example", "roles": ["auditor"], "agency": str(agency.id)},
        status=200,
    )
    assert shown.h1 == "Ravi Shah is invited"
    new = "copper kettle umbrella"
    done = client.send(client.get(link_on(shown)), {"password": new, "password_again": new})
    assert done.notices == ["Your password is set. Sign in with it."]
    answer = client.send(done, {"email": "ravi@health.example", "password": new}, status=302)
    assert answer.headers["Location"] == "/"
    assert admin.get("/p/here/people").tables[0][2][:4] == [
        "Ravi Shah",
        "ravi@health.example",
        f"Auditor, {agency.short_name}",
        "Member",
    ]


def test_the_link_is_shown_once(admin: PageClient) -> None:
    data = {"name": "Ravi Shah", "email": "ravi@health.example", "roles": ["board_member"]}
    shown = admin.send(admin.get("/p/here/people/new"), data, status=200)
    assert "/invitation/" in shown.html
    person = queries.person_of_email("ravi@health.example")
    assert person is not None
    assert "/invitation/" not in admin.get(f"/p/here/people/{person.id}").html


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "at least 12"),
        ("copper kettle umbrella", "copper kettle", "not the same"),
        ("ravi shah ravi shah", "ravi shah ravi shah", "not your name"),
        ("", "", "Enter a password."),
    ],
)
def test_a_bad_first_password_is_refused_on_the_page(
    admin: PageClient, client: PageClient, password: str, again: str, words: str
) -> None:
    data = {"name": "Ravi Shah", "email": "ravi@health.example", "roles": ["board_member"]}
    link = link_on(admin.send(admin.get("/p/here/people/new"), data, status=200))
    page = client.send(client.get(link), {"password": password, "password_again": again}, status=200)
    assert words in page.errors[0]
    assert page.title.startswith("Error: ")


def test_a_link_that_is_no_good_says_why(client: PageClient, app: Flask) -> None:
    page = client.get("/invitation/made-up", status=410)
    assert "This link is not known" in page.main


def test_what_was_typed_stays_when_an_invitation_is_refused(admin: PageClient, partnership: Partnership) -> None:
    page = admin.send(
        admin.get("/p/here/people/new"),
        {"name": "Ravi Shah", "email": "ravi@health.example", "roles": ["auditor", "panel_chair"]},
        status=200,
    )
    assert page.errors == ["Choose the agency for the role Auditor."]
    values = page.form().values
    assert (values["name"], values["roles"]) == (["Ravi Shah"], ["auditor", "panel_chair"])


def test_a_coordinator_is_not_offered_the_roles_that_only_an_administrator_gives(coordinator: PageClient) -> None:
    page = coordinator.get("/p/here/people/new")
    assert "Key holder" not in page.main
    assert "Panel chair" in page.main
    sent = {"name": "Ravi", "email": "ravi@health.example", "roles": ["key_holder"]}
    assert coordinator.post("/p/here/people/new", sent, status=200).errors == ["Choose from the answers shown."]


def test_a_person_is_given_a_role_and_loses_it(admin: PageClient, partnership: Partnership) -> None:
    person = a_member(partnership, Role.BOARD_MEMBER, name="Bo Board")
    _give_password(person)
    page = admin.get(f"/p/here/people/{person.id}")
    page = admin.send(admin.get(page.links["Give another role"]), {"role": "scrutineer"})
    assert page.notices == ["Bo Board has the role Independent scrutineer."]
    ending = admin.get(page.links["End the role Independent scrutineer"])
    today = core_clock.today()
    done = admin.send(ending, {"from_day": [str(today.day), str(today.month), str(today.year)]})
    assert "Independent scrutineer" not in done.tables[0][1]


def test_whoever_gives_someone_without_a_password_a_role_is_handed_the_new_link(
    admin: PageClient, coordinator: PageClient, client: PageClient, partnership: Partnership
) -> None:
    data = {"name": "Vic Venn", "email": "vic@health.example", "roles": ["board_member"]}
    earlier = link_on(coordinator.send(coordinator.get("/p/here/people/new"), data, status=200))
    vic = queries.person_of_email("vic@health.example")
    assert vic is not None
    page = admin.send(admin.get(f"/p/here/people/{vic.id}/roles/new"), {"role": "key_holder"}, status=200)
    assert (page.h1, page.notices) == ("Vic Venn is invited", ["Vic Venn has the role Key holder."])
    assert "links that were made before do not work any more" in page.main
    assert "a newer one took its place" in client.get(earlier, status=410).main
    assert client.get(link_on(page)).h1 == "Choose a password"


@pytest.mark.usefixtures("mail_server_set")
def test_with_a_mail_server_the_giver_reads_that_a_new_link_is_on_its_way(
    admin: PageClient, partnership: Partnership
) -> None:
    person = a_member(partnership, Role.BOARD_MEMBER)
    page = admin.send(admin.get(f"/p/here/people/{person.id}/roles/new"), {"role": "scrutineer"}, status=200)
    assert f"on its way to {person.email}" in page.main
    assert "links that were made before do not work any more" in page.main
    assert "/invitation/" not in page.html


def test_a_second_partnership_reads_what_to_do_about_someone_who_has_no_password_yet(
    admin: PageClient, partnership: Partnership
) -> None:
    pending = a_member(a_partnership(), Role.BOARD_MEMBER, name="Pat Pending")
    data = {"name": "Pat", "email": pending.email, "roles": ["scrutineer"]}
    page = admin.send(admin.get("/p/here/people/new"), data, status=200)
    assert "Pat Pending has a role in another partnership too" in page.errors[0]
    assert page.form().values["email"] == [pending.email]
    admin.get(f"/p/here/people/{pending.id}", status=404)


def test_a_coordinator_reads_on_their_own_page_whom_to_ask_for_a_role(
    client: PageClient, partnership: Partnership
) -> None:
    cora = a_member(partnership, Role.COORDINATOR, name="Cora Coordinator")
    coordinator = client.as_(cora)
    page = coordinator.get(f"/p/here/people/{cora.id}")
    assert "Ask an administrator: nobody else can give a role to themselves." in page.main
    assert "Give another role" not in page.links
    sent = coordinator.post(f"/p/here/people/{cora.id}/roles/new", {"role": "scrutineer"}, status=200)
    assert sent.errors == ["Ask an administrator: nobody else can give a role to themselves."]


def test_a_role_cannot_end_in_the_past_and_the_page_says_so(admin: PageClient, partnership: Partnership) -> None:
    person = a_member(partnership, Role.BOARD_MEMBER)
    held = db.session.query(Membership).filter_by(person_id=person.id).one()
    page = admin.get(f"/p/here/people/{person.id}/roles/{held.id}/end")
    refused = admin.send(page, {"from_day": ["1", "1", "2020"]}, status=200)
    assert refused.errors == ["Choose today or a later day."]


def test_a_leaver_is_ended_and_moves_to_the_list_of_leavers(coordinator: PageClient, partnership: Partnership) -> None:
    person = a_member(partnership, Role.BOARD_MEMBER, name="Bo Board")
    page = coordinator.get(f"/p/here/people/{person.id}")
    done = coordinator.send(coordinator.get(page.links["Bo Board is leaving"]))
    assert "Bo Board" not in str(done.tables)
    assert "Bo Board" in str(coordinator.get("/p/here/people", show="left").tables)
    assert "has no role here any more" in coordinator.get(f"/p/here/people/{person.id}").main


def test_a_coordinator_reads_why_an_administrator_is_not_theirs_to_end(
    coordinator: PageClient, partnership: Partnership
) -> None:
    administrator = a_member(partnership, Role.ADMINISTRATOR)
    a_member(partnership, Role.ADMINISTRATOR)
    page = coordinator.get(f"/p/here/people/{administrator.id}")
    assert page.main.count("Only an administrator can do this for the role Administrator.") == 2
    assert "Give another role" not in page.links
    refused = coordinator.post(f"/p/here/people/{administrator.id}/end", status=200)
    assert refused.errors == ["Only an administrator can do this for the role Administrator."]


def test_a_new_invitation_ends_in_a_new_link(coordinator: PageClient, partnership: Partnership) -> None:
    person = a_member(partnership, Role.BOARD_MEMBER)
    page = coordinator.send(coordinator.get(f"/p/here/people/{person.id}"), status=200)
    assert "/invitation/" in page.html


def test_someone_with_a_password_gets_no_new_invitation(coordinator: PageClient, partnership: Partnership) -> None:
    person = a_member(partnership, Role.BOARD_MEMBER)
    _give_password(person)
    page = coordinator.post(f"/p/here/people/{person.id}/invitation")
    assert "has a password already" in page.notices[0]


def _give_password(person: Person) -> None:
    from audit_app.core.db import transaction

    with transaction():
        person.password = "a hash"


def test_a_person_of_another_partnership_is_not_there(admin: PageClient) -> None:
    stranger = a_member(a_partnership(), Role.BOARD_MEMBER)
    for path in ("", "/roles/new", "/end"):
        assert admin.get(f"/p/here/people/{stranger.id}{path}", status=404).h1 == "Page not found"
    admin.post(f"/p/here/people/{stranger.id}/invitation", status=404)


def test_the_list_of_people_takes_as_many_queries_for_thirty_as_for_one(
    admin: PageClient, partnership: Partnership, count_queries: CountQueries
) -> None:
    with count_queries() as few:
        admin.get("/p/here/people")
    for _ in range(30):
        a_member(partnership, Role.BOARD_MEMBER)
    with count_queries() as many:
        admin.get("/p/here/people")
    assert many.count == few.count


def test_an_agency_is_added_and_changed_with_its_contacts(admin: PageClient) -> None:
    page = admin.send(
        admin.get("/p/here/agencies/new"),
        {"name": "Saltmere Police", "short_name": "Police", "kind": "police", "contact_email": "duty@police.example"},
    )
    assert page.tables[0][1][:3] == ["Saltmere Police", "Police", "duty@police.example Cannot sign in yet"]
    changing = admin.get(page.links["Saltmere Police"])
    assert changing.form(button="Save").values["kind"] == ["police"]
    page = admin.send(changing, {"deputy_email": "deputy@police.example"}, action=page.links["Saltmere Police"])
    assert "deputy@police.example" in page.tables[0][1][3]


def test_an_agency_ends_and_comes_back(admin: PageClient, partnership: Partnership) -> None:
    agency = an_agency(partnership)
    page = admin.send(admin.get(f"/p/here/agencies/{agency.id}"), action="/end")
    assert page.notices == [f"{agency.name} has ended."]
    page = admin.send(admin.get(f"/p/here/agencies/{agency.id}"), action="/bring-back")
    assert "Ended" not in page.main


def test_a_wrong_address_of_a_contact_stays_on_the_page_with_its_reason(
    admin: PageClient, partnership: Partnership
) -> None:
    agency = an_agency(partnership)
    path = f"/p/here/agencies/{agency.id}"
    page = admin.send(admin.get(path), {"contact_email": "duty at police"}, action=path, status=200)
    assert page.errors == ["Enter an e-mail address in the correct format, like name@example.org."]
    assert page.form(action=path).values["contact_email"] == ["duty at police"]


def test_a_coordinator_reads_the_agencies_and_changes_none(coordinator: PageClient, partnership: Partnership) -> None:
    agency = an_agency(partnership)
    page = coordinator.get("/p/here/agencies")
    assert agency.name in page.main
    assert "Add an agency" not in page.links
    coordinator.get(f"/p/here/agencies/{agency.id}", status=403)


@pytest.mark.parametrize(
    ("kind", "data"),
    [("bodies", {"name": "Quality subgroup", "kind": "quality_subgroup"}), ("areas", {"name": "North"})],
)
def test_a_body_and_an_area_are_added_changed_ended_and_brought_back(
    admin: PageClient, kind: str, data: dict[str, str]
) -> None:
    page = admin.send(admin.get(f"/p/here/{kind}/new"), data)
    address = page.links[data["name"]]
    page = admin.send(admin.get(address), {"name": "Renamed"}, action=address)
    assert page.links["Renamed"] == address
    assert "Ended" in admin.send(admin.get(address), action="/end").tables[0][1][0]
    assert "Ended" not in admin.send(admin.get(address), action="/bring-back").tables[0][1][0]


@pytest.mark.parametrize("kind", ["bodies", "areas"])
def test_a_name_that_is_taken_is_refused_on_the_page(admin: PageClient, partnership: Partnership, kind: str) -> None:
    taken = a_body(partnership) if kind == "bodies" else an_area(partnership)
    data = {"name": taken.name} | ({"kind": "other"} if kind == "bodies" else {})
    page = admin.send(admin.get(f"/p/here/{kind}/new"), data, status=200)
    assert "of that name already" in page.errors[0]


def test_settings_are_saved_and_shown_on_every_page(admin: PageClient) -> None:
    page = admin.send(
        admin.get("/p/here/settings"),
        {"name": "Saltmere Partnership", "colour": "#123456", "front_door_phone": "01632 960999"},
    )
    assert page.notices == ["The settings were saved."]
    assert "Saltmere Partnership" in page.title
    assert "01632 960999" in page.text
    assert admin.get("/p/here/colour.css").data == b":root { --govuk-brand-colour: #123456; }\n"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("colour", "#ffff00", "hard to read"),
        ("colour", "red;}", "six digits"),
        ("round_retention_years", "many", "whole number"),
        ("identity_retention_months", "0", "1 to 60 months"),
        ("name", "", "Enter the partnership's name"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_what_was_typed(
    admin: PageClient, field: str, typed: str, words: str
) -> None:
    page = admin.send(admin.get("/p/here/settings"), {field: typed}, status=200)
    assert words in page.errors[0]
    assert page.form().values[field] == [typed]


def test_someone_of_two_partnerships_chooses_one(client: PageClient, partnership: Partnership) -> None:
    person = a_member(partnership, Role.BOARD_MEMBER)
    second = a_partnership("second")
    a_membership(person, second, Role.AUDITOR, an_agency(second))
    page = client.as_(person).get("/")
    assert page.h1 == "Which partnership do you want to open?"
    assert page.links[second.name] == "/p/second/"


@pytest.mark.parametrize(
    ("path", "h1"),
    [("/accessibility", "Accessibility statement"), ("/privacy", "Privacy"), ("/cookies", "Cookies")],
)
def test_the_statements_are_there_for_anyone(client: PageClient, app: Flask, path: str, h1: str) -> None:
    assert client.get(path).h1 == h1


def test_the_cookies_page_names_the_one_cookie_there_is(client: PageClient, app: Flask) -> None:
    page = client.get("/cookies")
    assert page.tables[0][1][0] == "audits_session"
    assert "60 minutes" in page.main
