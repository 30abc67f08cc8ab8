"""All that is in a panel's room, what is hidden with it. Only `screens.py` shows of it, each viewer what is theirs."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit_app.panels.queries.conflicts import conflicts_of
from audit_app.panels.queries.items import items_of_case
from audit_app.panels.queries.room import (
    CaseInRoom,
    Note,
    Point,
    RoomRow,
    cases_in_room,
    involved_in,
    note_of,
    parked_points,
    rated_by,
    room,
    seats_of,
    shown_ratings,
)
from audit_app.panels.rules import EVERYTHING, Item, Seat, Shown
from audit_app.rounds.queries import frozen_template
from audit_app.rounds.rules import FrozenTemplate

ROOMS_KEPT = 32
"""Rooms that a process keeps as they were read last: some 100 kB each."""
KEPT_FOR = 60.0
"""Seconds. What no mark tells of (somebody's new name, a text that was destroyed) is read anew after that."""


@dataclass(frozen=True)
class WholeItem:
    """The item that a room looks at: who has rated it in this ballot, what was shown of it, what is noted."""

    item: Item
    rated: frozenset[int]
    shown: Mapping[tuple[int, int], Sequence[Shown]]
    note: Note


@dataclass(frozen=True)
class WholeCase:
    """The case that is open in a room, with every item as it is."""

    case: CaseInRoom
    template: FrozenTemplate
    items: Sequence[Item]
    involved: frozenset[int]
    conflicts: frozenset[int]
    at: WholeItem | None


@dataclass(frozen=True)
class WholeRoom:
    """A room with everything in it."""

    room: RoomRow
    seats: Sequence[Seat]
    cases: Sequence[CaseInRoom]
    points: Sequence[Point]
    case: WholeCase | None


@dataclass(frozen=True)
class _Kept:
    mark: str
    until: float
    whole: WholeRoom


_kept: dict[tuple[int, int], _Kept] = {}


def whole_room(partnership_id: int, panel_id: int, mark: str) -> WholeRoom:
    """Everything in the room of a panel, in about twenty queries, whatever its size.

    It is kept for the screens that ask next, by the mark that the room had before it was read.

    Raises:
        NotHere: there is no such panel.
    """
    found = room(partnership_id, panel_id)
    cases = cases_in_room(partnership_id, panel_id)
    case = next((case for case in cases if case.id == found.case_id), None)
    whole = WholeRoom(
        room=found,
        seats=seats_of(partnership_id, panel_id),
        cases=cases,
        points=parked_points(partnership_id, panel_id),
        case=_whole_case(partnership_id, found, case) if case and found.is_open else None,
    )
    if len(_kept) >= ROOMS_KEPT:
        _kept.clear()
    _kept[partnership_id, panel_id] = _Kept(mark, time.monotonic() + KEPT_FOR, whole)
    return whole


def room_as_marked(partnership_id: int, panel_id: int, mark: str) -> WholeRoom:
    """`whole_room`, as somebody read it since the room has this mark: a deed in it gives it another.

    For a screen that asks whether its room changed. Raises as `whole_room` does.
    """
    kept = _kept.get((partnership_id, panel_id))
    if kept is None or kept.mark != mark or kept.until < time.monotonic():
        return whole_room(partnership_id, panel_id, mark)
    return kept.whole


def _whole_case(partnership_id: int, found: RoomRow, case: CaseInRoom) -> WholeCase:
    template = frozen_template(partnership_id, found.round_id)
    items = items_of_case(partnership_id, case.id, template, sight=EVERYTHING)
    at = next((item for item in items if item.id == found.item_id), None)
    return WholeCase(
        case=case,
        template=template,
        items=items,
        involved=involved_in(partnership_id, case.id),
        conflicts=frozenset(conflicts_of(partnership_id, case.id)),
        at=_whole_item(partnership_id, at) if at else None,
    )


def _whole_item(partnership_id: int, item: Item) -> WholeItem:
    return WholeItem(
        item=item,
        rated=rated_by(partnership_id, item.id, item.ballot),
        shown=shown_ratings(partnership_id, [item.id]),
        note=note_of(partnership_id, item.id),
    )
