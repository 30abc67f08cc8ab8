"""The pages of actions about one child: their list, raising one, its own page, and what is done with it."""

from flask import Flask, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.cases.queries import may_know_of, may_raise_concern
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.forms import whole_number
from audit_app.core.settings import settings
from audit_app.core.web import refuse, stop_before_typing
from audit_app.history import queries as history
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import (
    FinishCaseActionForm,
    MoveCaseActionForm,
    RaiseCaseActionForm,
    SendCaseActionBackForm,
    WithdrawCaseActionForm,
)
from audit_app.panels.queries import CaseActionFilter, CaseActionRow, CaseToActOn
from audit_app.panels.rules import CASE_ACTION_STATE_WORDS, CaseActionState
from audit_app.panels.views.blueprint import SITS, blueprint

READERS = (Role.COORDINATOR, Role.SCRUTINEER, Role.AUDITOR, Role.AGENCY_LEAD, *SITS)
STEERS = (Role.COORDINATOR, Role.PANEL_CHAIR)


def init_app(app: Flask) -> None:
    """Words and colours for the states that lists show."""
    app.add_template_filter(CASE_ACTION_STATE_WORDS.__getitem__, "case_action_state")
    app.add_template_filter(rules.CASE_ACTION_COLOURS.__getitem__, "case_action_colour")


@blueprint.get("/case-actions")
@allow(*READERS)
def case_actions() -> str:
    viewer = current_actor()
    page = max(1, request.args.get("page", 1, type=whole_number))
    only = _filter(request.args)
    return render_template(
        "panels/case_actions.html",
        actions=queries.case_actions(viewer, only, today=today(), page=page),
        only=only,
        page=page,
        states=list(CASE_ACTION_STATE_WORDS.items()),
        has_agency=bool(viewer.agencies(Role.AUDITOR, Role.AGENCY_LEAD)),
    )


def _filter(asked: MultiDict[str, str]) -> CaseActionFilter:
    state = asked.get("state", "")
    return CaseActionFilter(
        state=CaseActionState(state) if state in set(CaseActionState) else CaseActionState.OPEN,
        round_reference=asked.get("round", ""),
        case_reference=asked.get("case", ""),
        is_late=asked.get("late") == "yes",
        is_own=asked.get("own") == "yes",
    )


