"""A panel of three cases in its room: a chair, four members and a wall, each in a browser of their own."""

import pytest
from playwright.sync_api import expect

from tests.factories.rooms import Room
from tests.journeys.the_room import Told, prepare
from tests.journeys.walking import StartService, Walk, Walker

WITHIN = 3_000
"""Milliseconds within which everybody sees what anybody does."""

CHAIR, WRITER, WALL = "Chris Chair", "Nat Notes", "wall"
MEMBERS = ("Mo Member", "Pat Police", "Sal Second", "Gus Guest")


class Table:
    """Everybody at the table, and the wall."""

    def __init__(self, walk: Walk, start: StartService) -> None:
        told = Told()
        service = start(prepare=lambda settings: prepare(settings, told))
        assert isinstance(told.room, Room)
        assert told.emails
        self.room = told.room
        self.people: dict[str, Walker] = {}
        for name in (CHAIR, WRITER, *MEMBERS):
            who = walk(where=service, looks=name in {CHAIR, "Pat Police"}, width=390 if name == "Pat Police" else 1280)
            self.people[name] = who.sign_in(told.emails[name]).open(self.room.address())
        self.people[WALL] = walk(where=service).sign_in(told.emails[CHAIR]).open(self.room.address("/projector"))
        self.chair = self.people[CHAIR]

    def all_read(self, words: str) -> None:
        """Within three seconds every screen says where the room is, without anybody reloading."""
        for who in self.people.values():
            expect(who.page.locator("#room-status")).to_contain_text(words, timeout=WITHIN)

    def look(self) -> None:
        """Check the page of the chair, of a member at a telephone and of the wall, as they are now."""
        for name in (CHAIR, "Pat Police", WALL):
            self.people[name].look()

    def chair_presses(self, region: str, words: str) -> None:
        """The chair presses a button in a part of their page."""
        self.chair._click(self.chair.page.locator(f"#{region}").get_by_role("button", name=words).first)

    def rates(self, name: str, level: str, why: str) -> None:
        """A member gives a rating of their own."""
        page = self.people[name].page
        expect(page.get_by_role("button", name="Give your rating")).to_be_visible(timeout=WITHIN)
        page.locator("#room-own").get_by_label(level, exact=True).check()
        page.locator("#room-own").get_by_label("Why, in a few words").fill(why)
        self.people[name].press("Give your rating")

    def agrees(self, level: str, reason: str) -> None:
        """The chair shows the ratings and records what the panel agrees."""
        self.chair.press("Show ratings")
        self.chair.page.locator("#room-own").get_by_label(level, exact=True).check()
        self.chair.page.locator("#agree-reason").fill(reason)
        self.chair.press("Agree")


@pytest.fixture
def table(walk: Walk, start_service: StartService) -> Table:
    return Table(walk, start_service)


def test_a_panel_of_three_cases_from_opening_to_outcomes(table: Table) -> None:
    table.all_read("The chair has not opened the room yet.")
    table.look()
    table.chair.page.get_by_label("Nobody is recording").check()
    table.chair.press("Open the room")
    table.all_read("The room is open.")
    the_first_case(table)
    for case in (1, 2):
        another_case(table, case)
    table.chair.open(table.room.address())
    table.chair_presses("room-close", "Close the room")
    table.all_read("The room is closed.")
    table.look()


def the_first_case(table: Table) -> None:
    reference = table.room.asked.cases[0]
    table.chair_presses("room-cases", "Open")
    table.all_read(f"{reference}. 0 of 5 agreed.")
    table.look()
    table.chair_presses("room-agenda", "Rate it")
    table.all_read("Rating: A04 Harm was weighed. 0 of 2 have rated.")
    table.look()
    blind_until_shown(table)
    table.chair.press("Show ratings")
    table.all_read("The ratings are shown: A04")
    table.look()
    for who in table.people.values():
        expect(who.page.locator("#room-now")).to_contain_text("Two visits were missed.", timeout=WITHIN)
    expect(table.chair.page.locator("#agree-reason")).to_have_value("Health saw good work, the police did not.")
    again_and_agreed(table)
    the_rest(table)
    overall_and_outcome(table)


