"""The draw: the same sample on any machine, each child once, and every shortfall said."""

import hashlib
import hmac
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit_app.accounts.rules import Terms
from audit_app.core.errors import Refused
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.sampling.rules import (
    Candidate,
    Dimension,
    Drawn,
    DrawRefused,
    SamplingPlan,
    Stratum,
    child_token,
    count_strata,
    draw,
    kept_stratum_words,
    proportional,
    read_population,
    stratum_of,
    stratum_words,
)

DATA = Path(__file__).parents[1] / "data"
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "sampling.md"
SECRET = b"a secret of one partnership"
CP, CIN, EH = (PlanStatus.CHILD_PROTECTION.value, PlanStatus.CHILD_IN_NEED.value, PlanStatus.EARLY_HELP.value)


def child(number: int, status: PlanStatus = PlanStatus.CHILD_PROTECTION, area: str = "") -> Candidate:
    return Candidate(str(number), f"token {number}", status, AgeBand.FROM_5_TO_9, area)


def children(**by_status: int) -> list[Candidate]:
    statuses = [PlanStatus(status) for status, count in by_status.items() for _ in range(count)]
    return [child(number, status) for number, status in enumerate(statuses, 1)]


def numbers(drawn: Drawn) -> list[str]:
    return [pick.candidate.number for pick in drawn.drawn]


def why_refused(candidates: list[Candidate], plan: SamplingPlan) -> DrawRefused:
    with pytest.raises(DrawRefused) as refusal:
        draw(candidates, plan)
    assert refusal.value.reason.endswith(".")
    return refusal.value


BY_STATUS = (Dimension.PLAN_STATUS,)

