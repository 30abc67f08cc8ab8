"""An auditor's returns, and the coordinator's grid of a round."""

from collections.abc import Mapping, Sequence

from flask import render_template, request, url_for

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.clock import today
from audit_app.core.forms import whole_number
from audit_app.returns import queries, rules
from audit_app.returns.queries import CommentShown, GridFilter, ReturnLine, RoundGrid
from audit_app.returns.rules import ReturnState
from audit_app.returns.views.blueprint import blueprint
from audit_app.rounds import queries as rounds


@blueprint.get("/returns")
@allow(Role.AUDITOR)
def my_returns() -> str:
    viewer = current_actor()
    page = max(1, request.args.get("page", 1, type=whole_number))
    found = queries.my_returns(viewer, page=page, today=today())
    return render_template(
        "returns/my_returns.html",
        returns=found,
        waiting=_comments_waiting(viewer, found.owed[0]) if found.owed and page == 1 else (),
        page=page,
        has_several_agencies=len(viewer.agencies(Role.AUDITOR)) > 1,
        words=rules.RETURN_STATE_WORDS,
        colours=rules.RETURN_STATE_COLOURS,
    )


def _comments_waiting(viewer: Viewer, line: ReturnLine) -> Sequence[CommentShown]:
    """The comments with which a return was sent back and whose answers stand unchanged, in the order of its pages."""
    if line.state is not ReturnState.CHANGES_REQUESTED:
        return ()
    comments = queries.last_comments(viewer.partnership_id, line.return_id)
    return [one for one in comments.values() if not one.is_changed]


@blueprint.get("/returns/of-my-agency")
@allow(Role.AGENCY_LEAD)
def agency_returns() -> str:
    """For those who lead an agency: how many returns it owes, and nothing of any case."""
    return render_template(
        "returns/agency_returns.html", lines=queries.returns_of_agencies(current_actor(), today=today())
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
    viewer, asked = current_actor(), request.args
    found = rounds.round_seen_by(viewer, reference)
    state = asked.get("state", "")
    only = GridFilter(
        state=ReturnState(state) if state in set(ReturnState) else None,
        agency_id=asked.get("agency", type=whole_number),
        is_late=asked.get("late") == "yes",
    )
    grid = queries.round_grid(viewer, found.id, only=only, today=today())
    return render_template(
        "returns/round_returns.html",
        round=found,
        grid=grid,
        only=only,
        chosen=_chosen(reference, only, grid),
        progress=queries.progress_of_round(viewer.partnership_id, found.id, today=today()),
        waiting=len(queries.waiting_cases(viewer.partnership_id, found.id)),
        words=rules.RETURN_STATE_WORDS,
        editable=rules.EDITABLE,
        unknown=queries.should_have_known(viewer, found.id),
        time_spent=queries.time_spent(viewer, found.id),
        time_in_words=rules.time_in_words,
    )


def _chosen(reference: str, only: GridFilter, grid: RoundGrid) -> list[tuple[str, str]]:
    """The filters that are on, in words, each with the address of the grid without it."""
    names = {agency_id: name for agency_id, _, name in grid.all_agencies}
    on = {
        "state": (only.state, rules.RETURN_STATE_WORDS[only.state]) if only.state else None,
        "agency": (only.agency_id, names.get(only.agency_id, "An agency that was not asked"))
        if only.agency_id
        else None,
        "late": ("yes", "Late") if only.is_late else None,
    }
    values = {name: chosen[0] for name, chosen in on.items() if chosen}
    return [
        (chosen[1], _grid_at(reference, {other: value for other, value in values.items() if other != name}))
        for name, chosen in on.items()
        if chosen
    ]


def _grid_at(reference: str, values: Mapping[str, object]) -> str:
    return url_for("returns.round_returns", reference=reference, **dict(values))  # type: ignore[arg-type]
