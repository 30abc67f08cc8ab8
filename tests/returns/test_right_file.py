"""The right file comes before the first word: finding it, declaring one's own part, and the file's number."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases import queries as cases
from audit_app.cases.models import AgencyFileNumber, Case, Identity
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.models import HistoryEvent
from audit_app.returns import services
from audit_app.returns.rules import Answer, AnswerKind, Change, Known, Overall, OwnPart
from tests.factories.accounts import a_member
from tests.factories.returns import (
    Asked,
    a_round_with_agencies,
    fill_in,
    find_file,
    ratings_of,
    say,
    submit,
    the_return,
)
from tests.pages import PageClient

NUMBER = "SC/2026/0417"
PART = "I supervised the worker until May."


@pytest.fixture
def own(asked: Asked) -> int:
    """The health agency's return on the first case: known, and the file not found yet."""
    say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor), is_file_found=False)
    return asked.returns[asked.health][0]


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.health_auditor))


def confirm(own: int, by: object, **more: object) -> None:
    said = {"own_part": OwnPart.NONE, "own_part_words": "", "seen": "", "at": clock.now(), **more}
    with transaction():
        services.confirm_file(own, by=by, **said)  # type: ignore[arg-type]


def noted(case_id: int, agency_id: int) -> str:
    partnership_id = db.session.get_one(Case, case_id).partnership_id
    found = cases.file_number(partnership_id, case_id, agency_id)
    db.session.rollback()
    return found


# --- the deed


def test_nothing_is_written_on_any_door_before_the_file_is_found(app: Flask, asked: Asked, own: int) -> None:
    auditor, now = asked.actor(asked.health_auditor), clock.now()
    change = {ratings_of(own)[0].indicator_id: Change(Answer(AnswerKind.NO_EVIDENCE), 1)}
    doors: list[Callable[[], object]] = [
        lambda: services.save_ratings(own, change, by=auditor, at=now),
        lambda: services.save_attributes(own, {}, by=auditor, at=now),
        lambda: services.save_words(own, **asdict(Overall()), version=1, by=auditor),
        lambda: services.submit_return(own, is_declared=True, by=auditor, at=now),
    ]
    for door in doors:
        with pytest.raises(Refused, match="Find the right file first"), transaction():
            door()
    confirm(own, auditor)
    with transaction():
        services.save_ratings(own, change, by=auditor, at=now)


def test_a_return_begun_before_this_was_asked_goes_on_once_the_file_is_found(app: Flask, asked: Asked) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, auditor)
    fill_in(own, auditor)
    with transaction():
        found = db.session.get_one(type(the_return(own)), own)
        found.file_confirmed_at, found.file_confirmed_by_id, found.own_part = None, None, None
    with pytest.raises(Refused, match="Find the right file first"):
        submit(own, auditor)
    confirm(own, auditor)
    submit(own, auditor)


def test_a_part_must_be_named_and_a_colleagues_declaration_is_not_overwritten(
    app: Flask, asked: Asked, own: int
) -> None:
    auditor = asked.actor(asked.health_auditor)
    with pytest.raises(Refused, match="Say what your part was") as refused:
        confirm(own, auditor, own_part=OwnPart.SOME)
    assert refused.value.field == "own_part_words"
    find_file(own, auditor, own_part=PART)
    with pytest.raises(Refused, match="A colleague confirmed the file meanwhile"):
        confirm(own, auditor)
    confirm(own, auditor, own_part=OwnPart.SOME, own_part_words=PART)  # the very same once more is quiet
    assert the_return(own).own_part_words == PART
    find_file(own, auditor)
    assert (the_return(own).own_part, the_return(own).own_part_words) == (OwnPart.NONE, "")


def test_only_the_agencys_own_auditor_finds_its_file_and_only_while_the_return_is_open(
    app: Flask, asked: Asked, own: int
) -> None:
    elsewhere = a_round_with_agencies()
    for stranger in (asked.actor(asked.police_auditor), elsewhere.actor(elsewhere.health_auditor)):
        with pytest.raises(NotHere):
            confirm(own, stranger)
    auditor = asked.actor(asked.health_auditor)
    with pytest.raises(Refused, match="Say first whether"):
        confirm(asked.returns[asked.health][1], auditor)
    find_file(own, auditor)
    fill_in(own, auditor)
    submit(own, auditor)
    with pytest.raises(Refused, match="was submitted"):
        find_file(own, auditor, own_part=PART)


def test_an_agency_that_has_no_file_after_all_keeps_no_number_of_one(app: Flask, asked: Asked, own: int) -> None:
    auditor, case_id = asked.actor(asked.health_auditor), the_return(own).case_id
    find_file(own, auditor, own_part=PART, file_number=NUMBER)
    assert noted(case_id, asked.health) == NUMBER
    say(own, Known.NOT_KNOWN, auditor)
    found = the_return(own)
    assert (found.file_confirmed_at, found.own_part, found.own_part_words) == (None, None, "")
    assert noted(case_id, asked.health) == ""


