"""The delegated partners: who is told when a return is very late, or a concern unanswered."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries, services
from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.forms import DelegatedPartnerForm
from audit_app.accounts.rules import Role
from audit_app.accounts.views.blueprint import accounts
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import refuse

administrators = allow(Role.ADMINISTRATOR)


@accounts.get("/p/<slug>/delegated-partners")
@administrators
def delegated_partners() -> str:
    partnership_id = current_actor().partnership_id
    return render_template(
        "accounts/delegated_partners.html",
        shown=queries.delegated_partners(partnership_id, with_ended=True),
        can_sign_in=queries.who_can_sign_in(partnership_id, today=clock.today()),
    )


@accounts.route("/p/<slug>/delegated-partners/new", methods=["GET", "POST"])
@administrators
def add_delegated_partner() -> str | Response:
    form = DelegatedPartnerForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_delegated_partner(form.details(), by=current_actor())
            flash(f"{form.name.data} was added.", "success")
            return redirect(url_for("accounts.delegated_partners"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/delegated_partner.html", form=form, partner=None)


@accounts.route("/p/<slug>/delegated-partners/<int:partner_id>", methods=["GET", "POST"])
@administrators
def change_delegated_partner(partner_id: int) -> str | Response:
    partner = queries.delegated_partner_here(current_actor().partnership_id, partner_id)
    form = DelegatedPartnerForm(obj=partner)
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_delegated_partner(partner_id, form.details(), by=current_actor())
            flash(f"{form.name.data} was changed.", "success")
            return redirect(url_for("accounts.delegated_partners"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/delegated_partner.html", form=form, partner=partner)


@accounts.post("/p/<slug>/delegated-partners/<int:partner_id>/end", defaults={"is_ended": True})
@accounts.post("/p/<slug>/delegated-partners/<int:partner_id>/bring-back", defaults={"is_ended": False})
@administrators
def end_delegated_partner(partner_id: int, is_ended: bool) -> Response:
    with transaction():
        partner = services.set_delegated_partner_ended(partner_id, is_ended=is_ended, by=current_actor())
    flash(f"{partner.name} {'is told nothing more' if is_ended else 'is told again'}.", "success")
    return redirect(url_for("accounts.delegated_partners"))
