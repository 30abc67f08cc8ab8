"""Actions about children, counted: for a board, which may know no more, and for whoever has something to do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from audit_app.accounts.rules import Role, Viewer
from audit_app.core.db import db
from audit_app.panels.models import CaseAction
from audit_app.panels.queries.case_actions import late, seen_by, select_case_actions
from audit_app.panels.rules import CaseActionCounts, CaseActionState
from audit_app.rounds.models import Round
from audit_app.rounds.rules import SEEN_BY_BOARD

_STANDS = CaseAction.state != CaseActionState.WITHDRAWN


def case_action_counts(
    partnership_id: int, round_ids: Collection[int], *, today: date
) -> Mapping[int, CaseActionCounts]:
    """How many actions about children these rounds have, by round: open, late among them, done. For a board, which
    reads no more of them. One aggregate."""
    query: Select[*tuple[Any, ...]] = (
        select(CaseAction.round_id, *_counted(today))
        .where(CaseAction.partnership_id == partnership_id, CaseAction.round_id.in_(round_ids), _STANDS)
        .group_by(CaseAction.round_id)
    )
    return {row[0]: CaseActionCounts(*row[1:]) for row in db.session.execute(query)}


def published_case_action_counts(partnership_id: int, round_reference: str, *, today: date) -> CaseActionCounts:
    """How many actions about children there are in all published rounds, or in the one of this reference."""
    query: Select[*tuple[Any, ...]] = (
        select(*_counted(today))
        .select_from(Round)
        .join(CaseAction, and_(CaseAction.partnership_id == Round.partnership_id, CaseAction.round_id == Round.id))
        .where(Round.partnership_id == partnership_id, Round.state.in_(SEEN_BY_BOARD), _STANDS)
    )
    if round_reference:
        query = query.where(Round.reference == round_reference)
    return CaseActionCounts(*db.session.execute(query).one())


def _counted(today: date) -> tuple[ColumnElement[int], ...]:
    """Open, late and done, as `CaseActionCounts` takes them."""
    return (
        func.count().filter(CaseAction.state == CaseActionState.OPEN),
        func.count().filter(late(today)),
        func.count().filter(CaseAction.state == CaseActionState.DONE),
    )


@dataclass(frozen=True)
class CaseActionsOwed:
    """The open actions about children that someone has to see to: how many are late, and how many fall due later."""

    late: int = 0
    to_come: int = 0
    next_due_on: date | None = None


def case_actions_owed(viewer: Viewer, *, today: date, is_own: bool) -> CaseActionsOwed:
    """How many open actions about children the viewer's agencies have to do, or how many they may read of at all."""
    ahead = CaseAction.due_on >= today
    query = select_case_actions(
        func.count().filter(CaseAction.due_on < today),
        func.count().filter(ahead),
        func.min(CaseAction.due_on).filter(ahead),
    ).where(CaseAction.state == CaseActionState.OPEN, *seen_by(viewer))
    if is_own:
        query = query.where(CaseAction.agency_id.in_(viewer.agencies(Role.AUDITOR, Role.AGENCY_LEAD)))
    return CaseActionsOwed(*db.session.execute(query).one())
