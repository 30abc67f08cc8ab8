"""The ratings of a case as a spreadsheet, of a panel on paper: taken by its chair, and loaded back."""

from collections.abc import Sequence
from datetime import datetime

from audit_app.accounts.rules import Viewer
from audit_app.cases import queries as cases
from audit_app.core.errors import Refused
from audit_app.core.web import plural
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.queries import Hold
from audit_app.panels.rules import Decision, RatingsPaper
from audit_app.panels.services.agreeing import agree_ratings
from reports.return_workbook import write_return_workbook


def ratings_taken(case_id: int, paper: RatingsPaper, *, by: Viewer) -> bytes:
    """The ratings of a case as the bytes of a workbook with what is agreed so far, for the chair to fill in.

    Raises:
        NotHere: no such case.
        Refused: not the chair, not at panel, or the panel agrees in its room.
    """
    case = cases.case_for_change(by.partnership_id, case_id)
    hold = queries.hold_of(by.partnership_id, case_id)
    is_chair = rules.is_chair(by, hold.chair_id)
    if reason := rules.why_not_agree(case.state, round_state=hold.round_state, is_chair=is_chair):
        raise Refused(reason)
    if reason := _why_not_on_paper(hold):
        raise Refused(reason)
    record("ratings_downloaded", by=by, of=case)
    return write_return_workbook(f"Ratings of {case.reference}", rules.as_ratings_sheets(paper))


def load_ratings(case_id: int, decisions: Sequence[Decision], *, by: Viewer, at: datetime) -> int:
    """Record what a filled workbook says of a case, all or nothing; how many ratings were new or changed.

    Raises:
        NotHere, Refused, Stale: as `agree_ratings`.
    """
    case = cases.case_for_change(by.partnership_id, case_id)
    changed = agree_ratings(case_id, decisions, by=by, at=at)
    if changed:
        record("ratings_loaded", by=by, of=case, ratings=plural(changed, "rating"))
    return changed


def _why_not_on_paper(hold: Hold) -> str | None:
    return None if hold.is_on_paper else "This panel agrees in its room, not on paper."
