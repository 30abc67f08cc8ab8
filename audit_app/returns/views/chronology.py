"""An agency's chronology: its page, one event, and rows that were pasted."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused, Stale
from audit_app.core.forms import PageForm
from audit_app.core.web import plural, refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import EventForm, PasteForm
from audit_app.returns.queries import ReturnShown
from audit_app.returns.rules import Event, Pasted
from audit_app.returns.views.blueprint import blueprint


@blueprint.get("/cases/<reference>/return/<int:agency_id>/chronology")
@allow(Role.AUDITOR)
def chronology(reference: str, agency_id: int) -> str:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    return render_template(
        "returns/chronology.html",
        shown=found,
        events=queries.events_of_return(viewer.partnership_id, found.id),
        frame=queries.frame_of_chronology(viewer.partnership_id, found.id, today=today()),
        why_not=rules.why_not_rate(found.standing, terms=viewer.terms),
        at_most=rules.EVENTS_AT_MOST,
    )


@blueprint.route("/cases/<reference>/return/<int:agency_id>/chronology/add", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def add_event(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    form = EventForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_event(found.id, form.told, is_sure=form.is_sure, by=viewer, at=now())
            flash("The event is added.", "success")
            return _to_chronology(found)
        except Refused as refusal:
            refuse(form, refusal)
            form.ask_about_day()
    return _event_page(found, form, {})


@blueprint.route("/cases/<reference>/return/<int:agency_id>/chronology/<int:event_id>/change", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def change_event(reference: str, agency_id: int, event_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    kept = queries.event_of_return(viewer.partnership_id, found.id, event_id)
    form = EventForm(obj=kept)
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                version, sure = form.version.data, form.is_sure
                services.change_event(found.id, event_id, form.told, version=version, is_sure=sure, by=viewer, at=now())
            flash("The event is changed.", "success")
            return _to_chronology(found)
        except Stale as stale:
            refuse(form, stale)
            theirs, form.version.data = stale.theirs, stale.version
        except Refused as refusal:
            refuse(form, refusal)
            form.ask_about_day()
    return _event_page(found, form, theirs, event_id)


def _event_page(found: ReturnShown, form: EventForm, theirs: dict[str, str], event_id: int | None = None) -> str:
    why_not = rules.why_not_rate(found.standing, terms=current_actor().terms)
    return render_template(
        "returns/write_event.html", shown=found, form=form, theirs=theirs, why_not=why_not, event_id=event_id
    )


@blueprint.route("/cases/<reference>/return/<int:agency_id>/chronology/<int:event_id>/remove", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def remove_event(reference: str, agency_id: int, event_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    kept = queries.event_of_return(viewer.partnership_id, found.id, event_id)
    form = PageForm()
    if form.validate_on_submit():
        version = request.form.get("version", 0, type=int)
        try:
            with transaction():
                services.remove_event(found.id, event_id, version=version, by=viewer)
            flash("The event is removed.", "success")
            return _to_chronology(found)
        except Stale:
            form.form_errors = ["A colleague changed this event meanwhile. It is shown as it is now."]
        except Refused as refusal:
            refuse(form, refusal)
    why_not = rules.why_not_rate(found.standing, terms=viewer.terms)
    return render_template("returns/remove_event.html", shown=found, form=form, event=kept, why_not=why_not)


@blueprint.route("/cases/<reference>/return/<int:agency_id>/chronology/paste", methods=["GET", "POST"])
@allow(Role.AUDITOR)
def paste_events(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.own_return(viewer, reference, agency_id)
    form = PasteForm()
    is_read = form.validate_on_submit()
    if is_read and request.form.get("press") == "take":
        ready = rules.read_pasted(form.ready.data or "", today=today()).events
        try:
            with transaction():
                taken = services.add_events(found.id, ready, by=viewer, at=now())
            form.ready.data = ""
            flash(f"{plural(taken.added, 'event')} added.", "success")
            if not (form.text.data or "").strip():
                return _to_chronology(found)
        except Refused as refusal:
            refuse(form, refusal)
    return _paste_page(found, form, is_read=is_read)


def _paste_page(found: ReturnShown, form: PasteForm, *, is_read: bool) -> str:
    """What was pasted, read: what would be added, what is there already, and what must be mended first."""
    viewer = current_actor()
    why_not = rules.why_not_rate(found.standing, terms=viewer.terms)
    pasted = rules.read_pasted(form.text.data or "", today=today()) if is_read else Pasted()
    waiting = [*rules.read_pasted(form.ready.data or "", today=today()).events, *pasted.events] if is_read else []
    there = queries.kept_events(viewer.partnership_id, found.id).values() if waiting else ()
    new = rules.not_there_yet(waiting, there)
    too_many = rules.why_not_more(len(there), len(new))
    if is_read:
        form.text.data = pasted.left
        form.ready.data = rules.as_pasted(new)
        if why_not:  # nothing can be added: everything that was pasted is to be seen
            form.text.data = "\n".join(part for part in (rules.as_pasted(waiting), pasted.left) if part)
        if not (waiting or pasted.problems or form.form_errors):
            form.form_errors = ["Paste some rows first."]
    return render_template(
        "returns/paste_events.html",
        shown=found,
        form=form,
        is_read=is_read,
        pasted=pasted,
        new=new,
        there=_left_out(waiting, new),
        doubts=_doubts(found, new),
        frame=queries.frame_of_chronology(viewer.partnership_id, found.id, today=today()),
        too_many=too_many,
        why_not=why_not,
    )


def _left_out(waiting: Sequence[Event], new: Sequence[Event]) -> Sequence[Event]:
    chosen = {id(event) for event in new}
    return [event for event in waiting if id(event) not in chosen]


def _doubts(found: ReturnShown, events: Sequence[Event]) -> Sequence[str | None]:
    frame = queries.frame_of_chronology(current_actor().partnership_id, found.id, today=today())
    return [rules.doubt_about(one.happened_on, today=today(), earliest=frame.earliest) for one in events]


def _to_chronology(found: ReturnShown) -> Response:
    return redirect(url_for("returns.chronology", reference=found.case_reference, agency_id=found.agency_id))
