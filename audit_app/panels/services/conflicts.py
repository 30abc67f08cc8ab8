"""Marking that a case is a member's own: they are left out of its rating."""

from datetime import datetime

from sqlalchemy import select

from audit_app.accounts.models import Person
from audit_app.accounts.rules import Viewer
from audit_app.cases import queries as cases
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.models import Panel, PanelCase, PanelConflict
from audit_app.panels.services.revision import touch_room
from audit_app.panels.services.seats import take_out_ratings
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round


def mark_conflict(case_id: int, person_id: int, *, reason: str, by: Viewer, at: datetime) -> None:
    """Leave a member out of the rating of a case. Their rating that the chair has not shown yet is taken out.

    Raises:
        NotHere: no such case on a panel, or somebody who does not sit on it.
        Refused: it is the chair, they are left out already, no reason is given, the case or the round is past it, or
            the actor neither steers the panel nor marks their own conflict.
    """
    found, case, panel = _locked(case_id, by)
    is_of_chair = person_id == panel.chair_id
    if not is_of_chair and person_id not in queries.seats_for_change(by.partnership_id, panel.id):
        raise NotHere
    if person_id != by.id and not rules.may_steer(by, panel.chair_id):
        raise Refused("Members mark their own conflicts of interest. The chair or the coordinator marks anybody's.")
    if refusal := rules.why_not_mark(case.state, found.state, is_of_chair=is_of_chair, terms=by.terms):
        raise Refused(refusal, field="person" if is_of_chair else None)
    if not reason:
        raise Refused("Say what the conflict of interest is.", field="reason")
    if person_id in queries.conflicts_of(by.partnership_id, case_id):
        raise Refused("They are left out of this case already.", field="person")
    db.session.add(
        PanelConflict(
            partnership_id=by.partnership_id,
            case_id=case_id,
            person_id=person_id,
            reason=reason,
            marked_at=at,
            marked_by_id=by.id,
        )
    )
    _record("conflict_marked", case, person_id, by=by)
    if case.state is CaseState.AT_PANEL:
        take_out_ratings([case], [person_id], by=by)
    db.session.flush()
    touch_room(by.partnership_id, panel.id)


def unmark_conflict(case_id: int, person_id: int, *, by: Viewer) -> None:
    """Let a member rate a case again from which they were left out.

    Raises:
        NotHere: no such case on a panel, or nobody of that id is left out of it.
        Refused: the actor does not steer the panel, or the case or the round is past it.
    """
    found, case, panel = _locked(case_id, by)
    if not rules.may_steer(by, panel.chair_id):
        raise Refused("Only the chair or the coordinator takes the mark of a conflict of interest away.")
    if refusal := rules.why_not_mark(case.state, found.state):
        raise Refused(refusal)
    marked = db.session.scalar(
        select(PanelConflict).where(
            PanelConflict.partnership_id == by.partnership_id,
            PanelConflict.case_id == case_id,
            PanelConflict.person_id == person_id,
        )
    )
    if marked is None:
        raise NotHere
    db.session.delete(marked)
    _record("conflict_unmarked", case, person_id, by=by)
    db.session.flush()
    touch_room(by.partnership_id, panel.id)


def _locked(case_id: int, by: Viewer) -> tuple[Round, Case, Panel]:
    """A case of a panel with its round and its panel, locked in this order: round, case, panel."""
    found = rounds.round_for_change(by.partnership_id, cases.round_of_case(by.partnership_id, case_id))
    case = cases.case_for_change(by.partnership_id, case_id)
    on_panel = select(PanelCase.panel_id).where(
        PanelCase.partnership_id == by.partnership_id, PanelCase.case_id == case_id
    )
    panel_id = db.session.scalar(on_panel)
    if panel_id is None:
        raise NotHere
    return found, case, queries.panel_for_change(by.partnership_id, panel_id)


def _record(event: str, case: Case, person_id: int, *, by: Viewer) -> None:
    person = db.session.get_one(Person, person_id)
    record(event, by=by, of=person, round_id=case.round_id, case_id=case.id, case=case.reference)
