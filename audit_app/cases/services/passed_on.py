"""The other routes: whom to tell and by when, and the record that somebody was told. Never what it was about."""

import secrets
from datetime import datetime

from sqlalchemy import select

from audit_app.accounts import queries as accounts
from audit_app.accounts import rules as people
from audit_app.accounts.rules import Viewer
from audit_app.cases import queries, rules
from audit_app.cases.models import PassedOn, RouteContact
from audit_app.cases.rules import LimitUnit, OtherRoute
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record


def change_route(
    route: OtherRoute,
    *,
    contact_name: str,
    contact_email: str,
    contact_phone: str,
    limit_number: int | None,
    limit_unit: LimitUnit,
    by: Viewer,
) -> None:
    """Set whom a partnership tells by a route, and by when.

    Raises:
        Refused: nobody could be told by it, the address is no e-mail address, or the limit is out of bounds.
    """
    if contact_email and (reason := people.why_not_email(contact_email)):
        raise Refused(reason, "contact_email")
    if refused := rules.why_not_contact(name=contact_name, email=contact_email, phone=contact_phone):
        raise Refused(*refused)
    if (reason := rules.why_not_limit(limit_number)) or limit_number is None:
        raise Refused(reason or "", "limit_number")
    partnership = accounts.partnership_for_change(by.partnership_id)
    row = queries.route_for_change(by.partnership_id, route)
    if row is None:
        row = RouteContact(partnership_id=by.partnership_id, route=route)
        db.session.add(row)
    row.contact_name, row.contact_email, row.contact_phone = contact_name, contact_email, contact_phone
    row.limit_number, row.limit_unit = limit_number, limit_unit
    record("route_contact_changed", by=by, of=partnership, route=rules.ROUTES[route].title)
    db.session.flush()


def record_passed_on(
    case_id: int,
    *,
    token: str,
    route: OtherRoute,
    passed_to: str,
    noticed_at: datetime,
    passed_at: datetime,
    by: Viewer,
    at: datetime,
) -> PassedOn:
    """Record that something about a case was passed on: by which route, to whom and when. A second press finds the same
    record.

    Raises:
        NotHere: no such case, or the agency of the person takes no part in its round.
        Refused: the times cannot be right.
    """
    queries.case_for_change(by.partnership_id, case_id)
    if not queries.may_raise_concern(by, case_id):
        raise NotHere
    if refused := rules.why_not_passed(noticed_at=noticed_at, passed_at=passed_at, now=at):
        raise Refused(*refused)
    same = select(PassedOn).where(
        PassedOn.partnership_id == by.partnership_id, PassedOn.case_id == case_id, PassedOn.token == token
    )
    before = db.session.scalars(same).one_or_none() if token else None
    told = (route, passed_to, noticed_at, passed_at)
    if before is not None and (before.route, before.passed_to, before.noticed_at, before.passed_at) == told:
        return before
    limit = queries.other_routes(by.partnership_id)[route]
    passed = PassedOn(
        partnership_id=by.partnership_id,
        case_id=case_id,
        token=token if token and before is None else secrets.token_hex(20),
        route=route,
        passed_to=passed_to,
        noticed_at=noticed_at,
        passed_at=passed_at,
        due_at=rules.due_at(noticed_at, limit.limit_number, limit.limit_unit),
        recorded_at=at,
        recorded_by_id=by.id,
        recorded_by_name=by.name,
    )
    db.session.add(passed)
    # Not of the case: the history of a case and its round is read by others, and goes into workbooks.
    record("passed_on", by=by, of=accounts.partnership_settings(by.partnership_id))
    db.session.flush()
    return passed
