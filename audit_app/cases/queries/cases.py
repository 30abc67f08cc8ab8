"""Reads of cases."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, select, true

from audit_app.accounts.models import Area
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries.sight import sees
from audit_app.cases.rules import TAKES_PART_FOR_AN_AGENCY, TAKES_PART_IN_EVERY_ROUND, CaseState, Thing
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import NotHere
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.rounds.models import Round, RoundAgency
from audit_app.rounds.queries import has_released


@dataclass(frozen=True)
class CaseRow:
    """A case as lists and captions show it."""

    id: int
    reference: str
    round_id: int
    round_reference: str
    round_title: str
    state: CaseState
    plan_status: PlanStatus
    age_band: AgeBand
    area: str
    stratum: str
    summary: str
    summary_version: int
    is_released: bool
    is_agreed: bool
    withdrawn_reason: str
    replaces: int | None


@has_released
def is_any_released() -> ColumnElement[bool]:
    """The condition on `Round` that a case of it was released to its panel."""
    mine = (Case.partnership_id == Round.partnership_id, Case.round_id == Round.id)
    return exists(select(Case.id).where(*mine, Case.released_at.is_not(None)).correlate(Round))


def visible_cases(viewer: Viewer) -> Select[int]:
    """The ids of the cases that a viewer may know of, as a select to join or to filter by."""
    return (
        select(Case.id)
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .where(Case.partnership_id == viewer.partnership_id, sees(viewer, Thing.CASE))
    )


def case_by_reference(viewer: Viewer, reference: str) -> CaseRow:
    """One case that the viewer may know of.

    Raises:
        NotHere: there is none of that reference for this viewer.
    """
    rows = _rows(_select(viewer.partnership_id).where(Case.reference == reference, sees(viewer, Thing.CASE)))
    if not rows:
        raise NotHere
    return rows[0]


def case_for_concern(viewer: Viewer, reference: str) -> CaseRow:
    """One case, for raising a concern about it at any time, whether or not the viewer may see it yet.

    Raises:
        NotHere: there is none of that reference, or the viewer's agency takes no part in its round.
    """
    rows = _rows(_select(viewer.partnership_id).where(Case.reference == reference, _takes_part(viewer)))
    if not rows:
        raise NotHere
    return rows[0]


def may_raise_concern(viewer: Viewer, case_id: int) -> bool:
    """Whether the viewer takes part in the round of a case, and so may raise a concern about it at any time."""
    query = select(Case.id).where(Case.partnership_id == viewer.partnership_id, Case.id == case_id, _takes_part(viewer))
    return db.session.scalar(query) is not None


def may_know_of(viewer: Viewer, case_id: int) -> bool:
    """Whether the viewer may open the page of a case: a concern can be raised before that."""
    return db.session.scalar(visible_cases(viewer).where(Case.id == case_id)) is not None


def _takes_part(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.has(*TAKES_PART_IN_EVERY_ROUND):
        return true()
    return exists().where(
        RoundAgency.partnership_id == Case.partnership_id,
        RoundAgency.round_id == Case.round_id,
        RoundAgency.agency_id.in_(viewer.agencies(*TAKES_PART_FOR_AN_AGENCY)),
    )


def cases_of_round(viewer: Viewer, round_id: int) -> Sequence[CaseRow]:
    """The cases of a round that a viewer may know of, in the order of the sample."""
    query = _select(viewer.partnership_id).where(Case.round_id == round_id, sees(viewer, Thing.CASE))
    return _rows(query.order_by(Case.position))


def case_for_change(partnership_id: int, case_id: int) -> Case:
    """One case, locked for the deed that is under way.

    Raises:
        NotHere: there is none of that id in the partnership.
    """
    return row_for_change(select(Case).where(Case.partnership_id == partnership_id, Case.id == case_id))


def round_of_case(partnership_id: int, case_id: int) -> int:
    """The id of the round of a case, for deeds that lock the round first.

    Raises:
        NotHere: there is no case of that id in the partnership.
    """
    found = db.session.scalar(select(Case.round_id).where(Case.partnership_id == partnership_id, Case.id == case_id))
    if found is None:
        raise NotHere
    return found


def last_position(partnership_id: int, round_id: int) -> int:
    """The place of the last case of a round's sample, withdrawn ones included; 0 where there is none."""
    query = select(func.max(Case.position)).where(Case.partnership_id == partnership_id, Case.round_id == round_id)
    return db.session.scalar(query) or 0


def _select(partnership_id: int) -> Select[Case, str, str, str | None]:
    return (
        select(Case, Round.reference, Round.title, Area.name)
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .outerjoin(Area, (Area.partnership_id == Case.partnership_id) & (Area.id == Case.area_id))
        .where(Case.partnership_id == partnership_id)
    )


def _rows(query: Select[Case, str, str, str | None]) -> list[CaseRow]:
    return [
        CaseRow(
            id=case.id,
            reference=case.reference,
            round_id=case.round_id,
            round_reference=round_reference,
            round_title=round_title,
            state=case.state,
            plan_status=case.plan_status,
            age_band=case.age_band,
            area=area or "",
            stratum=case.stratum,
            summary=case.summary,
            summary_version=case.summary_version,
            is_released=case.released_at is not None,
            is_agreed=case.agreed_at is not None,
            withdrawn_reason=case.withdrawn_reason,
            replaces=case.replaces_id,
        )
        for case, round_reference, round_title, area in db.session.execute(query)
    ]
