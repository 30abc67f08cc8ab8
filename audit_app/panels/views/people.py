"""The pages about a panel's people: who came, whose own case it is, and the file for their calendars."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.clock import LONDON, now
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.forms import Choices, whole_number
from audit_app.core.web import refuse
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import AttendanceForm, ConflictForm
from audit_app.panels.queries import CaseOfPeople, PanelRow
from audit_app.panels.rules import ATTENDANCE_WORDS
from audit_app.panels.views.blueprint import SITS, blueprint
from reports.calendar_file import Meeting, calendar_of


@blueprint.route("/panels/<int:panel_id>/attendance", methods=["GET", "POST"])
@allow(Role.COORDINATOR, *SITS)
def attendance(panel_id: int) -> str | Response:
    actor = current_actor()
    panel, members = queries.panel(actor, panel_id), queries.panel_members(actor.partnership_id, panel_id)
    if request.method == "POST":
        wanted = AttendanceForm(request.form, [member.person_id for member in members]).wanted
        with transaction():
            changed = services.record_attendance(panel_id, wanted, by=actor)
        flash("Who came is recorded." if changed else "Nothing was changed.", "success" if changed else "message")
        return redirect(url_for("panels.show_panel", panel_id=panel_id))
    is_seated = any(member.person_id == actor.id for member in members)
    return render_template(
        "panels/attendance.html",
        panel=panel,
        members=members,
        words=ATTENDANCE_WORDS,
        may_record=rules.may_record_attendance(actor, panel.chair_id, is_seated=is_seated),
        why_not=rules.why_not_attend(panel.round_state),
    )


@blueprint.post("/panels/<int:panel_id>/here")
@allow(*SITS)
def say_here(panel_id: int) -> Response:
    actor = current_actor()
    with transaction():
        is_new = services.say_here(panel_id, by=actor)
    if is_new:
        flash("It is recorded that you are here.", "success")
    return redirect(url_for("panels.show_panel", panel_id=panel_id))


@blueprint.get("/panels/<int:panel_id>/calendar.ics")
@allow(Role.COORDINATOR, Role.SCRUTINEER, *SITS)
def calendar_file(panel_id: int) -> Response:
    panel = queries.panel(current_actor(), panel_id)
    name = f"panel-{panel.round_reference}-{panel.held_on:%Y-%m-%d}.ics"
    return Response(
        calendar_of(_meeting(panel)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _meeting(panel: PanelRow) -> Meeting:
    """A panel as calendars keep it: nothing of its cases."""
    page = url_for("panels.show_panel", panel_id=panel.id, _external=True)
    span = rules.span_of(panel.held_on, panel.timing, panel.cases)
    starts, ends = (None, None) if span is None else (one.replace(tzinfo=LONDON) for one in span)
    return Meeting(
        uid=f"panel-{panel.id}@{request.host.partition(':')[0]}",
        sequence=panel.version,
        written_at=now(),
        held_on=panel.held_on,
        starts=starts,
        ends=ends,
        summary=f"Audit panel {panel.round_reference}",
        location=panel.place,
        description=f"Its cases and people are on the panel's page: {page}",
        url=page,
    )


@blueprint.route("/panels/cases/<reference>/conflicts", methods=["GET", "POST"])
@allow(Role.COORDINATOR, *SITS)
def conflicts(reference: str) -> str | Response:
    actor = current_actor()
    case = queries.case_of_people(actor, reference)
    marked = [one for one in queries.conflicts_on_panel(actor.partnership_id, case.panel_id) if one.case_id == case.id]
    people = _who_can_be_marked(actor, case, {one.person_id for one in marked})
    form = ConflictForm(people, person=people[0][0] if len(people) == 1 else "")
    try:
        if said := _marked(case, form, by=actor):
            flash(said, "success")
            return redirect(url_for("panels.conflicts", reference=reference))
    except Refused as refusal:
        refuse(form, refusal)
    return render_template(
        "panels/conflicts.html",
        case=case,
        marked=marked,
        people=people,
        form=form,
        may_steer=rules.may_steer(actor, case.chair_id),
        why_not=rules.why_not_mark(case.state, case.round_state, terms=actor.terms),
    )


def _marked(case: CaseOfPeople, form: ConflictForm, *, by: Viewer) -> str:
    """Do what was sent from the page of conflicts, and say so; nothing where the form lacks something."""
    if form.is_submitted() and "unmark" in request.form:
        person_id = request.form.get("unmark", 0, type=whole_number)
        with transaction():
            services.unmark_conflict(case.id, person_id, by=by)
        return f"The mark is taken away: they rate {case.reference} again."
    if form.validate_on_submit():
        with transaction():
            services.mark_conflict(case.id, int(form.person.data), reason=form.reason.data, by=by, at=now())
        return f"It is marked. They are left out of the rating of {case.reference}."
    return ""


def _who_can_be_marked(viewer: Viewer, case: CaseOfPeople, marked: set[int]) -> Choices:
    """Who the viewer can leave out of a case: any member, for those who steer the panel; else themselves."""
    members = queries.panel_members(viewer.partnership_id, case.panel_id)
    may_steer = rules.may_steer(viewer, case.chair_id)
    return [
        (str(member.person_id), f"{member.name}, {member.agency or viewer.terms.said(Role.NOTE_TAKER)}")
        for member in members
        if member.person_id not in marked and (may_steer or member.person_id == viewer.id)
    ]
