"""Recording that someone was told of an immediate concern, and telling those who must know."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from audit_app.accounts import queries as accounts
from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import queries, rules
from audit_app.cases.models import Case, Concern
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.messages import services as messages


@dataclass(frozen=True)
class Raised:
    """A concern that was recorded, and the names of those who are told of it by e-mail besides whoever raised it."""

    concern: Concern
    told: tuple[str, ...]


def raise_concern(
    case_id: int,
    *,
    token: str,
    worry: str,
    told_whom: str,
    told_at: datetime,
    agreed: str,
    agency_id: int | None,
    link: str,
    by: Viewer,
    at: datetime,
    other_children: str = "",
) -> Raised:
    """Record that someone was told of an immediate concern, and mail those who must know, at once.

    The agency's safeguarding contact and deputy, those of the agency holding the case, and the coordinators are mailed
    without a word about the case.
    A second press of the button finds the same record; other words from the same page are a record of their own.
    `link` is the address of the page with the case's concerns.

    Raises:
        NotHere: no such case, or the agency of the person, or the one they speak for, takes no part in its round.
        Refused: the time cannot be right.
    """
    case = _case_to_raise_about(case_id, agency_id=agency_id, by=by)
    holder_id = queries.holder_of_round(by.partnership_id, case.round_id)
    must_know = _who_must_know(by, (agency_id, holder_id), at)
    told = tuple(name or address for address, name in must_know.items() if address.lower() != by.email.lower())
    before = _of_token(case, token)
    typed = (worry, told_whom, agreed, other_children or None)
    if before is not None and (before.worry, before.told_whom, before.agreed, before.other_children) == typed:
        return Raised(before, told)
    if before is not None or not token:  # the page came back from the browser's memory for another concern
        token = secrets.token_hex(20)
    if reason := rules.why_not_told_at(told_at, now=at):
        raise Refused(reason, field="told_on")
    concern = Concern(
        partnership_id=by.partnership_id,
        case_id=case_id,
        agency_id=agency_id,
        holder_id=holder_id,
        token=token,
        worry=worry,
        told_whom=told_whom,
        told_at=told_at,
        agreed=agreed,
        other_children=other_children or None,
        raised_at=at,
        raised_by_id=by.id,
        raised_by_name=by.name,
        acknowledge_by=_acknowledge_by(by.partnership_id, at),
    )
    db.session.add(concern)
    record("concern_raised", by=by, of=case)
    db.session.flush()
    tell(must_know, concern, link=link, by=by)
    return Raised(concern, told)


def _case_to_raise_about(case_id: int, *, agency_id: int | None, by: Viewer) -> Case:
    case = queries.case_for_change(by.partnership_id, case_id)
    if not queries.may_raise_concern(by, case_id):
        raise NotHere
    if agency_id is not None and agency_id not in dict(queries.agencies_to_speak_for(by, case.round_id)):
        raise NotHere
    return case


def _acknowledge_by(partnership_id: int, at: datetime) -> datetime:
    """Until when someone must say that they have a concern raised now, by the partnership's own setting."""
    return rules.after_working_minutes(at, accounts.partnership_settings(partnership_id).acknowledge_minutes)


def tell(people: Mapping[str, str], concern: Concern, *, link: str, by: Viewer) -> None:
    """Mail these people, by address, that a concern was recorded: each of them once, without a word of the case."""
    for address, name in people.items():
        messages.post(
            partnership_id=by.partnership_id,
            recipient=address,
            occasion=f"concern {concern.id}",
            subject=rules.MAIL_SUBJECT,
            body=rules.mail_body(recipient=name, partnership=by.partnership.name, link=link),
        )


def _of_token(case: Case, token: str) -> Concern | None:
    """The concern that was recorded from the same page, if any."""
    of_case = (Concern.partnership_id == case.partnership_id, Concern.case_id == case.id)
    return db.session.scalars(select(Concern).where(*of_case, Concern.token == token)).one_or_none()


def _who_must_know(by: Viewer, agencies: Collection[int | None], at: datetime) -> dict[str, str]:
    """Addresses and names: the agencies' safeguarding contacts and deputies, and the partnership's coordinators."""
    people = accounts.people_with_role(by.partnership_id, Role.COORDINATOR, today=at.astimezone(clock.LONDON).date())
    known = {person.email: person.name for person in people}
    for agency_id in agencies:
        if agency_id is not None:
            known |= contacts_of(accounts.agency_here(by.partnership_id, agency_id))
    return {address: name for address, name in known.items() if address}


def contacts_of(agency: Agency) -> dict[str, str]:
    """The addresses and names of an agency's safeguarding contact and deputy, as far as they are known."""
    known = {agency.contact_email: agency.contact_name, agency.deputy_email: agency.deputy_name}
    return {address: name for address, name in known.items() if address}
