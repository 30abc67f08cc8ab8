"""Reads of conflicts of interest: who is left out of the rating of which case, and what stands in a room's way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select

from audit_app.accounts.models import Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.panels.models import Panel, PanelCase, PanelConflict, PanelItem, PanelMember, Vote
from audit_app.panels.queries.panels import on_my_panel
from audit_app.panels.rules import ItemState
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

_ITS_CASE = and_(PanelCase.partnership_id == PanelConflict.partnership_id, PanelCase.case_id == PanelConflict.case_id)


def conflicts_of(partnership_id: int, case_id: int) -> Mapping[int, str]:
    """Who is left out of the rating of a case, by the person's id, and why."""
    query = select(PanelConflict.person_id, PanelConflict.reason).where(
        PanelConflict.partnership_id == partnership_id, PanelConflict.case_id == case_id
    )
    return dict(db.session.execute(query).all())


@dataclass(frozen=True)
class ConflictRow:
    """Somebody who sits on a panel and is left out of one of its cases."""

    case_id: int
    reference: str
    person_id: int
    name: str
    reason: str


def conflicts_on_panel(partnership_id: int, panel_id: int) -> Sequence[ConflictRow]:
    """The conflicts of interest of those who sit on a panel in its cases, in its order and by name."""
    seated = exists().where(
        PanelMember.partnership_id == PanelConflict.partnership_id,
        PanelMember.panel_id == PanelCase.panel_id,
        PanelMember.person_id == PanelConflict.person_id,
    )
    query = (
        select(Case.id, Case.reference, Person.id, Person.name, PanelConflict.reason)
        .select_from(PanelCase)
        .join(PanelConflict, _ITS_CASE)
        .join(Case, Case.id == PanelCase.case_id)
        .join(Person, Person.id == PanelConflict.person_id)
        .where(PanelCase.partnership_id == partnership_id, PanelCase.panel_id == panel_id, seated)
        .order_by(PanelCase.position, Person.name)
    )
    return [ConflictRow(*row) for row in db.session.execute(query)]


def conflicts_of_person(partnership_id: int, person_id: int, case_ids: Sequence[int]) -> Sequence[str]:
    """The references of those of these cases in which somebody has a conflict of interest."""
    query = (
        select(Case.reference)
        .join(
            PanelConflict, and_(PanelConflict.partnership_id == Case.partnership_id, PanelConflict.case_id == Case.id)
        )
        .where(Case.partnership_id == partnership_id, Case.id.in_(case_ids), PanelConflict.person_id == person_id)
        .order_by(Case.reference)
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True)
class CaseOfPeople:
    """A case of a panel as the page about its people's conflicts shows it: nothing of the child, nothing of returns."""

    id: int
    reference: str
    state: CaseState
    round_reference: str
    round_title: str
    round_state: RoundState
    panel_id: int
    held_on: date
    chair_id: int


def case_of_people(viewer: Viewer, reference: str) -> CaseOfPeople:
    """A case on a panel that the viewer plans or sits on.

    Raises:
        NotHere: there is none of that reference for this viewer.
    """
    query: Select[*tuple[Any, ...]] = (
        select(
            Case.id,
            Case.reference,
            Case.state,
            Round.reference,
            Round.title,
            Round.state,
            Panel.id,
            Panel.held_on,
            Panel.chair_id,
        )
        .join(Round, Round.id == Case.round_id)
        .join(PanelCase, and_(PanelCase.partnership_id == Case.partnership_id, PanelCase.case_id == Case.id))
        .join(Panel, Panel.id == PanelCase.panel_id)
        .where(Case.partnership_id == viewer.partnership_id, Case.reference == reference)
    )
    if not viewer.has(Role.COORDINATOR):
        query = query.where(on_my_panel(viewer))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    return CaseOfPeople(*row)


def is_begun_in_room(partnership_id: int, panel_id: int) -> bool:
    """Whether anything of a panel's cases is being rated in its room, or was ever rated there."""
    voted = exists().where(Vote.partnership_id == PanelItem.partnership_id, Vote.item_id == PanelItem.id)
    query = (
        select(PanelItem.id)
        .join(
            PanelCase,
            and_(PanelCase.partnership_id == PanelItem.partnership_id, PanelCase.case_id == PanelItem.case_id),
        )
        .where(
            PanelCase.partnership_id == partnership_id,
            PanelCase.panel_id == panel_id,
            PanelItem.partnership_id == partnership_id,
            or_(PanelItem.state.in_([ItemState.VOTING, ItemState.REVEALED]), voted),
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None


def open_cases_for_change(partnership_id: int, panel_id: int) -> Sequence[Case]:
    """The cases of a panel that were released to it, locked until the deed is done: their rooms wait for it."""
    query = (
        select(Case)
        .join(PanelCase, and_(PanelCase.partnership_id == Case.partnership_id, PanelCase.case_id == Case.id))
        .where(
            PanelCase.partnership_id == partnership_id,
            PanelCase.panel_id == panel_id,
            Case.state == CaseState.AT_PANEL,
        )
        .order_by(Case.id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()
