"""Who agrees with the outcome of a concern where agencies have nobody here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.queries import agency_for_change
from audit_app.accounts.rules import AgencyKind, Role
from audit_app.cases import queries, services
from audit_app.cases.models import Concern
from audit_app.cases.rules import ConcernState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.rounds.models import Round
from tests.factories.accounts import a_member, a_membership, a_person, an_agency, as_actor
from tests.factories.cases import a_case, a_concern
from tests.factories.following import Place, a_followed_concern
from tests.fixtures import Clock


@pytest.fixture
def place(app: Flask, clock: Clock) -> Place:
    return a_followed_concern(clock)


def of_agencies_without_anybody(place: Place, **more: Any) -> tuple[Place, list[Agency]]:
    """A concern about a child of whom two agencies besides social care were asked, with nobody to sign in for them."""
    absent = [an_agency(place.partnership, short_name=name) for name in ("School", "Housing")]
    of_case = a_case(db.session.get_one(Round, place.case.round_id), place.social_care, *absent)
    raised_by = db.session.get_one(Person, place.coordinator.id)
    found = a_concern(of_case, raised_by, **{"holder_id": place.social_care.id, **more})
    return replace(place, concern=found.id), absent


def waits_for(place: Place) -> list[str]:
    """The agencies that the page names, of which somebody can agree."""
    shown = queries.concern(place.coordinator, place.concern, today=clock.today())
    return [one.short_name for one in queries.agencies_that_agree(place.partnership.id, shown, today=clock.today())]


def closes_as_coordinator(place: Place) -> None:
    place.does(services.agree_with_outcome, place.coordinator, seen=place.outcome())()
    assert place.row().state is ConcernState.CLOSED


def test_agencies_without_anybody_to_sign_in_hold_no_concern_open(place: Place) -> None:
    own, _ = of_agencies_without_anybody(place)
    assert waits_for(own) == []
    closes_as_coordinator(own)


def gone(person: Person, partnership: Partnership, agency: Agency) -> None:
    a_membership(person, partnership, Role.AUDITOR, agency, until_day=date(2021, 1, 1))


def switched_off(person: Person, partnership: Partnership, agency: Agency) -> None:
    a_membership(person, partnership, Role.AUDITOR, agency)
    with transaction():
        db.session.get_one(Person, person.id).active = False


def of_both(person: Person, partnership: Partnership, agency: Agency) -> None:
    holder = db.session.scalars(select(Agency).where(Agency.kind == AgencyKind.CHILDRENS_SOCIAL_CARE)).one()
    for one in (agency, holder):
        a_membership(person, partnership, Role.AUDITOR, one)


def who_only_leads(person: Person, partnership: Partnership, agency: Agency) -> None:
    a_membership(person, partnership, Role.AGENCY_LEAD, agency)


@pytest.mark.parametrize("become", [gone, switched_off, of_both, who_only_leads])
def test_somebody_of_another_agency_who_could_not_agree_does_not_count(
    place: Place, become: Callable[[Person, Partnership, Agency], None]
) -> None:
    own, (school, _) = of_agencies_without_anybody(place)
    become(a_person(), place.partnership, school)
    assert waits_for(own) == []
    closes_as_coordinator(own)


def test_once_one_of_them_has_an_auditor_they_agree_and_no_coordinator_does(place: Place) -> None:
    own, (school, _) = of_agencies_without_anybody(place)
    auditor = as_actor(a_member(place.partnership, Role.AUDITOR, agency=school), place.partnership)
    seen = own.outcome()
    assert waits_for(own) == ["School"]
    with pytest.raises(Refused, match="only where nobody of another agency can"):
        own.does(services.agree_with_outcome, place.coordinator, seen=seen)()
    own.does(services.agree_with_outcome, auditor, seen=seen)()
    assert own.row().state is ConcernState.CLOSED


def test_the_contact_counts_of_the_agency_that_it_was_raised_for_if_they_sign_in(place: Place) -> None:
    own, (school, _) = of_agencies_without_anybody(place)
    with transaction():
        db.session.get_one(Concern, own.concern).agency_id = school.id
    assert waits_for(own) == []
    contact = a_member(place.partnership, Role.BOARD_MEMBER)
    with transaction():
        agency_for_change(place.partnership.id, school.id).deputy_email = contact.email.upper()
    assert waits_for(own) == ["School"]
    own.does(services.agree_with_outcome, as_actor(contact, place.partnership), seen=own.outcome())()
    assert own.row().state is ConcernState.CLOSED
