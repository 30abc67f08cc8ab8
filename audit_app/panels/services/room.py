"""Leading a panel's room: opened, from case to case and from item to item, closed. Only its chair leads it on."""

from datetime import datetime

from sqlalchemy import update

from audit_app.accounts.rules import Viewer
from audit_app.cases import queries as cases
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.models import Panel, PanelItem, PanelRoom, ParkedPoint
from audit_app.panels.rules import EVERYTHING, ItemState, RoomStep
from audit_app.panels.services.revision import touch_room
from audit_app.rounds import queries as rounds


def open_room(panel_id: int, *, is_nobody_recording: bool, by: Viewer, at: datetime) -> None:
    """Open the room of a panel, once its chair confirmed that nobody records it. A closed room opens again.

    Raises:
        NotHere: no such panel.
        Refused: not its chair, a panel on paper, open already, or recording was not ruled out.
    """
    panel = queries.panel_for_change(by.partnership_id, panel_id)
    room = queries.room_for_change(by.partnership_id, panel_id)
    reason = rules.why_not_open_room(
        is_chair=rules.is_chair(by, panel.chair_id),
        is_on_paper=panel.is_on_paper,
        is_open=_is_open(room),
        is_nobody_recording=is_nobody_recording,
    )
    if reason:
        raise Refused(reason, field=None if is_nobody_recording else "is_nobody_recording")
    if reason := rules.why_not_hold(queries.round_state_of(by.partnership_id, panel_id)):
        raise Refused(reason)
    record("room_opened", by=by, of=panel)
    touch_room(by.partnership_id, panel_id, opened_at=at, opened_by_id=by.id, closed_at=None, closed_by_id=None)


def close_room(panel_id: int, *, by: Viewer, at: datetime) -> None:
    """Close the room of a panel. What was agreed stays; the room can be opened again.

    Raises:
        NotHere: no such panel.
        Refused: not its chair, or not open.
    """
    panel, _ = _led(panel_id, by=by)
    record("room_closed", by=by, of=panel)
    touch_room(by.partnership_id, panel_id, closed_at=at, closed_by_id=by.id)


def open_case(panel_id: int, case_id: int, *, by: Viewer, at: datetime) -> None:
    """Start a case in the room, or come back to it.

    Raises:
        NotHere: no such panel, or the case is not on it.
        Refused: not its chair, the room is not open, or the case is not released to the panel.
    """
    case = cases.case_for_change(by.partnership_id, case_id)
    _led(panel_id, by=by)
    if queries.hold_of(by.partnership_id, case_id).panel_id != panel_id:
        raise NotHere
    if reason := rules.why_not_open_case(case.state):
        raise Refused(reason)
    taken = queries.panel_case(by.partnership_id, case_id)
    if taken.opened_at is None:
        taken.opened_at = at
        record("case_opened", by=by, of=case)
        db.session.flush()
    touch_room(by.partnership_id, panel_id, case_id=case_id, step=RoomStep.AGENDA, item_id=None)


def look_at(panel_id: int, step: RoomStep, *, by: Viewer, at: datetime) -> None:
    """Lead the room to the agenda of its case, to what is confirmed together, or to the outcome.

    To look at what is confirmed together shows what the agencies chose on it.

    Raises:
        NotHere: no such panel.
        Refused: not its chair, the room is not open, or no case is open in it.
    """
    case_id = queries.room_of(by.partnership_id, panel_id).case_id
    if case_id is not None:
        cases.case_for_change(by.partnership_id, case_id)
    _, room = _led(panel_id, by=by)
    if case_id is None or room.case_id != case_id:
        raise Refused("Open a case first.")
    if step is RoomStep.REST:
        _show_rest(case_id, by=by, at=at)
    touch_room(by.partnership_id, panel_id, step=step, item_id=None)


