"""Reads of cases on their way through a panel: to plan, to steer, and with what its members read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true

from audit_app.accounts.models import Agency, Area, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import is_all_shown, is_blinded, sees, sits_on_panel
from audit_app.cases.rules import CaseState, Thing
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.panels.models import Panel, PanelCase, PanelMember
from audit_app.panels.rules import PLANNED_IN, Sight
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import ReturnState
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

_HAS_PANEL = and_(PanelCase.partnership_id == Case.partnership_id, PanelCase.case_id == Case.id)
_ITS_PANEL = Panel.id == PanelCase.panel_id
_ITS_ROUND = Round.id == Case.round_id


@dataclass(frozen=True)
class CaseToPlace:
    """A case that can stand on a panel; `position` where it stands on this one already."""

    id: int
    reference: str
    state: CaseState
    position: int | None


def cases_to_place(partnership_id: int, round_id: int, panel_id: int | None = None) -> Sequence[CaseToPlace]:
    """The cases of a round that are on no panel, and those of this one first, in its order."""
    query = (
        select(Case.id, Case.reference, Case.state, PanelCase.position)
        .outerjoin(PanelCase, _HAS_PANEL)
        .where(
            Case.partnership_id == partnership_id,
            Case.round_id == round_id,
            Case.state != CaseState.WITHDRAWN,
            or_(PanelCase.id.is_(None), PanelCase.panel_id == panel_id),
        )
        .order_by(PanelCase.position.is_(None), PanelCase.position, Case.position)
    )
    return [CaseToPlace(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class RoundToPlan:
    """A round for which a panel can be planned; `cases`: how many of its cases are on no panel yet."""

    reference: str
    title: str
    cases: int


def rounds_to_plan(partnership_id: int) -> Sequence[RoundToPlan]:
    """The rounds for which a panel can be planned: those with cases that are on none first, then the newest first."""
    waiting = (
        select(func.count(Case.id))
        .where(
            Case.partnership_id == Round.partnership_id,
            Case.round_id == Round.id,
            Case.state.not_in([CaseState.WITHDRAWN, CaseState.AGREED]),
            not_(exists().where(_HAS_PANEL)),
        )
        .scalar_subquery()
    )
    query = (
        select(Round.reference, Round.title, waiting)
        .where(Round.partnership_id == partnership_id, Round.state.in_(PLANNED_IN))
        .order_by(waiting == 0, Round.id.desc())
    )
    return [RoundToPlan(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class SteeredCase:
    """A case as those see it who steer it: where it is, and nothing of what is in its returns."""

    id: int
    reference: str
    state: CaseState
    is_released: bool
    stratum: str
    round_id: int
    round_reference: str
    round_title: str
    round_state: RoundState
    panel_id: int | None
    chair_id: int | None
    held_on: date | None
    is_on_paper: bool


def case_to_steer(viewer: Viewer, reference: str) -> SteeredCase:
    """A case that the viewer steers: any for the coordinator, else one of a panel that they chair.

    Whoever also audits it or sits on its panel stays blind to its returns: nothing here tells of them.

    Raises:
        NotHere: there is none of that reference for this viewer.
    """
    steers = true() if viewer.has(Role.COORDINATOR) else Panel.chair_id == viewer.id
    query: Select[*tuple[Any, ...]] = (
        select(
            Case.id,
            Case.reference,
            Case.state,
            Case.released_at.is_not(None),
            Case.stratum,
            Case.round_id,
            Round.reference,
            Round.title,
            Round.state,
            Panel.id,
            Panel.chair_id,
            Panel.held_on,
            func.coalesce(Panel.is_on_paper, false()),
        )
        .join(Round, _ITS_ROUND)
        .outerjoin(PanelCase, _HAS_PANEL)
        .outerjoin(Panel, _ITS_PANEL)
        .where(Case.partnership_id == viewer.partnership_id, Case.reference == reference, steers)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    return SteeredCase(*row)


def return_states(partnership_id: int, case_id: int) -> Sequence[tuple[str, ReturnState]]:
    """Each agency asked about a case by name, and where its return is."""
    query = (
        select(Agency.name, AgencyReturn.state)
        .join(AgencyReturn, AgencyReturn.agency_id == Agency.id)
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.case_id == case_id)
        .order_by(Agency.name)
    )
    return [(name, state) for name, state in db.session.execute(query)]


@dataclass(frozen=True)
class Hold:
    """What decides over a case besides its own state: its panel, if it has one, and its round's state."""

    chair_id: int | None
    round_state: RoundState
    panel_id: int | None
    is_on_paper: bool


