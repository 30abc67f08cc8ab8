"""The page on which an agency records what it knows about the child."""

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import AttributesForm
from audit_app.returns.views.answering import to_return
from audit_app.returns.views.blueprint import blueprint


@blueprint.route("/cases/<reference>/return/<int:agency_id>/child", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def about_child(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    form = AttributesForm(request.form.to_dict(flat=False))
    if request.method == "POST":
        try:
            with transaction():
                form.clash(services.save_attributes(found.id, form.changes, by=viewer, at=now()))
        except Refused as refusal:
            form.refuse(refusal)
        if not form.errors:
            flash("What you recorded about the child is saved.", "success")
            return to_return(found)
    why_locked = rules.why_not_rate(found.standing, viewer.terms)
    if request.method == "GET" and why_locked:
        return to_return(found)
    asked = queries.attributes_asked(viewer.partnership_id, found.round_id, found.id)
    if not asked:
        raise NotHere
    return render_template(
        "returns/about_child.html",
        shown=found,
        form=form,
        asked=asked,
        is_locked=why_locked is not None,
        sampled=queries.from_the_sample(viewer.partnership_id, found.case_id, asked),
        seen=rules.seen_choice,
        groups_of=rules.groups_of,
    )
