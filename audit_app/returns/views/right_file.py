"""The page on which an auditor finds the right file, and says what part they had in what it is about."""

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.access.drafts import no_drafts_once
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.queries import has_file_number
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import RightFileForm
from audit_app.returns.rules import OwnPart
from audit_app.returns.views.answering import to_return
from audit_app.returns.views.blueprint import blueprint


@blueprint.route("/cases/<reference>/return/<int:agency_id>/file", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def confirm_file(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    form = RightFileForm(
        viewer.terms,
        has_number=has_file_number(viewer.partnership_id, found.case_id, agency_id),
        is_right=found.is_file_confirmed,
        own_part=found.own_part,
        own_part_words=found.own_part_words,
        seen=rules.seen_confirmed(found.file_confirmed_at),
    )
    has_looked = "looked" in request.form  # at the identity sheet: what was typed comes back, and nothing is saved
    if not has_looked and form.validate_on_submit():
        try:
            with transaction():
                services.confirm_file(
                    found.id,
                    own_part=OwnPart(form.own_part.data),
                    own_part_words=form.own_part_words.data or "",
                    file_number=form.file_number.data or "",
                    seen=form.seen.data,
                    by=viewer,
                    at=now(),
                )
            flash("The right file is open. Now rate what it shows.", "success")
            return to_return(found)
        except Refused as refusal:
            refuse(form, refusal)
            found = queries.own_return(viewer, reference, agency_id)
            form.seen.data = rules.seen_confirmed(found.file_confirmed_at)
    why_not = rules.why_not_confirm_file(found.standing, terms=viewer.terms)
    return render_template(
        "returns/confirm_file.html",
        shown=found,
        is_loaded=found.file_confirmed_by_id in queries.stood_in(viewer.partnership_id, found.id).loaders,
        form=form,
        why_not=why_not,
        part_words=rules.OWN_PART_WORDS,
    )


@no_drafts_once("returns.confirm_file")
def _has_no_file(viewer: Viewer, reference: str, agency_id: int) -> bool:
    """The number of a file that there is not, after all, is kept nowhere, also where it is still on a screen."""
    its_return = queries.own_return_id(viewer, reference, agency_id)
    _, standing = queries.return_for_change(viewer.partnership_id, its_return)
    return standing.state in rules.ANSWERED_WITHOUT_RATINGS
