import json

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.counts import AgencyCounts, Counts, Scale
from reports.figures import Chart, agencies_chart

AGENCIES = ["Police", "Health"]
INDICATORS = [("E01", "Fathers and other men"), ("H01", "Co-operation without change")]


def chart(scale: Scale, *given: AgencyCounts) -> Chart:
    return agencies_chart(scale, AGENCIES, INDICATORS, given, address_of=lambda agency, code: f"/{agency}/{code}")


MEN_POLICE = AgencyCounts("Police", "E01", Counts((0, 4, 2, 1), not_applicable=2, no_evidence=1))
MEN_HEALTH = AgencyCounts("Health", "E01", Counts((1, 1, 0, 0)))
CHANGE_HEALTH = AgencyCounts("Health", "H01", Counts((0, 0, 0, 0), not_applicable=9))


def test_a_cell_says_how_many_of_how_many_and_is_shaded_by_that_share(four: Scale) -> None:
    (heat,) = chart(four, MEN_POLICE, MEN_HEALTH).figure["data"]
    assert heat["type"] == "heatmap"
    assert heat["x"] == ["Police", "Health"]
    assert heat["y"] == ["E01 Fathers and other men", "H01 Co-operation without change"]
    assert heat["text"] == [["3 of 7", "0 of 2"], ["", ""]]
    assert heat["z"] == [[0.4286, 0.0], [None, None]]
    assert (heat["zmin"], heat["zmax"]) == (0, 1)
    assert heat["customdata"] == [["/Police/E01", "/Health/E01"], ["/Police/H01", "/Health/H01"]]


def test_a_cell_without_ratings_says_so_even_where_there_are_answers(four: Scale) -> None:
    made = chart(four, MEN_POLICE, MEN_HEALTH, CHANGE_HEALTH)
    *empty, key = made.figure["layout"]["annotations"]
    assert [(note["x"], note["y"], note["text"]) for note in empty] == [(0, 1, "no ratings"), (1, 1, "no ratings")]
    assert key["text"].startswith("Each cell: levels below Good, out of all that the agency gave.")
    assert "Not applicable 9" in made.figure["data"][0]["hovertext"][1][1].replace("<br>", " ")


def test_the_table_reads_as_the_picture_and_the_file_has_every_count(four: Scale) -> None:
    made = chart(four, MEN_POLICE, MEN_HEALTH)
    assert made.table.caption == "Ratings below Good, out of all the levels each agency gave"
    assert made.table.headers == ("Indicator", "Police", "Health")
    assert made.table.rows == (
        ("E01 Fathers and other men", "3 of 7", "0 of 2"),
        ("H01 Co-operation without change", "no ratings", "no ratings"),
    )
    assert made.counts.headers[3:] == (
        "Outstanding", "Good", "Requires improvement", "Inadequate",
        "Number rated", "Below Good", "Not applicable", "No evidence on file",
    )  # fmt: skip
    assert made.counts.rows[0] == ("E01", "Fathers and other men", "Police", 0, 4, 2, 1, 7, 3, 2, 1)
    assert [row[:3] for row in made.counts.rows] == [
        ("E01", "Fathers and other men", "Police"),
        ("E01", "Fathers and other men", "Health"),
        ("H01", "Co-operation without change", "Police"),
        ("H01", "Co-operation without change", "Health"),
    ]


@pytest.mark.parametrize(
    ("given", "headline"),
    [
        ([], "No agency has given a level yet"),
        ([CHANGE_HEALTH], "No agency has given a level yet"),
        ([MEN_HEALTH], "Every agency's ratings are Good or better: 2 of 2"),
        ([MEN_POLICE, MEN_HEALTH], "Police on “Fathers and other men”: below Good in 3 of 7 cases"),
        (
            [MEN_POLICE, AgencyCounts("Health", "H01", Counts((4, 0, 0, 3)))],
            "Below Good in 3 of 7 cases: Police on E01, Health on H01",
        ),
        (
            [AgencyCounts(agency, code, Counts((0, 0, 0, 1))) for code, _ in INDICATORS for agency in AGENCIES],
            "Below Good in 1 of 1 case: Police on E01, Health on E01, Police on H01 and 1 more",
        ),
    ],
)
def test_the_headline_names_the_cell_that_speaks_loudest(given: list[AgencyCounts], headline: str, four: Scale) -> None:
    assert chart(four, *given).headline == headline


