"""An auditor's returns, and the coordinator's grid of a round."""

from flask import render_template, request

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import today
from audit_app.core.forms import whole_number
from audit_app.returns import queries, rules
from audit_app.returns.views.blueprint import blueprint
from audit_app.rounds import queries as rounds


@blueprint.get("/returns")
@allow(Role.AUDITOR)
def my_returns() -> str:
    viewer = current_actor()
    return render_template(
        "returns/my_returns.html",
        returns=queries.my_returns(viewer, today=today()),
        has_several_agencies=len(viewer.agencies(Role.AUDITOR)) > 1,
        words=rules.RETURN_STATE_WORDS,
        colours=rules.RETURN_STATE_COLOURS,
    )


@blueprint.get("/returns/earlier")
@allow(Role.AUDITOR)
def earlier_returns() -> str:
    page = max(1, request.args.get("page", 1, type=whole_number))
    lines, has_older = queries.earlier_returns(current_actor(), page=page, today=today())
    return render_template(
        "returns/earlier_returns.html",
        lines=lines,
        page=page,
        has_older=has_older,
        words=rules.RETURN_STATE_WORDS,
        colours=rules.RETURN_STATE_COLOURS,
    )


@blueprint.get("/rounds/<reference>/returns")
@allow(Role.COORDINATOR, Role.SCRUTINEER)
def round_returns(reference: str) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    return render_template(
        "returns/round_returns.html",
        round=found,
        grid=queries.round_grid(viewer, found.id, today=today()),
        progress=queries.progress_of_round(viewer.partnership_id, found.id, today=today()),
        waiting=len(queries.waiting_cases(viewer.partnership_id, found.id)),
        words=rules.RETURN_STATE_WORDS,
        editable=rules.EDITABLE,
        unknown=queries.should_have_known(viewer, found.id),
        time_spent=queries.time_spent(viewer, found.id),
        time_in_words=rules.time_in_words,
    )
