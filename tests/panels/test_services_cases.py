"""A case's way through its panel: released, finished, withdrawn, and its round with it."""

import pytest
from sqlalchemy import select

from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.panels import queries, services
from audit_app.panels.rules import ItemState
from audit_app.returns.models import Rating
from audit_app.returns.rules import Known
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, as_actor
from tests.factories.panels import (
    LINK,
    Sitting,
    a_decision,
    agree_all,
    agreed_rows,
    answer,
    finish,
    finish_only,
    items_of,
    last_deed,
    release,
    round_state,
    the_case,
    withdraw,
    write_outcome,
)
from tests.factories.returns import a_waiting_case, hand_over, say
from tests.fixtures import Together


def test_a_released_case_has_one_item_for_each_thing_to_agree(sitting: Sitting) -> None:
    asked = sitting.asked
    wanted = {"A04", "B01", f"A01-{asked.health}", f"A01-{asked.police}", f"H02-{asked.health}", "Overall"}
    items = items_of(sitting)
    assert items.keys() == wanted
    assert {item.state for item in items.values()} == {ItemState.WAITING}
    assert [len(items[code].given) for code in ("A04", f"A01-{asked.police}")] == [2, 1]
    case = the_case(sitting)
    assert (case.state, case.released_by_id) == (CaseState.AT_PANEL, sitting.chair)
    assert last_deed(sitting) == f"Chris Chair released {case.reference} to the panel"


def test_an_agency_that_does_not_know_the_child_is_no_part_of_the_panel(sitting: Sitting) -> None:
    asked = sitting.asked
    answer_only_health(sitting)
    release(sitting, 1)
    assert items_of(sitting, 1).keys() == {"Overall", "A04", "B01", f"A01-{asked.health}", f"H02-{asked.health}"}


def answer_only_health(sitting: Sitting) -> None:
    asked = sitting.asked
    hand_over(asked.returns[asked.health][1], asked.actor(asked.health_auditor))
    say(asked.returns[asked.police][1], Known.NOT_KNOWN, asked.actor(asked.police_auditor))


def test_a_case_waits_for_every_agency_and_is_released_once(sitting: Sitting) -> None:
    with pytest.raises(Refused, match=r"Wait for the return of Health .* and Police"):
        release(sitting, 1)
    assert the_case(sitting, 1).released_at is None
    with pytest.raises(Refused, match="Only a case that is with agencies"):
        release(sitting, 0)


def test_two_who_release_at_once_release_once(waiting: Sitting, together: Together) -> None:
    chair, coordinator = waiting.actor(waiting.chair), waiting.actor(waiting.asked.coordinator)

    def released_by(who: object) -> None:
        with transaction():
            services.release_case(waiting.cases[0], by=who, at=clock.now())  # type: ignore[arg-type]

    results = together(lambda: released_by(chair), lambda: released_by(coordinator))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused"]
    assert len(items_of(waiting)) == 6


def test_a_round_is_at_panel_once_no_case_is_with_agencies(sitting: Sitting) -> None:
    assert round_state(sitting) is RoundState.RETURNS
    answer(sitting, 1)
    release(sitting, 1)
    assert round_state(sitting) is RoundState.PANEL


def test_a_case_is_finished_once_everything_on_it_is_agreed(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="6 ratings are still to be agreed"):
        finish_only(sitting, outcome="")
    agree_all(sitting)
    with pytest.raises(Refused, match="what the panel learned"):
        finish_only(sitting, outcome="")
    finish_only(sitting)
    case = the_case(sitting)
    assert (case.state, case.outcome, case.agreed_by_id) == (CaseState.AGREED, "Agencies met too late.", sitting.chair)
    assert last_deed(sitting) == f"Chris Chair finished {case.reference}"


def test_a_round_is_reported_once_its_last_case_is_agreed(sitting: Sitting) -> None:
    answer(sitting, 1)
    release(sitting, 1)
    finish(sitting, 0)
    assert round_state(sitting) is RoundState.PANEL
    finish(sitting, 1)
    assert round_state(sitting) is RoundState.REPORTING


def test_a_paused_case_keeps_its_round_from_being_reported(sitting: Sitting) -> None:
    with transaction():
        db.session.get_one(Case, sitting.cases[1]).state = CaseState.PAUSED
    finish(sitting)
    with transaction():
        services.advance_round(sitting.asked.round_id, by=sitting.actor(sitting.chair), at=clock.now())
    assert round_state(sitting) is RoundState.PANEL


def test_finishing_and_changing_at_once_never_leaves_a_case_half_agreed(sitting: Sitting, together: Together) -> None:
    agree_all(sitting)
    write_outcome(sitting)
    by = sitting.actor(sitting.chair)
    late = a_decision(sitting, items_of(sitting)["A04"], "inadequate", changed_because="Second thoughts.")

    def change_it() -> None:
        with transaction():
            services.agree_ratings(sitting.cases[0], [late], by=by, at=clock.now())

    def finish_it() -> None:
        with transaction():
            services.finish_case(sitting.cases[0], link=LINK, by=by, at=clock.now())

    changed, finished = together(change_it, finish_it)
    assert finished is None
    assert changed is None or isinstance(changed, Refused)
    assert the_case(sitting).state is CaseState.AGREED
    assert len(agreed_rows(late.item_id)) == (2 if changed is None else 1)


def test_a_withdrawn_child_leaves_the_counts_and_the_panel_and_the_round_moves_on(sitting: Sitting) -> None:
    answer(sitting, 1)
    assert withdraw(sitting, 1) is None
    case = the_case(sitting, 1)
    assert (case.state, case.withdrawn_reason) == (CaseState.WITHDRAWN, "The family moved away.")
    counted = select(Rating.is_submitted).where(
        Rating.return_id.in_([one[1] for one in sitting.asked.returns.values()])
    )
    assert set(db.session.scalars(counted)) == {False}
    kept = select(Rating.is_submitted).where(Rating.return_id.in_([one[0] for one in sitting.asked.returns.values()]))
    assert set(db.session.scalars(kept)) == {True}
    assert [one.id for one in queries.panel_cases(sitting.asked.partnership_id, sitting.panel_id)] == [sitting.cases[0]]
    assert round_state(sitting) is RoundState.PANEL


def test_a_released_case_is_not_withdrawn(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="released to its panel"):
        withdraw(sitting, 0)
    assert the_case(sitting).state is CaseState.AT_PANEL


def test_a_round_that_loses_its_only_case_stays_where_it_is(waiting: Sitting) -> None:
    withdraw(waiting, 0)
    assert round_state(waiting) is RoundState.RETURNS


def test_a_case_that_waits_for_the_agencies_keeps_the_round_with_them(sitting: Sitting) -> None:
    a_waiting_case(db.session.get_one(Round, sitting.asked.round_id))
    withdraw(sitting, 1)
    assert round_state(sitting) is RoundState.RETURNS


def test_another_partnerships_case_is_not_there(sitting: Sitting) -> None:
    elsewhere = a_partnership()
    stranger = as_actor(a_member(elsewhere, Role.COORDINATOR, Role.PANEL_CHAIR), elsewhere)
    for deed in (
        lambda: services.release_case(sitting.cases[0], by=stranger, at=clock.now()),
        lambda: services.agree_ratings(sitting.cases[0], [], by=stranger, at=clock.now()),
        lambda: services.finish_case(sitting.cases[0], link=LINK, by=stranger, at=clock.now()),
        lambda: services.withdraw_case(sitting.cases[0], reason="x", by=stranger, at=clock.now()),
    ):
        with pytest.raises(NotHere), transaction():
            deed()
