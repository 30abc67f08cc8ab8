"""Of which agencies somebody can agree with the outcome of a concern. Where none, a coordinator does (ADR 19)."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Agency, Membership, Person
from audit_app.accounts.queries import counts_on
from audit_app.accounts.rules import ROLES_OF_AN_AGENCY, Role
from audit_app.cases.models import Concern, IdentityRelease

_Other, _Holding, _ForHolder = aliased(Agency), aliased(Agency), aliased(Membership)


def is_another_there(*, today: date) -> ColumnElement[bool]:
    """The condition on `Concern` that somebody of an agency beside the one holding the case can agree."""
    mine = _Other.partnership_id == Concern.partnership_id
    return exists().where(mine, can_agree(_Other, today=today)).correlate(Concern)


def can_agree(agency: type[Agency], *, today: date) -> ColumnElement[bool]:
    """The condition on `Concern` and an agency that somebody of it reads the concern today and may agree.

    An auditor, where it was asked about the case; its contact or deputy, or whoever raised it, where it was for it.
    Nobody counts who also acts for the agency holding the case.
    """
    is_asked = exists().where(
        IdentityRelease.partnership_id == Concern.partnership_id,
        IdentityRelease.case_id == Concern.case_id,
        IdentityRelease.agency_id == agency.id,
    )
    is_of_it = and_(Membership.agency_id == agency.id, Membership.role.in_(ROLES_OF_AN_AGENCY))
    is_raised_for = or_(_is_contact(agency), and_(Person.id == Concern.raised_by_id, is_of_it))
    audits = and_(Membership.agency_id == agency.id, Membership.role == Role.AUDITOR)
    somebody = exists().where(
        Membership.partnership_id == Concern.partnership_id,
        Person.id == Membership.person_id,
        Person.active,
        counts_on(today),
        not_(_is_for_holder(today)),
        or_(
            and_(audits, is_asked.correlate(Concern, agency)),
            and_(is_raised_for, Concern.agency_id == agency.id),
        ),
    )
    return and_(agency.id != Concern.holder_id, somebody.correlate(Concern, agency))


def _is_contact(agency: type[Agency]) -> ColumnElement[bool]:
    address = func.lower(Person.email)
    return or_(func.lower(agency.contact_email) == address, func.lower(agency.deputy_email) == address)


def _is_for_holder(today: date) -> ColumnElement[bool]:
    has_role = exists().where(
        _ForHolder.partnership_id == Concern.partnership_id,
        _ForHolder.person_id == Person.id,
        _ForHolder.agency_id == Concern.holder_id,
        counts_on(today, _ForHolder),
    )
    is_its_contact = exists().where(
        _Holding.partnership_id == Concern.partnership_id, _Holding.id == Concern.holder_id, _is_contact(_Holding)
    )
    return or_(has_role.correlate(Concern, Person), is_its_contact.correlate(Concern, Person))
