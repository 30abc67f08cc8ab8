"""The pages of the accuracy check: who checks, what an agency reads and asks, what is decided, and its end."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.forms import is_number
from audit_app.core.settings import settings
from audit_app.core.web import refuse, stop_before_typing
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import AskForm, DecideForm, EndForm, MoreTimeForm
from audit_app.panels.queries import CheckedRound, CorrectionRow
from audit_app.panels.rules import AGREED_HOW_WORDS, CHECKS_FOR, CORRECTION_STATE_WORDS, EVERYTHING, Item
from audit_app.panels.views.blueprint import blueprint
from audit_app.rounds import queries as rounds
from audit_app.rounds.rules import FrozenTemplate, RoundState


@blueprint.get("/rounds/<reference>/accuracy")
@allow(Role.COORDINATOR, Role.SCRUTINEER, Role.PANEL_CHAIR, *CHECKS_FOR)
def accuracy(reference: str) -> str:
    viewer = current_actor()
    found = _read(reference)
    agencies = queries.agencies_checking(viewer.partnership_id, found.id)
    own = [one for one in agencies if one.id in viewer.agencies(*CHECKS_FOR)]
    return render_template(
        "panels/accuracy.html",
        round=found,
        own=own,
        may_decide=viewer.has(Role.COORDINATOR, Role.PANEL_CHAIR) and found.state is RoundState.ACCURACY_CHECK,
        is_overseer=viewer.has(Role.COORDINATOR, Role.SCRUTINEER),
        agencies=agencies if viewer.has(Role.COORDINATOR, Role.SCRUTINEER) else (),
        corrections=queries.corrections(viewer, found.id),
        more_time=queries.more_time_given(viewer.partnership_id, found.id),
        is_open=_why_not_ask(found) is None,
        state_words=CORRECTION_STATE_WORDS,
        why_not_end=_why_not_end(found, agencies),
    )


@blueprint.get("/rounds/<reference>/accuracy/<int:agency_id>")
@allow(*CHECKS_FOR)
def check_facts(reference: str, agency_id: int) -> str:
    viewer = current_actor()
    found = _read(reference)
    agency = _agency(found, agency_id)
    levels = len(rounds.frozen_template(viewer.partnership_id, found.id).levels)
    return render_template(
        "panels/check_facts.html",
        round=found,
        agency=agency,
        cases=queries.cases_to_check(viewer.partnership_id, found.id, agency_id),
        corrections=queries.corrections(viewer, found.id, agency_id=agency_id),
        levels=levels,
        why_not=_why_not_ask(found),
        state_words=CORRECTION_STATE_WORDS,
    )


@blueprint.post("/rounds/<reference>/accuracy/<int:agency_id>/nothing")
@allow(*CHECKS_FOR)
def nothing_to_correct(reference: str, agency_id: int) -> Response:
    actor = current_actor()
    found = _read(reference)
    with transaction():
        services.say_nothing_to_correct(found.id, agency_id=agency_id, by=actor, at=now())
    flash("It is kept that your agency has nothing more to correct.", "success")
    return redirect(url_for("panels.check_facts", reference=reference, agency_id=agency_id))


@blueprint.route("/panels/corrections/new/<case_reference>/<int:agency_id>", methods=["GET", "POST"])
@allow(*CHECKS_FOR)
def ask_correction(case_reference: str, agency_id: int) -> str | Response:
    actor = current_actor()
    round_reference, case_id = queries.reference_of_round(actor.partnership_id, case_reference)
    found = _read(round_reference)
    agency = _agency(found, agency_id)
    case = next(iter(queries.cases_to_check(actor.partnership_id, found.id, agency_id, reference=case_reference)), None)
    if case is None:
        raise NotHere
    stop_before_typing(_why_not_ask(found))
    items = [(str(one.item_id), f"{one.name}, {one.agency}" if one.agency else one.name) for one in case.facts]
    form = AskForm(items, about=request.args.get("item", ""))
    if form.validate_on_submit():
        item_id = int(form.about.data) if is_number(form.about.data) else None
        wrong = services.Wrong(form.what_is_wrong.data, form.what_is_right.data, form.where_on_file.data)
        try:
            with transaction():
                services.ask_correction(
                    case_id,
                    agency_id=agency_id,
                    item_id=item_id,
                    wrong=wrong,
                    are_not_names=form.are_not_names.data,
                    by=actor,
                    at=now(),
                )
            flash("Your request is kept. You find here what is decided.", "success")
            return redirect(url_for("panels.check_facts", reference=round_reference, agency_id=agency_id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "panels/ask_correction.html",
        round=found,
        case_reference=case_reference,
        back_href=url_for("panels.check_facts", reference=round_reference, agency_id=agency_id),
        back_words="Back to what was agreed",
        agency=agency,
        case=case,
        form=form,
    )


@blueprint.route("/panels/corrections/<int:request_id>", methods=["GET", "POST"])
@allow(Role.COORDINATOR, Role.SCRUTINEER, Role.PANEL_CHAIR, *CHECKS_FOR)
def decide_correction(request_id: int) -> str | Response:
    actor = current_actor()
    found = _read(queries.round_of_request(actor.partnership_id, request_id))
    asked = next(iter(queries.corrections(actor, found.id, request_id=request_id)), None)
    if asked is None:
        raise NotHere
    template = rounds.frozen_template(actor.partnership_id, found.id)
    item = _item(asked, template)
    form = DecideForm(item, template.as_read, outcome=asked.outcome, outcome_version=asked.outcome_version)
    theirs: Mapping[str, str] = {}
    why_not = _why_not_decide(found, asked)
    if form.validate_on_submit():
        try:
            with transaction():
                services.decide_correction(request_id, **_decided(form), by=actor, at=now())
            flash("Your decision is kept, and whoever asked is told that there is one.", "success")
            return redirect(url_for("panels.accuracy", reference=found.reference))
        except Refused as refusal:
            refuse(form, refusal)
            if isinstance(refusal, Stale):
                theirs = refusal.theirs
                form.compare(refusal)
    return render_template(
        "panels/decide_correction.html",
        round=found,
        case_reference=asked.case_reference,
        back_href=url_for("panels.accuracy", reference=found.reference),
        back_words="Back to the accuracy check",
        asked=asked,
        item=item if actor.has(Role.COORDINATOR, Role.SCRUTINEER) or asked.chair_id == actor.id else None,
        form=form,
        theirs=theirs,
        why_not=why_not,
        levels={level.id: level for level in template.as_read},
        how_words=AGREED_HOW_WORDS,
        state_words=CORRECTION_STATE_WORDS,
    )


@blueprint.route("/rounds/<reference>/accuracy/more-time", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def give_more_time(reference: str) -> str | Response:
    actor = current_actor()
    found = _read(reference)
    stop_before_typing(_why_not_ask(found, today_is=found.due_on))
    form = MoreTimeForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.give_more_time(found.id, due_on=form.due_on.data, reason=form.reason.data, by=actor, at=now())
            told = "The agencies are told by mail." if settings().is_mailing else "No mail server is set: tell them."
            flash(f"The agencies have more time. {told}", "success")
            return redirect(url_for("panels.accuracy", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("panels/give_more_time.html", round=found, form=form)


@blueprint.route("/rounds/<reference>/accuracy/done", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def end_check(reference: str) -> str | Response:
    actor = current_actor()
    found = _read(reference)
    agencies = queries.agencies_checking(actor.partnership_id, found.id)
    form = EndForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.end_check(found.id, by=actor, at=now())
            flash(f"The facts of {reference} are checked. It can be reported now.", "success")
            return redirect(url_for("home.show_round", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "panels/end_check.html", round=found, form=form, agencies=agencies, why_not=_why_not_end(found, agencies)
    )


def _read(reference: str) -> CheckedRound:
    """A round whose accuracy check this viewer may read of."""
    found = queries.checked_round(current_actor(), reference)
    if reason := rules.why_not_read_check(found.state, due_on=found.due_on):
        raise Refused(reason)
    return found


def _agency(found: CheckedRound, agency_id: int) -> queries.CheckingAgency:
    """An agency for which this viewer checks the facts of a round."""
    viewer = current_actor()
    agencies = queries.agencies_checking(viewer.partnership_id, found.id)
    own = (one for one in agencies if one.id == agency_id and agency_id in viewer.agencies(*CHECKS_FOR))
    agency = next(own, None)
    if agency is None:
        raise NotHere
    return agency


def _why_not_ask(found: CheckedRound, today_is: date | None = None) -> str | None:
    return rules.why_not_ask(found.state, due_on=found.due_on, today=today_is or today(), terms=current_actor().terms)


def _why_not_end(found: CheckedRound, agencies: Sequence[queries.CheckingAgency]) -> str | None:
    return rules.why_not_end_check(
        found.state,
        due_on=found.due_on,
        today=today(),
        undecided=sum(one.undecided for one in agencies),
        silent=[one.name for one in agencies if one.done_at is None],
    )


def _why_not_decide(found: CheckedRound, asked: CorrectionRow) -> str | None:
    viewer = current_actor()
    return rules.why_not_decide(
        asked.state,
        round_state=found.state,
        is_chair=rules.is_chair(viewer, asked.chair_id),
        is_coordinator=viewer.has(Role.COORDINATOR),
        has_asked=asked.asked_by_id == viewer.id,
        has_interest=queries.has_interest(viewer.partnership_id, asked.case_id, viewer.id),
        terms=viewer.terms,
    )


def _item(asked: CorrectionRow, template: FrozenTemplate) -> Item | None:
    """The item that a correction is about, or None where it is about the outcome."""
    if asked.item_id is None:
        return None
    items = queries.items_of_case(current_actor().partnership_id, asked.case_id, template, sight=EVERYTHING)
    return next(item for item in items if item.id == asked.item_id)


def _decided(form: DecideForm) -> dict[str, Any]:
    """What the form decides, as the deed takes it."""
    return {
        "is_corrected": form.is_corrected.data == "yes",
        "response": form.response.data or "",
        "decision": form.decision,
        "outcome": form.new_outcome,
        "outcome_version": form.outcome_version,
        "are_not_names": form.are_not_names.data,
    }
