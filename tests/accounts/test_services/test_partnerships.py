"""Settings, agencies, bodies and areas: the deeds and each of their refusals."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update

from audit_app.accounts import queries, services
from audit_app.accounts.models import Agency, Area, Body, Partnership
from audit_app.accounts.rules import AgencyKind, Role, Viewer
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_partnership
from tests.accounts.conftest import behind_our_back
from tests.factories.accounts import a_body, a_member, a_partnership, an_agency, an_area
from tests.fixtures import CountQueries


def roles_of(person_id: int, partnership: Partnership) -> set[tuple[Role, str]]:
    shown = queries.person_shown(partnership.id, person_id, today=core_clock.today())
    return {(held.role, held.agency_name) for held in shown.roles}


def test_a_partnership_is_made_with_its_first_administrator(app: Flask) -> None:
    with transaction():
        partnership, invited = services.create_partnership(
            slug="saltmere", name="Saltmere", administrator_name="Ada Admin", administrator_email="ada@saltmere.example"
        )
    assert roles_of(invited.person_id, partnership) == {(Role.ADMINISTRATOR, "")}
    assert invited.link is not None
    assert [deed.event for deed in deeds_of_partnership(partnership.id)] == ["person_invited", "partnership_created"]


@pytest.mark.parametrize(
    ("slug", "name", "words"),
    [
        ("Salt mere", "Saltmere", "small letters"),
        ("salt/mere", "Saltmere", "small letters"),
        ("saltmere", " ", "Enter"),
    ],
)
def test_a_partnership_needs_a_name_and_a_part_of_an_address(app: Flask, slug: str, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words), transaction():
        services.create_partnership(
            slug=slug, name=name, administrator_name="Ada", administrator_email="ada@saltmere.example"
        )


def test_a_short_name_is_taken_once(partnership: Partnership) -> None:
    with pytest.raises(Refused, match="short name is taken"), transaction():
        services.create_partnership(
            slug="here", name="Here too", administrator_name="Ada", administrator_email="ada@saltmere.example"
        )


def test_settings_change_and_history_names_what(administrator: Viewer, partnership: Partnership) -> None:
    with transaction():
        services.change_settings({"name": "Saltmere", "colour": "#123456"}, by=administrator)
    assert queries.partnership_settings(partnership.id).name == "Saltmere"
    assert deeds_of_partnership(partnership.id)[0].words.endswith("settings: name, colour")


def test_settings_that_did_not_change_leave_no_history(administrator: Viewer, partnership: Partnership) -> None:
    with transaction():
        services.change_settings({"name": partnership.name}, by=administrator)
    assert deeds_of_partnership(partnership.id) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"colour": "#ffff00"}, "colour"),
        ({"round_retention_years": 0}, "round_retention_years"),
        ({"identity_retention_months": 999}, "identity_retention_months"),
    ],
)
def test_settings_that_cannot_be_are_refused(administrator: Viewer, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal, transaction():
        services.change_settings(changes, by=administrator)
    assert refusal.value.field == field


def test_an_agency_is_added_changed_ended_and_brought_back(administrator: Viewer, partnership: Partnership) -> None:
    details = {"name": "Saltmere Police", "short_name": "Police", "kind": AgencyKind.POLICE}
    with transaction():
        agency = services.add_agency(details, by=administrator)
    with transaction():
        services.change_agency(agency.id, {**details, "contact_email": "duty@police.example"}, by=administrator)
    with transaction():
        services.set_agency_ended(agency.id, is_ended=True, by=administrator)
    assert queries.agencies(partnership.id) == []
    with transaction():
        services.set_agency_ended(agency.id, is_ended=False, by=administrator)
    assert [one.name for one in queries.agencies(partnership.id)] == ["Saltmere Police"]
    assert [deed.event for deed in reversed(deeds_of_partnership(partnership.id))] == [
        "agency_added",
        "agency_changed",
        "place_ended",
        "place_brought_back",
    ]


@pytest.mark.parametrize("field", ["name", "short_name", "kind", "contact_email", "deputy_email"])
def test_an_agency_lacking_a_detail_is_refused(administrator: Viewer, field: str) -> None:
    details = {"name": "Police", "short_name": "Police", "kind": AgencyKind.POLICE}
    details[field] = "no address" if field.endswith("email") else ""
    with pytest.raises(Refused) as refusal, transaction():
        services.add_agency(details, by=administrator)
    assert refusal.value.field == field


def test_two_agencies_of_one_name_are_refused(administrator: Viewer, agency: Agency) -> None:
    details = {"name": agency.name, "short_name": "Twice", "kind": AgencyKind.OTHER}
    with pytest.raises(Refused, match="of that name already"), transaction():
        services.add_agency(details, by=administrator)


def test_another_partnerships_agency_body_and_area_are_not_there(administrator: Viewer) -> None:
    theirs = an_agency(a_partnership())
    for here in (queries.agency_here, queries.body_here, queries.area_here):
        with pytest.raises(NotHere):
            here(administrator.partnership_id, theirs.id)
    for set_ended in (services.set_agency_ended, services.set_body_ended, services.set_area_ended):
        with pytest.raises(NotHere), transaction():
            set_ended(theirs.id, is_ended=True, by=administrator)


def test_a_change_is_kept_though_somebody_else_changed_the_same_after_the_page_was_read(
    administrator: Viewer, partnership: Partnership
) -> None:
    agency, body, area = an_agency(partnership), a_body(partnership), an_area(partnership)
    details = {"name": agency.name, "short_name": agency.short_name, "kind": agency.kind}
    names = [agency.name, body.name, area.name]
    for table in (Agency, Body, Area):
        behind_our_back(update(table).values(name="Renamed"))
    with transaction():
        services.change_agency(agency.id, details, by=administrator)
        services.change_body(body.id, name=body.name, kind=body.kind, by=administrator)
        services.change_area(area.id, name=area.name, by=administrator)
    db.session.expire_all()
    assert [agency.name, body.name, area.name] == names


def test_what_somebody_else_has_just_ended_does_not_end_twice(administrator: Viewer, partnership: Partnership) -> None:
    agency, body, area = an_agency(partnership), a_body(partnership), an_area(partnership)
    db.session.expire_all()
    assert [place.ended_on for place in (agency, body, area)] == [None] * 3
    for table in (Agency, Body, Area):
        behind_our_back(update(table).values(ended_on=date(2020, 1, 1)))
    with transaction():
        services.set_agency_ended(agency.id, is_ended=True, by=administrator)
        services.set_body_ended(body.id, is_ended=True, by=administrator)
        services.set_area_ended(area.id, is_ended=True, by=administrator)
    assert [place.ended_on for place in (agency, body, area)] == [date(2020, 1, 1)] * 3
    assert deeds_of_partnership(partnership.id) == []


def test_the_list_of_people_takes_one_query_however_many(
    administrator: Viewer, partnership: Partnership, count_queries: CountQueries
) -> None:
    for _ in range(30):
        a_member(partnership, Role.PANEL_CHAIR, Role.BOARD_MEMBER)
    with count_queries() as found:
        people = queries.people_of(partnership.id, today=core_clock.today())
    assert (len(people), found.count) == (31, 1)
