"""What panels said to a person's agencies, and what agencies answered. One query each."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, false, or_, select, true

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.core.db import db
from audit_app.home.rules import AnswerIn, SaidByPanel
from audit_app.panels.models import OutcomeForAgency, Panel, PanelCase
from audit_app.panels.queries import told_to
from audit_app.panels.rules import ANSWERED_IN
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

LATELY = timedelta(days=30)
FORTNIGHT = timedelta(days=14)
ANSWERS_AT_MOST = 5

_ITS_CASE = and_(Case.partnership_id == OutcomeForAgency.partnership_id, Case.id == OutcomeForAgency.case_id)
_ITS_ROUND = and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id)


def said_by_panels(viewer: Viewer, *, at: datetime) -> Sequence[SaidByPanel]:
    """What panels said to the viewer's agencies: every question that waits for an answer, and the feedback on
    cases that were finished in the last 30 days."""
    is_asking = and_(OutcomeForAgency.question != "", OutcomeForAgency.answered_at.is_(None))
    query = (
        select(Case.reference, OutcomeForAgency.agency_id, is_asking)
        .select_from(OutcomeForAgency)
        .join(Case, _ITS_CASE)
        .join(Round, _ITS_ROUND)
        .where(
            told_to(viewer),
            Round.state.in_(ANSWERED_IN),
            or_(is_asking, and_(OutcomeForAgency.feedback != "", Case.agreed_at >= at - LATELY)),
        )
        .order_by(Case.agreed_at, Case.id, OutcomeForAgency.agency_id)
    )
    return [SaidByPanel(*row) for row in db.session.execute(query)]


def answers_to_panels(viewer: Viewer, *, at: datetime) -> Sequence[AnswerIn]:
    """The answers of the last fortnight to questions of the panels that the viewer chairs, or of all for a coordinator,
    the newest first and at most five."""
    chairs = Panel.chair_id == viewer.id if viewer.has(Role.PANEL_CHAIR) else false()
    query = (
        select(Case.reference, Agency.name)
        .select_from(OutcomeForAgency)
        .join(Case, _ITS_CASE)
        .join(Round, _ITS_ROUND)
        .join(PanelCase, and_(PanelCase.partnership_id == Case.partnership_id, PanelCase.case_id == Case.id))
        .join(Panel, and_(Panel.partnership_id == PanelCase.partnership_id, Panel.id == PanelCase.panel_id))
        .join(Agency, Agency.id == OutcomeForAgency.agency_id)
        .where(
            OutcomeForAgency.partnership_id == viewer.partnership_id,
            Round.state != RoundState.WITHDRAWN,
            OutcomeForAgency.answered_at >= at - FORTNIGHT,
            true() if viewer.has(Role.COORDINATOR) else chairs,
            sees(viewer, Thing.PANEL_FEEDBACK),
        )
        .order_by(OutcomeForAgency.answered_at.desc(), OutcomeForAgency.id.desc())
        .limit(ANSWERS_AT_MOST)
    )
    return [AnswerIn(*row) for row in db.session.execute(query)]
