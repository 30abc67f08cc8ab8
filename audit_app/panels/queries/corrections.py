"""Reads of what agencies asked to correct, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import NotHere
from audit_app.panels.models import AccuracyRequest, Panel, PanelCase, PanelItem
from audit_app.panels.queries.moderation import item_named
from audit_app.panels.rules import CHECKS_FOR, CorrectionState
from audit_app.rounds.models import Round, RoundIndicator


@dataclass(frozen=True)
class CorrectionRow:
    """What an agency asked to correct and what was done. Without `item_id` it is about the outcome of the case."""

    id: int
    case_id: int
    case_reference: str
    agency_id: int
    agency: str
    item_id: int | None
    about: str
    what_is_wrong: str
    what_is_right: str
    where_on_file: str
    state: CorrectionState
    asked_at: datetime
    asked_by_id: int
    asked_by: str
    response: str
    decided_at: datetime | None
    decided_by: str
    outcome: str
    outcome_version: int
    outcome_before: str
    chair_id: int | None
    is_rated_anew: bool


def corrections(
    viewer: Viewer, round_id: int, *, agency_id: int | None = None, request_id: int | None = None
) -> Sequence[CorrectionRow]:
    """What agencies asked to correct in a round, undecided ones first, as far as a viewer may read it. One query.

    All of it for the coordinator and the scrutineer; a chair reads what is about the cases of their panels, those who
    check facts for an agency what it asked.
    """
    item_agency, decider = aliased(Agency), aliased(Person)
    query: Select[*tuple[Any, ...]] = (
        select(
            AccuracyRequest,
            Case.reference,
            Case.outcome,
            Case.outcome_version,
            Agency.name,
            RoundIndicator,
            item_agency.name,
            Person.name,
            decider.name,
            Panel.chair_id,
        )
        .join(Case, and_(Case.partnership_id == AccuracyRequest.partnership_id, Case.id == AccuracyRequest.case_id))
        .join(
            Agency,
            and_(Agency.partnership_id == AccuracyRequest.partnership_id, Agency.id == AccuracyRequest.agency_id),
        )
        .join(Person, Person.id == AccuracyRequest.asked_by_id)
        .outerjoin(decider, decider.id == AccuracyRequest.decided_by_id)
        .outerjoin(
            PanelItem,
            and_(PanelItem.partnership_id == AccuracyRequest.partnership_id, PanelItem.id == AccuracyRequest.item_id),
        )
        .outerjoin(RoundIndicator, RoundIndicator.id == PanelItem.indicator_id)
        .outerjoin(
            item_agency,
            and_(item_agency.partnership_id == PanelItem.partnership_id, item_agency.id == PanelItem.agency_id),
        )
        .outerjoin(
            PanelCase,
            and_(PanelCase.partnership_id == AccuracyRequest.partnership_id, PanelCase.case_id == Case.id),
        )
        .outerjoin(Panel, Panel.id == PanelCase.panel_id)
        .where(
            AccuracyRequest.partnership_id == viewer.partnership_id,
            AccuracyRequest.round_id == round_id,
            _reads_request(viewer),
        )
        .order_by(AccuracyRequest.state != CorrectionState.ASKED, AccuracyRequest.id.desc())
        .execution_options(populate_existing=True)
    )
    if agency_id is not None:
        query = query.where(AccuracyRequest.agency_id == agency_id)
    if request_id is not None:
        query = query.where(AccuracyRequest.id == request_id)
    return [_correction(*row) for row in db.session.execute(query)]


def _reads_request(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.has(Role.COORDINATOR, Role.SCRUTINEER):
        return true()
    own = AccuracyRequest.agency_id.in_(viewer.agencies(*CHECKS_FOR))
    return or_(own, Panel.chair_id == viewer.id) if viewer.has(Role.PANEL_CHAIR) else own


def _correction(
    row: AccuracyRequest,
    reference: str,
    outcome: str,
    outcome_version: int,
    agency: str,
    indicator: RoundIndicator | None,
    item_agency: str | None,
    asked_by: str,
    decided_by: str | None,
    chair_id: int | None,
) -> CorrectionRow:
    return CorrectionRow(
        id=row.id,
        case_id=row.case_id,
        case_reference=reference,
        agency_id=row.agency_id,
        agency=agency,
        item_id=row.item_id,
        about="What the panel learned" if row.item_id is None else item_named(indicator, item_agency),
        what_is_wrong=row.what_is_wrong,
        what_is_right=row.what_is_right,
        where_on_file=row.where_on_file,
        state=row.state,
        asked_at=row.asked_at,
        asked_by_id=row.asked_by_id,
        asked_by=asked_by,
        response=row.response,
        decided_at=row.decided_at,
        decided_by=decided_by or "",
        outcome=outcome,
        outcome_version=outcome_version,
        outcome_before=row.outcome_before,
        chair_id=chair_id,
        is_rated_anew=row.agreed_rating_id is not None,
    )


def round_of_request(partnership_id: int, request_id: int) -> str:
    """The reference of the round in which an agency asked to correct something.

    Raises:
        NotHere: there is no such request in the partnership.
    """
    query = (
        select(Round.reference)
        .join(
            AccuracyRequest,
            and_(AccuracyRequest.partnership_id == Round.partnership_id, AccuracyRequest.round_id == Round.id),
        )
        .where(AccuracyRequest.partnership_id == partnership_id, AccuracyRequest.id == request_id)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotHere
    return found


def request_for_change(partnership_id: int, request_id: int) -> AccuracyRequest:
    """What an agency asked to correct, locked for the deed that is under way.

    Raises:
        NotHere: there is none of that id in the partnership.
    """
    return row_for_change(
        select(AccuracyRequest).where(
            AccuracyRequest.partnership_id == partnership_id, AccuracyRequest.id == request_id
        )
    )
