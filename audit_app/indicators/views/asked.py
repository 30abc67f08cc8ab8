"""The questions of a draft: adding, changing, moving and retiring them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import refuse
from audit_app.indicators import queries, rules, services
from audit_app.indicators.forms import (
    AddForm,
    ConfirmForm,
    IndicatorForm,
    MoveForm,
    WriteForm,
    as_answers,
    indicator_form,
    typed_for_other_levels,
)
from audit_app.indicators.queries import VersionShown
from audit_app.indicators.rules import AuditTemplate, TemplateIndicator
from audit_app.indicators.views.blueprint import blueprint
from audit_app.indicators.views.domains import domain_of
from audit_app.indicators.views.drafting import own_version, to_draft, to_place


@blueprint.route("/templates/<own_code>/<int:version>/domains/<int:domain_id>/add", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def add_indicator(own_code: str, version: int, domain_id: int) -> str | Response:
    shown = own_version(own_code, version)
    domain, chosen = domain_of(shown, domain_id), request.args.get("domain", "")
    offered = queries.not_asked(current_actor().partnership_id, shown.version_id)
    form = AddForm([(one.code, f"{one.code} {one.title}") for one in offered if chosen in {"", one.domain}])
    if form.validate_on_submit():
        try:
            with transaction():
                added = services.add_indicator(shown.version_id, domain_id, code=form.code.data, by=current_actor())
            said = f"{added.code} {added.title} is added to {domain.title}."
            return to_place(shown, said, f"indicator-{added.code}")
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "indicators/add_indicator.html",
        shown=shown,
        domain=domain,
        form=form,
        chosen=chosen,
        library_domains=list(dict.fromkeys(one.domain for one in offered)),
    )


@blueprint.route("/templates/<own_code>/<int:version>/domains/<int:domain_id>/write", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def write_indicator(own_code: str, version: int, domain_id: int) -> str | Response:
    shown = own_version(own_code, version)
    domain = domain_of(shown, domain_id)
    form = WriteForm()
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.write_indicator(shown.version_id, domain_id, title=form.title.data, by=current_actor())
            flash(f"{made.code} is added to {domain.title}. Write the rest of it here.", "success")
            return redirect(
                url_for("indicators.change_indicator", own_code=own_code, version=version, asked_code=made.code)
            )
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("indicators/write_indicator.html", shown=shown, domain=domain, form=form)


@blueprint.route("/templates/<own_code>/<int:version>/questions/<asked_code>", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def change_indicator(own_code: str, version: int, asked_code: str) -> str | Response:
    shown, differences = own_version(own_code, version), None
    form = _indicator_form(shown, asked_code)
    if form.validate_on_submit():
        try:
            saved = _save_indicator(shown, asked_code, form)
            return to_place(shown, f"{saved} is saved.", f"indicator-{asked_code}")
        except Stale as stale:
            form = _indicator_form(shown, asked_code)  # for the scale that the draft has by now
            refuse(form, stale)
            differences = _beside_what_is_saved(form, shown, asked_code)
        except Refused as refusal:
            refuse(form, refusal)
    elif form.is_of_another_scale:
        differences = _beside_what_is_saved(form, shown, asked_code) or None
    return render_template(
        "indicators/change_indicator.html",
        shown=shown,
        code=asked_code,
        form=form,
        is_of_library=asked_code in queries.library_codes(),
        differences=differences,
        other_levels=typed_for_other_levels(request.form, form.scale, queries.scales().values()),
    )


def _indicator_form(shown: VersionShown, code: str, **more: object) -> IndicatorForm:
    """The form of an indicator for the scale that the draft has. What was not sent in it is as it is saved."""
    template = queries.template_version(shown.version_id)
    indicator = _asked_in(template, code)
    edition = queries.indicator_edition(shown.version_id, code)
    answers = as_answers(indicator, edition=edition, scale=template.scale)
    return indicator_form(template.scale)(current_actor().terms, data=answers, **more)


def _save_indicator(shown: VersionShown, code: str, form: IndicatorForm) -> str:
    """Save what was answered. Gives the code and the title that it has now."""
    with transaction():
        row = services.change_indicator(
            shown.version_id,
            code,
            edition=form.edition.data,
            scale=form.scale_seen.data,
            wanted=form.wanted(code),
            by=current_actor(),
        )
    return f"{row.code} {row.title}"


def _beside_what_is_saved(form: IndicatorForm, shown: VersionShown, code: str) -> list[tuple[str, str, str]]:
    """Where what was typed differs from what is saved. Whoever has seen it may save: the form is no longer stale."""
    stored = _indicator_form(shown, code, formdata=None)
    form.edition.data, form.scale_seen.data = stored.edition.data, stored.scale_seen.data
    return form.differences(stored)


def _asked_in(template: AuditTemplate, code: str) -> TemplateIndicator:
    found = rules.by_code(template).get(code)
    if found is None:
        raise NotHere
    return found


@blueprint.post("/templates/<own_code>/<int:version>/questions/<asked_code>/move")
@allow(Role.COORDINATOR)
def move_indicator(own_code: str, version: int, asked_code: str) -> Response:
    shown = own_version(own_code, version)
    with transaction():
        is_up = request.form.get("to") == "up"
        moved = services.move_indicator(shown.version_id, asked_code, is_up=is_up, by=current_actor())
        said = _where_it_is(shown, moved.code, moved.title)
    return to_place(shown, said, f"indicator-{asked_code}")


def _where_it_is(shown: VersionShown, code: str, title: str) -> str:
    """The sentence that says where a question stands after a move."""
    domain = next(one for one in queries.draft_domains(shown.version_id) if code in one.codes)
    return f"{code} {title} is now {domain.codes.index(code) + 1} of {len(domain.codes)} in {domain.title}."


@blueprint.route("/templates/<own_code>/<int:version>/questions/<asked_code>/domain", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def move_to_domain(own_code: str, version: int, asked_code: str) -> str | Response:
    shown = own_version(own_code, version)
    indicator = _asked_in(queries.template_version(shown.version_id), asked_code)
    others = [
        (str(one.id), one.title) for one in queries.draft_domains(shown.version_id) if asked_code not in one.codes
    ]
    form = MoveForm(others)
    if form.validate_on_submit():
        try:
            with transaction():
                domain_id = int(form.domain_id.data)
                services.move_to_domain(shown.version_id, asked_code, domain_id=domain_id, by=current_actor())
                said = _where_it_is(shown, asked_code, indicator.title)
            return to_place(shown, said, f"indicator-{asked_code}")
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("indicators/move_to_domain.html", shown=shown, indicator=indicator, form=form)


@blueprint.route("/templates/<own_code>/<int:version>/questions/<asked_code>/remove", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def remove_indicator(own_code: str, version: int, asked_code: str) -> str | Response:
    shown = own_version(own_code, version)
    indicator = _asked_in(queries.template_version(shown.version_id), asked_code)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.remove_indicator(shown.version_id, asked_code, by=current_actor())
            flash(f"{indicator.code} {indicator.title} is no longer asked.", "success")
            return to_draft(shown)
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("indicators/remove_indicator.html", shown=shown, indicator=indicator, form=form)
