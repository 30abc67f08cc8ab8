"""What was submitted before a return was sent back, beside what it says now."""

from flask import render_template, request

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.forms import whole_number
from audit_app.returns import queries
from audit_app.returns.views.blueprint import blueprint

ON_PANELS = (Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER)


@blueprint.get("/cases/<reference>/return/<int:agency_id>/versions")
@allow(Role.AUDITOR, Role.COORDINATOR, Role.SCRUTINEER, *ON_PANELS)
def compare_versions(reference: str, agency_id: int) -> str:
    viewer = current_actor()
    found = queries.return_with_versions(viewer, reference, agency_id)
    has_current = queries.reads_current(found)
    compared = queries.comparison(
        viewer.partnership_id,
        found.id,
        has_current=has_current,
        old=request.args.get("old", type=whole_number),
        new=request.args.get("new", type=whole_number),
    )
    return render_template(
        "returns/compare_versions.html",
        shown=found,
        compared=compared,
        has_current=has_current,
        shows_all="all" in request.args or compared.is_one,
    )