def hold_of(partnership_id: int, case_id: int) -> Hold:
    """Which panel takes a case, who chairs it, and where the case's round is.

    Raises:
        NotHere: there is no case of that id in the partnership.
    """
    query = (
        select(Panel.chair_id, Round.state, Panel.id, func.coalesce(Panel.is_on_paper, false()))
        .select_from(Case)
        .join(Round, _ITS_ROUND)
        .outerjoin(PanelCase, _HAS_PANEL)
        .outerjoin(Panel, _ITS_PANEL)
        .where(Case.partnership_id == partnership_id, Case.id == case_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    return Hold(*row)


@dataclass(frozen=True)
class Pack:
    """A case of a panel as it is read and agreed, and what its reader may see of what agencies chose."""

    sight: Sight
    id: int
    reference: str
    state: CaseState
    plan_status: PlanStatus
    age_band: AgeBand
    area: str
    summary: str
    outcome: str
    good_practice: str
    agreed_at: datetime | None
    round_id: int
    round_reference: str
    round_title: str
    round_state: RoundState
    panel_id: int
    held_on: date
    chair_id: int
    chair: str
    is_on_paper: bool
    is_printed: bool  # the round lets the panel take it away as a PDF
    is_close: bool  # the viewer sits on the panel, runs the round or checks it
    reads_outcome: bool  # what it says to each agency, too


def pack(viewer: Viewer, reference: str) -> Pack:
    """A released case, for those who may read all its returns side by side, and with what sight of what they chose.

    Raises:
        NotHere: there is none of that reference that this viewer may read.
    """
    query: Select[*tuple[Any, ...]] = (
        select(
            Case.id,
            Case.reference,
            Case.state,
            Case.plan_status,
            Case.age_band,
            func.coalesce(Area.name, ""),
            Case.summary,
            Case.outcome,
            Case.good_practice,
            Case.agreed_at,
            Case.round_id,
            Round.reference,
            Round.title,
            Round.state,
            Panel.id,
            Panel.held_on,
            Panel.chair_id,
            Person.name,
            Panel.is_on_paper,
            Round.is_pack_printed,
            true() if viewer.has(Role.COORDINATOR, Role.SCRUTINEER) else sits_on_panel(viewer),
            sees(viewer, Thing.PANEL_FEEDBACK),
            and_(is_blinded(viewer), not_(is_all_shown())),
            PanelMember.agency_id,
        )
        .join(Round, _ITS_ROUND)
        .join(PanelCase, _HAS_PANEL)
        .join(Panel, _ITS_PANEL)
        .join(Person, Person.id == Panel.chair_id)
        .outerjoin(PanelMember, and_(PanelMember.panel_id == Panel.id, PanelMember.person_id == viewer.id))
        .outerjoin(Area, Area.id == Case.area_id)
        .where(Case.partnership_id == viewer.partnership_id, Case.reference == reference, _reads(viewer))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    *known, is_blind, seat_agency_id = row
    own = viewer.agencies(Role.AUDITOR) | ({seat_agency_id} - {None})
    return Pack(Sight(bool(is_blind), own), *known)


def may_read_pack(viewer: Viewer, case_id: int) -> bool:
    """Whether a viewer may read all returns of a case side by side."""
    query = (
        select(Case.id)
        .join(Round, _ITS_ROUND)
        .where(Case.partnership_id == viewer.partnership_id, Case.id == case_id, _reads(viewer))
    )
    return db.session.scalar(query) is not None


def _reads(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on a released `Case`, joined to its `Round`, that the viewer reads every agency's return in it."""
    return and_(Case.released_at.is_not(None), sees(viewer, Thing.PACK))
