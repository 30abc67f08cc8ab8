"""Who acts in a return: its agency's auditor, or a coordinator for an agency that does not sign in."""

from datetime import datetime

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.returns import queries
from audit_app.returns.models import AgencyReturn, StandIn
from audit_app.returns.rules import ReturnState
from audit_app.returns.rules import workbooks as rules
from audit_app.returns.rules.workbooks import StoodInTo
from audit_app.returns.services.answering import submit_return


def acting_for(agency_id: int, return_id: int, by: Viewer) -> Viewer:
    """The actor as the deeds of a return know them: themselves, or a coordinator in the place of the auditor.

    Raises:
        NotHere: neither an auditor of the agency, nor a coordinator without a part in the case.
        Refused: a coordinator, of a return that the agency began itself.
    """
    if agency_id in by.agencies(Role.AUDITOR):
        return by
    if not queries.may_stand_in(by, return_id):
        raise NotHere
    if queries.has_agency_begun(by.partnership_id, return_id):
        raise Refused(rules.AGENCY_HAS_BEGUN)
    return rules.standing_in(by, agency_id)


def note_stand_in(found: AgencyReturn, deed: StoodInTo, *, by: Viewer, at: datetime) -> str:
    """Keep that a coordinator did this for the agency. Gives the agency's name, for the history."""
    db.session.add(
        StandIn(
            partnership_id=found.partnership_id,
            return_id=found.id,
            deed=deed,
            words_version=found.version,
            at=at,
            by_id=by.id,
            by_name=by.name,
        )
    )
    return db.session.get_one(Agency, found.agency_id).name


def submit_for_agency(
    return_id: int,
    *,
    is_declared: bool,
    are_not_names: bool = False,
    minutes_spent: int | None = None,
    minutes_seen: int | None = None,
    by: Viewer,
    at: datetime,
) -> AgencyReturn:
    """Submit a return on behalf of an agency that does not sign in. Who did it is kept with it, and that they declared
    it to be as the agency sent it.

    Raises:
        Refused: as `submit_return`, or the agency began the return itself.
        NotHere: the actor is no coordinator without a part in the case, or is an auditor of the agency, who submits it
            as their own.
    """
    found, _, _ = queries.return_and_case_for_change(by.partnership_id, return_id)
    acting = acting_for(found.agency_id, return_id, by)
    if acting is by:
        raise NotHere
    was_submitted = found.state is ReturnState.SUBMITTED
    submit_return(
        return_id,
        is_declared=is_declared,
        are_not_names=are_not_names,
        minutes_spent=minutes_spent,
        minutes_seen=minutes_seen,
        declaration=rules.DECLARATION_FOR_AGENCY,
        by=acting,
        at=at,
    )
    if was_submitted:  # the same person's second press
        return found
    agency = note_stand_in(found, StoodInTo.SUBMIT, by=by, at=at)
    record("return_submitted_for_agency", by=by, of=found, agency=agency)
    db.session.flush()
    return found
