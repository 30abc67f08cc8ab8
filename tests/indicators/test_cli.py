"""`flask indicators load` and `flask indicators check`."""

from dataclasses import replace
from pathlib import Path

from flask import Flask

from audit_app.core.spreadsheets import DAMAGED
from audit_app.indicators import queries
from audit_app.indicators.rules import as_toml
from tests.factories.indicators import FOLDER
from tests.indicators.exchanged import OURS, as_xlsx


def test_loading_says_what_was_added_and_then_that_nothing_changed(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["indicators", "load"])
    assert first.exit_code == 0
    assert "Published Core 16, version 1" in first.output
    assert runner.invoke(args=["indicators", "load"]).output == "Nothing has changed.\n"
    assert len(queries.indicators()) == 69 + 8


def test_coverage_says_where_each_of_the_175_requirements_stands(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["indicators", "coverage"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == 177
    assert lines[-1] == "None is missing."
    assert (
        "X03  Cases of neglect audited by all agencies together: herefordshire App I L182, page rounds.list_rounds"
        in lines
    )


def test_checking_the_delivered_files_finds_nothing(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["indicators", "check"])
    assert result.output == "All is well: 77 indicators, 20 templates.\n"


def test_a_delivered_file_named_by_its_path_is_not_taken_twice(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["indicators", "check", str(FOLDER / "templates" / "core-16.toml")])
    assert result.output == "All is well: 77 indicators, 20 templates.\n"


def test_a_template_of_ones_own_is_checked_against_the_library(app: Flask, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    text = (FOLDER / "templates" / "core-16.toml").read_text().replace('"core-16"', '"mine"')
    mine.write_text(text)
    assert "21 templates" in app.test_cli_runner().invoke(args=["indicators", "check", str(mine)]).output
    assert "21 templates" in app.test_cli_runner().invoke(args=["indicators", "check", str(tmp_path)]).output
    mine.write_text(text.replace('"A01"', '"A99"').replace("version = 1", "version = 0"))
    result = app.test_cli_runner().invoke(args=["indicators", "check", str(mine)])
    assert result.exit_code == 1
    assert "mine.toml: version: is 0; it must be 1 or more" in result.output
    assert not queries.indicators()


def test_templates_that_were_sent_are_checked_as_loading_them_would(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "sent.toml").write_text(as_toml(OURS))
    (tmp_path / "sent.xlsx").write_bytes(as_xlsx(OURS))
    check = ["indicators", "check", str(tmp_path)]
    assert "22 templates" in app.test_cli_runner().invoke(args=check).output
    (tmp_path / "sent.toml").write_text(as_toml(replace(OURS, title="")))
    (tmp_path / "sent.xlsx").write_bytes(as_xlsx(replace(OURS, title="", minutes_per_child=0)))
    (tmp_path / "torn.xlsx").write_bytes(as_xlsx(OURS)[:-2_000])
    result = app.test_cli_runner().invoke(args=check)
    assert result.exit_code == 1
    assert result.output.replace(f"{tmp_path}/", "").splitlines() == [
        "sent.toml: title: Enter a title.",
        "sent.xlsx: Template, row 2, column B “Value”: Enter a title.",
        "sent.xlsx: Template, row 4, column B “Value”: Enter the minutes that one child takes: 1 to 600.",
        f"torn.xlsx: {DAMAGED}",
        "Error: 4 to mend.",
    ]


def test_files_made_to_break_readers_are_refused_with_their_names(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("a." * 2_000 + "a = 1")
    (tmp_path / "b.toml").write_text("complete = true\ntitle = 0x" + "f" * 5_000)
    (tmp_path / "c.toml").write_text("#" * (1024 * 1024 + 1))
    (tmp_path / "library.toml").write_text("[[indicator]]\ncode = 0x" + "f" * 5_000)
    result = app.test_cli_runner().invoke(args=["indicators", "check", str(tmp_path)])
    assert result.exit_code == 1
    assert "a.toml: has a name of more than 100 parts" in result.output
    assert "c.toml: is larger than 1 MB" in result.output
    assert "library.toml: indicator number 1, code: is a very large number" in result.output
    (tmp_path / "library.toml").unlink()
    alone = app.test_cli_runner().invoke(args=["indicators", "check", str(tmp_path / "b.toml")])
    assert "b.toml: title: is a very large number; put it in quotation marks" in alone.output


def test_a_file_that_is_no_text_is_refused_in_one_sentence(app: Flask, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_bytes(b"\xff\xfe\x00")
    result = app.test_cli_runner().invoke(args=["indicators", "check", str(mine)])
    assert result.exit_code == 1
    assert "is not a text file in UTF-8" in result.output
