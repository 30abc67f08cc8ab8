"""The library and the templates for tests: the real ones, loaded from their files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Table, func, insert, select

from audit_app.core import clock
from audit_app.core.db import Base, db, transaction
from audit_app.indicators import models, queries
from audit_app.indicators.rules import Catalogue, read_catalogue
from audit_app.indicators.services import files_in, load_catalogue
from config import PROJECT

FOLDER = PROJECT / "audit_templates"


@cache
def the_catalogue() -> Catalogue:
    """Everything in `audit_templates/`, read once a worker."""
    return read_catalogue(files_in(FOLDER))


def the_templates() -> dict[str, int]:
    """Load the library and the first three templates, which takes a third of the time that all take.

    Gives the id of each template's newest version by the template's code. What was loaded once in a worker is put into
    an empty library again row by row, as it was: reading, checking and comparing take ten times as long.
    """
    is_empty = db.session.scalar(select(func.count()).select_from(models.Scale)) == 0
    with transaction():
        if is_empty and _loaded:
            _put_back(_loaded)
        else:
            load_catalogue(replace(the_catalogue(), templates=the_catalogue().templates[:3]), at=clock.now())
            if is_empty:
                _loaded.update({table: _rows_of(table) for table in _tables_of_the_library()})
    return {template.code: template.version_id for template in queries.templates_offered(None)}


_loaded: dict[Table, Sequence[Mapping[str, Any]]] = {}


def _tables_of_the_library() -> list[Table]:
    """Its tables, parents first."""
    its = {mapper.local_table for mapper in Base.registry.mappers if mapper.class_.__module__ == models.__name__}
    return [table for table in Base.metadata.sorted_tables if table in its]


def _rows_of(table: Table) -> Sequence[Mapping[str, Any]]:
    return [dict(row) for row in db.session.execute(select(table)).mappings()]


def _put_back(kept: Mapping[Table, Sequence[Mapping[str, Any]]]) -> None:
    for table, rows in kept.items():
        if rows:
            db.session.execute(insert(table), rows)
        if rows and "id" in table.columns and db.session.get_bind().dialect.name == "postgresql":
            last = max(row["id"] for row in rows)
            sequence = func.pg_get_serial_sequence(table.name, "id")
            db.session.execute(select(func.setval(sequence, func.greatest(last, func.nextval(sequence)))))


def core_16() -> int:
    """Load the library and the first templates. Gives the id of the newest version of Core 16."""
    return the_templates()["core-16"]
