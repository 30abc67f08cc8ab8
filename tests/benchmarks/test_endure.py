"""`make endure` at its smallest: four kills here, on each database that the tests run on."""

from flask import Flask

from benchmarks.endure import endure
from benchmarks.loader import load
from config import Settings
from tests.benchmarks.test_benchmarks import SMALL
from tests.fixtures import Prepared


def test_every_acknowledged_word_is_found_after_the_server_was_killed(
    app: Flask, prepared: Prepared, settings: Settings
) -> None:
    prepared("a small bench", lambda: load(SMALL))
    tally = endure(settings, SMALL, kills=4, seed=4)
    assert tally.problems == []
    assert tally.kills == 4
    assert tally.acknowledged > 20
    assert tally.cut_off > 0, "nobody was typing when the server died"
