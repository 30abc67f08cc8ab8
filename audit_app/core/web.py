"""Habits of every page: errors, headers, filters, refusals shown in forms."""

import re
import secrets
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from flask import Flask, Request, Response, abort, g, render_template, request
from flask_wtf import FlaskForm
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from nh3 import clean
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from audit_app.core import clock
from audit_app.core.errors import NotHere, Refused

SERVICE_ERRORS = (400, 401, 403, 404, 405, 409, 413, 429, 500)
_MARKDOWN = MarkdownIt("js-default", {"breaks": True, "linkify": False})
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote"}


def init_web(app: Flask) -> None:
    """Give an application the headers, error pages and filters that every page relies on."""
    app.url_map.converters["int"] = NumberInAddress
    app.before_request(_without_nul)
    app.after_request(_headers)
    app.register_error_handler(HTTPException, error_page)
    app.register_error_handler(NotHere, _not_here)
    app.register_error_handler(Refused, _refused_page)
    filters: dict[str, Callable[..., object]] = {
        "day": day,
        "moment": moment,
        "clock_time": clock_time,
        "ago": ago,
        "narrative": narrative,
        "plural": plural,
        "phone": phone,
    }
    app.jinja_env.filters.update(filters)


class RequestInMemory(Request):
    """A request whose files stay in memory, bounded by MAX_CONTENT_LENGTH.

    Werkzeug lays a file of more than 500 kB on the disk as it comes in; a population file lies there only encrypted.
    """

    def _get_file_stream(self, *_about: Any, **_more: Any) -> BytesIO:
        return BytesIO()


class NumberInAddress(IntegerConverter):
    """A whole number in an address, no larger than the keys of a database can be: a larger one leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def _without_nul() -> None:
    """An address with the character NUL leads nowhere: PostgreSQL can keep nothing with it, nor be asked for it."""
    if "\0" in request.path or "\0" in "".join(request.args.values()):
        abort(404)


def refuse(form: FlaskForm, refusal: Refused) -> None:
    """Show a refusal in the form that asked, beside its field where it names one. What was typed stays in the form."""
    field = form._fields.get(refusal.field) if refusal.field else None
    if field is not None:
        field.errors = [*field.errors, refusal.reason]
    else:
        form.form_errors = [*form.form_errors, refusal.reason]


def stop_before_typing(reason: str | None) -> None:
    """Refuse a page that cannot lead to its deed. Once something was typed the deed itself refuses, in the form."""
    if reason and request.method == "GET":
        raise Refused(reason)


def day(value: date | datetime | None) -> str:
    """A date as people write it: 4 March 2026. Empty for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(clock.LONDON).date()
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime | None) -> str:
    """A moment as people say it: today at 14:05, yesterday at 9:30, 4 March 2026 at 16:20."""
    if value is None:
        return ""
    local = value.astimezone(clock.LONDON)
    at = clock_time(value)
    days = (clock.today() - local.date()).days
    if days == 0:
        return f"today at {at}"
    return f"yesterday at {at}" if days == 1 else f"{day(local.date())} at {at}"


def clock_time(value: datetime | time) -> str:
    """The time of a moment on an English wall clock, or a time of such a clock: 9:30."""
    local = value.astimezone(clock.LONDON) if isinstance(value, datetime) else value
    return f"{local.hour}:{local:%M}"


def ago(value: date | None) -> str:
    """How far a due date is from today: “due today”, “3 days late”, “in 12 days”."""
    if value is None:
        return ""
    days = (value - clock.today()).days
    if days == 0:
        return "due today"
    return f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} late"


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """A count with its noun: 1 case, 9 cases."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def narrative(text: str | None) -> Markup:
    """What a person wrote, as paragraphs and lists. Anything else that looks like HTML is removed."""
    return Markup(clean(_MARKDOWN.render(text or ""), tags=_TAGS, attributes={}))  # noqa: S704 - cleaned above


_NUMBER = re.compile(r"\+?[0-9](?:[ ().-]*[0-9]){2,}")


def phone(text: str | None, link: str = "govuk-link") -> Markup:
    """A telephone number as a link that rings it. What stands beside the number is shown, and not dialled."""
    found = _NUMBER.search((text or "").replace("(0)", "   "))
    if found is None:
        return escape(text or "")
    number = re.sub(r"[^+0-9]", "", found[0])
    return Markup('<a class="{} app-phone" href="tel:{}">{}</a>').format(link, number, text)


def csp_nonce() -> str:
    """The nonce of this answer: its header and its page name the same, whatever stopped the request on its way."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'self'; "
        f"script-src 'self' 'nonce-{csp_nonce()}'; "
        "style-src 'self'; style-src-attr 'unsafe-inline'; "  # Plotly sets style attributes
        "img-src 'self' data: blob:; font-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


_ERROR_WORDS = {
    400: ("There is a problem with what was sent", "Go back, check what you entered and try again."),
    401: ("You are signed out", "Sign in again. What you sent last was not saved."),
    403: (
        "You cannot use this page",
        "Your role in this partnership does not include it. Ask its administrator if it should.",
    ),
    404: ("Page not found", "Check the address. If you followed a link, what it led to may have been removed."),
    405: ("Page not found", "This address cannot be used in that way."),
    409: ("Something changed while you were working", "Go back, look at what is there now and try again."),
    413: ("The file is too large", "The largest file that can be sent is 20 MB."),
    429: ("Too many tries", "Wait 15 minutes, then try again."),
    500: ("Something went wrong", "What you were doing may not have been kept. Try again later."),
}


def error_page(error: HTTPException) -> tuple[str, int] | HTTPException:
    """The page that says in our words what an error of HTTP means."""
    code = error.code or 500
    if code not in _ERROR_WORDS:
        return error
    title, advice = _ERROR_WORDS[code]
    return render_template("layouts/error.html", title=title, advice=advice), code


def _not_here(_error: NotHere) -> tuple[str, int]:
    title, advice = _ERROR_WORDS[404]
    return render_template("layouts/error.html", title=title, advice=advice), 404


def _refused_page(refusal: Refused) -> tuple[str, int]:
    """A refusal that no form was there to show."""
    return render_template("layouts/error.html", title="This cannot be done now", advice=refusal.reason), 409
