"""Planning and changing panels."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from audit_app.accounts.models import Membership
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.panels import queries, services
from audit_app.panels.models import AgreedRating, Panel, PanelItem
from tests.factories.panels import (
    Sitting,
    a_panel,
    finish,
    withdraw_round,
)
from tests.factories.returns import a_round_with_agencies


def membership_of(sitting: Sitting, person_id: int, role: Role) -> Membership:
    return Membership(
        partnership_id=sitting.asked.partnership_id, person_id=person_id, role=role, from_day=date(2026, 1, 1)
    )


def change(sitting: Sitting, **changes: object) -> Panel:
    kept = {
        "held_on": date(2026, 3, 20),
        "place": "",
        "chair_id": sitting.chair,
        "members": {sitting.member: sitting.asked.health},
        "case_ids": sitting.cases,
        "version": 1,
    }
    with transaction():
        return services.change_panel(
            sitting.panel_id,
            by=sitting.actor(sitting.asked.coordinator),
            **{**kept, **changes},  # type: ignore[arg-type]
        )


def test_a_panel_keeps_its_people_and_its_cases_in_order(sitting: Sitting) -> None:
    changed = change(sitting, case_ids=sitting.cases[::-1], held_on=date(2026, 3, 27), place="https://call.example/n26")
    assert (changed.held_on, changed.place, changed.version) == (date(2026, 3, 27), "https://call.example/n26", 2)
    cases = queries.panel_cases(sitting.asked.partnership_id, sitting.panel_id)
    assert [case.id for case in cases] == list(sitting.cases[::-1])
    members = queries.panel_members(sitting.asked.partnership_id, sitting.panel_id)
    assert [(one.name, one.agency_id) for one in members] == [("Mo Member", sitting.asked.health)]


def test_a_panel_that_somebody_else_changed_is_not_overwritten(sitting: Sitting) -> None:
    change(sitting, place="Room 1")
    with pytest.raises(Stale) as stale:
        change(sitting, place="Room 2")
    assert stale.value.version == 2
    assert db.session.get_one(Panel, sitting.panel_id).place == "Room 1"


def test_a_coordinator_who_sits_on_a_panel_cannot_take_their_own_blindness_off(sitting: Sitting) -> None:
    coordinator = sitting.asked.coordinator
    everybody = {sitting.member: sitting.asked.health, coordinator: None}
    db.session.add(membership_of(sitting, coordinator, Role.NOTE_TAKER))
    db.session.commit()
    change(sitting, members=everybody)
    reference = sitting.asked.cases[1]
    with pytest.raises(Refused, match=f"You sit on this panel, and {reference} is not released"):
        change(sitting, version=2)
    with pytest.raises(Refused, match=f"cannot take {reference} off"):
        change(sitting, version=2, members=everybody, case_ids=sitting.cases[:1])
    change(sitting, version=2, members=everybody, case_ids=sitting.cases[::-1])


def test_a_case_released_with_nothing_to_agree_stays_on_its_panel_too(sitting: Sitting) -> None:
    db.session.execute(delete(AgreedRating))
    db.session.execute(delete(PanelItem))
    db.session.commit()
    with pytest.raises(Refused, match="was released to this panel"):
        change(sitting, case_ids=sitting.cases[1:])


def test_a_released_case_stays_on_its_panel(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="was released to this panel") as refused:
        change(sitting, case_ids=sitting.cases[1:])
    assert refused.value.field == "cases"
    change(sitting, case_ids=sitting.cases[:1])
    assert len(queries.panel_cases(sitting.asked.partnership_id, sitting.panel_id)) == 1


def test_nobody_sits_without_a_role_and_nobody_sits_twice(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="not a member as well"):
        change(sitting, members={sitting.chair: None})
    with pytest.raises(Refused, match="role panel chair"):
        change(sitting, chair_id=sitting.asked.health_auditor, members={})
    with pytest.raises(Refused, match="role panel member or note-taker"):
        change(sitting, members={sitting.asked.police_auditor: sitting.asked.police})


def test_whoever_sits_may_go_on_sitting_though_their_role_has_ended(sitting: Sitting) -> None:
    with transaction():
        db.session.execute(
            update(Membership).where(Membership.person_id == sitting.member).values(until_day=date(2021, 1, 1))
        )
    assert change(sitting).version == 2


def test_a_case_is_on_one_panel_only(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="on another panel already"):
        a_panel(sitting.asked, sitting.cases[1:], chair=sitting.chair, members={})


def test_a_panel_takes_cases_of_its_own_round_alone(sitting: Sitting) -> None:
    other = a_round_with_agencies()
    theirs = db.session.scalars(select(Case.id).where(Case.round_id == other.round_id)).one()
    with pytest.raises(NotHere):
        change(sitting, case_ids=(*sitting.cases, theirs))


def test_a_panel_whose_cases_are_all_agreed_has_been_held(sitting: Sitting) -> None:
    change(sitting, case_ids=sitting.cases[:1])
    finish(sitting)
    with pytest.raises(Refused, match="has been held"):
        change(sitting, version=2)


def test_no_panel_is_planned_for_a_round_that_was_withdrawn(sitting: Sitting) -> None:
    withdraw_round(sitting)
    with pytest.raises(Refused, match="Withdrawn"):
        a_panel(sitting.asked, (), chair=sitting.chair, members={})
