"""Panels in their room for tests: with a chair, a member for each of two agencies and a guest, and a note-taker."""

from dataclasses import dataclass

from sqlalchemy import select

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import AgencyKind, Role, Viewer
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.indicators.rules import AuditTemplate
from audit_app.panels import queries, services
from audit_app.panels.models import Panel, PanelItem, PanelRoom
from audit_app.panels.rules import AgreedHow, Decision, OwnRating, VoteKind
from audit_app.returns.rules import AnswerKind, Known
from tests.factories.accounts import a_member, an_agency
from tests.factories.panels import Sitting, a_panel, items_of
from tests.factories.returns import a_round_with_agencies, hand_over, level_id, say
from tests.factories.rounds import SMALL

DECLINES = "declines"


@dataclass(frozen=True)
class Room(Sitting):
    """A sitting that rates in its room. `member` sits for health; `guest` for an agency that was not asked.

    `second` sits for the police too, where there is one.
    """

    police_member: int = 0
    guest: int = 0
    second: int = 0

    def address(self, rest: str = "") -> str:
        """The address of the room's page, or of one below it."""
        return self.path(f"/panels/{self.panel_id}/room{rest}")


def a_room(
    *,
    cases: int = 1,
    police: str = DECLINES,
    is_open: bool = True,
    has_second: bool = False,
    template: AuditTemplate = SMALL,
) -> Room:
    """A room whose cases are released, and unless told otherwise open with its first case.

    Health rated everything good. Police decline to answer, so that their member rates first in the room, or rate all
    with one level.
    """
    asked = a_round_with_agencies(cases=cases, template=template)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    other = an_agency(partnership, AgencyKind.EDUCATION, name="Not asked")
    chair = a_member(partnership, Role.PANEL_CHAIR, name="Chris Chair")
    health, officer, guest = (
        a_member(partnership, Role.PANEL_MEMBER, agency=None, name=name)
        for name in ("Mo Member", "Pat Police", "Gus Guest")
    )
    notes = a_member(partnership, Role.NOTE_TAKER, name="Nat Notes")
    ids = tuple(db.session.scalars(select(Case.id).where(Case.round_id == asked.round_id).order_by(Case.position)))
    members = {health.id: asked.health, officer.id: asked.police, guest.id: other.id, notes.id: None}
    second = a_member(partnership, Role.PANEL_MEMBER, agency=None, name="Sal Second").id if has_second else 0
    members |= {second: asked.police} if second else {}
    panel = a_panel(asked, ids, chair=chair.id, members=members, is_on_paper=False)
    room = Room(asked, panel.id, chair.id, health.id, notes.id, ids, officer.id, guest.id, second)
    for case in range(cases):
        hand_over(asked.returns[asked.health][case], asked.actor(asked.health_auditor))
        officer_of = asked.actor(asked.police_auditor)
        if police == DECLINES:
            say(asked.returns[asked.police][case], Known.DECLINED, officer_of, "Nobody could be spared.")
        else:
            hand_over(asked.returns[asked.police][case], officer_of, police)
        with transaction():
            services.release_case(ids[case], by=room.actor(room.chair), at=clock.now())
    if is_open:
        open_room(room)
        open_case(room)
    return room


def open_room(room: Room) -> None:
    """The chair opens the room, once nobody records it."""
    with transaction():
        services.open_room(room.panel_id, is_nobody_recording=True, by=room.actor(room.chair), at=clock.now())


def open_case(room: Room, case: int = 0) -> None:
    """The chair opens a case in the room."""
    with transaction():
        services.open_case(room.panel_id, room.cases[case], by=room.actor(room.chair), at=clock.now())


def item_id(room: Room, code: str = "A04", case: int = 0) -> int:
    """The id of an item of a case, by the code of its indicator (with the agency's id, for own work: A01-7)."""
    return items_of(room, case)[code].id


def the_item(item: int) -> PanelItem:
    """An item as it is kept now."""
    db.session.rollback()
    found = db.session.get_one(PanelItem, item, populate_existing=True)
    db.session.rollback()
    return found


def the_room(room: Room) -> PanelRoom:
    """The room as it is kept now."""
    db.session.rollback()
    found = queries.room_of(room.asked.partnership_id, room.panel_id)
    db.session.rollback()
    return found


def ask(room: Room, item: int) -> None:
    """The chair asks the panel to rate an item."""
    with transaction():
        services.ask_to_rate(item, by=room.actor(room.chair))


def rate(room: Room, item: int, who: int, code: str = "inadequate", *, ballot: int = 1, why: str = "I saw it.") -> None:
    """Somebody gives their own rating: a level by its code, or `abstain`."""
    rating = (
        OwnRating(VoteKind.ABSTAIN, None, why)
        if code == VoteKind.ABSTAIN
        else OwnRating(VoteKind.LEVEL, level_id(room.asked.round_id, code), why)
    )
    with transaction():
        services.give_rating(item, ballot=ballot, rating=rating, by=room.actor(who), at=clock.now())


def show(room: Room, item: int) -> None:
    """The chair shows the ratings of an item."""
    version = the_item(item).version
    with transaction():
        services.show_ratings(item, version=version, by=room.actor(room.chair))


def again(room: Room, item: int) -> None:
    """The chair asks everybody to rate an item once more."""
    version = the_item(item).version
    with transaction():
        services.rate_again(item, version=version, by=room.actor(room.chair))


def agree_in_room(room: Room, item: int, code: str = "requires_improvement", **more: object) -> None:
    """The chair records what the panel agreed on an item whose ratings are shown."""
    known = {
        "item_id": item,
        "version": the_item(item).version,
        "answer": AnswerKind.LEVEL,
        "level_id": level_id(room.asked.round_id, code),
        "reason": "Both saw the same.",
        "how": AgreedHow.VOTED,
    }
    with transaction():
        services.agree_item(Decision(**{**known, **more}), by=room.actor(room.chair), at=clock.now())  # type: ignore[arg-type]


def reopen(room: Room, item: int, reason: str = "A date was read wrongly.") -> None:
    """The chair reopens an agreed item."""
    version = the_item(item).version
    with transaction():
        services.reopen_item(item, reason=reason, version=version, by=room.actor(room.chair))


def person(room: Room, who: int) -> Viewer:
    """One of the people of a room, as services see them."""
    return room.actor(who)


def leave(room: Room, who: int) -> None:
    """The coordinator takes somebody off the panel."""
    panel = db.session.get_one(Panel, room.panel_id, populate_existing=True)
    members = {seat.person_id: seat.agency_id for seat in queries.seats_of(room.asked.partnership_id, room.panel_id)}
    members.pop(who)
    by = room.actor(room.asked.coordinator)
    with transaction():
        services.change_panel(
            room.panel_id,
            held_on=panel.held_on,
            place=panel.place,
            chair_id=panel.chair_id,
            members=members,
            case_ids=room.cases,
            version=panel.version,
            by=by,
        )


def leave_out(room: Room, who: int, case: int = 0) -> None:
    """The chair marks that somebody has a conflict of interest in a case."""
    by = room.actor(room.chair)
    with transaction():
        services.mark_conflict(room.cases[case], who, reason="A cousin.", by=by, at=clock.now())
