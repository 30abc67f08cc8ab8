"""What the page of one case shows besides the case: its returns' states and what was agreed, as far as one may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, false, func, not_, select, true
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.core.db import db
from audit_app.history.models import HistoryEvent
from audit_app.indicators.rules import may_see_drafts
from audit_app.panels.models import AgreedRating, PanelItem
from audit_app.panels.rules import OVERALL
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import HANDED_OVER, AnswerKind, ReturnState
from audit_app.rounds.models import Round, RoundIndicator, RoundLevel


@dataclass(frozen=True)
class ReturnLine:
    """One agency's return on a case: where it is, and whether the viewer may open it."""

    agency_id: int
    agency: str
    state: ReturnState
    due_on: date
    submitted_at: datetime | None
    may_open: bool
    on_behalf_of: str  # a practice or school, where the agency answers for one


def returns_of_case(viewer: Viewer, case_id: int) -> Sequence[ReturnLine]:
    """Where each agency's return on a case is. Nothing of what is in them.

    An auditor who sees no other agency's return is told of their own agency's alone. Those who run or check the round
    may open every return of a case they see: its own page keeps what is in it until they may read that.
    """
    handed_over = AgencyReturn.state.in_(HANDED_OVER)
    own = AgencyReturn.agency_id.in_(viewer.agencies(Role.AUDITOR))
    knows_of = sees(viewer, Thing.CASE) if viewer.has(Role.COORDINATOR, Role.SCRUTINEER) else false()
    query = (
        select(
            AgencyReturn.agency_id,
            Agency.name,
            AgencyReturn.state,
            AgencyReturn.due_on,
            AgencyReturn.submitted_at,
            sees(viewer, Thing.OTHER_RETURN, handed_over=handed_over) | own | knows_of,
            AgencyReturn.on_behalf_of,
        )
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .join(Agency, (Agency.partnership_id == AgencyReturn.partnership_id) & (Agency.id == AgencyReturn.agency_id))
        .where(AgencyReturn.partnership_id == viewer.partnership_id, AgencyReturn.case_id == case_id)
        .order_by(Agency.name)
    )
    lines = [ReturnLine(*row) for row in db.session.execute(query)]
    if viewer.has(Role.COORDINATOR, Role.SCRUTINEER):
        return lines
    return [line for line in lines if line.may_open]


def may_be_told(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `HistoryEvent` that a viewer may read a deed: none about a case that they are blind to.

    Why a return was sent back, closed or not made says much of what is in it.
    """
    whole = sees(viewer, Thing.OTHER_RETURN, handed_over=true())
    blind_to_it = (
        select(Case.id)
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .where(Case.partnership_id == HistoryEvent.partnership_id, Case.id == HistoryEvent.case_id, not_(whole))
    )
    return not_(exists(blind_to_it))


def may_know_of_drafts(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `HistoryEvent` that a viewer may read a deed: none on a draft of a template they do not see."""
    if may_see_drafts(viewer.roles):
        return true()
    return not_(HistoryEvent.event.startswith("template_")) | (HistoryEvent.event == "template_published")


@dataclass(frozen=True)
class AgreedLine:
    """What was agreed on one indicator of a case."""

    code: str
    title: str
    agency: str
    answer: AnswerKind
    level: str
    letter: str
    rank: int | None
    band: str
    levels: int  # how many the scale has
    reason: str


def agreed_of_case(viewer: Viewer, case_id: int) -> Sequence[AgreedLine]:
    """What was agreed on a case, in the order of the template; empty for those who may not see it yet."""
    of_scale = aliased(RoundLevel)
    levels = select(func.count()).where(of_scale.round_id == AgreedRating.round_id).scalar_subquery()
    query = (
        select(
            func.coalesce(RoundIndicator.code, OVERALL.code).label("code"),
            func.coalesce(RoundIndicator.title, OVERALL.title).label("title"),
            Agency.short_name,
            AgreedRating.answer,
            RoundLevel.words,
            RoundLevel.letter,
            RoundLevel.rank,
            RoundLevel.band,
            levels.label("levels"),
            AgreedRating.reason,
        )
        .select_from(AgreedRating)
        .join(
            PanelItem,
            (PanelItem.partnership_id == AgreedRating.partnership_id) & (PanelItem.id == AgreedRating.item_id),
        )
        .join(Case, (Case.partnership_id == PanelItem.partnership_id) & (Case.id == PanelItem.case_id))
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .outerjoin(RoundIndicator, RoundIndicator.id == AgreedRating.indicator_id)
        .outerjoin(RoundLevel, RoundLevel.id == AgreedRating.level_id)
        .outerjoin(Agency, (Agency.partnership_id == PanelItem.partnership_id) & (Agency.id == PanelItem.agency_id))
        .where(
            AgreedRating.partnership_id == viewer.partnership_id,
            PanelItem.case_id == case_id,
            AgreedRating.is_current,
            sees(viewer, Thing.AGREED_RATINGS),
        )
        .order_by(func.coalesce(RoundIndicator.position, OVERALL.position), Agency.short_name)
    )
    return [
        AgreedLine(
            code=row.code,
            title=row.title,
            agency=row.short_name or "",
            answer=row.answer,
            level=row.words or "",
            letter=row.letter or "",
            rank=row.rank,
            band=row.band or "",
            levels=row.levels,
            reason=row.reason,
        )
        for row in db.session.execute(query)
    ]
