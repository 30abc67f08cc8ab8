"""Returns that are owed: which there are, who is asked for them, and who else can be told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, or_, select

from audit_app.accounts.models import Agency, DelegatedPartner, Membership, Partnership, Person
from audit_app.accounts.queries import counts_on
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import CaseState, Thing
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn, ReturnExtension, ReturnReminder
from audit_app.returns.queries.lists import AT_WORK
from audit_app.returns.queries.sending import Recipient
from audit_app.returns.rules import OPEN_STATES, Ladder, Rung, rungs_due
from audit_app.rounds.models import Round


@dataclass(frozen=True)
class Picked:
    """Which returns of a round someone chose: by id, by a case or an agency of theirs, or all that are late."""

    returns: frozenset[int] = frozenset()
    cases: frozenset[str] = frozenset()
    agencies: frozenset[int] = frozenset()
    is_late: bool = False


@dataclass(frozen=True)
class OwedReturn:
    """A return that is owed, with whoever is asked for it by name, if anyone is."""

    id: int
    case_reference: str
    agency_id: int
    agency: str
    auditor_id: int | None
    due_on: date
    is_late: bool

    def is_among(self, picked: Picked) -> bool:
        return (
            self.id in picked.returns
            or self.case_reference in picked.cases
            or self.agency_id in picked.agencies
            or (picked.is_late and self.is_late)
        )


def owed_returns(viewer: Viewer, round_id: int, *, today: date) -> Sequence[OwedReturn]:
    """The returns of a round that are owed, of the cases that a viewer may know of and that are with agencies."""
    query = (
        select(
            AgencyReturn.id,
            Case.reference,
            AgencyReturn.agency_id,
            Agency.name,
            AgencyReturn.auditor_id,
            AgencyReturn.due_on,
        )
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.round_id == round_id,
            AgencyReturn.state.in_(OPEN_STATES),
            Case.state == CaseState.WITH_AGENCIES,
            Round.state.in_(AT_WORK),
            sees(viewer, Thing.CASE),
        )
        .order_by(Case.position, Agency.name)
    )
    return [OwedReturn(*row, is_late=row.due_on < today) for row in db.session.execute(query)]


@dataclass(frozen=True)
class People:
    """Who can be told of a partnership's returns today: auditors and leads by agency, and the coordinators."""

    auditors: Mapping[int, Mapping[int, Recipient]]  # by agency, then by person
    leads: Mapping[int, Sequence[Recipient]]
    coordinators: Sequence[Recipient]

    def asked(self, agency_id: int, auditor_id: int | None) -> Sequence[Recipient]:
        """Whoever is asked for a return: the one who is named while they audit for the agency, else all who do."""
        auditors = self.auditors.get(agency_id, {})
        if auditor_id is not None and auditor_id in auditors:
            return [auditors[auditor_id]]
        return list(auditors.values())


def people_to_tell(partnership_id: int, *, today: date) -> People:
    """The people of a partnership who can be told of returns. One query."""
    query = (
        select(Membership.role, Membership.agency_id, Person.id, Person.name, Person.email)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.partnership_id == partnership_id,
            Membership.role.in_([Role.AUDITOR, Role.AGENCY_LEAD, Role.COORDINATOR]),
            Person.active,
            counts_on(today),
        )
        .order_by(Person.name, Person.id)
    )
    auditors: dict[int, dict[int, Recipient]] = defaultdict(dict)
    leads: dict[int, list[Recipient]] = defaultdict(list)
    coordinators: list[Recipient] = []
    for role, agency_id, person_id, name, email in db.session.execute(query):
        person = Recipient(name, email)
        if role is Role.COORDINATOR:
            coordinators.append(person)
        elif agency_id is not None and role is Role.AUDITOR:
            auditors[agency_id][person_id] = person
        elif agency_id is not None:
            leads[agency_id].append(person)
    return People(auditors, leads, coordinators)


@dataclass(frozen=True)
class RungDue:
    """A step of the ladder to take for what somebody owes.

    `owed_id` is the return's id, or that of what a feature above asks for by a day.
    """

    owed_id: int
    rung: Rung
    round_id: int
    round_title: str
    agency_id: int
    agency: str
    auditor_id: int | None
    due_on: date
    partner: Recipient | None


def partnerships_at_work() -> Sequence[tuple[int, str]]:
    """Every partnership, by id and short name: each looks for itself whether any of its rounds is at work."""
    return db.session.execute(select(Partnership.id, Partnership.slug).order_by(Partnership.id)).all()


