"""The pages from a council's file to the cases of a round."""

import io

import pytest
from flask import Flask, request, request_finished
from sqlalchemy import select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role
from audit_app.cases.models import Identity
from audit_app.core.db import db
from audit_app.sampling.models import PopulationChild, PopulationImport
from tests.factories.accounts import a_member, a_partnership, an_agency, an_area
from tests.factories.sampling import a_draw, a_population, a_sample, a_waiting_file, the_file
from tests.fixtures import Clock
from tests.pages import PageClient
from tests.sampling.conftest import Place, a_workbook, count, facts


def test_what_a_council_hands_over_becomes_nine_cases(place: Place) -> None:
    """Annex A through the real pages, with the figures of truth.json."""
    page = place.upload(the_file())
    assert page.h1 == "Check the file"
    said = facts(page)
    assert said["Recognised as"] == "Ofsted’s Annex A workbook"
    assert said["Rows below the headings"] == "158"
    assert said["Children"] == "157"
    assert said["Neglect recorded"].startswith("82 (initial category of abuse: 74, latest category of abuse: 77")
    assert said["Of these, plan still open"] == "76"
    assert said["Possibly neglect (“multiple” categories)"] == "8"
    assert said["Blank rows"] == "1"
    confirmed = place.key_holder.send(page, {"as_at": ["28", "2", "2026"]}, action="/confirm")
    assert "157 children, 82 for neglect" in confirmed.notices[0]
    assert facts(confirmed)["The list was right on"] == "28 February 2026"

    page = place.coordinator.get(place.sample, pool="neglect", by=["plan_status"])
    assert "76 children can be drawn" in page.main
    assert page.tables[0][1][:2] == ["Child protection plan", "76"]
    drawn = place.coordinator.send(page, {"size": "9", "reserves": "2", "seed": "N26 spring"})
    assert drawn.h1 == "Sample"
    assert facts(drawn)["Seed"] == "N26 spring"
    assert drawn.tables[0][1] == ["Child protection plan", "76", "9", "0", "0", "9", "2"]
    assert len(drawn.tables[1]) == 10
    assert len(drawn.tables[2]) == 3
    done = place.coordinator.send(drawn, action="/sample/confirm")
    assert "9 cases, from N26-01 on" in done.notices[0]
    assert [row[0] for row in done.tables[1][1:]] == [f"N26-{number:02d}" for number in range(1, 10)]
    assert count(Identity) == 11
    identities = set(db.session.scalars(select(Identity.number)))
    for shown in (page, drawn, done, confirmed):
        assert not any(number in shown.html for number in identities)


def test_the_councils_own_list_is_read_with_its_areas(place: Place) -> None:
    an_area(place.partnership, name="Northside")
    page = place.upload(the_file("early-help-local.csv"), "liste.csv")
    assert facts(page)["Neglect recorded"] == "34 (neglect flag: 34)"
    assert "no area called Südgate" in page.main
    assert "Northside" not in page.main
    page = place.key_holder.send(page, {"as_at": ["1", "3", "2026"]}, action="/confirm")
    page = place.coordinator.get(place.sample, pool="neglect", by=["area"])
    assert [row[:2] for row in page.tables[0][1:]] == [["Northside", "14"], ["Südgate", "20"]]


def test_the_latest_day_of_the_file_is_offered_and_none_where_it_has_none(place: Place) -> None:
    _day, month, year = place.upload(the_file()).form(action="/confirm").values["as_at"]
    assert int(year) == 2026
    assert int(month) <= 3
    a_waiting_file(place.found, the_file("early-help-local.csv"))
    page = place.key_holder.get(place.population)
    assert page.form(action="/confirm").values["as_at"] == ["", "", ""]
    page = place.key_holder.send(page, action="/confirm", status=200)
    assert page.errors == ["Enter the day on which the list was right."]
    page = place.key_holder.send(page, {"as_at": ["5", "3", "2026"]}, action="/confirm", status=200)
    assert page.errors == ["The as-at date cannot be in the future."]
    assert page.form(action="/confirm").values["as_at"] == ["5", "3", "2026"]
    assert count(PopulationChild) == 0


def test_rows_that_cannot_be_read_are_named_without_who_they_are_about(place: Place) -> None:
    content = a_workbook(
        ["Child number", "Date of birth", "Category of abuse"],
        ["10013125", "3/5/2019", "Neglect"],
        ["10013126", "soon after Easter", "Neglect"],
        ["10013127", "3/5/2018", "Bad weather"],
    )
    page = place.upload(content)
    said = {row[1]: row for row in page.tables[0][1:]}
    assert said["Date of birth"][0].endswith("row 3")
    assert said["Date of birth"][3] == "Not shown"
    assert said["Category of abuse"][3] == "Bad weather"
    for secret in ("10013125", "10013126", "10013127", "Easter", "2019", "2018"):
        assert secret not in page.told


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 not a list", "not an Excel workbook"),
        (b"hello this is text", "not an Excel workbook"),
        (a_workbook(["Child number", "Date of birth"], ["1", "3/5/2019"]), "no column for a neglect flag"),
        (b"Child number;Date of birth;Neglect\n" + b"x" * (20 * 1024 * 1024), "20 MB"),
    ],
)
def test_a_file_that_is_no_list_gets_one_sentence_and_changes_nothing(
    place: Place, content: bytes, reason: str
) -> None:
    page = place.upload(content, status=200)
    assert len(page.errors) == 1
    assert reason in page.errors[0]
    assert count(PopulationImport) == 0


