"""Choosing a partnership, its colour, and the statements that anyone may read."""

from flask import Response, redirect, render_template
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from audit_app.accounts import queries
from audit_app.accounts.access import current_actor, has_left, members, public, signed_in
from audit_app.accounts.views.blueprint import accounts
from audit_app.core import clock


@accounts.get("/")
@signed_in
def choose_partnership() -> str | AnyResponse | tuple[str, int]:
    choices = queries.partnerships_of(current_user.id, today=clock.today())
    if not choices:
        return has_left()
    if len(choices) == 1:
        return redirect(choices[0].address)
    return render_template("accounts/choose_partnership.html", choices=choices)


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
    return render_template("accounts/cookies.html")
