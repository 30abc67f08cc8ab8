"""What waits for a person between the last panel of a round and its report. Each is one query."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, exists, func, not_, or_, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.home.rules import FactsToCheck, Moderating, ToDecide
from audit_app.panels.models import (
    AccuracyAnswer,
    AccuracyRequest,
    ModerationChange,
    ModerationReading,
    Panel,
    PanelCase,
)
from audit_app.panels.queries import moderates
from audit_app.panels.rules import CHECKS_FOR, ChangeState, CorrectionState
from audit_app.returns.models import AgencyReturn
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState


def moderating(viewer: Viewer) -> Sequence[Moderating]:
    """The rounds that are being moderated and of which the viewer is a reader."""
    to_decide = (
        select(func.count())
        .where(
            ModerationChange.partnership_id == Round.partnership_id,
            ModerationChange.round_id == Round.id,
            ModerationChange.state == ChangeState.PROPOSED,
            ModerationChange.proposed_by_id != viewer.id,
            # of a change one of the two is the other reader
            or_(ModerationChange.proposed_by_id == Round.moderated_with_id, Round.moderated_with_id == viewer.id),
        )
        .correlate(Round)
        .scalar_subquery()
    )
    has_said = exists().where(
        ModerationReading.partnership_id == Round.partnership_id,
        ModerationReading.round_id == Round.id,
        ModerationReading.person_id == viewer.id,
    )
    query = (
        select(Round.reference, to_decide, has_said)
        .where(
            Round.partnership_id == viewer.partnership_id,
            Round.state == RoundState.MODERATION,
            Round.moderated_with_id.is_not(None),
            moderates(viewer),
        )
        .order_by(Round.id)
    )
    return [Moderating(*row) for row in db.session.execute(query)]


def facts_to_check(viewer: Viewer, *, today: date) -> Sequence[FactsToCheck]:
    """The rounds whose facts an agency of the viewer may still correct and has not said that it is done with."""
    is_done = exists().where(
        AccuracyAnswer.partnership_id == Round.partnership_id,
        AccuracyAnswer.round_id == Round.id,
        AccuracyAnswer.agency_id == Agency.id,
    )
    is_asked = exists(
        select(AgencyReturn.id)
        .join(
            Case,
            and_(
                Case.partnership_id == AgencyReturn.partnership_id,
                Case.id == AgencyReturn.case_id,
                Case.state == CaseState.AGREED,
            ),
        )
        .where(
            AgencyReturn.partnership_id == Round.partnership_id,
            AgencyReturn.round_id == Round.id,
            AgencyReturn.agency_id == Agency.id,
        )
        .correlate(Round, Agency)
    )
    query = (
        select(Round.reference, Agency.id, Agency.name, Round.accuracy_due_on)
        .join(Agency, Agency.partnership_id == Round.partnership_id)
        .where(
            Round.partnership_id == viewer.partnership_id,
            Round.state == RoundState.ACCURACY_CHECK,
            Round.accuracy_due_on >= today,
            Agency.id.in_(viewer.agencies(*CHECKS_FOR)),
            is_asked,
            not_(is_done),
        )
        .order_by(Round.accuracy_due_on, Round.id, Agency.name)
    )
    return [
        FactsToCheck(reference, agency_id, agency, due_on)
        for reference, agency_id, agency, due_on in db.session.execute(query)
        if due_on is not None
    ]


def corrections_to_decide(viewer: Viewer) -> Sequence[ToDecide]:
    """How many corrections wait for the viewer, who chairs the panels of their cases, by round."""
    if not viewer.has(Role.PANEL_CHAIR):
        return ()
    query = (
        select(Round.reference, func.count())
        .select_from(Round)
        .join(
            AccuracyRequest,
            and_(AccuracyRequest.partnership_id == Round.partnership_id, AccuracyRequest.round_id == Round.id),
        )
        .join(
            PanelCase,
            and_(
                PanelCase.partnership_id == AccuracyRequest.partnership_id,
                PanelCase.case_id == AccuracyRequest.case_id,
            ),
        )
        .join(Panel, Panel.id == PanelCase.panel_id)
        .where(
            Round.partnership_id == viewer.partnership_id,
            Round.state == RoundState.ACCURACY_CHECK,
            AccuracyRequest.state == CorrectionState.ASKED,
            AccuracyRequest.asked_by_id != viewer.id,
            Panel.chair_id == viewer.id,
        )
        .group_by(Round.id, Round.reference)
        .order_by(Round.id)
    )
    return [ToDecide(*row) for row in db.session.execute(query)]
