"""The outbox."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, partnership_blueprint
from audit_app.accounts.rules import Role
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.forms import whole_number
from audit_app.core.settings import settings
from audit_app.messages import queries, rules, services

messages = partnership_blueprint("messages", __name__)


@messages.get("/outbox")
@allow(Role.ADMINISTRATOR)
def outbox() -> str:
    partnership_id = current_actor().partnership_id
    pages = queries.pages_of_outbox(partnership_id)
    page = min(max(request.args.get("page", 1, type=whole_number), 1), pages)
    return render_template(
        "messages/outbox.html",
        shown=queries.outbox(partnership_id, page=page),
        page=page,
        pages=pages,
        has_server=bool(settings().smtp_host),
        words=rules.STATE_WORDS,
        why_not_read=rules.why_not_read,
        why_not_retry=rules.why_not_retry,
    )


@messages.post("/outbox/<int:message_id>/read")
@allow(Role.ADMINISTRATOR)
def read_message(message_id: int) -> str:
    with transaction():
        message = services.read_kept(message_id, by=current_actor())
    return render_template("messages/message.html", message=message)


@messages.post("/outbox/<int:message_id>/send-again")
@allow(Role.ADMINISTRATOR)
def send_again(message_id: int) -> Response:
    try:
        with transaction():
            services.send_again(message_id, by=current_actor())
        flash("The message will be sent again.", "success")
    except Refused as refusal:
        flash(refusal.reason)
    return redirect(url_for("messages.outbox"))
