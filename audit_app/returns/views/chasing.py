"""What the coordinator does about returns that are owed, one or several: remind, give more time, ask another."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.forms import whole_number
from audit_app.core.settings import settings
from audit_app.core.web import day, plural, refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import AssignForm, ExtendForm
from audit_app.returns.queries import OwedReturn, Picked
from audit_app.returns.views.blueprint import blueprint
from audit_app.rounds import queries as rounds

FILTERS = ("state", "agency", "late")
"""What the address of a grid may name, besides the round."""
TICKS = ("pick", "pick-case", "pick-agency")
PAGES = {"extend": "returns.extend_returns", "assign": "returns.assign_returns"}


def picked_in(values: MultiDict[str, str]) -> Picked:
    """Which returns were ticked: each by itself, or all of a case or an agency."""
    return Picked(
        returns=frozenset(values.getlist("pick", type=whole_number)),
        cases=frozenset(values.getlist("pick-case")),
        agencies=frozenset(values.getlist("pick-agency", type=whole_number)),
        is_late=values.get("press") == "late",
    )


@blueprint.post("/rounds/<reference>/returns/chase")
@allow(Role.COORDINATOR)
def chase_returns(reference: str) -> Response:
    """Where every button of the grid leads: reminders go out at once, the other two ask something first."""
    viewer, form = current_actor(), request.form
    found = rounds.round_seen_by(viewer, reference)
    if page := PAGES.get(form.get("press", "")):
        chosen: dict[str, Any] = {name: form.getlist(name) for name in TICKS if name in form}
        if chosen:
            return redirect(url_for(page, reference=reference, **chosen))
    one = form.get("remind", type=whole_number)
    picked = Picked(returns=frozenset({one})) if one else picked_in(form)
    try:
        with transaction():
            link = f"{settings().base_url}{url_for('returns.my_returns')}"
            reminded = services.remind(found.id, picked, link=link, by=viewer, at=now())
        said = rules.reminded_in_words(
            told=reminded.told,
            told_before=reminded.told_before,
            nobody_at=reminded.nobody_at,
            is_mailing=settings().is_mailing,
            terms=viewer.terms,
        )
        flash(said, "success" if reminded.told else "message")
    except Refused as refusal:
        flash(refusal.reason)
    return redirect(_back(reference, form))


def _back(reference: str, form: MultiDict[str, str]) -> str:
    """The page of the return from which it was asked, else the grid as it was filtered."""
    if "back" in form and (agency_id := form.get("back-agency", type=whole_number)):
        return url_for("returns.show_return", reference=form["back"], agency_id=agency_id)
    filters: dict[str, Any] = {name: request.args[name] for name in FILTERS if name in request.args}
    return url_for("returns.round_returns", reference=reference, **filters)


def _chosen(round_id: int) -> list[OwedReturn]:
    """The returns that the address names, as far as they are still owed."""
    picked = picked_in(request.args)
    return [one for one in queries.owed_returns(current_actor(), round_id, today=today()) if one.is_among(picked)]


@blueprint.route("/rounds/<reference>/returns/extend", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def extend_returns(reference: str) -> str | Response:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    form = ExtendForm()
    if form.validate_on_submit():
        assert form.due_on.data is not None
        try:
            with transaction():
                extended = services.extend_returns(
                    found.id,
                    picked_in(request.args),
                    due_on=form.due_on.data,
                    reason=form.reason.data or "",
                    is_sure=form.is_sure.data,
                    by=viewer,
                    at=now(),
                )
            is_one = len(extended) == 1
            flash(
                f"{plural(len(extended), 'return')} {'is' if is_one else 'are'} due on {day(form.due_on.data)}.",
                "success",
            )
            return redirect(url_for("returns.round_returns", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("returns/extend_returns.html", round=found, chosen=_chosen(found.id), form=form)


@blueprint.route("/rounds/<reference>/returns/assign", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def assign_returns(reference: str) -> str | Response:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    chosen = _chosen(found.id)
    why_not = rules.why_not_assign_these({one.agency_id for one in chosen})
    people = queries.people_to_tell(viewer.partnership_id, today=today())
    auditors = {} if why_not else people.auditors.get(chosen[0].agency_id, {})
    names = [(str(person_id), person.name) for person_id, person in auditors.items()]
    asked = {one.auditor_id for one in chosen}
    now_asked = str(next(iter(asked)) or "") if len(asked) == 1 else None
    form = AssignForm(names, viewer.terms, auditor_id=now_asked)
    if form.validate_on_submit():
        person_id = whole_number(form.auditor_id.data) if form.auditor_id.data else None
        link = f"{settings().base_url}{url_for('returns.my_returns')}"
        try:
            with transaction():
                changed = services.assign_returns(
                    found.id, picked_in(request.args), auditor_id=person_id, link=link, by=viewer, at=now()
                )
            flash(_asked(len(changed), auditors[person_id].name if person_id else ""), "success")
            return redirect(url_for("returns.round_returns", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("returns/assign_returns.html", round=found, chosen=chosen, form=form, why_not=why_not)


def _asked(count: int, name: str) -> str:
    if not count:
        return "Nothing was changed: they were asked already."
    if not name:
        return f"Nobody in particular is asked for {plural(count, 'return')} any more."
    told = "was told" if settings().is_mailing else "must be told by you, since no e-mail is sent yet"
    return f"{name} is asked for {plural(count, 'return')}, and {told}."
