"""What the coordinator does with a return: accept it, send it back, ask again, close it without an answer."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.core.forms import is_number
from audit_app.core.settings import settings
from audit_app.core.web import refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import CommentsForm, ReasonForm
from audit_app.returns.queries import ReturnShown
from audit_app.returns.views.answering import to_return
from audit_app.returns.views.blueprint import blueprint


@blueprint.post("/cases/<reference>/return/<int:agency_id>/accept")
@allow(Role.COORDINATOR)
def accept_return(reference: str, agency_id: int) -> Response:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    number = request.form.get("number", "")
    with transaction():
        services.accept_return(found.id, number=int(number) if is_number(number) else 0, by=viewer)
    return _to_next(found, f"The return of {found.agency} on {reference} is accepted.")


@blueprint.route("/cases/<reference>/return/<int:agency_id>/send-back", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def send_back(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    is_handed_over = found.state in rules.HANDED_OVER
    if found.is_own or (is_handed_over and not found.is_readable):
        raise NotHere
    form = CommentsForm(request.form)
    if request.method == "POST":
        try:
            with transaction():
                services.send_back(
                    found.id,
                    reason=form.reason,
                    comments=form.comments,
                    number=form.number or None,
                    link=f"{settings().base_url}{url_for('returns.my_returns')}",
                    by=viewer,
                    at=now(),
                )
            return _to_next(found, f"The return on {reference} is sent back to {found.agency}.")
        except Refused as refusal:
            form.refuse(refusal)
    levels = queries.levels_of_round(viewer.partnership_id, found.round_id)
    return render_template(
        "returns/send_back.html",
        shown=found,
        form=form,
        number=queries.submissions_of_return(viewer.partnership_id, found.id),
        answers=queries.answers_of_return(viewer.partnership_id, found.id) if is_handed_over else (),
        levels={level.id: level for level in levels},
        why_not=rules.why_not_send_back(found.standing, "a reason", terms=viewer.terms),
    )


@blueprint.route("/cases/<reference>/return/<int:agency_id>/ask-again", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def ask_again(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    if not found.is_told or found.is_own:
        raise NotHere
    asked = f"The {viewer.terms.said(Role.AUDITOR)} reads this above the question. Write no names."
    form = ReasonForm("Why do you ask again?", asked)
    if form.validate_on_submit():
        try:
            with transaction():
                link = f"{settings().base_url}{url_for('returns.my_returns')}"
                services.ask_again(found.id, reason=form.reason.data or "", link=link, by=viewer, at=now())
            flash(f"{found.agency} is asked again whether it knows the child of {reference}.", "success")
            return to_return(found)
        except Refused as refusal:
            refuse(form, refusal)
    why_not = rules.why_not_ask_again(found.standing, "a reason", terms=viewer.terms)
    return render_template(
        "returns/ask_again.html", shown=found, form=form, why_not=why_not, words=rules.RETURN_STATE_WORDS
    )


@blueprint.route("/cases/<reference>/return/<int:agency_id>/close", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def close_return(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    form = ReasonForm("Why is this return closed without an answer?", "The panel and the agency see this.")
    if form.validate_on_submit():
        try:
            with transaction():
                services.close_return(found.id, reason=form.reason.data or "", by=viewer)
            flash(f"The return of {found.agency} on {reference} is closed without an answer.", "success")
            return _to_round(found)
        except Refused as refusal:
            refuse(form, refusal)
    why_not = rules.why_not_close(found.standing, "a reason", terms=viewer.terms)
    return render_template("returns/close_return.html", shown=found, form=form, why_not=why_not)


def _to_next(found: ReturnShown, said: str) -> Response:
    """To the next return of the round that waits to be accepted or sent back, else to the grid."""
    one = queries.next_to_check(current_actor(), found.round_id)
    if one is None:
        flash(f"{said} No other return waits to be accepted.", "success")
        return _to_round(found)
    flash(f"{said} Next: {one.case_reference}, {one.agency}.", "success")
    return redirect(url_for("returns.show_return", reference=one.case_reference, agency_id=one.agency_id))


def _to_round(found: ReturnShown) -> Response:
    return redirect(url_for("returns.round_returns", reference=found.round_reference))
