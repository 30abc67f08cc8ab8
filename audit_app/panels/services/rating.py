"""Rating an item in the room: asked, given by each for themselves, shown by the chair, asked again, reopened.

Every deed here locks the case first, then the item, and raises the room's revision last, so that a rating that is given
while the chair shows them is either among them or refused.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from audit_app.accounts.rules import Viewer
from audit_app.cases import queries as cases
from audit_app.cases.models import Case
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.models import AgreedRating, ItemNote, PanelItem, PanelMember, Vote
from audit_app.panels.queries import Hold, ItemToAgree
from audit_app.panels.rules import EVERYTHING, Attendance, Item, ItemState, OwnRating, RoomStep, VoteKind
from audit_app.panels.services.revision import touch_room
from audit_app.returns.rules import TEXT_AT_MOST
from audit_app.rounds import queries as rounds


@dataclass(frozen=True)
class _Place:
    """An item, locked with its case, and the panel that takes it."""

    case: Case
    hold: Hold
    item: ItemToAgree

    @property
    def row(self) -> PanelItem:
        return self.item.row


def ask_to_rate(item_id: int, *, by: Viewer) -> None:
    """Lead the room to an item. One that waits is rated from now on, by each for themselves.

    Raises:
        NotHere: no such item.
        Refused: not the chair, the room is not open, or another case is open in it.
    """
    place = _led(item_id, by=by)
    if place.row.state is ItemState.WAITING:
        place.row.state, place.row.ballot = ItemState.VOTING, place.row.ballot + 1
        place.row.version += 1
        record("rating_asked", by=by, of=place.case, indicator=place.item.name)
        db.session.flush()
    _look(place, by=by)


def give_rating(item_id: int, *, ballot: int, rating: OwnRating, by: Viewer, at: datetime) -> None:
    """Give one's own rating of an item, or give it anew until the ratings are shown. Nobody else sees it till then.

    Raises:
        NotHere: no such item, or the person does not sit on its panel.
        Refused: the ratings were shown meanwhile, the person does not rate this, something is missing, or the level is
            not of this round.
    """
    place = _locked(item_id, by=by)
    seat = next((one for one in _seats(place) if one.person_id == by.id), None)
    if seat is None:
        raise NotHere
    if reason := rules.why_not_take(place.row.state, ballot=place.row.ballot, asked=ballot):
        raise Refused(reason)
    reason = rules.why_not_rate(
        seat,
        involved=queries.involved_in(by.partnership_id, place.case.id),
        conflicts=queries.conflicts_of(by.partnership_id, place.case.id),
        first=_first(place),
    )
    if reason or seat.agency_id is None:
        raise Refused(reason or "Members rate.")
    if gap := rules.why_not_give(rating, is_narrative=place.item.is_narrative):
        raise Refused(gap[1], field=gap[0])
    levels = queries.level_ids(by.partnership_id, place.case.round_id)
    if (rating.level_id in levels) is not (rating.answer is VoteKind.LEVEL):
        raise Refused("Choose one of the answers shown.", field="answer")
    _keep(place, seat.agency_id, rating, by=by, at=at)
    touch_room(by.partnership_id, place.hold.panel_id)


def _keep(place: _Place, agency_id: int, rating: OwnRating, *, by: Viewer, at: datetime) -> None:
    mine = {
        "partnership_id": by.partnership_id,
        "item_id": place.row.id,
        "ballot": place.row.ballot,
        "person_id": by.id,
    }
    vote = db.session.query(Vote).filter_by(**mine).populate_existing().one_or_none()
    if vote is None:
        vote = Vote(**mine)
        db.session.add(vote)
    assert rating.answer is not None
    vote.agency_id, vote.answer, vote.level_id = agency_id, rating.answer, rating.level_id
    vote.reasoning, vote.given_at = rating.reasoning, at
    db.session.flush()
    db.session.execute(
        update(PanelMember)
        .where(
            PanelMember.partnership_id == by.partnership_id,
            PanelMember.panel_id == place.hold.panel_id,
            PanelMember.person_id == by.id,
        )
        .values(attendance=Attendance.PRESENT)
    )


def show_ratings(item_id: int, *, version: int, by: Viewer) -> None:
    """Show what everybody gave on an item, all at once, with what the agencies' returns say.

    Raises:
        NotHere: no such item.
        Refused: not the chair, the room is not open, nobody is rating it, or nobody gave anything.
        Stale: the item moved on since `version`.
    """
    place = _led(item_id, version=version, by=by)
    given = len(queries.rated_by(by.partnership_id, item_id, place.row.ballot)) + len(_first(place))
    if reason := rules.why_not_show(place.row.state, given=given):
        raise Refused(reason)
    place.row.state, place.row.is_shown = ItemState.REVEALED, True
    place.row.version += 1
    record("ratings_shown", by=by, of=place.case, indicator=place.item.name)
    db.session.flush()
    _look(place, by=by)


def rate_again(item_id: int, *, version: int, by: Viewer) -> None:
    """Ask everybody to rate an item once more. What was given before stays beside it.

    Raises:
        NotHere, Refused, Stale: as for showing the ratings; or they are not shown yet, or agreed already.
    """
    place = _led(item_id, version=version, by=by)
    if reason := rules.why_not_rate_again(place.row.state):
        raise Refused(reason)
    place.row.state, place.row.ballot = ItemState.VOTING, place.row.ballot + 1
    place.row.version += 1
    record("rating_asked_again", by=by, of=place.case, indicator=place.item.name)
    db.session.flush()
    _look(place, by=by)


def reopen_item(item_id: int, *, reason: str, version: int, by: Viewer) -> None:
    """Rate an agreed item anew, with a reason. What was agreed stays readable, and counts no more.

    Raises:
        NotHere, Refused, Stale: as for showing the ratings; or it is not agreed, or no reason is given.
    """
    place = _led(item_id, version=version, by=by)
    if refusal := rules.why_not_reopen(place.case.state, place.row.state, reason=reason):
        raise Refused(refusal, field="reason")
    if len(reason) > TEXT_AT_MOST:
        raise Refused(f"The reason must be {TEXT_AT_MOST:,} characters or fewer.", field="reason")
    db.session.execute(
        update(AgreedRating)
        .where(
            AgreedRating.partnership_id == by.partnership_id,
            AgreedRating.item_id == item_id,
            AgreedRating.is_current,
        )
        .values(is_current=False)
    )
    place.row.state, place.row.ballot = ItemState.VOTING, place.row.ballot + 1
    place.row.reopened_because = reason
    place.row.version += 1
    record("item_reopened", by=by, of=place.case, indicator=place.item.name)
    db.session.flush()
    _look(place, by=by)


def pull_out(item_id: int, *, by: Viewer) -> None:
    """Ask to talk about an item that would be confirmed together with others. Anybody who sits on the panel may.

    Raises:
        NotHere: no such item, or the person does not sit on its panel.
        Refused: it is agreed already, or talked about in any case.
    """
    place = _locked(item_id, by=by)
    item = _whole(place)
    if reason := rules.why_not_pull_out(item, is_rest=not rules.is_discussed(item)):
        raise Refused(reason)
    place.row.pulled_out_by_id = by.id
    place.row.version += 1
    record("item_pulled_out", by=by, of=place.case, indicator=place.item.name)
    db.session.flush()
    touch_room(by.partnership_id, place.hold.panel_id)


def note_item(item_id: int, *, reason: str, better: str, version: int, by: Viewer, at: datetime) -> None:
    """Note what the panel says of an item, for the chair to confirm. Note-takers and the chair write it.

    Raises:
        NotHere: no such item, or the person does not sit on its panel.
        Refused: they rate on it, or a text is too long.
        Stale: somebody else noted something since `version`; `theirs` has it.
    """
    place = _locked(item_id, by=by)
    writers = {seat.person_id for seat in _seats(place) if seat.agency_id is None}
    if by.id not in writers | {place.hold.chair_id}:
        raise Refused("The note-taker and the chair write what the panel says.")
    for field, text in (("reason", reason), ("better", better)):
        if len(text) > TEXT_AT_MOST:
            raise Refused(f"This must be {TEXT_AT_MOST:,} characters or fewer. It has {len(text):,}.", field=field)
    mine = {"partnership_id": by.partnership_id, "item_id": item_id}
    note = db.session.query(ItemNote).filter_by(**mine).populate_existing().one_or_none()
    if note is None:
        note = ItemNote(**mine, version=0)
        db.session.add(note)
    if version != note.version:
        raise Stale({"reason": note.reason, "better": note.better}, version=note.version)
    note.reason, note.better, note.version = reason, better, note.version + 1
    note.written_at, note.written_by_id = at, by.id
    db.session.flush()
    touch_room(by.partnership_id, place.hold.panel_id)


def _locked(item_id: int, *, by: Viewer) -> _Place:
    """An item, locked with its case and then the room, for somebody who sits on its panel to do something with it."""
    case = cases.case_for_change(by.partnership_id, queries.case_of_item(by.partnership_id, item_id))
    place = _Place(
        case, queries.hold_of(by.partnership_id, case.id), queries.item_for_change(by.partnership_id, item_id)
    )
    if place.hold.panel_id is None or by.id not in queries.people_of_panel(by.partnership_id, place.hold.panel_id):
        raise NotHere
    room = queries.room_for_change(by.partnership_id, place.hold.panel_id)
    reason = rules.why_not_in_room(
        case.state,
        round_state=place.hold.round_state,
        is_open=room.opened_at is not None and room.closed_at is None,
        is_its_case=room.case_id == case.id,
        is_sitting=by.has(*rules.SITTING),
    )
    if reason:
        raise Refused(reason)
    return place


def _led(item_id: int, *, by: Viewer, version: int | None = None) -> _Place:
    """An item, locked, for the chair of its panel to lead the room on; in the state that they saw, if that is asked."""
    place = _locked(item_id, by=by)
    if reason := rules.why_not_steer(is_chair=rules.is_chair(by, place.hold.chair_id), is_open=True):
        raise Refused(reason)
    if version is not None and version != place.row.version:
        raise Stale({}, version=place.row.version, reason="The room moved on meanwhile. Look at where it is now.")
    return place


def _seats(place: _Place) -> list[rules.Seat]:
    return list(queries.seats_of(place.case.partnership_id, place.hold.panel_id))


def _first(place: _Place) -> frozenset[int]:
    """The agencies whose returns are their rating of the item now."""
    return queries.agencies_that_rated(place.row) if place.row.ballot == 1 else frozenset()


def _whole(place: _Place) -> Item:
    """The item with all that the agencies' returns say, for deciding on it; never for a page."""
    template = rounds.frozen_template(place.case.partnership_id, place.case.round_id)
    items = queries.items_of_case(place.case.partnership_id, place.case.id, template, sight=EVERYTHING)
    return next(item for item in items if item.id == place.row.id)


def _look(place: _Place, *, by: Viewer) -> None:
    """Lead every screen to the item: the last statement of a deed."""
    touch_room(by.partnership_id, place.hold.panel_id, step=RoomStep.ITEM, item_id=place.row.id)
