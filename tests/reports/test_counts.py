from dataclasses import replace

import pytest

from reports.counts import (
    Counts,
    IndicatorCounts,
    Level,
    Scale,
    Side,
    at_least_share,
    counts_in_words,
    how_many,
    pair_in_words,
)

GOOD = Level("good", "G", "Good", "strong")
POOR = Level("inadequate", "I", "Inadequate", "weak")
FOUR = Scale(
    (
        Level("outstanding", "O", "Outstanding", "strong"),
        GOOD,
        Level("requires_improvement", "RI", "Requires improvement", "adequate"),
        POOR,
    )
)


def test_the_number_rated_leaves_out_both_kinds_of_answer_that_are_no_level() -> None:
    assert Counts((2, 7), not_applicable=3, no_evidence=4).rated == 9


def test_the_line_runs_below_the_strong_band() -> None:
    best = Level("outstanding", "O", "Outstanding", "strong")
    middle = Level("requires_improvement", "RI", "Requires improvement", "adequate")
    scale = Scale((best, GOOD, middle, POOR))
    assert (scale.line, scale.pass_words) == (2, "Good")
    assert Counts((1, 2, 3, 4)).below(scale) == 7


def test_a_scale_without_a_strong_band_has_its_line_below_the_best_level() -> None:
    scale = Scale((Level("met", "M", "Met", "adequate"), POOR))
    assert (scale.line, scale.pass_words) == (1, "Met")


def test_a_scale_whose_levels_cannot_be_told_apart_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two levels"):
        Scale((GOOD,))
    for twin, told_by in (("good", "code"), ("G", "letter"), ("Good", "words")):
        fields = {"code": "x", "letter": "X", "words": "Xs"} | {told_by: twin}
        with pytest.raises(ValueError, match=f"the same {told_by}"):
            Scale((GOOD, Level(**fields, band="weak")))
    with pytest.raises(ValueError, match="unknown band: poor"):
        Scale((GOOD, Level("x", "X", "Xs", "poor")))


def test_a_count_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        Counts((1, -1))


def test_counts_in_words_say_the_levels_given_the_number_rated_and_what_is_no_level() -> None:
    scale = Scale((GOOD, POOR))
    men = IndicatorCounts("E01", "Fathers and other men", Counts((2, 7), not_applicable=1, no_evidence=3))
    assert counts_in_words(scale, men) == (
        "E01 Fathers and other men: Good 2, Inadequate 7 (9 cases); not applicable 1; no evidence 3"
    )
    nobody = IndicatorCounts("S02", "Oversight", Counts((0, 0)), "ratings")
    assert counts_in_words(scale, nobody) == "S02 Oversight: no level given (0 ratings)"


def test_answers_in_words_are_counted_apart_and_never_as_rated() -> None:
    heard = IndicatorCounts("B01", "Heard", Counts((0, 0), in_words=8, no_evidence=1), is_narrative=True)
    assert counts_in_words(Scale((GOOD, POOR)), heard) == "B01 Heard: answered in words (8 cases); no evidence 1"
    assert heard.counts.rated == 0
    assert counts_in_words(Scale(()), replace(heard, counts=Counts((), in_words=1))) == (
        "B01 Heard: answered in words (1 case)"
    )


def test_one_case_is_not_one_cases() -> None:
    assert [how_many(n, "cases") for n in (0, 1, 2)] == ["0 cases", "1 case", "2 cases"]


def test_counts_for_another_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="3 counts for a scale of 2 levels"):
        counts_in_words(Scale((GOOD, POOR)), IndicatorCounts("E01", "Men", Counts((1, 2, 3))))


def test_the_share_spoken_for_at_the_least_is_the_lower_end_of_wilsons_interval() -> None:
    # the lower ends that Newcombe prints for his method 3, Statistics in Medicine 17 (1998), table I
    assert at_least_share(81, 263) == pytest.approx(0.2553, abs=0.00005)
    assert at_least_share(15, 148) == pytest.approx(0.0624, abs=0.00005)
    assert at_least_share(0, 20) == 0
    assert at_least_share(1, 29) == pytest.approx(0.0061, abs=0.00005)


def test_seven_of_nine_speak_louder_than_one_of_one_and_nothing_of_nothing_is_silent() -> None:
    assert at_least_share(7, 9) > at_least_share(1, 1) > at_least_share(0, 0) == 0


# --- two rounds


@pytest.mark.parametrize(
    ("earlier", "later", "words"),
    [
        (
            Side("N25", 9, "", Counts((0, 4, 3, 2))),
            Side("N26", 8, "", Counts((1, 5, 2, 0))),
            "Good or better in 4 of 9 cases in N25 and in 6 of 8 cases in N26; too few children to call it a trend",
        ),
        (
            Side("N25", 40, "", Counts((20, 4, 9, 7))),
            Side("N26", 30, "", Counts((10, 5, 10, 5)), "ratings"),
            "Good or better in 24 of 40 cases in N25 and in 15 of 30 ratings in N26",
        ),
        (
            Side("N25", 4, "", Counts((0, 9, 31, 0)), "ratings"),  # many ratings, but of four children
            Side("N26", 40, "", Counts((0, 9, 31, 0))),
            "Good or better in 9 of 40 ratings in N25 and in 9 of 40 cases in N26; too few children to call it a trend",
        ),
        (
            Side("N25", 9, "", Counts((0, 0, 0, 0), no_evidence=3)),
            Side("N26", 8, "", Counts((1, 5, 2, 0))),
            "No level was agreed in N25, so there is nothing to set side by side",
        ),
    ],
)
def test_a_pair_in_words_claims_no_more_than_its_counts(earlier: Side, later: Side, words: str) -> None:
    assert pair_in_words(FOUR, earlier, later) == words


def test_a_scale_with_one_good_level_has_nothing_better() -> None:
    bands = Scale((Level("strong", "S", "Strong", "strong"), Level("weak", "W", "Weak", "weak")))
    pair = Side("N25", 9, "", Counts((4, 5))), Side("N26", 8, "", Counts((6, 2)))
    assert pair_in_words(bands, *pair).startswith("Strong in 4 of 9 cases in N25")
