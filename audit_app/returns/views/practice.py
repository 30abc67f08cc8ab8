"""The reflective discussion, whom an agency names to read its return, and the page on which they read and answer."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.settings import settings
from audit_app.core.web import refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import DiscussionForm, NameForm, RepliesForm
from audit_app.returns.queries import WHOLE, OwnWork
from audit_app.returns.rules import PractitionerPart
from audit_app.returns.views.answering import to_return
from audit_app.returns.views.blueprint import blueprint


@blueprint.route("/cases/<reference>/return/<int:agency_id>/discussion", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def discussion(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    kept = queries.discussion_of_return(viewer.partnership_id, found.id)
    form = DiscussionForm.showing(kept.talk, version=kept.version)
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        is_held = form.is_held.data == "yes"
        version = form.version.data
        try:
            with transaction():
                services.save_discussion(found.id, form.talk(), is_held=is_held, version=version, by=viewer, at=now())
            flash("What you noted of the discussion is saved.", "success")
            return to_return(found)
        except Stale as stale:
            refuse(form, stale)
            theirs, form.version.data = stale.theirs, stale.version
        except Refused as refusal:
            refuse(form, refusal)
    why_not = rules.why_not_rate(found.standing, terms=viewer.terms)
    return render_template(
        "returns/discussion.html", shown=found, form=form, theirs=theirs, why_not=why_not, prompts=rules.PROMPT_WORDS
    )


@blueprint.route("/cases/<reference>/return/<int:agency_id>/practitioners", methods=["GET", "POST"])
@allow(Role.AUDITOR, Role.COORDINATOR)
def name_practitioner(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    named = queries.named_on_return(viewer.partnership_id, found.id)
    taken = {one.person_id for one in named}
    people = queries.people_to_name(viewer.partnership_id, agency_id, today=today())
    form = NameForm(viewer.terms, [(str(one.id), one.name) for one in people if one.id not in taken])
    if form.validate_on_submit():
        try:
            with transaction():
                services.name_practitioner(
                    found.id,
                    int(form.person.data),
                    part=PractitionerPart(form.part.data),
                    link=f"{settings().base_url}{url_for('home.start')}",
                    by=viewer,
                    at=now(),
                )
            told = "They are told by e-mail." if settings().is_mailing else "Tell them: no e-mail is sent yet."
            flash(f"They may read this return once it is submitted. {told}", "success")
            return redirect(url_for("returns.name_practitioner", reference=reference, agency_id=agency_id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "returns/name_practitioner.html",
        shown=found,
        form=form,
        named=named,
        why_not=rules.why_not_name(found.practitioners, found.standing, terms=viewer.terms),
    )


@blueprint.route("/cases/<reference>/return/<int:agency_id>/practitioners/<int:named_id>/end", methods=["GET", "POST"])
@allow(Role.AUDITOR, Role.COORDINATOR)
def end_naming(reference: str, agency_id: int, named_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    if request.method == "GET":
        named = queries.named_on_return(viewer.partnership_id, found.id)
        shown = next((one for one in named if one.id == named_id), None)
        if shown is None:
            raise NotHere
        return render_template("returns/end_naming.html", shown=found, named=shown)
    with transaction():
        services.end_naming(found.id, named_id, by=viewer, at=now())
    flash("They can no longer read this return. What they answered stays.", "success")
    return redirect(url_for("returns.name_practitioner", reference=reference, agency_id=agency_id))


@blueprint.route("/cases/<reference>/return/<int:agency_id>/own-work", methods=["GET", "POST"])
@allow(Role.PRACTITIONER)
def own_work(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_work(viewer, reference, agency_id)
    form = RepliesForm(request.form)
    if request.method == "POST":
        try:
            with transaction():
                form.clash(services.save_replies(reference, agency_id, form.to_save, by=viewer, at=now()))
        except Refused as refusal:
            form.refuse(refusal)
        if not form.errors:
            flash("Your answers are saved. You can change them until the case goes to its panel.", "success")
            return redirect(url_for("returns.own_work", reference=reference, agency_id=agency_id))
        found = queries.own_work(viewer, reference, agency_id)
    return _own_work_page(found, form)


def _own_work_page(found: OwnWork, form: RepliesForm) -> str:
    viewer = current_actor()
    is_open = found.is_readable
    answers = queries.answers_of_return(viewer.partnership_id, found.return_id) if is_open else ()
    practice = queries.practice_of_return(viewer.partnership_id, found.return_id) if is_open else queries.Practice()
    return render_template(
        "returns/own_work.html",
        found=found,
        form=form,
        answers=answers,
        names={WHOLE: "The whole return", **{row.indicator_id: row.code for row in answers}},
        scale_size=len(queries.levels_of_round(viewer.partnership_id, found.round_id)) if is_open else 0,
        practice=practice,
        prompts=rules.PROMPT_WORDS,
        kept=queries.own_replies(viewer.partnership_id, found.named_id),
        asked={row.indicator_id for row in answers if rules.is_open_to_reply(found.access, row.band)},
        why_not_open=rules.why_not_open(found.standing),
        why_not_reply=rules.why_not_reply(found.access, found.standing, terms=viewer.terms)
        or rules.why_not_reply_to_all(found.access, [row.band for row in answers]),
    )
