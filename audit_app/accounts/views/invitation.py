"""Accepting an invitation."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries, services
from audit_app.accounts.access import new_password_hash, public
from audit_app.accounts.forms import FirstPasswordForm
from audit_app.accounts.views.blueprint import accounts
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import refuse


@accounts.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> str | Response | tuple[str, int]:
    found = queries.invitation_of(services.hash_of(token))
    reason = services.why_not_accept_link(found)
    if reason or found is None:
        return render_template("accounts/invitation_over.html", reason=reason), 410
    person = found[1]
    form = FirstPasswordForm()
    if form.validate_on_submit():
        try:
            password_hash = new_password_hash(form.password.data, email=person.email, name=person.name)
            with transaction():
                services.accept_invitation(token, password_hash=password_hash)
            flash("Your password is set. Sign in with it.", "success")
            return redirect(url_for("security.login"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/accept_invitation.html", form=form, person=person)
