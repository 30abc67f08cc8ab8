"""What is there to send to the agencies of a round, and what is missing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from audit_app.accounts.models import Agency, Membership, Person
from audit_app.accounts.queries import counts_on
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.cases.queries import sheet_statuses
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import RoundAgency


@dataclass(frozen=True)
class Recipient:
    """An auditor who is told that their agency was asked."""

    name: str
    email: str


@dataclass(frozen=True)
class SendPage:
    """The waiting cases of a round, the agencies with their auditors, and the cases without identity sheet."""

    cases: Sequence[str]
    agencies: Sequence[tuple[str, Sequence[Recipient]]]
    sheets_missing: Sequence[str]


def send_page(partnership_id: int, round_id: int, *, today: date) -> SendPage:
    """What sending would do now."""
    waiting = dict(waiting_cases(partnership_id, round_id))
    auditors = auditors_of_agencies(partnership_id, round_id, today=today)
    return SendPage(
        cases=list(waiting.values()),
        agencies=[
            (agency.name, auditors.get(agency.id, ()))
            for agency in rounds.participating_agencies(partnership_id, round_id)
        ],
        sheets_missing=[
            status.reference
            for status in sheet_statuses(partnership_id, round_id)
            if status.case_id in waiting and not status.is_saved
        ],
    )


def waiting_cases(partnership_id: int, round_id: int) -> Sequence[tuple[int, str]]:
    """The cases of a round that wait to be sent, as (id, reference), in the order of the sample."""
    query = (
        select(Case.id, Case.reference)
        .where(Case.partnership_id == partnership_id, Case.round_id == round_id, Case.state == CaseState.SAMPLED)
        .order_by(Case.position)
    )
    return db.session.execute(query).all()


def cases_to_send(partnership_id: int, round_id: int) -> Sequence[Case]:
    """The cases of a round that wait to be sent, locked, in the order of the sample."""
    query = (
        select(Case)
        .where(Case.partnership_id == partnership_id, Case.round_id == round_id, Case.state == CaseState.SAMPLED)
        .order_by(Case.position)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def auditors_of_agencies(partnership_id: int, round_id: int, *, today: date) -> Mapping[int, Sequence[Recipient]]:
    """The auditors of today of each agency that takes part in a round, by the agency's id."""
    query = (
        select(Agency.id, Person.name, Person.email)
        .join(RoundAgency, RoundAgency.agency_id == Agency.id)
        .join(Membership, Membership.agency_id == Agency.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Agency.partnership_id == partnership_id,
            RoundAgency.partnership_id == partnership_id,
            RoundAgency.round_id == round_id,
            Membership.partnership_id == partnership_id,
            Membership.role == Role.AUDITOR,
            Person.active,
            counts_on(today),
        )
        .distinct()
        .order_by(Person.name)
    )
    found: dict[int, list[Recipient]] = defaultdict(list)
    for agency_id, name, email in db.session.execute(query):
        found[agency_id].append(Recipient(name, email))
    return found
