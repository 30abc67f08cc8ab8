"""A filled workbook between its upload and its confirmation: encrypted, for an hour at most."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from audit_app.accounts.rules import Service, Viewer
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.history.services import record
from audit_app.jobs.services import regularly
from audit_app.returns import queries
from audit_app.returns.models import AgencyReturn, ReturnFile
from audit_app.returns.rules import workbooks as rules
from audit_app.returns.services.workbooks.standing_in import acting_for

FILE_KEPT_FOR = timedelta(hours=1)
GONE = "The file is no longer here: it was loaded, set aside, or kept for its hour. Choose it again."


def keep_return_file(return_id: int, *, content: bytes, by: Viewer, at: datetime) -> ReturnFile:
    """Keep a workbook that was read, encrypted, until its person confirms it. Another of theirs makes room for it.

    Raises:
        Refused: the return can take nothing now, or its agency began it itself.
        NotHere: it is not the actor's to fill in.
    """
    found, standing = queries.return_for_change(by.partnership_id, return_id)
    acting_for(found.agency_id, return_id, by)
    if reason := rules.why_not_load(standing, by):
        raise Refused(reason)
    _destroy(by, return_id)
    kept = ReturnFile(
        partnership_id=by.partnership_id,
        return_id=return_id,
        content=content,
        file_sha256=sha256(content).hexdigest(),
        read_at=at,
        read_by_id=by.id,
        expires_at=at + FILE_KEPT_FOR,
    )
    db.session.add(kept)
    record("return_file_read", by=by, of=found)
    db.session.flush()
    return kept


def set_return_file_aside(return_id: int, *, by: Viewer) -> None:
    """Destroy the file that waits for the actor. Nothing happens where none does."""
    found, _ = queries.return_for_change(by.partnership_id, return_id)
    if _destroy(by, return_id):
        record("return_file_discarded", by=by, of=found)
        db.session.flush()


def _destroy(by: Viewer, return_id: int) -> bool:
    before = queries.file_for_change(by, return_id)
    if before is None:
        return False
    db.session.delete(before)
    db.session.flush()
    return True


@regularly(every=timedelta(minutes=5))
def destroy_expired_return_files() -> None:
    """Destroy filled workbooks that nobody confirmed within their hour."""
    expired = select(ReturnFile.partnership_id, ReturnFile.return_id, ReturnFile.id).where(
        ReturnFile.expires_at <= clock.now()
    )
    for partnership_id, return_id, file_id in db.session.execute(expired).all():
        with transaction():
            found, _ = queries.return_for_change(partnership_id, return_id)
            _forget(found, file_id)


def _forget(found: AgencyReturn, file_id: int) -> None:
    waiting = db.session.get(ReturnFile, file_id, populate_existing=True, with_for_update=True)
    if waiting is not None and waiting.expires_at <= clock.now():
        record("return_file_discarded", by=Service(found.partnership_id), of=found)
        db.session.delete(waiting)
