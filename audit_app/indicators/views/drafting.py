"""Making a template of one's own: copying, a new version, its words, publishing, discarding."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import refuse, stop_before_typing
from audit_app.indicators import queries, rules, services
from audit_app.indicators.forms import ConfirmForm, CopyForm, DescriptionForm, PublishForm, RecordedForm
from audit_app.indicators.queries import VersionShown
from audit_app.indicators.views.blueprint import blueprint


def own_version(own_code: str, version: int) -> VersionShown:
    """A version of the partnership's own template, to be changed.

    Raises:
        NotHere: there is no such version, or it was delivered.
        Refused: it is published, and nothing was typed yet. Once something was, the deed refuses in the form.
    """
    shown = queries.version_seen_by(current_actor(), own_code, version)
    if not shown.is_own:
        raise NotHere
    stop_before_typing(rules.why_not_edit(is_own=True, is_published=shown.is_published))
    return shown


def to_draft(shown: VersionShown) -> Response:
    """Back to the page of a draft."""
    return redirect(url_for("indicators.edit_draft", own_code=shown.code, version=shown.version))


def to_place(shown: VersionShown, said: str, anchor: str) -> Response:
    """Back to a place on the page of a draft, where it says what was done and from where the person goes on."""
    flash(said, f"at {anchor}")
    return redirect(url_for("indicators.edit_draft", own_code=shown.code, version=shown.version, _anchor=anchor))


@blueprint.route("/templates/<code>/<int:version>/copy", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def copy_template(code: str, version: int) -> str | Response:
    actor = current_actor()
    shown = queries.version_seen_by(actor, code, version)
    form = CopyForm()
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.copy_template(shown.version_id, title=form.title.data, by=actor)
            flash(f"{made.title} is yours to change. Nobody can use it until you publish it.", "success")
            return redirect(url_for("indicators.edit_draft", own_code=queries.code_of(made.id), version=1))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("indicators/copy_template.html", shown=shown, form=form)


@blueprint.post("/templates/<own_code>/start")
@allow(Role.COORDINATOR)
def start_version(own_code: str) -> Response:
    with transaction():
        made = services.start_version(own_code, by=current_actor())
    flash(
        f"Version {made.version} is a draft. Version {made.version - 1} stays in use until you publish it.", "success"
    )
    return redirect(url_for("indicators.edit_draft", own_code=own_code, version=made.version))


@blueprint.get("/templates/<own_code>/<int:version>/edit")
@allow(Role.COORDINATOR)
def edit_draft(own_code: str, version: int) -> str:
    shown = own_version(own_code, version)
    template = queries.template_version(shown.version_id)
    missing = queries.missing_in(current_actor().partnership_id, shown.template_id, template, current_actor().terms)
    return render_template(
        "indicators/edit_draft.html",
        shown=shown,
        template=template,
        domains=queries.draft_domains(shown.version_id),
        attributes=queries.case_attributes(),
        unfinished={one.code for one in missing},
        is_unchanged=[one.mending for one in missing] == [rules.UNCHANGED.format(shown.version - 1)],
        missing=missing,
    )


@blueprint.route("/templates/<own_code>/<int:version>/words", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def change_words(own_code: str, version: int) -> str | Response:
    shown, differences = own_version(own_code, version), None
    form = _description_form(shown)
    if form.validate_on_submit():
        try:
            _save_words(shown, form)
            flash("The words of the template are saved.", "success")
            return to_draft(shown)
        except Stale as stale:
            refuse(form, stale)
            form.edition.data = stale.version
            differences = form.differences(_description_form(shown, formdata=None))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("indicators/change_words.html", shown=shown, form=form, differences=differences)


def _description_form(shown: VersionShown, **more: object) -> DescriptionForm:
    template = queries.template_version(shown.version_id)
    stored = {**vars(template), "scale": template.scale.code, "edition": shown.edition}
    return DescriptionForm(queries.scales(), data=stored, **more)


def _save_words(shown: VersionShown, form: DescriptionForm) -> None:
    with transaction():
        services.change_draft(
            shown.version_id,
            edition=form.edition.data,
            title=form.title.data,
            description=form.description.data or "",
            minutes_per_child=form.minutes_per_child.data,
            scale=form.scale.data,
            by=current_actor(),
        )


@blueprint.route("/templates/<own_code>/<int:version>/recorded", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def change_recorded(own_code: str, version: int) -> str | Response:
    shown, differences = own_version(own_code, version), None
    form = _recorded_form(shown)
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_recorded(
                    shown.version_id,
                    edition=form.edition.data,
                    attributes=form.attributes.data or (),
                    by=current_actor(),
                )
            flash("What is recorded about each child is saved.", "success")
            return to_draft(shown)
        except Stale as stale:
            refuse(form, stale)
            form.edition.data = stale.version
            differences = form.differences(_recorded_form(shown, formdata=None))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("indicators/change_recorded.html", shown=shown, form=form, differences=differences)


def _recorded_form(shown: VersionShown, **more: object) -> RecordedForm:
    stored = {
        "attributes": queries.template_version(shown.version_id).attributes,
        "edition": shown.edition,
    }
    return RecordedForm(queries.case_attributes(), data=stored, **more)


@blueprint.route("/templates/<own_code>/<int:version>/publish", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def publish_draft(own_code: str, version: int) -> str | Response:
    actor, shown = current_actor(), own_version(own_code, version)
    template = queries.template_version(shown.version_id)
    form = PublishForm(mark=rules.mark_of(template))
    if form.validate_on_submit():
        try:
            with transaction():
                note = form.note.data or ""
                services.publish_draft(shown.version_id, mark=form.mark.data, note=note, by=actor, at=now())
            flash(f"{shown.title}, version {version}, is published. Rounds can use it from now on.", "success")
            return redirect(url_for("indicators.show_template", code=own_code, version=version))
        except Refused as refusal:
            refuse(form, refusal)
            form.mark.data = rules.mark_of(template)
    return render_template(
        "indicators/publish_draft.html",
        shown=shown,
        template=template,
        form=form,
        other_words=queries.words_of_other_scales(shown.version_id),
        missing=queries.missing_in(actor.partnership_id, shown.template_id, template, actor.terms),
    )


@blueprint.route("/templates/<own_code>/<int:version>/discard", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def discard_draft(own_code: str, version: int) -> str | Response:
    shown = own_version(own_code, version)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.discard_draft(shown.version_id, by=current_actor())
            flash(f"The draft {shown.title}, version {version}, is discarded.", "success")
            return redirect(url_for("indicators.list_templates"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("indicators/discard_draft.html", shown=shown, form=form)
