"""The blueprint of the pages on cases, and who may come upon something that somebody must be told."""

from audit_app.accounts.access import partnership_blueprint
from audit_app.accounts.rules import Viewer
from audit_app.cases import queries, rules

blueprint = partnership_blueprint("cases", __name__)

TAKE_PART = (*rules.TAKES_PART_IN_EVERY_ROUND, *rules.TAKES_PART_FOR_AN_AGENCY)


def may_raise(viewer: Viewer, case_id: int) -> bool:
    """Whether a page about a case, read for whatever reason, can offer to raise a concern."""
    return viewer.has(*TAKE_PART) and queries.may_raise_concern(viewer, case_id)
