"""The page on which a sample is drawn, looked at, confirmed or set aside."""

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from audit_app.accounts.rules import Role
from audit_app.cases.models import Case, Identity
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.rounds.queries import round_for_change
from audit_app.rounds.rules import RoundState
from audit_app.sampling import services
from audit_app.sampling.models import Draw
from audit_app.sampling.rules import SamplingPlan
from tests.factories.accounts import in_own_words
from tests.factories.sampling import PLAN, a_draw, a_population, a_sample, somebody, the_file
from tests.fixtures import CountQueries
from tests.sampling.conftest import Place, count, facts


def test_the_coordinator_is_led_from_the_cases_to_sending_them_once_every_sheet_is_saved(place: Place) -> None:
    a_sample(place.found)
    words, cases = "Send the cases to the agencies", place.sample.replace("/sample", "/cases")
    assert words not in place.coordinator.get(cases).links
    with transaction():
        db.session.execute(update(Identity).values(sheet_saved_at=core_clock.now(), sheet_saved_by_id=1))
    assert words in place.coordinator.get(cases).links
    assert words not in place.key_holder.get(cases).links


@pytest.mark.parametrize("deed", ["", "/confirm", "/set-aside"])
def test_only_a_coordinator_draws(place: Place, deed: str) -> None:
    assert place.key_holder.post(place.sample + deed, status=403).h1 == "You cannot use this page"


def test_a_sample_waits_for_the_population(place: Place) -> None:
    page = place.coordinator.get(place.sample)
    assert "The key holder has not uploaded the list of children yet." in page.main
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
    assert form.values["by"] == ["area"]
    assert all(form.values[name] == [value.strip()] for name, value in typed.items())
    assert count(Draw) == 0


def test_a_draw_is_never_from_others_than_those_the_page_showed(place: Place) -> None:
    """What is ticked counts, whether or not “Show the groups” was pressed: no draw, and everything typed stays."""
    a_population(place.found, the_file("early-help-local.csv"))
    page = place.coordinator.get(place.sample)
    typed = {"size": "4", "reserves": "1", "seed": "spring"}
    page = place.coordinator.send(page, {**typed, "pool": "all", "by": ["area"]}, status=200)
    assert page.errors[0].startswith("Part 1 has changed since the groups were shown.")
    assert count(Draw) == 0
    assert "120 children can be drawn" in page.main
    assert len(page.tables[0]) == 3
    form = page.form()
    assert (form.values["pool"], form.values["by"]) == (["all"], ["area"])
    assert all(form.values[name] == [value] for name, value in typed.items())
    drawn = place.coordinator.send(page)
    assert facts(drawn)["Who could be drawn"] == "All children of the file, plan still open"
    assert facts(drawn)["Groups"] == "Area"
    assert sum(int(row[1]) for row in drawn.tables[0][1:]) == 120


def test_the_groups_are_shown_without_losing_what_was_typed(place: Place) -> None:
    a_population(place.found, the_file("early-help-local.csv"))
    page = place.coordinator.get(place.sample, by=["area"])
    typed = {"size": "nine", "reserves": "0", "seed": "s", "allocation": "counts", "counts-1": "3"}
    ticked = {"pool": "all", "with_ended": "y", "by": ["area"], "show": "groups"}
    page = place.coordinator.send(page, {**typed, **ticked}, status=200)
    assert page.errors == []
    form = page.form()
    assert all(form.values[name] == [value] for name, value in typed.items())
    assert form.values["with_ended"] == ["y"]
    page = place.coordinator.send(page, {"by": ["plan_status", "area"], "show": "groups"}, status=200)
    assert all(value != ["3"] for name, value in page.form().values.items() if name.startswith("counts-"))


def test_another_file_confirmed_meanwhile_is_shown_before_it_is_drawn_from(place: Place) -> None:
    a_population(place.found, the_file("early-help-local.csv"))
    page = place.coordinator.get(place.sample)
    a_population(place.found)
    page = place.coordinator.send(page, {"size": "4"}, status=200)
    assert "76 children can be drawn" in page.main
    assert count(Draw) == 0


def test_a_file_without_areas_offers_none_as_a_group(place: Place) -> None:
    a_population(place.found)
    page = place.coordinator.get(place.sample, by=["area"])
    assert "Age band" in page.main
    assert "Area" not in page.main
    assert page.tables == []


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


def test_groups_and_plans_are_said_in_the_partnerships_words(place: Place) -> None:
    a_population(place.found)
    by_plan: dict[str, Any] = {"pool": "neglect", "by": ["plan_status"]}
    before = place.coordinator.get(place.sample, **by_plan)
    assert "Child protection plan" in [row[0] for row in before.tables[0]]
    in_own_words(place.partnership, plan_status={"child_protection": "Safety plan"}, role={"key_holder": "Analyst"})
    page = place.coordinator.get(place.sample, **by_plan)
    assert "Child protection plan" not in page.main
    page = place.coordinator.send(page, {"size": "4", "reserves": "1", "seed": "s", "allocation": "shared"})
    assert "Safety plan" in [row[0] for row in page.tables[0]]
    assert {row[1] for row in page.tables[1][1:]} == {row[2] for row in page.tables[1][1:]} == {"Safety plan"}
    assert "Child protection plan" not in page.main
    place.coordinator.send(page, action="/confirm")
    assert "The analyst completes an identity sheet" in place.coordinator.get(place.sample).main
    kept = db.session.scalars(select(Case.stratum)).all()
    assert set(kept) == {"Child protection plan"}, "what is kept never depends on words"