def blind_until_shown(table: Table) -> None:
    """Two rate; everybody sees that and nobody what. Somebody who reloads, or lost the network, is back where it is."""
    table.rates("Pat Police", "Inadequate", "Two visits were missed.")
    table.all_read("1 of 2 have rated.")
    member = table.people["Mo Member"]
    member.context.set_offline(True)
    expect(member.page.locator("#room-status")).to_contain_text("The connection is lost", timeout=2 * WITHIN)
    table.rates("Sal Second", "Requires improvement", "One visit was missed.")
    member.context.set_offline(False)
    table.all_read("2 of 2 have rated.")
    member.complaints.clear()  # the browser's own words about the lost connection
    member.page.reload()
    for who in table.people.values():
        if who is not table.people["Pat Police"]:
            assert "Two visits were missed." not in who.page.content()
    writer = table.people[WRITER]
    writer.page.locator("#note-reason").fill("Health saw good work, the police did not.")
    writer.press("Keep the notes")
    table.look()


def again_and_agreed(table: Table) -> None:
    """The chair asks again; a member who is typing keeps their place and their words while others rate."""
    table.chair.press("Rate once more")
    table.all_read("Rating again: A04")
    typing = table.people["Mo Member"].page
    why = typing.locator("#room-own").get_by_label("Why, in a few words")
    why.fill("We did go in, twice")
    table.rates("Pat Police", "Requires improvement", "I did not know of the second visit.")
    table.all_read("1 of 3 have rated.")
    expect(why).to_be_focused()
    expect(why).to_have_value("We did go in, twice")
    table.agrees("Requires improvement", "Good work that came late.")
    table.all_read("Agreed: A04")
    expect(why).to_be_focused()
    typing.locator("body").click(position={"x": 5, "y": 5})
    expect(typing.get_by_text("Not sent before the room moved on: We did go in, twice")).to_be_visible(timeout=WITHIN)
    table.look()


def the_rest(table: Table) -> None:
    table.chair_presses("room-own", "Next: B01")
    table.all_read("Rating: B01")
    table.agrees("Good", "She was heard.")
    table.chair_presses("room-agenda", "Show them")
    table.all_read("What can be confirmed together.")
    table.look()
    pulled = table.people["Gus Guest"]
    expect(pulled.page.locator("#room-now")).to_contain_text("To confirm together", timeout=WITHIN)
    pulled.page.locator("#room-now").get_by_role("button", name="Talk about H02").click()
    expect(table.chair.page.locator("#room-agenda")).to_contain_text("To confirm together: 1", timeout=WITHIN)
    table.chair.open(table.room.address()).press("Confirm the ticked ratings together")
    table.all_read("What can be confirmed together.")
    table.chair_presses("room-now", "Next: H02")
    table.all_read("Rating: H02")
    table.agrees("Good", "Letters were followed up.")


def overall_and_outcome(table: Table) -> None:
    table.chair_presses("room-own", "Next: Overall")
    table.all_read("Rating: Overall")
    table.agrees("Requires improvement", "Good work that came late.")
    table.chair_presses("room-own", "Next: the outcome")
    table.all_read("What the panel takes away")
    table.look()
    finish(table)


def another_case(table: Table, case: int) -> None:
    """A shorter one: nobody but the returns rates, and what is left is confirmed together."""
    table.chair.open(table.room.address())
    table.chair_presses("room-cases", "Open")
    table.all_read(f"{table.room.asked.cases[case]}. 0 of 5 agreed.")
    table.chair_presses("room-agenda", "Rate it")
    for _ in range(2):
        table.agrees("Good", "As the return says.")
        table.chair_presses("room-own", "Next")
    table.chair.press("Confirm the ticked ratings together")
    table.chair_presses("room-now", "Next: Overall")
    table.agrees("Good", "As the return says.")
    table.chair_presses("room-own", "Next: the outcome")
    finish(table)


def finish(table: Table) -> None:
    table.chair.follow("Go to the outcome of " + table.chair.page.locator(".app-room__case strong").inner_text())
    table.chair.fill(outcome="Ask who else lives there.").press("Save the outcome")
    table.chair.press("Check and finish the case").press("Finish the case")
