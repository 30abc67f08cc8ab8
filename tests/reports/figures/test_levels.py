import json

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.counts import Counts, IndicatorCounts, Level, Scale
from reports.figures import levels_chart, levels_headline

MEN = IndicatorCounts("E01", "Fathers and other men", Counts((0, 2, 4, 3), not_applicable=1, no_evidence=2))
OVERSIGHT = IndicatorCounts("S02", "Management oversight", Counts((1, 5, 2, 1)))


def indicator(code: str, *levels: int, no_evidence: int = 0) -> IndicatorCounts:
    return IndicatorCounts(code, f"Title of {code}", Counts(levels, no_evidence=no_evidence))


def test_each_level_is_one_trace_with_its_counts_colour_and_letter(four: Scale) -> None:
    data = levels_chart(four, [MEN, OVERSIGHT]).figure["data"]
    assert [(bar["name"], bar["x"], bar["text"], bar["marker"]["color"]) for bar in data] == [
        ("O Outstanding", [0, 1], ["", "O: 1"], "#12436D"),
        ("G Good", [2, 5], ["G: 2", "G: 5"], "#28A197"),
        ("RI Requires improvement", [4, 2], ["RI: 4", "RI: 2"], "#F46A25"),
        ("I Inadequate", [3, 1], ["I: 3", "I: 1"], "#801650"),
        ("NA Not applicable", [1, None], ["NA: 1", ""], "#ffffff"),
        ("NE No evidence on file", [2, None], ["NE: 2", ""], "#ffffff"),
    ]
    assert [bar["insidetextfont"]["color"] for bar in data[:4]] == ["#ffffff", "#0b0c0c", "#0b0c0c", "#ffffff"]
    assert {bar["marker"]["line"]["color"] for bar in data[:4]} == {"#ffffff"}
    assert [bar["marker"].get("pattern", {}).get("shape") for bar in data[4:]] == [None, "/"]


def test_answers_that_are_no_level_stand_apart_and_to_the_same_measure(four: Scale) -> None:
    figure = levels_chart(four, [MEN, OVERSIGHT]).figure
    assert [bar.get("xaxis", "x") for bar in figure["data"]] == ["x"] * 4 + ["x2"] * 2
    left, right = figure["layout"]["xaxis"], figure["layout"]["xaxis2"]
    assert left["domain"][1] < right["domain"][0]

    def case(axis: dict[str, list[float]]) -> float:
        return (axis["domain"][1] - axis["domain"][0]) / (axis["range"][1] - axis["range"][0])

    assert case(left) == pytest.approx(case(right), rel=0.06)


def test_where_every_answer_is_a_level_nothing_stands_apart(four: Scale) -> None:
    figure = levels_chart(four, [OVERSIGHT]).figure
    assert len(figure["data"]) == 4
    assert "xaxis2" not in figure["layout"]
    assert figure["layout"]["xaxis"]["domain"] == [0, 1]


def test_every_label_says_its_n_and_of_what(four: Scale) -> None:
    own_work = IndicatorCounts("A01", "Signs are recognised", Counts((0, 1, 0, 0)), "ratings")
    figure = levels_chart(four, [MEN, own_work]).figure
    assert figure["data"][0]["y"] == ["E01 Fathers and other men<br>9 cases", "A01 Signs are recognised<br>1 rating"]
    assert figure["layout"]["xaxis"]["title"]["text"] == "Cases or ratings"
    assert figure["data"][2]["hovertext"][0] == "E01 Fathers and other men: Requires improvement in 4 of 9<br>cases"


def test_other_scales_take_band_colours_and_differ_in_a_band_by_letter_and_pattern() -> None:
    bands = ["strong", "strong", "strong", "adequate", "weak"]
    scale = Scale(tuple(Level(f"l{n}", str(n), f"Level {n}", band) for n, band in enumerate(bands)))
    data = levels_chart(scale, [indicator("E01", 1, 1, 1, 1, 1)]).figure["data"]
    assert [(bar["marker"]["color"], bar["marker"]["pattern"]["shape"], bar["text"]) for bar in data] == [
        ("#12436D", "", ["0: 1"]),
        ("#12436D", "/", ["1: 1"]),
        ("#12436D", "x", ["2: 1"]),
        ("#28A197", "", ["3: 1"]),
        ("#801650", "", ["4: 1"]),
    ]


