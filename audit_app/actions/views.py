"""The action plan and the pages of one action."""

from enum import StrEnum
from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, partnership_blueprint
from audit_app.accounts.rules import Role, Viewer
from audit_app.actions import queries, rules, services
from audit_app.actions.forms import ChangeForm, DecisionForm, ProgressForm, ProposeForm, WithdrawForm, owner_value
from audit_app.actions.queries import ACTIONS_A_PAGE, ActionRow, PlanChoices, PlanFilter
from audit_app.actions.rules import ACTION_STATE_WORDS, BRAG_WORDS, ActionState, Brag
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.forms import whole_number
from audit_app.core.web import day, refuse, stop_before_typing
from audit_app.history import queries as history
from audit_app.panels.queries import published_case_action_counts

bp = partnership_blueprint("actions", __name__)

READERS = (Role.COORDINATOR, Role.AGENCY_LEAD, Role.BOARD_MEMBER, Role.SCRUTINEER)
Code = TypeVar("Code", bound=StrEnum)


@bp.get("/actions")
@allow(*READERS)
def plan() -> str:
    viewer, asked = current_actor(), request.args
    page = max(1, asked.get("page", 1, type=whole_number))
    only = PlanFilter(
        agency_id=asked.get("agency", type=whole_number),
        round_reference=asked.get("round", ""),
        state=_code(ActionState, asked.get("state")),
        is_overdue=asked.get("overdue") == "yes",
        brag=_code(Brag, asked.get("brag")),
    )
    counts = queries.plan_counts(viewer, today=today(), only=only)
    choices = queries.plan_choices(viewer)
    return render_template(
        "actions/plan.html",
        actions=queries.actions_seen_by(viewer, today=today(), only=only, offset=(page - 1) * ACTIONS_A_PAGE),
        counts=counts,
        page=page,
        pages=-(-counts.matching // ACTIONS_A_PAGE),
        only=only,
        choices=choices,
        states=[(state, words) for state, words in ACTION_STATE_WORDS.items() if state is not ActionState.PROPOSED],
        brags=list(BRAG_WORDS.items()),
        chosen=_chosen(only, choices, asked),
        case_actions=published_case_action_counts(viewer.partnership_id, only.round_reference, today=today()),
        rules=rules,
    )


def _code(kind: type[Code], text: str | None) -> Code | None:
    return kind(text) if text in {member.value for member in kind} else None


def _chosen(only: PlanFilter, choices: PlanChoices, asked: MultiDict[str, str]) -> list[tuple[str, str]]:
    """The filters that are on, in words, each with the address of the plan without it."""
    words = {
        "agency": dict(choices.agencies).get(only.agency_id or 0, "An agency without actions")
        if only.agency_id
        else "",
        "round": only.round_reference,
        "state": ACTION_STATE_WORDS[only.state] if only.state else "",
        "brag": BRAG_WORDS[only.brag] if only.brag else "",
        "overdue": "Overdue" if only.is_overdue else "",
    }
    on: dict[str, Any] = {name: asked[name] for name, shown in words.items() if shown}
    return [
        (words[name], url_for("actions.plan", **{other: on[other] for other in on if other != name})) for name in on
    ]


@bp.route("/rounds/<reference>/findings/<int:finding_id>/actions/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def propose(reference: str, finding_id: int) -> str | Response:
    actor = current_actor()
    finding = queries.finding_of_round(actor.partnership_id, reference, finding_id)
    stop_before_typing(rules.why_not_write(finding.round_state))
    form = ProposeForm(_leads(actor))
    if form.validate_on_submit():
        agency_id, lead_id = form.owned_by
        try:
            with transaction():
                made = services.propose_action(
                    finding_id,
                    agency_id=agency_id,
                    lead_id=lead_id,
                    title=form.title.data,
                    outcome_measure=form.outcome_measure.data,
                    due_on=form.due_day,
                    brag=Brag(form.brag.data),
                    by=actor,
                    at=now(),
                )
            flash("The action is in the plan.", "success")
            return redirect(url_for("actions.show_action", action_id=made.id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("actions/propose.html", finding=finding, form=form)


def _leads(viewer: Viewer) -> list[tuple[str, str]]:
    return [
        (owner_value(lead.agency_id, lead.person_id), f"{lead.agency}: {lead.name}")
        for lead in queries.leads(viewer.partnership_id, today=today())
    ]


@bp.get("/actions/<int:action_id>")
@allow(*READERS)
def show_action(action_id: int) -> str:
    viewer = current_actor()
    action = queries.action_row(viewer, action_id, today=today())
    is_own = action.agency_id in viewer.agencies(Role.AGENCY_LEAD)
    stands = rules.why_not_touch(action.round_state) is None
    return render_template(
        "actions/show_action.html",
        action=action,
        updates=queries.updates_of(viewer.partnership_id, action_id),
        due_changes=queries.due_changes_of(viewer.partnership_id, action_id),
        deeds=history.deeds_on(viewer.partnership_id, "action", action_id),
        may_post=stands and is_own and not rules.why_not_post(action.state),
        may_finish=stands and is_own and queries.has_impact(viewer.partnership_id, action_id),
        may_decide=stands and viewer.has(Role.BOARD_MEMBER) and action.state is ActionState.DONE,
        may_change=stands and viewer.has(Role.COORDINATOR) and not rules.why_not_change(action.state),
        rules=rules,
    )


def _to_act_on(action_id: int, *, own: bool = False) -> ActionRow:
    """The action of a page that acts on it: of the viewer's own agency, where the page says so.

    Raises:
        NotHere: not for this viewer.
        Refused: its round was withdrawn, and nothing was typed yet.
    """
    viewer = current_actor()
    action = queries.action_row(viewer, action_id, today=today())
    if own and action.agency_id not in viewer.agencies(Role.AGENCY_LEAD):
        raise NotHere
    stop_before_typing(rules.why_not_touch(action.round_state))
    return action


@bp.route("/actions/<int:action_id>/change", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def change(action_id: int) -> str | Response:
    action, differences = _to_act_on(action_id), None
    stop_before_typing(rules.why_not_change(action.state))
    shown = {**vars(action), "owner": owner_value(action.agency_id, action.lead_id)}
    form = ChangeForm(_leads(current_actor()), data=shown)
    if form.validate_on_submit():
        try:
            _save_change(action_id, form)
            flash("Saved.", "success")
            return redirect(url_for("actions.show_action", action_id=action_id))
        except Stale as stale:
            refuse(form, stale)
            form.version.data = stale.version
            action = _to_act_on(action_id)
            differences = form.differences(
                {
                    "title": action.title,
                    "owner": f"{action.agency}: {action.lead}",
                    "due_on": day(action.due_on),
                    "outcome_measure": action.outcome_measure.replace("\r\n", "\n"),
                }
            )
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("actions/change.html", action=action, form=form, differences=differences)


def _save_change(action_id: int, form: ChangeForm) -> None:
    agency_id, lead_id = form.owned_by
    with transaction():
        services.change_action(
            action_id,
            version=form.version.data,
            title=form.title.data,
            outcome_measure=form.outcome_measure.data,
            agency_id=agency_id,
            lead_id=lead_id,
            due_on=form.due_day,
            due_reason=form.due_reason.data or "",
            by=current_actor(),
            at=now(),
        )


@bp.route("/actions/<int:action_id>/progress", methods=["GET", "POST"])
@allow(Role.AGENCY_LEAD)
def post_progress(action_id: int) -> str | Response:
    action = _to_act_on(action_id, own=True)
    stop_before_typing(rules.why_not_post(action.state))
    form = ProgressForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.post_progress(
                    action_id,
                    words=form.words.data,
                    impact=form.impact.data or "",
                    brag=Brag(form.brag.data),
                    is_done=form.is_done.data,
                    by=current_actor(),
                    at=now(),
                )
            flash(
                "Done: the board is asked to sign it off." if form.is_done.data else "Your update is posted.", "success"
            )
            return redirect(url_for("actions.show_action", action_id=action_id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("actions/post_progress.html", action=action, form=form)


@bp.post("/actions/<int:action_id>/done")
@allow(Role.AGENCY_LEAD)
def report_done(action_id: int) -> Response:
    with transaction():
        services.report_done(action_id, by=current_actor(), at=now())
    flash("Done: the board is asked to sign it off.", "success")
    return redirect(url_for("actions.show_action", action_id=action_id))


@bp.route("/actions/<int:action_id>/sign-off", methods=["GET", "POST"])
@allow(Role.BOARD_MEMBER)
def sign_off(action_id: int) -> str | Response:
    action, actor = _to_act_on(action_id), current_actor()
    stop_before_typing(rules.why_not_move(action.state, ActionState.SIGNED_OFF))
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                if form.decision.data == "sign_off":
                    services.sign_off(action_id, evaluation=form.evaluation.data or "", by=actor, at=now())
                else:
                    services.send_back(action_id, reason=form.reason.data or "", by=actor)
            flash("Signed off." if form.decision.data == "sign_off" else "Sent back to its agency.", "success")
            return redirect(url_for("actions.show_action", action_id=action_id))
        except Refused as refusal:
            refuse(form, refusal)
    updates = queries.updates_of(actor.partnership_id, action_id)
    return render_template("actions/sign_off.html", action=action, form=form, updates=updates, brag_words=BRAG_WORDS)


@bp.route("/actions/<int:action_id>/withdraw", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def withdraw(action_id: int) -> str | Response:
    action = _to_act_on(action_id)
    stop_before_typing(rules.why_not_move(action.state, ActionState.WITHDRAWN))
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.withdraw_action(action_id, reason=form.reason.data, by=current_actor())
            flash("The action is withdrawn.", "success")
            return redirect(url_for("actions.show_action", action_id=action_id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("actions/withdraw.html", action=action, form=form)
