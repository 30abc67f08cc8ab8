"""What agencies asked to correct in the accuracy check, and what was done."""

from collections.abc import Iterator

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.exports.queries.answers import Of
from audit_app.exports.queries.streaming import ROUND_NAME, in_words, stream
from audit_app.panels.models import AccuracyRequest, PanelItem
from audit_app.panels.rules import CORRECTION_STATE_WORDS, OVERALL
from audit_app.rounds.models import Round, RoundIndicator
from reports import round_rows as rows

_ITS_CASE = and_(Case.partnership_id == AccuracyRequest.partnership_id, Case.id == AccuracyRequest.case_id)
_ITS_ROUND = and_(Round.partnership_id == AccuracyRequest.partnership_id, Round.id == AccuracyRequest.round_id)
_ITS_AGENCY = and_(Agency.partnership_id == AccuracyRequest.partnership_id, Agency.id == AccuracyRequest.agency_id)
_ITS_ITEM = and_(PanelItem.partnership_id == AccuracyRequest.partnership_id, PanelItem.id == AccuracyRequest.item_id)


def corrections(viewer: Viewer, of: Of) -> Iterator[rows.Correction]:
    """What agencies asked to correct on the cases whose agreed ratings a viewer may read, case by case."""
    decider = aliased(Person)
    item = func.coalesce(RoundIndicator.code + " " + RoundIndicator.title, f"{OVERALL.code} {OVERALL.title}")
    query = (
        select(
            ROUND_NAME,
            Case.reference,
            Agency.name,
            case((AccuracyRequest.item_id.is_(None), literal("What the panel learned")), else_=item),
            AccuracyRequest.what_is_wrong,
            AccuracyRequest.what_is_right,
            AccuracyRequest.where_on_file,
            Person.name,
            AccuracyRequest.asked_at,
            in_words(AccuracyRequest.state, CORRECTION_STATE_WORDS),
            AccuracyRequest.response,
            case(
                (AccuracyRequest.agreed_rating_id.is_not(None), literal("The agreed rating: the worksheet has both")),
                (AccuracyRequest.outcome_before != "", "Before: " + AccuracyRequest.outcome_before),
                else_="",
            ),
            func.coalesce(decider.name, ""),
            AccuracyRequest.decided_at,
        )
        .join(Case, _ITS_CASE)
        .join(Round, _ITS_ROUND)
        .join(Agency, _ITS_AGENCY)
        .join(Person, Person.id == AccuracyRequest.asked_by_id)
        .outerjoin(decider, decider.id == AccuracyRequest.decided_by_id)
        .outerjoin(PanelItem, _ITS_ITEM)
        .outerjoin(RoundIndicator, RoundIndicator.id == PanelItem.indicator_id)
        .where(AccuracyRequest.partnership_id == viewer.partnership_id, *of, sees(viewer, Thing.AGREED_RATINGS))
        .order_by(Round.id, Case.position, AccuracyRequest.id)
    )
    return map(rows.Correction._make, stream(query))
