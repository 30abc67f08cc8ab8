"""One return: for the page of those who may see it, and locked for a deed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import AgencyKind, Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import CaseState, Thing
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.returns.models import AgencyReturn, Discussion, ReturnVersion
from audit_app.returns.queries.versions import reads_versions
from audit_app.returns.rules import (
    EDITABLE,
    HANDED_OVER,
    OVERALL_WORDS,
    Overall,
    OwnPart,
    ReturnState,
    ShouldHaveKnown,
    Standing,
    named,
)
from audit_app.rounds.models import Round
from audit_app.rounds.rules import PractitionerAccess, RoundState


@dataclass(frozen=True)
class ReturnShown:
    """A return as its pages show it.

    `is_readable` says whether this viewer may read its ratings and words, and `reads_versions` what was submitted and
    sent back before; `is_told` whether they read why it was not made, or why it was asked again. Who has the right file
    open, and what part they had, is there for those who read the return.
    """

    id: int
    case_id: int
    case_reference: str
    case_state: CaseState
    is_released: bool
    round_id: int
    round_reference: str
    round_title: str
    round_state: RoundState
    look_back_months: int | None
    agency_id: int
    agency: str
    agency_short: str
    agency_kind: AgencyKind
    state: ReturnState
    reason: str
    due_on: date
    overall: Overall
    version: int
    submitted_at: datetime | None
    submitted_by: str
    declaration: str
    is_own: bool
    is_readable: bool
    reads_versions: bool
    on_behalf_of: str
    should_have_known: ShouldHaveKnown | None
    asked_again: str
    asked_again_at: datetime | None
    is_told: bool
    is_file_confirmed: bool
    file_confirmed_at: datetime | None
    file_confirmed_by: str
    file_confirmed_by_id: int | None
    own_part: OwnPart | None
    own_part_words: str
    minutes_spent: int | None
    practitioners: PractitionerAccess
    has_discussion: bool

    @property
    def standing(self) -> Standing:
        return Standing(
            self.state,
            self.case_state,
            self.is_released,
            is_round_withdrawn=self.round_state is RoundState.WITHDRAWN,
            is_file_confirmed=self.is_file_confirmed,
        )

    @property
    def named(self) -> str:
        """Who answers: the agency, for itself or on behalf of a practice or a school."""
        return named(self.agency, self.on_behalf_of)

    @property
    def awaits_file(self) -> bool:
        """Whether the next thing that its own agency does is to find the right file."""
        return self.is_own and self.state in EDITABLE and not self.is_file_confirmed


def own_return(viewer: Viewer, reference: str, agency_id: int) -> ReturnShown:
    """The return on a case that the viewer's own agency is asked for.

    Raises:
        NotHere: the viewer does not audit for that agency, or it was not asked about that case.
    """
    if agency_id not in viewer.agencies(Role.AUDITOR):
        raise NotHere
    return _shown(viewer, reference, agency_id, sees(viewer, Thing.OWN_RETURN), is_readable=true(), versions=true())


def own_return_id(viewer: Viewer, reference: str, agency_id: int) -> int:
    """The id of that return alone, for a deed, which looks for itself at where the return stands.

    Raises:
        NotHere: as `own_return`.
    """
    if agency_id not in viewer.agencies(Role.AUDITOR):
        raise NotHere
    asked = {"partnership": viewer.partnership_id, "agency": agency_id, "reference": reference}
    found = db.session.scalar(_OWN_RETURN_ID, asked)
    if found is None:
        raise NotHere
    return found


_PARTNERSHIP = bindparam("partnership", type_=Integer())
# Every save asks these two. Built once, since building them takes longer than answering them.
_OWN_RETURN_ID = (
    select(AgencyReturn.id)
    .join(Case, Case.id == AgencyReturn.case_id)
    .where(
        AgencyReturn.partnership_id == _PARTNERSHIP,
        AgencyReturn.agency_id == bindparam("agency"),
        Case.partnership_id == _PARTNERSHIP,
        Case.reference == bindparam("reference"),
    )
)
_RETURN_FOR_CHANGE = (
    select(AgencyReturn, Case.state, Case.released_at, Round.state.label("round_state"))
    .join(Case, Case.id == AgencyReturn.case_id)
    .join(Round, Round.id == AgencyReturn.round_id)
    .where(AgencyReturn.partnership_id == _PARTNERSHIP, AgencyReturn.id == bindparam("its_return"))
    .with_for_update(of=AgencyReturn)
    .execution_options(populate_existing=True)
)


_HAS_DISCUSSION = exists().where(Discussion.return_id == AgencyReturn.id)


def return_shown(viewer: Viewer, reference: str, agency_id: int) -> ReturnShown:
    """A return that the viewer may know of: their agency's, one they may read, or for those who run or check the
    round any return of a case they see.

    Raises:
        NotHere: there is none for this viewer.
    """
    if agency_id in viewer.agencies(Role.AUDITOR):
        return own_return(viewer, reference, agency_id)
    readable = reads(viewer)
    knows_of = sees(viewer, Thing.CASE) if viewer.has(Role.COORDINATOR, Role.SCRUTINEER) else false()
    versions = reads_versions(viewer)
    return _shown(viewer, reference, agency_id, or_(knows_of, readable), is_readable=readable, versions=versions)


def return_with_versions(viewer: Viewer, reference: str, agency_id: int) -> ReturnShown:
    """A return whose versions the viewer may read: their agency's, or as `reads_versions` says.

    Raises:
        NotHere: there is none for this viewer.
    """
    if agency_id in viewer.agencies(Role.AUDITOR):
        return own_return(viewer, reference, agency_id)
    allowed = reads_versions(viewer)
    return _shown(viewer, reference, agency_id, allowed, is_readable=allowed, versions=allowed)


def return_seen_when(
    viewer: Viewer, reference: str, agency_id: int, allowed: ColumnElement[bool], *, is_readable: ColumnElement[bool]
) -> ReturnShown:
    """A return that a viewer sees under a condition of the caller's.

    Raises:
        NotHere: there is none for this viewer.
    """
    versions = reads_versions(viewer)
    return _shown(viewer, reference, agency_id, allowed, is_readable=is_readable, versions=versions)


def reads(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a viewer reads the ratings and words of a return of an agency that is not theirs."""
    handed_over = AgencyReturn.state.in_(HANDED_OVER)
    allowed = sees(viewer, Thing.OTHER_RETURN, handed_over=handed_over)
    if viewer.has(Role.COORDINATOR, Role.SCRUTINEER):
        return allowed
    return and_(allowed, handed_over, Round.is_showing_returns_when_agreed)


