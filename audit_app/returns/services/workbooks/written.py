"""A return that leaves the service, as a workbook or on paper. Each is written down."""

from dataclasses import replace
from datetime import datetime

from audit_app.accounts.rules import Viewer
from audit_app.core.clock import LONDON, now, today
from audit_app.core.errors import Refused
from audit_app.history.services import record
from audit_app.returns import queries
from audit_app.returns.queries import ReturnShown
from audit_app.returns.rules import workbooks as rules
from audit_app.returns.rules.workbooks import Paper
from audit_app.returns.services.workbooks.standing_in import acting_for
from reports.return_pdf import write_return_pdf
from reports.return_workbook import write_return_workbook


def workbook_taken(shown: ReturnShown, *, by: Viewer) -> bytes:
    """A return as the bytes of a workbook with what is saved so far, for whoever fills it in.

    Raises:
        Refused: it can take nothing back now, or the actor would see what an agency wrote before it was submitted.
        NotHere: it is not the actor's to fill in.
    """
    found, standing = queries.return_for_change(by.partnership_id, shown.id)
    acting = acting_for(found.agency_id, found.id, by)
    if reason := rules.why_not_load(standing, by):
        raise Refused(reason)
    paper = queries.paper_of(by, shown.id, today=today())
    paper = replace(paper, origin=replace(paper.origin, copy=rules.copy_code(by.id, now())))
    content = write_return_workbook(f"Return on {shown.case_reference}", rules.as_sheets(paper))
    if acting is by:
        record("return_downloaded", by=by, of=found)
    else:
        record("return_downloaded_for_agency", by=by, of=found, agency=shown.agency)
    return content


def return_on_paper(shown: ReturnShown, *, is_empty: bool, by: Viewer, at: datetime) -> bytes:
    """A return as the bytes of a PDF: the empty form, or with its answers where `shown` is one that the actor may read.

    It is set outside a transaction, since that takes seconds for a long one; `note_printed` writes it down.
    """
    return write_return_pdf(rules.as_print(_paper(shown, by, at), is_empty=is_empty, by=by.name, at=at))


def note_printed(shown: ReturnShown, *, is_empty: bool, by: Viewer) -> None:
    """Write down that somebody took a return on paper, or its empty form."""
    found, _ = queries.return_for_change(by.partnership_id, shown.id)
    record("return_form_printed" if is_empty else "return_printed", by=by, of=found)


def _paper(shown: ReturnShown, by: Viewer, at: datetime) -> Paper:
    return queries.paper_of(by, shown.id, today=at.astimezone(LONDON).date())
