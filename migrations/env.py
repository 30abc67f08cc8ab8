"""Runs the migrations, on SQLite and PostgreSQL alike.

SQLite changes a table by making it again and moving the rows. With foreign keys on, that deletes the rows of every
child table, so they are off while a migration runs and checked when it has.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from audit_app.core.db import db

config = context.config


def include_object(_object: object, name: str | None, type_: str, _reflected: bool, _compare_to: object) -> bool:
    """Leave out what SQLite makes for itself beside a full-text table."""
    return not (type_ == "table" and name is not None and "_fts" in name)


def run(connection: Connection) -> None:
    """Migrate over one connection, all or nothing."""
    connection = connection.execution_options(is_writing=True)
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        include_object=include_object,
        compare_type=True,
        transaction_per_migration=False,
    )
    with foreign_keys_off(connection), context.begin_transaction():
        context.run_migrations()
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(
                f"A migration would leave {len(broken)} rows without their parents; nothing was changed."
            )


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Past SQLAlchemy, which would begin a transaction first: inside one SQLite takes no notice of this switch."""
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()  # nothing, where the migrations were kept
        driver.execute("PRAGMA foreign_keys = ON")


given = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with current_app.extensions["migrate"].db.engine.connect() as opened:
        run(opened)
