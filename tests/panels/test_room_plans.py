"""A room costs the same whatever was audited before and however long its agenda is: its screens ask all day long."""

from dataclasses import replace
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Person
from audit_app.cases.models import Identity
from audit_app.core.db import db, transaction
from audit_app.indicators.rules import AuditTemplate
from audit_app.panels import queries
from audit_app.panels.models import Panel, PanelItem, PanelRoom
from audit_app.panels.queries.whole_room import forget_rooms
from audit_app.panels.rules import ItemState
from audit_app.rounds.models import RoundLevel
from benchmarks.loader import load
from benchmarks.world import SLUG, Size, in_room
from tests.factories.returns import SHEET
from tests.factories.rooms import a_room, ask, item_id
from tests.factories.rounds import SMALL, an_indicator_asked
from tests.fixtures import CountQueries, Prepared
from tests.pages import Page, PageClient
from tests.query_plans import Plans, QueryPlans

SIZE = Size(rounds=8, cases=4, open_rounds=2, auditors=1)
EMPTY = {"round_applicability", "draw", "drawn_child", "dissent", "panel_conflict"}
"""Tables that the loader leaves empty: PostgreSQL takes any plan for them."""
SESSION = 1
"""What every request asks: who it is, and what they are in the partnership."""


def wide(plans: Plans) -> list[str]:
    return [line for line in plans.wide() if line.split(":")[0] not in EMPTY]


class LoadedRoom:
    """The first room of the loaded database, and who sits in it: the chair in seat 1, members from seat 3 on."""

    def __init__(self, client: PageClient) -> None:
        self._client = client
        found = db.session.execute(
            select(Panel.id, Panel.round_id, PanelRoom.case_id)
            .join(PanelRoom, PanelRoom.panel_id == Panel.id)
            .where(Panel.is_on_paper.is_(False))
            .order_by(Panel.id)
        ).first()
        assert found is not None
        panel_id, self.round_id, case_id = found
        self.address = f"/p/{SLUG}/panels/{panel_id}/room"
        waiting = (PanelItem.case_id == case_id, PanelItem.state == ItemState.WAITING)
        self.item = db.session.scalars(select(PanelItem.id).where(*waiting).order_by(PanelItem.id)).first()

    def seat(self, number: int) -> PageClient:
        return self._client.as_(db.session.scalars(select(Person).where(Person.email == in_room(1, number))).one())

    def version(self) -> int:
        found = db.session.scalar(select(PanelItem.version).where(PanelItem.id == self.item))
        db.session.rollback()
        return found or 0

    def lead(self, *deeds: str) -> Page:
        """The chair does these on the item, one after the other."""
        chair = self.seat(1)
        for do in deeds:
            page = chair.post(self.address, {"do": do, "item": self.item, "version": self.version()})
        return page

    @property
    def level(self) -> int:
        return db.session.scalars(select(RoundLevel.id).where(RoundLevel.round_id == self.round_id)).first() or 0


@pytest.fixture
def loaded(app: Flask, client: PageClient, prepared: Prepared) -> LoadedRoom:
    prepared("many rounds, and rooms that are rating", lambda: load(SIZE, rooms=3))
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")  # a database put back whole has the statistics of an empty one
    return LoadedRoom(client)


@pytest.mark.parametrize("seat", [1, 2, 3])
def test_no_screen_of_a_room_reads_a_growing_table_whole(
    loaded: LoadedRoom, query_plans: QueryPlans, seat: int
) -> None:
    loaded.lead("ask", "show", "again")
    person = loaded.seat(seat)
    forget_rooms()  # so that all of it is read
    with query_plans() as plans:
        tag = person.get(f"{loaded.address}/now").headers["ETag"]
        person.get(f"{loaded.address}/projector")
        same = person.ask("GET", f"{loaded.address}/now", headers={"If-None-Match": tag})
    assert same.status == 304
    assert plans.count > 15
    assert wide(plans) == []


