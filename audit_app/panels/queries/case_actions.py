"""Reads of actions about one child: the case about which one is raised, lists, one alone, and one for a deed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, select, true

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.panels.models import CaseAction, CaseActionDueChange, Panel, PanelCase
from audit_app.panels.queries.panels import on_my_panel
from audit_app.panels.rules import CaseActionState, is_late
from audit_app.returns.models import AgencyReturn
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

CASE_ACTIONS_A_PAGE = 25
_ITS_CASE = and_(Case.partnership_id == CaseAction.partnership_id, Case.id == CaseAction.case_id)
_ITS_ROUND = and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id)
_ITS_AGENCY = and_(Agency.partnership_id == CaseAction.partnership_id, Agency.id == CaseAction.agency_id)
_HAS_PANEL = and_(PanelCase.partnership_id == Case.partnership_id, PanelCase.case_id == Case.id)
_ITS_PANEL = and_(Panel.partnership_id == PanelCase.partnership_id, Panel.id == PanelCase.panel_id)


def late(today: date) -> ColumnElement[bool]:
    """The condition that an action about a child should have been done by now: `rules.is_late` in SQL."""
    return and_(CaseAction.state == CaseActionState.OPEN, CaseAction.due_on < today)


@dataclass(frozen=True)
class CaseToActOn:
    """A case for whose child something may be to do, and the agencies asked about it, as (id, name)."""

    agencies: Sequence[tuple[int, str]]
    id: int
    reference: str
    is_released: bool
    round_id: int
    round_reference: str
    round_title: str
    round_state: RoundState
    panel_id: int | None


def case_to_act_on(viewer: Viewer, reference: str) -> CaseToActOn:
    """A case about which the viewer may raise actions: any for the coordinator, else one of a panel of theirs that they
    chair or write for. Two queries.

    Raises:
        NotHere: there is none of that reference for this viewer.
    """
    query: Select[*tuple[Any, ...]] = (
        select(
            Case.id,
            Case.reference,
            Case.released_at.is_not(None),
            Case.round_id,
            Round.reference,
            Round.title,
            Round.state,
            PanelCase.panel_id,
        )
        .join(Round, _ITS_ROUND)
        .outerjoin(PanelCase, _HAS_PANEL)
        .where(
            Case.partnership_id == viewer.partnership_id,
            Case.reference == reference,
            _raises(viewer),
        )
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    asked = (
        select(Agency.id, Agency.name)
        .join(
            AgencyReturn,
            and_(AgencyReturn.partnership_id == Agency.partnership_id, AgencyReturn.agency_id == Agency.id),
        )
        .where(AgencyReturn.partnership_id == viewer.partnership_id, AgencyReturn.case_id == row.id)
        .order_by(Agency.name)
    )
    return CaseToActOn(db.session.execute(asked).all(), *row)


def may_raise_case_action(viewer: Viewer, case_id: int) -> bool:
    """Whether the viewer may raise actions about a case, once it is released."""
    if not viewer.has(Role.COORDINATOR, Role.PANEL_CHAIR, Role.NOTE_TAKER):
        return False
    query = select(Case.id).where(Case.partnership_id == viewer.partnership_id, Case.id == case_id, _raises(viewer))
    return db.session.scalar(query) is not None


def _raises(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Case` that a viewer coordinates, or chairs or writes for its panel."""
    if viewer.has(Role.COORDINATOR):
        return true()
    return on_my_panel(viewer) if viewer.has(Role.PANEL_CHAIR, Role.NOTE_TAKER) else false()


@dataclass(frozen=True)
class CaseActionRow:
    """An action about a child as lists and its own page show it. `chair_id`: who chairs the panel of its case."""

    id: int
    case_id: int
    case_reference: str
    round_reference: str
    round_title: str
    round_state: RoundState
    agency_id: int
    agency: str
    words: str
    working_days: int
    due_on: date
    state: CaseActionState
    is_late: bool
    outcome: str
    done_on: date | None
    done_by: str
    reason: str
    left_open_reason: str
    left_open_by: str
    raised_at: datetime
    raised_by: str
    version: int
    chair_id: int | None


@dataclass(frozen=True)
class CaseActionRows:
    """One page of a list of actions about children."""

    lines: Sequence[CaseActionRow]
    has_more: bool


@dataclass(frozen=True)
class CaseActionFilter:
    """Which actions about children to list; every field lives in the address."""

    state: CaseActionState = CaseActionState.OPEN
    round_reference: str = ""
    case_reference: str = ""
    is_late: bool = False
    is_own: bool = False
    """Only those that the viewer's agencies are to do."""


