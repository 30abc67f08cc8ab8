"""Choosing a partnership, its colour, and the statements that anyone may read."""

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from audit_app.accounts import queries, services
from audit_app.accounts.access import current_actor, has_left, members, public, signed_in
from audit_app.accounts.views.blueprint import accounts
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.settings import settings


@accounts.get("/")
@signed_in
def choose_partnership() -> str | AnyResponse | tuple[str, int]:
    choices = queries.partnerships_of(current_user.id, today=clock.today())
    if not choices:
        return has_left()
    if len(choices) == 1:
        return redirect(choices[0].address)
    return render_template("accounts/choose_partnership.html", choices=choices)


@accounts.get("/signed-in")
@signed_in
def stay_signed_in() -> tuple[str, int]:
    """Asked by a page while somebody types on it: the guard has just noted that they are there."""
    return "", 204


@accounts.get("/kept")
@signed_in
def show_kept() -> str:
    return render_template("accounts/kept.html", kept=queries.kept_form(current_user.id, at=clock.now()))


@accounts.post("/kept/forget")
@signed_in
def forget_kept() -> AnyResponse:
    person_id = current_user.id
    with transaction():
        services.forget_post(person_id)
    flash("What was kept is forgotten.", "success")
    return redirect(url_for("accounts.choose_partnership"))


@accounts.get("/p/<slug>/colour.css")
@members
def colour_css() -> Response:
    colour = current_actor().partnership.colour
    answer = Response(f":root {{ --govuk-brand-colour: {colour}; }}\n", mimetype="text/css")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


@accounts.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("accounts/accessibility.html")


@accounts.get("/privacy")
@public
def privacy() -> str:
    return render_template("accounts/privacy.html")


@accounts.get("/cookies")
@public
def cookies() -> str:
    return render_template("accounts/cookies.html", idle_minutes=settings().idle_minutes)
