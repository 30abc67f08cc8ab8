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
from audit_app.returns.queries.one_return import overall_of
from audit_app.returns.queries.versions import times_sent_back_of
from audit_app.returns.rules import HANDED_OVER, OPEN_STATES, Answer, Overall, ReturnState, ShouldHaveKnown, named
from audit_app.rounds.models import RoundIndicator


@dataclass(frozen=True)
class ReturnOfCase:
    """One agency's return on a case. Its words are empty unless it was handed over and stands so."""

    return_id: int
    agency_id: int
    agency: str
    state: ReturnState
    due_on: date
    submitted_at: datetime | None
    reason: str
    overall: Overall
    times_sent_back: int
    on_behalf_of: str
    should_have_known: ShouldHaveKnown | None
    own_part_words: str  # what part the auditor had in the child's care, if any

    @property
    def named(self) -> str:
        """Who answered: the agency, for itself or on behalf of a practice or a school."""
        return named(self.agency, self.on_behalf_of)


@dataclass(frozen=True)
class AgencyRating:
    """One agency's answer on one indicator of a case, of a return that was handed over. `agency` says for whom."""

    agency_id: int
    agency: str
    answer: Answer


def returns_of_case(partnership_id: int, case_id: int) -> Sequence[ReturnOfCase]:
    """The returns on a case by agency. What an agency is still writing is not in it."""
    rows = db.session.execute(
        select(AgencyReturn, Agency.name, times_sent_back_of())
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
            overall=overall_of(found) if found.state in HANDED_OVER else Overall(),
            times_sent_back=times_sent_back,
            on_behalf_of=found.on_behalf_of,
            should_have_known=found.should_have_known,
            own_part_words=found.own_part_words if found.state in HANDED_OVER else "",
        )
        for found, agency, times_sent_back in rows
    ]


def ratings_of_case(partnership_id: int, case_id: int) -> Mapping[int, Sequence[AgencyRating]]:
    """The ratings handed over on a case, side by side: by the indicator's id in the order of the pages, by agency."""
    handed_over = select(AgencyReturn.id).where(
        AgencyReturn.partnership_id == partnership_id,
        AgencyReturn.case_id == case_id,
        AgencyReturn.state.in_(HANDED_OVER),
    )
    rows = db.session.execute(
        select(
            Rating.indicator_id,
            Rating.agency_id,
            Agency.name,
            AgencyReturn.on_behalf_of,
            Rating.answer,
            Rating.level_id,
            Rating.reason,
            Rating.evidence,
            Rating.where_on_file,
            Rating.tag,
        )
        .join(AgencyReturn, AgencyReturn.id == Rating.return_id)
        .join(RoundIndicator, RoundIndicator.id == Rating.indicator_id)
        .join(Agency, Agency.id == Rating.agency_id)
        .where(Rating.partnership_id == partnership_id, Rating.return_id.in_(handed_over))
        .order_by(RoundIndicator.position, Agency.name)
    )
    found: dict[int, list[AgencyRating]] = defaultdict(list)
    for row in rows:
        answer = Answer(row.answer, row.level_id, row.reason, row.evidence, row.where_on_file, row.tag)
        found[row.indicator_id].append(AgencyRating(row.agency_id, named(row.name, row.on_behalf_of), answer))
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
