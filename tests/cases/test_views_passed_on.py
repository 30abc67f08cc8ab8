"""The pages of what goes by other routes."""

from sqlalchemy import select

from audit_app.accounts.rules import Role
from audit_app.cases.models import PassedOn
from audit_app.core.db import db
from audit_app.history.queries import deeds_of_case, deeds_of_partnership
from audit_app.messages.models import Message
from config import PROJECT
from tests.cases.conftest import Place
from tests.factories.accounts import a_member, an_agency
from tests.pages import PageClient

PASSED_ON = {
    "route": "allegation",
    "noticed_on": ["3", "3", "2026"],
    "noticed_time": "10:00",
    "passed_to": "The designated officer",
    "passed_on": ["4", "3", "2026"],
    "passed_time": "9:30",
}


def test_nothing_but_the_route_the_person_and_the_times_is_asked_of_what_is_passed_on(place: Place) -> None:
    case_page = place.auditor.get(place.at(f"cases/{place.case.reference}"))
    page = place.auditor.get(case_page.links["Something else must be passed on"])
    assert set(page.form().values) >= {"noticed_on", "noticed_time", "passed_to", "passed_on", "passed_time"}
    assert "textarea" not in page.html
    assert "1 working day" in page.main
    future = place.auditor.send(page, {**PASSED_ON, "passed_on": ["5", "3", "2026"]}, status=200)
    assert future.errors == ["This cannot be in the future. Pass it on first, then record it here."]
    for _ in range(2):
        listed = place.auditor.send(page, PASSED_ON)
    assert listed.tables[0][1][:4] == [
        place.case.reference,
        "An allegation about someone who works with children",
        "The designated officer",
        "yesterday at 10:00",
    ]
    assert listed.tables[0][1][5] == "In time"
    assert len(db.session.scalars(select(PassedOn)).all()) == 1
    assert db.session.scalars(select(Message)).all() == []
    assert deeds_of_case(place.partnership.id, place.case.id) == []  # which others read, and workbooks carry
    deed = deeds_of_partnership(place.partnership.id)[0]
    assert deed.words == "Ada Auditor recorded that something was passed on by another route"


def test_what_was_passed_on_is_seen_by_its_recorder_and_coordinators_alone(place: Place, client: PageClient) -> None:
    page = place.auditor.get(place.at(f"cases/{place.case.reference}/concern/something-else"))
    place.auditor.send(page, {**PASSED_ON, "noticed_on": ["27", "2", "2026"]})
    seen = place.coordinator.get(place.at("passed-on"))
    assert seen.tables[0][1][1:] == ["1", "0"]
    assert seen.tables[1][1][5] == "Late"
    colleague = client.as_(a_member(place.partnership, Role.AUDITOR, agency=place.health))
    scrutineer = client.as_(a_member(place.partnership, Role.SCRUTINEER))
    for person in (colleague, place.social_worker, scrutineer, place.contact, place.administrator):
        assert "Nothing passed on" in person.get(place.at("passed-on")).main
    stranger = client.as_(a_member(place.partnership, Role.AUDITOR, agency=an_agency(place.partnership)))
    stranger.get(page.path, status=404)
    stranger.post(page.path, PASSED_ON, status=404)


def test_no_finding_chart_or_workbook_knows_what_was_passed_on() -> None:
    for feature in ("findings", "actions", "board", "exports"):
        for path in (PROJECT / "audit_app" / feature).rglob("*.py"):
            text = path.read_text()
            assert "PassedOn" not in text, path
            assert "Concern" not in text, path


def test_an_administrator_sets_whom_to_tell_by_another_route_and_by_when(place: Place) -> None:
    page = place.administrator.get(place.at("other-routes"))
    assert "Nobody entered yet" in page.main
    form = place.administrator.get(page.links["A breach of personal data"])
    assert "UK GDPR, article 33" in form.main
    typed = {"contact_name": "The data protection officer", "contact_email": "dpo", "limit_number": "24"}
    assert place.administrator.send(form, typed, status=200).errors
    shown = place.administrator.send(form, {**typed, "contact_email": "dpo@trust.example"})
    assert "24 hours" in shown.main
    assert (
        "dpo@trust.example" in place.auditor.get(place.at(f"cases/{place.case.reference}/concern/something-else")).main
    )
    assert deeds_of_partnership(place.partnership.id)[0].event == "route_contact_changed"
    place.administrator.get(place.at("other-routes/gossip"), status=404)
    place.coordinator.get(place.at("other-routes"), status=403)


def test_that_something_was_passed_on_leads_to_its_case_and_back(place: Place) -> None:
    case = place.at(f"cases/{place.case.reference}")
    page = place.auditor.get(f"{case}/concern/something-else")
    listed = place.auditor.send(page, PASSED_ON)
    assert listed.links[place.case.reference] == case
    assert listed.html.count(f'href="{case}"') == 2  # in the breadcrumbs, and in the list
    assert place.auditor.get(place.at("passed-on")).html.count(f'href="{case}"') == 1
    for person in (place.auditor, place.coordinator):
        shown = person.get(case)
        assert ["An allegation about someone who works with children", "today at 9:30", "In time"] in [
            row for table in shown.tables for row in table
        ]
        assert "The designated officer" not in shown.main
        assert shown.links["To whom it was passed on"] == place.at(f"passed-on?case={place.case.reference}")
    assert "Passed on by other routes" not in place.social_worker.get(case).main


def test_a_route_without_anybody_to_tell_is_never_called_saved(place: Place) -> None:
    home = place.administrator.get(place.at())
    page = place.administrator.get(home.links["6 other routes have no contact"])
    form = place.administrator.get(page.links["An adult who may be at risk"])
    emptied = place.administrator.send(form, {})
    assert emptied.notices[0].startswith("Nobody is entered for this now.")
    named = place.administrator.send(form, {"contact_name": "The team"}, status=200)
    assert named.errors == ["Enter an e-mail address or a telephone number."]
    nameless = place.administrator.send(form, {"contact_phone": "01632 960009"}, status=200)
    assert nameless.errors == ["Enter whom to tell."]
    filled = place.administrator.send(form, {"contact_name": "The team", "contact_phone": "01632 960009 (days)"})
    assert "Whom to tell was saved." in filled.notices
    assert filled.links["01632 960009 (days)"] == "tel:01632960009"
    assert "5 other routes have no contact" in place.administrator.get(place.at()).main
