"""`flask panels agreement`: the same measures for any table of ratings."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

Run = Callable[..., Result]

FOUR_RATERS = """unit,R1,R2,R3,R4
1,a,a,,a
2,b,b,c,b
3,c,c,c,c
4,c,c,c,c
5,b,b,b,b
6,a,b,c,d
7,d,d,d,d
8,a,a,b,a
9,b,b,b,b
10,,e,e,e
11,,,a,a
12,,,c,
"""
NAMED = "The first row must name the raters, but"


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Runs the command on a file with this content."""

    def measured(content: str | bytes, *options: str, levels: str = "a,b,c,d,e") -> Result:
        path = tmp_path / "ratings.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return app.test_cli_runner().invoke(args=["panels", "agreement", str(path), "--levels", levels, *options])

    return measured


def test_a_published_table_gives_its_published_figures_as_json(run: Run) -> None:
    result = run(FOUR_RATERS, "--json")
    assert result.exit_code == 0
    found = json.loads(result.output)
    assert found["outcome"] == "measured"
    assert (found["raters"], found["levels"]) == (["R1", "R2", "R3", "R4"], ["a", "b", "c", "d", "e"])
    assert (found["units"], found["ratings"]) == (11, 40)
    assert found["percentage_agreement"] == pytest.approx(0.81818, abs=5e-6)
    assert found["ac1"]["value"] == pytest.approx(0.77544, abs=5e-6)
    assert found["ac1"]["standard_error"] == pytest.approx(0.14295, abs=5e-6)
    assert found["ac1"]["interval_95"] == [pytest.approx(0.46081, abs=5e-6), 1]
    assert found["fleiss_kappa"] == pytest.approx(0.76117, abs=5e-6)
    assert found["ac2"]["value"] == pytest.approx(0.899, abs=0.0005)
    assert found["krippendorff_alpha"] == {
        "nominal": pytest.approx(0.743, abs=0.0005),
        "ordinal": pytest.approx(0.815, abs=0.0005),
        "interval": pytest.approx(0.849, abs=0.0005),
    }
    assert len(found["said"]) == 3


def test_without_a_column_of_units_the_figures_are_the_same(run: Run) -> None:
    bare = "\n".join(line.partition(",")[2] for line in FOUR_RATERS.splitlines())
    assert json.loads(run(bare, "--json").output) == json.loads(run(FOUR_RATERS, "--json").output)


def test_without_json_it_prints_what_a_person_reads(run: Run) -> None:
    result = run(FOUR_RATERS)
    assert result.output.startswith("12 units, 11 of them rated by two or more; 4 raters.\n")
    assert "Gwet's AC2: 0.90\n" in result.output
    assert "the same level 82 times in 100" in result.output


def test_the_order_of_levels_is_that_of_the_option(run: Run) -> None:
    usual, other = (json.loads(run(FOUR_RATERS, "--json", levels=it).output) for it in ("a,b,c,d,e", "c,a,e,b,d"))
    assert usual["ac1"]["value"] == pytest.approx(other["ac1"]["value"])
    assert usual["ac2"]["value"] != pytest.approx(other["ac2"]["value"])


def test_where_there_is_no_figure_a_sentence_says_why(run: Run) -> None:
    alike = "R1,R2\n" + "a,a\n" * 6
    assert "Agreement is complete" in run(alike).output
    found = json.loads(run(alike, "--json").output)
    assert (found["outcome"], found["ac2"], found["krippendorff_alpha"]) == ("all_equal", None, None)
    assert "Only 1 unit had ratings of two or more raters." in run("R1,R2\na,b\n").output
    assert "nothing to compare" in run("R1,R2\na,\n").output


def test_rows_may_be_short_and_lines_empty_and_cells_padded(run: Run) -> None:
    loose = FOUR_RATERS.replace(",\n", "\n").replace("a,a", " a , a") + "\n\n"
    assert run("\ufeff" + loose, "--json").output == run(FOUR_RATERS, "--json").output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty."),
        ("unit,R1,R2\n", "The file has a header but no row of ratings."),
        ("a,b\nb,b\n", f"{NAMED} it holds the level “a”: add a header."),
        ("R1,\na,b\n", f"{NAMED} one of its cells is empty."),
        ("R1,R1\na,b\n", "Two columns are named “R1”: give each rater a name of its own."),
        ("unit,R1\n1,a\n", "There is one rater only: agreement needs two columns of ratings or more."),
        ("unit,R1,R2\n1,a,b\n\n3,a,good\n", "Row 4, column “R2”: “good” is none of the levels a, b, c, d, e."),
        ("R1,R2\na,b,c\n", "Row 2 has 3 ratings, but the first row names 2 raters."),
        (b"PK\x03\x04\xff\xfe", "The file cannot be read as a table: save it as CSV with commas, in UTF-8."),
        ('R1,R2\n"a,b\n', "The file cannot be read as a table: save it as CSV with commas, in UTF-8."),
    ],
)
def test_a_file_that_is_no_table_of_ratings_is_refused_in_one_sentence(
    run: Run, content: str | bytes, sentence: str
) -> None:
    result = run(content)
    assert (result.exit_code, result.output) == (1, f"Error: {sentence}\n")


def test_levels_and_file_must_be_there(run: Run, app: Flask, tmp_path: Path) -> None:
    assert run("R1,R2\na,b\n", levels="a").output == (
        "Error: Name two levels or more in --levels, with a comma between them: good,fair,poor.\n"
    )
    assert run("R1,R2\na,b\n", levels="a,b,a").output == "Error: --levels names “a” twice.\n"
    gone = app.test_cli_runner().invoke(args=["panels", "agreement", str(tmp_path / "gone.csv"), "--levels", "a,b"])
    assert gone.output.endswith("cannot be read: No such file or directory.\n")
