"""What two rounds can be compared on, and what differs between the indicators that both asked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.accounts.rules import DELIVERED
from audit_app.findings.rules import Graded, Mark, On, basis_of, cautions_on, compared, pair_of, why_not_pair
from audit_app.indicators.rules import AppliesBy, Band, Rated
from audit_app.rounds.rules import FrozenDomain, FrozenIndicator, FrozenLevel, FrozenTemplate, as_template

FOUR = (
    FrozenLevel(1, "outstanding", "O", "Outstanding", 1, Band.STRONG, 1),
    FrozenLevel(2, "good", "G", "Good", 2, Band.STRONG, 2),
    FrozenLevel(3, "requires_improvement", "RI", "Requires improvement", 3, Band.ADEQUATE, 3),
    FrozenLevel(4, "inadequate", "I", "Inadequate", 4, Band.WEAK, 4),
)
TWO = (
    FrozenLevel(11, "met", "M", "Met", 1, Band.STRONG, 1),
    FrozenLevel(12, "unmet", "U", "Not met", 2, Band.WEAK, 2),
)
CODES = ("A01", "A04", "B01", "E01", "H02")


def an_indicator(code: str, **changes: object) -> FrozenIndicator:
    known = FrozenIndicator(
        id=1,
        domain_id=1,
        position=1,
        code=code,
        title=f"Title of {code}",
        question="How well?",
        why="",
        look_for="",
        example="",
        rated=Rated.CHILD_EXPERIENCE,
        is_panel=False,
        is_narrative=False,
        guidance={1: "At its best.", 2: "Good enough."},
        limits={},
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def a_template(*indicators: FrozenIndicator, levels: tuple[FrozenLevel, ...] = FOUR) -> FrozenTemplate:
    return FrozenTemplate(levels, (FrozenDomain(1, 1, "All", indicators),))


def of_codes(codes: list[str], **changes: object) -> FrozenTemplate:
    return a_template(*(an_indicator(code, **changes) for code in codes))


# --- which two rounds


@pytest.mark.parametrize(
    ("earlier", "later", "pair"),
    [
        ("", "", ("N26", "N27")),
        ("", "N26", ("N25", "N26")),
        ("", "N25", ("N25", "N26")),  # there is none before it
        ("N25", "", ("N25", "N26")),
        ("N27", "", ("N26", "N27")),  # there is none after it
        ("N25", "N27", ("N25", "N27")),
        ("N27", "N25", ("N25", "N27")),
        ("N26", "N26", ("N26", "N26")),
    ],
)
def test_the_pair_is_what_was_asked_for_in_the_order_of_time(earlier: str, later: str, pair: tuple[str, str]) -> None:
    assert pair_of(["N25", "N26", "N27"], earlier, later) == pair


@pytest.mark.parametrize("named", [{}, {"earlier": "N25"}, {"later": "N25"}])
def test_one_round_has_no_partner(named: dict[str, str]) -> None:
    assert pair_of(["N25"], **named) is None
    assert pair_of([]) is None
    assert pair_of(["N25"], "N25", "N25") == ("N25", "N25")


def test_a_round_that_is_not_among_them_makes_no_pair() -> None:
    with pytest.raises(ValueError):
        pair_of(["N25", "N26"], "N99")


@given(
    st.lists(st.integers(0, 30), unique=True, min_size=2).flatmap(
        lambda all_: st.tuples(st.just(all_), *[st.sampled_from([*all_, None])] * 2)
    )
)
def test_a_pair_has_what_was_named_and_stands_in_order(drawn: tuple[list[int], int | None, int | None]) -> None:
    rounds, *named = drawn
    references = [f"N{number}" for number in rounds]
    asked = ["" if one is None else f"N{one}" for one in named]
    pair = pair_of(references, *asked)
    assert pair is not None
    assert {one for one in asked if one} <= set(pair)
    first, second = (references.index(one) for one in pair)
    assert first < second or asked[0] == asked[1] != ""


def test_a_round_is_not_compared_with_itself() -> None:
    assert why_not_pair("N25", "N25") == "N25 was chosen twice. Choose two different rounds."
    assert why_not_pair("N25", "N26") is None


# --- on what


def test_equal_scales_are_compared_level_by_level() -> None:
    other_ids_and_letters = tuple(replace(level, id=level.id + 100, letter=f"{level.rank}") for level in FOUR)
    basis = basis_of(Graded("N25", FOUR, 9), Graded("N26", other_ids_and_letters, 8))
    assert basis.on is On.LEVELS
    assert "the same scale (Outstanding, Good, Requires improvement, Inadequate)" in basis.words


@pytest.mark.parametrize(
    "levels",
    [
        TWO,
        FOUR[:3],
        (replace(FOUR[0], words="Excellent"), *FOUR[1:]),
        (replace(FOUR[0], code="excellent"), *FOUR[1:]),
        (replace(FOUR[0], rank=2), replace(FOUR[1], rank=1), *FOUR[2:]),
    ],
)
def test_different_scales_are_compared_by_band_and_say_why(levels: tuple[FrozenLevel, ...]) -> None:
    for earlier, later in ((FOUR, levels), (levels, FOUR)):
        basis = basis_of(Graded("N25", earlier, 9), Graded("N26", later, 8))
        assert basis.on is On.BANDS
        assert "different scales (N25: " in basis.words
        assert "by the band that each level belongs to: strong, adequate or weak" in basis.words


def test_a_long_scale_is_named_by_its_ends() -> None:
    ten = tuple(FrozenLevel(n, f"s{n}", str(n), f"Step {n}", n, Band.STRONG, n) for n in range(1, 11))
    words = basis_of(Graded("N25", FOUR, 9), Graded("N26", ten, 8)).words
    assert "N26: 10 levels from “Step 1” to “Step 10”" in words


@pytest.mark.parametrize(
    ("earlier", "later", "reason"),
    [
        (Graded("N25", FOUR, 0), Graded("N26", FOUR, 8), "no level was agreed in N25."),
        (Graded("N25", FOUR, 0), Graded("N26", TWO, 0), "no level was agreed in N25; no level was agreed in N26."),
        (Graded("N25", FOUR, 9), Graded("N26", (), 0), "N26 has no levels, everything in it was answered in words."),
    ],
)
def test_a_round_that_graded_nothing_is_not_comparable_and_says_why(
    earlier: Graded, later: Graded, reason: str
) -> None:
    basis = basis_of(earlier, later)
    assert basis.on is On.NOTHING
    assert f"not comparable: {reason}" in basis.words


# --- which indicators, and what differs in them


@given(st.lists(st.sampled_from(CODES), unique=True), st.lists(st.sampled_from(CODES), unique=True))
def test_every_indicator_is_shared_or_new_or_dropped_in_its_rounds_order(before: list[str], now: list[str]) -> None:
    found = compared(of_codes(before), of_codes(now), DELIVERED)
    shared, new, dropped = ([one.code for one in part] for part in (found.shared, found.new, found.dropped))
    assert shared == [code for code in now if code in before]
    assert new == [code for code in now if code not in before]
    assert dropped == [code for code in before if code not in now]
    back = compared(of_codes(now), of_codes(before), DELIVERED)
    assert [one.code for one in back.new] == dropped
    assert [one.code for one in back.dropped] == new
    assert {one.code for one in back.shared} == set(shared)
    assert not [one for one in found.shared if one.marks or one.wordings]


CHANGES: list[tuple[dict[str, object], Mark]] = [
    ({"title": "Another title"}, Mark.REWORDED),
    ({"question": "How well was it done?"}, Mark.REWORDED),
    ({"why": "It matters."}, Mark.REWORDED),
    ({"look_for": "Notes."}, Mark.REWORDED),
    ({"example": "Seen."}, Mark.REWORDED),
    ({"guidance": {1: "At its very best.", 2: "Good enough."}}, Mark.REWORDED),
    ({"limits": {AppliesBy.AGENCY_KIND: frozenset({"health"})}}, Mark.ASKED_OF_OTHERS),
    ({"rated": Rated.OWN_WORK}, Mark.RATES_ANOTHER_THING),
    ({"is_panel": True}, Mark.DISCUSSED_OTHERWISE),
]


@given(st.lists(st.sampled_from(CHANGES), unique_by=lambda change: next(iter(change[0])), max_size=9))
def test_each_difference_has_its_mark_and_its_two_wordings(changes: list[tuple[dict[str, object], Mark]]) -> None:
    changed = {name: value for change, _ in changes for name, value in change.items()}
    for_both = [
        compared(a_template(an_indicator("A01")), a_template(an_indicator("A01", **changed)), DELIVERED),
        compared(a_template(an_indicator("A01", **changed)), a_template(an_indicator("A01")), DELIVERED),
    ]
    for found in for_both:
        (one,) = found.shared
        assert set(one.marks) == {mark for _, mark in changes}
        assert len(one.wordings) == len(changes)
        assert list(one.marks) == [mark for mark in Mark if mark in one.marks]
        assert all(wording.was != wording.now for wording in one.wordings)
    was, now = ({(w.name, w.was, w.now) for w in found.shared[0].wordings} for found in for_both)
    assert now == {(name, after, before) for name, before, after in was}


def test_marks_are_named_in_words() -> None:
    later = an_indicator("A01", question="Why?", limits={AppliesBy.AGE_BAND: frozenset({"under_1"})})
    (one,) = compared(a_template(an_indicator("A01")), a_template(later), DELIVERED).shared
    assert one.differs == "Reworded, asked of others"


def test_words_about_levels_differ_with_the_scale_and_mark_nothing() -> None:
    later = a_template(an_indicator("A01", guidance={11: "Done.", 12: "Not done."}), levels=TWO)
    (one,) = compared(a_template(an_indicator("A01")), later, DELIVERED).shared
    assert (one.marks, one.wordings) == ((), ())


@pytest.mark.parametrize("is_ungraded", [False, True])
def test_an_indicator_answered_in_words_in_either_round_is_shared_and_marked(is_ungraded: bool) -> None:
    in_words = an_indicator("A01", is_narrative=True, guidance={})
    later = a_template(in_words, levels=() if is_ungraded else FOUR)
    for one in (
        *compared(a_template(an_indicator("A01")), later, DELIVERED).shared,
        *compared(later, a_template(an_indicator("A01")), DELIVERED).shared,
    ):
        assert one.is_in_words
        assert one.marks == (Mark.ANSWERED_OTHERWISE,)
        assert [wording.name for wording in one.wordings] == ["is_narrative"]
    (same,) = compared(later, later, DELIVERED).shared
    assert same.is_in_words
    assert same.marks == ()


def test_cautions_say_what_changes_the_count() -> None:
    before = an_indicator("A01", question="Before?")
    limited = {AppliesBy.AGENCY_KIND: frozenset({"health"}), AppliesBy.AGE_BAND: frozenset({"under_1"})}
    (one,) = compared(
        a_template(before), a_template(replace(before, rated=Rated.OWN_WORK, limits=limited)), DELIVERED
    ).shared
    rated, asked = cautions_on(one, "N25", "N26", DELIVERED)
    assert rated.startswith("In N26 each agency's own work was rated, so one case counts several ratings there. In N25")
    assert "N25: all. N26: Health" in asked
    assert "; Under 1." in asked
    (reworded,) = compared(a_template(before), a_template(an_indicator("A01")), DELIVERED).shared
    assert cautions_on(reworded, "N25", "N26", DELIVERED) == []


def test_a_rounds_copy_reads_as_the_template_it_was_made_from() -> None:
    whole = as_template(a_template(an_indicator("A01"), an_indicator("A04", is_panel=True)))
    assert [level.code for level in whole.scale.levels] == [level.code for level in FOUR]
    assert [(one.code, one.is_panel) for one in whole.indicators] == [("A01", False), ("A04", True)]
    assert whole.indicators[0].guidance == {"outstanding": "At its best.", "good": "Good enough."}
