"""The pages whose forms are kept while somebody types into them, and when a page's form was taken.

A page that has such a form carries a signed note of its address and of who opened it. Only with that note is anything
kept, so nobody keeps a text anywhere but at a page that they could open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import BadRequest, Forbidden

from audit_app.accounts import queries, services
from audit_app.accounts.rules import Viewer
from audit_app.core import clock
from audit_app.core.db import transaction

IsGone = TypeVar("IsGone", bound=Callable[..., bool])
_ends: dict[str, Callable[..., bool]] = {}


def no_drafts_once(*endpoints: str) -> Callable[[IsGone], IsGone]:
    """Decorates a function that says whether what these pages are about was destroyed: nothing typed there is kept from
    then on, also of a page that is still open. It gets the viewer and the parts of the address, inside the deed that
    keeps the draft, and locks what it looks at."""

    def register(is_gone: IsGone) -> IsGone:
        _ends.update(dict.fromkeys(endpoints, is_gone))
        return is_gone

    return register


def is_gone(address: str, viewer: Viewer) -> bool:
    """Whether what the page at an address is about was destroyed since it was opened."""
    endpoint, values = current_app.url_map.bind("").match(f"/p/{g.slug}{address}", method="GET")
    ends = _ends.get(endpoint)
    return ends is not None and ends(viewer, **{name: value for name, value in values.items() if name != "slug"})


@dataclass(frozen=True)
class PageKept:
    """What the form of this page needs: the note to keep it with, and what was typed into it before."""

    note: str
    draft: queries.DraftShown | None

    @property
    def milliseconds(self) -> int:
        """When it was kept, as a browser counts."""
        return milliseconds(self.draft.kept_at) if self.draft else 0


def milliseconds(at: datetime) -> int:
    """A moment, as a browser counts."""
    return round(at.timestamp() * 1000)


def page_kept() -> PageKept:
    """For a template: of the page that is being shown. What comes back from a press has its text in its fields."""
    viewer: Viewer = g.viewer
    address = _address_here()
    is_read = request.method == "GET"
    draft = queries.draft_at(viewer, address, at=clock.now()) if is_read else None
    return PageKept(_signer().dumps([viewer.id, viewer.partnership_id, address]), draft)


def address_noted(note: str, viewer: Viewer) -> str:
    """The page of which a note says that the viewer opened it.

    Raises:
        BadRequest: the service did not write it.
        Forbidden: it is somebody else's, or of another partnership.
    """
    try:
        person_id, partnership_id, address = _signer().loads(note)
    except BadData as error:
        raise BadRequest from error
    if (person_id, partnership_id) != (viewer.id, viewer.partnership_id):
        raise Forbidden
    return str(address)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="a page with a draft")


def _address_here() -> str:
    """The address of this page after the partnership's own part of it."""
    return request.path.removeprefix(f"/p/{g.slug}")


def _forget_what_was_taken(response: Response) -> Response:
    """A form was taken if its own page answers by leading on. Signing in again, and a form that is kept whole because
    its token was old, lead on as well, and nothing is forgotten."""
    viewer: Viewer | None = g.get("viewer")
    leads_on = request.method == "POST" and response.status_code in {302, 303}
    if not leads_on or viewer is None or not current_user.is_authenticated or g.get("is_post_kept"):
        return response
    address = _address_here()
    if queries.has_draft(viewer, address):
        with transaction():
            services.forget_draft(address, by=viewer)
    return response


def init_app(app: Flask) -> None:
    """Let templates mark forms that are kept, and forget what was taken."""
    app.add_template_global(page_kept)
    app.after_request(_forget_what_was_taken)
