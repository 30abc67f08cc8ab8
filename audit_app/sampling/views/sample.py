"""The sample of a round: plan it, draw it, confirm it or set it aside."""

import secrets
from collections.abc import Mapping
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.cases import queries as cases
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import refuse
from audit_app.indicators.rules import AGE_BAND_WORDS
from audit_app.rounds import queries as rounds
from audit_app.sampling import queries, rules, services
from audit_app.sampling.forms import DiscardForm, DrawForm, FrameForm
from audit_app.sampling.queries import PopulationShown
from audit_app.sampling.rules import DIMENSION_WORDS, POOL_WORDS, SEX_WORDS, Dimension, Stratum
from audit_app.sampling.views.routes import blueprint


@blueprint.get("/rounds/<reference>/sample")
@allow(Role.COORDINATOR, Role.KEY_HOLDER, Role.SCRUTINEER)
def sample(reference: str) -> str:
    return _page(reference)


@blueprint.post("/rounds/<reference>/sample")
@allow(Role.COORDINATOR)
def draw_sample(reference: str) -> str | Response:
    actor = current_actor()
    found = rounds.round_seen_by(actor, reference)
    confirmed = queries.confirmed_population(actor.partnership_id, found.id)
    frame_form = _frame_form(confirmed, request.form)
    form = DrawForm(frame_form, _strata(found.id, frame_form), actor.terms)
    if "show" in request.form:
        return _page(reference, frame_form=frame_form, draw_form=form)
    if confirmed and (reason := rules.why_not_draw_unseen(is_as_shown=form.is_as_shown)):
        refuse(form, Refused(reason))
    elif form.validate_on_submit():
        try:
            with transaction():
                services.draw_sample(found.id, frame=frame_form.frame(), plan=form.plan(), by=actor, at=now())
            flash("The sample is drawn. Look at it, then confirm it.", "success")
            return redirect(url_for("sampling.sample", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return _page(reference, frame_form=frame_form, draw_form=form)


@blueprint.post("/rounds/<reference>/sample/confirm")
@allow(Role.COORDINATOR)
def confirm_sample(reference: str) -> Response:
    actor = current_actor()
    found = rounds.round_seen_by(actor, reference)
    try:
        with transaction():
            made = services.confirm_sample(found.id, _draw_shown(), by=actor, at=now())
        flash(f"The sample is confirmed: {len(made)} cases, from {made[0].reference} on.", "success")
    except Refused as refusal:
        flash(refusal.reason)
    return redirect(url_for("sampling.sample", reference=reference))


@blueprint.post("/rounds/<reference>/sample/set-aside")
@allow(Role.COORDINATOR)
def set_sample_aside(reference: str) -> str | Response:
    actor = current_actor()
    found = rounds.round_seen_by(actor, reference)
    form = DiscardForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.set_sample_aside(found.id, _draw_shown(), reason=form.reason.data, by=actor, at=now())
            flash("The sample is set aside. You can draw another.", "success")
            return redirect(url_for("sampling.sample", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return _page(reference, discard_form=form)


def _frame_form(population: PopulationShown | None, chosen: MultiDict[str, str]) -> FrameForm:
    has_areas = population is not None and any(population.summary.areas)
    return FrameForm(has_areas=has_areas, formdata=chosen or None)


def _strata(round_id: int, frame_form: FrameForm) -> Mapping[Stratum, int]:
    partnership_id = current_actor().partnership_id
    return queries.strata_there(partnership_id, round_id, frame_form.frame(), frame_form.strata_by())


def _draw_shown() -> int:
    return request.form.get("draw_id", 0, type=int)


def _page(
    reference: str,
    *,
    frame_form: FrameForm | None = None,
    draw_form: DrawForm | None = None,
    discard_form: DiscardForm | None = None,
) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    shown = queries.current_sample(viewer.partnership_id, found.id)
    confirmed = queries.confirmed_population(viewer.partnership_id, found.id)
    common = {
        "round": found,
        "is_coordinator": viewer.has(Role.COORDINATOR),
        "discarded": queries.discarded_draws(viewer.partnership_id, found.id),
    }
    if shown is not None:
        discard_form = discard_form or DiscardForm(formdata=None, draw_id=shown.id)
        return render_template(
            "sampling/sample.html",
            **common,
            sample=shown,
            sheets_left=cases.incomplete_sheets(viewer.partnership_id, found.id),
            form=discard_form,
            can_change=viewer.has(Role.COORDINATOR)
            and not rules.why_not_change_sample(
                found.state, is_current=True, is_confirmed=shown.draw.confirmed_at is not None
            ),
            by=[DIMENSION_WORDS[Dimension(by)] for by in shown.draw.strata_by],
            pools=POOL_WORDS,
            plans=viewer.terms.plan_statuses,
            group=partial(rules.kept_stratum_words, strata_by=shown.draw.strata_by, terms=viewer.terms),
            ages=AGE_BAND_WORDS,
            sexes=SEX_WORDS,
        )
    frame_form = frame_form or _frame_form(confirmed, request.args)
    strata = _strata(found.id, frame_form)
    offered = {"seed": f"{found.reference}-{secrets.token_hex(4)}", "reserves": 2}
    return render_template(
        "sampling/draw.html",
        **common,
        population=confirmed,
        why_not=rules.why_not_take_sample(
            found.state, has_population=confirmed is not None, is_drawn=False, terms=viewer.terms
        ),
        frame_form=frame_form,
        there=sum(strata.values()),
        form=draw_form or DrawForm(frame_form, strata, viewer.terms, formdata=None, data=offered),
    )
