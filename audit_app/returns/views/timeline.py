"""All agencies' chronologies of a case on one time line, as far as the viewer may read them."""

from collections import Counter
from collections.abc import Sequence

from flask import render_template, request
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import today
from audit_app.core.forms import is_number
from audit_app.returns import queries, rules
from audit_app.returns.queries import AgencyOfLine, LineEvent
from audit_app.returns.rules import Window
from audit_app.returns.views.blueprint import blueprint

READ_BY = (
    Role.COORDINATOR,
    Role.SCRUTINEER,
    Role.AUDITOR,
    Role.PANEL_CHAIR,
    Role.NOTE_TAKER,
    Role.PANEL_MEMBER,
)


_NONE = {True: "Gave no chronology", False: "No chronology yet"}


@blueprint.get("/cases/<reference>/timeline")
@allow(*READ_BY)
def timeline(reference: str) -> str | Response:
    viewer = current_actor()
    case = queries.case_of_line(viewer, reference, today=today())
    agencies = queries.agencies_of_line(viewer, case.id)
    events = queries.events_of_line(viewer.partnership_id, agencies)
    asked_for = [int(one) for one in request.args.getlist("agency") if is_number(one)]
    chosen = [one for one in agencies if one.id in asked_for]
    shown = [one for one in events if not chosen or one.agency_id in {agency.id for agency in chosen}]
    read = [one for one in agencies if one.is_read]
    return render_template(
        "returns/timeline.html",
        case=case,
        agencies=agencies,
        chosen=chosen,
        line=rules.with_silences([(one.happened_on, one) for one in shown], case.window),
        events=shown,
        rows=_rows(read, events, case.window),
        months=rules.months_of((one.happened_on for one in events), case.window),
        looked_at=rules.months_between(start, case.window.end) if (start := case.window.start) else 0,
        silence_months=rules.SILENCE_MONTHS,
        words=rules.RETURN_STATE_WORDS,
    )


def _rows(agencies: Sequence[AgencyOfLine], events: Sequence[LineEvent], window: Window) -> Sequence[dict[str, object]]:
    """For each agency its events by month, and its own silences: none where it gave no chronology at all."""
    rows = []
    for agency in agencies:
        days = [one.happened_on for one in events if one.agency_id == agency.id]
        inside = [day for day in days if window.holds(day)]
        rows.append(
            {
                "agency": agency,
                "inside": len(inside),
                "outside": len(days) - len(inside),
                "by_month": Counter(day.replace(day=1) for day in inside),
                "silences": rules.silences(days, window) if days else (),
                "gave_none": "" if days else _NONE[agency.state in rules.HANDED_OVER],
            }
        )
    return rows
