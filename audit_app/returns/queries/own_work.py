"""The returns that someone is named on as a practitioner or their manager, and the page of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import CaseState, Thing
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators.rules import Band
from audit_app.returns.models import AgencyReturn, PractitionerAnswer, Rating, ReturnPractitioner
from audit_app.returns.queries.practice import WHOLE
from audit_app.returns.rules import HANDED_OVER, PractitionerPart, Reply, ReturnState, Standing
from audit_app.rounds.models import Round, RoundLevel
from audit_app.rounds.rules import PractitionerAccess, RoundState

LISTED = 20

_ITS_RETURN = and_(
    AgencyReturn.partnership_id == ReturnPractitioner.partnership_id, AgencyReturn.id == ReturnPractitioner.return_id
)
_ITS_CASE = and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id)
_ITS_ROUND = and_(Round.partnership_id == AgencyReturn.partnership_id, Round.id == AgencyReturn.round_id)


@dataclass(frozen=True)
class OwnWork:
    """A return as someone named on it sees it. `is_readable`: it was submitted, and nothing blinds them to it."""

    named_id: int
    part: PractitionerPart
    return_id: int
    case_reference: str
    round_id: int
    round_title: str
    agency_id: int
    agency: str
    state: ReturnState
    case_state: CaseState
    is_released: bool
    access: PractitionerAccess
    worked_well: str
    to_improve: str
    is_readable: bool
    is_answered: bool

    @property
    def standing(self) -> Standing:
        return Standing(self.state, self.case_state, self.is_released)


def own_work(viewer: Viewer, reference: str, agency_id: int) -> OwnWork:
    """The return on a case that the viewer is named on.

    Raises:
        NotHere: they are not, the round does not open returns to practitioners, or it or the child was withdrawn.
    """
    query = _select(viewer).where(Case.reference == reference, AgencyReturn.agency_id == agency_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    return OwnWork(*row)


def named_returns(viewer: Viewer) -> Sequence[OwnWork]:
    """The returns that the viewer is named on, the newest first, at most 20."""
    # Sorted here: asked for an order, PostgreSQL walks everyone's namings by their ids.
    found = [OwnWork(*row) for row in db.session.execute(_select(viewer))]
    return sorted(found, key=lambda one: one.named_id, reverse=True)[:LISTED]


def _select(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    handed_over = AgencyReturn.state.in_(HANDED_OVER)
    is_named = is_named_on(viewer)
    answered = exists().where(
        PractitionerAnswer.named_id == ReturnPractitioner.id,
        PractitionerAnswer.words != "",
    )
    return (
        select(
            ReturnPractitioner.id,
            ReturnPractitioner.part,
            AgencyReturn.id,
            Case.reference,
            AgencyReturn.round_id,
            Round.title,
            AgencyReturn.agency_id,
            Agency.name,
            AgencyReturn.state,
            Case.state,
            Case.released_at.is_not(None),
            Round.practitioners,
            AgencyReturn.worked_well,
            AgencyReturn.to_improve,
            and_(handed_over, sees(viewer, Thing.NAMED_RETURN, handed_over=handed_over, named=is_named)),
            answered,
        )
        .select_from(ReturnPractitioner)
        .join(AgencyReturn, _ITS_RETURN)
        .join(Case, _ITS_CASE)
        .join(Round, _ITS_ROUND)
        .join(Agency, and_(Agency.partnership_id == AgencyReturn.partnership_id, Agency.id == AgencyReturn.agency_id))
        .where(
            ReturnPractitioner.partnership_id == viewer.partnership_id,
            is_named,
            Round.practitioners != PractitionerAccess.NOT_AT_ALL,
            Round.state != RoundState.WITHDRAWN,
            Case.state != CaseState.WITHDRAWN,
        )
    )


def is_named_on(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `ReturnPractitioner`, joined to its return, that the viewer is named there and still a
    practitioner of that agency."""
    return and_(
        ReturnPractitioner.person_id == viewer.id,
        ReturnPractitioner.ended_at.is_(None),
        AgencyReturn.agency_id.in_(viewer.agencies(Role.PRACTITIONER)),
    )


def access_of_round(partnership_id: int, round_id: int) -> PractitionerAccess:
    """What a round opens to practitioners.

    Raises:
        NotHere: there is no such round.
    """
    query = select(Round.practitioners).where(Round.partnership_id == partnership_id, Round.id == round_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotHere
    return found


def own_replies(partnership_id: int, named_id: int) -> Mapping[int, Reply]:
    """What someone named on a return answered so far, by indicator (WHOLE: to the whole)."""
    query = select(PractitionerAnswer.indicator_id, PractitionerAnswer.words, PractitionerAnswer.version).where(
        PractitionerAnswer.partnership_id == partnership_id, PractitionerAnswer.named_id == named_id
    )
    return {indicator or WHOLE: Reply(words, version) for indicator, words, version in db.session.execute(query)}


def bands_of_return(partnership_id: int, return_id: int) -> Mapping[int, Band | None]:
    """The band of the level of each rating of a return, None for one that is no level."""
    query = (
        select(Rating.indicator_id, RoundLevel.band)
        .outerjoin(RoundLevel, and_(RoundLevel.partnership_id == partnership_id, RoundLevel.id == Rating.level_id))
        .where(Rating.partnership_id == partnership_id, Rating.return_id == return_id)
    )
    return dict(db.session.execute(query).all())
