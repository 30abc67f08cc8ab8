"""The page on which a published round is closed."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import refuse, stop_before_typing
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import CloseRoundForm
from audit_app.panels.queries import CaseActionFilter
from audit_app.panels.views.blueprint import blueprint
from audit_app.rounds import queries as rounds


@blueprint.route("/rounds/<reference>/close", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def close_round(reference: str) -> str | Response:
    actor = current_actor()
    found = rounds.round_seen_by(actor, reference)
    stop_before_typing(rules.why_not_close(found.state))
    form = CloseRoundForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.close_round(found.id, reason=form.reason.data or "", by=actor)
            flash("The round is closed.", "success")
            return redirect(url_for("home.show_round", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    counts = queries.case_action_counts(actor.partnership_id, [found.id], today=today())
    return render_template(
        "panels/close_round.html",
        round=found,
        form=form,
        counts=counts.get(found.id, rules.CaseActionCounts()),
        still_open=queries.case_actions(actor, CaseActionFilter(round_reference=reference), today=today()).lines,
    )