populations = some.lists(
    some.builds(
        Candidate,
        number=some.integers(1, 400).map(str),
        token=some.just(""),
        plan_status=some.sampled_from(PlanStatus),
        age_band=some.sampled_from(AgeBand),
        area=some.sampled_from(["", "North", "South"]),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda candidate: candidate.number,
)
dimensions = some.lists(some.sampled_from(Dimension), unique=True).map(tuple)
seeds = some.text(min_size=1, max_size=10).filter(lambda seed: bool(seed.strip()))


@given(some.data(), populations, dimensions, seeds)
def test_the_same_plan_and_seed_give_the_same_sample_whatever_the_order_of_the_rows(
    data: some.DataObject, candidates: list[Candidate], strata_by: tuple[Dimension, ...], seed: str
) -> None:
    plan = SamplingPlan(data.draw(some.integers(1, len(candidates))), 0, seed, strata_by)
    assert draw(data.draw(some.permutations(candidates)), plan) == draw(candidates, plan)


@given(some.data(), populations, dimensions, seeds)
def test_reserves_never_change_who_is_drawn_and_no_child_comes_twice(
    data: some.DataObject, candidates: list[Candidate], strata_by: tuple[Dimension, ...], seed: str
) -> None:
    size = data.draw(some.integers(1, len(candidates)))
    reserves = data.draw(some.integers(0, len(candidates) - size))
    with_reserves = draw(candidates, SamplingPlan(size, reserves, seed, strata_by))
    assert with_reserves.drawn == draw(candidates, SamplingPlan(size, 0, seed, strata_by)).drawn
    picked = [pick.candidate.number for pick in (*with_reserves.drawn, *with_reserves.reserves)]
    assert len(set(picked)) == len(picked)
    assert all(row.reserves == min(reserves, row.population - row.drawn) for row in with_reserves.strata)


@given(some.data(), populations, dimensions)
def test_strata_add_up_to_the_size_even_when_some_are_short(
    data: some.DataObject, candidates: list[Candidate], strata_by: tuple[Dimension, ...]
) -> None:
    strata = count_strata(candidates, strata_by)
    asked_for = data.draw(some.lists(some.sampled_from(list(strata)), min_size=1, max_size=len(candidates)))
    wanted, size = {stratum: asked_for.count(stratum) for stratum in strata}, len(asked_for)
    result = draw(candidates, SamplingPlan(size, 0, "seed", strata_by, wanted))
    assert sum(row.drawn for row in result.strata) == len(result.drawn) == size
    for row in result.strata:
        assert row.drawn == row.wanted - row.short + row.taken_over <= row.population
        assert row.short == max(0, row.wanted - row.population)
        members = [pick for pick in result.drawn if pick.stratum == row.stratum]
        assert sorted(pick.place for pick in members) == list(range(1, row.drawn + 1))
    assert sum(row.short for row in result.strata) == sum(move.children for move in result.moves)


@given(some.lists(some.integers(1, 60), min_size=1, max_size=8), some.booleans(), some.data())
def test_a_shared_sample_is_within_one_child_of_the_exact_share(
    has: list[int], at_least_one: bool, data: some.DataObject
) -> None:
    strata: dict[Stratum, int] = {(f"stratum {place}",): children for place, children in enumerate(has)}
    size = data.draw(some.integers(len(has) if at_least_one else 0, sum(has)))
    shares = proportional(strata, size, at_least_one=at_least_one)
    assert sum(shares.values()) == size
    for stratum, share in shares.items():
        assert share <= strata[stratum]
        if at_least_one:
            assert share >= 1
        else:
            assert abs(share - size * strata[stratum] / sum(has)) < 1


def test_equal_remainders_go_to_the_larger_stratum_and_then_to_the_earlier() -> None:
    assert proportional({("a",): 1, ("b",): 3}, 2) == {("a",): 0, ("b",): 2}
    assert proportional({("a",): 5, ("b",): 5}, 3) == {("a",): 2, ("b",): 1}


def test_a_stratum_below_one_gets_one_when_asked_and_the_rest_is_shared() -> None:
    strata: dict[Stratum, int] = {("a",): 84, ("b",): 8, ("c",): 8}
    assert proportional(strata, 6) == {("a",): 5, ("b",): 1, ("c",): 0}
    assert proportional(strata, 6, at_least_one=True) == {("a",): 4, ("b",): 1, ("c",): 1}
    assert proportional(strata, 12, at_least_one=True) == {("a",): 10, ("b",): 1, ("c",): 1}


def test_the_order_of_the_draw_is_sha_256_of_seed_colon_number() -> None:
    candidates = [child(number) for number in range(100, 140)]
    by_hand = sorted((f"{n}" for n in range(100, 140)), key=lambda n: hashlib.sha256(f"N26:{n}".encode()).hexdigest())
    result = draw(candidates, SamplingPlan(5, 3, "N26"))
    assert numbers(result) == by_hand[:5]
    assert [pick.candidate.number for pick in result.reserves] == by_hand[5:8]
    assert [pick.place for pick in result.reserves] == [6, 7, 8]


def test_another_seed_gives_another_sample() -> None:
    candidates = [child(number) for number in range(100)]
    assert numbers(draw(candidates, SamplingPlan(5, 0, "one"))) != numbers(draw(candidates, SamplingPlan(5, 0, "two")))


def test_explicit_counts_are_drawn_from_their_strata() -> None:
    plan = SamplingPlan(4, 1, "N26", BY_STATUS, {(CP,): 3, (EH,): 1})
    result = draw(children(child_protection=6, child_in_need=5, early_help=2), plan)
    assert [(row.words, row.population, row.wanted, row.drawn, row.reserves) for row in result.strata] == [
        ("Child protection plan", 6, 3, 3, 1),
        ("Child in need", 5, 0, 0, 1),
        ("Early help", 2, 1, 1, 1),
    ]
    assert result.moves == ()


def test_a_shortfall_goes_to_the_strata_that_were_asked_for_and_the_table_says_so() -> None:
    plan = SamplingPlan(9, 0, "N26", BY_STATUS, {(CP,): 4, (CIN,): 4, (EH,): 1})
    result = draw(children(child_protection=2, child_in_need=5, early_help=2, looked_after=9), plan)
    rows = {row.words: (row.wanted, row.short, row.taken_over, row.drawn) for row in result.strata}
    assert rows == {
        "Child protection plan": (4, 2, 0, 2),
        "Child in need": (4, 0, 1, 5),
        "Looked after": (0, 0, 0, 0),
        "Early help": (1, 0, 1, 2),
    }
    assert [(move.from_words, move.to_words, move.children) for move in result.moves] == [
        ("Child protection plan", "Child in need", 1),
        ("Child protection plan", "Early help", 1),
    ]


def test_a_shortfall_that_those_cannot_carry_goes_to_the_others() -> None:
    plan = SamplingPlan(5, 0, "N26", BY_STATUS, {(CP,): 4, (EH,): 1})
    result = draw(children(child_protection=1, early_help=1, looked_after=9), plan)
    assert {row.words: row.drawn for row in result.strata}["Looked after"] == 3


def test_children_of_earlier_draws_are_left_aside_and_counted() -> None:
    candidates = [child(number) for number in range(20)]
    plan = SamplingPlan(5, 2, "N26")
    first = draw(candidates, plan)
    second = draw(candidates, plan, excluded={pick.candidate.token for pick in first.drawn} | {"someone else"})
    assert (second.population, second.excluded) == (15, 5)
    assert not set(numbers(first)) & set(numbers(second))
    assert numbers(second)[:2] == [pick.candidate.number for pick in first.reserves]


def test_strata_are_named_and_ordered_by_plan_and_age_not_by_the_alphabet() -> None:
    by = (Dimension.AGE_BAND, Dimension.AREA)
    candidates = [
        Candidate("1", "", PlanStatus.OTHER, AgeBand.FROM_16, "North"),
        Candidate("2", "", PlanStatus.OTHER, AgeBand.UNBORN, ""),
        Candidate("3", "", PlanStatus.OTHER, AgeBand.FROM_5_TO_9, "South"),
        Candidate("4", "", PlanStatus.OTHER, AgeBand.FROM_5_TO_9, "North"),
    ]
    assert [stratum_words(stratum, by) for stratum in count_strata(candidates, by)] == [
        "Unborn, No area",
        "5 to 9, North",
        "5 to 9, South",
        "16 and over, North",
    ]
    assert stratum_of(candidates[1], by) == ("unborn", "")
    assert stratum_words((), ()) == "All children"


@pytest.mark.parametrize(
    ("plan", "field", "says"),
    [
        (SamplingPlan(11, 0, "N26"), "size", "There are 10 children to draw from, so a sample of 11 cannot be drawn."),
        (SamplingPlan(0, 0, "N26"), "size", "at least one child"),
        (SamplingPlan(8, 3, "N26"), "reserves", "a sample of 8 leaves 2 for reserves"),
        (SamplingPlan(8, -1, "N26"), "reserves", "cannot be below 0"),
        (SamplingPlan(5, 0, "  "), "seed", "Give a seed"),
        (SamplingPlan(1, 0, "N26", BY_STATUS, at_least_one=True), "size", "There are 2 strata, so a sample of 1"),
        (SamplingPlan(2, 0, "N26", BY_STATUS, {(EH,): 2}), "allocation", "There is no child in “Early help”"),
        (SamplingPlan(4, 0, "N26", BY_STATUS, {(CP,): 3}), "allocation", "add up to 3, and the sample is to be 4"),
        (SamplingPlan(1, 0, "N26", BY_STATUS, {(CP,): 2, (CIN,): -1}), "allocation", "cannot be below 0"),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_refused_in_a_sentence(plan: SamplingPlan, field: str, says: str) -> None:
    refusal = why_refused(children(child_protection=6, child_in_need=4), plan)
    assert isinstance(refusal, Refused)
    assert refusal.field == field
    assert says in refusal.reason


def test_an_empty_population_is_refused() -> None:
    assert "There are no children" in why_refused([], SamplingPlan(1, 0, "N26")).reason


def test_a_child_among_the_candidates_twice_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw([child(1), child(1)], SamplingPlan(1, 0, "N26"))


def test_a_token_joins_a_child_and_says_nothing_without_the_secret() -> None:
    token = child_token("10013125", SECRET)
    assert token == hmac.new(SECRET, b"10013125", "sha256").hexdigest()
    assert token != child_token("10013125", b"a secret of another partnership")
    assert token != child_token("10013126", SECRET)


@pytest.mark.parametrize(("number", "secret"), [("", SECRET), ("10013125", b""), ("10013125", b"too short")])
def test_a_token_needs_a_number_and_a_real_secret(number: str, secret: bytes) -> None:
    with pytest.raises(ValueError):
        child_token(number, secret)


def test_nothing_that_prints_a_draw_says_a_childs_number() -> None:
    candidate = Candidate("10014080", "f00d", PlanStatus.OTHER, AgeBand.UNDER_1)
    assert "10014080" not in repr(draw([candidate], SamplingPlan(1, 0, "N26")))


def golden_candidates() -> list[Candidate]:
    population = read_population((DATA / "annex-a.xlsx").read_bytes(), today=date(2026, 11, 22))
    return [
        Candidate(c.number, child_token(c.number, SECRET), c.plan_status, c.age_band(date(2026, 9, 30)), c.area)
        for c in population.neglect
        if c.is_open
    ]


def test_the_golden_sample_of_the_extract_is_the_same_on_every_machine() -> None:
    plan = SamplingPlan(9, 1, "N26", (Dimension.AGE_BAND,), at_least_one=True)
    result = draw(golden_candidates(), plan)
    assert [(row.words, row.population, row.drawn) for row in result.strata] == [
        ("Under 1", 4, 1),
        ("1 to 4", 22, 2),
        ("5 to 9", 21, 2),
        ("10 to 15", 24, 3),
        ("16 and over", 5, 1),
    ]
    assert " ".join(numbers(result)) == (
        "10017222 10019619 10025056 10027751 10029861 10000793 10035065 10037940 10029250"
    )
    reserves = " ".join(pick.candidate.number for pick in result.reserves)
    assert reserves == "10008969 10011191 10031278 10035864 10025738"


def test_the_worked_example_of_the_documentation_is_what_the_service_draws() -> None:
    code, printed = re.findall(r"```(?:python|text)\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)[
        :2
    ]
    by_hand = subprocess.run([sys.executable, "-X", "utf8", "-c", code], cwd=DATA, capture_output=True, check=True)
    assert by_hand.stdout.decode() == printed
    population = read_population((DATA / "early-help-local.csv").read_bytes(), today=date(2026, 11, 22))
    as_at = date(2026, 9, 30)
    candidates = [Candidate(c.number, "", c.plan_status, c.age_band(as_at), c.area) for c in population.neglect]
    result = draw(candidates, SamplingPlan(5, 2, "N26", (Dimension.AREA,)))
    in_strata = [
        [
            pick.candidate.number
            for picks in (result.drawn, result.reserves)
            for pick in picks
            if pick.stratum == (area,)
        ]
        for area in ("Northside", "Südgate")
    ]
    assert printed.split() == ["Northside", *in_strata[0], "Südgate", *in_strata[1]]


@pytest.mark.parametrize(
    ("kept", "strata_by", "said"),
    [
        ("Child in need", ("plan_status",), "Family help"),
        ("Child in need, 5 to 9", ("plan_status", "age_band"), "Family help, 5 to 9"),
        ("5 to 9, Child in need", ("age_band", "plan_status"), "5 to 9, Family help"),
        ("Child in need, Child in need", ("plan_status", "area"), "Family help, Child in need"),
        ("Child in need", ("area",), "Child in need"),
        ("Looked after, North, and south", ("plan_status", "area"), "Looked after, North, and south"),
        ("Of earlier words", ("plan_status",), "Of earlier words"),
        ("All children", (), "All children"),
    ],
)
def test_a_kept_stratum_is_said_in_the_partnerships_words(kept: str, strata_by: tuple[str, ...], said: str) -> None:
    assert kept_stratum_words(kept, strata_by, Terms({"plan_status": {"child_in_need": "Family help"}})) == said


def test_a_refusal_names_a_stratum_in_the_partnerships_words() -> None:
    by = (Dimension.PLAN_STATUS,)
    plan = SamplingPlan(size=1, reserves=0, seed="s", strata_by=by, allocation={("looked_after",): 1})
    terms = Terms({"plan_status": {"looked_after": "Cared for"}})
    with pytest.raises(DrawRefused, match="“Cared for”"):
        draw([child(1)], plan, terms=terms)
