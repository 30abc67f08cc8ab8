"""The population of a round: upload a file, look at what was recognised, confirm it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries as accounts
from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.core.web import refuse
from audit_app.rounds import queries as rounds
from audit_app.sampling import queries, rules, services
from audit_app.sampling.forms import ConfirmPopulationForm, UploadForm
from audit_app.sampling.rules import BASIS_WORDS, LAYOUT_WORDS
from audit_app.sampling.views.routes import blueprint


@blueprint.get("/rounds/<reference>/population")
@allow(Role.KEY_HOLDER, Role.COORDINATOR, Role.SCRUTINEER)
def population(reference: str) -> str:
    return _page(reference, UploadForm(), None)


@blueprint.post("/rounds/<reference>/population")
@allow(Role.KEY_HOLDER)
def upload_population(reference: str) -> str | Response:
    actor = current_actor()
    found = rounds.round_seen_by(actor, reference)
    form = UploadForm()
    if form.validate_on_submit():
        content = form.file.data.read()
        try:
            name = form.file.data.filename or ""
            # Before the transaction: a large file takes a while.
            read = rules.read_population(content, today=today(), file_name=name)
            with transaction():
                services.keep_file(found.id, content=content, file_name=name, read=read, by=actor, at=now())
            return redirect(url_for("sampling.population", reference=reference))
        except Refused as refusal:
            refuse(form, Refused(refusal.reason, "file"))
    return _page(reference, form, None)


@blueprint.post("/rounds/<reference>/population/confirm")
@allow(Role.KEY_HOLDER)
def confirm_population(reference: str) -> str | Response:
    actor = current_actor()
    found = rounds.round_seen_by(actor, reference)
    form = ConfirmPopulationForm()
    shown = form.file_sha256.data or ""
    if form.validate_on_submit() and form.as_at.data:
        try:
            content = queries.waiting_content(actor.partnership_id, found.id, shown, at=now())
            read = rules.read_population(content, today=today())
            with transaction():
                kept = services.confirm_population(
                    found.id, shown, read=read, as_at=form.as_at.data, by=actor, at=now()
                )
            flash(f"The population is confirmed: {kept.children} children, {kept.neglect} for neglect.", "success")
            return redirect(url_for("sampling.population", reference=reference))
        except NotHere:
            flash(services.GONE)
            return redirect(url_for("sampling.population", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return _page(reference, UploadForm(formdata=None), form)


@blueprint.post("/rounds/<reference>/population/set-aside")
@allow(Role.KEY_HOLDER)
def set_file_aside(reference: str) -> Response:
    actor = current_actor()
    found = rounds.round_seen_by(actor, reference)
    with transaction():
        services.set_file_aside(found.id, by=actor)
    flash("The file was set aside and destroyed.", "success")
    return redirect(url_for("sampling.population", reference=reference))


def _page(reference: str, upload: UploadForm, confirm: ConfirmPopulationForm | None) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    confirmed = queries.confirmed_population(viewer.partnership_id, found.id)
    waiting = queries.waiting_file(viewer.partnership_id, found.id, at=now())
    sample = queries.current_sample(viewer.partnership_id, found.id)
    if confirm is None and waiting is not None:
        offered = {"as_at": waiting.summary.latest_date, "file_sha256": waiting.file_sha256}
        confirm = ConfirmPopulationForm(formdata=None, data=offered)
    return render_template(
        "sampling/population.html",
        round=found,
        confirmed=confirmed,
        waiting=waiting,
        is_drawn=sample is not None,
        why_not=rules.why_not_change_population(found.state, is_drawn=sample is not None),
        is_key_holder=viewer.has(Role.KEY_HOLDER),
        areas=[area.name for area in accounts.areas(viewer.partnership_id)],
        upload=upload,
        confirm=confirm,
        form=upload if upload.errors else confirm,
        layouts=LAYOUT_WORDS,
        bases=BASIS_WORDS,
    )
