"""Templates as files: downloading one, and loading one as a draft."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, members
from audit_app.accounts.rules import Role
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.core.web import XLSX, download, refuse
from audit_app.indicators import queries, rules, services
from audit_app.indicators.forms import LoadForm
from audit_app.indicators.rules import AuditTemplate, CatalogueProblems, Problem
from audit_app.indicators.views.blueprint import blueprint


@blueprint.get("/templates/<code>/<int:version>/spreadsheet")
@members
def download_spreadsheet(code: str, version: int) -> Response:
    shown = queries.version_seen_by(current_actor(), code, version)
    template = queries.template_version(shown.version_id)
    return download(services.workbook_of(template, queries.known()), f"{code}-version-{version}.xlsx", XLSX)


@blueprint.get("/templates/<code>/<int:version>/toml")
@members
def download_toml(code: str, version: int) -> Response:
    shown = queries.version_seen_by(current_actor(), code, version)
    text = rules.as_toml(queries.template_version(shown.version_id))
    return download(text.encode(), f"{code}-version-{version}.toml", "application/toml")


@blueprint.route("/templates/load", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def load_template() -> str | Response:
    actor, form = current_actor(), LoadForm()
    if form.validate_on_submit() and (read := _read(form)):
        try:
            with transaction():
                made = services.load_as_new(read, by=actor)
            flash(f"{made.title} is loaded as a draft. Nobody can use it until you publish it.", "success")
            return redirect(url_for("indicators.edit_draft", own_code=queries.code_of(made.id), version=1))
        except Refused as refusal:
            refuse(form, refusal)
    own = queries.own_templates(actor)
    return render_template(
        "indicators/load_template.html",
        form=form,
        own={one.code: one for one in own},  # of each the draft, where it has one: it comes after what is published
    )


@blueprint.route("/templates/<own_code>/load", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def load_version(own_code: str) -> str | Response:
    actor = current_actor()
    versions = queries.versions_seen_by(actor, own_code)
    newest, published = versions[-1], [one.version for one in versions if one.is_published]
    if not newest.is_own:
        raise NotHere
    draft = None if newest.is_published else newest
    mark = rules.mark_of(queries.template_version(draft.version_id)) if draft else ""
    form = LoadForm(data={"mark": mark})
    if form.validate_on_submit() and (read := _read(form)):
        try:
            with transaction():
                made = services.load_as_draft(own_code, read, mark=form.mark.data or "", by=actor)
            flash(f"Version {made.version} is now a draft of what the file says.", "success")
            if warning := rules.why_look_again(read, code=own_code, published=published):
                flash(warning, "warning")
            return redirect(url_for("indicators.edit_draft", own_code=own_code, version=made.version))
        except Refused as refusal:
            refuse(form, refusal)
            form.mark.data = mark
    return render_template("indicators/load_version.html", form=form, newest=newest, draft=draft)


def _read(form: LoadForm) -> AuditTemplate | None:
    """The template in the file that was chosen, or None with what is wrong shown in the form."""
    content = form.file.data.read(rules.LARGEST_TEMPLATE_FILE + 1)
    try:
        return rules.read_template(
            content, queries.known(current_actor().terms)
        )  # before the transaction: it takes a while
    except CatalogueProblems as found:
        form.refuse_file([_sentence(problem) for problem in found.problems])
    except Refused as refusal:
        refuse(form, Refused(refusal.reason, "file"))
    return None


def _sentence(problem: Problem) -> str:
    return str(problem) if problem.place else f"The file {problem.mending}"
