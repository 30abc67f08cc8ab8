"""Loading corrected files over what is loaded: what keeps its words, what is refused, and `check` says the same."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.exc import OperationalError

from audit_app.core.db import db, transaction
from audit_app.indicators import cli, queries, services
from audit_app.indicators.models import Scale, ScaleLevel
from audit_app.indicators.queries import installed
from tests.factories.accounts import a_partnership
from tests.factories.indicators import FOLDER
from tests.factories.templates import a_draft, do

Run = Callable[[str], Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the delivered files with two templates: Core 16, and one whose levels mean what the scale says."""
    copied = tmp_path / "audit_templates"
    shutil.copytree(FOLDER, copied)
    for path in (copied / "templates").glob("*.toml"):
        if path.stem not in {"core-16", "signs-of-safety-scaling"}:
            path.unlink()
    monkeypatch.setattr(cli, "FOLDER", copied)
    return copied


@pytest.fixture
def run(app: Flask, folder: Path) -> Run:
    """Runs a command on the files of the folder."""
    return lambda command: app.test_cli_runner().invoke(args=["indicators", command])


def correct(file: Path, old: str, new: str) -> None:
    """Change a text in a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


A01 = "How early did your agency see that this child might be neglected"
CORRECTED = "How soon did your agency see that this child might be neglected"


def question(version: int) -> str:
    """How A01 is asked in a version of Core 16."""
    asked = queries.template_version(queries.version_id("core-16", version)).indicators
    return next(one.question for one in asked if one.code == "A01")


def test_a_word_of_the_library_is_corrected_and_a_published_version_keeps_the_old_one(run: Run, folder: Path) -> None:
    run("load")
    correct(folder / "library.toml", A01, CORRECTED)
    keeps = (
        "Core 16, version 1, keeps the words it was published with (A01 question). "
        "Make it version 2 in its file to take the library's new ones.\n"
    )
    assert keeps in run("check").output
    first = run("load")
    assert first.exit_code == 0
    assert first.output.startswith("Changed the indicator A01\n")
    assert keeps in first.output
    assert queries.indicators("A01")["A01"].question.startswith(CORRECTED)
    assert question(1).startswith(A01)
    again = run("load").output
    assert again.startswith("Nothing has changed.\n")
    assert keeps in again


def test_the_next_version_of_a_template_takes_the_librarys_new_words(run: Run, folder: Path) -> None:
    run("load")
    correct(folder / "library.toml", A01, CORRECTED)
    correct(folder / "templates/core-16.toml", "version = 1", "version = 2")
    assert "Published Core 16, version 2" in run("load").output
    assert question(1).startswith(A01)
    assert question(2).startswith(CORRECTED)
    assert "Core 16, version" not in run("load").output


def test_what_a_level_means_is_reworded_although_published_templates_use_it(run: Run, folder: Path) -> None:
    run("load")
    means = "Most of this was done and helped this child, but a few gaps still need work."
    correct(folder / "scales.toml", means, "Nearly all of it was done.")
    output = run("load").output
    assert "Changed what the levels of safety_scaling mean" in output
    assert "keeps the words it was published with" in output
    assert queries.scales()["safety_scaling"].levels[3].means == "Nearly all of it was done."
    published = queries.template_version(queries.version_id("signs-of-safety-scaling", 2))
    assert means in {one.guidance["safety_7"] for one in published.indicators}


def test_load_and_check_name_everything_that_cannot_be_loaded_each_with_its_file(run: Run, folder: Path) -> None:
    run("load")
    correct(folder / "scales.toml", 'words = "Partly met"', 'words = "Partly"')
    correct(folder / "scales.toml", 'words = "Yes"', 'words = "Yes, it was"')
    correct(folder / "library.toml", A01, CORRECTED)
    for name in ("core-16", "signs-of-safety-scaling"):
        correct(folder / f"templates/{name}.toml", "minutes_per_child = ", "minutes_per_child = 1")
    refused = run("load")
    assert refused.exit_code == 1
    mending = "; put the old words back, or give the changed scale a code of its own, and each of its levels too"
    changed = (
        "version: 1 is published and its file has changed (minutes_per_child); make it 2, or put the old words back"
    )
    told = refused.output.splitlines()
    assert told == [
        f"scales.toml: scale met: is in use and has changed{mending}",
        f"scales.toml: scale yes_no: is in use and has changed{mending}",
        f"templates/core-16.toml: {changed}",
        f"templates/signs-of-safety-scaling.toml: {changed.replace('2', '3').replace('1', '2')}",
        "Error: 4 to mend.",
    ]
    assert run("check").output.splitlines() == told
    assert queries.indicators("A01")["A01"].question.startswith(A01), "a refused load leaves nothing behind"


def renamed(folder: Path) -> None:
    """The advice of a refusal, followed by half: the scale has another code, its levels keep theirs."""
    correct(folder / "scales.toml", 'code = "ofsted"', 'code = "ofsted-2"')
    correct(folder / "templates/core-16.toml", 'scale = "ofsted"', 'scale = "ofsted-2"')
    correct(folder / "templates/core-16.toml", "version = 1", "version = 2")


def test_a_scale_under_another_code_needs_other_levels_too(run: Run, folder: Path) -> None:
    run("load")
    renamed(folder)
    output = run("load").output
    assert (
        "scales.toml: scale ofsted-2: the scale ofsted, which is loaded, has a level good too; "
        "give this one its own code\n"
    ) in output
    assert "Error: 4 to mend." in output
    assert run("check").output == output
    assert "ofsted-2" not in queries.scales()


def test_each_scale_gives_a_draft_its_own_levels_even_where_codes_are_alike(app: Flask) -> None:
    draft = a_draft(a_partnership("saltmere"))
    ids = queries.level_ids(queries.scale_ids()["ofsted"])
    twin = queries.scales()["ofsted"]
    row = Scale(code="twin", title="Twin", direction=twin.direction)
    with transaction():
        db.session.add(row)
        db.session.flush()
        for level in twin.levels:
            more = {"letter": level.letter, "words": level.words, "rank": level.rank, "band": level.band}
            db.session.add(ScaleLevel(scale_id=row.id, code=level.code, **more))
    copy = do(services.copy_template, draft.version_id, title="Another", by=draft.coordinator)
    assert queries.template_version(copy.id).indicators == draft.whole.indicators
    assert queries.level_ids(queries.scale_ids()["twin"]).keys() == ids.keys()
    assert not set(queries.level_ids(row.id).values()) & set(ids.values())


def test_a_file_that_is_no_text_is_named_beside_every_other_problem(run: Run, folder: Path) -> None:
    (folder / "templates/mine.toml").write_bytes('title = "Größe"'.encode("latin-1"))
    correct(folder / "templates/core-16.toml", '"A01"', '"A99"')
    for command in ("load", "check", "coverage"):
        result = run(command)
        assert result.exit_code == 1
        assert result.output.splitlines() == [
            "templates/core-16.toml: indicator A99: is not in the library; add it there or correct the code",
            "templates/mine.toml: is not a text file in UTF-8; save it again and choose UTF-8 as the encoding",
            "Error: 2 to mend.",
        ]


def test_a_file_that_begins_with_the_mark_of_some_editors_is_read(run: Run, folder: Path) -> None:
    file = folder / "templates/core-16.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert run("load").exit_code == 0
    correct(file, "\ufeff", "")
    assert run("load").output == "Nothing has changed.\n"


def test_files_are_checked_where_there_is_no_database_yet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_engine: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(installed, "inspect", nowhere)
    result = run("check")
    assert result.exit_code == 0
    assert "There is no database here yet, so only the files were checked" in result.output