def steps_to_take(partnership_id: int, *, today: date) -> Sequence[RungDue]:
    """The steps of the ladder whose day has come, over all rounds of a partnership that are at work.

    Of a return's, lowest first, one may be taken today. None for cases that are paused, withdrawn or released, nor of
    rounds that are over, nor where a step was taken today. Three queries at most.
    """
    at_work = select(
        Round.id, Round.title, Round.remind_auditors_days, Round.remind_leads_days, Round.remind_partners_days
    ).where(Round.partnership_id == partnership_id, Round.state.in_(AT_WORK))
    rounds = {row.id: (row.title, Ladder(*row[2:])) for row in db.session.execute(at_work)}
    rows = _owed_in(partnership_id, list(rounds), today) if rounds else ()
    taken = _taken(partnership_id, [row.id for row in rows]) if rows else {}
    return [
        RungDue(
            owed_id=row.id,
            rung=rung,
            round_id=row.round_id,
            round_title=rounds[row.round_id][0],
            agency_id=row.agency_id,
            agency=row.name,
            auditor_id=row.auditor_id,
            due_on=row.due_on,
            partner=Recipient(row.partner, row.email) if row.email else None,
        )
        for row in rows
        for rung in rungs_due(
            row.due_on, rounds[row.round_id][1], taken=taken.get((row.id, row.due_on), {}), today=today
        )
    ]


def _owed_in(partnership_id: int, round_ids: Sequence[int], today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """The returns that are owed in these rounds, each with the partner who answers for its agency, by day due."""
    query = (
        select(
            AgencyReturn.id,
            AgencyReturn.round_id,
            AgencyReturn.agency_id,
            Agency.name,
            AgencyReturn.auditor_id,
            AgencyReturn.due_on,
            DelegatedPartner.name.label("partner"),
            DelegatedPartner.email,
        )
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .outerjoin(
            DelegatedPartner,
            (DelegatedPartner.id == Agency.delegated_partner_id)
            & or_(DelegatedPartner.ended_on.is_(None), DelegatedPartner.ended_on > today),
        )
        .where(
            AgencyReturn.partnership_id == partnership_id,
            AgencyReturn.round_id.in_(round_ids),
            AgencyReturn.state.in_(OPEN_STATES),
            Case.state == CaseState.WITH_AGENCIES,
        )
        .order_by(AgencyReturn.round_id, AgencyReturn.due_on, Agency.name, AgencyReturn.id)
    )
    return db.session.execute(query).all()


def _taken(partnership_id: int, return_ids: Sequence[int]) -> Mapping[tuple[int, date], Mapping[Rung, date]]:
    """The steps that were taken for these returns and on which day, by the return and the day it was due."""
    query = select(
        ReturnReminder.return_id, ReturnReminder.due_on, ReturnReminder.rung, ReturnReminder.reminded_at
    ).where(ReturnReminder.partnership_id == partnership_id, ReturnReminder.return_id.in_(return_ids))
    found: dict[tuple[int, date], dict[Rung, date]] = defaultdict(dict)
    for return_id, due_on, rung, at in db.session.execute(query):
        found[return_id, due_on][rung] = at.astimezone(LONDON).date()
    return found


@dataclass(frozen=True)
class Chased:
    """Who is asked for a return by name, if anyone is, and the later days it was given, oldest first."""

    auditor: str
    extensions: Sequence["Extension"]


@dataclass(frozen=True)
class Extension:
    """A later day that a return was given, and why."""

    from_day: date
    to_day: date
    reason: str
    by: str
    at: datetime


def chased(partnership_id: int, return_id: int) -> Chased:
    """What the coordinator did about a return that is owed. Two queries."""
    asked = (
        select(Person.name)
        .join(AgencyReturn, AgencyReturn.auditor_id == Person.id)
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id)
    )
    query = (
        select(
            ReturnExtension.from_day,
            ReturnExtension.to_day,
            ReturnExtension.reason,
            Person.name,
            ReturnExtension.extended_at,
        )
        .outerjoin(Person, Person.id == ReturnExtension.extended_by_id)
        .where(ReturnExtension.partnership_id == partnership_id, ReturnExtension.return_id == return_id)
        .order_by(ReturnExtension.id)
    )
    extensions = [Extension(*row[:3], row.name or "", row.extended_at) for row in db.session.execute(query)]
    return Chased(db.session.scalar(asked) or "", extensions)
