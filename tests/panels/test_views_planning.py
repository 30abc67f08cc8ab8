"""The pages on which panels are listed, planned and changed."""

from datetime import date

import pytest
from sqlalchemy import update

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, an_agency
from tests.factories.panels import (
    Sitting,
    a_panel,
    finish,
    withdraw_round,
)
from tests.factories.rounds import a_round
from tests.fixtures import CountQueries
from tests.pages import Page, PageClient


def as_(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def test_a_chair_sees_their_panels_with_how_far_they_are(sitting: Sitting, chair: PageClient) -> None:
    finish(sitting)
    page = chair.get(sitting.path("/panels"))
    assert page.h1 == "Panels"
    assert page.tables[0][1][2:] == ["Chris Chair", "Town Hall, room 4", "1 of 2"]
    assert page.links[f"20 March 2026, {sitting.asked.reference}"] == sitting.path(f"/panels/{sitting.panel_id}")


def test_someone_on_no_panel_is_told_what_will_be_here(sitting: Sitting, client: PageClient) -> None:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    page = client.as_(a_member(partnership, Role.PANEL_MEMBER)).get(sitting.path("/panels"))
    assert "No panels yet" in page.main
    assert not page.tables


def test_a_coordinator_is_led_to_the_cases_that_are_on_no_panel(sitting: Sitting, coordinator: PageClient) -> None:
    new = sitting.path(f"/rounds/{sitting.asked.reference}/panels/new")
    words = f"Plan a panel for {sitting.asked.reference}"
    page = coordinator.get(sitting.path("/panels"))
    assert "no case waits for a panel" in page.main
    assert page.links[words] == new
    take_off(sitting, coordinator)
    page = coordinator.get(sitting.path("/panels"))
    assert "1 case is on no panel yet" in page.main
    assert page.links[words] == new


def test_only_rounds_that_can_have_a_panel_are_offered_one(sitting: Sitting, coordinator: PageClient) -> None:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    made = {state: a_round(partnership, state=state).reference for state in RoundState}
    links = coordinator.get(sitting.path("/panels")).links
    offered = {state for state, reference in made.items() if f"Plan a panel for {reference}" in links}
    assert offered == {RoundState.SAMPLING, RoundState.RETURNS, RoundState.PANEL}


def test_someone_whose_agency_takes_no_part_is_marked(sitting: Sitting, coordinator: PageClient) -> None:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    other = an_agency(partnership, name="Fire service")
    a_member(partnership, Role.PANEL_MEMBER, agency=other, name="Fay")
    health = db.session.get_one(Agency, sitting.asked.health)
    a_member(partnership, Role.PANEL_MEMBER, agency=health, name="Hal")
    for path in (f"/rounds/{sitting.asked.reference}/panels/new", f"/panels/{sitting.panel_id}/change"):
        page = coordinator.get(sitting.path(path)).main
        assert "Fay, Fire service (takes no part in this round)" in page
        assert f"Hal, {health.name} (takes no part" not in page


def take_off(sitting: Sitting, coordinator: PageClient) -> Page:
    """Take the second case off the panel."""
    page = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change"))
    return coordinator.send(page, {f"case-{sitting.cases[1]}": ""})


def test_a_list_of_thirty_panels_asks_no_more_than_a_list_of_one(
    sitting: Sitting, coordinator: PageClient, count_queries: CountQueries
) -> None:
    with count_queries() as one:
        coordinator.get(sitting.path("/panels"))
    for _ in range(29):
        a_panel(sitting.asked, (), chair=sitting.chair, members={})
    with count_queries() as many:
        page = coordinator.get(sitting.path("/panels"))
    assert (len(page.tables[0]), many.count) == (26, one.count)
    assert len(coordinator.get(sitting.path("/panels"), page=2).tables[0]) == 6


def test_a_coordinator_plans_a_panel(sitting: Sitting, coordinator: PageClient) -> None:
    take_off(sitting, coordinator)
    page = coordinator.get(sitting.path(f"/rounds/{sitting.asked.reference}/panels/new"))
    assert page.form().values[f"case-{sitting.cases[1]}"] == ["1"]
    shown = coordinator.send(
        page,
        {
            "held_on": ["27", "3", "2026"],
            "place": "https://call.example/n26",
            "chair": str(sitting.chair),
            "members": [str(sitting.member), str(sitting.note_taker)],
        },
    )
    assert shown.h1 == "Panel of 27 March 2026"
    assert "https://call.example/n26" in shown.main
    assert [row[:3] for row in shown.tables[1][1:]] == [
        ["Mo Member", "note-taker", "Not recorded"],
        ["Nat Notes", "note-taker", "Not recorded"],
    ]
    assert shown.tables[0][1][:2] == [sitting.asked.cases[1], "With agencies"]


def test_a_plan_with_errors_keeps_what_was_typed(sitting: Sitting, coordinator: PageClient) -> None:
    page = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change"))
    first, second = sitting.cases
    back = coordinator.send(
        page,
        {"held_on": ["31", "2", "2026"], "chair": "", f"case-{first}": "2", f"case-{second}": "2", "place": "Here"},
        status=200,
    )
    assert back.errors == [
        "The panel's date must be a real date.",
        "Choose who chairs the panel.",
        "Give each case a number of its own.",
    ]
    assert back.title.startswith("Error: Change this panel")
    values = back.form().values
    assert (values["held_on"], values["place"], values[f"case-{second}"]) == (["31", "2", "2026"], ["Here"], ["2"])


@pytest.mark.parametrize("typed", ["first", "-1", "1.5", "1000"])
def test_an_order_is_whole_numbers(typed: str, sitting: Sitting, coordinator: PageClient) -> None:
    page = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change"))
    back = coordinator.send(page, {f"case-{sitting.cases[1]}": typed}, status=200)
    assert back.errors == ["Number the cases 1, 2, 3 and so on."]
    assert back.form().values[f"case-{sitting.cases[1]}"] == [typed]


def test_a_refused_plan_says_why_and_keeps_what_was_typed(sitting: Sitting, coordinator: PageClient) -> None:
    page = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change"))
    back = coordinator.send(page, {f"case-{sitting.cases[0]}": "", "place": "Here"}, status=200)
    assert back.errors == [f"{sitting.asked.cases[0]} was released to this panel and stays on it."]
    assert back.form().values["place"] == ["Here"]


def test_a_panel_changed_by_somebody_else_shows_what_is_kept_now(sitting: Sitting, coordinator: PageClient) -> None:
    page = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change"))
    coordinator.send(page, {"place": "Room 1"})
    back = coordinator.send(page, {"place": "Room 2"}, status=200)
    assert back.errors == ["Someone else saved this while you were working. Compare the two, then save again."]
    assert "What is kept now" in back.main
    assert "Where Room 1" in back.main
    assert back.form().values["place"] == ["Room 2"]
    assert "Where Room 2" in coordinator.send(back).main


def test_a_panel_that_was_held_cannot_be_changed_and_says_so(sitting: Sitting, coordinator: PageClient) -> None:
    take_off(sitting, coordinator)
    finish(sitting)
    address = sitting.path(f"/panels/{sitting.panel_id}")
    page = coordinator.get(address)
    assert "This panel has been held" in page.main
    assert "Change this panel" not in page.links
    assert "has been held" in coordinator.get(f"{address}/change", status=409).main


def test_no_panel_is_planned_for_a_round_still_being_planned(sitting: Sitting, coordinator: PageClient) -> None:
    with transaction():
        db.session.execute(update(Round).values(state="draft"))
    answer_ = coordinator.get(sitting.path(f"/rounds/{sitting.asked.reference}/panels/new"), status=409)
    assert "Panels are planned between opening a round and reporting it" in answer_.main


def test_what_was_planned_while_the_round_was_withdrawn_comes_back_with_the_reason(
    sitting: Sitting, coordinator: PageClient
) -> None:
    take_off(sitting, coordinator)
    addresses = (f"/rounds/{sitting.asked.reference}/panels/new", f"/panels/{sitting.panel_id}/change")
    opened = [coordinator.get(sitting.path(address)) for address in addresses]
    withdraw_round(sitting)
    typed: dict[str, object] = {
        "held_on": ["27", "3", "2026"],
        "place": "https://call.example/n26",
        "chair": str(sitting.chair),
        "members": [str(sitting.member)],
        f"case-{sitting.cases[1]}": "7",
    }
    for page in opened:
        back = coordinator.send(page, typed, status=200)
        assert len(back.errors) == 1
        assert "This one is at “Withdrawn”." in back.errors[0]
        kept = back.form().values
        assert all(kept[name] == (said if isinstance(said, list) else [said]) for name, said in typed.items())
        assert "Withdrawn" in coordinator.get(back.path, status=409).main


def test_what_was_changed_while_the_panel_was_held_comes_back_with_the_reason(
    sitting: Sitting, coordinator: PageClient
) -> None:
    take_off(sitting, coordinator)
    page = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change"))
    finish(sitting)
    back = coordinator.send(page, {"place": "Room 2"}, status=200)
    assert back.errors == ["This panel has been held: all its cases are agreed."]
    assert back.form().values["place"] == ["Room 2"]


def test_someone_whose_agency_has_ended_can_still_take_part(sitting: Sitting, coordinator: PageClient) -> None:
    take_off(sitting, coordinator)
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    agency = an_agency(partnership, name="Old Trust", ended_on=date(2026, 1, 1))
    a_member(partnership, Role.PANEL_MEMBER, agency=agency, name="Olga")
    page = coordinator.get(sitting.path(f"/rounds/{sitting.asked.reference}/panels/new"))
    assert "Olga, Old Trust" in page.main
    assert "Olga, Old Trust" in coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change")).main


def test_a_panel_is_not_there_for_those_who_do_not_sit_on_it(sitting: Sitting, client: PageClient) -> None:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    for role in (Role.PANEL_CHAIR, Role.PANEL_MEMBER, Role.NOTE_TAKER):
        client.as_(a_member(partnership, role)).get(sitting.path(f"/panels/{sitting.panel_id}"), status=404)
    for person in (sitting.chair, sitting.member, sitting.note_taker, sitting.asked.coordinator):
        page = as_(client, person).get(sitting.path(f"/panels/{sitting.panel_id}"))
        assert [row[0] for row in page.tables[0][1:]] == list(sitting.asked.cases)


def test_each_person_is_offered_what_they_may_do_with_a_case(sitting: Sitting, client: PageClient) -> None:
    address = sitting.path(f"/panels/{sitting.panel_id}")
    offered = {
        person: [row[-1] for row in as_(client, person).get(address).tables[0][1:]]
        for person in (sitting.chair, sitting.member, sitting.asked.coordinator)
    }
    first, second = sitting.asked.cases
    assert offered[sitting.chair] == [f"Agree {first} Outcome {first}", f"Release {second}"]
    assert offered[sitting.member] == [f"Read {first} Outcome {first}", ""]
    assert offered[sitting.asked.coordinator] == [
        f"Read {first} Outcome {first}",
        f"Release {second} Withdraw {second}",
    ]
