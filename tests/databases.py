"""The database of one test process: emptied before each test, or put back to a state that was prepared once.

Deeds really commit, and some tests use threads, so a test cannot be undone by rolling back. On SQLite the whole file is
copied back (about a millisecond); on PostgreSQL the tables that hold rows are emptied and refilled inside the server.
"""

import shutil
import sqlite3
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine

EMPTY = "empty"


class Database(Protocol):
    """A database that can be put back to a state it once had."""

    url: str

    def keep(self, state: str, engine: Engine, /) -> None:
        """Remember everything that is in the database now under a name."""

    def restore(self, state: str, engine: Engine, /) -> None:
        """Put the database back to a kept state."""


class SqliteDatabase:
    """A file; a kept state is a copy of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "audits.sqlite3"
        self.url = f"sqlite:///{self._path}"

    def keep(self, state: str, engine: Engine) -> None:
        engine.dispose()
        connection = sqlite3.connect(self._path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self._path, self._folder / f"{state}.kept")

    def restore(self, state: str, engine: Engine) -> None:
        engine.dispose()
        for leftover in ("-wal", "-shm"):
            self._path.with_name(self._path.name + leftover).unlink(missing_ok=True)
        shutil.copyfile(self._folder / f"{state}.kept", self._path)


class PostgresDatabase:
    """A database of its own on the tests' server; a kept state is a schema with copies of its tables."""

    def __init__(self, server: str, name: str) -> None:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self.url = f"{server}/{name}".replace("postgresql://", "postgresql+psycopg://", 1)
        self._connection = psycopg.connect(f"{server}/{name}", autocommit=True)
        # Foreign keys and triggers rest while states are put back; nothing may wait for a test's forgotten transaction.
        self._connection.execute("SET session_replication_role = replica; SET lock_timeout = '5s'")
        self._tables: list[str] = []
        self._kept: dict[str, list[str]] = {}

    def keep(self, state: str, _engine: Engine) -> None:
        rows = self._connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
        )
        self._tables = [name for (name,) in rows]
        filled = self._filled()
        schema = sql.Identifier(f"kept_{state}")
        self._connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        for name in filled:
            table = sql.Identifier(name)
            self._connection.execute(sql.SQL("CREATE TABLE {0}.{1} AS TABLE public.{1}").format(schema, table))
        self._kept[state] = filled

    def restore(self, state: str, _engine: Engine) -> None:
        schema = sql.Identifier(f"kept_{state}")
        empty = [sql.SQL("DELETE FROM public.{}").format(sql.Identifier(name)) for name in self._filled()]
        refill = [
            sql.SQL("INSERT INTO public.{1} SELECT * FROM {0}.{1}").format(schema, sql.Identifier(name))
            for name in self._kept[state]
        ]
        if empty or refill:
            self._connection.execute(sql.SQL("; ").join([*empty, *refill]))

    def _filled(self) -> list[str]:
        if not self._tables:
            return []
        one = sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM public.{})")
        query = sql.SQL(" UNION ALL ").join(
            one.format(sql.Literal(name), sql.Identifier(name)) for name in self._tables
        )
        return [name for (name,) in self._connection.execute(query)]
