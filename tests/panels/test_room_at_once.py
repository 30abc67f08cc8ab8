"""What comes of two people who do something in a room at the same moment: one order or the other, never a mixture."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.panels import services
from audit_app.panels.models import Vote
from audit_app.panels.rules import AgreedHow, Decision, ItemState, OwnRating, VoteKind
from audit_app.returns.rules import AnswerKind
from tests.factories.panels import agreed_rows
from tests.factories.returns import level_id
from tests.factories.rooms import (
    Room,
    agree_in_room,
    ask,
    item_id,
    leave,
    leave_out,
    rate,
    reopen,
    show,
    the_item,
    the_room,
)
from tests.fixtures import Together

Deed = Callable[[], None]


@pytest.fixture
def item(room: Room) -> int:
    """What the room talks about; it is asked to rate it."""
    number = item_id(room)
    ask(room, number)
    return number


def giving(room: Room, item: int, ballot: int = 1) -> Deed:
    """The officer of police gives a rating."""
    rating = OwnRating(VoteKind.LEVEL, level_id(room.asked.round_id, "inadequate"), "I saw it.")
    officer = room.actor(room.police_member)

    def give() -> None:
        with transaction():
            services.give_rating(item, ballot=ballot, rating=rating, by=officer, at=clock.now())

    return give


def agreeing(room: Room, item: int, code: str = "good") -> Deed:
    """The chair agrees the item as it is now."""
    level, version, chair = level_id(room.asked.round_id, code), the_item(item).version, room.actor(room.chair)
    decision = Decision(item, version, AnswerKind.LEVEL, level, "Said so.", how=AgreedHow.VOTED)

    def agree() -> None:
        with transaction():
            services.agree_item(decision, by=chair, at=clock.now())

    return agree


def reopening(room: Room, item: int, version: int) -> Deed:
    """The chair reopens the item, seen in this version."""
    chair = room.actor(room.chair)

    def again() -> None:
        with transaction():
            services.reopen_item(item, reason="A date was read wrongly.", version=version, by=chair)

    return again


def votes_on(item: int) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Vote.person_id).where(Vote.item_id == item)))


def kinds(results: list[object]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def test_of_two_tabs_that_show_at_once_one_is_told(room: Room, item: int, together: Together) -> None:
    version, chair, before = the_item(item).version, room.actor(room.chair), the_room(room).revision

    def reveal() -> None:
        with transaction():
            services.show_ratings(item, version=version, by=chair)

    assert kinds(together(reveal, reveal)) == ["NoneType", "Stale"]
    assert (the_item(item).state, the_item(item).version) == (ItemState.REVEALED, version + 1)
    assert the_room(room).revision == before + 1


def test_of_two_tabs_that_ask_again_at_once_one_ballot_begins(room: Room, item: int, together: Together) -> None:
    show(room, item)
    version, chair = the_item(item).version, room.actor(room.chair)

    def rate_again() -> None:
        with transaction():
            services.rate_again(item, version=version, by=chair)

    assert kinds(together(rate_again, rate_again)) == ["NoneType", "Stale"]
    assert the_item(item).ballot == 2


def test_who_is_taken_off_while_they_rate_has_come_and_stays_or_leaves_before_it(
    room: Room, item: int, together: Together
) -> None:
    given, gone = together(giving(room, item), lambda: leave(room, room.police_member))
    if given is None:
        assert isinstance(gone, Refused)
        assert votes_on(item) == [room.police_member]
        return
    assert gone is None
    assert isinstance(given, NotHere)
    assert votes_on(item) == []


def test_who_is_left_out_while_they_rate_leaves_nothing_behind(room: Room, item: int, together: Together) -> None:
    given, gone = together(giving(room, item), lambda: leave_out(room, room.police_member))
    assert gone is None
    assert given is None or isinstance(given, NotHere | Refused)
    assert votes_on(item) == [], "what nobody was shown goes with whoever gave it"
    with pytest.raises((NotHere, Refused)):
        giving(room, item)()


def test_what_was_shown_stays_when_somebody_is_left_out_while_it_is_shown(
    room: Room, item: int, together: Together
) -> None:
    rate(room, item, room.police_member)
    version, chair = the_item(item).version, room.actor(room.chair)

    def reveal() -> None:
        with transaction():
            services.show_ratings(item, version=version, by=chair)

    shown, gone = together(reveal, lambda: leave_out(room, room.police_member))
    assert gone is None
    assert shown is None, "health's return is a rating too, so there is something to show either way"
    assert the_item(item).state is ItemState.REVEALED
    assert votes_on(item) in ([], [room.police_member])


def test_reopening_while_it_is_agreed_comes_after_it_or_not_at_all(room: Room, item: int, together: Together) -> None:
    show(room, item)
    reopened, agreed = together(reopening(room, item, the_item(item).version + 1), agreeing(room, item))
    assert agreed is None
    if reopened is None:
        assert the_item(item).state is ItemState.VOTING
    else:
        assert isinstance(reopened, Stale)
        assert the_item(item).state is ItemState.AGREED
    assert sum(row.is_current for row in agreed_rows(item)) == (reopened is not None)


def test_of_an_agreed_item_that_is_reopened_nothing_is_agreed_at_once(
    room: Room, item: int, together: Together
) -> None:
    show(room, item)
    agree_in_room(room, item, "good")
    reopened, agreed = together(reopening(room, item, the_item(item).version), agreeing(room, item, "inadequate"))
    assert reopened is None
    assert isinstance(agreed, Refused), "it is agreed already, or rated anew"
    assert the_item(item).state is ItemState.VOTING
    assert [row.is_current for row in agreed_rows(item)] == [False]


def test_of_two_tabs_that_reopen_at_once_one_ballot_begins(room: Room, item: int, together: Together) -> None:
    show(room, item)
    agree_in_room(room, item)
    version = the_item(item).version
    assert kinds(together(reopening(room, item, version), reopening(room, item, version))) == ["NoneType", "Stale"]
    assert the_item(item).ballot == 2


def test_a_rating_of_an_earlier_ballot_is_refused(room: Room, item: int) -> None:
    show(room, item)
    with pytest.raises(Refused, match="shown before yours arrived"):
        giving(room, item)()
    agree_in_room(room, item)
    with pytest.raises(Refused, match="shown before yours arrived"):
        giving(room, item)()
    reopen(room, item)
    with pytest.raises(Refused, match="shown before yours arrived"):
        giving(room, item)()
    giving(room, item, ballot=2)()
    assert votes_on(item) == [room.police_member]
