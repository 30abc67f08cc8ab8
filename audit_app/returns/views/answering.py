"""One return: where it is and what is in it; is the child known; the overall words; submitting it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import Refused, Stale
from audit_app.core.forms import PageForm
from audit_app.core.web import refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import KnownForm, OverallForm
from audit_app.returns.queries import ReturnShown
from audit_app.returns.rules import Known, ReturnState
from audit_app.returns.views.blueprint import blueprint

_KNOWN_OF = {state: known for known, state in rules.KNOWN_STATES.items()}
_SAID = {
    True: "Your answer is saved. Now rate what your file shows.",
    False: "Your answer is saved. That is all we ask about this child.",
}


def to_return(found: ReturnShown) -> Response:
    """To the page of the return itself."""
    return redirect(url_for("returns.show_return", reference=found.case_reference, agency_id=found.agency_id))


@blueprint.get("/cases/<reference>/return/<int:agency_id>")
@allow(Role.AUDITOR, Role.COORDINATOR, Role.SCRUTINEER)
def show_return(reference: str, agency_id: int) -> str:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    is_writing = found.is_own and found.state in rules.EDITABLE
    shows_answers = found.is_readable and found.state in rules.HANDED_OVER
    domains = queries.domain_progress(viewer.partnership_id, found.id) if is_writing else ()
    return render_template(
        "returns/show_return.html",
        shown=found,
        why_locked=rules.why_not_rate(found.standing, terms=viewer.terms),
        may_say_known=found.is_own and not rules.why_not_ask_known(found.standing, terms=viewer.terms),
        domains=domains,
        attributes=queries.attributes_asked(viewer.partnership_id, found.round_id, found.id) if is_writing else (),
        recorded=queries.attributes_of_return(viewer.partnership_id, found.id) if shows_answers else (),
        unfinished=next((domain for domain in domains if domain.answered < domain.total), None),
        answers=queries.answers_of_return(viewer.partnership_id, found.id) if shows_answers else (),
        scale_size=len(queries.levels_of_round(viewer.partnership_id, found.round_id)) if shows_answers else 0,
        is_coordinator=viewer.has(Role.COORDINATOR),
        stood_in=queries.stood_in(viewer.partnership_id, found.id),
        may_stand_in=not found.is_own and queries.may_stand_in(viewer, found.id),
        may_close=not rules.why_not_close(found.standing, "a reason", terms=viewer.terms),
        words=rules.RETURN_STATE_WORDS,
        colours=rules.RETURN_STATE_COLOURS,
    )


@blueprint.route("/cases/<reference>/return/<int:agency_id>/known", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def say_known(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    answered = _KNOWN_OF.get(found.state)
    form = KnownForm(viewer.terms, known=answered.value if answered else None, reason=found.reason, seen=found.state)
    if form.validate_on_submit():
        try:
            with transaction():
                services.say_known(
                    found.id,
                    known=Known(form.known.data),
                    reason=form.reason.data or "",
                    seen=form.seen.data,
                    by=viewer,
                    at=now(),
                )
            flash(_SAID[Known(form.known.data) is Known.KNOWN], "success")
            return to_return(found)
        except Refused as refusal:
            refuse(form, refusal)
            form.seen.data = queries.own_return(viewer, reference, agency_id).state
    why_not = rules.why_not_ask_known(found.standing, terms=viewer.terms)
    return render_template("returns/say_known.html", shown=found, form=form, why_not=why_not)


@blueprint.route("/cases/<reference>/return/<int:agency_id>/words", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def save_words(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    form = OverallForm(worked_well=found.worked_well, to_improve=found.to_improve, version=found.version)
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                services.save_words(
                    found.id,
                    worked_well=form.worked_well.data or "",
                    to_improve=form.to_improve.data or "",
                    version=form.version.data,
                    by=viewer,
                )
            return to_return(found)
        except Stale as stale:
            refuse(form, stale)
            theirs, form.version.data = stale.theirs, stale.version
        except Refused as refusal:
            refuse(form, refusal)
    why_not = rules.why_not_rate(found.standing, terms=viewer.terms)
    return render_template("returns/save_words.html", shown=found, form=form, theirs=theirs, why_not=why_not)


@blueprint.route("/cases/<reference>/return/<int:agency_id>/submit", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def submit_return(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    form = PageForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.submit_return(found.id, by=viewer, at=now())
            flash(f"The return on {reference} is submitted. Thank you.", "success")
            return to_return(found)
        except Refused as refusal:
            refuse(form, refusal)
            found = queries.own_return(viewer, reference, agency_id)
    gaps = queries.gaps_of_return(viewer.partnership_id, found.id)
    left = queries.attributes_open(viewer.partnership_id, found.round_id, found.id)
    return render_template(
        "returns/submit_return.html",
        shown=found,
        form=form,
        gaps=gaps,
        left=left,
        gap_words=rules.GAP_WORDS,
        why_not=rules.why_not_submit(found.standing, gaps=len(gaps) + len(left), terms=viewer.terms),
        is_again=found.state is ReturnState.CHANGES_REQUESTED,
    )
