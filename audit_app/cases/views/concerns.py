"""Raising an immediate concern, and reading those that one was told of."""

import secrets
from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries as accounts
from audit_app.accounts.access import allow, current_actor, members
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import queries, rules, services
from audit_app.cases.forms import ConcernForm
from audit_app.cases.queries import EntryRow
from audit_app.cases.rules import ConcernState, EntryKind
from audit_app.cases.views.blueprint import TAKE_PART, blueprint, may_raise
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.settings import settings
from audit_app.core.web import refuse


@blueprint.route("/cases/<reference>/concern", methods=["GET", "POST"])
@allow(*TAKE_PART)
def raise_concern(reference: str) -> str | Response:
    viewer = current_actor()
    case = queries.case_for_concern(viewer, reference)
    agencies = queries.agencies_to_speak_for(viewer, case.round_id)
    form = ConcernForm([(str(agency), name) for agency, name in agencies], token=secrets.token_hex(16), told_on=today())
    if form.validate_on_submit():
        try:
            with transaction():
                raised = services.raise_concern(
                    case.id,
                    token=form.token.data.replace("\0", "")[:40],
                    worry=form.worry.data,
                    told_whom=form.told_whom.data,
                    told_at=form.told_at(),
                    agreed=form.agreed.data,
                    agency_id=form.agency_id(),
                    other_children=form.other_children.data or "",
                    link=settings().base_url + url_for("cases.concerns"),
                    by=viewer,
                    at=now(),
                )
            flash(_told(viewer, raised.told), "success")
            return redirect(url_for("cases.show_concern", concern_id=raised.concern.id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "cases/raise_concern.html",
        case=case,
        form=form,
        partnership=viewer.partnership,
        may_open=queries.may_know_of(viewer, case.id),
    )


def _told(viewer: Viewer, names: Sequence[str]) -> str:
    is_coordinator = viewer.has(Role.COORDINATOR)
    return rules.told_in_words(
        names, is_mailing=settings().is_mailing, is_coordinator=is_coordinator, terms=viewer.terms
    )


@blueprint.get("/concerns")
@members
def concerns() -> str:
    viewer, at = current_actor(), now()
    is_coordinator = viewer.has(Role.COORDINATOR)
    return render_template(
        "cases/concerns.html",
        concerns=queries.concerns(viewer, today=today()),
        at=at,
        times=queries.response_times(viewer.partnership_id, at=at) if is_coordinator else None,
        has_no_partner=is_coordinator and not accounts.delegated_partners(viewer.partnership_id),
        words=rules.CONCERN_STATE_WORDS,
        colours=rules.CONCERN_STATE_COLOURS,
        took=rules.duration_in_words,
    )


@blueprint.get("/concerns/<int:concern_id>")
@members
def show_concern(concern_id: int) -> str:
    viewer = current_actor()
    shown = queries.concern(viewer, concern_id, today=today())
    must_ring = shown.is_raiser and shown.state is ConcernState.RAISED and not settings().is_mailing
    is_answered = shown.state in {ConcernState.OUTCOME_RECORDED, ConcernState.CLOSED}
    log = queries.concern_log(viewer.partnership_id, concern_id)
    can_wait = shown.state is not ConcernState.RAISED or not viewer.has(Role.COORDINATOR)
    return render_template(
        "cases/show_concern.html",
        concern=shown,
        to_ring=queries.agencies_of_concern(viewer.partnership_id, shown),
        ring_now=queries.people_to_ring(viewer, shown, today=today()) if must_ring else (),
        log=log,
        outcome=outcome_in(log) if is_answered else None,
        to_agree=queries.agencies_that_agree(viewer.partnership_id, shown, today=today())
        if shown.state is ConcernState.OUTCOME_RECORDED
        else (),
        at=now(),
        may_raise=may_raise(viewer, shown.case_id),
        may_open_case=queries.may_know_of(viewer, shown.case_id),
        has_no_partner=not can_wait and not accounts.delegated_partners(viewer.partnership_id),
        words=rules.CONCERN_STATE_WORDS,
        colours=rules.CONCERN_STATE_COLOURS,
        entries=rules.ENTRY_WORDS,
        took=rules.duration_in_words,
    )


def outcome_in(log: Sequence[EntryRow]) -> EntryRow | None:
    """The line of a concern's log with the outcome recorded last."""
    return next((line for line in reversed(log) if line.kind is EntryKind.OUTCOME), None)
