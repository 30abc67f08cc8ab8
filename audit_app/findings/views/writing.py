"""Writing findings, changing and removing them, and publishing the round that they are of."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import refuse, stop_before_typing
from audit_app.findings import queries, rules, services
from audit_app.findings.forms import FindingForm, PublishForm, RemoveForm
from audit_app.findings.queries import FindingRow, Frame
from audit_app.findings.views.blueprint import blueprint


@blueprint.route("/rounds/<reference>/findings/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def write_finding(reference: str) -> str | Response:
    actor = current_actor()
    found = queries.round_to_write(actor.partnership_id, reference)
    stop_before_typing(rules.why_not_write(found.state))
    frame = queries.frame_of(actor.partnership_id, found.id)
    form = FindingForm(_choices(frame))
    if form.validate_on_submit():
        try:
            with transaction():
                services.write_finding(
                    found.id,
                    kind=form.chosen_kind,
                    title=form.title.data,
                    words=form.words.data,
                    indicator_ids=form.chosen_ids,
                    by=actor,
                    at=now(),
                )
            flash("The finding is written.", "success")
            return redirect(url_for("findings.thematic", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("findings/write_finding.html", round=found, form=form, hints=_hints(frame), finding=None)


@blueprint.route("/rounds/<reference>/findings/<int:finding_id>/change", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def change_finding(reference: str, finding_id: int) -> str | Response:
    actor = current_actor()
    found = queries.round_to_write(actor.partnership_id, reference)
    finding, differences = _finding(found.id, finding_id), None
    stop_before_typing(rules.why_not_write(found.state))
    frame = queries.frame_of(actor.partnership_id, found.id)
    chosen = [str(one) for one in finding.indicator_ids]
    form = FindingForm(_choices(frame), data={**vars(finding), "kind": finding.kind.value, "indicator_ids": chosen})
    if form.validate_on_submit():
        try:
            _save_change(found.id, finding_id, form)
            flash("The finding is changed.", "success")
            return redirect(url_for("findings.thematic", reference=reference))
        except Stale as stale:
            refuse(form, stale)
            form.version.data = stale.version
            stored = _finding(found.id, finding_id)
            differences = form.differences(stored.kind, stored.title, stored.words, stored.indicator_ids)
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "findings/write_finding.html",
        round=found,
        form=form,
        hints=_hints(frame),
        finding=finding,
        differences=differences,
    )


def _save_change(round_id: int, finding_id: int, form: FindingForm) -> None:
    with transaction():
        services.change_finding(
            round_id,
            finding_id,
            version=form.version.data,
            kind=form.chosen_kind,
            title=form.title.data,
            words=form.words.data,
            indicator_ids=form.chosen_ids,
            by=current_actor(),
        )


@blueprint.post("/rounds/<reference>/findings/<int:finding_id>/move")
@allow(Role.COORDINATOR)
def move_finding(reference: str, finding_id: int) -> Response:
    actor = current_actor()
    found = queries.round_to_write(actor.partnership_id, reference)
    with transaction():
        moved = services.move_finding(found.id, finding_id, is_up=request.form.get("to") == "up", by=actor)
    flash(f"Moved: {moved.title}", "success")
    return redirect(url_for("findings.thematic", reference=reference))


@blueprint.route("/rounds/<reference>/findings/<int:finding_id>/remove", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def remove_finding(reference: str, finding_id: int) -> str | Response:
    actor = current_actor()
    found = queries.round_to_write(actor.partnership_id, reference)
    finding = _finding(found.id, finding_id)
    stop_before_typing(rules.why_not_write(found.state))
    form = RemoveForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.remove_finding(found.id, finding_id, reason=form.reason.data, by=actor)
            flash("The finding is removed.", "success")
            return redirect(url_for("findings.thematic", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("findings/remove_finding.html", round=found, finding=finding, form=form)


@blueprint.route("/rounds/<reference>/findings/publish", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def publish(reference: str) -> str | Response:
    actor = current_actor()
    found = queries.round_to_read(actor, reference)
    findings = queries.findings_of_round(actor.partnership_id, found.id)
    why_not = rules.why_not_publish(found.state, findings=len(findings))
    edition = rules.edition((one.id, one.version) for one in findings)
    form = PublishForm(edition=edition)
    if form.validate_on_submit():
        try:
            with transaction():
                services.publish_round(found.id, edition=form.edition.data, by=actor, at=now())
            readers = f"{actor.terms.several(Role.BOARD_MEMBER)} and {actor.terms.several(Role.AGENCY_LEAD)}"
            flash(f"{found.reference} is published: {readers} can read it.", "success")
            return redirect(url_for("findings.thematic", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
            form.edition.data = edition
    return render_template(
        "findings/publish.html",
        round=found,
        findings=findings,
        why_not=why_not,
        form=form,
        kinds=rules.FINDING_KIND_WORDS,
        cases=queries.cases_agreed(actor.partnership_id, found.id),
    )


def _finding(round_id: int, finding_id: int) -> FindingRow:
    partnership_id = current_actor().partnership_id
    for one in queries.findings_of_round(partnership_id, round_id):
        if one.id == finding_id:
            return one
    raise NotHere


def _choices(frame: Frame) -> list[tuple[str, str]]:
    return [(str(one.id), f"{one.code} {one.title}") for one in frame.indicators]


def _hints(frame: Frame) -> dict[str, str]:
    """What was counted, beside each indicator that can be chosen, without its name, which stands there already."""
    agreed = queries.agreed_counts(current_actor().partnership_id, frame)
    words = queries.in_words(frame, agreed)
    return {value: words[int(value)].removeprefix(f"{name}: ") for value, name in _choices(frame)}
