"""Pages by which a return leaves the service and comes back: spreadsheet, preview, paper."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.returns import services
from audit_app.returns.models import ReturnFile
from audit_app.returns.rules import Change, Known, ReturnState
from tests.factories.accounts import a_member, a_membership
from tests.factories.panels import a_sitting
from tests.factories.papers import typed
from tests.factories.returns import Asked, a_level, fill_in, hand_over, ratings_of, say, the_return
from tests.factories.workbooks import (
    ALL,
    ANSWER,
    EVENTS,
    KNOWN,
    OVERALL,
    RATINGS,
    WHOLE,
    YES,
    YOURS,
    Cells,
    a_file,
    load,
    rated,
)
from tests.fixtures import CountQueries
from tests.pages import Page, PageClient

SECRET = "Only the agency knows this."


@pytest.fixture
def own(asked: Asked) -> int:
    return asked.returns[asked.health][0]


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.health_auditor))


@pytest.fixture
def coordinator(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.coordinator))


def at(asked: Asked, end: str = "") -> str:
    return f"{asked.at(asked.health)}/offline{end}"


def short_name(asked: Asked) -> str:
    return db.session.get_one(Agency, asked.health).short_name.lower().replace(" ", "-")


def downloaded(browser: PageClient, asked: Asked) -> bytes:
    page = browser.post(at(asked, "/download"), status=200)
    name = f"{asked.cases[0]}-{short_name(asked)}-return.xlsx"
    assert page.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert page.headers["Cache-Control"] == "no-store"
    return page.data


def chosen(browser: PageClient, asked: Asked, content: bytes, **more: int) -> Page:
    return browser.post(at(asked), {"file": (BytesIO(content), "return.xlsx")}, **more)


def filled(browser: PageClient, asked: Asked, cells: Cells) -> Page:
    """Download it, type, choose the file: the preview."""
    return chosen(browser, asked, typed(downloaded(browser, asked), cells))


# --- the road of the agency's auditor


def test_an_auditor_downloads_fills_in_looks_confirms_and_is_asked_about_clashes(
    asked: Asked, own: int, auditor: PageClient
) -> None:
    page = auditor.get(asked.at(asked.health))
    page = auditor.get(page.links["Work in a spreadsheet instead, or print the form"])
    cells = {**ALL, (RATINGS, "H02", ANSWER): "Brilliant", (WHOLE, "Whole 3", YOURS): "Ours."}
    content = typed(downloaded(auditor, asked), cells)
    actor = asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, actor)
    change = {ratings_of(own)[0].indicator_id: Change(a_level(asked.round_id, "inadequate", "On screen."), 1)}
    with transaction():
        services.save_ratings(own, change, by=actor, at=clock.now())
    page = chosen(auditor, asked, content)
    assert page.h1 == "What the spreadsheet will change"
    assert "5 answers will change, 1 clashes with what was saved meanwhile, 1 place cannot be taken" in page.main
    refused, changed = page.tables
    assert refused[1][:4] == ["Ratings", "5", "Answer", "Brilliant"]
    assert refused[1][4].startswith(
        "Choose one of: Outstanding; Good; Requires improvement; Inadequate; Not applicable"
    )
    assert changed[1] == ["A04 Harm was weighed", "Answer", "Nothing", "Good"]
    assert ["What worked well for this child?", "Your answer", "Nothing", "Ours."] in changed
    assert "On screen." in page.main
    assert "Seen on 3 March." in page.main
    page = auditor.send(page, action="/preview", status=200)
    assert page.errors == ["A01: Choose which answer should stand."]
    page = auditor.send(page, {"stand-A01": "file"}, action="/preview")
    assert page.notices == [
        "6 answers from the spreadsheet are saved.",
        "1 place could not be taken: sheet “Ratings”, row 5, “Answer”. Mend it in the file, and load the file again.",
    ]
    assert [row.level_code for row in ratings_of(own)] == ["good", "good", "good", None]
    assert the_return(own).worked_well == "Ours."
    page = auditor.get(page.links["Spreadsheet and print"])
    assert "waits for you" not in page.main
    page = auditor.get(at(asked, "/preview"), status=302)
    assert page.headers["Location"] == at(asked)


def test_what_moved_between_looking_and_confirming_is_shown_again(asked: Asked, own: int, auditor: PageClient) -> None:
    page = filled(auditor, asked, {**YES, **rated("A01")})
    actor = asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, actor)
    fill_in(own, actor, "inadequate")
    page = auditor.send(page, action="/preview", status=200)
    assert page.errors == ["A01: Choose which answer should stand."], "what it is now, not what was confirmed"
    page = auditor.send(page, {"stand-A01": "saved", "mark": "of yesterday"}, action="/preview", status=200)
    assert page.errors == [services.MOVED]
    assert [row.level_code for row in ratings_of(own)] == ["inadequate"] * 4
    page = auditor.send(page, {"stand-A01": "saved"}, action="/preview")
    assert page.notices == ["0 answers from the spreadsheet are saved."]


def test_a_file_of_another_return_is_refused_beside_its_field_and_not_kept(
    asked: Asked, own: int, auditor: PageClient
) -> None:
    other = a_file(asked.actor(asked.health_auditor), asked.returns[asked.health][1], {})
    for content, sentence in (
        (other, f"is of {asked.cases[1]}. This is the return on {asked.cases[0]}."),
        (b"nothing of the kind", "This is not a return as a spreadsheet."),
        (b"PK" + bytes(5 * 1024 * 1024), "This file is larger than 5 MB"),
    ):
        page = chosen(auditor, asked, content, status=200)
        assert sentence in page.errors[0]
    assert auditor.send(page, action="/offline", status=200).errors == ["Choose the spreadsheet that was filled in."]
    assert db.session.scalars(select(ReturnFile)).all() == []


def test_the_preview_names_what_to_check_and_what_waits(asked: Asked, own: int, auditor: PageClient) -> None:
    event = {(EVENTS, "", "Date"): "1/2/2100", (EVENTS, "", "What happened"): "Not brought"}
    page = filled(auditor, asked, {**YES, **event, (KNOWN, "Known 8", YOURS): "SC/2026/0417"})
    assert "Check this date before you take it: New event, 1 February 2100: This date is in the future." in page.main
    assert "0417" not in page.told
    page = filled(auditor, asked, {**YES, **event, (KNOWN, "Known 5", YOURS): "No"})
    (_, waits), *_ = page.tables
    assert waits[4] == "Nothing else of this file is taken until this line says Yes: find the right file first."
    assert "New event" not in page.main


def test_a_file_can_be_set_aside(asked: Asked, auditor: PageClient) -> None:
    page = filled(auditor, asked, YES)
    assert "waits for you" in auditor.get(at(asked)).main
    page = auditor.send(page, action="/set-aside")
    assert page.notices == ["The spreadsheet was set aside and destroyed. Nothing was taken from it."]
    assert db.session.scalars(select(ReturnFile)).all() == []


def test_the_preview_asks_the_database_the_same_however_much_changes(
    asked: Asked, auditor: PageClient, count_queries: CountQueries
) -> None:
    counts = []
    for cells in (YES, ALL):
        filled(auditor, asked, cells)
        with count_queries() as queries:
            auditor.get(at(asked, "/preview"))
        counts.append(queries.count)
    assert counts[0] == counts[1] <= 25


# --- the road of the coordinator


def test_a_coordinator_fills_in_a_return_for_an_agency(
    asked: Asked, own: int, auditor: PageClient, coordinator: PageClient
) -> None:
    page = coordinator.get(asked.at(asked.health))
    page = coordinator.get(page.links["Fill in this return for the agency, with a spreadsheet"])
    agency = db.session.get_one(Agency, asked.health).name
    assert "send it the spreadsheet by your own secure mail" in page.main
    assert f"The key holder tells {agency} who {asked.cases[0]} is, by their own secure way" in page.main
    page = coordinator.send(filled(coordinator, asked, {**YES, **rated("A01")}), action="/preview")
    link = f"Check what is missing, and submit on behalf of {agency}"
    assert "What to do next" in page.main
    assert coordinator.get(at(asked)).links[link] == page.links[link]
    page = coordinator.get(page.links[link])
    assert "5 answers still need something." in page.main
    its = {(RATINGS, "A04", "Where on file (document, date)"): "Robin's file"}
    coordinator.send(filled(coordinator, asked, {**rated("A04", "B01", "H02"), **its, **OVERALL}), action="/preview")
    page = coordinator.get(at(asked, "/submit"))
    assert "These may name someone" in page.main
    assert "A04 Harm was weighed" in page.main
    assert "Robin" not in page.html, "the identity sheet is not released to a coordinator"
    assert f"You submit what {agency} wrote and sent to you" in page.main
    page = coordinator.send(page, {"hours": "1", "minutes": "30"}, status=200)
    assert page.errors == ["Take out the names that this page lists, or tick that they are not names."]
    assert "Robin" not in page.html
    page = coordinator.send(page, {"are_not_names": "y"}, status=200)
    assert page.errors == ["Tick the declaration before you submit."]
    page = coordinator.send(page, {"are_not_names": "y", "is_declared": "y"})
    assert "This return is as the agency sent it to me" in page.main
    assert the_return(own).minutes_spent == 90
    said = f"Loaded and submitted by the coordinator on behalf of {agency}: Cora Ordinator"
    assert said in page.main
    page = auditor.get(asked.at(asked.health))
    assert said in page.main
    stated = f"{agency} stated in its file that the right file is open, and that whoever filled it in had no part"
    assert stated in page.main, "the coordinator, who loaded it, has seen no file"
    assert "Cora Ordinator confirmed" not in page.main
    assert the_return(own).state is ReturnState.SUBMITTED


def test_a_coordinator_never_sees_what_an_agency_wrote_before_it_is_submitted(
    asked: Asked, own: int, coordinator: PageClient
) -> None:
    actor = asked.actor(asked.health_auditor)
    content = a_file(asked.actor(asked.health_auditor), own, {**YES, **rated("A01")})
    chosen(coordinator, asked, content)  # chosen before the agency began
    load(own, {**YES, **rated("A01", level="Inadequate", evidence=SECRET)}, actor)
    pages = [
        coordinator.get(at(asked)),
        coordinator.get(at(asked, "/preview"), status=409),
        coordinator.get(at(asked, "/submit"), status=409),
        coordinator.post(at(asked, "/download"), status=409),
        chosen(coordinator, asked, content, status=200),
        coordinator.get(asked.at(asked.health)),
    ]
    coordinator.post(f"{asked.at(asked.health)}/print", status=404)
    for page in pages:
        assert SECRET not in page.html
        assert "Inadequate" not in page.html
    assert "The agency has begun this return itself" in pages[0].main


def test_a_coordinator_with_a_part_in_the_case_has_no_such_door(asked: Asked, client: PageClient) -> None:
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    both = a_member(partnership, Role.COORDINATOR, name="Both")
    a_membership(both, partnership, Role.AUDITOR, agency=db.session.get_one(Agency, asked.police))
    browser = client.as_(both)
    assert "Fill in this return for the agency, with a spreadsheet" not in browser.get(asked.at(asked.health)).links
    for end in ("", "/preview", "/submit"):
        browser.get(at(asked, end), status=404)
    for end in ("", "/download", "/preview", "/set-aside", "/submit"):
        browser.post(at(asked, end), status=404)


# --- paper


def test_an_auditor_prints_the_form_and_what_is_saved_so_far(asked: Asked, own: int, auditor: PageClient) -> None:
    say(own, Known.KNOWN, asked.actor(asked.health_auditor))
    for end in ("/print/form", "/print"):
        page = auditor.post(f"{asked.at(asked.health)}{end}", status=200)
        assert (page.response.mimetype, page.data[:5]) == ("application/pdf", b"%PDF-")
    auditor.post(f"{asked.at(asked.police)}/print", status=404)
    auditor.post(f"{asked.at(asked.police)}/print/form", status=404)


def test_whoever_may_read_a_return_prints_it_once_it_was_submitted(
    asked: Asked, own: int, client: PageClient, coordinator: PageClient
) -> None:
    scrutineer = client.as_(a_member(db.session.get_one(Partnership, asked.partnership_id), Role.SCRUTINEER))
    address = f"{asked.at(asked.health)}/print"
    for browser in (coordinator, scrutineer):
        browser.post(address, status=404)
    coordinator.post(f"{address}/form", status=200)
    hand_over(own, asked.actor(asked.health_auditor))
    for browser in (coordinator, scrutineer):
        assert browser.post(address, status=200).data.startswith(b"%PDF-")
    page = coordinator.get(asked.at(asked.health))
    assert [form.action for form in page.forms if form.action.endswith("/print")] == [address]


@pytest.mark.parametrize(("is_released", "status"), [(False, 404), (True, 200)])
def test_the_panel_prints_returns_from_the_release_on(
    app: Flask, client: PageClient, is_released: bool, status: int
) -> None:
    sitting = a_sitting(cases=1, is_released=is_released)
    chair = db.session.get_one(Person, sitting.chair)
    page = client.as_(chair).post(f"{sitting.asked.at(sitting.asked.police)}/print", status=status)
    assert page.data.startswith(b"%PDF-") is is_released
