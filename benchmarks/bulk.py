"""Rows of many tables, numbered here and inserted many at a time: the one way to a large database in seconds."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Table, insert, text

from audit_app.core.db import Base, db

ROWS_AT_ONCE = 50_000


class Bulk:
    """Collects rows and inserts them in the order of their references. For tables that are still empty."""

    def __init__(self) -> None:
        self._waiting: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._last: Counter[Table] = Counter()

    def add(self, model: type[Base], **values: Any) -> int:
        """Add a row; give the id it will have."""
        table = Base.metadata.tables[model.__tablename__]
        self._last[table] += 1
        self._waiting[table].append({"id": self._last[table], **values})
        return self._last[table]

    def count(self, model: type[Base]) -> int:
        """How many rows of a table there are by now."""
        return self._last[Base.metadata.tables[model.__tablename__]]

    def flush_when_large(self) -> None:
        """Insert what waits once it is worth a trip. Call it where nothing refers to a row that was not added yet."""
        if sum(map(len, self._waiting.values())) > ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Insert everything that waits."""
        for table in Base.metadata.sorted_tables:
            if rows := self._waiting.pop(table, None):
                db.session.execute(insert(table), rows)

    def finish(self) -> None:
        """Insert the rest. On PostgreSQL the next row then gets a number that no row has, nor had in a kept state."""
        self.flush()
        if db.engine.dialect.name == "postgresql":
            for table, last in self._last.items():
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                db.session.execute(text(f"SELECT setval({sequence}, greatest({last}, nextval({sequence})))"))
