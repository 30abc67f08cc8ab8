"""What becomes of words that were typed about something that somebody else removed meanwhile: they are given back."""

from flask import render_template, request
from werkzeug.exceptions import HTTPException, NotFound

from audit_app.accounts.access import current_actor
from audit_app.core.errors import NotHere
from audit_app.core.web import error_page
from audit_app.indicators import queries
from audit_app.indicators.forms import written_texts
from audit_app.indicators.queries import VersionShown
from audit_app.indicators.views.blueprint import blueprint


@blueprint.errorhandler(NotHere)
def give_back(_nothing: NotHere) -> tuple[str, int] | HTTPException:
    """The page for a form whose question, domain or draft is gone. Where nothing was typed: the page is not there."""
    typed = written_texts(request.form, queries.scales().values()) if request.method == "POST" else []
    if not typed:
        return error_page(NotFound())
    shown = _draft_left()
    removed = "draft" if shown is None else "question" if "asked_code" in (request.view_args or {}) else "domain"
    return render_template("indicators/removed.html", removed=removed, shown=shown, typed=typed), 409


def _draft_left() -> VersionShown | None:
    """The draft that the form was about, if there still is one."""
    named = request.view_args or {}
    try:
        shown = queries.version_seen_by(current_actor(), named.get("own_code", ""), named.get("version", 0))
    except NotHere:
        return None
    return shown if shown.is_own else None
