"""The partnership's settings."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries, services
from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.forms import SettingsForm
from audit_app.accounts.rules import Role
from audit_app.accounts.views.blueprint import accounts
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import refuse


@accounts.route("/p/<slug>/settings", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def settings() -> str | Response:
    form = SettingsForm(current_actor().terms, obj=queries.partnership_settings(current_actor().partnership_id))
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_settings(form.changes(), by=current_actor())
            flash("The settings were saved.", "success")
            return redirect(url_for("accounts.settings"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/settings.html", form=form)
