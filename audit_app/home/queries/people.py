"""What waits for a person, by the role they hold."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, false, func, not_, or_, select

from audit_app.accounts.models import Agency, Invitation
from audit_app.accounts.rules import Role, Viewer
from audit_app.actions.models import Action
from audit_app.actions.queries import overdue, seen_by
from audit_app.actions.rules import ActionState
from audit_app.cases import queries as cases
from audit_app.cases.models import Case, RouteContact
from audit_app.cases.queries import sees
from audit_app.cases.rules import CaseState, ConcernState, OtherRoute, Thing
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.home.rules import (
    ActionCounts,
    AuditorCounts,
    CaseActionsToDo,
    ConcernToFollow,
    FeedbackOwed,
    NamedOn,
    OfficeCounts,
    PanelAhead,
    PanelCounts,
    Published,
    ToCheck,
)
from audit_app.messages.models import Message
from audit_app.messages.rules import MessageState
from audit_app.panels.models import Panel, PanelCase, PanelMember, PanelRoom
from audit_app.panels.queries import CaseActionsOwed, case_actions_owed, on_my_panel
from audit_app.returns.models import AgencyReturn
from audit_app.returns.queries import feedback_counts, is_late_in_sql, named_returns
from audit_app.returns.rules import HANDED_OVER, OPEN_STATES, ReturnState, why_not_reply
from audit_app.rounds.models import Round
from audit_app.rounds.rules import SEEN_BY_BOARD, RoundState

SOON = timedelta(days=30)
LATELY = timedelta(days=30)
FORTNIGHT = timedelta(days=14)


def auditor_counts(viewer: Viewer, *, at: datetime) -> AuditorCounts:
    """The returns that the viewer's agencies are asked for."""
    today = at.astimezone(LONDON).date()
    is_open = AgencyReturn.state.in_(OPEN_STATES)
    came_back = or_(
        AgencyReturn.state == ReturnState.CHANGES_REQUESTED,
        and_(AgencyReturn.state == ReturnState.NOT_STARTED, AgencyReturn.asked_again_at.is_not(None)),
    )
    row = db.session.execute(
        select(
            func.count().filter(is_open, AgencyReturn.due_on < today),
            func.count().filter(came_back),
            func.count().filter(is_open),
            func.min(AgencyReturn.due_on).filter(is_open),
            func.min(Case.reference).filter(came_back),
            func.min(AgencyReturn.agency_id).filter(came_back),
        )
        .select_from(AgencyReturn)
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .join(Round, (Round.partnership_id == AgencyReturn.partnership_id) & (Round.id == AgencyReturn.round_id))
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.agency_id.in_(viewer.agencies(Role.AUDITOR)),
            is_open,
            Case.state == CaseState.WITH_AGENCIES,
            Round.state != RoundState.WITHDRAWN,
        )
    ).one()
    late, sent_back, owed, next_due_on, reference, agency_id = row
    return AuditorCounts(late, sent_back, owed, next_due_on, (reference, agency_id) if sent_back == 1 else None)


def late_of_agencies(viewer: Viewer, *, at: datetime) -> int:
    """How many returns the agencies that the viewer leads owe and are late with."""
    query = (
        select(func.count(AgencyReturn.id))
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .join(Round, (Round.partnership_id == AgencyReturn.partnership_id) & (Round.id == AgencyReturn.round_id))
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.agency_id.in_(viewer.agencies(Role.AGENCY_LEAD)),
            is_late_in_sql(at.astimezone(LONDON).date()),
            Round.state != RoundState.WITHDRAWN,
        )
    )
    return db.session.scalar(query) or 0


def panel_counts(viewer: Viewer) -> PanelCounts:
    """The released cases of the viewer's panels: to agree for those they chair, to read for the others."""
    query = (
        select(func.count().filter(Panel.chair_id == viewer.id), func.count().filter(Panel.chair_id != viewer.id))
        .select_from(PanelCase)
        .join(Panel, (Panel.partnership_id == PanelCase.partnership_id) & (Panel.id == PanelCase.panel_id))
        .join(Case, (Case.partnership_id == PanelCase.partnership_id) & (Case.id == PanelCase.case_id))
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .where(
            PanelCase.partnership_id == viewer.partnership_id,
            Case.state == CaseState.AT_PANEL,
            Round.state != RoundState.WITHDRAWN,
            on_my_panel(viewer),
        )
    )
    return PanelCounts(*db.session.execute(query).one())


