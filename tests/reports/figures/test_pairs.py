import json
import re

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.counts import Counts, IndicatorPair, Scale, Side
from reports.figures import pairs_chart

MEN = IndicatorPair(
    "E01",
    Side("N25", 9, "Fathers", Counts((0, 2, 4, 3), no_evidence=1)),
    Side("N26", 8, "Fathers and other men", Counts((1, 5, 2, 0))),
    "Reworded",
)
SIGNS = IndicatorPair(
    "A01",
    Side("N25", 9, "Signs were seen", Counts((1, 0, 0, 0)), "ratings"),
    Side("N26", 8, "Signs were seen", Counts((0, 0, 0, 0)), "ratings"),
)
HEADLINE = "2 indicators in N25 and N26"


def test_each_indicator_has_two_bars_the_earlier_round_above_the_later(four: Scale) -> None:
    figure = pairs_chart(four, [MEN, SIGNS], HEADLINE).figure
    axis = figure["layout"]["yaxis"]
    assert axis["ticktext"] == [
        "E01 Fathers and other men<br>N25, 9 cases",
        "N26, 8 cases",
        "A01 Signs were seen<br>N25, 1 rating",
        "N26, 0 ratings",
    ]
    first, second, third, fourth = axis["tickvals"]
    assert second - first == fourth - third == 1 < third - second
    bottom, top = axis["range"]
    assert bottom > fourth > first > top  # read from the top
    good = next(bar for bar in figure["data"] if bar["name"] == "G Good")
    assert (good["y"], good["x"]) == (axis["tickvals"], [2, 5, 0, 0])
    assert figure["layout"]["meta"]["headline"] == HEADLINE


def test_every_part_names_its_level_its_round_and_its_n_without_colour(four: Scale) -> None:
    data = pairs_chart(four, [MEN], HEADLINE).figure["data"]
    assert data[1]["text"] == ["G: 2", "G: 5"]
    assert data[1]["hovertext"] == [
        "E01 Fathers, N25: Good in 2 of 9 cases",
        "E01 Fathers and other men, N26: Good in 5 of 8 cases",
    ]
    assert data[4]["text"] == ["NE: 1", ""]


def test_each_part_of_a_bar_leads_to_what_it_counts_in_its_round(four: Scale) -> None:
    data = pairs_chart(four, [MEN], HEADLINE, address_of=lambda *what: "/" + "/".join(what)).figure["data"]
    assert data[0]["customdata"] == ["/N25/E01/outstanding", "/N26/E01/outstanding"]
    assert pairs_chart(four, [MEN], HEADLINE).figure["data"][0]["customdata"] == [None, None]


def test_the_table_has_a_row_a_round_with_its_own_title(four: Scale) -> None:
    chart = pairs_chart(four, [MEN], HEADLINE)
    assert chart.table.headers[:4] == ("Code", "Indicator", "Round", "What is counted")
    assert chart.table.rows == (
        ("E01", "Fathers", "N25", "Cases", 0, 2, 4, 3, 9, 0, 1, "Reworded"),
        ("E01", "Fathers and other men", "N26", "Cases", 1, 5, 2, 0, 8, 0, 0, "Reworded"),
    )
    assert chart.counts is chart.table


def test_pairs_that_cannot_be_told_apart_or_do_not_fit_are_refused(four: Scale) -> None:
    with pytest.raises(ValueError, match="the same code"):
        pairs_chart(four, [MEN, MEN], HEADLINE)
    with pytest.raises(ValueError, match="called the same"):
        pairs_chart(four, [IndicatorPair("E01", MEN.earlier, MEN.earlier)], HEADLINE)
    with pytest.raises(ValueError, match="3 counts for a scale of 4"):
        pairs_chart(four, [IndicatorPair("E01", MEN.earlier, Side("N26", 8, "x", Counts((1, 1, 1))))], HEADLINE)


COUNTS = st.builds(Counts, st.tuples(*[st.integers(0, 40)] * 4), not_applicable=st.integers(0, 9))


@given(st.lists(st.tuples(COUNTS, COUNTS), max_size=6))
def test_the_figure_adds_up_to_its_table_and_plotly_knows_every_attribute(
    four: Scale, counts: list[tuple[Counts, Counts]]
) -> None:
    pairs = [
        IndicatorPair(f"A{n:02}", Side("N25", 9, "Title", before), Side("N26", 8, "Title", now))
        for n, (before, now) in enumerate(counts)
    ]
    chart = pairs_chart(four, pairs, HEADLINE)
    go.Figure(chart.figure)  # raises for an attribute that plotly.js would silently leave out
    for place, bar in enumerate(chart.figure["data"][:4]):
        assert bar["x"] == [row[4 + place] for row in chart.table.rows]
    assert json.loads(json.dumps(chart.figure)) == chart.figure
    assert not re.search(r"\d%", json.dumps(chart.figure))