def test_nothing_done_in_a_room_reads_a_growing_table_whole(loaded: LoadedRoom, query_plans: QueryPlans) -> None:
    own = {"do": "rate", "item": loaded.item, "ballot": 2, "answer": loaded.level, "reasoning": "Nobody went in."}
    agreed = {"do": "agree", "item": loaded.item, "answer": loaded.level, "reason": "All saw the same."}
    with query_plans() as plans:
        loaded.lead("ask", "show", "again")
        for member in (3, 4):
            loaded.seat(member).post(loaded.address, own)
        loaded.lead("show")
        loaded.seat(1).post(loaded.address, {**agreed, "version": loaded.version()})
        for step in ("rest", "outcome", "agenda"):
            loaded.seat(1).post(loaded.address, {"do": "look", "step": step})
    assert wide(plans) == []


def test_looking_for_names_in_a_case_reads_no_growing_table_whole(loaded: LoadedRoom, query_plans: QueryPlans) -> None:
    with transaction():
        its_case = db.session.get_one(PanelItem, loaded.item).case_id
        line = db.session.query(Identity).filter_by(case_id=its_case).one()
        line.sheet = SHEET.to_json()
        of = line.partnership_id
    with query_plans() as plans:
        queries.places_at_panel(of, its_case)
    db.session.rollback()
    assert plans.count == 8
    assert wide(plans) == []


def test_a_poll_that_finds_nothing_new_asks_one_thing_of_its_own(
    loaded: LoadedRoom, count_queries: CountQueries
) -> None:
    member = loaded.seat(3)
    tag = member.get(f"{loaded.address}/now").headers["ETag"]
    with count_queries() as asked:
        assert member.ask("GET", f"{loaded.address}/now", headers={"If-None-Match": tag}).status == 304
    assert asked.count == SESSION + 1, asked


def asking(count: int) -> AuditTemplate:
    """A template of so many questions that a panel talks about."""
    indicators = tuple(an_indicator_asked(f"C{n:02}", f"Question {n}", is_panel=n % 2 == 0) for n in range(count))
    domain = replace(SMALL.domains[0], indicators=indicators)
    return replace(SMALL, code=f"asks-{count}", title=f"Asks {count}", domains=(domain,))


def test_a_room_asks_as_little_for_sixty_items_as_for_one(
    client: PageClient, prepared: Prepared, count_queries: CountQueries
) -> None:
    counts = []
    for items in (1, 60):
        room = prepared(f"a room with items: {items}", partial(a_room, template=asking(items)))
        ask(room, item_id(room, "C00"))
        for who in (room.chair, room.police_member):
            person = client.as_(db.session.get_one(Person, who))
            with count_queries() as asked:
                person.get(room.address())
            counts.append(asked.count)
    assert counts[:2] == counts[2:]
    assert max(counts) <= 25


def test_what_somebody_read_of_a_room_serves_its_other_screens(loaded: LoadedRoom, count_queries: CountQueries) -> None:
    chair, member = loaded.seat(1), loaded.seat(3)
    loaded.lead("ask", "show", "again")  # which leads the chair to the page of the room
    with count_queries() as polls:
        member.get(f"{loaded.address}/now")
        chair.get(f"{loaded.address}/now")
    assert polls.count == 2 * (SESSION + 1) + 1, "where it is; and what the member gave themselves"
    with count_queries() as page:
        member.get(loaded.address)
    assert 10 < page.count < 18, "a page that is opened reads all that a deed may have changed"
    forget_rooms()
    with count_queries() as page:
        member.get(loaded.address)
    assert page.count > 20, "and what its case brought, where nobody read that for a minute"
    member.post(loaded.address, {"do": "rate", "item": loaded.item, "ballot": 2, "answer": loaded.level})
    assert "Has rated" in chair.get(f"{loaded.address}/now").main
