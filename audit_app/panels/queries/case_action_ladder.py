"""Actions about children that somebody must be reminded of: which steps of the ladder are to be taken today."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, or_, select

from audit_app.accounts.models import Agency, DelegatedPartner
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.panels.models import CaseAction, CaseActionReminder
from audit_app.panels.rules import CaseActionState
from audit_app.returns.queries import Recipient, RungDue
from audit_app.returns.rules import Ladder, Rung, rungs_due
from audit_app.rounds.models import Round


def action_steps_to_take(partnership_id: int, *, today: date) -> Sequence[RungDue]:
    """The steps of the ladder whose day has come for open actions about children, over all rounds of a partnership.

    The days are those that each round set for its returns. A round that was closed or withdrawn changes nothing: the
    child still waits. None on the day on which an action was raised, of which its agency was told at once, nor where a
    step was taken today. Two queries at most.
    """
    rows = [row for row in _open_in(partnership_id, today) if row.raised_at.astimezone(LONDON).date() < today]
    taken = _taken(partnership_id, [row.id for row in rows]) if rows else {}
    return [
        RungDue(
            owed_id=row.id,
            rung=rung,
            round_id=row.round_id,
            round_title=row.title,
            agency_id=row.agency_id,
            agency=row.agency,
            auditor_id=None,
            due_on=row.due_on,
            partner=Recipient(row.partner, row.email) if row.email else None,
        )
        for row in rows
        for rung in rungs_due(
            row.due_on,
            Ladder(row.remind_auditors_days, row.remind_leads_days, row.remind_partners_days),
            taken=taken.get((row.id, row.due_on), {}),
            today=today,
        )
    ]


def _open_in(partnership_id: int, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(
            CaseAction.id,
            CaseAction.round_id,
            Round.title,
            Round.remind_auditors_days,
            Round.remind_leads_days,
            Round.remind_partners_days,
            CaseAction.agency_id,
            Agency.name.label("agency"),
            CaseAction.due_on,
            CaseAction.raised_at,
            DelegatedPartner.name.label("partner"),
            DelegatedPartner.email,
        )
        .join(Round, and_(Round.partnership_id == CaseAction.partnership_id, Round.id == CaseAction.round_id))
        .join(Agency, and_(Agency.partnership_id == CaseAction.partnership_id, Agency.id == CaseAction.agency_id))
        .outerjoin(
            DelegatedPartner,
            and_(
                DelegatedPartner.id == Agency.delegated_partner_id,
                or_(DelegatedPartner.ended_on.is_(None), DelegatedPartner.ended_on > today),
            ),
        )
        .where(CaseAction.partnership_id == partnership_id, CaseAction.state == CaseActionState.OPEN)
        .order_by(CaseAction.due_on, Agency.name, CaseAction.id)
    )
    return db.session.execute(query).all()


def _taken(partnership_id: int, action_ids: Sequence[int]) -> Mapping[tuple[int, date], Mapping[Rung, date]]:
    """The steps that were taken for these actions and on which day, by the action and the day it was due."""
    query = select(
        CaseActionReminder.case_action_id,
        CaseActionReminder.due_on,
        CaseActionReminder.rung,
        CaseActionReminder.reminded_at,
    ).where(CaseActionReminder.partnership_id == partnership_id, CaseActionReminder.case_action_id.in_(action_ids))
    found: dict[tuple[int, date], dict[Rung, date]] = defaultdict(dict)
    for action_id, due_on, rung, at in db.session.execute(query):
        found[action_id, due_on][rung] = at.astimezone(LONDON).date()
    return found
