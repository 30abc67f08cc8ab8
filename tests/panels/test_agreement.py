"""The measures of agreement: published tables, what holds for any table, and what is said in words."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audit_app.panels.rules.agreement import (
    AS_IN_A_FILE,
    CASES,
    UNITS_AT_LEAST,
    Agreement,
    Distance,
    Outcome,
    as_decimal,
    as_percentage,
    counts_of,
    distance_in_words,
    fleiss_kappa,
    gwet,
    identity_weights,
    in_words,
    interval_difference,
    krippendorff_alpha,
    measure,
    nominal_difference,
    ordinal_difference,
    ordinal_weights,
    percentage_agreement,
    reach,
    share_within,
    signed_distance,
    why_no_coefficient,
)

Table = list[list[int | None]]


def by_rater(*raters: str) -> Table:
    """A table from one text a rater, a digit a unit, a dot for missing."""
    return [[None if one == "." else int(one) for one in unit] for unit in zip(*raters, strict=True)]


KRIPPENDORFF = by_rater("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
"""Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: four observers and twelve units."""

GWET = by_rater("123321412...", "1233224125..", ".33323422513", "12332441251.")
"""`cac.raw4raters` of irrCAC; Gwet, Handbook of Inter-Rater Reliability, 4th edition (2014), page 120."""

OBSERVERS = by_rater("223.112233.1242", "2241111.3221342", "314111333211332", ".24....1.21133.", "3..1112.3....42")
"""`cac.raw5obser` of irrCAC, its scores 0 to 3 as ranks 1 to 4; Gwet (2014), page 125."""


def near(value: float) -> object:
    """Equal to a figure that was published with three decimals."""
    return pytest.approx(value, abs=0.0005)


# --- published tables


def test_krippendorffs_own_example_gives_his_figures() -> None:
    counts = counts_of(KRIPPENDORFF, 5)
    assert krippendorff_alpha(counts, nominal_difference) == near(0.743)
    assert krippendorff_alpha(counts, ordinal_difference) == near(0.815)
    assert krippendorff_alpha(counts, interval_difference) == near(0.849)


def test_gwets_four_raters_give_his_figures() -> None:
    counts, identity = counts_of(GWET, 5), identity_weights(5)
    found = gwet(counts, identity)
    assert found is not None
    assert found.interval is not None
    assert (found.value, found.standard_error) == (near(0.775), near(0.143))
    assert (found.observed, found.by_chance) == (near(0.818), near(0.190))
    assert found.interval == (near(0.461), 1)
    kappa = fleiss_kappa(counts, identity)
    assert kappa is not None
    assert (kappa.value, kappa.by_chance) == (near(0.761), near(0.239))
    assert percentage_agreement(counts) == near(0.818)


def test_ordinal_weights_give_the_ac2_that_irrcac_is_tested_to_give() -> None:
    found = gwet(counts_of(GWET, 5), ordinal_weights(5))
    assert found is not None
    assert (found.observed, found.by_chance) == (near(0.968), near(0.685))
    assert (found.value, found.standard_error) == (near(0.899), near(0.107))
    assert found.interval == (near(0.664), 1)


def test_five_observers_with_many_gaps_give_the_interval_that_irrcac_is_tested_to_give() -> None:
    found = gwet(counts_of(OBSERVERS, 4), identity_weights(4))
    assert found is not None
    assert (found.observed, found.by_chance) == (near(0.616), near(0.236))
    assert (found.value, found.standard_error) == (near(0.497), near(0.122))
    assert found.interval == (near(0.235), near(0.758))


def test_ordinal_weights_are_those_that_irrcac_documents() -> None:
    assert ordinal_weights(3) == [
        [1, pytest.approx(2 / 3), 0],
        [pytest.approx(2 / 3), 1, pytest.approx(2 / 3)],
        [0, pytest.approx(2 / 3), 1],
    ]
    assert ordinal_weights(2) == identity_weights(2)


@pytest.mark.parametrize(
    ("df", "published"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (11, 2.201), (14, 2.145), (30, 2.042), (120, 1.980)],
)
def test_the_reach_of_an_interval_is_that_of_printed_tables(df: int, published: float) -> None:
    assert reach(df) == near(published)


@given(st.integers(1, 400), st.floats(0.5, 0.999))
def test_the_reach_holds_just_the_share_that_was_asked_for(df: int, share: float) -> None:
    assert share_within(reach(df, share), df) == pytest.approx(share, abs=1e-9)


def test_many_degrees_of_freedom_come_to_the_normal_distribution() -> None:
    assert reach(100_000) == pytest.approx(1.95996, abs=1e-4)


# --- what holds for any table

LEVELS = 4


@st.composite
def tables(draw: st.DrawFn) -> Table:
    raters = draw(st.integers(2, 5))
    cell = st.none() | st.integers(1, LEVELS)
    return draw(st.lists(st.lists(cell, min_size=raters, max_size=raters), min_size=1, max_size=14))


def figures(found: Agreement) -> list[float]:
    """Every figure of an agreement, one after the other."""
    coefficients = [one for one in (found.ac1, found.ac2) if one is not None]
    return [
        *([] if found.percentage is None else [found.percentage]),
        *(figure for one in coefficients for figure in (one.value, one.standard_error or 0.0, *(one.interval or ()))),
        *([found.alpha.nominal, found.alpha.ordinal, found.alpha.interval] if found.alpha else []),
        *([found.kappa.value] if found.kappa else []),
    ]


def same(one: Agreement, other: Agreement) -> bool:
    return one.outcome is other.outcome and figures(one) == pytest.approx(figures(other), abs=1e-9)


@given(tables(), st.randoms(use_true_random=False))
def test_neither_the_order_of_raters_nor_that_of_units_makes_a_difference(table: Table, random: object) -> None:
    order = list(range(len(table[0])))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = [[unit[at] for at in order] for unit in table]
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert same(measure(turned, LEVELS), measure(table, LEVELS))


@given(tables())
def test_every_figure_keeps_within_its_bounds(table: Table) -> None:
    found = measure(table, LEVELS)
    if found.percentage is not None:
        assert 0 <= found.percentage <= 1
    assert all(one <= 1 + 1e-9 for one in figures(found))
    for one in (found.ac1, found.ac2):
        if one is not None and one.interval is not None:
            low, high = one.interval
            assert low <= one.value <= high + 1e-9 <= 1 + 2e-9
            assert 0 <= one.by_chance < 1


@given(st.lists(st.integers(1, LEVELS), min_size=UNITS_AT_LEAST, max_size=12), st.integers(2, 5))
def test_agreement_is_one_when_all_agree_and_levels_vary(given_levels: list[int], raters: int) -> None:
    assume(len(set(given_levels)) > 1)
    found = measure([[level] * raters for level in given_levels], LEVELS)
    assert found.outcome is Outcome.MEASURED
    assert found.ac1
    assert found.ac2
    assert found.alpha
    assert found.kappa
    assert found.percentage == 1
    values = [found.ac1.value, found.ac2.value, found.kappa.value]
    assert [*values, found.alpha.nominal, found.alpha.ordinal, found.alpha.interval] == pytest.approx([1] * 6)
    assert found.ac2.standard_error == pytest.approx(0, abs=1e-9)


@given(tables(), st.integers(1, LEVELS))
def test_a_rating_that_stands_alone_in_its_unit_says_nothing_of_agreement(table: Table, level: int) -> None:
    """The percentage and alpha stay as they are. Gwet's chance alone takes note of it: how levels are used."""
    alone: list[int | None] = [level] + [None] * (len(table[0]) - 1)
    before, after = measure(table, LEVELS), measure([*table, alone], LEVELS)
    assert (after.outcome, after.units, after.ratings) == (before.outcome, before.units, before.ratings)
    assert (after.percentage, after.alpha) == (before.percentage, before.alpha)


