"""Reads of a panel's room: where it is, who sits in it, and what each person gave of their own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, or_, select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db, row_as_kept, row_for_change
from audit_app.core.errors import NotHere
from audit_app.panels.models import (
    ItemNote,
    Panel,
    PanelCase,
    PanelItem,
    PanelMember,
    PanelRoom,
    ParkedPoint,
    Vote,
)
from audit_app.panels.queries.panels import has_place
from audit_app.panels.rules import INVOLVED, ItemState, RoomStep, Seat, Shown, Timing, VoteKind
from audit_app.returns.models import AgencyReturn
from audit_app.rounds.models import Round, RoundLevel
from audit_app.rounds.rules import AgreementRule

IS_SHOWN = or_(Vote.ballot < PanelItem.ballot, PanelItem.state.in_([ItemState.REVEALED, ItemState.AGREED]))
"""The condition on `Vote` joined to its `PanelItem` that the chair showed it. Nothing else opens it to others."""


@dataclass(frozen=True)
class Moment:
    """Up to where a room is: how often it has changed, and the mark of its last change."""

    revision: int
    mark: str


def moment_of(viewer: Viewer, panel_id: int) -> Moment:
    """Up to where the room of a panel is: all that a poll reads where nothing changed.

    Raises:
        NotHere: there is no such panel for this viewer, who sits on it, or runs or checks its round.
    """
    query = _moment_query(looks_at_all=viewer.has(Role.COORDINATOR, Role.SCRUTINEER))
    asked = {"partnership": viewer.partnership_id, "panel": panel_id, "person": viewer.id}
    row = db.session.execute(query, asked).one_or_none()
    if row is None:
        raise NotHere
    return Moment(*row)


@cache
def _moment_query(*, looks_at_all: bool) -> Select[*tuple[Any, ...]]:
    """Every poll asks this. Built once, since building it takes longer than answering it."""
    query: Select[*tuple[Any, ...]] = (
        select(PanelRoom.revision, PanelRoom.mark)
        .join(Panel, and_(Panel.partnership_id == PanelRoom.partnership_id, Panel.id == PanelRoom.panel_id))
        .where(PanelRoom.partnership_id == bindparam("partnership"), PanelRoom.panel_id == bindparam("panel"))
    )
    return query if looks_at_all else query.where(has_place(bindparam("person", type_=Integer())))


@dataclass(frozen=True)
class RoomRow:
    """A panel and where its room is."""

    panel_id: int
    revision: int
    step: RoomStep
    case_id: int | None
    item_id: int | None
    is_timer_hidden: bool
    opened_at: datetime | None
    closed_at: datetime | None
    held_on: date
    starts_at: time | None
    ends_at: time | None
    place: str
    minutes_per_case: int
    is_on_paper: bool
    chair_id: int
    chair: str
    round_id: int
    round_reference: str
    round_title: str
    rule: AgreementRule
    is_showing_levels: bool

    @property
    def timing(self) -> Timing:
        """When it begins and ends, and the minutes for each child."""
        return Timing(self.starts_at, self.ends_at, self.minutes_per_case)

    @property
    def is_open(self) -> bool:
        """Whether the panel is in its room now."""
        return self.opened_at is not None and self.closed_at is None


def room(partnership_id: int, panel_id: int) -> RoomRow:
    """A panel and its room, for those who may look into it (`moment_of`).

    Raises:
        NotHere: there is no such panel.
    """
    query: Select[*tuple[Any, ...]] = (
        select(
            Panel.id,
            PanelRoom.revision,
            PanelRoom.step,
            PanelRoom.case_id,
            PanelRoom.item_id,
            PanelRoom.is_timer_hidden,
            PanelRoom.opened_at,
            PanelRoom.closed_at,
            Panel.held_on,
            Panel.starts_at,
            Panel.ends_at,
            Panel.place,
            Panel.minutes_per_case,
            Panel.is_on_paper,
            Panel.chair_id,
            Person.name,
            Round.id,
            Round.reference,
            Round.title,
            Round.agreement_rule,
            Round.is_showing_levels_in_pack,
        )
        .join(PanelRoom, and_(PanelRoom.partnership_id == Panel.partnership_id, PanelRoom.panel_id == Panel.id))
        .join(Round, and_(Round.partnership_id == Panel.partnership_id, Round.id == Panel.round_id))
        .join(Person, Person.id == Panel.chair_id)
        .where(Panel.partnership_id == partnership_id, Panel.id == panel_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    return RoomRow(*row)


def room_of(partnership_id: int, panel_id: int | None) -> PanelRoom:
    """The room of a panel, as it is kept.

    Raises:
        NotHere: there is none.
    """
    return row_as_kept(_its_room(partnership_id, panel_id))


def room_for_change(partnership_id: int, panel_id: int | None) -> PanelRoom:
    """The room of a panel, locked after the case and its items for the deed that is under way.

    Raises:
        NotHere: there is none.
    """
    return row_for_change(_its_room(partnership_id, panel_id))


def _its_room(partnership_id: int, panel_id: int | None) -> Select[PanelRoom]:
    return select(PanelRoom).where(PanelRoom.partnership_id == partnership_id, PanelRoom.panel_id == panel_id)


def panel_case(partnership_id: int, case_id: int) -> PanelCase:
    """The place of a case on its panel, for a deed that locked the case.

    Raises:
        NotHere: no panel takes it.
    """
    return row_as_kept(
        select(PanelCase).where(PanelCase.partnership_id == partnership_id, PanelCase.case_id == case_id)
    )


def seats_of(partnership_id: int, panel_id: int | None) -> Sequence[Seat]:
    """Who sits on a panel besides the chair, agency by agency, note-takers last."""
    query = (
        select(Person.id, Person.name, PanelMember.agency_id, Agency.name, PanelMember.attendance)
        .select_from(PanelMember)
        .join(Person, Person.id == PanelMember.person_id)
        .outerjoin(Agency, Agency.id == PanelMember.agency_id)
        .where(PanelMember.partnership_id == partnership_id, PanelMember.panel_id == panel_id)
        .order_by(Agency.name.is_(None), Agency.name, Person.name)
    )
    return [Seat(*row[:3], row[3] or "", row[4]) for row in db.session.execute(query)]


def involved_in(partnership_id: int, case_id: int) -> frozenset[int]:
    """The agencies with a part in the child's help in the time looked at."""
    query = select(AgencyReturn.agency_id).where(
        AgencyReturn.partnership_id == partnership_id,
        AgencyReturn.case_id == case_id,
        AgencyReturn.state.in_(INVOLVED),
    )
    return frozenset(db.session.scalars(query))


