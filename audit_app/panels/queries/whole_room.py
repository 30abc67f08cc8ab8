"""All that is in a panel's room, what is hidden with it. Only `screens.py` shows of it, each viewer what is theirs."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from audit_app.panels.queries.conflicts import conflicts_of
from audit_app.panels.queries.items import given_on_case, items_of_case
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
from audit_app.panels.rules import (
    EVERYTHING,
    Attendance,
    Given,
    Item,
    ItemState,
    RoomAgenda,
    Seat,
    SeatState,
    Share,
    Shown,
    first_ratings,
    furthest_apart,
    proposed,
    returns_as_shown,
    room_agenda,
    share_of,
)
from audit_app.panels.rules.together import Said
from audit_app.rounds.queries import frozen_template
from audit_app.rounds.rules import FrozenTemplate

T = TypeVar("T")

KEPT_AT_MOST = 32
"""Rooms, and cases in them, that a process keeps as they were read last: some 100 kB each."""
KEPT_FOR = 60.0
"""Seconds. What no mark tells of (somebody's new name, a text that was destroyed) is read anew after that, and what a
case brought after twice that at most: a room may keep it for as long again."""


class _Kept(Generic[T]):
    """What a process read last, each by its partnership and its own id, for a minute and only by the mark it had."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], tuple[object, float, T]] = {}

    def get(self, key: tuple[int, int], mark: object) -> T | None:
        its_mark, until, what = self._read.get(key, (None, 0.0, None))
        return what if its_mark == mark and time.monotonic() < until else None

    def forget(self) -> None:
        self._read.clear()

    def put(self, key: tuple[int, int], mark: object, what: T) -> T:
        if len(self._read) >= KEPT_AT_MOST:
            self.forget()
        self._read[key] = (mark, time.monotonic() + KEPT_FOR, what)
        return what


@dataclass(frozen=True)
class SeatNow:
    """Somebody at the table, and whether they have given their rating of what is rated now."""

    seat: Seat
    state: SeatState


@dataclass(frozen=True)
class Ballot:
    """The ratings of an item that were shown at one time, the returns among the first."""

    number: int
    ratings: Sequence[Shown]
    share: Share
    furthest: Sequence[Shown]


@dataclass(frozen=True)
class WholeItem:
    """The item that a room looks at, with what is hidden of it; what was shown of it, what is noted."""

    item: Item
    rated: frozenset[int]
    ballots: Sequence[Ballot]
    note: Note


@dataclass(frozen=True)
class CaseFile:
    """What a case brings to its panel: its release froze it, and no deed in a room changes it."""

    template: FrozenTemplate
    given: Mapping[int, Sequence[Given]]
    involved: frozenset[int]


@dataclass(frozen=True)
class WholeCase:
    """The case that is open in a room. Only `at` holds what is hidden: the agenda is as every screen may show it."""

    case: CaseInRoom
    file: CaseFile
    agenda: RoomAgenda
    proposals: Mapping[int, Said | None]
    items: int
    conflicts: frozenset[int]
    at: WholeItem | None


@dataclass(frozen=True)
class WholeRoom:
    """A room with everything in it, sorted once for all its screens."""

    room: RoomRow
    seats: Sequence[SeatNow]
    cases: Sequence[CaseInRoom]
    points: Sequence[Point]
    case: WholeCase | None


_rooms, _files = _Kept[WholeRoom](), _Kept[CaseFile]()


def forget_rooms() -> None:
    """Forget what this process keeps: its database is another now."""
    _rooms.forget()
    _files.forget()


def whole_room(partnership_id: int, panel_id: int, mark: str) -> WholeRoom:
    """Everything in the room of a panel, in a dozen queries, whatever its size, and once a minute in seven more: those
    for what its case brought.

    It is kept for the screens that ask next, by the mark that the room had before it was read.

    Raises:
        NotHere: there is no such panel.
    """
    found = room(partnership_id, panel_id)
    cases = cases_in_room(partnership_id, panel_id)
    case = next((case for case in cases if case.id == found.case_id), None)
    whole_case = _whole_case(partnership_id, found, case) if case and found.is_open else None
    whole = WholeRoom(
        room=found,
        seats=[SeatNow(seat, _state(seat, whole_case)) for seat in seats_of(partnership_id, panel_id)],
        cases=cases,
        points=parked_points(partnership_id, panel_id),
        case=whole_case,
    )
    return _rooms.put((partnership_id, panel_id), mark, whole)


def room_as_marked(partnership_id: int, panel_id: int, mark: str) -> WholeRoom:
    """`whole_room`, as somebody read it since the room has this mark: a deed in it gives it another.

    For a screen that asks whether its room changed. Raises as `whole_room` does.
    """
    return _rooms.get((partnership_id, panel_id), mark) or whole_room(partnership_id, panel_id, mark)


def _whole_case(partnership_id: int, found: RoomRow, case: CaseInRoom) -> WholeCase:
    file = _file(partnership_id, found.round_id, case)
    items = items_of_case(partnership_id, case.id, file.template, sight=EVERYTHING, given=file.given)
    at = next((item for item in items if item.id == found.item_id), None)
    agenda = room_agenda(items)
    return WholeCase(
        case=case,
        file=file,
        agenda=agenda if found.is_showing_levels else _redacted(agenda),
        proposals={item.id: proposed(item) for item in agenda.rest if item.is_shown},
        items=len(items),
        conflicts=frozenset(conflicts_of(partnership_id, case.id)),
        at=_whole_item(partnership_id, at) if at else None,
    )


def _file(partnership_id: int, round_id: int, case: CaseInRoom) -> CaseFile:
    if kept := _files.get((partnership_id, case.id), case.released_at):
        return kept
    template = frozen_template(partnership_id, round_id)
    return _files.put(
        (partnership_id, case.id),
        case.released_at,
        CaseFile(
            template=template,
            given=given_on_case(partnership_id, case.id, template),
            involved=involved_in(partnership_id, case.id),
        ),
    )


def _whole_item(partnership_id: int, item: Item) -> WholeItem:
    return WholeItem(
        item=item,
        rated=rated_by(partnership_id, item.id, item.ballot),
        ballots=_ballots(item, shown_ratings(partnership_id, [item.id])),
        note=note_of(partnership_id, item.id),
    )


def _state(seat: Seat, case: WholeCase | None) -> SeatState:
    """Where somebody is, and with the item that is rated. Of their rating it says only that it is there."""
    if case and case.at and seat.person_id in case.at.rated:
        return SeatState.RATED
    if seat.attendance is Attendance.APOLOGIES:
        return SeatState.APOLOGIES
    if seat.agency_id is None:
        return SeatState.WRITES
    if case and seat.person_id in case.conflicts:
        return SeatState.LEFT_OUT
    if case and seat.agency_id not in case.file.involved:
        return SeatState.ASKS
    if case is None or case.at is None:
        return SeatState.HERE
    return SeatState.BY_RETURN if seat.agency_id in first_ratings(case.at.item) else SeatState.TO_RATE


def _redacted(agenda: RoomAgenda) -> RoomAgenda:
    """An agenda names its items: of those that are not shown, even what agencies wrote stays behind."""

    def named(item: Item) -> Item:
        return item if item.is_shown else replace(item, given=())

    return RoomAgenda(
        discussed=[named(item) for item in agenda.discussed],
        rest=[named(item) for item in agenda.rest],
        overall=named(agenda.overall) if agenda.overall else None,
        agreed=agenda.agreed,
    )


def _ballots(item: Item, shown: Mapping[tuple[int, int], Sequence[Shown]]) -> Sequence[Ballot]:
    """What was shown of an item, ballot by ballot. The returns count as the first ratings of their agencies."""
    last = item.ballot if item.state in {ItemState.REVEALED, ItemState.AGREED} else item.ballot - 1
    ballots = []
    for number in range(1, last + 1):
        returned = returns_as_shown(item) if number == 1 else []
        ratings = [*returned, *shown.get((item.id, number), ())]
        ballots.append(Ballot(number, ratings, share_of(ratings), furthest_apart(ratings)))
    return ballots
