"""Around a panel: something done for one child, cases read side by side, facts corrected; a practice case before."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from audit_app import create_app
from audit_app.accounts.access import new_password_hash
from audit_app.accounts.models import Person
from audit_app.core.clock import today
from audit_app.core.db import db, transaction
from audit_app.core.schema import bring_up_to_date
from audit_app.demo.rules import OPEN_TO_ALL
from config import PROJECT, Settings
from tests.factories.calibration import Practising, practising
from tests.factories.moderation import Moderation, past_its_panel
from tests.journeys.walking import Service, StartService, Walk, Walker

CHAIR, OTHER, LEAD, COORDINATOR = "Chris Chair", "Olu Other", "Lea Lead", "coordinator"
CORA, NURSE, OFFICER = "Cora", "Nora Nurse", "Otis Officer"


@dataclass
class Told:
    """What the preparation tells the journeys: addresses of pages, and the e-mail address of each person by name."""

    home: str = ""
    round: str = ""
    item: str = ""
    health: int = 0
    cases: tuple[str, ...] = ()
    practice: str = ""
    emails: dict[str, str] | None = None


def tell(told: Told, after: Moderation, before: Practising) -> None:
    told.home, told.round = after.sitting.path("/"), after.path("")
    told.item, told.cases = after.sitting.at(f"/moderate/{after.item().id}"), after.sitting.asked.cases
    told.health, told.practice = after.sitting.asked.health, before.at
    emails = dict(db.session.execute(select(Person.name, Person.email)).all())
    emails[COORDINATOR] = db.session.get_one(Person, after.coordinator).email
    told.emails = emails


@dataclass(frozen=True)
class Place:
    """The service with a round past its panel, and one before its returns."""

    service: Service
    told: Told
    walk: Walk

    def enter(self, name: str, *, width: int = 1280) -> Walker:
        """Somebody signs in; other journeys look at the pages on which they do."""
        assert self.told.emails
        walker = self.walk(where=self.service, width=width, looks=False).sign_in(self.told.emails[name])
        walker.is_looking = True
        return walker


@pytest.fixture
def place(start_service: StartService, walk: Walk) -> Place:
    told = Told()

    def prepare(settings: Settings) -> None:
        app = create_app(settings)
        with app.app_context():
            bring_up_to_date(PROJECT / "migrations")
            after, before = past_its_panel(), practising()
            known = new_password_hash(OPEN_TO_ALL, email="", name="")
            with transaction():
                db.session.execute(update(Person).values(password=known))
            tell(told, after, before)
            db.session.remove()
            db.engine.dispose()

    return Place(start_service(prepare=prepare), told, walk)


def test_what_is_done_before_and_after_a_panel(place: Place) -> None:
    a_practice_case(place)
    chair, lead, coordinator = place.enter(CHAIR), place.enter(LEAD, width=390), place.enter(COORDINATOR)
    an_action_for_one_child(place, chair, lead, coordinator)
    moderated_by_two(place, chair, place.enter(OTHER))
    facts_corrected(place, chair, lead, coordinator)
    assert lead.width_needed <= 390


def an_action_for_one_child(place: Place, chair: Walker, lead: Walker, coordinator: Walker) -> None:
    chair.open(f"{place.told.home}panels/cases/{place.told.cases[0]}").follow("Raise an action about this child")
    chair.page.locator('[name="agency"]').select_option(str(place.told.health))
    chair.fill(words="Ring the grandmother.", working_days="5").press("Raise the action")
    from_home(place, lead, "1 action about a child")
    lead.follow("Ring the grandmother.").press("Record what was done")
    lead.fill(outcome="She looks after the child on Sundays.").date("done_on", today()).press("Record it as done")
    lead.reads("She looks after the child on Sundays.")
    coordinator.open(f"{place.told.home}case-actions?state=done")
    coordinator.follow("Ring the grandmother.").press("Send it back")
    coordinator.fill(reason="And on Saturdays?").press("Send it back")
    coordinator.press("Move the day it is due").date("due_on", today() + timedelta(days=20))
    coordinator.fill(reason="She is away until then.").press("Move the day")
    coordinator.follow("Withdraw this action").fill(reason="She rang herself.").press("Withdraw the action")
    coordinator.reads("Withdrawn")


def moderated_by_two(place: Place, chair: Walker, other: Walker) -> None:
    from_home(place, chair, "Read all cases of")
    chair.open(place.told.item).tick("Requires improvement")
    chair.fill(reason="Seen late.", because="As in the other case.").press("Propose this change")
    chair.reads("Change proposed")
    from_home(place, other, "Confirm, or do not confirm")
    other.press(f"Go to {place.told.cases[0]}").press("Confirm the change").reads("Changed")
    for reader in (other, chair):
        reader.is_looking = reader is chair  # at what both see
        reader.open(f"{place.told.round}/moderation/done")
        reader.fill(note="All cases are rated alike.").press("I have read all cases")
    chair.reads("Moderation is done.")


def facts_corrected(place: Place, chair: Walker, lead: Walker, coordinator: Walker) -> None:
    from_home(place, lead, "Check the facts of")
    lead.page.locator("summary", has_text=place.told.cases[0]).click()
    lead.follow(re.compile("^Ask to correct A01"))
    lead.fill(what_is_wrong="Not in May.", what_is_right="On 3 March.", where_on_file="Visit log, 3 March")
    lead.press("Ask for this correction").reads("To be decided")
    from_home(place, chair, "Decide 1 correction")
    chair.press(f"Go to {place.told.cases[0]}")
    chair.tick("Corrected").fill(response="You are right.").press("Save the decision")
    lead.open(f"{place.told.round}/accuracy").press(re.compile("^Read for")).reads("You are right.")
    lead.press("We have nothing more to correct").reads("nothing more to correct")
    coordinator.open(f"{place.told.round}/accuracy").reads("may still ask")
    coordinator.press("Give more time").open(f"{place.told.round}/accuracy/done").reads("may still ask")
    coordinator.open(place.told.round).follow("All cases side by side, and what was changed").reads("Seen late.")


def from_home(place: Place, who: Walker, link: str) -> Walker:
    """Somebody follows a link of their home page that begins with these words; others look at home pages."""
    who.is_looking = False
    who.open(place.told.home)
    who.is_looking = True
    return who.follow(re.compile(f"^{link}"))


def a_practice_case(place: Place) -> None:
    cora = place.enter(CORA).open(place.told.practice).press("Set a practice case")
    cora.fill(title="Robin", story="Robin is four. Nobody asked Robin.")
    cora.date("due_on", today() + timedelta(days=14)).press("Save the practice case")
    for name, words in ((NURSE, "Good"), (OFFICER, "Inadequate")):
        auditor = place.enter(name, width=390)
        auditor.is_looking = name == NURSE
        auditor.follow(re.compile("^Score the practice case"))
        for question in auditor.page.get_by_role("group").all():
            question.get_by_label(words).check()
        auditor.page.get_by_label("Why, in a few words (A01)").fill(f"It is {words.lower()}.")
        auditor.press("Save my answers").reads("You answered")
    cora.open(place.told.practice).press("Close it and see the answers").press("Close it and see the answers")
    cora.reads("Talk about this first")
