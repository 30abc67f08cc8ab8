"""Who may use a route. Deny by default: a route that declares nothing answers nobody.

Each view says so under its route decorator: `@allow(Role.COORDINATOR)`, `@members` (any role in the partnership of the
address), `@signed_in` (any person, no partnership open) or `@public`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user
from flask_security import logout_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, Unauthorized
from werkzeug.wrappers import Response

from audit_app.accounts import queries, services
from audit_app.accounts.access import drafts, sign_in, words
from audit_app.accounts.access.passwords import new_password_hash, password_link
from audit_app.accounts.access.sign_in import datastore
from audit_app.accounts.access.words import terms_here
from audit_app.accounts.rules import Role, Viewer
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.web import error_page

__all__ = [
    "SECURITY_ROUTES",
    "Access",
    "Who",
    "access_of",
    "allow",
    "current_actor",
    "datastore",
    "guard",
    "has_left",
    "init_app",
    "may_use",
    "members",
    "new_password_hash",
    "no_activity",
    "partnership_blueprint",
    "password_link",
    "public",
    "signed_in",
    "terms_here",
]

View = TypeVar("View", bound=Callable[..., object])


class Who(StrEnum):
    """The circles of people that a route can be for."""

    PUBLIC = "anyone"
    SIGNED_IN = "anyone who is signed in"
    MEMBERS = "any member of the partnership"
    ROLES = "members with one of the named roles"


@dataclass(frozen=True)
class Access:
    """What a route declared."""

    who: Who
    roles: frozenset[Role] = frozenset()
    is_activity: bool = True


SECURITY_ROUTES = {
    "static": Access(Who.PUBLIC),
    "security.login": Access(Who.PUBLIC),
    "security.logout": Access(Who.PUBLIC),
    "security.forgot_password": Access(Who.PUBLIC),
    "security.reset_password": Access(Who.PUBLIC),
}
"""The routes that Flask and Flask-Security register themselves, with who may use them. Others are not registered."""


def allow(*roles: Role) -> Callable[[View], View]:
    """Declare that members with any of these roles may use a route of a partnership."""
    return _declare(Access(Who.ROLES, frozenset(roles)))


def _declare(access: Access) -> Callable[[View], View]:
    def declared(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return declared


members = _declare(Access(Who.MEMBERS))
signed_in = _declare(Access(Who.SIGNED_IN))
public = _declare(Access(Who.PUBLIC))


def no_activity(view: View) -> View:
    """Declare, above the other declaration, that a route is called without anyone doing anything (a poll, a page that
    saves by itself).

    It does not keep a session open, and what comes to it after the session has ended is not kept to be sent later.
    """
    view.access = replace(view.access, is_activity=False)  # type: ignore[attr-defined]
    return view


def partnership_blueprint(name: str, import_name: str, prefix: str = "/p/<slug>") -> Blueprint:
    """A blueprint whose addresses name the partnership: `/p/<slug>/...`. Its views do not receive `slug`.

    With another prefix, routes that belong to a partnership begin with `/p/<slug>` themselves.
    """
    blueprint = Blueprint(name, import_name, url_prefix=prefix or None)

    @blueprint.url_value_preprocessor
    def take_slug(_endpoint: str | None, values: dict[str, object] | None) -> None:
        if values and "slug" in values:
            g.slug = values.pop("slug")

    @blueprint.url_defaults
    def add_slug(endpoint: str, values: dict[str, object]) -> None:
        if "slug" not in values and "slug" in g and current_app.url_map.is_endpoint_expecting(endpoint, "slug"):
            values["slug"] = g.slug

    return blueprint


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What the route behind an endpoint declared, or None."""
    if endpoint in SECURITY_ROUTES:
        return SECURITY_ROUTES[endpoint]
    return getattr(app.view_functions[endpoint], "access", None)


def current_actor() -> Viewer:
    """The person behind this request, in the partnership of its address."""
    viewer: Viewer = g.viewer
    return viewer


