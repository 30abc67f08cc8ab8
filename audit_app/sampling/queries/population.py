"""Reads of populations: the file that waits, the one that is confirmed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import undefer

from audit_app.accounts.models import Person
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.sampling.models import PopulationImport
from audit_app.sampling.rules import FileSummary, Layout


@dataclass(frozen=True)
class PopulationShown:
    """A file as pages show it. Its name is left out: people put names of children into it."""

    id: int
    layout: Layout
    file_sha256: str
    rows: int
    children: int
    neglect: int
    summary: FileSummary
    as_at: date | None
    read_at: datetime
    read_by: str
    expires_at: datetime
    confirmed_at: datetime | None


def waiting_file(partnership_id: int, round_id: int, *, at: datetime) -> PopulationShown | None:
    """The file of a round that waits to be confirmed, or None. One whose hour is over is not shown any more."""
    return _shown(
        PopulationImport.partnership_id == partnership_id,
        PopulationImport.round_id == round_id,
        PopulationImport.confirmed_at.is_(None),
        PopulationImport.expires_at > at,
    )


def confirmed_population(partnership_id: int, round_id: int) -> PopulationShown | None:
    """The confirmed population of a round, or None."""
    return _shown(
        PopulationImport.partnership_id == partnership_id,
        PopulationImport.round_id == round_id,
        PopulationImport.is_current.is_(True),
    )


def waiting_content(partnership_id: int, round_id: int, file_sha256: str, *, at: datetime) -> bytes:
    """The bytes of the file of this fingerprint that waits to be confirmed, decrypted, to be read once more.

    Raises:
        NotHere: it is not there, was confirmed or set aside, or its hour is over.
    """
    content = db.session.scalar(
        select(PopulationImport.content).where(
            PopulationImport.partnership_id == partnership_id,
            PopulationImport.round_id == round_id,
            PopulationImport.file_sha256 == file_sha256,
            PopulationImport.confirmed_at.is_(None),
            PopulationImport.expires_at > at,
        )
    )
    if content is None:
        raise NotHere
    return content


def waiting_for_change(partnership_id: int, round_id: int) -> PopulationImport | None:
    """The file that waits in a round, its hour over or not, locked for the deed that is under way."""
    return _for_change(
        PopulationImport.partnership_id == partnership_id,
        PopulationImport.round_id == round_id,
        PopulationImport.confirmed_at.is_(None),
    )


def population_for_change(partnership_id: int, round_id: int) -> PopulationImport | None:
    """The confirmed population of a round, locked for the deed that is under way."""
    return _for_change(
        PopulationImport.partnership_id == partnership_id,
        PopulationImport.round_id == round_id,
        PopulationImport.is_current.is_(True),
    )


def _shown(*which: ColumnElement[bool]) -> PopulationShown | None:
    row = db.session.execute(
        select(PopulationImport, Person.name)
        .outerjoin(Person, Person.id == PopulationImport.read_by_id)
        .where(*which)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return None
    found, name = row
    return PopulationShown(
        id=found.id,
        layout=Layout(found.layout),
        file_sha256=found.file_sha256,
        rows=found.rows,
        children=found.children,
        neglect=found.neglect,
        summary=FileSummary.from_facts(found.summary),
        as_at=found.as_at,
        read_at=found.read_at,
        read_by=name or "",
        expires_at=found.expires_at,
        confirmed_at=found.confirmed_at,
    )


def _for_change(*which: ColumnElement[bool]) -> PopulationImport | None:
    query = select(PopulationImport).where(*which).options(undefer(PopulationImport.content))
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