def test_a_title_cannot_become_markup(four: Scale) -> None:
    chart = levels_chart(four, [IndicatorCounts("E01", '<a href="x">&', Counts((0, 0, 1, 0)))])
    assert chart.figure["data"][0]["y"] == ['E01 &lt;a href="x"&gt;&amp;<br>1 case']
    assert "<a" not in json.dumps(chart.figure["data"])


def test_each_part_of_a_bar_leads_to_what_it_counts(four: Scale) -> None:
    data = levels_chart(four, [MEN], address_of=lambda code, answer: f"/p/x/{code}/{answer}").figure["data"]
    assert [bar["customdata"] for bar in data] == [
        ["/p/x/E01/outstanding"],
        ["/p/x/E01/good"],
        ["/p/x/E01/requires_improvement"],
        ["/p/x/E01/inadequate"],
        ["/p/x/E01/not_applicable"],
        ["/p/x/E01/no_evidence"],
    ]


def test_the_table_has_the_same_numbers(four: Scale) -> None:
    chart = levels_chart(four, [MEN, OVERSIGHT])
    assert chart.table.headers == (
        "Code", "Indicator", "What is counted", "Outstanding", "Good", "Requires improvement", "Inadequate",
        "Number rated", "Not applicable", "No evidence on file",
    )  # fmt: skip
    assert chart.table.rows == (
        ("E01", "Fathers and other men", "Cases", 0, 2, 4, 3, 9, 1, 2),
        ("S02", "Management oversight", "Cases", 1, 5, 2, 1, 9, 0, 0),
    )
    assert chart.counts is chart.table


def test_counts_for_another_scale_and_two_of_one_code_are_refused(four: Scale) -> None:
    with pytest.raises(ValueError, match="3 counts for a scale of 4"):
        levels_chart(four, [indicator("E01", 1, 1, 1)])
    with pytest.raises(ValueError, match="the same code"):
        levels_chart(four, [MEN, MEN])


@pytest.mark.parametrize(
    ("indicators", "headline"),
    [
        ([], "No level has been given yet"),
        ([indicator("E01", 0, 0, 0, 0, no_evidence=3)], "No level has been given yet; no evidence on file in 3"),
        ([MEN, OVERSIGHT], "Fathers and other men: below Good in 7 of 9 cases; no evidence on file in 2 more"),
        ([indicator("E01", 0, 0, 0, 1)], "Title of E01: below Good in 1 of 1 case"),
        ([indicator("E01", 0, 0, 0, 1), indicator("H01", 0, 2, 7, 0)], "Title of H01: below Good in 7 of 9 cases"),
        ([indicator("E01", 1, 1, 1, 1), indicator("H01", 2, 0, 2, 0)], "E01 and H01: each below Good in 2 of 4 cases"),
        ([indicator("E01", 1, 3, 0, 0), indicator("H01", 2, 2, 0, 0)], "Every rating is Good or better: 8 of 8"),
        (
            [indicator("E01", 1, 3, 0, 0, no_evidence=5)],
            "Every rating is Good or better: 4 of 4; no evidence on file in 5 more",
        ),
    ],
)
def test_the_headline_is_the_finding_in_counts(indicators: list[IndicatorCounts], headline: str, four: Scale) -> None:
    assert levels_headline(four, indicators) == headline
    assert levels_chart(four, indicators).figure["layout"]["meta"]["headline"] == headline


COUNTS = st.builds(
    Counts, st.tuples(*[st.integers(0, 40)] * 4), not_applicable=st.integers(0, 20), no_evidence=st.integers(0, 20)
)


@given(st.lists(COUNTS, max_size=8))
def test_the_figure_adds_up_to_its_table_and_plotly_knows_every_attribute(four: Scale, counts: list[Counts]) -> None:
    chart = levels_chart(four, [IndicatorCounts(f"A{n:02}", "Title", one) for n, one in enumerate(counts)])
    go.Figure(chart.figure)  # raises for an attribute that plotly.js would silently leave out
    totals = dict.fromkeys(chart.table.headers[3:], 0)
    for bar in chart.figure["data"]:
        totals[bar["name"].partition(" ")[2]] += sum(n or 0 for n in bar["x"])
    totals["Number rated"] = sum(one.rated for one in counts)
    columns = list(zip(*chart.table.rows, strict=True))[3:] if counts else [()] * 7
    assert list(totals.values()) == [sum(int(n) for n in column) for column in columns]
    assert json.loads(json.dumps(chart.figure)) == chart.figure
