"""How the database would find the rows of each statement: which statements would read the whole of a growing table.

No page and no deed may cost more because there is more data: a statement finds rows of a growing table by an index, and
by more of it than the partnership.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from audit_app.core.db import db

GROWING = frozenset(
    {
        *(
            "round",
            "round_agency",
            "round_domain",
            "round_level",
            "round_indicator",
            "round_guidance",
            "round_key_line",
        ),
        *("round_applicability", "audit_case", "identity", "identity_release", "concern", "concern_entry", "passed_on"),
        *("population_import", "population_child", "draw", "draw_stratum", "drawn_child"),
        *(
            "agency_return",
            "rating",
            "return_extension",
            "return_reminder",
            "panel",
            "panel_member",
            "panel_case",
            "panel_item",
            "agreed_rating",
            "case_action",
            "case_action_due_change",
            "case_action_reminder",
            "outcome_for_agency",
        ),
        *("finding", "finding_indicator", "action", "progress_update", "due_date_change"),
        *("attribute_answer", "attribute_choice", "chronology_event", "voice"),
        *("return_version", "rating_version", "choice_version", "event_version", "return_comment"),
        *("vote", "item_note", "dissent", "panel_room", "parked_point", "panel_conflict", "outcome_for_agency"),
        *("discussion", "return_practitioner", "practitioner_answer", "feedback"),
        *("history_event", "message", "job", "draft"),
    }
)
"""Tables that get longer with every audit. People, agencies, templates and the library do not."""


class Plans:
    """The statements that ran, and what is wrong with the plan of each."""

    def __init__(self) -> None:
        self._statements: dict[str, Any] = {}

    def note(self, statement: str, parameters: Any, is_many: bool) -> None:
        is_copying = statement.startswith("INSERT") and "SELECT" in statement and "VALUES" not in statement
        if is_copying or statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            self._statements.setdefault(statement, parameters[0] if is_many else parameters)

    @property
    def count(self) -> int:
        return len(self._statements)

    def wide(self) -> list[str]:
        """The statements that would read a whole growing table, or all that a partnership has in it."""
        with db.engine.connect() as connection:
            found = (
                self._wide(connection, _on_sqlite) if connection.dialect.name == "sqlite" else self._grown(connection)
            )
            connection.rollback()
        return found

    def _grown(self, connection: Connection) -> list[str]:
        """Those that PostgreSQL finds no way around, neither as small as the tables are nor as if they had grown.

        Of a table with a handful of rows it rightly reads all, and of one that only seems long it takes the indexes
        for shorter than they would be: a statement is wide where both say so.
        """
        connection.exec_driver_sql("ANALYZE")  # a database put back whole has the statistics of an empty one
        small = {line.rpartition("\n\n")[2] for line in self._wide(connection, _on_postgresql)}
        names = ", ".join(f"'{name}'" for name in sorted(GROWING))
        connection.exec_driver_sql(f"UPDATE pg_class SET reltuples = reltuples * 50 WHERE relname IN ({names})")
        return [line for line in self._wide(connection, _on_postgresql) if line.rpartition("\n\n")[2] in small]

    def _wide(self, connection: Connection, explain: "Explain") -> list[str]:
        return [
            f"{table}: {how}\n\n{statement}"
            for statement, parameters in self._statements.items()
            for table, how in explain(connection, statement, parameters)
        ]


Explain = Callable[[Connection, str, Any], Iterator[tuple[str, str]]]
QueryPlans = Callable[[], AbstractContextManager[Plans]]


@contextmanager
def planning() -> Iterator[Plans]:
    """Note every statement that runs inside, in any thread; ask for `wide()` afterwards."""
    plans = Plans()

    def note(
        _connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, is_many: bool
    ) -> None:
        plans.note(statement, parameters, is_many)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _on_sqlite(connection: Connection, statement: str, parameters: Any) -> Iterator[tuple[str, str]]:
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        step = re.match(r"(SCAN|SEARCH) (\w+)(.*)", str(row[3]))
        if step is None or (table := re.sub(r"_\d+$", "", step[2])) not in GROWING:
            continue
        by = re.findall(r"(\w+)(?:=|<|>| IN)", step[3].rpartition("(")[2]) if "(" in step[3] else []
        if step[1] == "SCAN" or "AUTOMATIC" in step[3] or not set(by) - {"partnership_id"}:
            yield table, str(row[3])


def _on_postgresql(connection: Connection, statement: str, parameters: Any) -> Iterator[tuple[str, str]]:
    for way in ("seqscan", "hashjoin", "mergejoin"):  # good ways while a table is small, as it is here
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    yield from _wide_nodes(plan[0]["Plan"], "")


def _wide_nodes(node: dict[str, Any], table: str) -> Iterator[tuple[str, str]]:
    table = node.get("Relation Name", table)
    kind, condition = str(node["Node Type"]), str(node.get("Index Cond", ""))
    if table in GROWING:
        if kind == "Seq Scan":
            yield table, kind
        elif kind in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}:
            by = set(re.findall(r"\(\(?(?:\w+\.)?(\w+)\)?(?:::\w+)? (?:=|<|>)", condition))
            if not by - {"partnership_id"}:
                yield table, f"{kind} {node.get('Index Name')} {condition}"
    for inner in node.get("Plans", ()):
        yield from _wide_nodes(inner, table)
