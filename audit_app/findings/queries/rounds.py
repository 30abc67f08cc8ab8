"""The round that someone reads counts or findings of."""

from audit_app.accounts.rules import Viewer
from audit_app.core.errors import Refused
from audit_app.findings import rules
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round
from audit_app.rounds.rules import COUNTED, RoundState


def round_to_read(viewer: Viewer, reference: str) -> Round:
    """A round of which the viewer sees counts and findings.

    Raises:
        NotHere: there is none of that reference for this viewer.
        Refused: it is not counted yet, or not published for a viewer who waits for that.
    """
    found = rounds.round_seen_by(viewer, reference)
    if reason := rules.why_not_count(found.state, viewer.roles):
        raise Refused(reason)
    return found


def round_to_look_behind(viewer: Viewer, reference: str) -> Round:
    """A round that is counted, for those who see cases of it.

    Raises:
        NotHere: there is none of that reference for this viewer.
        Refused: it is not counted yet.
    """
    found = rounds.round_seen_by(viewer, reference)
    if found.state not in COUNTED:
        raise Refused(rules.not_counted_yet(found.state))
    return found


def round_to_write(partnership_id: int, reference: str) -> Round:
    """A round whose findings are written, or were until it was published or withdrawn.

    Of a withdrawn round nothing is counted either; but somebody may have been writing when it was withdrawn, and what
    they send must find its form.

    Raises:
        NotHere: the partnership has no such round.
        Refused: it is not counted yet, or was withdrawn before it had questions: there is nothing to write on.
    """
    found = rounds.round_by_reference(partnership_id, reference)
    was_withdrawn = found.state is RoundState.WITHDRAWN and found.opened_at is not None
    if found.state not in COUNTED and not was_withdrawn:
        raise Refused(rules.not_counted_yet(found.state))
    return found
