"""Returns as panels, findings and home read them: of one case side by side, and counted over a round."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from audit_app.accounts.models import Agency
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.queries.lists import is_late_in_sql
from audit_app.returns.rules import OPEN_STATES, Answer, ReturnState
from audit_app.rounds.models import RoundIndicator


@dataclass(frozen=True)
class ReturnOfCase:
    """One agency's return on a case. Words are empty until it was handed over."""

    return_id: int
    agency_id: int
    agency: str
    state: ReturnState
    due_on: date
    submitted_at: datetime | None
    reason: str
    worked_well: str
    to_improve: str


@dataclass(frozen=True)
class AgencyRating:
    """One agency's answer on one indicator of a case, of a return that was handed over."""

    agency_id: int
    agency: str
    answer: Answer


def returns_of_case(partnership_id: int, case_id: int) -> Sequence[ReturnOfCase]:
    """The returns on a case by agency. What an agency is still writing is not in it."""
    rows = db.session.execute(
        select(AgencyReturn, Agency.name)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.case_id == case_id)
        .order_by(Agency.name)
    )
    return [
        ReturnOfCase(
            return_id=found.id,
            agency_id=found.agency_id,
            agency=agency,
            state=found.state,
            due_on=found.due_on,
            submitted_at=found.submitted_at,
            reason=found.reason,
            worked_well="" if found.state in OPEN_STATES else found.worked_well,
            to_improve="" if found.state in OPEN_STATES else found.to_improve,
        )
        for found, agency in rows
    ]


def ratings_of_case(partnership_id: int, case_id: int) -> Mapping[int, Sequence[AgencyRating]]:
    """The ratings handed over on a case, side by side: by the indicator's id in the order of the pages, by agency."""
    rows = db.session.execute(
        select(
            Rating.indicator_id,
            Rating.agency_id,
            Agency.name,
            Rating.answer,
            Rating.level_id,
            Rating.reason,
            Rating.evidence,
            Rating.where_on_file,
        )
        .select_from(AgencyReturn)
        .join(Rating, Rating.return_id == AgencyReturn.id)
        .join(RoundIndicator, RoundIndicator.id == Rating.indicator_id)
        .join(Agency, Agency.id == Rating.agency_id)
        .where(
            AgencyReturn.partnership_id == partnership_id,
            AgencyReturn.case_id == case_id,
            Rating.partnership_id == partnership_id,
            Rating.is_submitted,
        )
        .order_by(RoundIndicator.position, Agency.name)
    )
    found: dict[int, list[AgencyRating]] = defaultdict(list)
    for row in rows:
        found[row.indicator_id].append(AgencyRating(row.agency_id, row.name, Answer(*row[3:])))
    return found


@dataclass(frozen=True)
class RoundProgress:
    """How far the returns of a round are: how many are asked, answered, and late."""

    returns: int
    answered: int
    late: int


def progress_of_round(partnership_id: int, round_id: int, *, today: date) -> RoundProgress:
    """The progress of a round's returns, in one aggregate. Children who were withdrawn do not count."""
    of_round = (
        AgencyReturn.partnership_id == partnership_id,
        AgencyReturn.round_id == round_id,
        Case.state != CaseState.WITHDRAWN,
    )
    returns = db.session.execute(
        select(
            func.count(AgencyReturn.id),
            func.count(AgencyReturn.id).filter(AgencyReturn.state.not_in(OPEN_STATES)),
            func.count(AgencyReturn.id).filter(is_late_in_sql(today)),
        )
        .join(Case, Case.id == AgencyReturn.case_id)
        .where(*of_round)
    ).one()
    return RoundProgress(*returns)
