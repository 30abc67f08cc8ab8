"""What a workbook says of panels: who sat, what each said for themselves, what would have been better, who differs."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.panels import services
from audit_app.panels.models import Panel, ParkedPoint
from audit_app.panels.rules import Attendance
from benchmarks.loader import load
from benchmarks.world import COORDINATOR, SLUG, Size, reference
from tests.exports.conftest import Rows
from tests.factories.accounts import a_member, a_partnership
from tests.factories.panels import a_decision, agree, finish_only, items_of
from tests.factories.rooms import Room, a_room, again, agree_in_room, ask, item_id, open_case, rate, show
from tests.fixtures import Prepared
from tests.pages import PageClient
from tests.query_plans import QueryPlans

Read = Callable[[bytes, str], Rows]
BETTER, POINT = "=An earlier visit.", "+Who pays for taxis?"


@pytest.fixture
def held(prepared: Prepared) -> Room:
    """A room that rated A04 twice, agreed it over a dissent, and put a point aside; its second case is not agreed."""
    return prepared("a room to take away", _build)


def _build() -> Room:
    room = a_room(cases=2)
    item = item_id(room)
    ask(room, item)
    rate(room, item, room.police_member, "inadequate", why="=Nobody went.")
    show(room, item)
    again(room, item)
    rate(room, item, room.police_member, "good", ballot=2, why="They did.")
    rate(room, item, room.member, "abstain", ballot=2, why="I was away.")
    member, chair = room.actor(room.member), room.actor(room.chair)
    with transaction():
        services.park_point(room.panel_id, words=POINT, by=member, at=clock.now())
        point_id = db.session.scalars(select(ParkedPoint.id)).one()
        services.take_point(point_id, panel_id=room.panel_id, where_to="The board", by=chair)
        services.record_attendance(room.panel_id, {room.guest: Attendance.APOLOGIES}, by=chair)
    return room


def agreed_and_finished(room: Room) -> None:
    item = item_id(room)
    show(room, item)
    agree_in_room(room, item, better=BETTER, dissent={room.police_member: "They came late.", room.member: "Seldom."})
    with transaction():
        db.session.execute(update(Panel).values(is_on_paper=True))  # the rest in one go
    rest = [one for one in items_of(room).values() if one.agreed is None]
    agree(room, *(a_decision(room, one) for one in rest))
    finish_only(room)


def taken(client: PageClient, room: Room, role: Role = Role.COORDINATOR) -> bytes:
    partnership = db.session.get_one(Partnership, room.asked.partnership_id)
    browser = client.as_(a_member(partnership, role))
    return browser.post(room.path(f"/rounds/{room.asked.reference}/workbook"), status=200).data


def test_an_agreed_rating_says_what_would_have_been_better_and_who_sees_it_differently(
    client: PageClient, held: Room, read: Read
) -> None:
    agreed_and_finished(held)
    rows = {row["Code"]: row for row in read(taken(client, held), "Agreed ratings")}
    said = ("What would have made it better", "Who sees it differently")
    assert [rows["A04"][column] for column in said] == [BETTER, "Mo Member: Seldom.\nPat Police: They came late."]
    assert [rows["Overall"][column] for column in said] == ["", ""]


def test_what_each_said_in_the_room_is_in_it_once_the_case_is_finished(
    client: PageClient, held: Room, read: Read
) -> None:
    assert "Pat Police" not in str(read(taken(client, held), "Ratings in the room"))
    agreed_and_finished(held)
    rows = read(taken(client, held, Role.SCRUTINEER), "Ratings in the room")
    said = ("Case", "Code", "Whose work", "Time asked", "Who", "Answer", "Level", "Why")
    case = held.asked.cases[0]
    assert [tuple(row[column] for column in said) for row in rows] == [
        (case, "A04", "", 1.0, "Pat Police", "A level", "Inadequate", "=Nobody went."),
        (case, "A04", "", 2.0, "Mo Member", "Abstained", "", "I was away."),
        (case, "A04", "", 2.0, "Pat Police", "A level", "Good", "They did."),
    ]
    assert all(row["For which agency"] and row["Given at"] for row in rows)


def test_a_rating_that_was_not_shown_is_not_in_it(client: PageClient, held: Room, read: Read) -> None:
    agreed_and_finished(held)
    second = item_id(held, case=1)
    open_case(held, 1)
    ask(held, second)
    rate(held, second, held.police_member, "good", why="Hidden till it is shown.")
    data = taken(client, held)
    assert b"Hidden" not in data
    assert {row["Case"] for row in read(data, "Ratings in the room")} == {held.asked.cases[0]}


def test_the_panels_are_in_it_with_who_came_and_what_was_put_aside(client: PageClient, held: Room, read: Read) -> None:
    rows = read(taken(client, held), "Panels")
    assert [(row["Kind"], row["Who"], row["Attendance"]) for row in rows if row["Kind"] != "Point put aside"] == [
        ("Chair", "Chris Chair", ""),
        *sorted(
            [
                ("Member", "Mo Member", "Present"),
                ("Member", "Pat Police", "Present"),
                ("Member", "Gus Guest", "Sent apologies"),
            ],
            key=lambda line: next(str(row["Agency"]) for row in rows if row["Who"] == line[1]),
        ),
        ("Member", "Nat Notes", "Not recorded"),
    ]
    point = rows[-1]
    assert [point[column] for column in ("Kind", "Who", "Case", "Point", "Where it was taken")] == [
        "Point put aside", "Mo Member", held.asked.cases[0], POINT, "The board",
    ]  # fmt: skip
    assert {str(row["Panel of"]) for row in rows} == {"2026-03-20"}


def test_the_panels_of_another_partnership_are_not_in_it(client: PageClient, held: Room, read: Read) -> None:
    elsewhere = a_partnership()
    data = client.as_(a_member(elsewhere, Role.COORDINATOR)).post(f"/p/{elsewhere.slug}/workbook", status=200).data
    for sheet in ("Panels", "Ratings in the room"):
        assert POINT not in str(read(data, sheet))
        assert "Pat Police" not in str(read(data, sheet))


def test_what_was_said_in_rooms_is_found_by_its_cases(
    app: Flask, prepared: Prepared, client: PageClient, query_plans: QueryPlans, read: Read
) -> None:
    size = Size(rounds=4, cases=4, open_rounds=1, auditors=1)
    prepared("twelve rooms to take away", lambda: load(size, rooms=12))
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
    browser = client.as_(db.session.scalars(select(Person).where(Person.email == COORDINATOR)).one())
    with transaction():
        last = db.session.scalar(select(func.max(Case.id)))  # of all the rooms, one is finished
        db.session.execute(update(Case).where(Case.id == last).values(agreed_at=clock.now(), agreed_by_id=1))
    with query_plans() as plans:
        data = browser.post(f"/p/{SLUG}/rounds/{reference(size.rounds + 1)}/workbook", status=200).data
    assert len(read(data, "Ratings in the room")) > 30
    assert [line for line in plans.wide() if line.split(":")[0] in {"vote", "panel_item"}] == []
