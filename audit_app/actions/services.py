"""What people do with the action plan."""

from datetime import date, datetime

from sqlalchemy import select

from audit_app.accounts import queries as accounts
from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.actions import queries, rules
from audit_app.actions.models import Action, DueDateChange, ProgressUpdate
from audit_app.actions.rules import ActionState, Brag
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.findings.models import Finding
from audit_app.history.services import record
from audit_app.rounds import queries as rounds


def propose_action(
    finding_id: int,
    *,
    agency_id: int,
    lead_id: int,
    title: str,
    outcome_measure: str,
    due_on: date,
    brag: Brag,
    by: Viewer,
    at: datetime,
) -> Action:
    """Write an action from a finding into the plan; it is open at once.

    Raises:
        NotHere: no such finding.
        Refused: the round is not being reported, the date has passed, or the lead is not a lead of that agency.
    """
    round_of_it = select(Finding.round_id).where(Finding.partnership_id == by.partnership_id, Finding.id == finding_id)
    round_id = db.session.scalar(round_of_it)
    if round_id is None:
        raise NotHere
    found = rounds.round_for_change(by.partnership_id, round_id)
    if db.session.scalar(round_of_it) is None:  # removed while the round was locked for it
        raise NotHere
    if reason := rules.why_not_write(found.state):
        raise Refused(reason)
    if reason := rules.why_not_due(due_on, before=None, today=_day(at)):
        raise Refused(reason, field="due_on")
    agency = _agency_of(lead_id, agency_id, by=by, at=at)
    action = Action(
        partnership_id=by.partnership_id,
        round_id=round_id,
        finding_id=finding_id,
        agency_id=agency_id,
        lead_id=lead_id,
        title=title,
        outcome_measure=outcome_measure,
        due_on=due_on,
        brag=brag,
        state=ActionState.OPEN,
        created_at=at,
        created_by_id=by.id,
    )
    db.session.add(action)
    db.session.flush()
    record("action_proposed", by=by, of=action, agency=agency.short_name)
    return action


def change_action(
    action_id: int,
    *,
    version: int,
    title: str,
    outcome_measure: str,
    agency_id: int,
    lead_id: int,
    due_on: date,
    due_reason: str,
    by: Viewer,
    at: datetime,
) -> Action:
    """Change an action's own words, owner or due date. A moved date needs a reason and keeps the earlier one.

    Raises:
        NotHere: no such action.
        Refused: signed off or withdrawn, moved to a day that has passed or without a reason, or the lead is not a
            lead of that agency.
        Stale: someone else changed the action meanwhile.
    """
    action = _action(action_id, by)
    if reason := rules.why_not_change(action.state):
        raise Refused(reason)
    if action.version != version:
        raise Stale({"title": action.title, "outcome_measure": action.outcome_measure}, version=action.version)
    if reason := rules.why_not_due(due_on, before=action.due_on, today=_day(at)):
        raise Refused(reason, field="due_on")
    if reason := rules.why_not_move_due(due_on, before=action.due_on, reason=due_reason):
        raise Refused(reason, field="due_reason")
    agency = _agency_of(lead_id, agency_id, by=by, at=at)
    wanted = {"title": title, "outcome_measure": outcome_measure, "agency_id": agency.id, "lead_id": lead_id}
    changed = [name for name, value in wanted.items() if getattr(action, name) != value]
    if due_on != action.due_on:
        _move_due_date(action, to=due_on, reason=due_reason, by=by, at=at)
    for name in changed:
        setattr(action, name, wanted[name])
    if changed:
        words = {"title": "action", "outcome_measure": "outcome measure", "agency_id": "agency", "lead_id": "lead"}
        record("action_changed", by=by, of=action, fields=", ".join(words[name] for name in changed))
    action.version += 1
    db.session.flush()
    return action


def _move_due_date(action: Action, *, to: date, reason: str, by: Viewer, at: datetime) -> None:
    db.session.add(
        DueDateChange(
            partnership_id=by.partnership_id,
            action_id=action.id,
            from_day=action.due_on,
            to_day=to,
            reason=reason,
            changed_at=at,
            changed_by_id=by.id,
        )
    )
    record(
        "action_due_changed",
        by=by,
        of=action,
        from_day=f"{action.due_on.day} {action.due_on:%B %Y}",
        to_day=f"{to.day} {to:%B %Y}",
        reason=reason,
    )
    action.due_on = to


