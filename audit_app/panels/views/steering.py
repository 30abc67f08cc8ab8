"""The pages on which a case is released to its panel, or withdrawn."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import refuse
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import ReleaseForm, WithdrawForm
from audit_app.panels.queries import SteeredCase
from audit_app.panels.views.blueprint import blueprint
from audit_app.returns.rules import RETURN_STATE_COLOURS, RETURN_STATE_WORDS
from audit_app.sampling import queries as sampling
from audit_app.sampling.rules import kept_stratum_words, why_not_withdraw_case


@blueprint.route("/panels/cases/<reference>/release", methods=["GET", "POST"])
@allow(Role.COORDINATOR, Role.PANEL_CHAIR)
def release_case(reference: str) -> str | Response:
    actor = current_actor()
    case = queries.case_to_steer(actor, reference)
    asked = queries.return_states(actor.partnership_id, case.id)
    form = ReleaseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.release_case(case.id, by=actor, at=now())
            flash(f"{case.reference} is released to its panel. Its returns are frozen.", "success")
            return redirect(url_for("panels.show_panel", panel_id=case.panel_id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "panels/release_case.html",
        case=case,
        form=form,
        returns=asked,
        return_words=RETURN_STATE_WORDS,
        return_colours=RETURN_STATE_COLOURS,
        back=_back(case),
        why_not=rules.why_not_release(
            case.state,
            round_state=case.round_state,
            is_on_panel=case.panel_id is not None,
            returns=asked,
        ),
    )


@blueprint.route("/cases/<reference>/withdraw", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def withdraw_case(reference: str) -> str | Response:
    actor = current_actor()
    case = queries.case_to_steer(actor, reference)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            with transaction():
                replacement = services.withdraw_case(case.id, reason=form.reason.data, by=actor, at=now())
            flash(f"{case.reference} is withdrawn.", "success")
            if replacement is not None:
                flash(f"{replacement.reference} takes its place and waits for its identity sheet.")
            return redirect(_back_from_withdrawal(case))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "panels/withdraw_case.html",
        case=case,
        form=form,
        group=kept_stratum_words(case.stratum, sampling.strata_by_of(actor.partnership_id, case.round_id), actor.terms),
        reserves=sampling.reserves_left(actor.partnership_id, case.round_id, case.stratum),
        back=_back_from_withdrawal(case),
        back_words="Back to the panel" if _is_from_panel(case) else "Back to the case",
        why_not=rules.why_not_plan(case.round_state) or why_not_withdraw_case(case.state, is_released=case.is_released),
    )


def _is_from_panel(case: SteeredCase) -> bool:
    return case.panel_id is not None and request.args.get("back") == "panel"


def _back_from_withdrawal(case: SteeredCase) -> str:
    """Where one goes from a withdrawal: to the panel one came from, else to the case, which says what became of it."""
    return _back(case) if _is_from_panel(case) else url_for("home.show_case", reference=case.reference)


def _back(case: SteeredCase) -> str:
    """Where one comes from: the case's panel, or the list of panels."""
    if case.panel_id is None:
        return url_for("panels.my_panels")
    return url_for("panels.show_panel", panel_id=case.panel_id)
