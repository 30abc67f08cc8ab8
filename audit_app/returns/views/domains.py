"""The page on which a domain of a return is rated."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.forms import whole_number
from audit_app.indicators.rules import RATED_WORDS
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import DomainForm
from audit_app.returns.queries import CommentShown, ReturnShown
from audit_app.returns.rules import ReturnState
from audit_app.returns.views.answering import to_return
from audit_app.returns.views.blueprint import blueprint


@blueprint.route("/cases/<reference>/return/<int:agency_id>/domain/<int:position>", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def score_domain(reference: str, agency_id: int, position: int) -> str | Response:
    viewer = current_actor()
    form = DomainForm(request.form)
    if request.method == "POST":
        try:
            with transaction():
                return_id = queries.own_return_id(viewer, reference, agency_id)
                form.clash(services.save_ratings(return_id, form.changes, by=viewer, at=now()))
        except Refused as refusal:
            form.refuse(refusal.reason)
        if not form.errors:
            return _onwards(reference, agency_id)
    found = queries.own_return(viewer, reference, agency_id)
    if request.method == "GET" and rules.why_not_rate(found.standing, terms=viewer.terms):
        return to_return(found)
    return render_template(
        "returns/score_domain.html",
        shown=found,
        form=form,
        is_locked=rules.why_not_rate(found.standing, terms=viewer.terms) is not None,
        page=queries.domain_page(viewer.partnership_id, found.round_id, found.id, position),
        comments=_comments(viewer.partnership_id, found),
        rated_words=RATED_WORDS,
        gap_in=rules.gap_in,
        gap_words=rules.GAP_WORDS,
        seen=rules.seen,
    )


def _comments(partnership_id: int, found: ReturnShown) -> Mapping[int, CommentShown]:
    """What the return was sent back with, by indicator, while it is being changed."""
    is_sent_back = found.state is ReturnState.CHANGES_REQUESTED
    return queries.last_comments(partnership_id, found.id) if is_sent_back else {}


def _onwards(reference: str, agency_id: int) -> Response:
    """To the domain that the page or the button named, or back to the return after the last."""
    flash("Your answers are saved.", "success")
    position = request.form.get("back", type=whole_number) or request.form.get("next", type=whole_number)
    page = "returns.show_return" if position is None else "returns.score_domain"
    return redirect(url_for(page, reference=reference, agency_id=agency_id, position=position))
