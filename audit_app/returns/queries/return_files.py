"""Filled workbooks that wait to be confirmed, and what was loaded from one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import undefer

from audit_app.accounts.rules import Viewer
from audit_app.core.db import db
from audit_app.returns.models import LoadedFile, ReturnFile


@dataclass(frozen=True)
class WaitingFile:
    """A file that a person chose for a return, until they confirm it or its hour is over."""

    content: bytes
    file_sha256: str
    read_at: datetime
    expires_at: datetime


def waiting_file(viewer: Viewer, return_id: int, *, at: datetime) -> WaitingFile | None:
    """The file that this viewer chose for a return and did not confirm yet. Nobody else's is ever shown."""
    row = db.session.execute(
        select(ReturnFile.content, ReturnFile.file_sha256, ReturnFile.read_at, ReturnFile.expires_at).where(
            *_theirs(viewer, return_id), ReturnFile.expires_at > at
        )
    ).one_or_none()
    return WaitingFile(*row) if row else None


def file_for_change(viewer: Viewer, return_id: int) -> ReturnFile | None:
    """That file, its hour over or not, locked for the deed that is under way."""
    query = select(ReturnFile).where(*_theirs(viewer, return_id)).options(undefer(ReturnFile.content))
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def _theirs(viewer: Viewer, return_id: int) -> Sequence[ColumnElement[bool]]:
    return (
        ReturnFile.partnership_id == viewer.partnership_id,
        ReturnFile.return_id == return_id,
        ReturnFile.read_by_id == viewer.id,
    )


def loaded_before(viewer: Viewer, return_id: int, copy: str) -> Mapping[str, str]:
    """What this viewer loaded before from the same copy of a return: the digest of each answer that was taken, by its
    key. Empty for a file that does not say which copy it is."""
    found = select(LoadedFile.digests).where(*_from_copy(viewer, return_id, copy))
    return db.session.scalar(found) or {} if copy else {}


def loaded_for_change(viewer: Viewer, return_id: int, copy: str) -> LoadedFile | None:
    """That same row, locked."""
    query = select(LoadedFile).where(*_from_copy(viewer, return_id, copy))
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def _from_copy(viewer: Viewer, return_id: int, copy: str) -> Sequence[ColumnElement[bool]]:
    return (
        LoadedFile.partnership_id == viewer.partnership_id,
        LoadedFile.return_id == return_id,
        LoadedFile.loaded_by_id == viewer.id,
        LoadedFile.copy == copy,
    )
