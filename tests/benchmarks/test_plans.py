"""No write, and no page that people open all day, reads more because there is more data: the plans say so.

SQLite says how it goes about each statement, with no statistics to go by. PostgreSQL is asked with sequential scans
off: whatever is still read from end to end has no index that could serve.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from audit_app.accounts.models import Person
from audit_app.core.db import db
from benchmarks.growth import DEEDS, Cast, milliseconds
from benchmarks.loader import load
from benchmarks.world import BOARD_MEMBER, CHAIR, COORDINATOR, SLUG, Size, auditor
from tests.fixtures import Prepared
from tests.pages import PageClient

SMALL = Size(rounds=4, cases=5, open_rounds=1, auditors=1)
FEW = {
    *("partnership", "agency", "body", "area", "person", "membership", "sign_in_failure", "job"),
    *("strategy", "indicator", "indicator_source", "indicator_guidance", "scale", "scale_level"),
    *("audit_template", "audit_template_version", "template_domain", "template_indicator", "template_guidance"),
    "template_applicability",
}
"""Tables that do not grow with the audits."""
Statement = tuple[str, Any]


@pytest.fixture
def loaded(app: Flask, prepared: Prepared) -> Flask:
    prepared("a small bench", lambda: load(SMALL))
    return app


@pytest.fixture
def statements() -> Iterator[list[Statement]]:
    """Every statement that runs, with its values."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen.append((statement, values[0] if many else values))

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def reads_whole_tables(statements: Sequence[Statement], *, whole_partnership: bool) -> list[str]:
    """The plans among these statements that read a growing table from end to end, or all of a partnership in it."""
    found = []
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, values in dict.fromkeys((statement, repr(values)) for statement, values in statements):
            original = next(held for text, held in statements if text == statement and repr(held) == values)
            rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", original)
            lines = [row[-1] for row in rows]
            found += [f"{line}\n  in {statement}" for line in lines if _is_whole(line, whole_partnership)]
    return found


def _is_whole(line: str, whole_partnership: bool) -> bool:
    scan = re.search(r"\bSCAN (\w+)(?! CONSTANT)|Seq Scan on (\w+)", line)
    if scan:
        return (scan.group(1) or scan.group(2)) in GROWING
    search = re.search(r"SEARCH (\w+) .*\(partnership_id=\?\)$", line)
    return bool(whole_partnership and search and search.group(1) in GROWING)


GROWING = {table for table in db.metadata.tables if table not in FEW}


@pytest.mark.parametrize("name", DEEDS)
def test_no_deed_reads_more_because_there_is_more(
    loaded: Flask, statements: list[Statement], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("benchmarks.growth.DEEDS_A_RUN", 1)
    milliseconds(Cast(loaded, SMALL), DEEDS[name])
    assert statements
    assert reads_whole_tables(statements, whole_partnership=True) == []


READ_BY_MANY = {
    "a domain": (auditor(1, 1), "/cases/B004-01/return/1/domain/1"),
    "a round's findings": (COORDINATOR, "/rounds/B001/findings"),
    "a round": (COORDINATOR, "/rounds/B001"),
    "a round's cases": (COORDINATOR, "/rounds/B004/cases"),
    "a round's returns": (COORDINATOR, "/rounds/B004/returns"),
    "a case": (COORDINATOR, "/cases/B001-01"),
}


@pytest.mark.parametrize("name", READ_BY_MANY)
def test_no_page_of_one_thing_reads_all_things(
    loaded: Flask, client: PageClient, statements: list[Statement], name: str
) -> None:
    email, path = READ_BY_MANY[name]
    person = db.session.scalars(select(Person).where(Person.email == email)).one()
    client.as_(person).get(f"/p/{SLUG}{path}")
    assert reads_whole_tables(statements, whole_partnership=True) == []


LISTS_OF_A_PARTNERSHIP = {
    "home": (COORDINATOR, "/"),
    "rounds": (COORDINATOR, "/rounds"),
    "an auditor's returns": (auditor(1, 1), "/returns"),
    "a chair's panels": (CHAIR, "/panels"),
    "the action plan": (COORDINATOR, "/actions"),
    "published rounds": (BOARD_MEMBER, "/board"),
    "findings over everything": (COORDINATOR, "/findings/all"),
}


@pytest.mark.parametrize("name", LISTS_OF_A_PARTNERSHIP)
def test_no_list_of_a_partnership_scans_a_table(
    loaded: Flask, client: PageClient, statements: list[Statement], name: str
) -> None:
    email, path = LISTS_OF_A_PARTNERSHIP[name]
    person = db.session.scalars(select(Person).where(Person.email == email)).one()
    client.as_(person).get(f"/p/{SLUG}{path}")
    assert reads_whole_tables(statements, whole_partnership=False) == []


def test_a_statement_that_reads_a_whole_table_is_found_out(loaded: Flask) -> None:
    whole, few = ("SELECT id FROM rating WHERE reason = 'x'", ()), ("SELECT id FROM agency WHERE name = 'x'", ())
    assert len(reads_whole_tables([whole, few], whole_partnership=False)) == 1
