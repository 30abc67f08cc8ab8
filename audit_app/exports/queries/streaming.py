"""Reading long answers row by row."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case

from audit_app.core.db import db, read_together
from audit_app.rounds.models import Round

ROWS_AT_ONCE = 1000
ROUND_NAME = Round.reference + " " + Round.title
"""How a row of the workbook of every round names its round."""


def stream(query: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a query, fetched a thousand at a time, so that a long answer never lies in memory whole."""
    read_together()
    return iter(db.session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)))


def in_words(column: Any, words: Mapping[Any, str]) -> ColumnElement[str]:
    """A column of states or kinds as the words that people read."""
    return case(dict(words), value=column, else_="")
