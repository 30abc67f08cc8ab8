"""Saying that the right file is open, and what part the auditor had in what it is about."""

from datetime import datetime

from audit_app.accounts.rules import Role, Viewer
from audit_app.accounts.services import forget_drafts_at
from audit_app.cases import services as cases
from audit_app.cases.models import Case
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import OwnPart


def confirm_file(
    return_id: int,
    *,
    own_part: OwnPart,
    own_part_words: str,
    seen: str,
    by: Viewer,
    at: datetime,
    file_number: str = "",
) -> AgencyReturn:
    """Say that the right file is open: nothing is written into a return before. With it goes the auditor's
    declaration, which can be changed as long as the return can. `seen` is `rules.seen_confirmed` of the page.

    `file_number` goes into the identity key and nowhere else; left empty, the one noted before stays. A second
    press by the same person is quiet.

    Raises:
        Refused: nothing can be changed now, a part is not named, the identity was destroyed, or a colleague confirmed
            the file meanwhile.
        NotHere: the actor does not audit for that agency.
    """
    found, case, standing = queries.return_and_case_for_change(by.partnership_id, return_id)
    if found.agency_id not in by.agencies(Role.AUDITOR):
        raise NotHere
    if reason := rules.why_not_confirm_file(standing, terms=by.terms):
        raise Refused(reason)
    if missing := rules.why_not_declare(own_part, own_part_words):
        raise Refused(missing[1], field=missing[0])
    words = own_part_words if own_part is OwnPart.SOME else ""
    if seen != rules.seen_confirmed(found.file_confirmed_at):
        if (found.file_confirmed_by_id, found.own_part, found.own_part_words) == (by.id, own_part, words):
            if file_number:
                cases.note_file_number(case, agency_id=found.agency_id, number=file_number, by=by, at=at)
            return found
        raise Refused(
            "A colleague confirmed the file meanwhile. What they said is shown above: check yours, then save again."
        )
    if file_number:
        cases.note_file_number(case, agency_id=found.agency_id, number=file_number, by=by, at=at)
    found.file_confirmed_at, found.file_confirmed_by_id = at, by.id
    found.own_part = own_part
    found.own_part_words = words
    record("file_confirmed", by=by, of=found)
    db.session.flush()
    return found


def forget_file(found: AgencyReturn, case: Case) -> None:
    """Take back that a file is open, as part of a deed: the agency says that it has none to audit."""
    found.file_confirmed_at, found.file_confirmed_by_id = None, None
    found.own_part, found.own_part_words = None, ""
    cases.forget_file_number(case, agency_id=found.agency_id)
    forget_drafts_at(found.partnership_id, f"/cases/{case.reference}/return/{found.agency_id}/file")