def panels_ahead(viewer: Viewer, *, at: datetime) -> Sequence[PanelAhead]:
    """The panels of rounds at work on which the viewer sits and that are to come or have cases to release, the next
    first. Only whoever chairs a panel releases its cases."""
    open_return = exists().where(
        AgencyReturn.partnership_id == Case.partnership_id,
        AgencyReturn.case_id == Case.id,
        AgencyReturn.state.in_(OPEN_STATES),
    )
    to_release = (
        select(func.count())
        .select_from(PanelCase)
        .join(Case, (Case.partnership_id == PanelCase.partnership_id) & (Case.id == PanelCase.case_id))
        .where(
            PanelCase.partnership_id == Panel.partnership_id,
            PanelCase.panel_id == Panel.id,
            Panel.chair_id == viewer.id if viewer.has(Role.PANEL_CHAIR) else false(),
            Case.state == CaseState.WITH_AGENCIES,
            not_(open_return),
        )
        .correlate(Panel)
        .scalar_subquery()
    )
    is_member = exists().where(
        PanelMember.partnership_id == Panel.partnership_id,
        PanelMember.panel_id == Panel.id,
        PanelMember.person_id == viewer.id,
    )
    is_open = and_(PanelRoom.opened_at.is_not(None), PanelRoom.closed_at.is_(None))
    query = (
        select(Panel.id, Round.reference, Panel.held_on, Panel.place, to_release, is_open)
        .join(PanelRoom, (PanelRoom.partnership_id == Panel.partnership_id) & (PanelRoom.panel_id == Panel.id))
        .join(Round, (Round.partnership_id == Panel.partnership_id) & (Round.id == Panel.round_id))
        .where(
            Panel.partnership_id == viewer.partnership_id,
            Round.state.in_([RoundState.RETURNS, RoundState.PANEL]),
            or_(Panel.chair_id == viewer.id, is_member),
            or_(Panel.held_on >= at.astimezone(LONDON).date(), to_release > 0, is_open),
        )
        .order_by(not_(is_open), Panel.held_on, Panel.id)
        .limit(20)
    )
    return [PanelAhead(*row) for row in db.session.execute(query)]


def returns_to_check(viewer: Viewer) -> Sequence[ToCheck]:
    """The submitted returns that a coordinator can accept or send back, counted by round: those of cases that are not
    released and that they are not blind to."""
    query = (
        select(Round.reference, func.count())
        .select_from(AgencyReturn)
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .join(Round, (Round.partnership_id == AgencyReturn.partnership_id) & (Round.id == AgencyReturn.round_id))
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.state == ReturnState.SUBMITTED,
            Case.state == CaseState.WITH_AGENCIES,
            Round.state.in_([RoundState.RETURNS, RoundState.PANEL]),
            sees(viewer, Thing.OTHER_RETURN, handed_over=AgencyReturn.state.in_(HANDED_OVER)),
        )
        .group_by(Round.id, Round.reference)
        .order_by(Round.id)
    )
    return [ToCheck(*row) for row in db.session.execute(query)]


def actions_of(viewer: Viewer, *, at: datetime, is_own: bool) -> ActionCounts:
    """Actions of the viewer's own agencies, or all that they may read, of rounds that still stand: as in the plan."""
    today = at.astimezone(LONDON).date()
    is_open = Action.state == ActionState.OPEN
    leads = Action.lead_id == viewer.id
    query = (
        select(
            func.count().filter(overdue(today)),
            func.count().filter(is_open, Action.due_on >= today, Action.due_on <= today + SOON),
            func.count().filter(is_open),
            func.count().filter(Action.state == ActionState.DONE),
            func.count().filter(is_open, leads),
            func.min(Action.due_on).filter(is_open, leads, Action.due_on >= today),
        )
        .select_from(Action)
        .join(Round, (Round.partnership_id == Action.partnership_id) & (Round.id == Action.round_id))
        .where(
            seen_by(viewer),
            Action.state.in_([ActionState.OPEN, ActionState.DONE]),
            Round.state != RoundState.WITHDRAWN,
        )
    )
    if is_own:
        query = query.where(Action.agency_id.in_(viewer.agencies(Role.AGENCY_LEAD)))
    return ActionCounts(*db.session.execute(query).one())


