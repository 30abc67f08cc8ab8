"""Sending the cases of a round to its agencies."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.settings import settings
from audit_app.core.web import plural, refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import SendForm
from audit_app.returns.views.blueprint import blueprint
from audit_app.rounds import queries as rounds


@blueprint.route("/rounds/<reference>/send", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def send_to_agencies(reference: str) -> str | Response:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    planned = found.returns_due_on
    form = SendForm(due_on=planned if planned is not None and planned >= today() else None)
    if form.validate_on_submit():
        due_on = form.due_on.data
        assert due_on is not None
        link = f"{settings().base_url}{url_for('returns.my_returns')}"
        try:
            with transaction():
                sent = services.send_to_agencies(found.id, due_on=due_on, link=link, by=viewer, at=now())
            told = "have been told" if settings().is_mailing else "must be told by you, since no e-mail is sent yet"
            flash(
                f"{plural(sent, 'case')} sent to the agencies. Their {viewer.terms.several(Role.AUDITOR)} {told}.",
                "success",
            )
            return redirect(url_for("returns.round_returns", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    page = queries.send_page(viewer.partnership_id, found.id, today=today())
    why_not = rules.why_not_send(
        found.state, cases=len(page.cases), sheets_missing=page.sheets_missing, agencies=len(page.agencies)
    )
    return render_template("returns/send_to_agencies.html", round=found, page=page, form=form, why_not=why_not)
