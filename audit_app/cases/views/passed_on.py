"""What goes by other routes: whom to tell and by when, and the record that somebody was told."""

import secrets
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, members
from audit_app.accounts.rules import Role
from audit_app.cases import queries, rules, services
from audit_app.cases.forms import PassOnForm, RouteForm
from audit_app.cases.rules import LimitUnit, OtherRoute
from audit_app.cases.views.blueprint import TAKE_PART, blueprint
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.core.web import refuse

COUNTED_FOR = timedelta(days=366)


@blueprint.route("/cases/<reference>/concern/something-else", methods=["GET", "POST"])
@allow(*TAKE_PART)
def pass_on(reference: str) -> str | Response:
    viewer = current_actor()
    case = queries.case_for_concern(viewer, reference)
    form = PassOnForm(token=secrets.token_hex(16), passed_on=today())
    if form.validate_on_submit():
        try:
            with transaction():
                services.record_passed_on(
                    case.id,
                    token=form.token.data.replace("\0", "")[:40],
                    route=OtherRoute(form.route.data),
                    passed_to=form.passed_to.data,
                    noticed_at=form.noticed_at(),
                    passed_at=form.passed_at(),
                    by=viewer,
                    at=now(),
                )
            flash("It is recorded that you passed this on.", "success")
            return redirect(url_for("cases.passed_on", case=case.reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "cases/pass_on.html",
        case=case,
        form=form,
        contacts=queries.other_routes(viewer.partnership_id),
        routes=rules.ROUTES,
        limit=rules.limit_in_words,
        may_open=queries.may_know_of(viewer, case.id),
    )


@blueprint.get("/passed-on")
@members
def passed_on() -> str:
    viewer = current_actor()
    is_coordinator = viewer.has(Role.COORDINATOR)
    since = now() - COUNTED_FOR
    passed = queries.passed_on(viewer)
    came_from = {row.case_reference for row in passed if row.may_open_case} & {request.args.get("case", "")}
    return render_template(
        "cases/passed_on.html",
        passed=passed,
        came_from=next(iter(came_from), ""),
        counts=queries.passed_on_counts(viewer.partnership_id, since=since) if is_coordinator else (),
        routes=rules.ROUTES,
    )


@blueprint.get("/other-routes")
@allow(Role.ADMINISTRATOR)
def other_routes() -> str:
    return render_template(
        "cases/other_routes.html",
        contacts=queries.other_routes(current_actor().partnership_id),
        routes=rules.ROUTES,
        limit=rules.limit_in_words,
    )


@blueprint.route("/other-routes/<route>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def change_route(route: str) -> str | Response:
    if route not in set(OtherRoute):
        raise NotHere
    chosen = OtherRoute(route)
    form = RouteForm(obj=queries.other_routes(current_actor().partnership_id)[chosen])
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_route(
                    chosen,
                    contact_name=form.contact_name.data or "",
                    contact_email=form.contact_email.data or "",
                    contact_phone=form.contact_phone.data or "",
                    limit_number=form.limit_number.data,
                    limit_unit=LimitUnit(form.limit_unit.data),
                    by=current_actor(),
                )
            _say_saved(form)
            return redirect(url_for("cases.other_routes"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("cases/change_route.html", form=form, words=rules.ROUTES[chosen])


def _say_saved(form: RouteForm) -> None:
    if form.contact_name.data:
        flash("Whom to tell was saved.", "success")
    else:
        flash("Nobody is entered for this now. Enter a name, and an e-mail address or a telephone number.", "important")
