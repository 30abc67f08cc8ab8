"""Reads of panels: who sits, which cases, how far they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, or_, select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import seat, shown_on_release
from audit_app.cases.rules import CaseState
from audit_app.core.db import db, row_as_kept, row_for_change
from audit_app.core.errors import NotHere
from audit_app.panels.models import Panel, PanelCase, PanelItem, PanelMember
from audit_app.panels.rules import Attendance, ItemState, Timing
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import OPEN_STATES
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

PANELS_A_PAGE = 25


def sits(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Panel` that the viewer chairs it or is a member."""
    return has_place(viewer.id)


def has_place(person_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """The condition on `Panel` that a person chairs it or is a member."""
    return or_(
        Panel.chair_id == person_id,
        exists().where(
            PanelMember.partnership_id == Panel.partnership_id,
            PanelMember.panel_id == Panel.id,
            PanelMember.person_id == person_id,
        ),
    )


@seat
def on_my_panel(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Case` that the viewer sits on its panel. Give it to `cases.queries.sees`."""
    return exists(
        select(PanelCase.id)
        .join(Panel, Panel.id == PanelCase.panel_id)
        .where(PanelCase.partnership_id == Case.partnership_id, PanelCase.case_id == Case.id, sits(viewer))
    )


@shown_on_release
def is_shown_on_release() -> ColumnElement[bool]:
    """The condition on `Case` that its panel is on paper, or its round shows ratings before the panel's own."""
    return exists(
        select(PanelCase.id)
        .join(Panel, Panel.id == PanelCase.panel_id)
        .where(
            PanelCase.partnership_id == Case.partnership_id,
            PanelCase.case_id == Case.id,
            or_(Panel.is_on_paper, Round.is_showing_levels_in_pack),
        )
        .correlate(Case, Round)
    )


@dataclass(frozen=True)
class PanelRow:
    """A panel as lists show it."""

    id: int
    round_id: int
    round_reference: str
    round_title: str
    round_state: RoundState
    held_on: date
    starts_at: time | None
    ends_at: time | None
    minutes_per_case: int
    is_on_paper: bool
    place: str
    chair_id: int
    chair: str
    cases: int
    agreed: int
    version: int

    @property
    def timing(self) -> Timing:
        return Timing(self.starts_at, self.ends_at, self.minutes_per_case)


@dataclass(frozen=True)
class PanelRows:
    """One page of a list of panels."""

    lines: Sequence[PanelRow]
    has_more: bool


def panels_of(viewer: Viewer, *, page: int = 1) -> PanelRows:
    """The panels that a viewer may see, latest first: all for coordinator and scrutineer, else those they sit on."""
    query = _select(viewer.partnership_id).order_by(Panel.held_on.desc(), Panel.id.desc())
    if not viewer.has(Role.COORDINATOR, Role.SCRUTINEER):
        query = query.where(sits(viewer))
    found = _rows(query.limit(PANELS_A_PAGE + 1).offset((page - 1) * PANELS_A_PAGE))
    return PanelRows(found[:PANELS_A_PAGE], has_more=len(found) > PANELS_A_PAGE)


def panel(viewer: Viewer, panel_id: int) -> PanelRow:
    """One panel that the viewer may see.

    Raises:
        NotHere: there is none of that id for this viewer.
    """
    query = _select(viewer.partnership_id).where(Panel.id == panel_id)
    if not viewer.has(Role.COORDINATOR, Role.SCRUTINEER):
        query = query.where(sits(viewer))
    rows = _rows(query)
    if not rows:
        raise NotHere
    return rows[0]


def panel_as_kept(partnership_id: int, panel_id: int) -> Panel:
    """One panel as it is kept.

    Raises:
        NotHere: there is none of that id in the partnership.
    """
    return row_as_kept(select(Panel).where(Panel.partnership_id == partnership_id, Panel.id == panel_id))


def panel_for_change(partnership_id: int, panel_id: int) -> Panel:
    """One panel, locked for the deed that is under way.

    Raises:
        NotHere: there is none of that id in the partnership.
    """
    return row_for_change(select(Panel).where(Panel.partnership_id == partnership_id, Panel.id == panel_id))


def round_of_panel(partnership_id: int, panel_id: int) -> int:
    """The id of the round of a panel: what a deed locks before the panel.

    Raises:
        NotHere: there is no panel of that id in the partnership.
    """
    query = select(Panel.round_id).where(Panel.partnership_id == partnership_id, Panel.id == panel_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotHere
    return found


def seats_for_change(partnership_id: int, panel_id: int) -> Mapping[int, PanelMember]:
    """The seats of a panel by person, locked until the deed is done."""
    query = (
        select(PanelMember)
        .where(PanelMember.partnership_id == partnership_id, PanelMember.panel_id == panel_id)
        .order_by(PanelMember.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {seat.person_id: seat for seat in db.session.scalars(query)}


@dataclass(frozen=True)
class MemberRow:
    """Who sits on a panel, besides the chair."""

    person_id: int
    name: str
    agency_id: int | None
    agency: str
    attendance: Attendance | None = None


def panel_members(partnership_id: int, panel_id: int) -> Sequence[MemberRow]:
    """The members of a panel, by name."""
    query = (
        select(Person.id, Person.name, PanelMember.agency_id, Agency.name.label("agency"), PanelMember.attendance)
        .select_from(PanelMember)
        .join(Person, Person.id == PanelMember.person_id)
        .outerjoin(Agency, Agency.id == PanelMember.agency_id)
        .where(PanelMember.partnership_id == partnership_id, PanelMember.panel_id == panel_id)
        .order_by(Person.name)
    )
    return [
        MemberRow(row.id, row.name, row.agency_id, row.agency or "", row.attendance)
        for row in db.session.execute(query)
    ]


def round_state_of(partnership_id: int, panel_id: int) -> RoundState:
    """Where the round of a panel is.

    Raises:
        NotHere: there is no panel of that id in the partnership.
    """
    query = (
        select(Round.state)
        .join(Panel, (Panel.partnership_id == Round.partnership_id) & (Panel.round_id == Round.id))
        .where(Panel.partnership_id == partnership_id, Panel.id == panel_id)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotHere
    return found


def people_of_panel(partnership_id: int, panel_id: int | None) -> frozenset[int]:
    """The ids of all who sit on a panel, its chair among them."""
    members = select(PanelMember.person_id).where(
        PanelMember.partnership_id == partnership_id, PanelMember.panel_id == panel_id
    )
    chair = select(Panel.chair_id).where(Panel.partnership_id == partnership_id, Panel.id == panel_id)
    return frozenset(db.session.scalars(members.union(chair)))


@dataclass(frozen=True)
class CaseOnPanel:
    """A case of a panel, with how far its returns and its items are."""

    id: int
    reference: str
    state: CaseState
    position: int
    is_released: bool
    returns: int
    returns_open: int
    items: int
    items_agreed: int


def panel_cases(partnership_id: int, panel_id: int) -> Sequence[CaseOnPanel]:
    """The cases of a panel in its order."""
    is_open, is_agreed = AgencyReturn.state.in_(OPEN_STATES), PanelItem.state == ItemState.AGREED
    query = (
        select(
            Case.id,
            Case.reference,
            Case.state,
            PanelCase.position,
            Case.released_at.is_not(None),
            _count(AgencyReturn),
            _count(AgencyReturn, is_open),
            _count(PanelItem),
            _count(PanelItem, is_agreed),
        )
        .select_from(PanelCase)
        .join(Case, Case.id == PanelCase.case_id)
        .where(PanelCase.partnership_id == partnership_id, PanelCase.panel_id == panel_id)
        .order_by(PanelCase.position)
    )
    return [CaseOnPanel(*row) for row in db.session.execute(query)]


def _count(table: type[AgencyReturn | PanelItem], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many rows of a table belong to the case of the outer query."""
    return (
        select(func.count())
        .select_from(table)
        .where(table.partnership_id == Case.partnership_id, table.case_id == Case.id, *conditions)
        .scalar_subquery()
    )


def _select(partnership_id: int) -> Select[Panel, str, str, RoundState, str, int, int]:
    cases = (
        select(func.count())
        .where(PanelCase.partnership_id == Panel.partnership_id, PanelCase.panel_id == Panel.id)
        .scalar_subquery()
    )
    agreed = (
        select(func.count())
        .select_from(PanelCase)
        .join(Case, Case.id == PanelCase.case_id)
        .where(
            PanelCase.partnership_id == Panel.partnership_id,
            PanelCase.panel_id == Panel.id,
            Case.state == CaseState.AGREED,
        )
        .scalar_subquery()
    )
    return (
        select(Panel, Round.reference, Round.title, Round.state, Person.name, cases, agreed)
        .join(Round, Round.id == Panel.round_id)
        .join(Person, Person.id == Panel.chair_id)
        .where(Panel.partnership_id == partnership_id)
    )


def _rows(query: Select[Panel, str, str, RoundState, str, int, int]) -> list[PanelRow]:
    return [
        PanelRow(
            id=row.id,
            round_id=row.round_id,
            round_reference=reference,
            round_title=title,
            round_state=state,
            held_on=row.held_on,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            minutes_per_case=row.minutes_per_case,
            is_on_paper=row.is_on_paper,
            place=row.place,
            chair_id=row.chair_id,
            chair=chair,
            cases=cases,
            agreed=agreed,
            version=row.version,
        )
        for row, reference, title, state, chair, cases, agreed in db.session.execute(query)
    ]
