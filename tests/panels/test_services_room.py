"""The deeds of a room: opened, rated in blind, shown, agreed, asked again, reopened; and what is refused."""

import pytest
from sqlalchemy import select, update

from audit_app.accounts.models import Membership
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.panels import queries, services
from audit_app.panels.models import Dissent, Vote
from audit_app.panels.rules import AgreedHow, Attendance, Decision, ItemState, OwnRating, RoomStep, VoteKind
from audit_app.returns.rules import AnswerKind
from tests.factories.panels import agreed_rows, items_of, last_deed, the_case, withdraw_round
from tests.factories.returns import level_id
from tests.factories.rooms import (
    Room,
    again,
    agree_in_room,
    ask,
    item_id,
    open_room,
    rate,
    reopen,
    show,
    the_item,
    the_room,
)
from tests.fixtures import Together


def votes_on(item: int) -> list[Vote]:
    db.session.rollback()
    return list(db.session.scalars(select(Vote).where(Vote.item_id == item).order_by(Vote.id)))


def test_a_room_opens_only_once_nobody_is_recording(closed: Room) -> None:
    chair = closed.actor(closed.chair)
    with pytest.raises(Refused, match="Confirm that nobody is recording") as refused, transaction():
        services.open_room(closed.panel_id, is_nobody_recording=False, by=chair, at=clock.now())
    assert refused.value.field == "is_nobody_recording"
    member = closed.actor(closed.member)
    with pytest.raises(Refused, match="Only the chair"), transaction():
        services.open_room(closed.panel_id, is_nobody_recording=True, by=member, at=clock.now())
    open_room(closed)
    assert the_room(closed).opened_by_id == closed.chair
    with pytest.raises(Refused, match="open already"):
        open_room(closed)


def test_nothing_is_led_on_in_a_room_that_is_closed(closed: Room) -> None:
    with pytest.raises(Refused, match="not open"), transaction():
        services.open_case(closed.panel_id, closed.cases[0], by=closed.actor(closed.chair), at=clock.now())


def test_asking_to_rate_begins_a_ballot_and_leads_every_screen_to_the_item(room: Room) -> None:
    item = item_id(room)
    before = the_room(room).revision
    ask(room, item)
    assert (the_item(item).state, the_item(item).ballot) == (ItemState.VOTING, 1)
    now = the_room(room)
    assert (now.step, now.item_id) == (RoomStep.ITEM, item)
    assert now.revision == before + 1
    ask(room, item)
    assert the_item(item).ballot == 1, "coming back to it asks nobody again"


