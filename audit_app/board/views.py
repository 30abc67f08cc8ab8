"""The published rounds, with their headline findings and the newest one's chart."""

from flask import render_template, request

from audit_app.accounts.access import allow, current_actor, partnership_blueprint
from audit_app.board import queries
from audit_app.core.clock import today
from audit_app.core.forms import whole_number
from audit_app.findings import queries as findings
from audit_app.findings.rules import COUNTS_SEEN_BY, FINDING_KIND_WORDS
from audit_app.panels.queries import case_action_counts
from audit_app.returns.rules import returns_missing
from reports.figures import levels_chart

blueprint = partnership_blueprint("board", __name__)


@blueprint.get("/board")
@allow(*COUNTS_SEEN_BY)
def published() -> str:
    partnership_id = current_actor().partnership_id
    page = max(1, request.args.get("page", 1, type=whole_number))
    shown = queries.published(partnership_id, page=page)
    newest, chart, missing = None, None, ""
    if shown.rounds and page == 1:
        newest = shown.rounds[0]
        frame = findings.frame_of(partnership_id, newest.id)
        graded = findings.graded(findings.agreed_counts(partnership_id, frame))
        chart = levels_chart(frame.scale, graded) if graded else None
        missing = returns_missing(findings.missing_returns(partnership_id, newest.id), newest.cases)
    return render_template(
        "board/published.html",
        rounds=shown.rounds,
        pages=shown.pages,
        page=page,
        newest=newest,
        newest_chart=chart,
        missing=missing,
        kinds=FINDING_KIND_WORDS,
        case_actions=case_action_counts(partnership_id, [one.id for one in shown.rounds], today=today()),
    )
