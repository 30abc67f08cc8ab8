"""The page on which a domain of a return is rated."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, no_activity
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.forms import whole_number
from audit_app.core.web import clock_time
from audit_app.indicators.rules import RATED_WORDS
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import DomainForm
from audit_app.returns.queries import CommentShown, ReturnShown
from audit_app.returns.rules import Answer, Gap, ReturnState
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
            return _onwards(viewer, return_id, url_for(".show_return", reference=reference, agency_id=agency_id))
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


def _onwards(viewer: Viewer, return_id: int, to_return: str) -> Response:
    """To what the button or the page named: the next question without an answer, a domain, or back to the return."""
    gap_after = request.form.get("unanswered", type=whole_number)
    if gap_after and (gap := queries.next_gap(viewer.partnership_id, return_id, after=gap_after)):
        return redirect(f"{to_return}/domain/{gap.position}#rating-{gap.indicator_id}")
    flash("Your answers are saved.", "success")
    if gap_after:
        return redirect(to_return)
    position = request.form.get("back", type=whole_number) or request.form.get("next", type=whole_number)
    return redirect(to_return if position is None else f"{to_return}/domain/{position}")


@blueprint.post("/cases/<reference>/return/<int:agency_id>/rating/<int:indicator_id>")
@no_activity
@allow(Role.AUDITOR)
def save_rating(reference: str, agency_id: int, indicator_id: int) -> tuple[dict[str, Any], int]:
    """One answer, for a page that saves by itself. The page itself is drawn nowhere on this way."""
    viewer, form = current_actor(), DomainForm(request.form)
    shown = request.form.get(f"seen-{indicator_id}")
    try:
        with transaction():
            return_id = queries.own_return_id(viewer, reference, agency_id)
            if shown is None:
                abort(400)
            if problem := form.problems.get(indicator_id):
                raise Refused(problem)
            if change := form.changes.get(indicator_id):
                saved = services.save_rating(return_id, indicator_id, change, by=viewer, at=now())
                if saved.is_clash:
                    return _clash(viewer, reference, agency_id, indicator_id, change.answer), 409
                shown = rules.seen(change.answer, saved.version)
    except Refused as refusal:
        return {"state": "refused", "why": refusal.reason}, 409
    gap = rules.gap_in(change.answer) if change else None
    lacks = rules.GAP_WORDS[gap] if gap in {Gap.EVIDENCE, Gap.REASON} else ""
    return {"state": "saved", "seen": shown, "at": clock_time(now()), "lacks": lacks if change else None}, 200


def _clash(viewer: Viewer, reference: str, agency_id: int, indicator_id: int, mine: Answer) -> dict[str, Any]:
    """Both answers side by side, and what the page needs should the one that is kept stand."""
    found = queries.own_return(viewer, reference, agency_id)
    question = queries.question_of(viewer.partnership_id, found.round_id, found.id, indicator_id)
    theirs = question.answer
    levels = queries.levels_of_round(viewer.partnership_id, found.round_id)
    return {
        "state": "clash",
        "seen": rules.seen(theirs, question.version),
        "theirs": {
            "answer": str(theirs.level_id or theirs.kind or ""),
            "reason": theirs.reason,
            "evidence": theirs.evidence,
            "where": theirs.where_on_file,
            "tag": theirs.tag or "neither",
        },
        "html": render_template("returns/rating_clash.html", question=question, mine=mine, levels=levels),
    }
