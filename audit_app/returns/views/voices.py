"""The voices of a return: who was asked, what they said, and what becomes of it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.access.drafts import no_drafts_once
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.forms import PageForm
from audit_app.core.web import refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import NOT_YET, FedBackForm, VoiceForm
from audit_app.returns.queries import ReturnShown, VoiceShown
from audit_app.returns.views.answering import VOICE_WORDS
from audit_app.returns.views.blueprint import blueprint


@blueprint.get("/cases/<reference>/return/<int:agency_id>/voices")
@allow(Role.AUDITOR, Role.COORDINATOR, Role.SCRUTINEER)
def voices(reference: str, agency_id: int) -> str:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    return render_template(
        "returns/voices.html",
        shown=found,
        voices=queries.voices_of_return(viewer.partnership_id, found.id)
        if _reads(found) or viewer.has(Role.COORDINATOR)
        else (),
        is_readable=_reads(found),
        may_withdraw=found.is_own or viewer.has(Role.COORDINATOR),
        why_not=rules.why_not_rate(found.standing, terms=viewer.terms) if found.is_own else "not yours",
        **VOICE_WORDS,
    )


def _reads(found: ReturnShown) -> bool:
    return found.is_own or (found.is_readable and found.state in rules.HANDED_OVER)


@blueprint.route("/cases/<reference>/return/<int:agency_id>/voices/add", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def add_voice(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    form = VoiceForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_voice(found.id, form.told, by=viewer, at=now())
            flash("The voice is recorded.", "success")
            return _to_voices(found)
        except Refused as refusal:
            refuse(form, refusal)
    return _voice_page(found, form, {})


@blueprint.route("/cases/<reference>/return/<int:agency_id>/voices/<int:voice_id>/change", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def change_voice(reference: str, agency_id: int, voice_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    kept = queries.voice_of_return(viewer.partnership_id, found.id, voice_id)
    form = VoiceForm(data={**vars(kept.told), "consent": kept.told.consent or NOT_YET, "version": kept.version})
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_voice(found.id, voice_id, form.told, version=form.version.data, by=viewer, at=now())
            flash("The voice is changed.", "success")
            return _to_voices(found)
        except Stale as stale:
            refuse(form, stale)
            theirs, form.version.data = stale.theirs, stale.version
        except Refused as refusal:
            refuse(form, refusal)
    return _voice_page(found, form, theirs, kept)


@no_drafts_once("returns.change_voice", "returns.feed_back")
def _is_withdrawn(viewer: Viewer, reference: str, agency_id: int, voice_id: int) -> bool:
    """What somebody said who no longer takes part is kept nowhere, also where it is still on a screen."""
    found = queries.return_shown(viewer, reference, agency_id)
    return queries.voice_for_change(viewer.partnership_id, found.id, voice_id).withdrawn_at is not None


def _voice_page(found: ReturnShown, form: VoiceForm, theirs: dict[str, str], voice: VoiceShown | None = None) -> str:
    why_not = rules.why_not_rate(found.standing, terms=current_actor().terms)
    return render_template(
        "returns/write_voice.html", shown=found, form=form, theirs=theirs, voice=voice, why_not=why_not
    )


@blueprint.route("/cases/<reference>/return/<int:agency_id>/voices/<int:voice_id>/withdraw", methods=["GET", "POST"])
@allow(Role.AUDITOR, Role.COORDINATOR)
def withdraw_voice(reference: str, agency_id: int, voice_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    voice = queries.voice_of_return(viewer.partnership_id, found.id, voice_id)
    form = PageForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.withdraw_voice(found.id, voice_id, by=viewer, at=now())
            flash("The voice is withdrawn. Its words are destroyed.", "success")
            return _to_voices(found)
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "returns/withdraw_voice.html", shown=found, form=form, voice=voice, is_readable=_reads(found), **VOICE_WORDS
    )


@blueprint.route("/cases/<reference>/return/<int:agency_id>/voices/<int:voice_id>/feedback", methods=["GET", "POST"])
@allow(Role.AUDITOR, Role.COORDINATOR)
def feed_back(reference: str, agency_id: int, voice_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    if not _reads(found):
        raise NotHere
    voice = queries.voice_of_return(viewer.partnership_id, found.id, voice_id)
    form = FedBackForm(obj=voice)
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                services.feed_back(
                    found.id,
                    voice_id,
                    fed_back=form.fed_back.data or "",
                    on=form.fed_back_on.data,
                    version=form.version.data,
                    by=viewer,
                    at=now(),
                )
            flash("What was fed back is recorded.", "success")
            return _to_voices(found)
        except Stale as stale:
            refuse(form, stale)
            theirs, form.version.data = stale.theirs, stale.version
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("returns/feed_back.html", shown=found, form=form, voice=voice, theirs=theirs, **VOICE_WORDS)


def _to_voices(found: ReturnShown) -> Response:
    return redirect(url_for("returns.voices", reference=found.case_reference, agency_id=found.agency_id))
