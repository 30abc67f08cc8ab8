"""Actions about one child: raised, done, sent back, moved, withdrawn. Each locks the round first, which may close."""

from datetime import date, datetime

from audit_app.accounts.queries import agency_here
from audit_app.accounts.rules import Viewer
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record
from audit_app.messages import services as messages
from audit_app.panels import queries, rules
from audit_app.panels.models import CaseAction, CaseActionDueChange
from audit_app.panels.rules import CaseActionState
from audit_app.panels.services.names import check_names
from audit_app.returns.queries import people_to_tell
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round


def raise_case_action(
    reference: str,
    *,
    agency_id: int | None,
    words: str,
    working_days: int | None,
    are_not_names: bool = False,
    link: str,
    by: Viewer,
    at: datetime,
) -> CaseAction:
    """Ask one agency to do something for the child of a case, within so many working days. Its auditors and leads are
    told that there is something, and not what; `link` is where they sign in.

    Raises:
        NotHere: no such case, or it is not for the actor to raise actions about it.
        Refused: it is not released, its round is over, something is missing, or the words may name someone (`field`
            names the place).
    """
    case = queries.case_to_act_on(by, reference)
    found = rounds.round_for_change(by.partnership_id, case.round_id)
    if refusal := rules.why_not_raise(found.state, is_released=case.is_released):
        raise Refused(refusal)
    agencies = {agency for agency, _ in case.agencies}
    if gap := rules.gap_in_new(words, agency_id=agency_id, asked=agencies, working_days=working_days):
        raise Refused(*gap)
    check_names(words, case_id=case.id, are_not_names=are_not_names, by=by)
    assert agency_id is not None, "the rule saw to it"
    assert working_days is not None, "the rule saw to it"
    action = CaseAction(
        partnership_id=by.partnership_id,
        case_id=case.id,
        case_reference=case.reference,
        round_id=case.round_id,
        agency_id=agency_id,
        words=words,
        working_days=working_days,
        due_on=rules.due_after(at, working_days),
        state=CaseActionState.OPEN,
        raised_at=at,
        raised_by_id=by.id,
        raised_by_name=by.name,
    )
    db.session.add(action)
    db.session.flush()
    record("case_action_raised", by=by, of=action, agency=_agency_name(action))
    _tell(action, found, rules.raised_mail, occasion=f"case action {action.id} raised", link=link, at=at)
    db.session.flush()
    return action


def finish_case_action(
    case_action_id: int,
    *,
    outcome: str,
    done_on: date | None,
    are_not_names: bool = False,
    by: Viewer,
    at: datetime,
) -> CaseAction:
    """Record for the agency whose action it is what was done and what came of it.

    Raises:
        NotHere: no such action, or it is not of the actor's agencies.
        Refused: it is not open, something is missing, or the words may name someone (`field` names the place).
    """
    action, _, _ = _locked(case_action_id, by)
    if not rules.is_owner(by, action.agency_id):
        raise NotHere
    if refusal := rules.why_not_change_state(action.state, CaseActionState.DONE):
        raise Refused(refusal)
    if gap := rules.gap_in_outcome(outcome, done_on=done_on, today=_day(at)):
        raise Refused(*gap)
    check_names(outcome, case_id=action.case_id, agency_id=action.agency_id, are_not_names=are_not_names, by=by)
    action.state, action.outcome, action.done_on, action.done_by_name = CaseActionState.DONE, outcome, done_on, by.name
    action.reason = ""
    action.version += 1
    record("case_action_done", by=by, of=action)
    db.session.flush()
    return action


def send_case_action_back(
    case_action_id: int, *, reason: str, are_not_names: bool = False, link: str, by: Viewer, at: datetime
) -> CaseAction:
    """Open an action again that its agency calls done, with the reason. The agency is told; what it wrote stays.

    Raises:
        NotHere: no such action, or it is not for the actor to decide on it.
        Refused: it is not done, its round is closed, no reason is given, or the reason may name someone (`field`).
    """
    action, found = _to_decide(case_action_id, by)
    if refusal := rules.why_not_send_back(action.state, found.state):
        raise Refused(refusal)
    if not reason:
        raise Refused("Say what is still to be done.", "reason")
    check_names(reason, case_id=action.case_id, are_not_names=are_not_names, by=by)
    action.state, action.reason = CaseActionState.OPEN, reason
    action.done_on = action.done_by_name = None
    action.version += 1
    record("case_action_sent_back", by=by, of=action)
    occasion = f"case action {action.id} back {action.version}"
    _tell(action, found, rules.action_back_mail, occasion=occasion, link=link, at=at)
    db.session.flush()
    return action


