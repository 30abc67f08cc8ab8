"""What follows an immediate concern: who has it, who the child is, the log, the outcome, and whether it is agreed."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries as accounts
from audit_app.accounts.access import current_actor, members
from audit_app.cases import queries, rules, services
from audit_app.cases.forms import AgreementForm, HolderForm, NoteForm, OutcomeForm
from audit_app.cases.queries import ConcernRow, EntryRow
from audit_app.cases.views.blueprint import blueprint, may_raise
from audit_app.cases.views.concerns import outcome_in
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.forms import PageForm
from audit_app.core.settings import settings
from audit_app.core.web import refuse, stop_before_typing


@blueprint.post("/concerns/<int:concern_id>/acknowledge")
@members
def acknowledge_concern(concern_id: int) -> Response:
    with transaction():
        services.acknowledge_concern(concern_id, by=current_actor(), at=now())
    flash("You have this concern now. Everyone who was told of it can see that.", "success")
    return _back(concern_id)


@blueprint.post("/concerns/<int:concern_id>/identity")
@members
def open_identity_for_concern(concern_id: int) -> str:
    viewer = current_actor()
    with transaction():
        opened = services.open_identity_for_concern(concern_id, by=viewer, at=now())
    shown = queries.concern(viewer, concern_id, today=today())
    return render_template(
        "cases/identity_for_concern.html",
        concern=shown,
        may_raise=may_raise(viewer, shown.case_id),
        opened=opened,
        words=rules.SHEET_WORDS,
    )


@blueprint.route("/concerns/<int:concern_id>/note", methods=["GET", "POST"])
@members
def add_note(concern_id: int) -> str | Response:
    shown, form = queries.concern(current_actor(), concern_id, today=today()), NoteForm()
    stop_before_typing(rules.why_not_add_note(shown.state, shown.parts))
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_note(concern_id, words=form.words.data or "", by=current_actor(), at=now())
            flash("Your note is in the log.", "success")
            return _back(concern_id)
        except Refused as refusal:
            refuse(form, refusal)
    return _asking("note", shown, form)


@blueprint.route("/concerns/<int:concern_id>/holder", methods=["GET", "POST"])
@members
def choose_holder(concern_id: int) -> str | Response:
    viewer = current_actor()
    shown = queries.concern(viewer, concern_id, today=today())
    stop_before_typing(rules.why_not_choose_holder(shown.state, shown.parts, viewer.terms))
    offered = [(str(agency.id), agency.name) for agency in accounts.agencies(viewer.partnership_id)]
    form = HolderForm(offered, agency=shown.holder_id)
    if form.validate_on_submit():
        try:
            with transaction():
                services.choose_holder(
                    concern_id,
                    agency_id=int(form.agency.data),
                    link=settings().base_url + url_for("cases.concerns"),
                    by=viewer,
                    at=now(),
                )
            flash("The agency holding the case is recorded.", "success")
            return _back(concern_id)
        except Refused as refusal:
            refuse(form, refusal)
    return _asking("holder", shown, form)


@blueprint.route("/concerns/<int:concern_id>/outcome", methods=["GET", "POST"])
@members
def record_outcome(concern_id: int) -> str | Response:
    shown, form = queries.concern(current_actor(), concern_id, today=today()), OutcomeForm()
    has_holder = shown.holder_id is not None
    stop_before_typing(rules.why_not_record_outcome(shown.state, shown.parts, has_holder=has_holder))
    if form.validate_on_submit():
        try:
            with transaction():
                services.record_outcome(concern_id, words=form.words.data or "", by=current_actor(), at=now())
            flash("The outcome is recorded. Someone of another agency must agree with it.", "success")
            return _back(concern_id)
        except Refused as refusal:
            refuse(form, refusal)
    return _asking("outcome", shown, form)


@blueprint.route("/concerns/<int:concern_id>/agreement", methods=["GET", "POST"])
@members
def agree_on_outcome(concern_id: int) -> str | Response:
    viewer = current_actor()
    shown = queries.concern(viewer, concern_id, today=today())
    stop_before_typing(rules.why_not_agree(shown.state, shown.parts, viewer.terms))
    log = queries.concern_log(viewer.partnership_id, concern_id)
    form = AgreementForm(seen=queries.standing_outcome(viewer.partnership_id, concern_id))
    if form.validate_on_submit():
        try:
            _answer(concern_id, form)
            return _back(concern_id)
        except Refused as refusal:
            refuse(form, refusal)
            form.seen.data = queries.standing_outcome(viewer.partnership_id, concern_id) or 0
    return _asking("agreement", shown, form, outcome_in(log))


def _answer(concern_id: int, form: AgreementForm) -> None:
    by, seen, at = current_actor(), form.seen.data, now()
    with transaction():
        if form.agrees:
            services.agree_with_outcome(concern_id, seen=seen, by=by, at=at)
        else:
            services.disagree_with_outcome(concern_id, seen=seen, words=form.words.data or "", by=by, at=at)
    flash("The concern is closed." if form.agrees else "The concern is open again, with your reason.", "success")


def _asking(asked: str, shown: ConcernRow, form: PageForm, outcome: EntryRow | None = None) -> str:
    return render_template(
        "cases/write_on_concern.html",
        concern=shown,
        form=form,
        asked=asked,
        outcome=outcome,
        may_raise=may_raise(current_actor(), shown.case_id),
    )


def _back(concern_id: int) -> Response:
    return redirect(url_for("cases.show_concern", concern_id=concern_id))
