"""What one screen in a panel's room shows: complete, and nothing that its viewer may not see yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit_app.accounts.rules import Viewer
from audit_app.panels.queries.room import CaseInRoom, Moment, Note, Point, RoomRow, moment_of, own_rating
from audit_app.panels.queries.room import Given as OwnGiven
from audit_app.panels.queries.whole_room import WholeCase, room_as_marked, whole_room
from audit_app.panels.rules import (
    Attendance,
    Item,
    ItemState,
    RoomAgenda,
    RoomPart,
    Seat,
    SeatState,
    Share,
    Shown,
    Sight,
    first_ratings,
    furthest_apart,
    is_chair,
    proposed,
    redacted,
    returns_as_shown,
    room_agenda,
    share_of,
    why_not_rate,
)
from audit_app.panels.rules.together import Said
from audit_app.rounds.rules import FrozenTemplate


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
class ItemNow:
    """The item that the room looks at, as this viewer may see it."""

    item: Item
    own: OwnGiven | None
    why_not_rate: str | None
    ballots: Sequence[Ballot]
    note: Note
    rated: int
    rates: int


@dataclass(frozen=True)
class CaseNow:
    """The case that is open in the room. Its items are redacted for the viewer."""

    case: CaseInRoom
    template: FrozenTemplate
    agenda: RoomAgenda
    proposals: Mapping[int, Said | None]
    agreed: int
    items: int
    is_left_out: bool  # the viewer, by a conflict of interest


@dataclass(frozen=True)
class Screen:
    """All that one screen shows."""

    room: RoomRow
    part: RoomPart
    seats: Sequence[SeatNow]
    cases: Sequence[CaseInRoom]
    case: CaseNow | None
    item: ItemNow | None
    points: Sequence[Point]


def screen(viewer: Viewer, panel_id: int, *, is_projector: bool = False, at: Moment | None = None) -> Screen:
    """The room of a panel as one person sees it, or as it is projected for all.

    A projector shows nothing of its own: neither the return nor the rating of whoever opened it. `at` is the moment
    that a poll has just got for this viewer: what somebody read of the room since its last change then serves for all.

    Raises:
        NotHere: there is no such panel for this viewer.
    """
    partnership_id = viewer.partnership_id
    if at is None:
        whole = whole_room(partnership_id, panel_id, moment_of(viewer, panel_id).mark)
    else:
        whole = room_as_marked(partnership_id, panel_id, at.mark)
    mine = next((seat for seat in whole.seats if seat.person_id == viewer.id), None)
    part = RoomPart.PROJECTOR if is_projector else _part(viewer, whole.room, mine)
    own = frozenset({mine.agency_id} - {None}) if mine and part is RoomPart.MEMBER else frozenset()
    sight = Sight(is_blind=not whole.room.is_showing_levels, own_agencies=own)  # type: ignore[arg-type]
    seats = [SeatNow(seat, _state(seat, whole.case)) for seat in whole.seats]
    case = _case_now(viewer, whole.case, sight) if whole.case else None
    item = _item_now(viewer, whole.case, part, mine, seats, sight) if whole.case else None
    return Screen(whole.room, part, seats, whole.cases, case, item, whole.points)


def _case_now(viewer: Viewer, whole: WholeCase, sight: Sight) -> CaseNow:
    agenda = room_agenda(whole.items)
    return CaseNow(
        case=whole.case,
        template=whole.file.template,
        agenda=_redacted(agenda, sight),
        proposals={item.id: proposed(item) for item in agenda.rest if item.is_shown},
        agreed=len(agenda.agreed),
        items=len(whole.items),
        is_left_out=viewer.id in whole.conflicts,
    )


def _item_now(
    viewer: Viewer, case: WholeCase, part: RoomPart, mine: Seat | None, seats: Sequence[SeatNow], sight: Sight
) -> ItemNow | None:
    if case.at is None:
        return None
    item = case.at.item
    is_member = part is RoomPart.MEMBER
    asked = {"involved": case.file.involved, "conflicts": case.conflicts, "first": first_ratings(item)}
    return ItemNow(
        item=redacted(item, sight),
        own=own_rating(viewer.partnership_id, item.id, item.ballot, person_id=viewer.id) if is_member else None,
        why_not_rate=why_not_rate(mine, **asked) if mine else None,
        ballots=_ballots(item, case.at.shown),
        note=case.at.note if part in {RoomPart.CHAIR, RoomPart.NOTES} else Note("", "", 0),
        rated=sum(place.state is SeatState.RATED for place in seats),
        rates=sum(place.state in {SeatState.RATED, SeatState.TO_RATE} for place in seats),
    )


def _part(viewer: Viewer, found: RoomRow, seat: Seat | None) -> RoomPart:
    if is_chair(viewer, found.chair_id):
        return RoomPart.CHAIR
    if seat is None:
        return RoomPart.LOOKING
    return RoomPart.NOTES if seat.agency_id is None else RoomPart.MEMBER


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


def _redacted(agenda: RoomAgenda, sight: Sight) -> RoomAgenda:
    """An agenda names its items: of those that are not shown, even what agencies wrote stays behind."""

    def named(item: Item) -> Item:
        return item if item.is_shown or not sight.is_blind else replace(item, given=())

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
