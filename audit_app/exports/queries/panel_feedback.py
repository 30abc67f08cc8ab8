"""What panels said to agencies, what they asked, and what they were answered."""

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.exports.queries.answers import Of, cases_where
from audit_app.exports.queries.streaming import ROUND_NAME, stream
from audit_app.panels.models import OutcomeForAgency
from audit_app.rounds.models import Round
from reports import round_rows as rows


def panel_feedback(viewer: Viewer, of: Of) -> Iterator[rows.PanelFeedback]:
    """What panels said to the agencies of the cases that are finished: before, it is not final."""
    seen = sees(viewer, Thing.PANEL_FEEDBACK)
    query = (
        select(
            ROUND_NAME,
            Case.reference,
            Agency.name,
            OutcomeForAgency.feedback,
            OutcomeForAgency.question,
            OutcomeForAgency.answer,
            func.coalesce(Person.name, ""),
            OutcomeForAgency.answered_at,
        )
        .select_from(Case)
        .join(Round, and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id))
        .join(
            OutcomeForAgency,
            and_(OutcomeForAgency.partnership_id == Case.partnership_id, OutcomeForAgency.case_id == Case.id),
        )
        .join(Agency, Agency.id == OutcomeForAgency.agency_id)
        .outerjoin(Person, Person.id == OutcomeForAgency.answered_by_id)
        .where(
            *of,
            OutcomeForAgency.case_id.in_(cases_where([*of, Case.agreed_at.is_not(None)], seen)),
            or_(OutcomeForAgency.feedback != "", OutcomeForAgency.question != ""),
        )
        .order_by(Round.id, Case.position, Agency.name)
    )
    return map(rows.PanelFeedback._make, stream(query))
