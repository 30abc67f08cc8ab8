"""Loading a filled workbook: everything that was confirmed goes through the deeds of the pages, in one transaction."""

from collections.abc import Mapping
from datetime import datetime

from audit_app.accounts.rules import Viewer
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.core.web import plural
from audit_app.history.services import record
from audit_app.returns import queries
from audit_app.returns.models import AgencyReturn, LoadedFile
from audit_app.returns.rules import workbooks as rules
from audit_app.returns.rules.workbooks import ReadReturn, StoodInTo
from audit_app.returns.services.workbooks.files import GONE
from audit_app.returns.services.workbooks.standing_in import acting_for, note_stand_in
from audit_app.returns.services.workbooks.taking import MOVED, take


def take_return_file(
    return_id: int,
    file_sha256: str,
    *,
    read: ReadReturn,
    mark: str,
    stands: Mapping[str, str],
    by: Viewer,
    at: datetime,
) -> int:
    """Take what a file says into its return. Gives how many answers were taken. The file is destroyed.

    `read` is what the file said when it was read once more, `mark` that of the comparison which the person saw, and
    `stands` says for each clash, by its key, which answer stands.

    Raises:
        Refused: the file is gone, something was saved since it was looked at (nothing is taken then), a clash is left
            open, the return can take nothing now, or its agency began it itself.
        NotHere: it is not the actor's to fill in.
    """
    found, _, standing = queries.return_and_case_for_change(by.partnership_id, return_id)
    acting = acting_for(found.agency_id, return_id, by)
    if reason := rules.why_not_load(standing, by):
        raise Refused(reason)
    waiting = queries.file_for_change(by, return_id)
    if waiting is None or waiting.file_sha256 != file_sha256 or waiting.expires_at <= at:
        raise Refused(GONE)
    paper = queries.paper_of(by, return_id, today=at.astimezone(LONDON).date())
    loaded = queries.loaded_before(by, return_id, read.origin.copy)
    comparison = rules.compare(paper, read, loaded=loaded)
    if comparison.mark != mark:
        raise Refused(MOVED)
    if open_ := rules.why_not_confirm(comparison, stands):
        raise Refused(next(iter(open_.values())))
    taken = comparison.taken(stands)
    take(found, paper, taken, by=acting, at=at)
    if read.origin.copy:
        _note_loaded(found, read.origin.copy, rules.digests_after(paper, taken), by)
    db.session.delete(waiting)
    answers = plural(len(taken), "answer")
    if acting is by:
        record("return_loaded", by=by, of=found, answers=answers)
    else:
        agency = note_stand_in(found, StoodInTo.LOAD, by=by, at=at)
        record("return_loaded_for_agency", by=by, of=found, agency=agency, answers=answers)
    db.session.flush()
    return len(taken)


def _note_loaded(found: AgencyReturn, copy: str, digests: Mapping[str, str], by: Viewer) -> None:
    """Remember what this person took from this copy, until the return is submitted."""
    before = queries.loaded_for_change(by, found.id, copy)
    if before is not None:
        before.digests = {**before.digests, **digests}
        return
    db.session.add(
        LoadedFile(
            partnership_id=found.partnership_id,
            return_id=found.id,
            loaded_by_id=by.id,
            copy=copy,
            digests=dict(digests),
        )
    )