def post_progress(
    action_id: int, *, words: str, impact: str, brag: Brag, is_done: bool = False, by: Viewer, at: datetime
) -> ProgressUpdate:
    """Append what was done and what came of it; `is_done` also reports the action as done.

    Raises:
        NotHere: no such action, or it is not one of the viewer's agencies'.
        Refused: the action is not open, or is to be done without evidence of impact.
    """
    action = _own_action(action_id, by)
    if reason := rules.why_not_post(action.state):
        raise Refused(reason)
    posted = ProgressUpdate(
        partnership_id=by.partnership_id,
        action_id=action_id,
        words=words,
        impact=impact,
        brag=brag,
        posted_at=at,
        posted_by_id=by.id,
        posted_by_name=by.name,
    )
    db.session.add(posted)
    db.session.flush()
    action.brag = brag
    record("progress_posted", by=by, of=action)
    if is_done:
        _report_done(action, by=by, at=at)
    return posted


def report_done(action_id: int, *, by: Viewer, at: datetime) -> Action:
    """Report an action as done, which asks the board to sign it off.

    Raises:
        NotHere: no such action, or it is not one of the viewer's agencies'.
        Refused: it is not open, or no evidence of impact was ever posted.
    """
    action = _own_action(action_id, by)
    _report_done(action, by=by, at=at)
    return action


def _report_done(action: Action, *, by: Viewer, at: datetime) -> None:
    has_impact = queries.has_impact(action.partnership_id, action.id)
    if reason := rules.why_not_move(action.state, ActionState.DONE, has_impact=has_impact):
        raise Refused(reason, field="impact")
    action.state, action.done_at, action.reason = ActionState.DONE, at, ""
    record("action_done", by=by, of=action)
    db.session.flush()


def sign_off(action_id: int, *, evaluation: str, by: Viewer, at: datetime) -> Action:
    """Sign a done action off, with what the board made of it.

    Raises:
        NotHere: no such action.
        Refused: it was not reported as done, or nothing is said of it.
    """
    action = _action(action_id, by)
    if not evaluation.strip():
        raise Refused("Say what the board made of it.", field="evaluation")
    _move(action, ActionState.SIGNED_OFF)
    action.evaluation, action.signed_off_at, action.signed_off_by_id = evaluation, at, by.id
    record("action_signed_off", by=by, of=action)
    db.session.flush()
    return action


def send_back(action_id: int, *, reason: str, by: Viewer) -> Action:
    """Send a done action back to its agency, with the reason.

    Raises:
        NotHere: no such action.
        Refused: it was not reported as done, or no reason is given.
    """
    action = _action(action_id, by)
    if not reason.strip():
        raise Refused("Say why the action is sent back.", field="reason")
    _move(action, ActionState.OPEN)
    action.done_at, action.reason = None, reason
    record("action_sent_back", by=by, of=action, reason=reason)
    db.session.flush()
    return action


def withdraw_action(action_id: int, *, reason: str, by: Viewer) -> Action:
    """Take an action out of the plan, with the reason. It stays readable.

    Raises:
        NotHere: no such action.
        Refused: it was signed off, or no reason is given.
    """
    action = _action(action_id, by)
    if not reason.strip():
        raise Refused("Say why the action is withdrawn.", field="reason")
    _move(action, ActionState.WITHDRAWN)
    action.reason = reason
    record("action_withdrawn", by=by, of=action, reason=reason)
    db.session.flush()
    return action


def _move(action: Action, to: ActionState) -> None:
    if reason := rules.why_not_move(action.state, to):
        raise Refused(reason)
    action.state = to


def _action(action_id: int, by: Viewer) -> Action:
    """An action that the viewer may see, locked, whose round still stands."""
    action, round_state = queries.action_for_change(by, action_id)
    if reason := rules.why_not_touch(round_state):
        raise Refused(reason)
    return action


def _own_action(action_id: int, by: Viewer) -> Action:
    action = _action(action_id, by)
    if action.agency_id not in by.agencies(Role.AGENCY_LEAD):
        raise NotHere
    return action


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _agency_of(lead_id: int, agency_id: int, *, by: Viewer, at: datetime) -> Agency:
    agency = accounts.agency_here(by.partnership_id, agency_id)
    leads = queries.leads(by.partnership_id, today=_day(at))
    if (agency_id, lead_id) not in {(lead.agency_id, lead.person_id) for lead in leads}:
        raise Refused(f"Choose someone who is {by.terms.one(Role.AGENCY_LEAD)} of {agency.name}.", field="owner")
    return agency
