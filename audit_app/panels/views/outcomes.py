"""The pages of what a panel takes from a case, and of what an agency hears of it and answers."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.cases.rules import CASE_STATE_WORDS
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import Refused, Stale
from audit_app.core.settings import settings
from audit_app.core.web import refuse
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import AnswerForm, FinishForm, OutcomeForm
from audit_app.panels.views.blueprint import CASE_COLOURS, SITS, blueprint
from audit_app.returns import queries as returns
from audit_app.returns.rules import ANSWER_KIND_WORDS


@blueprint.route("/panels/cases/<reference>/outcome", methods=["GET", "POST"])
@allow(Role.COORDINATOR, Role.SCRUTINEER, *SITS)
def case_outcome(reference: str) -> str | Response:
    viewer = current_actor()
    found = queries.outcome_shown(viewer, reference)
    form = OutcomeForm(request.form, found.part, found.to_agencies)
    if request.method == "POST" and form.is_ready():
        try:
            with transaction():
                services.save_outcome(found.id, form.changes, by=viewer)
            flash("The outcome is saved.", "success")
            return redirect(url_for("panels.case_outcome", reference=reference))
        except Refused as refusal:
            found = queries.outcome_shown(viewer, reference)
            form = OutcomeForm(request.form, found.part, found.to_agencies)
            form.refuse(refusal)
    is_chair = rules.is_chair(viewer, found.chair_id)
    why_not = rules.why_not_write_outcome(
        found.state,
        round_state=found.round_state,
        is_writer=is_chair or found.is_note_taker,
        terms=viewer.terms,
    )
    places = () if why_not else queries.places_of_names(viewer.partnership_id, found)
    return render_template(
        "panels/case_outcome.html",
        found=found,
        form=form,
        why_not=why_not,
        is_writing=why_not is None or bool(form.posted),
        is_chair=is_chair,
        places=places,
        case_fields=rules.CASE_FIELDS,
        agency_fields=rules.AGENCY_FIELDS,
        state_words=CASE_STATE_WORDS,
        colours=CASE_COLOURS,
        **_scale(viewer.partnership_id, found.round_id),
    )


def _scale(partnership_id: int, round_id: int) -> dict[str, object]:
    """What pages need to show levels."""
    levels = returns.levels_of_round(partnership_id, round_id)
    return {"levels": {level.id: level for level in levels}, "answer_words": ANSWER_KIND_WORDS}


@blueprint.route("/panels/cases/<reference>/finish", methods=["GET", "POST"])
@allow(Role.COORDINATOR, Role.PANEL_CHAIR)
def finish_case(reference: str) -> str | Response:
    actor = current_actor()
    case = queries.case_to_steer(actor, reference)
    form = FinishForm()
    if form.validate_on_submit():
        link = f"{settings().base_url}{url_for('panels.my_panel_feedback')}"
        try:
            with transaction():
                services.finish_case(case.id, link=link, are_not_names=form.are_not_names.data, by=actor, at=now())
            flash(f"{case.reference} is agreed and finished.", "success")
            return redirect(url_for("panels.show_panel", panel_id=case.panel_id))
        except Refused as refusal:
            refuse(form, refusal)
    progress = queries.progress_of_case(actor.partnership_id, case.id)
    found = queries.outcome_shown(actor, reference) if case.is_released else None
    why_not = rules.why_not_finish(
        case.state,
        round_state=case.round_state,
        is_chair=rules.is_chair(actor, case.chair_id),
        waiting=progress.waiting,
        is_learned=found is not None and bool(found.learned),
    )
    is_looked_at = found is not None and why_not is None  # everything is agreed, so no rating is hidden any more
    return render_template(
        "panels/finish_case.html",
        case=case,
        found=found,
        form=form,
        progress=progress,
        back=url_for("panels.my_panels")
        if case.panel_id is None
        else url_for("panels.show_panel", panel_id=case.panel_id),
        why_not=why_not,
        places=queries.places_of_names(actor.partnership_id, found) if found and is_looked_at else (),
        at_panel=queries.places_at_panel(actor.partnership_id, case.id) if is_looked_at else (),
        **_scale(actor.partnership_id, case.round_id),
    )


@blueprint.get("/panel-feedback")
@allow(Role.AUDITOR, Role.AGENCY_LEAD)
def my_panel_feedback() -> str:
    return render_template("panels/my_panel_feedback.html", told=queries.panel_feedback_of(current_actor()))


@blueprint.route("/cases/<reference>/panel-feedback/<int:agency_id>", methods=["GET", "POST"])
@allow(Role.AUDITOR, Role.AGENCY_LEAD)
def panel_feedback(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.panel_feedback(viewer, reference, agency_id)
    form = AnswerForm(answer=found.answer, version=found.version)
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                services.answer_question(
                    found.case_id,
                    agency_id,
                    answer=form.answer.data,
                    version=form.version.data,
                    are_not_names=form.are_not_names.data,
                    by=viewer,
                    at=now(),
                )
            flash("Your agency's answer is saved. The panel's chair is told on their home page.", "success")
            return redirect(url_for("panels.my_panel_feedback"))
        except Stale as stale:
            refuse(form, stale)
            theirs, form.version.data = stale.theirs, stale.version
        except Refused as refusal:
            refuse(form, refusal)
        found = queries.panel_feedback(viewer, reference, agency_id)
    return render_template(
        "panels/panel_feedback.html",
        found=found,
        form=form,
        theirs=theirs,
        why_not=rules.why_not_answer(
            found.round_state, question=found.question, is_answered=found.answered_at is not None
        ),
    )
