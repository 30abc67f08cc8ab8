"""Agencies, bodies and areas."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries, rules, services
from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.forms import AgencyForm, AreaForm, BodyForm
from audit_app.accounts.rules import AgencyKind, BodyKind, Role
from audit_app.accounts.views.blueprint import accounts
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.forms import Choices
from audit_app.core.web import refuse

managers = allow(Role.ADMINISTRATOR, Role.COORDINATOR)
administrators = allow(Role.ADMINISTRATOR)


@accounts.get("/p/<slug>/agencies")
@managers
def agencies() -> str:
    shown = queries.agencies(current_actor().partnership_id, with_ended=True)
    return render_template(
        "accounts/agencies.html",
        shown=shown,
        words=current_actor().terms.agency_kinds,
        partners=_partners(with_ended=True),
        can_sign_in=queries.who_can_sign_in(current_actor().partnership_id, today=clock.today()),
    )


def _partners(*, with_ended: bool = False) -> dict[int, str]:
    """The delegated partners by id, as pages name them."""
    found = queries.delegated_partners(current_actor().partnership_id, with_ended=with_ended)
    return {partner.id: f"{partner.organisation} ({partner.name})" for partner in found}


def _partner_choices(kept: int | None = None) -> Choices:
    """The delegated partners to choose from; the one that is kept stays among them though they have ended."""
    offered = _partners()
    everyone = _partners(with_ended=True) if kept is not None and kept not in offered else offered
    return [(str(one), words) for one, words in everyone.items() if one in offered or one == kept]


@accounts.route("/p/<slug>/agencies/new", methods=["GET", "POST"])
@administrators
def add_agency() -> str | Response:
    form = AgencyForm(current_actor().terms, _partner_choices())
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_agency({**form.details(), "kind": AgencyKind(form.kind.data)}, by=current_actor())
            flash(f"{form.name.data} was added.", "success")
            return redirect(url_for("accounts.agencies"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/agency.html", form=form, agency=None)


@accounts.route("/p/<slug>/agencies/<int:agency_id>", methods=["GET", "POST"])
@administrators
def change_agency(agency_id: int) -> str | Response:
    actor = current_actor()
    agency = queries.agency_here(actor.partnership_id, agency_id)
    form = AgencyForm(actor.terms, _partner_choices(agency.delegated_partner_id), obj=agency)
    if form.validate_on_submit():
        try:
            with transaction():
                details = {**form.details(), "kind": AgencyKind(form.kind.data)}
                services.change_agency(agency_id, details, by=current_actor())
            flash(f"{form.name.data} was changed.", "success")
            return redirect(url_for("accounts.agencies"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/agency.html", form=form, agency=agency)


@accounts.post("/p/<slug>/agencies/<int:agency_id>/end", defaults={"is_ended": True})
@accounts.post("/p/<slug>/agencies/<int:agency_id>/bring-back", defaults={"is_ended": False})
@administrators
def end_agency(agency_id: int, is_ended: bool) -> Response:
    with transaction():
        agency = services.set_agency_ended(agency_id, is_ended=is_ended, by=current_actor())
    flash(f"{agency.name} {'has ended' if is_ended else 'is offered again'}.", "success")
    return redirect(url_for("accounts.agencies"))


@accounts.get("/p/<slug>/bodies")
@administrators
def bodies() -> str:
    shown = queries.bodies(current_actor().partnership_id, with_ended=True)
    return render_template("accounts/bodies.html", shown=shown, words=rules.BODY_KIND_WORDS)


@accounts.route("/p/<slug>/bodies/new", methods=["GET", "POST"])
@administrators
def add_body() -> str | Response:
    form = BodyForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_body(name=form.name.data, kind=BodyKind(form.kind.data), by=current_actor())
            flash(f"{form.name.data} was added.", "success")
            return redirect(url_for("accounts.bodies"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/body.html", form=form, body=None)


@accounts.route("/p/<slug>/bodies/<int:body_id>", methods=["GET", "POST"])
@administrators
def change_body(body_id: int) -> str | Response:
    body = queries.body_here(current_actor().partnership_id, body_id)
    form = BodyForm(obj=body)
    if form.validate_on_submit():
        try:
            with transaction():
                kind = BodyKind(form.kind.data)
                services.change_body(body_id, name=form.name.data, kind=kind, by=current_actor())
            flash(f"{form.name.data} was changed.", "success")
            return redirect(url_for("accounts.bodies"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/body.html", form=form, body=body)


@accounts.post("/p/<slug>/bodies/<int:body_id>/end", defaults={"is_ended": True})
@accounts.post("/p/<slug>/bodies/<int:body_id>/bring-back", defaults={"is_ended": False})
@administrators
def end_body(body_id: int, is_ended: bool) -> Response:
    with transaction():
        body = services.set_body_ended(body_id, is_ended=is_ended, by=current_actor())
    flash(f"{body.name} {'has ended' if is_ended else 'is offered again'}.", "success")
    return redirect(url_for("accounts.bodies"))


@accounts.get("/p/<slug>/areas")
@administrators
def areas() -> str:
    return render_template("accounts/areas.html", shown=queries.areas(current_actor().partnership_id, with_ended=True))


@accounts.route("/p/<slug>/areas/new", methods=["GET", "POST"])
@administrators
def add_area() -> str | Response:
    form = AreaForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_area(name=form.name.data, by=current_actor())
            flash(f"{form.name.data} was added.", "success")
            return redirect(url_for("accounts.areas"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/area.html", form=form, area=None)


@accounts.route("/p/<slug>/areas/<int:area_id>", methods=["GET", "POST"])
@administrators
def change_area(area_id: int) -> str | Response:
    area = queries.area_here(current_actor().partnership_id, area_id)
    form = AreaForm(obj=area)
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_area(area_id, name=form.name.data, by=current_actor())
            flash(f"{form.name.data} was changed.", "success")
            return redirect(url_for("accounts.areas"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/area.html", form=form, area=area)


@accounts.post("/p/<slug>/areas/<int:area_id>/end", defaults={"is_ended": True})
@accounts.post("/p/<slug>/areas/<int:area_id>/bring-back", defaults={"is_ended": False})
@administrators
def end_area(area_id: int, is_ended: bool) -> Response:
    with transaction():
        area = services.set_area_ended(area_id, is_ended=is_ended, by=current_actor())
    flash(f"{area.name} {'has ended' if is_ended else 'is offered again'}.", "success")
    return redirect(url_for("accounts.areas"))
