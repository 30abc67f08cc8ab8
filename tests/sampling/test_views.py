"""The pages from a council's file to the cases of a round."""

import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask, request, request_finished
from openpyxl import Workbook
from sqlalchemy import func, select

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case, Identity
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.rounds.models import Round
from audit_app.rounds.queries import round_for_change
from audit_app.rounds.rules import RoundState
from audit_app.sampling import services
from audit_app.sampling.models import Draw, PopulationChild, PopulationImport
from audit_app.sampling.rules import SamplingPlan
from tests.factories.accounts import a_member, a_partnership, an_agency, an_area
from tests.factories.rounds import a_round
from tests.factories.sampling import PLAN, a_draw, a_population, a_sample, a_waiting_file, somebody, the_file
from tests.fixtures import Clock, CountQueries
from tests.pages import Page, PageClient


@dataclass(frozen=True)
class Place:
    """A round being sampled, and who works on its sample."""

    partnership: Partnership
    found: Round
    key_holder: PageClient
    coordinator: PageClient

    @property
    def population(self) -> str:
        return f"/p/{self.partnership.slug}/rounds/{self.found.reference}/population"

    @property
    def sample(self) -> str:
        return f"/p/{self.partnership.slug}/rounds/{self.found.reference}/sample"

    def upload(self, content: bytes, name: str = "list.xlsx", status: int | None = None) -> Page:
        page = self.key_holder.get(self.population)
        file = (io.BytesIO(content), name)
        return self.key_holder.send(page, {"file": file}, action="/population", status=status)


@pytest.fixture
def place(client: PageClient, clock: Clock) -> Place:
    partnership = a_partnership()
    return Place(
        partnership,
        a_round(partnership, state=RoundState.SAMPLING, reference="N26"),
        client.as_(a_member(partnership, Role.KEY_HOLDER)),
        client.as_(a_member(partnership, Role.COORDINATOR)),
    )


def facts(page: Page) -> dict[str, str]:
    """The rows of the page's summary lists."""
    keys = [element for element in page.tree.iter() if element.tag in {"dt", "dd"}]
    texts = [" ".join("".join(element.itertext()).split()) for element in keys]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


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
    drawn = place.coordinator.send(page, {"size": "9", "reserves": "2", "seed": "N26 spring"}, action="plan_status")
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


def a_workbook(*rows: list[object]) -> bytes:
    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


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
        assert secret not in page.html


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 not a list", "not a spreadsheet"),
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


@pytest.mark.parametrize("deed", ["", "/confirm", "/set-aside"])
def test_only_a_coordinator_draws(place: Place, deed: str) -> None:
    assert place.key_holder.post(place.sample + deed, status=403).h1 == "You cannot use this page"


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


def test_a_sample_waits_for_the_population(place: Place) -> None:
    page = place.coordinator.get(place.sample)
    assert "The key holder has not given the population yet." in page.main
    assert place.key_holder.get(place.sample).h1 == "Draw the sample"


def test_the_seed_is_offered_at_random_and_can_be_changed(place: Place) -> None:
    a_population(place.found)
    seeds = {place.coordinator.get(place.sample).form().values["seed"][0] for _ in range(2)}
    assert len(seeds) == 2
    assert all(seed.startswith("N26-") for seed in seeds)