@pytest.mark.parametrize(
    ("given", "headline"),
    [
        ([("Northmere Police", "E01")], "Police on “Fathers and other men”: below Good in 3 of 7 cases"),
        (
            [("Northmere Police", "E01"), ("Northmere NHS Trust", "E01")],
            "Below Good on “Fathers and other men” in 3 of 7 cases: Police, Health",
        ),
        (
            [("Northmere Police", "E01"), ("Northmere NHS Trust", "H01")],
            "Below Good in 3 of 7 cases: Police on E01, Health on H01",
        ),
    ],
)
def test_pictures_call_agencies_by_their_short_names(given: list[tuple[str, str]], headline: str, four: Scale) -> None:
    names = {"Northmere Police": "Police", "Northmere NHS Trust": "Health"}
    counts = [AgencyCounts(agency, code, Counts((0, 4, 2, 1))) for agency, code in given]
    made = agencies_chart(four, list(names), INDICATORS, counts, short_names=names)
    assert made.headline == headline
    assert made.figure["data"][0]["x"] == ["Police", "Health"]
    assert made.table.headers == ("Indicator", "Police", "Health")
    assert made.counts.rows[0][2] == "Northmere Police"


def test_agencies_with_the_same_short_name_keep_their_whole_names(four: Scale) -> None:
    made = agencies_chart(four, AGENCIES, INDICATORS, [], short_names={"Police": "Team", "Health": "Team"})
    assert made.table.headers == ("Indicator", "Police", "Health")


def test_counts_that_belong_to_no_cell_come_twice_or_fit_another_scale_are_refused(four: Scale) -> None:
    for wrong in (
        AgencyCounts("Fire", "E01", Counts((1, 0, 0, 0))),
        AgencyCounts("Police", "Z99", Counts((1, 0, 0, 0))),
    ):
        with pytest.raises(ValueError, match="belong to no cell"):
            chart(four, wrong)
    with pytest.raises(ValueError, match="come twice"):
        chart(four, MEN_POLICE, MEN_POLICE)
    with pytest.raises(ValueError, match="2 counts for a scale of 4"):
        chart(four, AgencyCounts("Police", "E01", Counts((1, 1))))
    with pytest.raises(ValueError, match="the same name"):
        agencies_chart(four, ["Police", "Police"], INDICATORS, [])


COUNTS = st.builds(Counts, st.tuples(*[st.integers(0, 9)] * 4), not_applicable=st.integers(0, 9))


@given(st.dictionaries(st.tuples(st.sampled_from(AGENCIES), st.sampled_from(["E01", "H01"])), COUNTS))
def test_the_picture_the_table_and_the_file_add_up_to_the_same(
    four: Scale, given: dict[tuple[str, str], Counts]
) -> None:
    made = chart(four, *(AgencyCounts(agency, code, counts) for (agency, code), counts in given.items()))
    go.Figure(made.figure)  # raises for an attribute that plotly.js would silently leave out
    said = [words.split(" of ") for row in made.figure["data"][0]["text"] for words in row if words]
    shown = [str(words).split(" of ") for row in made.table.rows for words in row[1:] if words != "no ratings"]
    assert said == shown
    rated, below = (sum(int(row[place]) for row in made.counts.rows) for place in (7, 8))
    assert (below, rated) == (sum(int(part) for part, _ in said), sum(int(whole) for _, whole in said))
    assert rated == sum(counts.rated for counts in given.values())
    assert json.loads(json.dumps(made.figure)) == made.figure