def guard() -> Response | tuple[str, int] | None:
    """Before each request: find out who asks, and stop whoever may not."""
    g.viewer = None
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    if access is None:
        abort(403)
    if access.who is not Who.PUBLIC and sign_in.has_expired():
        return _end_session(access)
    if "slug" in g and current_user.is_authenticated:
        is_known = "asker" in g  # since whose session this is was asked
        g.viewer = g.pop("asker") if is_known else queries.viewer(current_user.id, g.slug, today=clock.today())
    return None if access.who is Who.PUBLIC else _stop(access)


def _end_session(access: Access) -> Response | tuple[str, int] | None:
    """The session was idle for too long. Whose it was is remembered, for what they may still send."""
    person_id = current_user.id
    logout_user()
    session[sign_in.WAS] = person_id
    if request.method == "GET":
        flash("You were signed out because nothing was done for a while. Sign in again.")
    return _stop(access)


def _sign_in_to_send() -> Response | None:
    """Keep the form that came after its session had ended, and lead to signing in. None where there is nothing to keep,
    or where nobody knows whose it was."""
    if not _keep_what_was_sent(session.get(sign_in.WAS)):
        return None
    flash("You were signed out because nothing was done for a while. What you typed is kept: sign in to send it.")
    return redirect(url_for("security.login", next=url_for("accounts.show_kept")))


def _keep_what_was_sent(person_id: int | None) -> bool:
    """Keep the form of this request for a person, encrypted and for an hour. Whether there was one."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    if person_id is None or not fields:
        return False
    with transaction():
        services.keep_post(person_id, address=request.full_path.rstrip("?"), fields=fields)
    g.is_post_kept = True
    return True


def _stop(access: Access) -> Response | tuple[str, int] | None:
    if not current_user.is_authenticated:
        if request.method == "GET":
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        # What a page sends by itself it also keeps by itself, and says so.
        return (_sign_in_to_send() if access.is_activity else None) or abort(401)
    if access.is_activity:
        sign_in.note_activity()
    if access.who is Who.SIGNED_IN:
        return None
    if g.viewer is None:
        return _not_a_member()
    if access.who is Who.ROLES and not g.viewer.has(*access.roles):
        abort(403)
    return None


def _not_a_member() -> tuple[str, int]:
    """Another partnership's page is not there. Someone who has left is told so, and signed out."""
    if queries.partnerships_of(current_user.id, today=clock.today()):
        abort(404)
    return has_left()


def has_left() -> tuple[str, int]:
    """The answer to someone whose last role has ended while they were signed in."""
    logout_user()
    title = "Your access to this service has ended"
    return render_template("layouts/error.html", title=title, advice=sign_in.HAS_LEFT), 403


def _csrf_failed(error: CSRFError) -> Response | tuple[str, int] | HTTPException:
    """A page that was open for too long has no valid token: say so instead of “a problem with what was sent”."""
    if request.endpoint == "security.login":
        flash("This page was open for a long time. Sign in again.")
        return redirect(url_for("security.login", next=sign_in.safe_next(request.form.get("next", "")) or None))
    # The token goes with its session. What a page of our own sends later is kept, and its person decides about it.
    access = access_of(current_app, request.endpoint) if request.endpoint else None
    is_kept = access is None or access.is_activity  # what a page sends by itself it also keeps by itself
    is_ours = is_kept and request.headers.get("Origin") == request.host_url.rstrip("/")
    if not current_user.is_authenticated:
        return (_sign_in_to_send() if is_ours else None) or error_page(Unauthorized())
    if is_ours and _keep_what_was_sent(current_user.id):
        return redirect(url_for("accounts.show_kept"))
    return error_page(error)


def init_app(app: Flask) -> None:
    """Put Flask-Security behind the doors: it hashes passwords and keeps the session; `guard` decides the rest."""
    sign_in.init_app(app)
    words.init_app(app)
    drafts.init_app(app)
    app.before_request(guard)
    app.register_error_handler(CSRFError, _csrf_failed)
    app.add_template_global(may_use)


def may_use(endpoint: str) -> bool:
    """Whether the person behind this request may use a route: pages offer no link that would be refused."""
    if endpoint not in current_app.view_functions:
        return False
    access = access_of(current_app, endpoint)
    if access is not None and access.who is Who.PUBLIC:
        return True
    viewer = g.get("viewer")
    if access is None or viewer is None:
        return False
    return access.who is not Who.ROLES or viewer.has(*access.roles)
