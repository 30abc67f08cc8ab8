"""Feedback to practitioners: what an agency owes, recording it, the letter it can become, and the round's list."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused, Stale
from audit_app.core.web import refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import FeedbackForm
from audit_app.returns.views.blueprint import blueprint
from audit_app.rounds import queries as rounds


@blueprint.get("/feedback")
@allow(Role.AUDITOR, Role.AGENCY_LEAD)
def my_feedback() -> str:
    viewer = current_actor()
    return render_template(
        "returns/my_feedback.html",
        due=queries.feedback_due(viewer),
        given=queries.feedback_given(viewer),
        today=today(),
        occasions=rules.OCCASION_WORDS,
        ways=rules.FEEDBACK_HOW_WORDS,
    )


@blueprint.route("/feedback/<int:feedback_id>", methods=["GET", "POST"])
@allow(Role.AUDITOR, Role.AGENCY_LEAD)
def record_feedback(feedback_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.feedback_shown(viewer, feedback_id)
    form = FeedbackForm.showing(found.told, version=found.version)
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                services.record_feedback(feedback_id, form.told(), version=form.version.data, by=viewer, at=now())
            flash("The feedback is recorded.", "success")
            return redirect(url_for("returns.my_feedback"))
        except Stale as stale:
            refuse(form, stale)
            theirs, form.version.data = stale.theirs, stale.version
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "returns/record_feedback.html",
        found=found,
        form=form,
        theirs=theirs,
        occasions=rules.OCCASION_WORDS,
        may_read=found.agency_id in viewer.agencies(Role.AUDITOR),
    )


@blueprint.get("/feedback/<int:feedback_id>/letter")
@allow(Role.AUDITOR, Role.AGENCY_LEAD)
def feedback_letter(feedback_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.feedback_shown(viewer, feedback_id)
    if not found.is_given:
        return redirect(url_for("returns.record_feedback", feedback_id=feedback_id))
    signed_by = viewer.name if viewer.has(Role.AGENCY_LEAD) else ""
    return render_template(
        "returns/feedback_letter.html",
        found=found,
        signed_by=signed_by,
        partnership=viewer.partnership.name,
        written_on=found.told.given_on,
    )


@blueprint.get("/rounds/<reference>/feedback")
@allow(Role.COORDINATOR, Role.SCRUTINEER)
def round_feedback(reference: str) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    return render_template(
        "returns/round_feedback.html",
        round=found,
        lines=queries.feedback_of_round(viewer, found.id),
        today=today(),
        occasions=rules.OCCASION_WORDS,
    )