@pytest.mark.parametrize("passed_over", ["counts-²", "counts-" + "9" * 5_000, "counts-", "counts", "counts-0-0"])
def test_numbers_for_each_group_are_drawn_as_they_were_entered(place: Place, passed_over: str) -> None:
    a_population(place.found, the_file("early-help-local.csv"))
    page = place.coordinator.get(place.sample, pool="neglect", by=["area"])
    typed = {"size": "4", "reserves": "0", "seed": "s", "allocation": "counts", "counts-0": "1", "counts-1": "3"}
    page = place.coordinator.send(page, {**typed, passed_over: "7"})
    assert [[row[0], row[5]] for row in page.tables[0][1:]] == [["Northside", "1"], ["Südgate", "3"]]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"size": ""}, "Enter how many children to draw."),
        ({"size": "nine"}, "Enter the number of children as a whole number, such as 9."),
        ({"size": "40"}, "There are 34 children to draw from"),
        ({"seed": " "}, "Enter a seed, so that the draw can be repeated."),
        ({"reserves": "101"}, "There can be at most 100 reserves."),
        ({"allocation": "counts", "counts-0": "1"}, "The strata add up to 1, and the sample is to be 4."),
        ({"allocation": "counts", "counts-0": "one"}, "Enter a whole number for each group in the table"),
    ],
)
def test_a_plan_that_cannot_be_drawn_comes_back_as_it_was_typed(
    place: Place, changes: dict[str, str], error: str
) -> None:
    a_population(place.found, the_file("early-help-local.csv"))
    page = place.coordinator.get(place.sample, pool="neglect", by=["area"])
    typed = {"size": "4", "reserves": "0", "seed": "spring", **changes}
    page = place.coordinator.send(page, typed, status=200)
    assert page.errors[0].startswith(error)
    form = page.form()
    assert "by=area" in form.action
    assert all(form.values[name] == [value.strip()] for name, value in typed.items())
    assert count(Draw) == 0


def test_an_address_with_nonsense_in_it_still_gives_the_page(place: Place) -> None:
    a_population(place.found)
    page = place.coordinator.get(place.sample, pool="everyone", by=["shoe_size"])
    assert "76 children can be drawn" in page.main


def test_a_sample_is_set_aside_with_a_reason_that_stays(place: Place) -> None:
    a_population(place.found)
    a_draw(place.found)
    page = place.coordinator.get(place.sample)
    page = place.coordinator.send(page, action="/set-aside", status=200)
    assert page.errors == ["Say why this sample is set aside."]
    page = place.coordinator.send(page, {"reason": "Two reserves are too few."}, action="/set-aside")
    assert page.h1 == "Draw the sample"
    assert page.tables[-1][1][0] == PLAN.seed
    assert "Two reserves are too few." in page.tables[-1][1]


def test_confirming_twice_says_that_it_is_confirmed(place: Place) -> None:
    a_population(place.found)
    a_draw(place.found)
    page = place.coordinator.get(place.sample)
    place.coordinator.send(page, action="/sample/confirm")
    again = place.coordinator.send(page, action="/sample/confirm")
    assert "confirmed already" in again.notices[0]
    assert count(Case) == 9


def test_the_page_of_a_sample_says_how_to_repeat_it(place: Place) -> None:
    population = a_population(place.found)
    a_draw(place.found)
    page = place.key_holder.get(place.sample)
    assert population.file_sha256 in page.main
    assert f"{PLAN.seed}:10013125" in page.main
    assert page.forms == []


def test_a_reserve_who_took_a_place_is_named_with_its_case(place: Place) -> None:
    made, by = a_sample(place.found), somebody(place.found, Role.COORDINATOR)
    with transaction():
        services.withdraw_case(made[0].id, reason="Moved.", by=by, at=core_clock.now())
    page = place.coordinator.get(place.sample)
    assert [row[0] for row in page.tables[2][1:]] == ["1, now N26-10", "2"]


def test_a_round_whose_cases_have_gone_keeps_its_sample(place: Place) -> None:
    a_sample(place.found)
    with transaction():
        round_for_change(place.partnership.id, place.found.id).state = RoundState.RETURNS
    assert place.coordinator.get(place.sample).forms == []
    assert place.key_holder.get(place.population).forms == []
    file = (io.BytesIO(the_file()), "list.xlsx")
    refused = place.key_holder.post(place.population, {"file": file}, status=200)
    assert "stays as it is" in refused.errors[0]


def test_a_large_sample_asks_the_database_as_often_as_a_small_one(place: Place, count_queries: CountQueries) -> None:
    a_population(place.found)
    asked = []
    for size in (1, 30):
        draw = a_draw(place.found, SamplingPlan(size=size, reserves=2, seed="s"))
        place.coordinator.get(place.sample)
        with count_queries() as queries:
            place.coordinator.get(place.sample)
        asked.append(queries.count)
        with transaction():
            row = db.session.get_one(Draw, draw.id)
            row.is_current, row.discarded_at = False, core_clock.now() - timedelta(minutes=1)
    assert asked[0] == asked[1]