def _show_rest(case_id: int, *, by: Viewer, at: datetime) -> None:
    case = cases.case_for_change(by.partnership_id, case_id)
    template = rounds.frozen_template(by.partnership_id, case.round_id)
    items = queries.items_of_case(by.partnership_id, case_id, template, sight=EVERYTHING)
    rest = [item.id for item in rules.room_agenda(items).rest]
    mine = (PanelItem.partnership_id == by.partnership_id, PanelItem.case_id == case_id, PanelItem.id.in_(rest))
    db.session.execute(update(PanelItem).where(*mine, PanelItem.state == ItemState.WAITING).values(is_shown=True))
    taken = queries.panel_case(by.partnership_id, case_id)
    if taken.rest_shown_at is None:
        taken.rest_shown_at = at
        record("rest_shown", by=by, of=case)
        db.session.flush()


def hide_timer(panel_id: int, *, is_hidden: bool, by: Viewer) -> None:
    """Hide the clock of the case that is open from every screen, or show it again.

    Raises:
        NotHere, Refused: as for leading the room on.
    """
    _led(panel_id, by=by)
    touch_room(by.partnership_id, panel_id, is_timer_hidden=is_hidden)


def park_point(panel_id: int, *, words: str, by: Viewer, at: datetime) -> None:
    """Put a point aside that belongs elsewhere. Anybody who sits on the panel may.

    Raises:
        NotHere: no such panel, or the person does not sit on it.
        Refused: nothing was said, or too much.
    """
    panel = queries.panel_for_change(by.partnership_id, panel_id)
    _seated(by, panel_id)
    if not words:
        raise Refused("Say what the point is.", field="words")
    if len(words) > rules.POINT_AT_MOST:
        raise Refused(f"The point must be {rules.POINT_AT_MOST:,} characters or fewer.", field="words")
    room = queries.room_of(by.partnership_id, panel_id)
    open_now = [
        case.reference for case in queries.cases_in_room(by.partnership_id, panel_id) if case.id == room.case_id
    ]
    db.session.add(
        ParkedPoint(
            partnership_id=by.partnership_id,
            panel_id=panel_id,
            case_reference="".join(open_now),
            words=words,
            parked_at=at,
            parked_by_id=by.id,
        )
    )
    record("point_parked", by=by, of=panel)
    db.session.flush()
    touch_room(by.partnership_id, panel_id)


def take_point(point_id: int, *, panel_id: int, where_to: str, by: Viewer) -> None:
    """Say where a point that was put aside was taken. Anybody who sits on the panel may.

    Raises:
        NotHere: no such point, or the person does not sit on its panel.
        Refused: it is not said where.
    """
    panel = queries.panel_for_change(by.partnership_id, panel_id)
    _seated(by, panel_id)
    mine = {"partnership_id": by.partnership_id, "panel_id": panel_id, "id": point_id}
    point = db.session.query(ParkedPoint).filter_by(**mine).populate_existing().one_or_none()
    if point is None:
        raise NotHere
    if not where_to:
        raise Refused("Say where the point was taken.", field="where_to")
    if len(where_to) > rules.POINT_AT_MOST:
        raise Refused(f"This must be {rules.POINT_AT_MOST:,} characters or fewer.", field="where_to")
    point.where_to = where_to
    record("point_taken", by=by, of=panel)
    db.session.flush()
    touch_room(by.partnership_id, panel_id)


def _is_open(room: PanelRoom) -> bool:
    return room.opened_at is not None and room.closed_at is None


def _led(panel_id: int, *, by: Viewer) -> tuple[Panel, PanelRoom]:
    """A panel and its room, for its chair to lead it on."""
    panel = queries.panel_as_kept(by.partnership_id, panel_id)
    room = queries.room_for_change(by.partnership_id, panel_id)
    if reason := rules.why_not_steer(is_chair=rules.is_chair(by, panel.chair_id), is_open=_is_open(room)):
        raise Refused(reason)
    return panel, room


def _seated(by: Viewer, panel_id: int) -> None:
    if not by.has(*rules.SITTING) or by.id not in queries.people_of_panel(by.partnership_id, panel_id):
        raise NotHere
