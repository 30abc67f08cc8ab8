"""What one screen in a panel's room shows: complete, and nothing that its viewer may not see yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit_app.accounts.rules import Viewer
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
    own_rating,
    parked_points,
    rated_by,
    room,
    seats_of,
    shown_ratings,
)
from audit_app.panels.queries.room import Given as OwnGiven
from audit_app.panels.rules import (
    EVERYTHING,
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
from audit_app.rounds.queries import frozen_template
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


def screen(viewer: Viewer, panel_id: int, *, is_projector: bool = False) -> Screen:
    """The room of a panel as one person sees it, or as it is projected for all.

    A projector shows nothing of its own: neither the return nor the rating of whoever opened it. About twenty queries,
    whatever the size of the panel; a poll that finds nothing new asks one.

    Raises:
        NotHere: there is no such panel for this viewer.
    """
    found = room(viewer, panel_id)
    partnership_id = viewer.partnership_id
    seats = seats_of(partnership_id, panel_id)
    mine = next((seat for seat in seats if seat.person_id == viewer.id), None)
    cases = cases_in_room(partnership_id, panel_id)
    open_case = next((case for case in cases if case.id == found.case_id), None)
    part = RoomPart.PROJECTOR if is_projector else _part(viewer, found, mine)
    points = parked_points(partnership_id, panel_id)
    if open_case is None or not found.is_open:
        at_rest = [SeatNow(seat, _at_rest(seat)) for seat in seats]
        return Screen(found, part, at_rest, cases, None, None, points)

    template = frozen_template(partnership_id, found.round_id)
    whole = items_of_case(partnership_id, open_case.id, template, sight=EVERYTHING)
    own = frozenset({mine.agency_id} - {None}) if mine and part is RoomPart.MEMBER else frozenset()
    sight = Sight(is_blind=not found.is_showing_levels, own_agencies=own)  # type: ignore[arg-type]
    involved, conflicts = (
        involved_in(partnership_id, open_case.id),
        frozenset(conflicts_of(partnership_id, open_case.id)),
    )
    agenda = room_agenda(whole)
    case = CaseNow(
        case=open_case,
        template=template,
        agenda=_redacted(agenda, sight),
        proposals={item.id: proposed(item) for item in agenda.rest if item.is_shown},
        agreed=len(agenda.agreed),
        items=len(whole),
        is_left_out=viewer.id in conflicts,
    )
    at = next((item for item in whole if item.id == found.item_id), None)
    if at is None:
        at_rest = [SeatNow(seat, _at_rest(seat, involved, conflicts)) for seat in seats]
        return Screen(found, part, at_rest, cases, case, None, points)
    rated = rated_by(partnership_id, at.id, at.ballot)
    first = first_ratings(at)
    places = [SeatNow(seat, _state(seat, rated, involved, conflicts, first)) for seat in seats]
    now = ItemNow(
        item=redacted(at, sight),
        own=own_rating(partnership_id, at.id, at.ballot, person_id=viewer.id) if part is RoomPart.MEMBER else None,
        why_not_rate=why_not_rate(mine, involved=involved, conflicts=conflicts, first=first) if mine else None,
        ballots=_ballots(at, shown_ratings(partnership_id, [at.id])),
        note=note_of(partnership_id, at.id) if part in {RoomPart.CHAIR, RoomPart.NOTES} else Note("", "", 0),
        rated=sum(place.state is SeatState.RATED for place in places),
        rates=sum(place.state in {SeatState.RATED, SeatState.TO_RATE} for place in places),
    )
    return Screen(found, part, places, cases, case, now, points)


def _part(viewer: Viewer, found: RoomRow, seat: Seat | None) -> RoomPart:
    if is_chair(viewer, found.chair_id):
        return RoomPart.CHAIR
    if seat is None:
        return RoomPart.LOOKING
    return RoomPart.NOTES if seat.agency_id is None else RoomPart.MEMBER


def _at_rest(seat: Seat, involved: frozenset[int] | None = None, conflicts: frozenset[int] = frozenset()) -> SeatState:
    if seat.attendance is Attendance.APOLOGIES:
        return SeatState.APOLOGIES
    if seat.agency_id is None:
        return SeatState.WRITES
    if seat.person_id in conflicts:
        return SeatState.LEFT_OUT
    return SeatState.ASKS if involved is not None and seat.agency_id not in involved else SeatState.HERE


def _state(
    seat: Seat, rated: frozenset[int], involved: frozenset[int], conflicts: frozenset[int], first: frozenset[int]
) -> SeatState:
    """Where somebody is with the item that is rated. Of their rating it says only that it is there."""
    at_rest = _at_rest(seat, involved, conflicts)
    if seat.person_id in rated:
        return SeatState.RATED
    if at_rest is not SeatState.HERE:
        return at_rest
    return SeatState.BY_RETURN if seat.agency_id in first else SeatState.TO_RATE


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
