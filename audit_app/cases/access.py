"""What every page shows of immediate concerns: read once, before the page, and only where any is open."""

from flask import Flask, current_app, g, request

from audit_app.accounts.access import access_of
from audit_app.cases import queries


def note_open_concerns() -> None:
    """Find the open concerns that the reader of this page was told of. A partnership without any is asked nothing."""
    g.open_concerns = ()
    viewer = g.get("viewer")
    if viewer is None or not viewer.partnership.has_open_concerns or request.endpoint is None:
        return
    access = access_of(current_app, request.endpoint)
    if access is not None and access.is_activity:  # a poll draws no page
        g.open_concerns = queries.open_concerns_told(viewer)


def init_app(app: Flask) -> None:
    """Read them before each request, once `accounts` has found out who asks."""
    app.before_request(note_open_concerns)
