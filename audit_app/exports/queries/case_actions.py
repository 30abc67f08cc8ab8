"""What agencies were asked to do for single children."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import and_, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.exports.queries.answers import Of
from audit_app.exports.queries.streaming import ROUND_NAME, stream
from audit_app.panels.models import CaseAction, CaseActionDueChange
from audit_app.panels.rules import CASE_ACTION_STATE_WORDS, is_late
from audit_app.rounds.models import Round
from reports import round_rows as rows

_ITS_CASE = and_(Case.partnership_id == CaseAction.partnership_id, Case.id == CaseAction.case_id)
_ITS_ROUND = and_(Round.partnership_id == CaseAction.partnership_id, Round.id == CaseAction.round_id)


def case_actions(viewer: Viewer, of: Of, *, today: date) -> Iterator[rows.CaseAction]:
    """The actions about children of each round that the viewer may read; what is late is so today."""
    earlier = _earlier_days(viewer, of)
    query = (
        select(ROUND_NAME, CaseAction, Agency.name)
        .join(Case, _ITS_CASE)
        .join(Round, _ITS_ROUND)
        .join(Agency, and_(Agency.partnership_id == CaseAction.partnership_id, Agency.id == CaseAction.agency_id))
        .where(CaseAction.partnership_id == viewer.partnership_id, *of, sees(viewer, Thing.CASE_ACTION))
        .order_by(Round.id, Case.position, CaseAction.id)
    )
    for name, action, agency in stream(query):
        yield rows.CaseAction(
            name,
            action.case_reference,
            agency,
            action.words,
            action.raised_at.astimezone(LONDON).date(),
            action.raised_by_name,
            action.due_on,
            CASE_ACTION_STATE_WORDS[action.state],
            is_late(action.state, action.due_on, today),
            action.outcome,
            action.done_on,
            "\n".join(words for words in (action.reason, action.left_open_reason) if words),
            "\n".join(earlier[action.id]),
        )


def _earlier_days(viewer: Viewer, of: Of) -> Mapping[int, list[str]]:
    """The days from which each action was moved, with the reasons, oldest first."""
    found: dict[int, list[str]] = defaultdict(list)
    ours = select(CaseAction.id).join(Round, _ITS_ROUND).where(CaseAction.partnership_id == viewer.partnership_id, *of)
    query = (
        select(CaseActionDueChange.case_action_id, CaseActionDueChange.from_day, CaseActionDueChange.reason)
        .where(
            CaseActionDueChange.partnership_id == viewer.partnership_id, CaseActionDueChange.case_action_id.in_(ours)
        )
        .order_by(CaseActionDueChange.case_action_id, CaseActionDueChange.id)
    )
    for action_id, day, reason in db.session.execute(query):
        found[action_id].append(f"{day.day} {day:%B %Y}: {reason}")
    return found
