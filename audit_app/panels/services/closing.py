"""Closing a published round. What is still open for one of its children needs somebody's reason, by name."""

from audit_app.accounts.rules import Role, Viewer
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.rounds import queries as rounds
from audit_app.rounds import services as round_services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState


def close_round(round_id: int, *, reason: str, by: Viewer) -> Round:
    """Close a published round: no action about its children is raised or sent back any more. Those that are open stay
    so and are chased on, each with the reason and the name of whoever closed the round over it.

    Raises:
        NotHere: no such round, or the actor is no coordinator.
        Refused: it is not published, or an action about a child is open and no reason is given (`field`).
    """
    if not by.has(Role.COORDINATOR):
        raise NotHere
    found = rounds.round_for_change(by.partnership_id, round_id)
    if refusal := rules.why_not_close(found.state):
        raise Refused(refusal)
    still_open = queries.open_case_actions_for_change(by.partnership_id, round_id)
    if gap := rules.gap_in_closing(len(still_open), reason):
        raise Refused(*gap)
    for action in still_open:
        action.left_open_reason, action.left_open_by_name = reason, by.name
        record("case_action_left_open", by=by, of=action)
    return round_services.move_round(round_id, to=RoundState.CLOSED, by=by)
