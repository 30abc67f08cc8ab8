"""What somebody typed and has not saved: kept while they type, listed, and removed."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries, rules, services
from audit_app.accounts.access import current_actor, members, no_activity
from audit_app.accounts.access.drafts import address_noted, is_gone, milliseconds
from audit_app.accounts.views.blueprint import accounts
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import clock_time


@accounts.post("/p/<slug>/drafts/keep")
@no_activity
@members
def keep_draft() -> tuple[dict[str, Any], int]:
    """The fields of one form, for a page that keeps them by itself. Nothing typed, and what was kept is forgotten."""
    viewer, sent, at = current_actor(), request.form.get("typed", ""), now()
    address = address_noted(request.form.get("page", ""), viewer)
    typed = rules.typed_in(sent)
    if sent and typed is None:
        abort(400)
    try:
        with transaction():
            if typed is None:
                services.forget_draft(address, by=viewer)
            elif is_gone(address, viewer):
                raise Refused("what this page was about is no longer there.")
            else:
                services.keep_draft(address, typed, by=viewer, at=at)
    except Refused as refusal:
        return {"why": refusal.reason}, 409
    return {"at": clock_time(at), "milliseconds": milliseconds(at) if typed else ""}, 200


@accounts.get("/p/<slug>/drafts")
@members
def my_drafts() -> str:
    return render_template(
        "accounts/drafts.html",
        drafts=queries.drafts_of(current_actor(), at=now()),
        kept_days=rules.DRAFT_KEPT_FOR.days,
    )


@accounts.post("/p/<slug>/drafts/<int:draft_id>/remove")
@members
def remove_draft(draft_id: int) -> Response:
    with transaction():
        services.remove_draft(draft_id, by=current_actor())
    flash("What you had typed there is removed.", "success")
    return redirect(url_for("accounts.my_drafts"))