def case_actions(viewer: Viewer, only: CaseActionFilter, *, today: date, page: int = 1) -> CaseActionRows:
    """The actions about children that a viewer may read, in one state: open ones by the day due, others newest first.

    One query.
    """
    query = _select(viewer).where(CaseAction.state == only.state)
    if only.round_reference:
        query = query.where(Round.reference == only.round_reference)
    if only.case_reference:
        query = query.where(Case.reference == only.case_reference)
    if only.is_late:
        query = query.where(late(today))
    if only.is_own:
        query = query.where(CaseAction.agency_id.in_(viewer.agencies(Role.AUDITOR, Role.AGENCY_LEAD)))
    if only.state is CaseActionState.OPEN:
        query = query.order_by(CaseAction.due_on, CaseAction.id)
    else:
        query = query.order_by(CaseAction.due_on.desc(), CaseAction.id.desc())
    found = _rows(query.limit(CASE_ACTIONS_A_PAGE + 1).offset((page - 1) * CASE_ACTIONS_A_PAGE), today)
    return CaseActionRows(found[:CASE_ACTIONS_A_PAGE], has_more=len(found) > CASE_ACTIONS_A_PAGE)


def case_actions_of_case(viewer: Viewer, case_id: int, *, today: date) -> Sequence[CaseActionRow]:
    """The actions about the child of one case that a viewer may read, by the day due; none where they may not."""
    query = _select(viewer).where(CaseAction.case_id == case_id)
    return _rows(query.order_by(CaseAction.due_on, CaseAction.id), today)


def case_action(viewer: Viewer, case_action_id: int, *, today: date) -> CaseActionRow:
    """One action about a child that the viewer may read.

    Raises:
        NotHere: there is none of that id for this viewer.
    """
    rows = _rows(_select(viewer).where(CaseAction.id == case_action_id), today)
    if not rows:
        raise NotHere
    return rows[0]


def round_of_case_action(partnership_id: int, case_action_id: int) -> int:
    """The id of the round of an action about a child, for deeds that lock the round first.

    Raises:
        NotHere: there is no such action in the partnership.
    """
    query = select(CaseAction.round_id).where(
        CaseAction.partnership_id == partnership_id, CaseAction.id == case_action_id
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotHere
    return found


def case_action_for_change(viewer: Viewer, case_action_id: int) -> tuple[CaseAction, int | None]:
    """One action about a child that the viewer may read, locked for the deed that is under way, and the chair of the
    panel of its case.

    Raises:
        NotHere: there is none of that id for this viewer.
    """
    row = db.session.execute(
        select_case_actions(CaseAction, Panel.chair_id)
        .where(CaseAction.id == case_action_id, *seen_by(viewer))
        .with_for_update(of=CaseAction)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row[0], row[1]


def open_case_actions_for_change(partnership_id: int, round_id: int) -> Sequence[CaseAction]:
    """The open actions about the children of a round, locked for the deed that is under way."""
    query = (
        select(CaseAction)
        .where(
            CaseAction.partnership_id == partnership_id,
            CaseAction.round_id == round_id,
            CaseAction.state == CaseActionState.OPEN,
        )
        .order_by(CaseAction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def due_changes_of(partnership_id: int, case_action_id: int) -> Sequence[CaseActionDueChange]:
    """The moves of the day on which an action about a child is due, oldest first."""
    query = select(CaseActionDueChange).where(
        CaseActionDueChange.partnership_id == partnership_id, CaseActionDueChange.case_action_id == case_action_id
    )
    return db.session.scalars(query.order_by(CaseActionDueChange.id)).all()


def seen_by(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """The conditions on `CaseAction`, joined to its `Case` and `Round`, that a viewer may read it."""
    return CaseAction.partnership_id == viewer.partnership_id, sees(viewer, Thing.CASE_ACTION)


def select_case_actions(*columns: Any) -> Select[*tuple[Any, ...]]:
    """A select of actions about children, each with its case, its round, its agency, and its panel where it has one."""
    return (
        select(*columns)
        .select_from(CaseAction)
        .join(Case, _ITS_CASE)
        .join(Round, _ITS_ROUND)
        .join(Agency, _ITS_AGENCY)
        .outerjoin(PanelCase, _HAS_PANEL)
        .outerjoin(Panel, _ITS_PANEL)
    )


def _select(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    columns = (CaseAction, Round.reference, Round.title, Round.state, Agency.name, Panel.chair_id)
    return select_case_actions(*columns).where(*seen_by(viewer))


def _rows(query: Select[*tuple[Any, ...]], today: date) -> list[CaseActionRow]:
    return [
        CaseActionRow(
            id=row.id,
            case_id=row.case_id,
            case_reference=row.case_reference,
            round_reference=reference,
            round_title=title,
            round_state=round_state,
            agency_id=row.agency_id,
            agency=agency,
            words=row.words,
            working_days=row.working_days,
            due_on=row.due_on,
            state=row.state,
            is_late=is_late(row.state, row.due_on, today),
            outcome=row.outcome,
            done_on=row.done_on,
            done_by=row.done_by_name or "",
            reason=row.reason,
            left_open_reason=row.left_open_reason,
            left_open_by=row.left_open_by_name,
            raised_at=row.raised_at,
            raised_by=row.raised_by_name,
            version=row.version,
            chair_id=chair_id,
        )
        for row, reference, title, round_state, agency, chair_id in db.session.execute(query)
    ]