@given(tables())
def test_neither_a_unit_that_nobody_rated_nor_a_rater_who_rated_nothing_changes_anything(table: Table) -> None:
    wider: Table = [[*unit, None] for unit in table] + [[None] * (len(table[0]) + 1)]
    assert measure(wider, LEVELS) == measure(table, LEVELS)


@given(tables())
def test_turning_the_scale_round_changes_nothing(table: Table) -> None:
    turned: Table = [[None if rank is None else LEVELS + 1 - rank for rank in unit] for unit in table]
    assert same(measure(turned, LEVELS), measure(table, LEVELS))


@given(tables())
def test_with_two_levels_all_weights_and_all_metrics_are_one(table: Table) -> None:
    two: Table = [[None if rank is None else 1 + rank % 2 for rank in unit] for unit in table]
    found = measure(two, 2)
    if found.ac1 and found.ac2 and found.alpha:
        assert found.ac1.value == pytest.approx(found.ac2.value)
        assert found.alpha.nominal == pytest.approx(found.alpha.interval)


# --- where there is nothing to say, and what is said


def test_without_two_ratings_of_a_unit_there_is_nothing_to_compare() -> None:
    for table in ([], [[1, None], [None, 2]]):
        found = measure(table, LEVELS)
        assert (found.outcome, found.percentage, found.units) == (Outcome.NO_PAIRS, None, 0)
        assert in_words(found, CASES) == []
    assert why_no_coefficient(found, CASES) == (
        "No case was rated by two or more agencies yet, so there is nothing to compare."
    )