@blueprint.route("/cases/<reference>/actions/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR, Role.PANEL_CHAIR, Role.NOTE_TAKER)
def raise_case_action(reference: str) -> str | Response:
    actor = current_actor()
    case = queries.case_to_act_on(actor, reference)
    form = RaiseCaseActionForm(case.agencies)
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.raise_case_action(
                    reference,
                    agency_id=int(form.agency.data),
                    words=form.words.data,
                    working_days=form.working_days.data,
                    are_not_names=form.are_not_names.data,
                    link=_link(),
                    by=actor,
                    at=now(),
                )
            flash(f"The action is raised. It is due on {made.due_on.day} {made.due_on:%B %Y}.", "success")
            return redirect(_back(case, made.id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "panels/raise_case_action.html",
        case=case,
        form=form,
        back=_back(case),
        back_words="Back to the room" if _is_from_room(case) else "Back to the case",
        why_not=rules.why_not_raise(case.round_state, is_released=case.is_released),
    )


def _is_from_room(case: CaseToActOn) -> bool:
    return case.panel_id is not None and request.args.get("back") == "room"


def _back(case: CaseToActOn, made: int | None = None) -> str:
    """Where one goes from raising an action: to the room one came from, else to the action, or to its case."""
    if _is_from_room(case):
        return url_for("panels.room", panel_id=case.panel_id)
    if made is not None:
        return url_for("panels.show_case_action", case_action_id=made)
    return url_for("home.show_case", reference=case.reference)


def _link() -> str:
    return f"{settings().base_url}{url_for('panels.case_actions')}"


@blueprint.get("/case-actions/<int:case_action_id>")
@allow(*READERS)
def show_case_action(case_action_id: int) -> str:
    viewer = current_actor()
    action = queries.case_action(viewer, case_action_id, today=today())
    is_open, decides = action.state is CaseActionState.OPEN, rules.may_decide(viewer, action.chair_id)
    return render_template(
        "panels/show_case_action.html",
        action=action,
        due_changes=queries.due_changes_of(viewer.partnership_id, case_action_id),
        deeds=history.deeds_on(viewer.partnership_id, "case_action", case_action_id),
        may_finish=is_open and rules.is_owner(viewer, action.agency_id),
        may_move=is_open and decides,
        may_send_back=decides and not rules.why_not_send_back(action.state, action.round_state),
        may_open_case=may_know_of(viewer, action.case_id),
        may_raise_concern=may_raise_concern(viewer, action.case_id),
    )


@blueprint.route("/case-actions/<int:case_action_id>/done", methods=["GET", "POST"])
@allow(Role.AUDITOR, Role.AGENCY_LEAD)
def finish_case_action(case_action_id: int) -> str | Response:
    viewer = current_actor()
    action = queries.case_action(viewer, case_action_id, today=today())
    if not rules.is_owner(viewer, action.agency_id):
        raise NotHere
    stop_before_typing(rules.why_not_change_state(action.state, CaseActionState.DONE))
    form = FinishCaseActionForm(outcome=action.outcome)
    if form.validate_on_submit():
        try:
            with transaction():
                services.finish_case_action(
                    case_action_id,
                    outcome=form.outcome.data,
                    done_on=form.done_on.data,
                    are_not_names=form.are_not_names.data,
                    by=viewer,
                    at=now(),
                )
            return _done(case_action_id, "What your agency did is recorded.")
        except Refused as refusal:
            refuse(form, refusal)
    return _page("finish_case_action", action, form)


@blueprint.route("/case-actions/<int:case_action_id>/send-back", methods=["GET", "POST"])
@allow(*STEERS)
def send_case_action_back(case_action_id: int) -> str | Response:
    action = _to_decide(case_action_id)
    stop_before_typing(rules.why_not_send_back(action.state, action.round_state))
    form = SendCaseActionBackForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.send_case_action_back(
                    case_action_id,
                    reason=form.reason.data,
                    are_not_names=form.are_not_names.data,
                    link=_link(),
                    by=current_actor(),
                    at=now(),
                )
            return _done(case_action_id, "The action is open again, and its agency is told.")
        except Refused as refusal:
            refuse(form, refusal)
    return _page("send_case_action_back", action, form)


@blueprint.route("/case-actions/<int:case_action_id>/due", methods=["GET", "POST"])
@allow(*STEERS)
def move_case_action(case_action_id: int) -> str | Response:
    action = _to_decide(case_action_id)
    stop_before_typing(rules.why_not_move_due(action.state))
    form = MoveCaseActionForm(due_on=action.due_on, version=action.version)
    if form.validate_on_submit():
        try:
            with transaction():
                services.move_case_action(
                    case_action_id,
                    due_on=form.due_on.data,
                    reason=form.reason.data,
                    version=form.version.data,
                    are_not_names=form.are_not_names.data,
                    by=current_actor(),
                    at=now(),
                )
            return _done(case_action_id, "The day is moved.")
        except Stale as stale:
            refuse(form, stale)
            form.version.data, action = stale.version, _to_decide(case_action_id)
        except Refused as refusal:
            refuse(form, refusal)
    return _page("move_case_action", action, form)


@blueprint.route("/case-actions/<int:case_action_id>/withdraw", methods=["GET", "POST"])
@allow(*STEERS)
def withdraw_case_action(case_action_id: int) -> str | Response:
    action = _to_decide(case_action_id)
    stop_before_typing(rules.why_not_change_state(action.state, CaseActionState.WITHDRAWN))
    form = WithdrawCaseActionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.withdraw_case_action(
                    case_action_id,
                    reason=form.reason.data,
                    are_not_names=form.are_not_names.data,
                    by=current_actor(),
                )
            return _done(case_action_id, "The action is withdrawn.")
        except Refused as refusal:
            refuse(form, refusal)
    return _page("withdraw_case_action", action, form)


def _to_decide(case_action_id: int) -> CaseActionRow:
    viewer = current_actor()
    action = queries.case_action(viewer, case_action_id, today=today())
    if not rules.may_decide(viewer, action.chair_id):
        raise NotHere
    return action


def _done(case_action_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("panels.show_case_action", case_action_id=case_action_id))


def _page(name: str, action: CaseActionRow, form: object) -> str:
    viewer = current_actor()
    return render_template(
        f"panels/{name}.html",
        action=action,
        form=form,
        may_raise_concern=may_raise_concern(viewer, action.case_id),
    )
