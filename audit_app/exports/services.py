"""Writing workbooks, and writing down that they were taken."""

from collections.abc import Callable
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from audit_app.accounts import queries as accounts
from audit_app.accounts.rules import Viewer
from audit_app.core.clock import LONDON
from audit_app.exports import queries
from audit_app.history.services import record
from audit_app.rounds import queries as rounds
from reports.round_workbook import write_everything, write_round


def round_workbook(reference: str, *, by: Viewer, at: datetime) -> BinaryIO:
    """One round's workbook with what `by` may see, in a file without a name, which is gone when it is closed.

    Raises:
        NotHere: there is no such round for them.
    """
    found = rounds.round_seen_by(by, reference)
    audit = queries.audit_of_round(by, found, made_at=at, today=at.astimezone(LONDON).date())
    return _written(lambda out: write_round(audit, out))


def everything_workbook(*, by: Viewer, at: datetime) -> BinaryIO:
    """The workbook of every round, as `round_workbook` writes one."""
    audit = queries.audit_of_every_round(by, made_at=at, today=at.astimezone(LONDON).date())
    return _written(lambda out: write_everything(audit, out))


def note_round_workbook(reference: str, *, by: Viewer) -> None:
    """Write down that someone takes a round's workbook away."""
    record("workbook_downloaded", by=by, of=rounds.round_seen_by(by, reference))


def note_everything_workbook(*, by: Viewer) -> None:
    """Write down that someone takes the workbook of every round away."""
    record("everything_downloaded", by=by, of=accounts.partnership_settings(by.partnership_id))


def _written(write: Callable[[BinaryIO], object]) -> BinaryIO:
    file = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - whoever sends it closes it
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
