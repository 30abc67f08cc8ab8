"""Migrations: numbered, one head, equal to the models, up and down with data in them."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text

from audit_app.cases.queries import late_concerns
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.core.schema import bring_up_to_date
from audit_app.factory import create_app
from config import PROJECT, Settings
from tests.fixtures import NewDatabase
from tests.whole_app.world import build_world

MIGRATIONS = PROJECT / "migrations"
# On SQLite this makes the table again and drops the old one, which would take every child row with it.
PARENT_MADE_AGAIN = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{number}", "{after}", None, None


def upgrade() -> None:
    with op.batch_alter_table("partnership") as table:
        table.alter_column("name", existing_type=sa.String(200), type_=sa.String(300), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("partnership") as table:
        table.alter_column("name", existing_type=sa.String(300), type_=sa.String(200), existing_nullable=False)
"""


@pytest.fixture
def filled(new_database: NewDatabase, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """An application of its own, with data in a database that a test may change as it likes."""
    made = create_app(replace(settings, database_url=new_database("migrations").url, instance=tmp_path))
    with made.app_context():
        bring_up_to_date(MIGRATIONS)
        build_world()
        db.session.remove()
        yield made
        db.session.remove()
        db.engine.dispose()


def config() -> Config:
    made = Config(MIGRATIONS / "alembic.ini")
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


def revisions() -> list[Script]:
    """Every revision, oldest first."""
    return list(ScriptDirectory.from_config(config()).walk_revisions())[::-1]


def rows() -> dict[str, int]:
    """How many rows each table holds."""
    with db.engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}


def differences() -> list[Any]:
    """What autogenerate would still change."""

    def is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
        return not (kind == "table" and name is not None and "_fts" in name)

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        return list(compare_metadata(context, db.metadata))


def test_revisions_are_numbered_from_one_in_a_single_line() -> None:
    found = revisions()
    assert [script.revision for script in found] == [f"{number:04}" for number in range(1, len(found) + 1)]
    assert [script.down_revision for script in found] == [None, *(script.revision for script in found[:-1])]
    for script in found:
        assert re.fullmatch(rf"{script.revision}_[a-z0-9_]+\.py", Path(script.path).name), script.path


def test_the_tables_that_migrations_make_are_those_of_the_models(app: Flask) -> None:
    assert differences() == []


LOST_GOING_DOWN = {("0018", "panel_item"): 1}
"""Rows that the version before has no place for, as its docstring says: the level over all of the one case here."""


def test_every_revision_goes_down_and_up_again_with_data(filled: Flask) -> None:
    before = rows()
    assert sum(before.values()) > 20
    for script in reversed(revisions()):
        command.downgrade(config(), "-1")
        now = rows()
        kept = {name: before[name] - LOST_GOING_DOWN.get((script.revision, name), 0) for name in now}
        assert kept == now, f"going down from {script.revision} lost rows"
        before = now
    assert rows() == {}
    for script in revisions():
        command.upgrade(config(), script.revision)
    assert differences() == []


def test_making_a_parent_table_again_keeps_its_children(filled: Flask, tmp_path: Path) -> None:
    before, last = rows(), revisions()[-1].revision
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    following = f"{int(last) + 1:04}"
    (folder / f"versions/{following}_longer_names.py").write_text(
        PARENT_MADE_AGAIN.format(number=following, after=last)
    )
    assert bring_up_to_date(folder)
    name = next(column for column in inspect(db.engine).get_columns("partnership") if column["name"] == "name")
    assert str(name["type"]) == "VARCHAR(300)"
    assert rows() == before
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1, "foreign keys are on again"


def test_a_database_that_is_up_to_date_is_left_alone(filled: Flask) -> None:
    assert not bring_up_to_date(MIGRATIONS)


def test_a_database_from_a_newer_version_is_refused_and_left_alone(filled: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = rows()
    with pytest.raises(Refused, match="newer version of the service"):
        bring_up_to_date(MIGRATIONS)
    assert rows() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "notes.sqlite3"
    file.write_text("These are my notes, not a database. " * 100)
    one = create_app(replace(settings, database_url=f"sqlite:///{file}", instance=tmp_path))
    with one.app_context(), pytest.raises(Refused, match="cannot be read"):
        bring_up_to_date(MIGRATIONS)
    assert file.read_text().startswith("These are my notes")


def test_concerns_from_before_they_were_followed_are_open_and_send_no_mail_of_their_own(filled: Flask) -> None:
    command.downgrade(config(), "0007")
    command.upgrade(config(), "head")
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT is_open, escalated_at = raised_at FROM concern")).all()
    assert found
    assert all(is_open and is_told for is_open, is_told in found)
    assert late_concerns(at=clock.now()) == []
