"""The list of panels, and the pages on which one is planned, looked at and changed."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries as accounts
from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.rules import CASE_STATE_WORDS
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused, Stale
from audit_app.core.forms import whole_number
from audit_app.core.web import refuse, stop_before_typing
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import IN_THE_ROOM, ON_PAPER, PanelChoices, PanelForm
from audit_app.panels.queries import PanelRow
from audit_app.panels.rules import ATTENDANCE_WORDS, Attendance
from audit_app.panels.views.blueprint import CASE_COLOURS, SITS, blueprint
from audit_app.rounds import queries as rounds


@blueprint.get("/panels")
@allow(Role.COORDINATOR, Role.SCRUTINEER, *SITS)
def my_panels() -> str:
    viewer = current_actor()
    page = max(1, request.args.get("page", 1, type=whole_number))
    return render_template(
        "panels/my_panels.html",
        panels=queries.panels_of(viewer, page=page),
        page=page,
        to_plan=queries.rounds_to_plan(viewer.partnership_id) if viewer.has(Role.COORDINATOR) else (),
    )


@blueprint.route("/rounds/<reference>/panels/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def plan_panel(reference: str) -> str | Response:
    actor = current_actor()
    found = rounds.round_by_reference(actor.partnership_id, reference)
    stop_before_typing(rules.why_not_plan(found.state))
    cases = queries.cases_to_place(actor.partnership_id, found.id)
    choices, agencies = _people(actor.partnership_id, found.id)
    form = PanelForm(
        choices,
        held_on=found.panel_on,
        minutes_per_case=rules.MINUTES_PER_CASE,
        rates=IN_THE_ROOM,
        cases=[case.id for case in cases],
    )
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.plan_panel(found.id, **_wanted(form, agencies), by=actor, at=now())
            flash("The panel is planned.", "success")
            return redirect(url_for("panels.show_panel", panel_id=made.id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "panels/plan_panel.html",
        round_reference=found.reference,
        round_title=found.title,
        panel=None,
        form=form,
        cases=cases,
        case_words=CASE_STATE_WORDS,
    )


@blueprint.route("/panels/<int:panel_id>/change", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def change_panel(panel_id: int) -> str | Response:
    actor = current_actor()
    panel = queries.panel(actor, panel_id)
    stop_before_typing(rules.why_not_change(panel.round_state, cases=panel.cases, agreed=panel.agreed))
    choices, agencies = _people(actor.partnership_id, panel.round_id, panel)
    form = PanelForm(choices, **_kept(panel))
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_panel(panel_id, **_wanted(form, agencies), version=form.version.data, by=actor)
            flash("The panel is changed.", "success")
            return redirect(url_for("panels.show_panel", panel_id=panel_id))
        except Refused as refusal:
            refuse(form, refusal)
            if isinstance(refusal, Stale):
                form.version.data = refusal.version
    return render_template(
        "panels/plan_panel.html",
        round_reference=panel.round_reference,
        round_title=panel.round_title,
        panel=panel,
        form=form,
        cases=queries.cases_to_place(actor.partnership_id, panel.round_id, panel_id),
        case_words=CASE_STATE_WORDS,
        members=queries.panel_members(actor.partnership_id, panel_id),
    )


@blueprint.get("/panels/<int:panel_id>")
@allow(Role.COORDINATOR, Role.SCRUTINEER, *SITS)
def show_panel(panel_id: int) -> str:
    viewer = current_actor()
    panel = queries.panel(viewer, panel_id)
    cases = queries.panel_cases(viewer.partnership_id, panel_id)
    return render_template(
        "panels/show_panel.html",
        panel=panel,
        cases=cases,
        begins=[rules.begins_at(panel.timing, place) for place in range(len(cases))],
        fits=rules.what_fits(panel.timing, len(cases)),
        **_people_shown(viewer, panel),
        is_planner=viewer.has(Role.COORDINATOR),
        is_chair=rules.is_chair(viewer, panel.chair_id),
        why_not_change=rules.why_not_change(panel.round_state, cases=panel.cases, agreed=panel.agreed),
        why_not_plan=rules.why_not_plan(panel.round_state),
        state_words=CASE_STATE_WORDS,
        colours=CASE_COLOURS,
    )


def _people_shown(viewer: Viewer, panel: PanelRow) -> dict[str, Any]:
    """The members of a panel as its page shows them, and what the viewer may record of them."""
    members = queries.panel_members(viewer.partnership_id, panel.id)
    mine = next((member for member in members if member.person_id == viewer.id), None)
    is_recorded = not rules.why_not_attend(panel.round_state)
    has_come = mine is not None and mine.attendance is Attendance.PRESENT
    return {
        "members": members,
        "conflicts": queries.conflicts_on_panel(viewer.partnership_id, panel.id),
        "attendance_words": ATTENDANCE_WORDS,
        "may_record": is_recorded
        and rules.may_record_attendance(viewer, panel.chair_id, is_seated=mine is not None)
        and bool(members),
        "may_say_here": is_recorded and mine is not None and not has_come and panel.held_on <= today(),
        "may_mark": viewer.has(Role.COORDINATOR) or mine is not None or viewer.id == panel.chair_id,
    }


def _people(
    partnership_id: int, round_id: int, panel: PanelRow | None = None
) -> tuple[PanelChoices, Mapping[int, int | None]]:
    """Who can chair and who can sit, and for which agency they sit. Whoever sits already stays among them.

    A role outlives its agency, so agencies that have ended have their names here too. Someone whose agency takes no
    part in the round may sit all the same; the words of the choice say so.
    """
    takes_part = {one.id for one in rounds.participating_agencies(partnership_id, round_id)}
    names: dict[int | None, str] = {
        one.id: one.name if one.id in takes_part else f"{one.name} (takes no part in this round)"
        for one in accounts.agencies(partnership_id, with_ended=True)
    }
    chairs = {one.id: one.name for one in accounts.people_with_role(partnership_id, Role.PANEL_CHAIR, today=today())}
    seats: dict[int, tuple[str, int | None]] = {}
    for role in (Role.NOTE_TAKER, Role.PANEL_MEMBER):
        for one in accounts.people_with_role(partnership_id, role, today=today()):
            seats[one.id] = (one.name, one.agency_id)
    if panel is not None:
        chairs[panel.chair_id] = panel.chair
        seats.setdefault(panel.chair_id, (panel.chair, None))  # once it has begun they stay, as a member
        for member in queries.panel_members(partnership_id, panel.id):
            seats[member.person_id] = (member.name, member.agency_id)
    terms = current_actor().terms
    names[None] = terms.said(Role.NOTE_TAKER)
    members = [(str(person), f"{name}, {names[agency]}") for person, (name, agency) in seats.items()]
    choices = PanelChoices(
        [(str(person), name) for person, name in chairs.items()], sorted(members, key=_by_words), terms
    )
    return choices, {person: agency for person, (_, agency) in seats.items()}


def _by_words(choice: tuple[str, str]) -> str:
    return choice[1]


def _kept(panel: PanelRow) -> dict[str, Any]:
    """What the form shows of a panel as it is."""
    partnership_id = current_actor().partnership_id
    return {
        "held_on": panel.held_on,
        **vars(panel.timing),
        "rates": ON_PAPER if panel.is_on_paper else IN_THE_ROOM,
        "place": panel.place,
        "chair": str(panel.chair_id),
        "members": [str(member.person_id) for member in queries.panel_members(partnership_id, panel.id)],
        "cases": [case.id for case in queries.panel_cases(partnership_id, panel.id)],
        "version": panel.version,
    }


def _wanted(form: PanelForm, agencies: Mapping[int, int | None]) -> dict[str, Any]:
    """What the form asks for, as the deeds take it."""
    members = [int(person) for person in form.members.data or ()]
    return {
        "held_on": form.held_on.data,
        "timing": form.timing,
        "is_on_paper": form.rates.data == ON_PAPER,
        "place": form.place.data or "",
        "chair_id": int(form.chair.data),
        "members": {person: agencies[person] for person in members},
        "case_ids": form.cases.data,
    }
