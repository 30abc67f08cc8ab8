"""One return: where it is and what is in it; is the child known; the overall words; submitting it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, no_activity
from audit_app.accounts.queries import DraftShown, drafts_of
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused, Stale
from audit_app.core.web import clock_time, refuse
from audit_app.indicators.rules import level_alone
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import KnownForm, OverallForm, SubmitForm
from audit_app.returns.queries import ReturnShown, StoodIn
from audit_app.returns.rules import Known, Overall, ReturnState
from audit_app.returns.views.blueprint import blueprint
from audit_app.rounds.rules import FrozenLevel

_KNOWN_OF = {state: known for known, state in rules.KNOWN_STATES.items()}
VOICE_WORDS = {
    "whose_words": rules.VOICE_OF_WORDS,
    "contact_words": rules.CONTACT_WORDS,
    "consent_words": rules.CONSENT_WORDS,
    "kind_words": rules.WORDS_KIND_WORDS,
    "use_words": rules.WORDS_USE_WORDS,
}
"""The words of a voice's choices, for every page that shows voices."""
_SAID = {
    True: "Your answer is saved. Next comes the right file, then what it shows.",
    False: "Your answer is saved. That is all we ask about this child.",
}


def _not_saved(found: ReturnShown) -> Sequence[DraftShown]:
    """What the reader typed into the pages of a return and has not saved."""
    beneath = f"/cases/{found.case_reference}/return/{found.agency_id}/"
    return drafts_of(current_actor(), at=now(), beneath=beneath)


def to_return(found: ReturnShown) -> Response:
    """To the page of the return itself."""
    return redirect(url_for("returns.show_return", reference=found.case_reference, agency_id=found.agency_id))


@blueprint.get("/cases/<reference>/return/<int:agency_id>")
@allow(Role.AUDITOR, Role.COORDINATOR, Role.SCRUTINEER)
def show_return(reference: str, agency_id: int) -> str:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    is_own_draft = found.is_own and found.state in rules.EDITABLE
    is_reading = is_own_draft and request.args.get("read") == "yes"  # through, before it is submitted
    is_writing = is_own_draft and not is_reading
    shows_answers = is_reading or (found.is_readable and found.state in rules.HANDED_OVER)
    domains = queries.domain_progress(viewer.partnership_id, found.id) if is_writing else ()
    levels = queries.levels_of_round(viewer.partnership_id, found.round_id) if is_writing or shows_answers else ()
    sent_back = queries.sent_back(viewer.partnership_id, found)
    stood_in = queries.stood_in(viewer.partnership_id, found.id)
    may_stand_in = not found.is_own and queries.may_stand_in(viewer, found.id)
    return render_template(
        "returns/show_return.html",
        shown=found,
        drafts=_not_saved(found),
        is_reading=is_reading,
        why_locked=rules.why_not_rate(found.standing, terms=viewer.terms),
        may_say_known=found.is_own and not rules.why_not_ask_known(found.standing, terms=viewer.terms),
        chased=queries.chased(viewer.partnership_id, found.id),
        may_chase=not rules.why_not_chase(found.standing, terms=viewer.terms),
        domains=domains,
        attributes=queries.attributes_asked(viewer.partnership_id, found.round_id, found.id) if is_writing else (),
        recorded=queries.attributes_of_return(viewer.partnership_id, found.id) if shows_answers else (),
        practice=queries.practice_of_return(viewer.partnership_id, found.id) if shows_answers or is_writing else None,
        prompts=rules.PROMPT_WORDS,
        unfinished=next((domain for domain in domains if domain.answered < domain.total), None),
        answers=queries.answers_of_return(viewer.partnership_id, found.id) if shows_answers else (),
        **_chronology_and_voices(found, is_shown=shows_answers),
        **(_how_many_beside(found) if is_writing else {}),
        levels={level.id: level for level in levels},
        scale_size=len(levels),
        is_overall_said=not rules.overall_needs(found.overall, has_levels=bool(levels)),
        sent_back=sent_back,
        comments_waiting=[one for one in sent_back.comments if one.is_changed is False] if sent_back else (),
        is_coordinator=viewer.has(Role.COORDINATOR),
        stood_in=stood_in,
        may_stand_in=may_stand_in,
        is_stood_in=may_stand_in and _is_in_their_hands(found, stood_in),
        may_ask_again=found.is_told and not rules.why_not_ask_again(found.standing, "a reason", terms=viewer.terms),
        may_close=not rules.why_not_close(found.standing, "a reason", terms=viewer.terms),
        words=rules.RETURN_STATE_WORDS,
        colours=rules.RETURN_STATE_COLOURS,
        should_have_known_words=rules.SHOULD_HAVE_KNOWN_WORDS,
        time_in_words=rules.time_in_words,
    )