def _is_told(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a viewer reads why a return was not made or closed: not while they are blind to it."""
    return sees(viewer, Thing.OTHER_RETURN, handed_over=true())


def is_readable_by(viewer: Viewer, return_id: int) -> bool:
    """Whether a viewer reads the ratings of a return of an agency that is not theirs."""
    return _is_so(viewer, return_id, reads(viewer))


def is_told_of(viewer: Viewer, return_id: int) -> bool:
    """Whether a viewer reads why a return of an agency that is not theirs was not made."""
    return _is_so(viewer, return_id, _is_told(viewer))


def _is_so(viewer: Viewer, return_id: int, condition: ColumnElement[bool]) -> bool:
    query = (
        select(AgencyReturn.id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Round, Round.id == AgencyReturn.round_id)
        .where(AgencyReturn.partnership_id == viewer.partnership_id, AgencyReturn.id == return_id, condition)
    )
    return db.session.scalar(query) is not None


def _shown(
    viewer: Viewer,
    reference: str,
    agency_id: int,
    allowed: ColumnElement[bool],
    *,
    is_readable: ColumnElement[bool],
    versions: ColumnElement[bool],
) -> ReturnShown:
    confirmed_by = aliased(Person)
    query = (
        select(
            AgencyReturn,
            Case.reference,
            Case.state.label("case_state"),
            Case.released_at,
            Round.reference.label("round_reference"),
            Round.title,
            Round.state.label("round_state"),
            Round.look_back_months,
            Round.practitioners,
            _HAS_DISCUSSION.label("has_discussion"),
            Agency.name.label("agency"),
            Agency.short_name,
            Agency.kind,
            Person.name.label("submitted_by"),
            confirmed_by.name.label("confirmed_by"),
            is_readable.label("is_readable"),
            versions.label("reads_versions"),
            _is_told(viewer).label("is_told"),
        )
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .outerjoin(Person, Person.id == AgencyReturn.submitted_by_id)
        .outerjoin(confirmed_by, confirmed_by.id == AgencyReturn.file_confirmed_by_id)
        .where(
            Case.partnership_id == viewer.partnership_id,
            Case.reference == reference,
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.agency_id == agency_id,
            allowed,
        )
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    return _as_shown(row, is_own=agency_id in viewer.agencies(Role.AUDITOR))


def overall_of(found: AgencyReturn | ReturnVersion) -> Overall:
    """What a return, or a version of one, says over all."""
    return Overall(**{name: getattr(found, name) for name in OVERALL_WORDS})


def _as_shown(row: Any, *, is_own: bool) -> ReturnShown:
    found: AgencyReturn = row.AgencyReturn
    is_told = is_own or bool(row.is_told)
    is_read = is_own or (bool(row.is_readable) and found.state in HANDED_OVER)
    return ReturnShown(
        id=found.id,
        case_id=found.case_id,
        case_reference=row.reference,
        case_state=row.case_state,
        is_released=row.released_at is not None,
        round_id=found.round_id,
        round_reference=row.round_reference,
        round_title=row.title,
        round_state=row.round_state,
        look_back_months=row.look_back_months,
        agency_id=found.agency_id,
        agency=row.agency,
        agency_short=row.short_name,
        agency_kind=row.kind,
        state=found.state,
        reason=found.reason if is_told else "",
        due_on=found.due_on,
        overall=overall_of(found),
        version=found.version,
        submitted_at=found.submitted_at,
        submitted_by=row.submitted_by or "",
        declaration=found.declaration,
        is_own=is_own,
        is_readable=bool(row.is_readable),
        reads_versions=bool(row.reads_versions),
        on_behalf_of=found.on_behalf_of,
        should_have_known=found.should_have_known if is_told else None,
        asked_again=found.asked_again if is_told else "",
        asked_again_at=found.asked_again_at if is_told else None,
        is_told=is_told,
        is_file_confirmed=found.file_confirmed_at is not None,
        file_confirmed_at=found.file_confirmed_at if is_read else None,
        file_confirmed_by=(row.confirmed_by or "") if is_read else "",
        file_confirmed_by_id=found.file_confirmed_by_id if is_read else None,
        own_part=found.own_part if is_read else None,
        own_part_words=found.own_part_words if is_read else "",
        minutes_spent=found.minutes_spent if is_read else None,
        practitioners=row.practitioners,
        has_discussion=bool(row.has_discussion),
    )


def return_for_change(partnership_id: int, return_id: int) -> tuple[AgencyReturn, Standing]:
    """A return, locked for a deed that changes what is in it, and where it stands.

    Raises:
        NotHere: the partnership has no such return.
    """
    asked = {"partnership": partnership_id, "its_return": return_id}
    row = db.session.execute(_RETURN_FOR_CHANGE, asked).one_or_none()
    if row is None:
        raise NotHere
    found: AgencyReturn = row.AgencyReturn
    return found, Standing(
        found.state,
        row.state,
        row.released_at is not None,
        is_round_withdrawn=row.round_state is RoundState.WITHDRAWN,
        is_file_confirmed=found.file_confirmed_at is not None,
    )


def return_and_case_for_change(partnership_id: int, return_id: int) -> tuple[AgencyReturn, Case, Standing]:
    """A return for a deed that moves it on. Its case is locked first: a release reads all returns of a locked case.

    Raises:
        NotHere: the partnership has no such return.
    """
    query = (
        select(Case)
        .join(AgencyReturn, AgencyReturn.case_id == Case.id)
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    )
    case = db.session.scalars(query).one_or_none()
    if case is None:
        raise NotHere
    found, standing = return_for_change(partnership_id, return_id)
    return found, case, standing
