"""Keeping how long a return took, where it is said before the return is submitted."""

from audit_app.accounts.rules import Viewer
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.returns import rules
from audit_app.returns.services.writing import return_to_write


def save_minutes(return_id: int, *, minutes_spent: int | None, by: Viewer) -> None:
    """Keep the time that a return took so far, or that nobody says.

    Raises:
        Refused: nothing can be saved now, or no return takes so long.
        NotHere: the return is not of the actor's agency.
    """
    found = return_to_write(return_id, by)
    if reason := rules.why_not_minutes(minutes_spent):
        raise Refused(reason)
    found.minutes_spent = minutes_spent
    db.session.flush()
