"""The database: typed models, `transaction()`, the column types that both databases share.

`transaction()` is the only place that commits. It ends any read, then begins for writing, so that what a deed decides
on is loaded inside it: `BEGIN IMMEDIATE` on SQLite (one writer at a time, others wait), `BEGIN` on PostgreSQL, where a
`..._for_change` query takes the row's lock. Every other read on PostgreSQL stands for itself (`Reading`).
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    MetaData,
    Select,
    UniqueConstraint,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.schema import ForeignKey
from sqlalchemy.types import TypeDecorator

from audit_app.core.errors import NotHere, Refused

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base: one metadata with a naming convention."""

    metadata = MetaData(naming_convention=NAMING)


OUTSIDE = "Something was changed outside transaction()."


class Reading(Session):
    """A session whose reads outside `transaction()` stand each for itself on PostgreSQL.

    They see the same either way: each statement what is committed when it begins. But a transaction around them costs
    two messages more, and ends with a rollback, at which the driver lets go of every statement that the server had
    prepared: all would be planned anew for each page, which takes longer than answering them.
    """

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Engine | Connection | None = None, **more: Any
    ) -> Engine | Connection:
        found = super().get_bind(mapper, clause, bind, **more)
        if self.info.get("is_writing"):
            return found
        if getattr(clause, "is_dml", False):
            raise RuntimeError(OUTSIDE)
        if getattr(clause, "_for_update_arg", None) is not None:
            raise RuntimeError("A row was locked outside transaction(): nothing would hold it.")
        is_alone = found.dialect.name == "postgresql" and not self.info.get("is_together")
        return _alone(found) if is_alone and isinstance(found, Engine) else found


@lru_cache(maxsize=4)
def _alone(engine: Engine) -> Engine:
    """The same engine, without a transaction around what it is asked."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@event.listens_for(Reading, "before_flush")
def _write_in_a_deed_alone(session: Reading, *_about: object) -> None:
    if not session.info.get("is_writing"):
        raise RuntimeError(OUTSIDE)


db = SQLAlchemy(
    model_class=Base, session_options={"class_": Reading, "expire_on_commit": False}, disable_autonaming=True
)

if TYPE_CHECKING:

    class Model(Base):
        """What every table derives from."""

        __abstract__ = True

else:
    Model = db.Model

JsonFacts = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a value without a zone, and gives one back on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(states: type[StrEnum], length: int = 40) -> Enum:
    """A column type for a StrEnum: its values as text, with a CHECK on both databases."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", states.__name__).lower()
    return Enum(
        states,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


class Owned:
    """A row that belongs to one partnership, and that other rows of that partnership may refer to."""

    id: Mapped[int] = mapped_column(primary_key=True)

    @declared_attr
    def partnership_id(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(ForeignKey("partnership.id"))

    @property
    def history_id(self) -> int:
        """The id by which history speaks of this row."""
        return self.id


def within_partnership(*constraints: Any) -> tuple[Any, ...]:
    """`__table_args__` of an `Owned` table that others refer to: adds the key (partnership_id, id).

    What else is unique or indexed begins with the partnership too. Every query names it first, and SQLite, which
    gathers no statistics, would otherwise take a shorter index and read all that a partnership has.
    """
    return (*constraints, UniqueConstraint("partnership_id", "id"))


def belongs_to(table: str, column: str, *, cascade: bool = False) -> ForeignKeyConstraint:
    """A composite reference (partnership_id, column) to a parent of the same partnership."""
    return ForeignKeyConstraint(
        ["partnership_id", column],
        [f"{table}.partnership_id", f"{table}.id"],
        ondelete="CASCADE" if cascade else None,
    )


Kept = TypeVar("Kept")


def row_for_change(query: Select[Kept]) -> Kept:
    """The one row that a query is about as it is kept now, locked until the deed that is under way is done.

    Raises:
        NotHere: there is none.
    """
    return row_as_kept(query.with_for_update())


def row_as_kept(query: Select[Kept]) -> Kept:
    """The one row that a query is about as it is kept now.

    Raises:
        NotHere: there is none.
    """
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotHere
    return found


@contextmanager
def transaction() -> Iterator[None]:
    """Do one deed: everything inside is kept together or not at all.

    Raises:
        Refused: a named constraint of the database stood in the way.
    """
    session = db.session()
    if session.info.get("is_writing"):
        raise RuntimeError("A transaction is open already: a deed never opens another.")
    session.commit()  # refuses what was changed outside; ends a read without expiring what was loaded
    session.info["is_writing"] = True
    try:
        session.connection(execution_options={"is_writing": True})
        yield
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise _refusal(error) from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("is_writing", None)
        session.info.pop("is_together", None)


def read_together() -> None:
    """Let what is read from here on be in one transaction: PostgreSQL gives rows a few at a time only inside one."""
    session = db.session()
    if not (session.info.get("is_writing") or session.info.get("is_together")):
        session.commit()  # ends the reads that stood for themselves
        session.info["is_together"] = True


CONSTRAINT_SENTENCES: dict[str, str] = {}
"""What a violated constraint says to a person, by its name. Models add theirs through `refuse_when`."""


def refuse_when(sentences: dict[str, str]) -> None:
    """Give constraints, by name, the sentence that a person sees when one is violated."""
    CONSTRAINT_SENTENCES.update(sentences)


def _refusal(error: IntegrityError) -> Exception:
    name = _violated(error)
    sentence = CONSTRAINT_SENTENCES.get(name or "")
    return Refused(sentence) if sentence else error


def _violated(error: IntegrityError) -> str | None:
    """The name of the violated constraint. SQLite names only its columns, which are looked up in the metadata."""
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return str(diagnostics.constraint_name) if diagnostics.constraint_name else None
    text = str(error.orig)
    if text.startswith("UNIQUE constraint failed: "):
        where = [part.strip().split(".") for part in text.removeprefix("UNIQUE constraint failed: ").split(",")]
        if where[0][0].startswith("index "):
            return where[0][0].removeprefix("index ").strip("'")
        return _unique_on(where[0][0], {part[1] for part in where})
    found = re.match(r"CHECK constraint failed: (\w+)", text)
    return found.group(1) if found else None


def _unique_on(table_name: str, columns: set[str]) -> str | None:
    table = Base.metadata.tables[table_name]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and {c.name for c in constraint.columns} == columns:
            return str(constraint.name)
    for index in table.indexes:
        if index.unique and {c.name for c in index.columns} == columns:
            return index.name
    return None


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 10000",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_on_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        is_writing = connection.get_execution_options().get("is_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