def test_a_rating_can_be_changed_until_they_are_shown(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    rate(room, item, room.police_member, "good")
    rate(room, item, room.police_member, "inadequate")
    assert [vote.level_id for vote in votes_on(item)] == [level_id(room.asked.round_id, "inadequate")]
    seats = queries.seats_of(room.asked.partnership_id, room.panel_id)
    assert {seat.person_id for seat in seats if seat.attendance is Attendance.PRESENT} == {room.police_member}
    show(room, item)
    with pytest.raises(Refused, match="shown before yours arrived"):
        rate(room, item, room.police_member, "good")
    assert len(votes_on(item)) == 1


def test_whose_agency_returned_a_rating_does_not_rate_first_and_rates_when_asked_again(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    with pytest.raises(Refused, match=r"return of Health .* is its first rating"):
        rate(room, item, room.member)
    rate(room, item, room.police_member)
    show(room, item)
    again(room, item)
    rate(room, item, room.member, ballot=2)
    rate(room, item, room.police_member, ballot=2)
    assert [(vote.ballot, vote.person_id) for vote in votes_on(item)] == [
        (1, room.police_member),
        (2, room.member),
        (2, room.police_member),
    ]


def test_an_agency_without_a_part_asks_and_a_note_taker_writes(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    with pytest.raises(Refused, match="had no part in this child's help"):
        rate(room, item, room.guest)
    with pytest.raises(Refused, match="here to write"):
        rate(room, item, room.note_taker)
    with pytest.raises(NotHere):
        rate(room, item, room.asked.health_auditor)
    assert votes_on(item) == []


def test_whoever_abstains_says_why(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    with pytest.raises(Refused, match="why you abstain"):
        rate(room, item, room.police_member, "abstain", why="")
    rate(room, item, room.police_member, "abstain", why="I joined late.")
    assert votes_on(item)[0].level_id is None


def test_ratings_are_shown_by_the_chair_once_there_are_any(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    assert not the_item(item).is_shown
    with pytest.raises(Refused, match="Only the chair"), transaction():
        services.show_ratings(item, version=the_item(item).version, by=room.actor(room.member))
    show(room, item)  # health's return is a rating
    assert (the_item(item).state, the_item(item).is_shown) == (ItemState.REVEALED, True)
    again(room, item)
    with pytest.raises(Refused, match="Nobody has given a rating yet"):
        show(room, item)


def test_the_panel_agrees_with_dissent_and_what_would_have_made_it_better(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    with pytest.raises(Refused, match="Show the ratings first"):
        agree_in_room(room, item)
    show(room, item)
    agree_in_room(room, item, better="An unannounced visit.", dissent={room.police_member: "I saw worse."})
    (row,) = agreed_rows(item)
    assert (row.how, row.better, row.is_current) == (AgreedHow.VOTED, "An unannounced visit.", True)
    dissent = db.session.scalars(select(Dissent)).one()
    assert (dissent.person_id, dissent.words) == (room.police_member, "I saw worse.")
    assert last_deed(room).startswith("Chris Chair recorded the agreed rating of A04")


def test_dissent_is_that_of_somebody_at_the_table(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    show(room, item)
    with pytest.raises(Refused, match="sits on this panel"):
        agree_in_room(room, item, dissent={room.asked.coordinator: "No."})
    assert agreed_rows(item) == []


def test_reopening_keeps_what_was_agreed_and_counts_it_no_more(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    show(room, item)
    agree_in_room(room, item, "good")
    with pytest.raises(Refused, match="Say why this is reopened"):
        reopen(room, item, "")
    reopen(room, item)
    assert (the_item(item).state, the_item(item).ballot) == (ItemState.VOTING, 2)
    assert [row.is_current for row in agreed_rows(item)] == [False]
    rate(room, item, room.member, "good", ballot=2)
    show(room, item)
    agree_in_room(room, item, "inadequate")
    first, second = agreed_rows(item)
    assert (first.is_current, second.is_current) == (False, True)
    assert second.changed_because == "A date was read wrongly."
    assert items_of(room)["A04"].earlier[0].level_id == level_id(room.asked.round_id, "good")


def test_what_is_not_discussed_is_confirmed_together_once_it_is_shown(room: Room) -> None:
    items = items_of(room)
    rest = [item for item in items.values() if not item.indicator.is_panel]
    with transaction():
        services.look_at(room.panel_id, RoomStep.REST, by=room.actor(room.chair), at=clock.now())
    assert all(the_item(item.id).is_shown for item in rest)
    assert not the_item(item_id(room)).is_shown, "what is discussed stays hidden"
    decisions = [
        Decision(item.id, the_item(item.id).version, *item.given[0].said, "As the return says.", how=AgreedHow.TOGETHER)
        for item in rest
    ]
    with transaction():
        services.agree_ratings(room.cases[0], decisions, by=room.actor(room.chair), at=clock.now())
    assert {row.how for item in rest for row in agreed_rows(item.id)} == {AgreedHow.TOGETHER}


def test_any_member_may_pull_one_out(room: Room) -> None:
    item = item_id(room, f"H02-{room.asked.health}")
    with transaction():
        services.pull_out(item, by=room.actor(room.guest))
    assert items_of(room)[f"H02-{room.asked.health}"].is_pulled_out
    with pytest.raises(Refused, match="talks about this in any case"), transaction():
        services.pull_out(item, by=room.actor(room.member))
    with pytest.raises(NotHere), transaction():
        services.pull_out(item_id(room), by=room.actor(room.asked.coordinator))


def test_a_room_agrees_nothing_on_paper(room: Room) -> None:
    item = items_of(room)["A04"]
    decision = Decision(item.id, item.version, AnswerKind.LEVEL, level_id(room.asked.round_id), "Said so.")
    with pytest.raises(Refused, match="agrees in its room"), transaction():
        services.agree_ratings(room.cases[0], [decision], by=room.actor(room.chair), at=clock.now())


def test_the_note_taker_writes_for_the_chair_and_two_writers_do_not_lose_each_others_words(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    note = {"reason": "Nobody rang.", "better": "", "version": 0, "at": clock.now()}
    with transaction():
        services.note_item(item, **note, by=room.actor(room.note_taker))  # type: ignore[arg-type]
    with pytest.raises(Stale) as stale, transaction():
        services.note_item(item, **note | {"reason": "Mine."}, by=room.actor(room.chair))  # type: ignore[arg-type]
    assert stale.value.theirs["reason"] == "Nobody rang."
    with pytest.raises(Refused, match="note-taker and the chair write"), transaction():
        services.note_item(item, **note, by=room.actor(room.member))  # type: ignore[arg-type]
    assert the_item(item).state is ItemState.VOTING, "a note agrees nothing"


def test_points_are_put_aside_and_taken_elsewhere(room: Room) -> None:
    with transaction():
        services.park_point(room.panel_id, words="Who pays for taxis?", by=room.actor(room.guest), at=clock.now())
    (point,) = queries.parked_points(room.asked.partnership_id, room.panel_id)
    assert (point.case_reference, point.parked_by) == (the_case(room).reference, "Gus Guest")
    where = {"panel_id": room.panel_id, "where_to": "The executive, in May."}
    with transaction():
        services.take_point(point.id, **where, by=room.actor(room.chair))  # type: ignore[arg-type]
    (point,) = queries.parked_points(room.asked.partnership_id, room.panel_id)
    assert point.where_to == "The executive, in May."
    with pytest.raises(NotHere), transaction():
        services.park_point(room.panel_id, words="Me too", by=room.actor(room.asked.coordinator), at=clock.now())


def test_a_rating_that_arrives_while_they_are_shown_is_among_them_or_refused(room: Room, together: Together) -> None:
    item = item_id(room)
    ask(room, item)
    version = the_item(item).version
    chair, officer = room.actor(room.chair), room.actor(room.police_member)
    rating = OwnRating(VoteKind.LEVEL, level_id(room.asked.round_id, "inadequate"), "I saw it.")

    def give() -> None:
        with transaction():
            services.give_rating(item, ballot=1, rating=rating, by=officer, at=clock.now())

    def reveal() -> None:
        with transaction():
            services.show_ratings(item, version=version, by=chair)

    given, shown = together(give, reveal)
    assert shown is None
    db.session.rollback()
    shown_now = queries.shown_ratings(room.asked.partnership_id, [item])
    assert (len(shown_now.get((item, 1), ())) == 1) is (given is None)
    assert given is None or isinstance(given, Refused)


def test_two_who_agree_at_once_agree_once(room: Room, together: Together) -> None:
    item = item_id(room)
    ask(room, item)
    show(room, item)
    version, chair = the_item(item).version, room.actor(room.chair)
    levels = [level_id(room.asked.round_id, code) for code in ("good", "inadequate")]

    def agreed_as(level: int) -> None:
        decision = Decision(item, version, AnswerKind.LEVEL, level, "Said so.", how=AgreedHow.VOTED)
        with transaction():
            services.agree_item(decision, by=chair, at=clock.now())

    results = together(lambda: agreed_as(levels[0]), lambda: agreed_as(levels[1]))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Stale"]
    assert len(agreed_rows(item)) == 1


def test_what_somebody_pulled_out_is_not_confirmed_with_the_rest(room: Room) -> None:
    item = item_id(room, f"H02-{room.asked.health}")
    with transaction():
        services.look_at(room.panel_id, RoomStep.REST, by=room.actor(room.chair), at=clock.now())
    seen = the_item(item).version
    with transaction():
        services.pull_out(item, by=room.actor(room.guest))
    level = level_id(room.asked.round_id)
    decision = Decision(item, seen, AnswerKind.LEVEL, level, "As returned.", how=AgreedHow.TOGETHER)
    with pytest.raises(Stale), transaction():
        services.agree_ratings(room.cases[0], [decision], by=room.actor(room.chair), at=clock.now())
    now = Decision(item, the_item(item).version, AnswerKind.LEVEL, level, "As returned.", how=AgreedHow.TOGETHER)
    with pytest.raises(Refused, match="talks about this one first"), transaction():
        services.agree_ratings(room.cases[0], [now], by=room.actor(room.chair), at=clock.now())


@pytest.mark.parametrize("code", ["A04", "Overall"])
def test_what_every_panel_talks_about_is_not_confirmed_without_a_rating(room: Room, code: str) -> None:
    item = items_of(room)[code]
    level = level_id(room.asked.round_id)
    decision = Decision(item.id, item.version, AnswerKind.LEVEL, level, "Quickly.", how=AgreedHow.TOGETHER)
    with pytest.raises(Refused, match="talks about this one first"), transaction():
        services.agree_ratings(room.cases[0], [decision], by=room.actor(room.chair), at=clock.now())


def test_a_closed_room_takes_nothing(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    with transaction():
        services.close_room(room.panel_id, by=room.actor(room.chair), at=clock.now())
    with pytest.raises(Refused, match="The room is not open"):
        rate(room, item, room.police_member)
    with pytest.raises(Refused, match="not open"):
        show(room, item)
    assert votes_on(item) == []


def test_a_round_that_was_withdrawn_takes_nothing_in_its_rooms(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    withdraw_round(room)
    with pytest.raises(Refused, match="Panels work on a round until it is reported"):
        rate(room, item, room.police_member)


def test_a_seat_without_its_role_rates_nothing(room: Room) -> None:
    item = item_id(room)
    ask(room, item)
    with transaction():
        db.session.execute(
            update(Membership).where(Membership.person_id == room.police_member).values(role="scrutineer")
        )
    with pytest.raises(Refused, match="no longer hold a role"):
        rate(room, item, room.police_member)
    assert votes_on(item) == []
