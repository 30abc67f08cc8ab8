"""The extracts that councils hand over: a careful reader finds in them what truth.json says."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.sampling.rules import Basis, Layout, ReadPopulation, Sex, read_population

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def truth() -> Any:
    return json.loads((DATA / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def annex_a() -> ReadPopulation:
    return read_population((DATA / "annex-a.xlsx").read_bytes(), today=TODAY)


@pytest.fixture(scope="module")
def local_list() -> ReadPopulation:
    return read_population((DATA / "early-help-local.csv").read_bytes(), today=TODAY)


def test_annex_a_is_recognised_by_its_sheets(annex_a: ReadPopulation) -> None:
    assert annex_a.layout is Layout.ANNEX_A
    assert [sheet.name for sheet in annex_a.sheets] == ["List 7", "List 8", "List 6", "List 2"]
    assert ("H", "Initial Category of Abuse", "initial category of abuse") in [
        (column.letter, column.heading, column.meaning) for column in annex_a.sheets[0].columns
    ]


def test_list_7_has_the_rows_and_children_of_the_truth(annex_a: ReadPopulation, truth: Any) -> None:
    assert annex_a.rows == truth["sheets"]["List 7"]["rows"] == 158
    assert len(annex_a.children) == truth["sheets"]["List 7"]["children"] == 157
    assert len(annex_a.children) == truth["list 7"]["children on a plan in the file"]


def test_the_odd_row_of_list_7_is_the_last_one_with_nothing_in_it(annex_a: ReadPopulation) -> None:
    assert annex_a.blank == ((159, 159),)
    assert annex_a.blank_rows == 1
    assert annex_a.repeated_rows == 0
    assert annex_a.problems == ()


def test_neglect_is_found_in_either_category_of_list_7(annex_a: ReadPopulation, truth: Any) -> None:
    assert len(annex_a.neglect) == truth["list 7"]["neglect, initial or latest"] == 82
    assert annex_a.by_basis[Basis.LATEST_CATEGORY] == truth["list 7"]["neglect, latest"] == 77
    assert annex_a.by_basis[Basis.INITIAL_CATEGORY] == 74


def test_multiple_categories_are_only_possible_neglect(annex_a: ReadPopulation, truth: Any) -> None:
    assert len(annex_a.possible) == truth["list 7"]["multiple, and not neglect otherwise"] == 8
    assert not set(annex_a.possible) & set(annex_a.neglect)


def test_plans_are_open_repeated_and_long_as_the_truth_says(annex_a: ReadPopulation, truth: Any) -> None:
    as_at = date.fromisoformat(truth["today"])
    assert sum(child.is_open for child in annex_a.children) == truth["list 7"]["open plans"] == 144
    second = sum((child.previous_plans or 0) > 0 for child in annex_a.children)
    assert second == truth["list 7"]["second or later plan"] == 37
    long_open = sum(child.is_open_two_years(as_at) for child in annex_a.children)
    assert long_open == truth["list 7"]["open two years or more"] == 18


def test_the_latest_day_in_list_7_is_offered_as_the_as_at_date(annex_a: ReadPopulation, truth: Any) -> None:
    assert annex_a.latest_date == date.fromisoformat(truth["today"])


def test_no_day_after_today_is_offered_as_the_as_at_date() -> None:
    read_in_spring = read_population((DATA / "annex-a.xlsx").read_bytes(), today=date(2026, 3, 4))
    assert read_in_spring.latest_date is not None
    assert read_in_spring.latest_date <= date(2026, 3, 4)


def test_an_ended_plan_takes_its_status_from_the_other_lists(annex_a: ReadPopulation) -> None:
    ended = Counter(child.plan_status for child in annex_a.children if not child.is_open)
    assert ended == {PlanStatus.OTHER: 11, PlanStatus.LOOKED_AFTER: 1, PlanStatus.CHILD_IN_NEED: 1}
    assert {child.plan_status for child in annex_a.children if child.is_open} == {PlanStatus.CHILD_PROTECTION}


def test_ages_are_counted_at_the_as_at_date(annex_a: ReadPopulation) -> None:
    assert Counter(child.age_band(date(2026, 9, 30)) for child in annex_a.children) == {
        AgeBand.UNDER_1: 6,
        AgeBand.FROM_1_TO_4: 40,
        AgeBand.FROM_5_TO_9: 39,
        AgeBand.FROM_10_TO_15: 58,
        AgeBand.FROM_16: 14,
    }
    assert AgeBand.UNBORN in {child.age_band(date(2025, 1, 1)) for child in annex_a.children}


def test_the_local_list_is_read_whatever_windows_did_to_it(local_list: ReadPopulation, truth: Any) -> None:
    assert local_list.layout is Layout.TABLE
    assert local_list.rows == len(local_list.children) == truth["local list"]["rows"] == 120
    assert len(local_list.neglect) == truth["local list"]["flagged"] == 34
    assert local_list.by_basis[Basis.FLAG] == 34
    assert local_list.encoding == truth["local list"]["encoding"]
    assert local_list.separator == truth["local list"]["separator"]
    assert local_list.problems == ()


def test_the_local_list_says_area_sex_and_status(local_list: ReadPopulation) -> None:
    assert Counter(child.area for child in local_list.children) == {"Südgate": 72, "Northside": 48}
    assert Counter(child.sex for child in local_list.children) == {Sex.FEMALE: 62, Sex.MALE: 58}
    assert {child.plan_status for child in local_list.children} == {PlanStatus.EARLY_HELP}


def test_a_list_without_days_of_events_offers_no_as_at_date(local_list: ReadPopulation) -> None:
    assert local_list.latest_date is None


def test_the_workbook_of_another_origin_has_seven_plans_and_no_neglect() -> None:
    population = read_population((DATA / "annex-a-liia.xlsx").read_bytes(), today=TODAY)
    assert population.rows == len(population.children) == 7
    assert population.neglect == population.possible == ()
    assert sum(child.is_open for child in population.children) == 2
    assert population.latest_date == date(2021, 3, 2)


def test_nothing_that_prints_a_population_says_who_a_child_is(annex_a: ReadPopulation) -> None:
    printed = repr(annex_a)
    for child in annex_a.children:
        assert child.number not in printed
    assert repr(annex_a.children[0]).startswith("Child(sex=")
    assert annex_a.children[0].born is not None
    assert repr(annex_a.children[0].born) not in printed