@dataclass(frozen=True)
class CaseInRoom:
    """A case of the panel, as the room lists it."""

    id: int
    reference: str
    state: CaseState
    released_at: datetime | None
    opened_at: datetime | None
    rest_shown_at: datetime | None


def cases_in_room(partnership_id: int, panel_id: int) -> Sequence[CaseInRoom]:
    """The cases of a panel in its order; without those that were withdrawn."""
    query = (
        select(Case.id, Case.reference, Case.state, Case.released_at, PanelCase.opened_at, PanelCase.rest_shown_at)
        .join(Case, and_(Case.partnership_id == PanelCase.partnership_id, Case.id == PanelCase.case_id))
        .where(
            PanelCase.partnership_id == partnership_id,
            PanelCase.panel_id == panel_id,
            Case.state != CaseState.WITHDRAWN,
        )
        .order_by(PanelCase.position)
    )
    return [CaseInRoom(*row) for row in db.session.execute(query)]


def rated_by(partnership_id: int, item_id: int, ballot: int) -> frozenset[int]:
    """Who gave their own rating of an item in a ballot. Never what."""
    query = select(Vote.person_id).where(
        Vote.partnership_id == partnership_id, Vote.item_id == item_id, Vote.ballot == ballot
    )
    return frozenset(db.session.scalars(query))


@dataclass(frozen=True)
class Given:
    """What one person gave of their own, and when."""

    answer: VoteKind
    level_id: int | None
    reasoning: str
    given_at: datetime


def own_rating(partnership_id: int, item_id: int, ballot: int, *, person_id: int) -> Given | None:
    """What somebody gave themselves on an item in a ballot: their own, which only they are shown before the others."""
    query = select(Vote.answer, Vote.level_id, Vote.reasoning, Vote.given_at).where(
        Vote.partnership_id == partnership_id,
        Vote.item_id == item_id,
        Vote.ballot == ballot,
        Vote.person_id == person_id,
    )
    row = db.session.execute(query).one_or_none()
    return Given(*row) if row else None


def shown_ratings(partnership_id: int, item_ids: Collection[int]) -> Mapping[tuple[int, int], Sequence[Shown]]:
    """The ratings of items that the chair showed, by the item's id and the ballot, each by agency and name."""
    query: Select[*tuple[Any, ...]] = (
        select(
            Vote.item_id,
            Vote.ballot,
            Person.name,
            Agency.name,
            Vote.answer,
            Vote.level_id,
            RoundLevel.rank,
            Vote.reasoning,
        )
        .join(PanelItem, and_(PanelItem.partnership_id == Vote.partnership_id, PanelItem.id == Vote.item_id))
        .join(Person, Person.id == Vote.person_id)
        .join(Agency, and_(Agency.partnership_id == Vote.partnership_id, Agency.id == Vote.agency_id))
        .outerjoin(RoundLevel, RoundLevel.id == Vote.level_id)
        .where(Vote.partnership_id == partnership_id, Vote.item_id.in_(item_ids), IS_SHOWN)
        .order_by(Vote.item_id, Vote.ballot, Agency.name, Person.name)
    )
    found: dict[tuple[int, int], list[Shown]] = {}
    for item_id, ballot, *said in db.session.execute(query):
        found.setdefault((item_id, ballot), []).append(Shown(*said))
    return found


@dataclass(frozen=True)
class Note:
    """What the note-taker typed of an item."""

    reason: str
    better: str
    version: int


def note_of(partnership_id: int, item_id: int) -> Note:
    """What was noted of an item while the panel talks; empty, of version 0, where nothing was."""
    query = select(ItemNote.reason, ItemNote.better, ItemNote.version).where(
        ItemNote.partnership_id == partnership_id, ItemNote.item_id == item_id
    )
    row = db.session.execute(query).one_or_none()
    return Note(*row) if row else Note("", "", 0)


@dataclass(frozen=True)
class Point:
    """A point that was put aside, for elsewhere."""

    id: int
    words: str
    case_reference: str
    where_to: str
    parked_by: str


def parked_points(partnership_id: int, panel_id: int) -> Sequence[Point]:
    """What was put aside in a panel, oldest first."""
    query = (
        select(ParkedPoint.id, ParkedPoint.words, ParkedPoint.case_reference, ParkedPoint.where_to, Person.name)
        .join(Person, Person.id == ParkedPoint.parked_by_id)
        .where(ParkedPoint.partnership_id == partnership_id, ParkedPoint.panel_id == panel_id)
        .order_by(ParkedPoint.id)
    )
    return [Point(*row) for row in db.session.execute(query)]