def _is_in_their_hands(found: ReturnShown, stood_in: StoodIn) -> bool:
    """Whether a coordinator goes on with a return that one of them loaded for its agency, which did not begin it."""
    is_going = bool(stood_in.loaded_by) and found.state in rules.EDITABLE
    return is_going and not queries.has_agency_begun(current_actor().partnership_id, found.id)


def _chronology_and_voices(found: ReturnShown, *, is_shown: bool) -> dict[str, object]:
    """What a return holds beside its ratings, where the viewer may read it."""
    partnership_id = current_actor().partnership_id
    return {
        "events": queries.events_of_return(partnership_id, found.id) if is_shown else (),
        "voices": queries.voices_of_return(partnership_id, found.id) if is_shown else (),
        "frame": queries.frame_of_chronology(partnership_id, found.id, today=today()) if is_shown else None,
        **VOICE_WORDS,
    }


def _how_many_beside(found: ReturnShown) -> dict[str, int]:
    """How many events and voices a return holds that is being written: its page only counts them."""
    events, voices = queries.beside_counted(current_actor().partnership_id, found.id)
    return {"event_count": events, "voice_count": voices}


@blueprint.route("/cases/<reference>/return/<int:agency_id>/known", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def say_known(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    answered = _KNOWN_OF.get(found.state)
    form = KnownForm(
        viewer.terms,
        known=answered.value if answered else None,
        should_have_known=found.should_have_known,
        reason=found.reason,
        on_behalf_of=found.on_behalf_of,
        seen=found.state,
    )
    if form.validate_on_submit():
        try:
            with transaction():
                services.say_known(
                    found.id,
                    known=Known(form.known.data),
                    reason=form.reason.data or "",
                    should_have_known=form.should_have_known_said(),
                    on_behalf_of=form.on_behalf_of.data or "",
                    seen=form.seen.data,
                    by=viewer,
                    at=now(),
                )
            is_known = Known(form.known.data) is Known.KNOWN
            flash(_SAID[is_known], "success")
            if is_known and not found.is_file_confirmed:
                return redirect(url_for("returns.confirm_file", reference=reference, agency_id=agency_id))
            return to_return(found)
        except Refused as refusal:
            refuse(form, refusal)
            form.seen.data = queries.own_return(viewer, reference, agency_id).state
    why_not = rules.why_not_ask_known(found.standing, terms=viewer.terms)
    frame = queries.frame_of_chronology(viewer.partnership_id, found.id, today=today())
    return render_template("returns/say_known.html", shown=found, form=form, why_not=why_not, window=frame.window)


@blueprint.route("/cases/<reference>/return/<int:agency_id>/words", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def save_words(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    levels = {str(level.id): level for level in queries.levels_of_round(viewer.partnership_id, found.round_id)}
    form = _words_form(found, levels)
    theirs: list[tuple[str, str]] = []
    if form.validate_on_submit():
        try:
            with transaction():
                services.save_words(found.id, **asdict(form.typed), version=form.version.data, by=viewer)
            flash(_said_of_words(form.typed, has_levels=bool(levels)), "success")  # by which the browser lets go of it
            return to_return(found)
        except Stale as stale:
            refuse(form, stale)
            form.version.data = stale.version
            mine = asdict(form.typed)
            theirs = [
                (words, levels[said].words if said in levels and name == "overall_level_id" else said or "Nothing")
                for name, words in rules.OVERALL_WORDS.items()
                if (said := stale.theirs[name]) != str(mine[name] or "")
            ]
        except Refused as refusal:
            refuse(form, refusal)
    why_not = rules.why_not_rate(found.standing, terms=viewer.terms)
    return render_template("returns/save_words.html", shown=found, form=form, theirs=theirs, why_not=why_not)


def _words_form(found: ReturnShown, levels: Mapping[str, FrozenLevel]) -> OverallForm:
    choices = [(number, level_alone(level.letter, level.words)) for number, level in levels.items()]
    return OverallForm(choices, found.overall, found.version)


@blueprint.post("/cases/<reference>/return/<int:agency_id>/words/typed")
@no_activity
@allow(Role.AUDITOR)
def save_typed_words(reference: str, agency_id: int) -> tuple[dict[str, Any], int]:
    """What the page over the whole return saves by itself. Two texts that clash are shown by that page alone."""
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    levels = {str(level.id): level for level in queries.levels_of_round(viewer.partnership_id, found.round_id)}
    form = _words_form(found, levels)
    try:
        if not form.validate_on_submit():
            raise Refused(form.error_list()[0]["text"])
        with transaction():
            version = services.save_words(found.id, **asdict(form.typed), version=form.version.data, by=viewer)
    except Stale as stale:
        return {"state": "stale", "why": stale.reason}, 409
    except Refused as refusal:
        return {"state": "refused", "why": refusal.reason}, 409
    return {"state": "saved", "version": version, "at": clock_time(now())}, 200


def _said_of_words(typed: Overall, *, has_levels: bool) -> str:
    """What is said when the words over the whole return were saved: also what they still need."""
    needs = rules.overall_needs(typed, has_levels=has_levels)
    if not needs:
        return "What you wrote over the whole return is saved."
    asked = " ".join(f"“{need.title}”" for need in needs)
    return f"What you wrote is saved, but it is not finished: {asked} must be answered before you submit."


@blueprint.route("/cases/<reference>/return/<int:agency_id>/submit", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def submit_return(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    form = SubmitForm(**hours(found))
    if form.validate_on_submit():
        are_not_names, minutes = form.are_not_names.data, form.minutes_spent
        try:
            with transaction():
                services.submit_return(
                    found.id,
                    is_declared=form.is_declared.data,
                    are_not_names=are_not_names,
                    minutes_spent=minutes,
                    minutes_seen=form.minutes_seen,
                    by=viewer,
                    at=now(),
                )
            flash(f"The return on {reference} is submitted. Thank you.", "success")
            return to_return(found)
        except Refused as refusal:
            refuse(form, refusal)
            found = queries.own_return(viewer, reference, agency_id)
    needs = queries.needs_of_return(viewer.partnership_id, found.round_id, found.id)
    is_open = rules.why_not_rate(found.standing, terms=viewer.terms) is None
    its = {"case_id": found.case_id, "agency_id": agency_id}
    return render_template(
        "returns/submit_return.html",
        drafts=[one for one in _not_saved(found) if not one.address.endswith("/submit")],
        shown=found,
        form=form,
        names=queries.names_typed(viewer.partnership_id, found.id, **its) if is_open else (),
        is_other_person=found.file_confirmed_by_id not in {None, viewer.id},
        needs=needs,
        why_not=rules.why_not_submit(found.standing, gaps=len(needs), terms=viewer.terms),
        events=queries.events_counted(viewer.partnership_id, found.id),
        is_again=found.state is ReturnState.CHANGES_REQUESTED,
    )


def hours(found: ReturnShown) -> dict[str, int]:
    """The time that a return took, where it was said when it was submitted before, as its form shows it."""
    spent = found.minutes_spent
    return {} if spent is None else {"hours": spent // 60, "minutes": spent % 60, "seen_minutes": spent}