def case_actions_to_do(viewer: Viewer, *, today: date) -> CaseActionsToDo:
    """The open actions about children that the viewer's agencies have to do, and how many a coordinator finds late."""
    own = CaseActionsOwed()
    if viewer.has(Role.AGENCY_LEAD, Role.AUDITOR):
        own = case_actions_owed(viewer, today=today, is_own=True)
    late = case_actions_owed(viewer, today=today, is_own=False).late if viewer.has(Role.COORDINATOR) else 0
    return CaseActionsToDo(own.late, own.to_come, own.next_due_on, late_of_all=late)


def feedback_owed(viewer: Viewer, *, at: datetime) -> FeedbackOwed:
    """The feedback to practitioners that the viewer's agencies still owe."""
    counts = feedback_counts(viewer, today=at.astimezone(LONDON).date())
    return FeedbackOwed(counts.late, counts.to_come)


def named_on(viewer: Viewer) -> Sequence[NamedOn]:
    """The returns that the viewer is named on, and what is asked of them there."""
    return [
        NamedOn(
            case_reference=one.case_reference,
            agency_id=one.agency_id,
            agency=one.agency,
            round_title=one.round_title,
            is_readable=one.is_readable,
            is_asking=one.is_readable and not why_not_reply(one.access, one.standing),
            is_answered=one.is_answered,
        )
        for one in named_returns(viewer)
    ]


def concerns_to_follow(viewer: Viewer, *, is_mailing: bool, today: date) -> Sequence[ConcernToFollow]:
    """The open concerns that wait for the viewer, and those which they raised or were told of. A partnership without
    any is asked nothing."""
    if not viewer.partnership.has_open_concerns:
        return ()
    return [
        ConcernToFollow(
            one.id,
            one.case_reference,
            one.state,
            one.next_deed,
            must_ring=one.is_raiser and one.state is ConcernState.RAISED and not is_mailing,
        )
        for one in cases.concerns_to_follow(viewer, today=today)
        if one.next_deed or one.is_followed
    ]


def published_lately(partnership_id: int, *, at: datetime) -> Sequence[Published]:
    """The rounds published in the last 30 days, newest first."""
    query = (
        select(Round.reference, Round.title, Round.published_at)
        .where(
            Round.partnership_id == partnership_id,
            Round.state.in_(SEEN_BY_BOARD),
            Round.published_at >= at - LATELY,
        )
        .order_by(Round.published_at.desc())
        .limit(3)
    )
    return [
        Published(reference, title, published_at.astimezone(LONDON).date())
        for reference, title, published_at in db.session.execute(query)
        if published_at is not None
    ]


def office_counts(partnership_id: int, *, at: datetime) -> OfficeCounts:
    """Open invitations, mails that failed or were kept here lately, agencies that nobody could be told at, and other
    routes by which nobody could be told."""
    row = db.session.execute(
        select(
            select(func.count())
            .where(
                Invitation.partnership_id == partnership_id,
                Invitation.used_at.is_(None),
                Invitation.expires_at > at,
            )
            .scalar_subquery(),
            select(func.count())
            .where(Message.partnership_id == partnership_id, Message.state == MessageState.FAILED)
            .scalar_subquery(),
            select(func.count())
            .where(Agency.partnership_id == partnership_id, Agency.ended_on.is_(None), Agency.contact_email == "")
            .scalar_subquery(),
            select(func.count())
            .where(
                Message.partnership_id == partnership_id,
                Message.state == MessageState.KEPT,
                Message.created_at >= at - FORTNIGHT,
            )
            .scalar_subquery(),
            select(len(OtherRoute) - func.count())
            .where(
                RouteContact.partnership_id == partnership_id,
                RouteContact.contact_name != "",
                or_(RouteContact.contact_email != "", RouteContact.contact_phone != ""),
            )
            .scalar_subquery(),
        )
    ).one()
    return OfficeCounts(*row)
