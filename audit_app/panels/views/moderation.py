"""The pages of moderation: all cases side by side, an item of one, a proposed change, and saying that it is done."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries as accounts
from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.core.forms import whole_number
from audit_app.core.web import refuse, stop_before_typing
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import ChangeForm, DecideChangeForm, DoneForm, ReaderForm
from audit_app.panels.queries import ModeratedRound
from audit_app.panels.rules import AGREED_HOW_WORDS, CHANGE_STATE_WORDS, EVERYTHING, OVERALL, READS_ALONG, Item
from audit_app.panels.views.blueprint import SITS, blueprint
from audit_app.rounds import queries as rounds
from audit_app.rounds.rules import FrozenTemplate, RoundState


@blueprint.get("/rounds/<reference>/moderation")
@allow(Role.COORDINATOR, Role.SCRUTINEER, *SITS)
def moderation(reference: str) -> str:
    viewer = current_actor()
    found = _read(reference)
    template = rounds.frozen_template(viewer.partnership_id, found.id)
    indicator = request.args.get("indicator", "")
    domain = request.args.get("domain", None, type=whole_number)
    return render_template(
        "panels/moderation.html",
        round=found,
        template=template,
        overall=OVERALL,
        grid=queries.side_by_side(viewer.partnership_id, found.id, template, indicator=indicator, domain=domain),
        indicator=indicator,
        domain=domain,
        changes=queries.changes_of_round(viewer.partnership_id, found.id),
        levels={level.id: level for level in template.as_read},
        change_words=CHANGE_STATE_WORDS,
        why_not=_why_not(found),
        has_said=viewer.id in {one.person_id for one in found.said},
        why_not_name=rules.why_not_name_reader(found.state, is_moderated=found.is_moderated, chairs=found.chairs),
    )


@blueprint.route("/rounds/<reference>/moderation/reader", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def name_reader(reference: str) -> str | Response:
    actor = current_actor()
    found = queries.moderated_round(actor, reference)
    stop_before_typing(rules.why_not_name_reader(found.state, is_moderated=found.is_moderated, chairs=found.chairs))
    people = accounts.people_with_role(actor.partnership_id, *READS_ALONG, today=today())
    others = [(str(one.id), one.name) for one in people if set(found.chairs) != {one.id}]
    form = ReaderForm(others, person=str(found.readers.other or ""))
    if form.validate_on_submit():
        try:
            with transaction():
                services.name_reader(found.id, person_id=int(form.person.data), by=actor)
            flash("It is kept who reads the cases with the chair.", "success")
            is_there = rules.why_not_read_side_by_side(found.state, is_moderated=found.is_moderated) is None
            return redirect(url_for("panels.moderation" if is_there else "home.show_round", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("panels/name_reader.html", round=found, form=form)


@blueprint.route("/panels/cases/<reference>/moderate/<int:item_id>", methods=["GET", "POST"])
@allow(Role.COORDINATOR, Role.SCRUTINEER, *SITS)
def moderate_item(reference: str, item_id: int) -> str | Response:
    actor = current_actor()
    round_reference, case_id = queries.reference_of_round(actor.partnership_id, reference)
    found = _read(round_reference)
    template = rounds.frozen_template(actor.partnership_id, found.id)
    item = _item(case_id, item_id, template)
    form = ChangeForm(item, template.as_read, reason=item.agreed.reason if item.agreed else "")
    if form.validate_on_submit():
        try:
            with transaction():
                are_not_names = form.are_not_names.data
                services.propose_change(
                    case_id, form.decision(item_id), are_not_names=are_not_names, by=actor, at=now()
                )
            flash("The change is proposed. It counts once the other of you has confirmed it.", "success")
            return redirect(url_for("panels.moderation", reference=round_reference))
        except Refused as refusal:
            refuse(form, refusal)
    changes = queries.changes_of_round(actor.partnership_id, found.id, item_id=item_id)
    return render_template(
        "panels/moderate_item.html",
        round=found,
        case_reference=reference,
        back_href=url_for("panels.moderation", reference=round_reference),
        back_words="Back to all cases",
        item=item,
        form=form,
        changes=changes,
        shows_given=_shows_given(found, case_id),
        is_waiting=any(one.state is rules.ChangeState.PROPOSED for one in changes),
        why_not=_why_not(found, case_id),
        levels={level.id: level for level in template.as_read},
        how_words=AGREED_HOW_WORDS,
        change_words=CHANGE_STATE_WORDS,
    )


@blueprint.route("/panels/cases/<reference>/changes/<int:change_id>", methods=["GET", "POST"])
@allow(Role.COORDINATOR, Role.SCRUTINEER, *SITS)
def decide_change(reference: str, change_id: int) -> str | Response:
    actor = current_actor()
    round_reference, case_id = queries.reference_of_round(actor.partnership_id, reference)
    found = _read(round_reference)
    change = next(iter(queries.changes_of_round(actor.partnership_id, found.id, change_id=change_id)), None)
    if change is None or change.case_id != case_id:
        raise NotHere
    form = DecideChangeForm()
    if form.validate_on_submit():
        try:
            with transaction():
                done = _decide(change_id, request.form.get("press", ""), form)
            flash(done, "success")
            return redirect(url_for("panels.moderation", reference=round_reference))
        except Refused as refusal:
            refuse(form, refusal)
    template = rounds.frozen_template(actor.partnership_id, found.id)
    is_own = change.proposed_by_id == actor.id
    why_not = _why_not(found, case_id)
    if why_not is None and not is_own:
        why_not = rules.why_not_confirm(
            change.state, readers=found.readers, proposed_by=change.proposed_by_id, person_id=actor.id
        )
    return render_template(
        "panels/decide_change.html",
        round=found,
        case_reference=reference,
        back_href=url_for("panels.moderation", reference=round_reference),
        back_words="Back to all cases",
        change=change,
        item=_item(case_id, change.item_id, template),
        form=form,
        shows_given=_shows_given(found, case_id),
        is_own=is_own,
        why_not=why_not,
        levels={level.id: level for level in template.as_read},
        how_words=AGREED_HOW_WORDS,
        change_words=CHANGE_STATE_WORDS,
    )


@blueprint.route("/rounds/<reference>/moderation/done", methods=["GET", "POST"])
@allow(*READS_ALONG)
def end_moderation(reference: str) -> str | Response:
    actor = current_actor()
    found = _read(reference)
    waiting = queries.changes_waiting(actor.partnership_id, found.id)
    has_said = actor.id in {one.person_id for one in found.said}
    why_not = _why_not(found) or rules.why_not_end_moderation(waiting=waiting, has_said=has_said)
    form = DoneForm()
    if form.validate_on_submit():
        try:
            with transaction():
                has_moved = services.end_moderation(found.id, note=form.note.data, by=actor, at=now())
            more = "The round has moved on." if has_moved else "It is done once the other of you says so too."
            flash(f"It is kept that you have read all cases. {more}", "success")
            return redirect(url_for("panels.moderation", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("panels/end_moderation.html", round=found, form=form, why_not=why_not)


def _read(reference: str) -> ModeratedRound:
    """A round whose cases this viewer may read side by side."""
    found = queries.moderated_round(current_actor(), reference)
    if reason := rules.why_not_read_side_by_side(found.state, is_moderated=found.is_moderated):
        raise Refused(reason)
    return found


def _why_not(found: ModeratedRound, case_id: int | None = None) -> str | None:
    """The reason this viewer changes nothing for consistency, or None."""
    viewer = current_actor()
    return rules.why_not_moderate(
        found.state,
        readers=found.readers,
        person_id=viewer.id if found.is_reader else 0,
        has_interest=case_id is not None and queries.has_interest(viewer.partnership_id, case_id, viewer.id),
        terms=viewer.terms,
    )


def _shows_given(found: ModeratedRound, case_id: int) -> bool:
    """Whether this viewer reads what agencies said: readers while they moderate, and whoever may read the case."""
    is_moderating = found.is_reader and found.state is RoundState.MODERATION
    return is_moderating or queries.may_read_pack(current_actor(), case_id)


def _item(case_id: int, item_id: int, template: FrozenTemplate) -> Item:
    items = queries.items_of_case(current_actor().partnership_id, case_id, template, sight=EVERYTHING)
    found = next((item for item in items if item.id == item_id), None)
    if found is None:
        raise NotHere
    return found


def _decide(change_id: int, press: str, form: DecideChangeForm) -> str:
    """What was pressed about a proposed change, done; the sentence that says so."""
    actor, words, are_not_names = current_actor(), form.words.data or "", form.are_not_names.data
    if press == "confirm":
        services.confirm_change(change_id, words=words, are_not_names=are_not_names, by=actor, at=now())
        return "The change is confirmed. It is what is agreed now; the earlier rating is kept."
    if press == "take-back":
        services.take_change_back(change_id, by=actor, at=now())
        return "The change is taken back. What was agreed stays."
    services.decline_change(change_id, words=words, are_not_names=are_not_names, by=actor, at=now())
    return "The change is not confirmed. What was agreed stays."
