"""The pages of a room, as each part in it sees them, and what its screens ask."""

import pytest

from audit_app.accounts.models import Person
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db, transaction
from audit_app.panels.rules import ItemState
from tests.factories.panels import agreed_rows, items_of
from tests.factories.returns import level_id
from tests.factories.rooms import (
    Room,
    a_room,
    again,
    agree_in_room,
    ask,
    item_id,
    leave,
    rate,
    show,
    the_item,
    the_room,
)
from tests.fixtures import Prepared
from tests.pages import Page, PageClient


def as_(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def do(who: PageClient, page: Page, what: str, status: int | None = None, **answers: str) -> Page:
    """Send the form of a room's page that does this, filled in with these answers."""
    form = next(form for form in page.forms if form.values.get("do") == [what])
    return who.post(page.path, {**form.values, **answers}, status=status)


def test_the_chair_opens_the_room_and_everybody_else_waits(closed: Room, client: PageClient) -> None:
    page = as_(client, closed.member).get(closed.address())
    assert "The chair has not opened the room yet." in page.main
    assert "stay on this page" in page.main
    chair = as_(client, closed.chair)
    refused = chair.post(closed.address(), {"do": "open"}, status=200)
    assert refused.errors == ["Confirm that nobody is recording and that no transcription assistant is on."]
    opened = chair.post(closed.address(), {"do": "open", "is_nobody_recording": "yes"})
    assert "The room is open." in opened.notices[0]


@pytest.mark.parametrize("who", ["chair", "member", "police_member", "guest", "note_taker"])
def test_everybody_sees_where_the_room_is(room: Room, client: PageClient, who: str) -> None:
    page = as_(client, getattr(room, who)).get(room.address())
    assert "0 of 5 agreed." in page.main
    assert "Harm was weighed" in page.main


def test_nobody_else_looks_into_a_room(room: Room, client: PageClient) -> None:
    as_(client, room.asked.health_auditor).get(room.address(), status=403)
    assert "Harm was weighed" in as_(client, room.asked.coordinator).get(room.address()).main
    assert not [form for form in as_(client, room.asked.coordinator).get(room.address()).forms if "do" in form.values]


def test_a_member_who_was_taken_off_learns_nothing_from_what_the_other_screens_ask(
    room: Room, client: PageClient
) -> None:
    ask(room, item_id(room))
    for who in (room.chair, room.member):
        assert "Harm was weighed" in as_(client, who).get(room.address("/now")).main
    leave(room, room.member)
    as_(client, room.member).get(room.address("/now"), status=404)
    as_(client, room.asked.health_auditor).get(room.address("/now"), status=403)


def test_a_member_rates_and_everybody_sees_that_and_not_what(room: Room, client: PageClient) -> None:
    item = item_id(room)
    ask(room, item)
    level = level_id(room.asked.round_id, "inadequate")
    officer = as_(client, room.police_member)
    kept = do(officer, officer.get(room.address()), "rate", answer=str(level), reasoning="Nobody went in.")
    assert kept.notices == ["Your rating is kept. Nobody else sees it until the chair shows the ratings."]
    assert "Nobody went in." in kept.html
    for who in (room.chair, room.member, room.note_taker, room.guest, room.asked.coordinator):
        page = as_(client, who).get(room.address())
        assert "Has rated" in page.main
        assert "Nobody went in." not in page.html
        assert "1 of 1 have rated" in page.main
    assert "Nobody went in." not in as_(client, room.police_member).get(room.address("/projector")).html


def test_where_the_returns_are_all_there_is_the_chair_is_told_to_show_them(room: Room, client: PageClient) -> None:
    leave(room, room.police_member)
    ask(room, item_id(room))
    page = as_(client, room.chair).get(room.address())
    assert "Nobody here rates this: the returns are its first ratings. Show what they say." in page.main
    assert "have rated" not in page.main


def test_an_item_that_was_passed_over_is_not_said_to_be_rated_now(room: Room, client: PageClient) -> None:
    passed, now = item_id(room), item_id(room, "B01")
    ask(room, passed)
    assert "Being rated" in as_(client, room.member).get(room.address()).main
    ask(room, now)
    page = as_(client, room.member).get(room.address())
    assert (page.main.count("Being rated"), page.main.count("Not shown yet")) == (1, 1)


def test_the_ratings_are_shown_to_all_at_once(room: Room, client: PageClient) -> None:
    item = item_id(room)
    ask(room, item)
    rate(room, item, room.police_member, why="Nobody went in.")
    chair = as_(client, room.chair)
    shown = do(chair, chair.get(room.address()), "show")
    assert "Speak first: Health" in shown.main
    for who in (room.member, room.guest, room.asked.coordinator):
        page = as_(client, who).get(room.address())
        assert "Nobody went in." in page.main
        assert "does not meet this round's rule: two thirds" in page.main or "No rating has most" in page.main


def test_before_that_no_page_of_the_panel_says_what_an_agency_chose(room: Room, client: PageClient) -> None:
    ask(room, item_id(room))
    for who in (room.chair, room.police_member, room.guest, room.note_taker):
        for address in (room.address(), room.address("/now"), room.address("/projector")):
            said = as_(client, who).get(address).html.split("app-side-by-side", 1)
            assert len(said) == 1 or ">Good" not in said[1].split("</details>")[0]


def test_the_chair_agrees_with_what_the_note_taker_wrote(room: Room, client: PageClient) -> None:
    item = item_id(room)
    ask(room, item)
    writer = as_(client, room.note_taker)
    do(writer, writer.get(room.address()), "note", reason="Two visits were missed.", better="Ring first.")
    show(room, item)
    chair = as_(client, room.chair)
    page = chair.get(room.address())
    assert "Two visits were missed." in page.html
    level = level_id(room.asked.round_id, "inadequate")
    refused = do(chair, page, "agree", 200, answer="", reason="Kept though refused.")
    assert refused.errors == ["Choose what the panel agreed."]
    assert "Kept though refused." in refused.html
    agreed = do(chair, refused, "agree", answer=str(level), reason="Two visits were missed.")
    assert "Agreed" in agreed.main
    assert the_item(item).state is ItemState.AGREED
    assert agreed_rows(item)[0].better == "Ring first."


def test_the_rest_is_confirmed_in_one_go(room: Room, client: PageClient) -> None:
    chair = as_(client, room.chair)
    page = do(chair, chair.get(room.address()), "look", step="rest")
    assert "To confirm together" in page.main
    done = do(chair, page, "together", reason="As the returns say.")
    assert "2 confirmed together." in done.notices[0]
    assert {code for code, item in items_of(room).items() if item.agreed} == {
        f"A01-{room.asked.health}",
        f"H02-{room.asked.health}",
    }


def test_a_poll_that_finds_nothing_new_costs_one_read(room: Room, client: PageClient) -> None:
    member = as_(client, room.member)
    first = member.get(room.address("/now"))
    tag = {"If-None-Match": first.headers["ETag"]}
    assert member.ask("GET", room.address("/now"), headers=tag).status == 304
    ask(room, item_id(room))
    assert member.ask("GET", room.address("/now"), headers=tag).status == 200
    assert as_(client, room.chair).ask("GET", room.address("/now"), headers=tag).status == 200, "each has their own"


def test_a_poll_takes_no_notice_away_from_the_window_where_it_was_earned(room: Room, client: PageClient) -> None:
    chair = as_(client, room.chair)
    answer = chair.post(room.address(), {"do": "park", "words": "Who pays for taxis?"}, status=302)
    assert "put aside" not in chair.get(room.address("/now")).text
    assert chair.get(answer.headers["Location"]).notices == ["The point is put aside."]


def test_reopened_and_rated_again_everything_stays_readable(room: Room, client: PageClient) -> None:
    item = item_id(room)
    ask(room, item)
    rate(room, item, room.police_member, why="First thoughts.")
    show(room, item)
    again(room, item)
    rate(room, item, room.police_member, "good", ballot=2, why="Second thoughts.")
    page = as_(client, room.member).get(room.address())
    assert "First thoughts." in page.main
    assert "Second thoughts." not in page.html
    show(room, item)
    agree_in_room(room, item, "good")
    chair = as_(client, room.chair)
    page = do(chair, chair.get(room.address()), "reopen", reason="A date was read wrongly.")
    assert "Reopened because: A date was read wrongly." in page.main
    assert "Agreed before" in page.main
    assert the_room(room).item_id == item


def finished(room: Room, case: int = 0) -> None:
    """A case of the room is finished, whatever was agreed on it."""
    with transaction():
        db.session.get_one(Case, room.cases[case], populate_existing=True).state = CaseState.AGREED


def test_once_a_case_is_finished_the_room_leads_on_to_the_next(prepared: Prepared, client: PageClient) -> None:
    two_cases = prepared("a room of two cases", lambda: a_room(cases=2))
    first, second = two_cases.asked.cases
    finished(two_cases)
    for who in (two_cases.chair, two_cases.member):
        assert f"{first} is finished." in as_(client, who).get(two_cases.address()).main
    assert "The chair goes on to the next case." in as_(client, two_cases.member).get(two_cases.address()).main
    chair = as_(client, two_cases.chair)
    page = chair.get(two_cases.address())
    assert f"Next: {second}" in page.main
    assert f"{second}. 0 of 5 agreed." in do(chair, page, "case").main
    finished(two_cases, 1)
    assert "Close the room when nothing more is to be said." in chair.get(two_cases.address()).main


def test_the_wall_gives_its_place_to_the_ratings_once_they_are_shown(room: Room, client: PageClient) -> None:
    item = item_id(room)
    ask(room, item)
    wall = as_(client, room.chair)
    levels = 'class="app-room__levels"'
    assert levels in wall.get(room.address()).html
    assert levels in wall.get(room.address("/projector")).html
    rate(room, item, room.police_member)
    show(room, item)
    assert levels in wall.get(room.address()).html
    assert levels not in wall.get(room.address("/projector")).html
