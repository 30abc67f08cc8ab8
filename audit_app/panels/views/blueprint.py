"""The blueprint of all pages of panels, and who they are for."""

from flask import request

from audit_app.accounts.access import partnership_blueprint
from audit_app.cases.rules import CaseState
from audit_app.panels.rules import SITTING

blueprint = partnership_blueprint("panels", __name__)

SITS = SITTING
"""The roles with which people sit on panels."""

CASE_COLOURS = {
    CaseState.SAMPLED: "grey",
    CaseState.WITH_AGENCIES: "blue",
    CaseState.AT_PANEL: "purple",
    CaseState.AGREED: "green",
    CaseState.WITHDRAWN: "red",
    CaseState.PAUSED: "orange",
}

CASE_BYTES_AT_MOST = 16 * 1024 * 1024
"""A case with a hundred items and every text full, as a browser encodes it. The default would cut it at 500,000."""
CASE_PARTS_AT_MOST = 4_000


@blueprint.url_value_preprocessor
def allow_long_texts(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Runs before anything reads the form, the check of its token included."""
    if endpoint in {
        "panels.case_outcome",
        "panels.score_case",
        "panels.score_practice_case",
        "panels.take_ratings",
    }:
        request.max_form_memory_size = CASE_BYTES_AT_MOST
        request.max_form_parts = CASE_PARTS_AT_MOST
