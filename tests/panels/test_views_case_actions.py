"""The pages of actions about one child, as the people who use them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db
from audit_app.panels.models import CaseAction
from audit_app.panels.rules import CaseActionState
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member
from tests.factories.case_actions import NOW, WORDS, a_lead, be, done, raised, the_action, withdrawn
from tests.factories.panels import Sitting, round_state
from tests.fixtures import Clock, CountQueries
from tests.pages import Page, PageClient

Browser = Callable[[int], PageClient]
IN_A_FORM = {"words": WORDS, "working_days": "5"}


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.set(NOW)


@pytest.fixture
def as_(client: PageClient) -> Browser:
    """`as_(person_id)`: a browser in which this person is signed in."""
    return lambda person_id: client.as_(db.session.get_one(Person, person_id))


def new(sitting: Sitting, query: str = "", case: int = 0) -> str:
    return sitting.path(f"/cases/{sitting.asked.cases[case]}/actions/new{query}")


def at(sitting: Sitting, action: CaseAction, rest: str = "") -> str:
    return sitting.path(f"/case-actions/{action.id}{rest}")


def filled(sitting: Sitting, **more: str) -> dict[str, str]:
    return IN_A_FORM | {"agency": str(sitting.asked.health)} | more


def offered(page: Page) -> set[str]:
    words = {"Record what was done", "Move the day it is due", "Withdraw this action", "Send it back"}
    return words & page.links.keys()


def test_a_chair_raises_an_action_and_reads_when_it_is_due(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.path(f"/cases/{sitting.asked.cases[0]}"))
    form = chair.get(page.links["Raise an action about this child"])
    assert form.h1 == f"Raise an action about {sitting.asked.cases[0]}"
    shown = chair.send(form, filled(sitting))
    assert shown.notices == ["The action is raised. It is due on 11 March 2026."]
    assert shown.h1 == f"Action about {sitting.asked.cases[0]}"
    assert WORDS in shown.main
    listed = chair.get(sitting.path(f"/cases/{sitting.asked.cases[0]}"))
    assert WORDS in listed.links
    assert WORDS in chair.get(sitting.at()).links


def test_who_comes_from_the_room_goes_back_there(sitting: Sitting, as_: Browser) -> None:
    notes = as_(sitting.note_taker)
    form = notes.get(new(sitting, "?back=room"))
    room = sitting.path(f"/panels/{sitting.panel_id}/room")
    assert form.links["Back to the room"] == form.links["Cancel"] == room
    assert notes.send(form, filled(sitting, words=" "), status=200).links["Back to the room"] == room
    shown = notes.send(form, filled(sitting))
    assert shown.path == room
    assert shown.notices == ["The action is raised. It is due on 11 March 2026."]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"words": ""}, "Say what is to be done."),
        ({"agency": ""}, "Choose which agency does it."),
        ({"working_days": ""}, "Enter a number of working days from 1 to 60."),
        ({"working_days": "61"}, "Enter a number of working days from 1 to 60."),
        ({"working_days": "a week"}, "Enter a number of working days from 1 to 60."),
    ],
)
def test_what_is_missing_is_said_beside_it_and_what_was_typed_stays(
    sitting: Sitting, coordinator: PageClient, changes: dict[str, str], error: str
) -> None:
    typed = filled(sitting, **changes)
    back = coordinator.post(new(sitting), typed, status=200)
    assert back.errors == [error]
    kept = {name: text for name, text in typed.items() if name not in changes}
    assert {name: back.form().values[name] for name in kept} == {name: [text] for name, text in kept.items()}


def test_a_case_that_is_not_released_offers_no_form(sitting: Sitting, coordinator: PageClient) -> None:
    page = coordinator.get(new(sitting, case=1))
    assert "once the case is released" in page.main
    assert not [form for form in page.forms if form.method == "post"]
    assert coordinator.post(new(sitting, case=1), filled(sitting), status=200).errors
    assert (
        "Raise an action about this child"
        not in coordinator.get(sitting.path(f"/cases/{sitting.asked.cases[1]}")).links
    )


def test_each_is_offered_what_they_may_do(sitting: Sitting, as_: Browser) -> None:
    action, lead = raised(sitting), a_lead(sitting, sitting.asked.health)
    decides = {"Move the day it is due", "Withdraw this action"}
    expected = {
        sitting.asked.coordinator: decides,
        sitting.chair: decides,
        sitting.note_taker: set[str](),
        sitting.member: set[str](),
        sitting.asked.police_auditor: set[str](),
        sitting.asked.health_auditor: {"Record what was done"},
        lead.id: {"Record what was done"},
    }
    for person, words in expected.items():
        assert offered(as_(person).get(at(sitting, action))) == words
    done(sitting, action)
    for person in expected:
        is_deciding = person in {sitting.asked.coordinator, sitting.chair}
        assert offered(as_(person).get(at(sitting, action))) == ({"Send it back"} if is_deciding else set())


def test_an_agency_records_what_it_did_and_the_coordinator_sends_it_back(
    sitting: Sitting, as_: Browser, coordinator: PageClient
) -> None:
    action, lead = raised(sitting), a_lead(sitting, sitting.asked.health)
    owner = as_(lead.id)
    form = owner.get(owner.get(at(sitting, action)).links["Record what was done"])
    told = {"outcome": "It met.", "done_on": ["4", "3", "2026"]}
    assert owner.send(form, told | {"done_on": ["5", "3", "2026"]}, status=200).errors == [
        "The day on which it was done must be today or earlier."
    ]
    shown = owner.send(form, told)
    assert "It met." in shown.main
    assert "4 March 2026, recorded by Lee Lead" in shown.main
    form = coordinator.get(coordinator.get(at(sitting, action)).links["Send it back"])
    assert "It met." in form.main
    coordinator.send(form, {"reason": "Was the school there?"})
    again = owner.get(at(sitting, action))
    assert "Sent back Was the school there?" in again.main
    assert owner.get(at(sitting, action, "/done")).form().values["outcome"] == ["It met."]


def test_names_in_an_outcome_are_asked_about_once(sitting: Sitting, as_: Browser) -> None:
    action, auditor = raised(sitting), as_(sitting.asked.health_auditor)
    form = auditor.get(at(sitting, action, "/done"))
    assert "are_not_names" not in form.form().values
    back = auditor.send(form, {"outcome": "We rang Kim.", "done_on": ["4", "3", "2026"]}, status=200)
    assert "“Kim” may name someone" in back.errors[0]
    auditor.send(back, {"are_not_names": "y"})
    assert the_action(action).state is CaseActionState.DONE


def test_the_day_due_is_moved_with_a_reason_and_the_earlier_day_stays(
    sitting: Sitting, coordinator: PageClient
) -> None:
    action = raised(sitting)
    form = coordinator.get(at(sitting, action, "/due"))
    changes = {"due_on": ["20", "3", "2026"], "reason": "The school is closed."}
    shown = coordinator.send(form, changes)
    assert (
        "11 March 2026, moved to 20 March 2026 by Cora Ordinator on 4 March 2026: The school is closed." in shown.main
    )
    late = coordinator.send(form, changes | {"due_on": ["25", "3", "2026"]}, status=200)
    assert late.errors[0].startswith("Someone else saved this")
    assert "20 March 2026" in late.main
    assert coordinator.send(late, {}).h1 == shown.h1


def test_an_action_is_withdrawn_and_offers_nothing_more(sitting: Sitting, chair: PageClient) -> None:
    action = raised(sitting)
    shown = chair.send(chair.get(at(sitting, action, "/withdraw")), {"reason": "It was done before."})
    assert "Withdrawn It was done before." in shown.main
    assert offered(shown) == set()
    chair.get(at(sitting, action, "/withdraw"), status=409)


def test_pages_lead_to_the_case_only_whom_it_shows_and_whoever_takes_part_to_a_concern(
    sitting: Sitting, as_: Browser
) -> None:
    action, lead = raised(sitting), a_lead(sitting, sitting.asked.health)
    case = f"The case {sitting.asked.cases[0]}"
    assert case in as_(sitting.asked.health_auditor).get(at(sitting, action)).links
    assert case not in as_(lead.id).get(at(sitting, action)).links
    for person in (sitting.asked.police_auditor, sitting.chair, sitting.asked.coordinator):
        assert "Raise an immediate concern" in as_(person).get(at(sitting, action)).links


def test_the_list_shows_what_its_filters_let_through_with_the_same_queries(
    sitting: Sitting, as_: Browser, count_queries: CountQueries, clock: Clock
) -> None:
    finished = raised(sitting, words="Finished")
    done(sitting, finished)
    withdrawn(sitting, raised(sitting, words="Withdrawn"))
    raised(sitting, words="The first", days=1)
    auditor, path = as_(sitting.asked.health_auditor), sitting.path("/case-actions")
    with count_queries() as for_one:
        page = auditor.get(path)
    assert [row[1] for row in page.tables[0][1:]] == ["The first"]
    for number in range(30):
        raised(sitting, words=f"More {number}", days=10, agency=sitting.asked.police)
    with count_queries() as for_many:
        many = auditor.get(path)
    assert for_many.count == for_one.count
    assert len(many.tables[0]) == 26
    assert len(auditor.get(f"{path}?page=2").tables[0]) == 7
    assert [row[1] for row in auditor.get(f"{path}?state=done").tables[0][1:]] == ["Finished"]
    assert [row[1] for row in auditor.get(f"{path}?own=yes").tables[0][1:]] == ["The first"]
    clock.set(NOW + timedelta(days=2))
    later = as_(sitting.asked.health_auditor)
    assert [row[1] for row in later.get(f"{path}?late=yes").tables[0][1:]] == ["The first"]
    assert "Nothing here" in later.get(f"{path}?state=nonsense&case=elsewhere").main


def test_a_case_page_asks_as_many_questions_for_many_actions_as_for_one(
    sitting: Sitting, chair: PageClient, count_queries: CountQueries
) -> None:
    raised(sitting)
    with count_queries() as for_one:
        chair.get(sitting.at())
    for _ in range(9):
        raised(sitting)
    with count_queries() as for_many:
        chair.get(sitting.at())
    assert for_many.count == for_one.count


# closing


def test_a_coordinator_closes_a_round_and_gives_a_reason_for_what_is_open(
    sitting: Sitting, coordinator: PageClient
) -> None:
    hub, path = (sitting.path(f"/rounds/{sitting.asked.reference}{rest}") for rest in ("", "/close"))
    assert "Close this round" not in coordinator.get(hub).links
    coordinator.get(path, status=409)
    action = raised(sitting)
    be(sitting, RoundState.PUBLISHED)
    page = coordinator.get(coordinator.get(hub).links["Close this round"])
    assert "1 action about a child is still open" in page.main
    assert WORDS in page.links
    back = coordinator.send(page, {"reason": " "}, status=200)
    assert back.errors[0].startswith("1 action about a child is open.")
    assert coordinator.send(page, {"reason": "The reviewing officer has it."}).notices == ["The round is closed."]
    assert round_state(sitting) is RoundState.CLOSED
    shown = coordinator.get(at(sitting, action))
    assert "Cora Ordinator closed the audit while this was open The reviewing officer has it." in shown.main


def test_a_round_with_nothing_open_asks_for_no_reason(sitting: Sitting, coordinator: PageClient) -> None:
    be(sitting, RoundState.PUBLISHED)
    page = coordinator.get(sitting.path(f"/rounds/{sitting.asked.reference}/close"))
    assert "reason" not in page.form(button="Close the round").values
    coordinator.send(page, button="Close the round")
    assert round_state(sitting) is RoundState.CLOSED


def test_another_chair_does_nothing_with_an_action_of_a_panel_that_is_not_theirs(
    sitting: Sitting, client: PageClient
) -> None:
    action = raised(sitting)
    agency = db.session.get_one(Agency, sitting.asked.health)
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    other = client.as_(a_member(partnership, Role.PANEL_CHAIR, Role.AUDITOR, agency=agency))
    assert offered(other.get(at(sitting, action))) == {"Record what was done"}
    for rest in ("/due", "/withdraw", "/send-back"):
        other.get(at(sitting, action, rest), status=404)
    other.get(new(sitting), status=404)
