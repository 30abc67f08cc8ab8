"""Which version the database's tables have, and bringing them up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from audit_app.core.db import db
from audit_app.core.errors import Refused


def bring_up_to_date(migrations: Path) -> bool:
    """Migrate the database to the newest version in a folder of migrations. True where there was something to do.

    Raises:
        Refused: the database cannot be read, or a newer version of the service made it. Nothing was changed.
    """
    config = Config(migrations / "alembic.ini")
    config.set_main_option("script_location", str(migrations))
    scripts = ScriptDirectory.from_config(config)
    there = _revisions_there()
    if there == set(scripts.get_heads()):
        return False
    if there - {script.revision for script in scripts.walk_revisions()}:
        raise Refused(
            "This database was made by a newer version of the service: install that version, "
            "or set INSTANCE to another folder. Nothing was changed."
        )
    command.upgrade(config, "head")
    return True


def _revisions_there() -> set[str]:
    try:
        with db.engine.connect() as connection:
            return set(MigrationContext.configure(connection).get_current_heads())
    except DBAPIError as error:
        where = db.engine.url.render_as_string(hide_password=True)
        raise Refused(f"The database at {where} cannot be read: {error.orig}") from error
