"""How far rounds are: one row a round, every count in the same query."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, exists, func, not_, select

from audit_app.actions.models import Action
from audit_app.actions.queries import overdue
from audit_app.actions.rules import ActionState
from audit_app.cases.models import Case, Identity
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.findings.models import Finding
from audit_app.home.rules import RoundProgress
from audit_app.panels.models import AccuracyAnswer, AccuracyRequest, PanelCase
from audit_app.panels.rules import CorrectionState
from audit_app.returns.models import AgencyReturn, Feedback
from audit_app.returns.rules import HANDED_OVER, OPEN_STATES
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from audit_app.sampling.models import Draw, PopulationImport

UNDER_WAY = (
    RoundState.DRAFT,
    RoundState.SAMPLING,
    RoundState.RETURNS,
    RoundState.PANEL,
    RoundState.MODERATION,
    RoundState.ACCURACY_CHECK,
    RoundState.REPORTING,
)


def rounds_under_way(partnership_id: int, *, today: date, limit: int = 20) -> Sequence[RoundProgress]:
    """The rounds that are neither published nor withdrawn, newest first, each with its counts."""
    query = _progress().where(Round.partnership_id == partnership_id, Round.state.in_(UNDER_WAY))
    rows = db.session.execute(query.order_by(Round.id.desc()).limit(limit), {"today": today})
    return [RoundProgress(*row) for row in rows]


def round_progress(partnership_id: int, round_id: int, *, today: date) -> RoundProgress:
    """How far one round is.

    Raises:
        NotHere: there is none of that id in the partnership.
    """
    query = _progress().where(Round.partnership_id == partnership_id, Round.id == round_id)
    row = db.session.execute(query, {"today": today}).first()
    if row is None:
        raise NotHere
    return RoundProgress(*row)


@cache
def _progress() -> Select[*tuple[Any, ...]]:
    """The counts of rounds, asked by every home page. Built once, since building it takes longer than answering it."""
    today = bindparam("today", type_=Date())
    live = Case.state.not_in([CaseState.WITHDRAWN, CaseState.PAUSED])
    is_open = AgencyReturn.state.in_(OPEN_STATES)
    asked = exists().where(
        Case.partnership_id == AgencyReturn.partnership_id,
        Case.id == AgencyReturn.case_id,
        Case.state != CaseState.WITHDRAWN,
    )
    asked_now = exists().where(
        Case.partnership_id == AgencyReturn.partnership_id,
        Case.id == AgencyReturn.case_id,
        Case.state == CaseState.WITH_AGENCIES,
    )
    open_return_on_case = exists().where(
        AgencyReturn.partnership_id == Case.partnership_id, AgencyReturn.case_id == Case.id, is_open
    )
    on_a_panel = exists().where(PanelCase.partnership_id == Case.partnership_id, PanelCase.case_id == Case.id)
    has_sheet = exists().where(
        Identity.partnership_id == Case.partnership_id,
        Identity.case_id == Case.id,
        Identity.sheet_saved_at.is_not(None),
    )
    with_agencies = Case.state == CaseState.WITH_AGENCIES
    return select(
        Round.id,
        Round.reference,
        Round.title,
        Round.state,
        Round.returns_due_on,
        Round.panel_on,
        Round.report_due_on,
        func.coalesce(
            select(PopulationImport.children)
            .where(_of_round(PopulationImport), PopulationImport.is_current)
            .scalar_subquery(),
            0,
        ),
        exists().where(_of_round(Draw), Draw.is_current),
        _count(Case, live),
        _count(Case, live, Case.state.in_([CaseState.SAMPLED, CaseState.WITH_AGENCIES]), not_(has_sheet)),
        _count(AgencyReturn, asked),
        _count(AgencyReturn, asked, is_open),
        _count(AgencyReturn, asked_now, is_open, AgencyReturn.due_on < today),
        _count(AgencyReturn, asked, AgencyReturn.state.in_(HANDED_OVER)),
        _count(Case, Case.state == CaseState.SAMPLED),
        _count(Case, with_agencies, not_(open_return_on_case)),
        _count(Case, with_agencies, not_(on_a_panel)),
        _count(Case, Case.state == CaseState.AT_PANEL),
        _count(Case, Case.state == CaseState.AGREED),
        _count(Finding),
        _count(Action, Action.state == ActionState.OPEN),
        _count(Action, overdue(today)),
        _count(Feedback, Feedback.given_on.is_(None), Feedback.due_on < today),
        Round.moderated_with_id.is_not(None),
        Round.accuracy_due_on,
        _count(AccuracyRequest, AccuracyRequest.state == CorrectionState.ASKED),
        _agencies_checking(),
    )


def _agencies_checking() -> ColumnElement[int]:
    """How many agencies that were asked about an agreed case have not said that they have nothing more to correct."""
    is_agreed = exists().where(
        Case.partnership_id == AgencyReturn.partnership_id,
        Case.id == AgencyReturn.case_id,
        Case.state == CaseState.AGREED,
    )
    is_done = exists().where(
        AccuracyAnswer.partnership_id == AgencyReturn.partnership_id,
        AccuracyAnswer.round_id == AgencyReturn.round_id,
        AccuracyAnswer.agency_id == AgencyReturn.agency_id,
    )
    return (
        select(func.count(AgencyReturn.agency_id.distinct()))
        .where(_of_round(AgencyReturn), Round.state == RoundState.ACCURACY_CHECK, is_agreed, not_(is_done))
        .correlate(Round)
        .scalar_subquery()
    )


def _of_round(table: Any) -> ColumnElement[bool]:
    return and_(table.partnership_id == Round.partnership_id, table.round_id == Round.id)


def _count(table: Any, *conditions: ColumnElement[bool]) -> Any:
    return (
        select(func.count()).select_from(table).where(_of_round(table), *conditions).correlate(Round).scalar_subquery()
    )
