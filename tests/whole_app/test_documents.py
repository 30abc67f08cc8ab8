"""Generated documents say what the code says."""

from pathlib import Path

import pytest

from tests.whole_app.documents import documents, tables


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_a_generated_document_is_fresh(path: Path) -> None:
    assert path.exists(), "run make docs"
    assert path.read_text() == documents()[path], "stale: run make docs"


@pytest.mark.parametrize("thing", tables())
def test_every_state_has_its_line_in_the_table_and_can_be_reached(thing: str) -> None:
    table = tables()[thing]
    first, *others = list(type(next(iter(table))))
    assert set(table) == {first, *others}, "a state without a line"
    reached, edge = {first}, {first}
    while edge := {to for state in edge for to in table[state]} - reached:
        reached |= edge
    assert reached == set(table), "a state that nothing leads to"
