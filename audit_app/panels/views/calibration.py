"""The pages of a practice case: it is set and changed, scored by each auditor alone, and closed and read by all."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import refuse, stop_before_typing
from audit_app.panels import queries, services
from audit_app.panels.forms import ClosePracticeForm, PracticeCaseForm, PracticeScoreForm
from audit_app.panels.queries import PracticeCase
from audit_app.panels.rules import agreement as measures
from audit_app.panels.rules import calibration
from audit_app.panels.views.blueprint import blueprint
from audit_app.rounds import queries as rounds


@blueprint.get("/rounds/<reference>/practice-case")
@allow(Role.COORDINATOR, Role.SCRUTINEER, Role.AUDITOR)
def practice_case(reference: str) -> str:
    viewer = current_actor()
    found = queries.round_to_practise(viewer, reference)
    of = viewer.partnership_id
    template, practice = rounds.frozen_template(of, found.id), queries.practice_case_of(of, found.id)
    ratings = queries.practice_ratings(of, practice) if practice else ()
    scores_for = queries.scores_for(viewer, found.id)
    return render_template(
        "panels/practice_case.html",
        round=found,
        practice=practice,
        scored=queries.scored_by(of, found.id, practice.id) if practice else (),
        result=calibration.calibrated(ratings, template) if ratings else None,
        mine=queries.own_practice(of, practice.id, viewer.id) if practice and scores_for else {},
        asked=len(calibration.questions_of(template, scores_for[1])) if scores_for else 0,
        levels=template.levels,
        why_not_set=calibration.why_not_set(
            found.state,
            handed_over=queries.handed_over(of, found.id),
            levels=len(template.levels),
            is_there=practice is not None,
        ),
        told=lambda one: measures.told(one, calibration.PEOPLE),
        percentage=measures.as_percentage,
    )


@blueprint.route("/rounds/<reference>/practice-case/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def set_practice_case(reference: str) -> str | Response:
    actor = current_actor()
    found = rounds.round_by_reference(actor.partnership_id, reference)
    stop_before_typing(
        calibration.why_not_set(
            found.state,
            handed_over=queries.handed_over(actor.partnership_id, found.id),
            levels=len(rounds.frozen_template(actor.partnership_id, found.id).levels),
            is_there=queries.practice_case_of(actor.partnership_id, found.id) is not None,
        )
    )
    form = PracticeCaseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.set_practice_case(found.id, **_typed(form), by=actor, at=now())
            flash("The practice case is set. Those who score it find it on their home page.", "success")
            return redirect(url_for("panels.practice_case", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("panels/set_practice_case.html", round=found, form=form, practice=None)


@blueprint.route("/rounds/<reference>/practice-case/change", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def change_practice_case(reference: str) -> str | Response:
    actor = current_actor()
    found, practice = _practice(reference)
    stop_before_typing(calibration.why_not_reword(practice.state, scored=0))
    form = PracticeCaseForm(obj=practice)
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_practice_case(practice.id, **_typed(form), version=form.version.data, by=actor)
            flash("The practice case is changed.", "success")
            return redirect(url_for("panels.practice_case", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
            if isinstance(refusal, Stale):
                form.version.data = refusal.version
    return render_template("panels/set_practice_case.html", round=found, form=form, practice=practice)


@blueprint.route("/rounds/<reference>/practice-case/score", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def score_practice_case(reference: str) -> str | Response:
    actor = current_actor()
    found, practice = _practice(reference)
    scores_for = queries.scores_for(actor, found.id)
    if scores_for is None:
        raise NotHere
    stop_before_typing(calibration.why_not_score(practice.state))
    template = rounds.frozen_template(actor.partnership_id, found.id)
    questions = calibration.questions_of(template, scores_for[1])
    form = PracticeScoreForm(request.form, questions)
    if request.method == "POST" and form.is_ready():
        try:
            with transaction():
                kept = services.score_practice_case(practice.id, form.answers, by=actor, at=now())
            flash(f"Saved: {kept} of {len(questions)} questions. You can change them until it is closed.", "success")
            return redirect(url_for("panels.practice_case", reference=reference))
        except Refused as refusal:
            form.refuse(refusal)
    kept_answers = queries.own_practice(actor.partnership_id, practice.id, actor.id)
    return render_template(
        "panels/score_practice_case.html",
        round=found,
        practice=practice,
        form=form,
        questions=questions,
        levels=template.as_read,
        answers=form.answers if request.method == "POST" else kept_answers,
        reasoning_at_most=calibration.REASONING_AT_MOST,
    )


@blueprint.route("/rounds/<reference>/practice-case/close", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def close_practice_case(reference: str) -> str | Response:
    actor = current_actor()
    found, practice = _practice(reference)
    stop_before_typing(calibration.why_not_close_practice(practice.state))
    form = ClosePracticeForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.close_practice_case(practice.id, by=actor, at=now())
            flash("The practice case is closed. Its answers are shown below, without names.", "success")
            return redirect(url_for("panels.practice_case", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    scored = queries.scored_by(actor.partnership_id, found.id, practice.id)
    return render_template("panels/close_practice_case.html", round=found, practice=practice, form=form, scored=scored)


def _practice(reference: str) -> tuple[queries.RoundToPractise, PracticeCase]:
    """A round and its practice case, as this viewer may know of them."""
    viewer = current_actor()
    found = queries.round_to_practise(viewer, reference)
    practice = queries.practice_case_of(viewer.partnership_id, found.id)
    if practice is None:
        raise NotHere
    return found, practice


def _typed(form: PracticeCaseForm) -> dict[str, Any]:
    return {"title": form.title.data, "story": form.story.data, "due_on": form.due_on.data}