def move_case_action(
    case_action_id: int,
    *,
    due_on: date | None,
    reason: str,
    version: int,
    are_not_names: bool = False,
    by: Viewer,
    at: datetime,
) -> CaseAction:
    """Make an open action due on another day, with a reason. The earlier day is kept, and reminders begin anew.

    Raises:
        NotHere: no such action, or it is not for the actor to decide on it.
        Refused: it is not open, the day has passed or is the same, no reason is given, or the reason may name someone
            (`field` names the place).
        Stale: someone else changed the action since `version`.
    """
    action, _ = _to_decide(case_action_id, by)
    if refusal := rules.why_not_move_due(action.state):
        raise Refused(refusal)
    if version != action.version:
        raise Stale({"due_on": _in_words(action.due_on)}, version=action.version)
    if gap := rules.gap_in_due(due_on, before=action.due_on, today=_day(at), reason=reason):
        raise Refused(*gap)
    check_names(reason, case_id=action.case_id, are_not_names=are_not_names, by=by)
    assert due_on is not None, "the rule saw to it"
    db.session.add(
        CaseActionDueChange(
            partnership_id=action.partnership_id,
            case_action_id=action.id,
            from_day=action.due_on,
            to_day=due_on,
            reason=reason,
            changed_at=at,
            changed_by_name=by.name,
        )
    )
    was, action.due_on = action.due_on, due_on
    action.version += 1
    record("case_action_due_changed", by=by, of=action, from_day=_in_words(was), to_day=_in_words(due_on))
    db.session.flush()
    return action


def withdraw_case_action(case_action_id: int, *, reason: str, are_not_names: bool = False, by: Viewer) -> CaseAction:
    """Take an action about a child back, with the reason. It stays readable.

    Raises:
        NotHere: no such action, or it is not for the actor to decide on it.
        Refused: it is not open, no reason is given, or the reason may name someone (`field` names the place).
    """
    action, _ = _to_decide(case_action_id, by)
    if refusal := rules.why_not_change_state(action.state, CaseActionState.WITHDRAWN):
        raise Refused(refusal)
    if not reason:
        raise Refused("Say why the action is withdrawn.", "reason")
    check_names(reason, case_id=action.case_id, are_not_names=are_not_names, by=by)
    action.state, action.reason = CaseActionState.WITHDRAWN, reason
    action.version += 1
    record("case_action_withdrawn", by=by, of=action)
    db.session.flush()
    return action


def _locked(case_action_id: int, by: Viewer) -> tuple[CaseAction, Round, int | None]:
    """An action that the actor may see and its round, locked, the round first; and the chair of its case's panel."""
    round_id = queries.round_of_case_action(by.partnership_id, case_action_id)
    found = rounds.round_for_change(by.partnership_id, round_id)
    action, chair_id = queries.case_action_for_change(by, case_action_id)
    return action, found, chair_id


def _to_decide(case_action_id: int, by: Viewer) -> tuple[CaseAction, Round]:
    action, found, chair_id = _locked(case_action_id, by)
    if not rules.may_decide(by, chair_id):
        raise NotHere
    return action, found


def _tell(
    action: CaseAction, found: Round, mail: rules.CaseActionMail, *, occasion: str, link: str, at: datetime
) -> None:
    """Post a mail to the auditors and leads of the agency whose action it is."""
    people = people_to_tell(action.partnership_id, today=_day(at))
    told = {*people.asked(action.agency_id, None), *people.leads.get(action.agency_id, ())}
    agency = _agency_name(action)
    for person in sorted(told, key=lambda one: one.email):
        subject, body = mail(
            recipient=person.name, agency=agency, round_title=found.title, due_on=action.due_on, link=link
        )
        messages.post(
            partnership_id=action.partnership_id, recipient=person.email, occasion=occasion, subject=subject, body=body
        )


def _agency_name(action: CaseAction) -> str:
    return agency_here(action.partnership_id, action.agency_id).name


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
