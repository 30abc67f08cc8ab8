"""The domains of a draft: adding, renaming, moving and removing them."""

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import refuse
from audit_app.indicators import queries, services
from audit_app.indicators.forms import DomainForm, RemoveDomainForm
from audit_app.indicators.queries import DraftDomain, VersionShown
from audit_app.indicators.views.blueprint import blueprint
from audit_app.indicators.views.drafting import own_version, to_draft, to_place


def domain_of(shown: VersionShown, domain_id: int) -> DraftDomain:
    """One domain of a draft.

    Raises:
        NotHere: it has no such domain.
    """
    for one in queries.draft_domains(shown.version_id):
        if one.id == domain_id:
            return one
    raise NotHere


@blueprint.route("/templates/<own_code>/<int:version>/domains/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def add_domain(own_code: str, version: int) -> str | Response:
    shown = own_version(own_code, version)
    form = DomainForm()
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.add_domain(shown.version_id, title=form.title.data, by=current_actor())
            said = f"The domain {made.title} is added. Add its questions next."
            return to_place(shown, said, f"domain-{made.id}")
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("indicators/name_domain.html", shown=shown, form=form, domain=None)


@blueprint.route("/templates/<own_code>/<int:version>/domains/<int:domain_id>", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def rename_domain(own_code: str, version: int, domain_id: int) -> str | Response:
    shown = own_version(own_code, version)
    domain, stored = domain_of(shown, domain_id), None
    form = DomainForm(data={"title": domain.title, "edition": domain.edition})
    if form.validate_on_submit():
        try:
            with transaction():
                services.rename_domain(
                    shown.version_id,
                    domain_id,
                    edition=form.edition.data,
                    title=form.title.data,
                    by=current_actor(),
                )
            return to_place(shown, f"The domain is now called {form.title.data}.", f"domain-{domain_id}")
        except Stale as stale:
            refuse(form, stale)
            form.edition.data, stored = stale.version, stale.theirs["title"]
        except Refused as refusal:
            refuse(form, refusal)
    differences = None if stored is None else [(form.title.label.text, stored, form.title.data)]
    return render_template(
        "indicators/name_domain.html", shown=shown, form=form, domain=domain, differences=differences
    )


@blueprint.post("/templates/<own_code>/<int:version>/domains/<int:domain_id>/move")
@allow(Role.COORDINATOR)
def move_domain(own_code: str, version: int, domain_id: int) -> Response:
    shown = own_version(own_code, version)
    with transaction():
        is_up = request.form.get("to") == "up"
        moved = services.move_domain(shown.version_id, domain_id, is_up=is_up, by=current_actor())
        ids = [one.id for one in queries.draft_domains(shown.version_id)]
    said = f"The domain {moved.title} is now {ids.index(domain_id) + 1} of {len(ids)}."
    return to_place(shown, said, f"domain-{domain_id}")


@blueprint.route("/templates/<own_code>/<int:version>/domains/<int:domain_id>/remove", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def remove_domain(own_code: str, version: int, domain_id: int) -> str | Response:
    shown = own_version(own_code, version)
    domain = domain_of(shown, domain_id)
    others = [one for one in queries.draft_domains(shown.version_id) if one.id != domain_id]
    form = RemoveDomainForm([(str(one.id), one.title) for one in others])
    if form.validate_on_submit():
        try:
            with transaction():
                services.remove_domain(shown.version_id, domain_id, move_to=form.chosen_id, by=current_actor())
            flash(f"The domain {domain.title} is removed.", "success")
            return to_draft(shown)
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("indicators/remove_domain.html", shown=shown, form=form, domain=domain, others=others)