def test_the_number_is_encrypted_in_the_identity_key_and_destroyed_with_it(app: Flask, asked: Asked, own: int) -> None:
    auditor, case_id = asked.actor(asked.health_auditor), the_return(own).case_id
    find_file(own, auditor, file_number="OLD/1")
    find_file(own, auditor, file_number=NUMBER)
    find_file(own, auditor)
    assert noted(case_id, asked.health) == NUMBER, "left empty, it stays"
    assert noted(case_id, asked.police) == ""
    raw = db.session.execute(text("SELECT number FROM agency_file_number")).scalar_one()
    assert NUMBER.encode() not in bytes(raw)
    events = db.session.scalars(select(HistoryEvent).where(HistoryEvent.event.like("file_%"))).all()
    assert [event.event for event in events].count("file_number_noted") == 2
    assert not any(NUMBER in str(event.facts) for event in events)
    db.session.rollback()
    with transaction():
        db.session.execute(delete(Identity).where(Identity.case_id == case_id))
    assert db.session.scalars(select(AgencyFileNumber)).all() == []
    db.session.rollback()
    with pytest.raises(Refused, match="has been destroyed") as refused:
        find_file(own, auditor, file_number=NUMBER)
    assert refused.value.field == "file_number"
    find_file(own, auditor)


# --- its page


def test_an_auditor_finds_the_file_and_only_then_begins(
    app: Flask, asked: Asked, auditor: PageClient, own: int
) -> None:
    address = asked.at(asked.health)
    page = auditor.get(address)
    assert page.links["Find the right file"] == f"{address}/file"
    assert "Recognition" not in page.links
    assert page.main.count("Cannot start yet") == 6
    auditor.get(f"{address}/domain/1", status=302)
    locked = auditor.get(f"{address}/submit")
    assert locked.links["Find the right file"] == f"{address}/file"
    page = auditor.get(f"{address}/file")
    assert "Robin Example" not in page.main
    again = auditor.send(page, {"own_part": "some", "file_number": NUMBER}, action="/file", status=200)
    assert again.errors == ["Tick the box when you have compared the file with the identity sheet."]
    assert again.form(action="/file").values["file_number"] == [NUMBER]
    again = auditor.send(again, {"is_right": "y"}, action="/file", status=200)
    assert again.errors == ["Say what your part was, so that the panel can weigh it."]
    page = auditor.send(again, {"own_part_words": PART}, action="/file")
    assert page.links["Recognition"] == f"{address}/domain/1"
    assert PART in page.main
    page = auditor.get(f"{address}/file")
    assert NUMBER not in page.data.decode(), "it is shown by the recorded look alone"
    assert "One is noted already" in page.main
    assert page.form(action="/file").values["own_part_words"] == [PART]


def test_the_number_is_shown_with_the_sheet_to_its_agency_and_to_the_key_holder(
    app: Flask, client: PageClient, asked: Asked, own: int
) -> None:
    find_file(own, asked.actor(asked.health_auditor), file_number=NUMBER)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    look = f"/p/{asked.slug}/cases/{asked.cases[0]}/identity/look"
    auditor = client.as_(db.session.get_one(Person, asked.health_auditor))
    page = auditor.post(look, {"agency": str(asked.health)}, status=200)
    assert NUMBER in page.main
    assert NUMBER not in page.title
    assert page.links["Close the sheet and go to your return"] == asked.at(asked.health)
    police = client.as_(db.session.get_one(Person, asked.police_auditor))
    assert NUMBER not in police.post(look, {"agency": str(asked.police)}, status=200).data.decode()
    key_holder = client.as_(a_member(partnership, Role.KEY_HOLDER))
    sheet = key_holder.post(f"/p/{asked.slug}/cases/{asked.cases[0]}/identity/open", status=200)
    assert NUMBER in sheet.main
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    for path in (asked.at(asked.health), f"/p/{asked.slug}/rounds/{asked.reference}/history"):
        assert NUMBER not in coordinator.ask("GET", path).data.decode()


def test_a_declared_part_is_read_with_the_return_and_not_before(
    app: Flask, client: PageClient, asked: Asked, own: int
) -> None:
    auditor = asked.actor(asked.health_auditor)
    find_file(own, auditor, own_part=PART)
    fill_in(own, auditor)
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    assert PART not in coordinator.get(asked.at(asked.health)).data.decode()
    health = db.session.get_one(Agency, asked.health)
    colleague = a_member(db.session.get_one(Partnership, asked.partnership_id), Role.AUDITOR, agency=health)
    page = client.as_(colleague).get(f"{asked.at(asked.health)}/submit")
    assert PART in page.main
    assert page.links["add it to what is declared"] == f"{asked.at(asked.health)}/file"
    submit(own, auditor)
    assert PART in coordinator.get(asked.at(asked.health)).main


def test_a_look_at_the_identity_sheet_loses_nothing_that_was_typed_and_saves_nothing(
    app: Flask, asked: Asked, own: int, client: PageClient
) -> None:
    browser = client.as_(db.session.get_one(Person, asked.health_auditor))
    page = browser.get(asked.at(asked.health) + "/file")
    typed = {"file_number": NUMBER, "is_right": "y", "own_part": "some", "own_part_words": "I chaired\na meeting."}
    look = f"/p/{asked.slug}/cases/{asked.cases[0]}/identity/look"
    assert f'formaction="{look}"' in page.html
    sent = {**page.form().values, **typed}
    sheet = browser.post(look, {**sent, "back": "file"}, status=200)
    assert "Robin Example" in sheet.main
    assert "Close the sheet and go to your return" not in sheet.links
    back = browser.send(sheet, button="Close the sheet and go on", status=200)
    assert back.h1 == "Find the right file"
    shown = back.form().values
    assert {name: shown[name][0].replace("\r", "") for name in typed} == typed
    assert not back.errors
    assert the_return(own).file_confirmed_at is None
    page = browser.send(back, button="Save and continue")
    assert page.notices == ["The right file is open. Now rate what it shows."]
    # an address of one's own choosing is no step
    sheet = browser.post(look, {**sent, "back": "https://elsewhere.example"}, status=200)
    assert "elsewhere" not in sheet.html
    assert "Close the sheet and go to your return" in sheet.links
