"""Loading a filled workbook: everything that was confirmed goes through the deeds of the pages, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from audit_app.accounts.rules import Role, Viewer
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.core.web import plural
from audit_app.history.services import record
from audit_app.returns import queries
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import KNOWN_WORDS, Answer, AttributeChange, Change, Known
from audit_app.returns.rules import workbooks as rules
from audit_app.returns.rules.workbooks import Outcome, Paper, ReadReturn, StoodInTo, wording
from audit_app.returns.rules.workbooks.lines import KNOWN_KEY, REASON_KEY
from audit_app.returns.services.answering import save_ratings, say_known
from audit_app.returns.services.attributes import save_attributes
from audit_app.returns.services.workbooks.files import GONE
from audit_app.returns.services.workbooks.saving import save_events, save_first_lines, save_overall
from audit_app.returns.services.workbooks.standing_in import acting_for, note_stand_in

MOVED = "Something was saved on screen since you looked at this page. Look at what it says now, then confirm again."


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
    paper = queries.paper_of(by.partnership_id, return_id, coordinator=by.terms.said(Role.COORDINATOR))
    comparison = rules.compare(paper, read)
    if comparison.mark != mark:
        raise Refused(MOVED)
    if open_ := rules.why_not_confirm(comparison, stands):
        raise Refused(next(iter(open_.values())))
    taken = comparison.taken(stands)
    _take(found, paper, taken, acting, at)
    db.session.delete(waiting)
    answers = plural(len(taken), "answer")
    if acting is by:
        record("return_loaded", by=by, of=found, answers=answers)
    else:
        agency = note_stand_in(found, StoodInTo.LOAD, by=by, at=at)
        record("return_loaded_for_agency", by=by, of=found, agency=agency, answers=answers)
    db.session.flush()
    return len(taken)


def _take(found: AgencyReturn, paper: Paper, taken: Sequence[Outcome], by: Viewer, at: datetime) -> None:
    """The first sheet first: without a known child nothing else is asked."""
    texts = {one.key: str(one.file) for one in taken if isinstance(one.file, str)}
    if texts.keys() & {KNOWN_KEY, REASON_KEY}:
        _say_known(found, paper, texts, by, at)
    first = {key: text for key, text in _of(wording.KNOWN, taken).items() if key not in {KNOWN_KEY, REASON_KEY}}
    save_first_lines(found, first, by=by, at=at)
    versions = {one.attribute.id: one.version for one in paper.attributes}
    chosen = {
        attribute: AttributeChange(options, versions[attribute])
        for attribute, options in rules.chosen_after(paper, taken).items()
    }
    if chosen:
        _nothing_clashes(save_attributes(found.id, chosen, by=by, at=at))
    asked = {one.code: one for one in paper.ratings}
    changes = {
        asked[one.key].indicator_id: Change(one.file, asked[one.key].version)
        for one in taken
        if isinstance(one.file, Answer)
    }
    if changes:
        _nothing_clashes(save_ratings(found.id, changes, by=by, at=at))
    save_overall(found, paper, _of(wording.OVERALL, taken), by=by)
    save_events(found, paper, [one for one in taken if one.sheet == wording.CHRONOLOGY], by=by, at=at)


def _of(sheet: str, taken: Iterable[Outcome]) -> dict[str, str]:
    return {one.key: one.file for one in taken if one.sheet == sheet and isinstance(one.file, str)}


def _say_known(found: AgencyReturn, paper: Paper, texts: Mapping[str, str], by: Viewer, at: datetime) -> None:
    said = texts.get(KNOWN_KEY, paper.line[KNOWN_KEY].kept)
    known = next((known for known, words in KNOWN_WORDS.items() if words == said), None)
    if known is None:
        raise Refused("Say on the first sheet whether your agency knows the child.")
    reason = texts.get(REASON_KEY, paper.line[REASON_KEY].kept)
    if known is Known.KNOWN and paper.line[KNOWN_KEY].kept == said:
        return
    say_known(found.id, known=known, reason=reason, seen=found.state, by=by, at=at)


def _nothing_clashes(clashes: Iterable[int]) -> None:
    """All was compared under the same lock, so nothing can; if something did, nothing at all is taken."""
    if list(clashes):
        raise Refused(MOVED)