def test_a_file_far_over_the_limit_gets_its_own_sentence(place: Place) -> None:
    file = (io.BytesIO(b"x" * (23 * 1024 * 1024)), "list.xlsx")
    page = place.key_holder.post(place.population, {"file": file}, status=413)
    assert page.h1 == "The file is too large"
    assert "20 MB" in page.main


def test_no_file_chosen_is_said(place: Place) -> None:
    page = place.key_holder.send(place.key_holder.get(place.population), action="/population", status=200)
    assert page.errors == ["Choose the file with the list of children."]


def test_a_file_can_be_set_aside(place: Place) -> None:
    page = place.key_holder.send(place.upload(the_file()), action="/set-aside")
    assert "set aside and destroyed" in page.notices[0]
    assert count(PopulationImport) == 0
    assert page.h1 == "Population"


def test_a_page_that_waited_too_long_confirms_nothing(place: Place, clock: Clock) -> None:
    page = place.upload(the_file())
    clock.forward(minutes=40)
    place.key_holder.get(place.population)  # still working, and so still signed in
    clock.forward(minutes=21)
    answer = place.key_holder.send(page, {"as_at": ["28", "2", "2026"]}, action="/confirm")
    assert "no longer here" in answer.notices[0]
    assert count(PopulationChild) == 0
    assert answer.h1 == "Population"


def test_the_page_of_a_file_that_was_replaced_confirms_nothing(place: Place) -> None:
    page = place.upload(the_file())
    a_waiting_file(place.found, the_file("early-help-local.csv"))
    answer = place.key_holder.send(page, {"as_at": ["28", "2", "2026"]}, action="/confirm")
    assert "no longer here" in answer.notices[0]
    assert count(PopulationChild) == 0


def test_a_fingerprint_that_no_file_can_have_confirms_nothing(place: Place) -> None:
    page = place.upload(the_file())
    typed = {"as_at": ["28", "2", "2026"], "file_sha256": "a\0b"}
    answer = place.key_holder.send(page, typed, action="/confirm")
    assert "no longer here" in answer.main
    assert count(PopulationChild) == 0


def test_a_large_file_is_never_laid_on_the_disk_as_it_comes(place: Place) -> None:
    streams: list[type] = []

    def note(_app: Flask, **_more: object) -> None:
        streams.extend(type(sent.stream) for sent in request.files.values())

    with request_finished.connected_to(note):
        place.upload(b"Child number;Date of birth;Neglect\n" + b"x" * 1024 * 1024, "list.csv", status=200)
    assert streams == [io.BytesIO]


def test_each_sees_what_is_theirs_to_do_with_the_population(place: Place) -> None:
    assert "No population yet" in place.coordinator.get(place.population).main
    a_waiting_file(place.found)
    page = place.coordinator.get(place.population)
    assert "A file waits to be confirmed" in page.main
    assert page.forms == []
    a_population(place.found)
    assert place.coordinator.get(place.population).links["Draw the sample"].endswith("/sample")
    assert "Give another file" in place.key_holder.get(place.population).main
    a_draw(place.found)
    page = place.key_holder.get(place.population)
    assert "A sample has been drawn" in page.main
    assert page.forms == []


@pytest.mark.parametrize("deed", ["", "/confirm", "/set-aside"])
def test_only_a_key_holder_gives_a_population(place: Place, deed: str) -> None:
    assert place.coordinator.post(place.population + deed, status=403).h1 == "You cannot use this page"


def test_outsiders_get_nowhere(place: Place, client: PageClient) -> None:
    a_sample(place.found)
    agency: Agency = an_agency(place.partnership)
    others = [
        client.as_(a_member(place.partnership, Role.AUDITOR, Role.PANEL_MEMBER, agency=agency)),
        client.as_(a_member(place.partnership, Role.BOARD_MEMBER, Role.ADMINISTRATOR)),
    ]
    stranger = client.as_(a_member(a_partnership(), *Role))
    for path in (place.population, place.sample):
        for other in others:
            other.get(path, status=403)
        stranger.get(path, status=404)
        for deed in ("", "/confirm", "/set-aside"):
            stranger.post(path + deed, status=404)
    assert client.as_(a_member(place.partnership, Role.SCRUTINEER)).get(place.sample).forms == []


def test_a_plain_list_is_not_said_to_know_what_only_annex_a_knows(place: Place) -> None:
    said = facts(place.upload(the_file("early-help-local.csv"), "liste.csv"))
    assert "Of these, plan still open" not in said
    assert "Possibly neglect (“multiple” categories)" not in said


def test_a_list_of_columns_that_bears_the_name_of_a_workbook_is_read(place: Place) -> None:
    assert place.upload(the_file("early-help-local.csv"), "list.xls").h1 == "Check the file"


def test_a_birth_years_ahead_is_named_and_never_shown(place: Place) -> None:
    """The day is 4 March 2026. An unborn child may be expected within ten months; nobody is born in 2030."""
    content = a_workbook(
        ["Child number", "Date of birth", "Category of abuse"],
        ["10013125", "1/12/2026", "Neglect"],
        ["10013126", "12/12/2030", "Neglect"],
    )
    page = place.upload(content)
    assert facts(page)["Children"] == "1"
    [row] = page.tables[0][1:]
    assert row[0].endswith("row 3")
    assert row[2:] == [
        "this is after the day of the list, too far ahead for a birth that is expected",
        "Not shown",
        "The row is left out",
    ]
    assert "2030" not in page.told
