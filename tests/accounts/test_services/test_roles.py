"""Giving and ending roles, and leaving: the deeds and each of their refusals."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from audit_app.accounts import queries, services
from audit_app.accounts.models import Agency, Membership, Partnership
from audit_app.accounts.rules import Part, Role, Viewer
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_partnership
from tests.accounts.conftest import behind_our_back
from tests.factories.accounts import a_member, a_membership, a_partnership, a_person, as_actor
from tests.fixtures import Clock, Together

CHAIR = Part(Role.PANEL_CHAIR)


def invite(by: Viewer, *parts: Part, email: str = "ravi@health.example", name: str = "Ravi Shah") -> services.Invited:
    with transaction():
        return services.invite_person(name=name, email=email, parts=parts, by=by)


def roles_of(person_id: int, partnership: Partnership) -> set[tuple[Role, str]]:
    shown = queries.person_shown(partnership.id, person_id, today=core_clock.today())
    return {(held.role, held.agency_name) for held in shown.roles}


def test_a_role_is_given_from_today(administrator: Viewer, partnership: Partnership) -> None:
    person = a_member(partnership, Role.BOARD_MEMBER)
    with transaction():
        services.give_role(person.id, Part(Role.KEY_HOLDER), by=administrator)
    assert as_actor(person, partnership).has(Role.KEY_HOLDER)


def test_a_coordinator_makes_themselves_no_auditor_by_either_door(coordinator: Viewer, agency: Agency) -> None:
    auditor = Part(Role.AUDITOR, agency.id)
    with pytest.raises(Refused, match="Ask an administrator") as given, transaction():
        services.give_role(coordinator.id, auditor, by=coordinator)
    with pytest.raises(Refused, match="Ask an administrator") as invited:
        invite(coordinator, auditor, email=coordinator.email)
    assert (given.value.field, invited.value.field) == ("role", "roles")


def test_an_administrator_gives_themselves_a_role(
    administrator: Viewer, coordinator: Viewer, partnership: Partnership
) -> None:
    with transaction():
        services.give_role(administrator.id, CHAIR, by=administrator)
    assert roles_of(administrator.id, partnership) == {(Role.ADMINISTRATOR, ""), (Role.PANEL_CHAIR, "")}


def test_no_role_is_given_for_an_agency_that_somebody_else_has_just_ended(
    administrator: Viewer, partnership: Partnership, agency: Agency
) -> None:
    person = a_member(partnership, Role.BOARD_MEMBER)
    shown = queries.agency_here(partnership.id, agency.id)
    behind_our_back(update(Agency).values(ended_on=core_clock.today()))
    with pytest.raises(Refused, match="has ended"), transaction():
        services.give_role(person.id, Part(Role.AUDITOR, shown.id), by=administrator)


def test_a_stranger_is_given_no_role(administrator: Viewer) -> None:
    with pytest.raises(NotHere), transaction():
        services.give_role(a_person().id, CHAIR, by=administrator)


def test_a_role_ends_on_the_day_asked_for(coordinator: Viewer, partnership: Partnership, clock: Clock) -> None:
    person = a_member(partnership, Role.PANEL_CHAIR, Role.BOARD_MEMBER)
    chair = db.session.query(Membership).filter_by(person_id=person.id, role=Role.PANEL_CHAIR).one()
    with transaction():
        services.end_role(person.id, chair.id, from_day=core_clock.today() + timedelta(days=3), by=coordinator)
    clock.forward(days=2)
    assert as_actor(person, partnership).has(Role.PANEL_CHAIR)
    clock.forward(days=1)
    assert as_actor(person, partnership).roles == {Role.BOARD_MEMBER}


def test_a_role_given_and_ended_today_is_gone_but_in_history(coordinator: Viewer, partnership: Partnership) -> None:
    invited = invite(coordinator, CHAIR, Part(Role.BOARD_MEMBER))
    chair = db.session.query(Membership).filter_by(role=Role.PANEL_CHAIR).one()
    with transaction():
        services.end_role(invited.person_id, chair.id, from_day=core_clock.today(), by=coordinator)
    assert roles_of(invited.person_id, partnership) == {(Role.BOARD_MEMBER, "")}
    assert deeds_of_partnership(partnership.id)[0].words == (f"{coordinator.name} ended Ravi Shah's role Panel chair")


def test_a_role_of_someone_else_is_not_there(coordinator: Viewer, partnership: Partnership) -> None:
    one, other = a_member(partnership, Role.BOARD_MEMBER), a_member(partnership, Role.BOARD_MEMBER)
    theirs = db.session.query(Membership).filter_by(person_id=other.id).one()
    with pytest.raises(NotHere), transaction():
        services.end_role(one.id, theirs.id, from_day=core_clock.today(), by=coordinator)


def test_ending_a_person_ends_all_their_roles_here_and_none_elsewhere(
    coordinator: Viewer, partnership: Partnership
) -> None:
    elsewhere = a_partnership("elsewhere")
    person = a_member(partnership, Role.PANEL_CHAIR, Role.BOARD_MEMBER)
    a_membership(person, elsewhere, Role.BOARD_MEMBER)
    with transaction():
        services.end_person(person.id, by=coordinator)
    assert [choice.slug for choice in queries.partnerships_of(person.id, today=core_clock.today())] == ["elsewhere"]
    with pytest.raises(Refused, match="has left already"), transaction():
        services.end_person(person.id, by=coordinator)


def test_the_last_administrator_cannot_leave(administrator: Viewer, coordinator: Viewer) -> None:
    with pytest.raises(Refused, match="only administrator"), transaction():
        services.end_person(administrator.id, by=administrator)
    with pytest.raises(Refused, match="only administrator"), transaction():
        services.end_person(administrator.id, by=coordinator)


def test_two_administrators_who_end_each_other_leave_one(
    app: Flask, administrator: Viewer, partnership: Partnership, together: Together
) -> None:
    other = as_actor(a_member(partnership, Role.ADMINISTRATOR), partnership)

    def end(person_id: int, by: Viewer) -> None:
        with transaction():
            services.end_person(person_id, by=by)

    answers = together(lambda: end(other.id, administrator), lambda: end(administrator.id, other))
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Refused"]
