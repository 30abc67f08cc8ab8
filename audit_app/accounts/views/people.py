"""People of the partnership: who is in it, inviting them, their roles, and their leaving."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries, rules, services
from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.forms import ConfirmForm, EndRoleForm, InviteForm, RoleForm, roles_to_give
from audit_app.accounts.rules import Role
from audit_app.accounts.views.blueprint import accounts
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.core.forms import Choices
from audit_app.core.web import refuse

managers = allow(Role.ADMINISTRATOR, Role.COORDINATOR)


@accounts.get("/p/<slug>/people")
@managers
def people() -> str:
    actor = current_actor()
    everyone = queries.people_of(actor.partnership_id, today=clock.today())
    has_left = request.args.get("show") == "left"
    shown = [person for person in everyone if bool(person.roles) is not has_left]
    return render_template(
        "accounts/people.html", shown=shown, has_left=has_left, words=actor.terms.roles, today=clock.today()
    )


@accounts.route("/p/<slug>/people/new", methods=["GET", "POST"])
@managers
def invite() -> str:
    actor = current_actor()
    form = InviteForm(roles_to_give(actor), _agencies(), actor.terms)
    if form.validate_on_submit():
        try:
            with transaction():
                invited = services.invite_person(
                    name=form.name.data, email=form.email.data, parts=form.parts(), by=actor
                )
            return render_template("accounts/invited.html", invited=invited)
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/invite.html", form=form)


@accounts.get("/p/<slug>/people/<int:person_id>")
@managers
def show_person(person_id: int) -> str:
    actor = current_actor()
    person = queries.person_shown(actor.partnership_id, person_id, today=clock.today())
    roles = [held.role for held in person.roles]
    return render_template(
        "accounts/person.html",
        person=person,
        words=actor.terms.roles,
        today=clock.today(),
        why_not_manage=rules.why_not_manage(roles, by_roles=actor.roles, terms=actor.terms),
        why_not_give=rules.why_not_give_any_role(
            roles,
            has_password=person.has_password,
            is_own=person_id == actor.id,
            by_roles=actor.roles,
            terms=actor.terms,
        ),
        why_not_end={
            held.membership_id: rules.why_not_manage([held.role], by_roles=actor.roles, terms=actor.terms)
            for held in person.roles
        },
    )


@accounts.post("/p/<slug>/people/<int:person_id>/invitation")
@managers
def renew_invitation(person_id: int) -> str | Response:
    try:
        with transaction():
            invited = services.renew_invitation(person_id, by=current_actor())
        return render_template("accounts/invited.html", invited=invited)
    except Refused as refusal:
        flash(refusal.reason)
    return redirect(url_for("accounts.show_person", person_id=person_id))


@accounts.route("/p/<slug>/people/<int:person_id>/roles/new", methods=["GET", "POST"])
@managers
def give_role(person_id: int) -> str | Response:
    actor = current_actor()
    person = queries.person_shown(actor.partnership_id, person_id, today=clock.today())
    form = RoleForm(roles_to_give(actor), _agencies(), actor.terms)
    if form.validate_on_submit():
        try:
            with transaction():
                invited = services.give_role(person_id, form.part(), by=actor)
            flash(f"{person.name} has the role {actor.terms.roles[form.part().role]}.", "success")
            if invited is not None:
                return render_template("accounts/invited.html", invited=invited)
            return redirect(url_for("accounts.show_person", person_id=person_id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/give_role.html", form=form, person=person)


@accounts.route("/p/<slug>/people/<int:person_id>/roles/<int:membership_id>/end", methods=["GET", "POST"])
@managers
def end_role(person_id: int, membership_id: int) -> str | Response:
    actor = current_actor()
    person = queries.person_shown(actor.partnership_id, person_id, today=clock.today())
    held = next((role for role in person.roles if role.membership_id == membership_id), None)
    if held is None:
        raise NotHere
    form = EndRoleForm()
    if form.validate_on_submit() and form.from_day.data:
        try:
            with transaction():
                services.end_role(person_id, membership_id, from_day=form.from_day.data, by=actor)
            flash(f"The role {actor.terms.roles[held.role]} of {person.name} ends.", "success")
            return redirect(url_for("accounts.show_person", person_id=person_id))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/end_role.html", form=form, person=person, held=held, words=actor.terms.roles)


@accounts.route("/p/<slug>/people/<int:person_id>/end", methods=["GET", "POST"])
@managers
def end_person(person_id: int) -> str | Response:
    actor = current_actor()
    person = queries.person_shown(actor.partnership_id, person_id, today=clock.today())
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.end_person(person_id, by=actor)
            flash(f"{person.name} has no role here any more.", "success")
            return redirect(url_for("accounts.choose_partnership" if person_id == actor.id else "accounts.people"))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("accounts/end_person.html", form=form, person=person, words=actor.terms.roles)


def _agencies() -> Choices:
    return [(str(agency.id), agency.name) for agency in queries.agencies(current_actor().partnership_id)]
