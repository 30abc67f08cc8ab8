"""The guard of every deed that writes into a return."""

from audit_app.accounts.rules import Role, Viewer
from audit_app.core.errors import NotHere, Refused
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn


def return_to_write(return_id: int, by: Viewer) -> AgencyReturn:
    """A return, locked, into which the actor may write.

    Raises:
        Refused: nothing can be saved in it now.
        NotHere: the return is not of the actor's agency.
    """
    found, standing = queries.return_for_change(by.partnership_id, return_id)
    if found.agency_id not in by.agencies(Role.AUDITOR):
        raise NotHere
    if reason := rules.why_not_rate(standing, terms=by.terms):
        raise Refused(reason)
    return found
