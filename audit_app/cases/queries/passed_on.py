"""Reads of the other routes: whom to tell and by when, and what was passed on. Never what it was: nobody keeps that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, true

from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case, PassedOn, RouteContact
from audit_app.cases.queries.sight import sees
from audit_app.cases.rules import ROUTES, LimitUnit, OtherRoute, Thing
from audit_app.core.db import db
from audit_app.rounds.models import Round


@dataclass(frozen=True)
class RouteShown:
    """A route with the partnership's contact and limit, or the delivered limit and no contact yet."""

    route: OtherRoute
    contact_name: str
    contact_email: str
    contact_phone: str
    limit_number: int
    limit_unit: LimitUnit


@dataclass(frozen=True)
class PassedOnRow:
    """That something was passed on, as its recorder and coordinators read it."""

    id: int
    case_reference: str
    route: OtherRoute
    passed_to: str
    noticed_at: datetime
    passed_at: datetime
    due_at: datetime
    recorded_by: str
    is_in_time: bool
    may_open_case: bool


@dataclass(frozen=True)
class PassedOnCount:
    """How often a route was taken, and how often within its limit."""

    route: OtherRoute
    passed: int
    in_time: int


def other_routes(partnership_id: int) -> Mapping[OtherRoute, RouteShown]:
    """Every route in its order, with contact and limit."""
    rows = db.session.scalars(select(RouteContact).where(RouteContact.partnership_id == partnership_id))
    kept = {row.route: row for row in rows}
    return {route: _shown(route, kept.get(route)) for route in OtherRoute}


def route_for_change(partnership_id: int, route: OtherRoute) -> RouteContact | None:
    """The partnership's own row for a route, locked for the deed that is under way; None while there is none."""
    query = select(RouteContact).where(RouteContact.partnership_id == partnership_id, RouteContact.route == route)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def passed_on(viewer: Viewer, *, case_id: int | None = None, limit: int = 200) -> Sequence[PassedOnRow]:
    """What was passed on, the newest first: all of it for coordinators, for everybody else what they recorded."""
    is_mine = true() if viewer.has(Role.COORDINATOR) else PassedOn.recorded_by_id == viewer.id
    query = (
        select(PassedOn, Case.reference, PassedOn.passed_at <= PassedOn.due_at, sees(viewer, Thing.CASE))
        .join(Case, (Case.partnership_id == PassedOn.partnership_id) & (Case.id == PassedOn.case_id))
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .where(PassedOn.partnership_id == viewer.partnership_id, is_mine)
        .limit(limit)
    )
    if case_id is not None:  # few: in an order that no index has, so that they are found by their case
        query = query.where(PassedOn.case_id == case_id).order_by(PassedOn.passed_at.desc(), PassedOn.id.desc())
    else:
        query = query.order_by(PassedOn.recorded_at.desc(), PassedOn.id.desc())
    return [
        PassedOnRow(
            id=row.id,
            case_reference=reference,
            route=row.route,
            passed_to=row.passed_to,
            noticed_at=row.noticed_at,
            passed_at=row.passed_at,
            due_at=row.due_at,
            recorded_by=row.recorded_by_name,
            is_in_time=bool(is_in_time),
            may_open_case=bool(may_open),
        )
        for row, reference, is_in_time, may_open in db.session.execute(query)
    ]


def passed_on_counts(partnership_id: int, *, since: datetime) -> Sequence[PassedOnCount]:
    """How often each route was taken since then, and how often in time; for coordinators."""
    query = (
        select(PassedOn.route, func.count(), func.count(case((PassedOn.passed_at <= PassedOn.due_at, 1))))
        .where(PassedOn.partnership_id == partnership_id, PassedOn.recorded_at >= since)
        .group_by(PassedOn.route)
    )
    counts = {route: PassedOnCount(route, passed, in_time) for route, passed, in_time in db.session.execute(query)}
    return [counts[route] for route in OtherRoute if route in counts]


def _shown(route: OtherRoute, kept: RouteContact | None) -> RouteShown:
    if kept is None:
        return RouteShown(route, "", "", "", ROUTES[route].number, ROUTES[route].unit)
    return RouteShown(
        route, kept.contact_name, kept.contact_email, kept.contact_phone, kept.limit_number, kept.limit_unit
    )
