"""Actions about single children of the loaded database."""

from datetime import datetime, timedelta

from audit_app.panels.models import CaseAction, CaseActionDueChange, CaseActionReminder
from audit_app.panels.rules import CaseActionState
from audit_app.returns.rules import Rung
from benchmarks.bulk import Bulk
from benchmarks.world import PARTNERSHIP_ID

MINE = {"partnership_id": PARTNERSHIP_ID}
WORDS = "Call the core group together, with the school nurse, and agree who sees the child at home."


def add_case_actions(
    bulk: Bulk, case_id: int, case: str, round_id: int, by: int, *, at: datetime, is_over: bool
) -> None:
    """Two actions about the child of a case, one of them moved once and done; the other too where its round is over."""
    for agency_id in (1, 2):
        is_done = is_over or agency_id == 1
        due = at.date() + timedelta(days=30)
        raised = {"raised_at": at, "raised_by_id": by, "raised_by_name": "Somebody", "working_days": 10}
        outcome, done_on, by_name = (WORDS, due, "Somebody") if is_done else ("", None, None)
        done = {"outcome": outcome, "done_on": done_on, "done_by_name": by_name}
        state = CaseActionState.DONE if is_done else CaseActionState.OPEN
        its = {"case_id": case_id, "case_reference": case, "round_id": round_id, "agency_id": agency_id}
        action_id = bulk.add(CaseAction, words=WORDS, due_on=due, state=state, **its, **raised, **done, **MINE)
        days = {"from_day": due - timedelta(days=7), "to_day": due, "reason": WORDS}
        moved = {"changed_at": at, "changed_by_name": "Somebody"}
        bulk.add(CaseActionDueChange, case_action_id=action_id, **days, **moved, **MINE)
        told = {"rung": Rung.AUDITORS, "due_on": due, "reminded_at": at}
        bulk.add(CaseActionReminder, case_action_id=action_id, **told, **MINE)
