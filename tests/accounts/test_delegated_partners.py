"""The delegated partners: the page of an administrator, and who is told for an agency."""

import pytest
from flask import Flask

from audit_app.accounts import queries, services
from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_partnership
from tests.factories.accounts import a_member, a_membership, a_partnership, a_person, an_agency, as_actor
from tests.pages import PageClient

CATH = {"name": "Cath Partner", "organisation": "The council", "email": "Cath@Council.example", "phone": "01632 960001"}


def added(by: Viewer, **more: str) -> int:
    with transaction():
        return services.add_delegated_partner({**CATH, **more}, by=by).id


def test_an_administrator_lists_adds_changes_and_ends_delegated_partners(
    client: PageClient, partnership: Partnership
) -> None:
    admin = client.as_(a_member(partnership, Role.ADMINISTRATOR))
    empty = admin.get("/p/here/delegated-partners")
    form = admin.get(empty.links["Add a delegated partner"])
    assert len(admin.send(form, {"name": "Cath"}, status=200).errors) == 2
    listed = admin.send(form, CATH)
    assert listed.tables[0][1] == [
        "Cath Partner",
        "The council",
        "cath@council.example Cannot sign in yet",
        "01632 960001",
    ]
    assert admin.send(form, CATH, status=200).errors == ["A delegated partner has that e-mail address already."]
    changing = admin.get(listed.links["Cath Partner"])
    admin.send(changing, {"phone": "01632 960002"}, button="Save")
    ended = admin.send(admin.get(changing.path), action="/end")
    assert "Ended" in ended.main
    admin.send(ended, action="/bring-back")  # the list offers at once to undo it
    assert [deed.event for deed in deeds_of_partnership(partnership.id)] == [
        "place_brought_back",
        "place_ended",
        "delegated_partner_changed",
        "delegated_partner_added",
    ]
    client.as_(a_member(partnership, Role.COORDINATOR)).get("/p/here/delegated-partners", status=403)


def test_an_agency_chooses_its_delegated_partner_and_has_its_deputys_number(
    client: PageClient, administrator: Viewer, partnership: Partnership
) -> None:
    chosen, agency = added(administrator), an_agency(partnership)
    admin = client.as_(a_member(partnership, Role.ADMINISTRATOR))
    path = f"/p/here/agencies/{agency.id}"
    typed = {"delegated_partner_id": str(chosen), "deputy_phone": "01632 960003"}
    told = a_person(email=agency.contact_email, password="kept as a hash")
    a_membership(told, partnership, Role.BOARD_MEMBER)
    listed = admin.send(admin.get(path), typed, button="Save")
    assert f"{agency.contact_email} Cannot" not in listed.main
    assert f"{agency.deputy_email} Cannot sign in yet" in listed.main
    assert "The council (Cath Partner)" in listed.main
    assert "01632 960003" in listed.main
    assert deeds_of_partnership(partnership.id)[0].words.endswith("deputy, delegated partner")
    admin.send(admin.get(f"/p/here/delegated-partners/{chosen}"), action="/end")
    kept = admin.get(path)
    assert kept.form(button="Save").values["delegated_partner_id"] == [str(chosen)]
    admin.send(kept, {"delegated_partner_id": ""}, button="Save")
    assert admin.send(admin.get(path), {"delegated_partner_id": "999"}, button="Save", status=200).errors
    db.session.rollback()
    assert queries.agency_here(partnership.id, agency.id).delegated_partner_id is None


def test_another_partnerships_delegated_partner_is_not_here(administrator: Viewer, partnership: Partnership) -> None:
    elsewhere = a_partnership()
    theirs = added(as_actor(a_member(elsewhere, Role.ADMINISTRATOR), elsewhere))
    agency = an_agency(partnership)
    details = {"name": "A", "short_name": "A", "kind": agency.kind, "delegated_partner_id": theirs}
    with pytest.raises(NotHere), transaction():
        services.change_agency(agency.id, details, by=administrator)
    with pytest.raises(NotHere), transaction():
        services.change_delegated_partner(theirs, CATH, by=administrator)
    with pytest.raises(NotHere), transaction():
        services.set_delegated_partner_ended(theirs, is_ended=True, by=administrator)
    with pytest.raises(Refused, match="organisation"):
        added(administrator, organisation=" ")


def test_the_time_to_acknowledge_is_a_setting_within_bounds(app: Flask, administrator: Viewer) -> None:
    with transaction():
        services.change_settings({"acknowledge_minutes": 120}, by=administrator)
    for minutes in (4, 481, None):
        with pytest.raises(Refused, match="5 to 480"), transaction():
            services.change_settings({"acknowledge_minutes": minutes}, by=administrator)
    assert queries.partnership_settings(administrator.partnership_id).acknowledge_minutes == 120
