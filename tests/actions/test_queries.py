"""The plan as each person may read it, what is overdue, and what is counted."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest

from audit_app.accounts.models import Person
from audit_app.accounts.rules import Role
from audit_app.actions import queries
from audit_app.actions.queries import PlanCounts, PlanFilter
from audit_app.actions.rules import ActionState, Brag, is_overdue
from audit_app.core.errors import NotHere
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor
from tests.factories.actions import Place, a_finding_to_act_on, a_progress_update, an_action
from tests.factories.rounds import a_round
from tests.fixtures import CountQueries

TODAY = date(2026, 3, 4)
Who = Callable[[Place], Person]


def titles(place: Place, person: Person, only: PlanFilter | None = None) -> list[str]:
    return [row.title for row in queries.actions_seen_by(place.actor(person), today=TODAY, only=only)]


def a_scrutineer(place: Place) -> Person:
    return a_member(place.partnership, Role.SCRUTINEER)


@pytest.mark.parametrize(
    ("state", "who", "seen"),
    [
        (state, who, state in states)
        for who, states in {
            "coordinator": {RoundState.REPORTING, RoundState.PUBLISHED, RoundState.CLOSED},
            "lead": {RoundState.REPORTING, RoundState.PUBLISHED, RoundState.CLOSED},
            "police_lead": set(),
            "board": {RoundState.PUBLISHED, RoundState.CLOSED},
        }.items()
        for state in (RoundState.REPORTING, RoundState.PUBLISHED, RoundState.CLOSED, RoundState.WITHDRAWN)
    ],
)
def test_who_finds_an_action_in_the_plan(place: Place, state: RoundState, who: str, seen: bool) -> None:
    round_ = a_round(place.partnership, state=state)
    an_action(a_finding_to_act_on(round_), place.health, place.lead, title="The other")
    assert ("The other" in titles(place, getattr(place, who))) is seen


def test_what_was_written_of_a_withdrawn_round_stays_readable_to_those_who_wrote_it(place: Place) -> None:
    round_ = a_round(place.partnership, state=RoundState.WITHDRAWN)
    action = an_action(a_finding_to_act_on(round_), place.health, place.lead)
    for person in (place.coordinator, a_scrutineer(place)):
        assert queries.action_row(place.actor(person), action.id, today=TODAY).id == action.id
    for person in (place.lead, place.board):
        with pytest.raises(NotHere):
            queries.action_row(place.actor(person), action.id, today=TODAY)


def test_another_partnership_sees_nothing_of_the_plan(place: Place) -> None:
    elsewhere = a_partnership()
    stranger = as_actor(a_member(elsewhere, *Role, agency=an_agency(elsewhere)), elsewhere)
    assert queries.actions_seen_by(stranger, today=TODAY) == []
    assert queries.plan_counts(stranger, today=TODAY) == PlanCounts(0, 0, 0, 0, 0, 0)
    assert queries.plan_choices(stranger) == queries.PlanChoices([], [])
    with pytest.raises(NotHere):
        queries.action_row(stranger, place.action.id, today=TODAY)


def test_sql_and_the_rule_agree_on_what_is_overdue(place: Place) -> None:
    days = [TODAY - timedelta(1), TODAY, TODAY + timedelta(1)]
    for state, due_on in product(ActionState, days):
        an_action(place.finding, place.health, place.lead, state=state, due_on=due_on)
    rows = queries.actions_seen_by(place.actor(place.coordinator), today=TODAY)
    assert len(rows) == 1 + len(ActionState) * len(days)
    assert [row.is_overdue for row in rows] == [is_overdue(row.state, row.due_on, TODAY) for row in rows]
    late = queries.actions_seen_by(place.actor(place.coordinator), today=TODAY, only=PlanFilter(is_overdue=True))
    assert [(row.state, row.due_on) for row in late] == [(ActionState.OPEN, days[0])]


def test_the_most_pressing_action_comes_first(place: Place) -> None:
    for title, state, due_on in (
        ("signed off", ActionState.SIGNED_OFF, TODAY - timedelta(90)),
        ("done", ActionState.DONE, TODAY - timedelta(60)),
        ("later", ActionState.OPEN, TODAY + timedelta(60)),
        ("soon", ActionState.OPEN, TODAY + timedelta(1)),
        ("late", ActionState.OPEN, TODAY - timedelta(1)),
        ("very late", ActionState.OPEN, TODAY - timedelta(30)),
    ):
        an_action(place.finding, place.health, place.lead, title=title, state=state, due_on=due_on)
    assert titles(place, place.coordinator) == [
        "very late", "late", "soon", "later", place.action.title, "done", "signed off",
    ]  # fmt: skip


def test_the_plan_is_filtered_by_each_of_its_questions(place: Place) -> None:
    other = a_finding_to_act_on(a_round(place.partnership, reference="N27", state=RoundState.PUBLISHED))
    an_action(other, place.police, place.police_lead, title="Theirs", brag=Brag.RED, state=ActionState.DONE)
    for only in (
        PlanFilter(agency_id=place.police.id),
        PlanFilter(round_reference="N27"),
        PlanFilter(state=ActionState.DONE),
        PlanFilter(brag=Brag.RED),
    ):
        assert titles(place, place.coordinator, only) == ["Theirs"]
    assert titles(place, place.coordinator, PlanFilter(agency_id=place.police.id, round_reference="N26")) == []


def test_the_counts_heed_agency_and_round_and_say_how_many_match_the_rest(place: Place) -> None:
    for state, due_on in (
        (ActionState.OPEN, TODAY - timedelta(1)),
        (ActionState.DONE, TODAY),
        (ActionState.SIGNED_OFF, TODAY),
        (ActionState.WITHDRAWN, TODAY),
    ):
        an_action(place.finding, place.police, place.police_lead, state=state, due_on=due_on)
    viewer = place.actor(place.coordinator)
    assert queries.plan_counts(viewer, today=TODAY) == PlanCounts(5, 5, open=2, overdue=1, done=1, signed_off=1)
    only = PlanFilter(agency_id=place.police.id, state=ActionState.DONE)
    assert queries.plan_counts(viewer, today=TODAY, only=only) == PlanCounts(
        1, 4, open=1, overdue=1, done=1, signed_off=1
    )


def test_a_row_carries_its_newest_update_and_how_many_there_are(place: Place) -> None:
    a_progress_update(place.action, place.lead, words="First.")
    newest = a_progress_update(place.action, place.lead, words="Second.")
    row = queries.action_row(place.actor(place.coordinator), place.action.id, today=TODAY)
    assert (row.updates, row.latest, row.latest_at) == (2, "Second.", newest.posted_at)


def test_only_an_update_that_says_so_has_impact(place: Place) -> None:
    a_progress_update(place.action, place.lead, impact="")
    assert not queries.has_impact(place.partnership.id, place.action.id)
    a_progress_update(place.action, place.lead, impact="9 of 10.")
    assert queries.has_impact(place.partnership.id, place.action.id)


def test_whoever_leads_two_agencies_can_lead_for_either(place: Place) -> None:
    with_two = a_member(place.partnership, Role.AGENCY_LEAD, agency=place.health, name="Twice")
    a_second = a_member(place.partnership, Role.AUDITOR, agency=place.police, name="No lead")
    found = [(lead.agency, lead.name) for lead in queries.leads(place.partnership.id, today=TODAY)]
    assert found == [("Health", "Hana Lead"), ("Health", with_two.name), ("Police", "Pat Lead")]
    assert a_second.name not in {name for _, name in found}


def test_the_choices_name_what_has_an_action_that_the_viewer_may_read(place: Place) -> None:
    hidden = a_round(place.partnership, reference="N27", title="Next", state=RoundState.REPORTING)
    an_action(a_finding_to_act_on(hidden), place.police, place.police_lead)
    for_board = queries.plan_choices(place.actor(place.board))
    assert (list(for_board.agencies), list(for_board.rounds)) == (
        [(place.health.id, "Health")],
        [("N26", "Neglect audit")],
    )
    for_coordinator = queries.plan_choices(place.actor(place.coordinator))
    assert [reference for reference, _ in for_coordinator.rounds] == ["N27", "N26"]


def test_the_plan_takes_as_many_queries_for_thirty_actions_as_for_one(
    place: Place, count_queries: CountQueries
) -> None:
    viewer = place.actor(place.coordinator)
    with count_queries() as for_one:
        queries.actions_seen_by(viewer, today=TODAY)
    for _ in range(29):
        a_progress_update(an_action(place.finding, place.health, place.lead), place.lead)
    with count_queries() as for_thirty:
        assert len(queries.actions_seen_by(viewer, today=TODAY, limit=30)) == 30
    assert for_one.count == for_thirty.count == 1
