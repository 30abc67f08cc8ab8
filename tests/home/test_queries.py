"""What home pages count, and what they leave out."""

from datetime import timedelta

import pytest
from flask import Flask

from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.home import queries
from audit_app.home.rules import ActionCounts, PanelCounts
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, as_actor
from tests.factories.actions import a_finding_to_act_on, a_published_plan, an_action
from tests.factories.panels import Sitting, a_sitting, withdraw_round
from tests.factories.rounds import a_round


@pytest.fixture
def sitting(app: Flask) -> Sitting:
    """A panel with one released case, and one that is with the agencies."""
    return a_sitting()


def test_a_withdrawn_rounds_cases_wait_for_nobody_on_its_panel(sitting: Sitting) -> None:
    counts = [queries.panel_counts(sitting.actor(person)) for person in (sitting.chair, sitting.member)]
    assert counts == [PanelCounts(1, 0), PanelCounts(0, 1)]
    withdraw_round(sitting)
    for person in (sitting.chair, sitting.member, sitting.note_taker):
        assert queries.panel_counts(sitting.actor(person)) == PanelCounts(0, 0)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCRUTINEER])
def test_actions_of_a_withdrawn_round_are_counted_no_more_than_the_plan_shows_them(app: Flask, role: Role) -> None:
    plan = a_published_plan()
    reader = as_actor(a_member(plan.partnership, role), plan.partnership)
    withdrawn = a_round(plan.partnership, state=RoundState.REPORTING)
    an_action(a_finding_to_act_on(withdrawn), plan.health, plan.lead, due_on=clock.today().replace(year=2020))
    assert queries.actions_of(reader, at=clock.now(), is_own=False) == ActionCounts(1, 0, 2, 0)
    with transaction():
        withdrawn.state = RoundState.WITHDRAWN
    assert queries.actions_of(reader, at=clock.now(), is_own=False) == ActionCounts(0, 0, 1, 0)


def test_a_lead_counts_the_open_actions_they_lead_and_the_next_day_of_those_to_come(app: Flask) -> None:
    plan = a_published_plan()
    lead = as_actor(plan.lead, plan.partnership)
    before = queries.actions_of(lead, at=clock.now(), is_own=True)
    soon = clock.today() + timedelta(days=1)
    for due_on in (soon, soon - timedelta(days=9)):
        an_action(plan.finding, plan.health, plan.lead, due_on=due_on)
    after = queries.actions_of(lead, at=clock.now(), is_own=True)
    assert (after.led, after.next_due_on) == (before.led + 2, soon)
