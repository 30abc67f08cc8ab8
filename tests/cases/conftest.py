"""People with different parts in an open concern."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import pytest

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.queries import agency_for_change
from audit_app.accounts.rules import AgencyKind, Role
from audit_app.cases.models import Case, Concern
from audit_app.core.db import transaction
from audit_app.rounds.models import RoundAgency
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, saved
from tests.factories.cases import SHEET, a_case, a_concern
from tests.factories.rounds import a_round
from tests.fixtures import Clock, Prepared
from tests.pages import Page, PageClient


@dataclass(frozen=True)
class Place:
    """An open concern, and people with different parts in it."""

    partnership: Partnership
    health: Agency
    case: Case
    concern: Concern
    contact: PageClient
    coordinator: PageClient
    auditor: PageClient
    social_worker: PageClient
    administrator: PageClient

    def at(self, path: str = "") -> str:
        return f"/p/{self.partnership.slug}/{path}"

    def shown_to(self, person: PageClient) -> Page:
        return person.get(self.at(f"concerns/{self.concern.id}"))


@dataclass(frozen=True)
class Rows:
    """The same, with the people in place of their browsers."""

    partnership: Partnership
    health: Agency
    case: Case
    concern: Concern
    contact: Person
    coordinator: Person
    auditor: Person
    social_worker: Person
    administrator: Person


@pytest.fixture
def place(prepared: Prepared, client: PageClient, clock: Clock) -> Place:
    rows = prepared.rows("an open concern", lambda: a_case_with_a_concern(clock.at))
    found = {field.name: getattr(rows, field.name) for field in fields(rows)}
    shown: dict[str, Any] = {name: client.as_(row) if isinstance(row, Person) else row for name, row in found.items()}
    return Place(**shown)


def a_case_with_a_concern(at: datetime) -> Rows:
    partnership = a_partnership()
    health = an_agency(partnership, name="The trust", deputy_phone="01632 960007")
    social_care = an_agency(partnership, AgencyKind.CHILDRENS_SOCIAL_CARE, name="The council's social care")
    found = a_round(partnership, state=RoundState.RETURNS)
    for agency in (health, social_care):
        saved(RoundAgency(partnership_id=partnership.id, round_id=found.id, agency_id=agency.id))
    case = a_case(found, health, social_care, sheet=SHEET, position=1)
    contact = a_member(partnership, Role.BOARD_MEMBER, name="Sam Contact")
    with transaction():
        agency_for_change(partnership.id, health.id).contact_email = contact.email
    raiser = a_member(partnership, Role.AUDITOR, agency=health, name="Ada Auditor")
    by = at + timedelta(minutes=30)
    held = {"holder_id": social_care.id, "other_children": "Two younger ones", "acknowledge_by": by}
    return Rows(
        partnership,
        health,
        case,
        a_concern(case, raiser, health, **held),
        contact,
        a_member(partnership, Role.COORDINATOR, name="Kim Coordinator"),
        raiser,
        a_member(partnership, Role.AUDITOR, agency=social_care, name="Wil Worker"),
        a_member(partnership, Role.ADMINISTRATOR),
    )
