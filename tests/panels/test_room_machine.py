"""Whatever everybody does in a room and in whichever order: nobody reads what is hidden from them, on no page.

A state machine acts through the pages and keeps a model beside. After every step all pages of everybody are fetched.
"""

import re
from collections.abc import Collection

import pytest
from flask import Flask
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from audit_app.accounts.models import Person
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.panels import queries
from audit_app.panels.rules import Attendance, ItemKind, ItemState
from tests.factories.panels import items_of
from tests.factories.rooms import leave, leave_out, the_item, the_room
from tests.fixtures import Clock, Prepared
from tests.pages import TOKEN, Page, PageClient
from tests.panels.room_model import GIVEN, Aviary, ItemModel, Own, an_aviary, birds_on, birds_shown

CHANGING = re.compile(r'value="[\w.=-]{80,}"|nonce="[^"]*"|content="[\w.=-]{80,}"')
AGAIN = {"ask", "look"}
"""What can be pressed again where the room is already, and then changes nothing that anybody sees."""
IN_VIEW = {"rate", "note"}
"""What nobody sees of an item that the room does not look at."""


class RoomMachine(RuleBasedStateMachine):
    """A chair in two tabs, three members, a guest, a note-taker and the coordinator, in one room."""

    taken = 0  # deeds that the room took, after each of which everybody's pages were looked at

    def __init__(self, app: Flask, prepared: Prepared) -> None:
        super().__init__()
        self.aviary: Aviary = prepared("a room with birds", an_aviary)
        self.room = self.aviary.room
        self.people = {
            name: getattr(self.room, name)
            for name in ("chair", "member", "police_member", "second", "guest", "note_taker")
        } | {"coordinator": self.room.asked.coordinator}
        client = PageClient(app)
        self.clients = {name: client.as_(db.session.get_one(Person, who)) for name, who in self.people.items()}
        self.other_tab = client.as_(db.session.get_one(Person, self.room.chair))
        for one in (*self.clients.values(), self.other_tab):
            one.is_checking = False  # other tests check the markup of these pages: here there are thousands
        of_case = items_of(self.room).values()
        rest = {it.id for it in of_case if it.kind is ItemKind.INDICATOR and not it.indicator.is_panel}
        self.items = {number: ItemModel(bird, number in rest) for number, bird in self.aviary.returned.items()}
        self.at: int | None = None
        self.left: set[int] = set()
        self.left_out: set[int] = set()
        self.note_versions = dict.fromkeys(self.items, 0)
        self.turn = 0
        self.pages: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.revision = the_room(self.room).revision
        self.was_accepted, self.deed, self.is_seen = True, "", True

    def marker(self) -> str:
        self.turn += 1
        return f"words-{self.turn}-end"

    def item(self, which: int) -> int:
        """Mostly the item that the room looks at, else another."""
        ids = self.aviary.items
        return ids[which % len(ids)] if which < len(ids) or self.at is None else self.at

    def send(self, who: PageClient, do: str, *, expected: bool, **fields: object) -> bool:
        """Send a deed from the page of the room; whether it was taken, which must be as the model says."""
        data = {TOKEN: who.token(), "do": do, **{name: str(value) for name, value in fields.items()}}
        answer = who.ask("POST", self.room.address(), data=data)
        self.deed, self.was_accepted = do, answer.status == 302
        self.is_seen = do not in AGAIN and (do not in IN_VIEW or fields["item"] == self.at)
        assert answer.status in {200, 302, 404}, answer
        if answer.status == 200:
            name = next((name for name, one in self.clients.items() if one is who), "chair")
            typed = {bird for bird, number in self.aviary.levels.items() if number == fields.get("answer")}
            self.check_page(answer, self.people[name], sees_return=name == "member", typed=typed)
        assert self.was_accepted is expected, f"{do} {fields}: {answer.errors if answer.is_html else answer}"
        return expected

    def seated(self) -> set[int]:
        others = {self.people[name] for name in ("member", "police_member", "second", "guest", "note_taker")}
        return others - self.left

    @initialize()
    def begin(self) -> None:
        number = next(one for one, item in self.items.items() if not item.is_of_rest)
        self.send(self.clients["chair"], "ask", expected=True, item=number)
        self.items[number].begin()
        self.at = number

    @rule(
        who=st.sampled_from(["police_member", "second", "member", "police_member", "second", "guest", "note_taker"]),
        which=st.integers(0, 14),
        bird=st.sampled_from([*GIVEN, None]),
        late=st.sampled_from([0, 0, 0, 0, 1]),
    )
    def rate(self, who: str, which: int, bird: str | None, late: int) -> None:
        number, person = self.item(which), self.people[who]
        item, ballot = self.items[number], self.items[number].ballot - late
        is_member = who in {"police_member", "second"} or (who == "member" and item.ballot > 1)
        is_free = person in self.seated() and person not in self.left_out
        expected = is_member and is_free and item.state is ItemState.VOTING and ballot == item.ballot
        own = Own(self.marker(), bird)
        answer = self.aviary.levels[bird] if bird else "abstain"
        given = {"item": number, "ballot": ballot, "answer": answer, "reasoning": own.marker}
        if self.send(self.clients[who], "rate", expected=expected, **given):
            item.votes[item.ballot, person] = own

    @rule(
        what=st.sampled_from(["next", "next", "next", "ask", "show", "again", "agree", "reopen"]),
        which=st.integers(0, 9),
        bird=st.sampled_from(GIVEN),
        late=st.sampled_from([0, 0, 0, 0, 1]),
        who=st.sampled_from(["chair", "chair", "chair", "tab", "tab", "police_member", "coordinator"]),
    )
    def lead(self, what: str, which: int, bird: str, late: int, who: str) -> None:
        number = self.item(which)
        item = self.items[number]
        follows = {
            ItemState.WAITING: "ask",
            ItemState.VOTING: "show",
            ItemState.REVEALED: "agree" if self.turn % 2 else "again",
            ItemState.AGREED: "reopen",
        }
        what = follows[item.state] if what == "next" else what
        begins = {"show": ItemState.VOTING, "again": ItemState.REVEALED, "reopen": ItemState.AGREED}
        begins["agree"] = ItemState.REVEALED
        is_given = what != "show" or item.ballot == 1 or bool(item.rated())
        expected = who in {"chair", "tab"} and (what == "ask" or (item.state is begins[what] and not late and is_given))
        version = the_item(number).version - late
        sender = self.other_tab if who == "tab" else self.clients[who]
        fields = {"item": number, "version": version, "reason": self.marker(), "answer": self.aviary.levels[bird]}
        if not self.send(sender, what, expected=expected, **fields):
            return
        if what in {"again", "reopen"} or (what == "ask" and item.state is ItemState.WAITING):
            item.begin()
        elif what == "show":
            item.state, item.is_shown = ItemState.REVEALED, True
        elif what == "agree":
            item.state, item.is_shown = ItemState.AGREED, True
            item.agreed.append(bird)
            self.note_versions[number] += self.note_versions[number] > 0  # the note says now what was agreed
        self.at = self.at if what == "agree" else number

    @rule(step=st.sampled_from(["agenda", "rest", "outcome"]), who=st.sampled_from(["chair", "tab", "member"]))
    def look(self, step: str, who: str) -> None:
        sender = self.other_tab if who == "tab" else self.clients[who]
        if self.send(sender, "look", expected=who != "member", step=step):
            self.at = None
            for item in self.items.values():
                item.is_shown = item.is_shown or (step == "rest" and item.is_of_rest)

    @rule(who=st.sampled_from(["member", "guest", "coordinator"]), which=st.integers(0, 4))
    def pull_out(self, who: str, which: int) -> None:
        number, person = self.item(which), self.people[who]
        item = self.items[number]
        expected = person in self.seated() and item.is_of_rest and item.state is ItemState.WAITING
        if self.send(self.clients[who], "pull-out", expected=expected, item=number):
            item.is_of_rest = False

    @rule(who=st.sampled_from(["note_taker", "chair", "second"]), which=st.integers(0, 9))
    def note(self, who: str, which: int) -> None:
        number = self.item(which)
        given = {"item": number, "note": self.note_versions[number], "reason": self.marker(), "better": ""}
        if self.send(self.clients[who], "note", expected=who != "second", **given):
            self.note_versions[number] += 1

    @rule(who=st.sampled_from(["guest", "police_member", "chair", "coordinator"]))
    def park(self, who: str) -> None:
        expected = self.people[who] in self.seated() | {self.room.chair}
        self.send(self.clients[who], "park", expected=expected, words=self.marker())

    @rule(
        who=st.sampled_from(["police_member", "second", "guest"]),
        how=st.sampled_from(["leaves", "is left out", "is left out"]),
    )
    def rate_no_more(self, who: str, how: str) -> None:
        """In the middle of it all somebody leaves the panel, or is left out by a conflict of interest."""
        person = self.people[who]
        if person not in self.seated() or (how == "is left out" and person in self.left_out):
            return
        if how == "leaves" and self.has_come(person):
            with pytest.raises(Refused, match="stays on its record"):
                leave(self.room, person)
            db.session.rollback()
            return
        (leave if how == "leaves" else leave_out)(self.room, person)
        (self.left if how == "leaves" else self.left_out).add(person)
        for item in self.items.values():
            item.take_out(person)
        self.deed, self.was_accepted, self.is_seen = how, True, True

    def has_come(self, person: int) -> bool:
        """Whether somebody rated, and so was at the panel."""
        seats = queries.seats_of(self.room.asked.partnership_id, self.room.panel_id)
        return any(one.person_id == person and one.attendance is Attendance.PRESENT for one in seats)

    def check_page(self, page: Page, viewer: int | None, *, sees_return: bool, typed: Collection[str] = ()) -> None:
        """A page holds nothing of what is hidden from its viewer (None: the wall), who may have typed it themselves."""
        shown = set(typed)
        for item in self.items.values():
            for own in item.hidden_votes(viewer):
                assert own.marker not in page.html, f"{page.path} tells {viewer} what somebody else gave"
            shown |= birds_shown(item, viewer, sees_return=sees_return)
        told = birds_on(page.html, self.aviary.levels) - shown
        assert not told, f"{page.path} tells {viewer} that somebody chose {told}"

    @invariant()
    def model_and_database_agree(self) -> None:
        partnership_id = self.room.asked.partnership_id
        for number, item in self.items.items():
            kept = the_item(number)
            assert (kept.state, kept.ballot, kept.is_shown) == (item.state, item.ballot, item.is_shown)
            assert queries.rated_by(partnership_id, number, kept.ballot) == item.rated()
        assert the_room(self.room).item_id == self.at

    @invariant()
    def nobody_reads_what_is_hidden_and_everybody_learns_what_changed(self) -> None:
        revision = the_room(self.room).revision
        assert revision - self.revision == self.was_accepted, self.deed
        is_new = revision != self.revision
        has_changed = [self.look_around(name, who, is_new=is_new) for name, who in self.clients.items()]
        assert is_new or not any(has_changed), f"{self.deed} changed a page and no screen learns of it"
        assert any(has_changed) or not (is_new and self.is_seen), f"{self.deed} changed nothing that anybody sees"
        RoomMachine.taken += self.was_accepted
        self.revision, self.was_accepted, self.deed = revision, False, ""

    def look_around(self, name: str, who: PageClient, *, is_new: bool) -> bool:
        """Fetch all pages of somebody; whether their page of the room says anything new."""
        person = self.people[name]
        is_gone = person in self.left
        page = who.ask("GET", self.room.address())
        assert page.status == (404 if is_gone else 200)
        said = plain(page)
        is_changed = self.pages.get(name) != said
        self.pages[name] = said
        now = who.ask("GET", self.room.address("/now"), headers={"If-None-Match": self.tags.get(name, "")})
        assert now.status == (404 if is_gone else 304 if name in self.tags and not is_new else 200)
        if now.status == 200:
            self.tags[name] = now.headers["ETag"]
            assert plain(now) == said
        self.check_page(page, person, sees_return=name == "member")
        if name in {"chair", "second"}:
            self.check_page(who.ask("GET", self.room.address("/projector")), None, sees_return=False)
        sees_return = name in {"member", "coordinator"}
        if not is_new:
            return is_changed
        for address in (self.room.at(), self.room.path(f"/cases/{self.room.asked.cases[0]}")):
            self.check_page(who.ask("GET", address), person, sees_return=sees_return)
        if self.at and not is_gone:
            for own in self.items[self.at].open_votes():
                assert own.marker in page.html, f"{name} does not see what the chair showed"
        return is_changed


def plain(page: Page) -> str:
    """What a page shows of the room, without tokens, which differ each time."""
    return CHANGING.sub("", page.html.partition(' id="room"')[2].partition("Reload this page")[0])


@pytest.mark.once
def test_nobody_reads_what_is_hidden_whatever_is_done_in_a_room(app: Flask, prepared: Prepared, clock: Clock) -> None:
    few = settings(max_examples=4, stateful_step_count=10, phases=[Phase.generate])  # to shrink takes many minutes
    run_state_machine_as_test(lambda: RoomMachine(app, prepared), settings=few)  # type: ignore[arg-type]
    assert RoomMachine.taken > 0, "no deed was taken, so nothing was looked for"
