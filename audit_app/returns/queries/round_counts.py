"""What the returns of a round say besides their ratings, counted for the coordinator: who should have known, time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, true

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import CaseState, Thing
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import HANDED_OVER, ReturnState, ShouldHaveKnown
from audit_app.rounds.models import Round


@dataclass(frozen=True)
class Unknown:
    """A return in which an agency says that it did not know a child whom it should have known."""

    agency: str
    case_reference: str
    agency_id: int


def should_have_known(viewer: Viewer, round_id: int) -> Sequence[Unknown]:
    """The returns of a round whose agency did not know a child it should have known, as far as the viewer reads why,
    by agency. One query."""
    query = (
        select(Agency.name, Case.reference, AgencyReturn.agency_id)
        .select_from(AgencyReturn)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.round_id == round_id,
            AgencyReturn.state == ReturnState.NOT_KNOWN,
            AgencyReturn.should_have_known == ShouldHaveKnown.YES,
            Case.state != CaseState.WITHDRAWN,
            sees(viewer, Thing.OTHER_RETURN, handed_over=true()),
        )
        .order_by(Agency.name, Case.position)
    )
    return [Unknown(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class TimeSpent:
    """How long an agency's returns took, in minutes, where it said so: of `returns` returns."""

    agency: str
    returns: int
    median: float
    total: int


def time_spent(viewer: Viewer, round_id: int) -> Sequence[TimeSpent]:
    """How long the returns of a round took, by agency, as far as the viewer reads them. One query.

    The median is the mean of the one or two in the middle: those at (n + 1) // 2 and (n + 2) // 2 of n, in order.
    """
    its, minutes = (Agency.name, Agency.id), AgencyReturn.minutes_spent
    is_handed_over = AgencyReturn.state.in_(HANDED_OVER)
    timed = (
        select(
            Agency.name,
            minutes.label("minutes"),
            func.row_number().over(order_by=minutes, partition_by=its).label("place"),
            func.count().over(partition_by=its).label("n"),
            func.sum(minutes).over(partition_by=its).label("total"),
        )
        .select_from(AgencyReturn)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.round_id == round_id,
            minutes.is_not(None),
            Case.state != CaseState.WITHDRAWN,
            is_handed_over,
            sees(viewer, Thing.OTHER_RETURN, handed_over=is_handed_over),
        )
        .subquery()
    )
    query = (
        select(timed.c.name, timed.c.n, func.avg(timed.c.minutes), timed.c.total)
        .where(timed.c.place.in_([(timed.c.n + 1) // 2, (timed.c.n + 2) // 2]))
        .group_by(timed.c.name, timed.c.n, timed.c.total)
        .order_by(timed.c.name)
    )
    return [TimeSpent(name, n, float(median), total) for name, n, median, total in db.session.execute(query)]