def test_too_few_units_have_a_percentage_and_no_coefficient() -> None:
    found = measure([[1, 1], [1, 2], [None, 3]], LEVELS)
    assert (found.outcome, found.units, found.percentage) == (Outcome.TOO_FEW, 2, 0.5)
    assert found.ac2 is None
    assert found.alpha is None
    assert [said.name for said in in_words(found, CASES)] == ["Percentage agreement"]
    assert why_no_coefficient(found, CASES) == (
        "Only 2 cases had ratings of two or more agencies. Below 5 nothing is given beyond the percentage: "
        "chance alone could make it anything."
    )
    assert "Only 1 case had" in why_no_coefficient(measure([[1, 1]], LEVELS), CASES)


def test_everybody_giving_the_same_level_on_every_case_is_complete_agreement_without_a_coefficient() -> None:
    found = measure([[2, 2, None]] * 6, LEVELS)
    assert (found.outcome, found.percentage) == (Outcome.ALL_EQUAL, 1)
    assert found.ac2 is None
    assert found.alpha is None
    assert why_no_coefficient(found, CASES).startswith("Everybody gave the same level on every case.")
    (said,) = in_words(found, CASES)
    assert (said.figure, "every time" in said.sentence) == ("100%", True)


def test_each_figure_comes_with_a_sentence_and_its_source() -> None:
    percentage, ac2, alpha = in_words(measure(GWET, 5), CASES)
    assert (percentage.figure, ac2.figure, alpha.figure) == ("82%", "0.90", "0.82")
    assert percentage.sentence == (
        "Take any case that two or more agencies rated, and any two of its ratings: "
        "they are the same level 82 times in 100."
    )
    assert ac2.sentence.endswith("From 11 cases the true figure may be anywhere from 0.66 to 1.00.")
    assert "Gwet" in percentage.method
    assert "Gwet" in ac2.method
    assert "Krippendorff" in alpha.method
    assert why_no_coefficient(measure(GWET, 5), AS_IN_A_FILE) == ""


def test_what_is_nearly_complete_is_not_rounded_to_complete() -> None:
    assert [as_percentage(share) for share in (0, 0.001, 0.5, 0.999, 1)] == ["0%", "1%", "50%", "99%", "100%"]
    assert [as_decimal(value) for value in (1, 0.9999, 0.994, -0.001)] == ["1.00", "0.99", "0.99", "0.00"]


def test_a_rank_that_is_no_level_and_a_scale_of_one_level_are_mistakes() -> None:
    with pytest.raises(ValueError, match="Rank 5 is none of 4 levels"):
        measure([[5, 1]], 4)
    with pytest.raises(ValueError, match="two levels or more"):
        measure([[1, 1]], 1)


# --- how far one agency is from what was agreed


def test_an_agency_that_rates_better_than_agreed_is_on_the_positive_side() -> None:
    assert signed_distance([(1, 2), (2, 4), (3, 3)]) == Distance(1.0, 3)
    assert signed_distance([(4, 3)]) == Distance(-1.0, 1)
    assert signed_distance([]) is None


def test_the_distance_is_said_with_its_side_and_with_how_many() -> None:
    assert distance_in_words(None) == "None of these ratings can be compared with an agreed level yet."
    assert distance_in_words(Distance(0.5, 12)) == "0.5 levels better than what was agreed, on average over 12 ratings."
    assert distance_in_words(Distance(-1.0, 1)) == (
        "1.0 level worse than what was agreed, on average over 1 rating. That is few: do not read much into it."
    )
    assert distance_in_words(Distance(0.0, 9)).startswith("Neither better nor worse than what was agreed")
    assert distance_in_words(Distance(0.03, 60)).startswith("Less than a tenth of a level better")


@given(st.lists(st.tuples(st.integers(1, LEVELS), st.integers(1, LEVELS)), min_size=1))
def test_turning_given_and_agreed_round_turns_the_sign(pairs: list[tuple[int, int]]) -> None:
    one, other = signed_distance(pairs), signed_distance([(agreed, given) for given, agreed in pairs])
    assert one
    assert other
    assert math.isclose(one.mean, -other.mean)
