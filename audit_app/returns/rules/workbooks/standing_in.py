"""A coordinator who fills in a return for an agency that does not sign in."""

from dataclasses import replace
from enum import StrEnum

from audit_app.accounts.rules import Part, Role, Viewer
from audit_app.returns.rules.states import EDITABLE, Standing, why_not_ask_known, why_not_confirm_file

AGENCY_HAS_BEGUN = (
    "The agency has begun this return itself, so it is theirs until they submit it. Ask them to load their "
    "spreadsheet, or to finish on screen."
)


DECLARATION_FOR_AGENCY = (
    "This return is as the agency sent it to me: I have changed nothing in it. The agency told me that it has read its "
    "file on this child, that what the return says is its own judgement and rests on what the file shows, and that it "
    "names nobody: no child, family member or worker."
)
"""What a coordinator ticks who submits a return on behalf of its agency. It is kept as the other one is."""


class StoodInTo(StrEnum):
    """What a coordinator did with a return on behalf of its agency."""

    LOAD = "load"
    SUBMIT = "submit"


def standing_in(viewer: Viewer, agency_id: int) -> Viewer:
    """A coordinator with the part of an agency's auditor, for one deed. Who did it stays who it is."""
    return replace(viewer, parts=(*viewer.parts, Part(Role.AUDITOR, agency_id)))


def why_not_load(standing: Standing, viewer: Viewer) -> str | None:
    """The reason a return can take nothing from a file now, or None."""
    if standing.state in EDITABLE:
        return why_not_confirm_file(standing, terms=viewer.terms)
    return why_not_ask_known(standing, terms=viewer.terms)
