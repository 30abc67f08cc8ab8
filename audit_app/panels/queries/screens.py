"""What one screen in a panel's room shows: complete, and nothing that its viewer may not see yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit_app.accounts.rules import Viewer
from audit_app.panels.queries.room import CaseInRoom, Moment, Note, Point, RoomRow, moment_of, own_rating
from audit_app.panels.queries.room import Given as OwnGiven
from audit_app.panels.queries.whole_room import Ballot, SeatNow, WholeCase, WholeRoom, room_as_marked, whole_room
from audit_app.panels.rules import (
    Item,
    RoomAgenda,
    RoomPart,
    Seat,
    SeatState,
    Sight,
    first_ratings,
    is_chair,
    redacted,
    why_not_rate,
)
from audit_app.panels.rules.together import Said
from audit_app.rounds.rules import FrozenTemplate


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
    mine = next((place.seat for place in whole.seats if place.seat.person_id == viewer.id), None)
    part = RoomPart.PROJECTOR if is_projector else _part(viewer, whole.room, mine)
    own = frozenset({mine.agency_id} - {None}) if mine and part is RoomPart.MEMBER else frozenset()
    sight = Sight(is_blind=not whole.room.is_showing_levels, own_agencies=own)  # type: ignore[arg-type]
    case = _case_now(viewer, whole.case) if whole.case else None
    item = _item_now(viewer, whole, part, mine, sight)
    return Screen(whole.room, part, whole.seats, whole.cases, case, item, whole.points)


def _case_now(viewer: Viewer, whole: WholeCase) -> CaseNow:
    return CaseNow(
        case=whole.case,
        template=whole.file.template,
        agenda=whole.agenda,
        proposals=whole.proposals,
        agreed=len(whole.agenda.agreed),
        items=whole.items,
        is_left_out=viewer.id in whole.conflicts,
    )


def _item_now(viewer: Viewer, whole: WholeRoom, part: RoomPart, mine: Seat | None, sight: Sight) -> ItemNow | None:
    case = whole.case
    if case is None or case.at is None:
        return None
    item = case.at.item
    is_member = part is RoomPart.MEMBER
    asked = {"involved": case.file.involved, "conflicts": case.conflicts, "first": first_ratings(item)}
    states = Counter(place.state for place in whole.seats)
    return ItemNow(
        item=redacted(item, sight),
        own=own_rating(viewer.partnership_id, item.id, item.ballot, person_id=viewer.id) if is_member else None,
        why_not_rate=why_not_rate(mine, **asked) if mine else None,
        ballots=case.at.ballots,
        note=case.at.note if part in {RoomPart.CHAIR, RoomPart.NOTES} else Note("", "", 0),
        rated=states[SeatState.RATED],
        rates=states[SeatState.RATED] + states[SeatState.TO_RATE],
    )


def _part(viewer: Viewer, found: RoomRow, seat: Seat | None) -> RoomPart:
    if is_chair(viewer, found.chair_id):
        return RoomPart.CHAIR
    if seat is None:
        return RoomPart.LOOKING
    return RoomPart.NOTES if seat.agency_id is None else RoomPart.MEMBER
