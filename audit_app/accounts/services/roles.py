"""Giving roles, ending them, and people leaving."""

from collections.abc import Sequence
from datetime import date, timedelta

from audit_app.accounts import queries, rules
from audit_app.accounts.models import Membership, Person
from audit_app.accounts.rules import ROLES_OF_AN_AGENCY, Part, Role, Service, Viewer
from audit_app.accounts.services.drafts import forget_drafts_of
from audit_app.accounts.services.links import Invited, send_link
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record


def add_roles(person: Person, parts: Sequence[Part], *, by: Viewer | Service, is_invitation: bool = False) -> None:
    """Add memberships from today. The part of inviting and of giving a role that both need.

    Where the person has no password yet, `send_link` comes next: an earlier link must not open what was added.

    Raises:
        NotHere: an agency is not the partnership's.
        Refused: a role that the actor may not give or not to this person, that lacks its agency, whose agency has
            ended, or that the person holds already.
    """
    today = clock.today()
    field = "roles" if is_invitation else "role"
    held = {
        (membership.role, membership.agency_id)
        for membership in queries.memberships_lasting(by.partnership_id, person.id, today=today)
    }
    reason = rules.why_not_give_any_role(
        [role for role, _agency_id in held],
        has_password=person.password is not None,
        is_own=person.id == by.id,
        by_roles=by.roles,
        terms=by.terms,
    )
    if reason:
        raise Refused(reason, field)
    for part in parts:
        agency_id = part.agency_id if part.role in ROLES_OF_AN_AGENCY else None
        if reason := rules.why_not_give_role(part.role, agency_id=agency_id, by_roles=by.roles, terms=by.terms):
            needs_agency = part.role in ROLES_OF_AN_AGENCY and agency_id is None
            raise Refused(reason, "agency" if needs_agency else field)
        if agency_id is not None and queries.agency_for_change(by.partnership_id, agency_id).ended_on is not None:
            raise Refused("This agency has ended. Choose another.", "agency")
        if (part.role, agency_id) in held:
            raise Refused(f"{person.name} has the role {by.terms.roles[part.role]} already.", field)
        held.add((part.role, agency_id))
        db.session.add(
            Membership(
                partnership_id=by.partnership_id,
                person_id=person.id,
                agency_id=agency_id,
                role=part.role,
                from_day=today,
            )
        )
    db.session.flush()


def give_role(person_id: int, part: Part, *, by: Viewer | Service) -> Invited | None:
    """Give someone of the actor's partnership a further role from today.

    Gives the new invitation of someone who has no password yet: earlier links, which were made for fewer roles, stop
    working.

    Raises:
        NotHere: the person or the agency is not the partnership's.
        Refused: see `add_roles` and `send_link`.
    """
    partnership = queries.partnership_for_change(by.partnership_id)
    person = queries.person_for_change(by.partnership_id, person_id)
    add_roles(person, [part], by=by)
    record("role_given", by=by, of=person, role=by.terms.roles[part.role])
    if person.password is not None:
        return None
    invited = send_link(person, partnership, by=by)
    record("invitation_renewed", by=by, of=person)
    return invited


def end_role(person_id: int, membership_id: int, *, from_day: date, by: Viewer) -> None:
    """End a role: `from_day` is the first day without it. From today, it ends at once.

    Raises:
        NotHere: the person holds no such role in the actor's partnership.
        Refused: a day that is past, the only administrator, or a role that the actor may not end.
    """
    queries.partnership_for_change(by.partnership_id)
    person = queries.person_for_change(by.partnership_id, person_id)
    held = queries.memberships_lasting(by.partnership_id, person_id, today=clock.today())
    membership = next((one for one in held if one.id == membership_id), None)
    if membership is None:
        raise NotHere
    _end(membership, from_day=from_day, by=by)
    record("role_ended", by=by, of=person, role=by.terms.roles[membership.role])
    db.session.flush()
    if not queries.memberships_lasting(by.partnership_id, person_id, today=clock.today()):
        forget_drafts_of(by.partnership_id, person_id)


def end_person(person_id: int, *, by: Viewer) -> None:
    """End all roles of someone who leaves the actor's partnership, at once. Other partnerships of theirs stay.

    Raises:
        NotHere: they are not in the actor's partnership.
        Refused: they have left already, are the only administrator, or hold a role that the actor may not end.
    """
    queries.partnership_for_change(by.partnership_id)
    person = queries.person_for_change(by.partnership_id, person_id)
    today = clock.today()
    held = queries.memberships_lasting(by.partnership_id, person_id, today=today)
    if not held:
        raise Refused(f"{person.name} has left already.")
    for membership in held:
        _end(membership, from_day=today, by=by)
    forget_drafts_of(by.partnership_id, person_id)
    record("person_ended", by=by, of=person)
    db.session.flush()


def _end(membership: Membership, *, from_day: date, by: Viewer) -> None:
    today = clock.today()
    others = 1
    if membership.role is Role.ADMINISTRATOR:
        others = queries.administrators_besides(by.partnership_id, membership.person_id, today=today)
    reason = rules.why_not_end_role(
        membership.role,
        administrators_left=others,
        by_roles=by.roles,
        is_own=membership.person_id == by.id,
        from_day=from_day,
        today=today,
        terms=by.terms,
    )
    if reason:
        raise Refused(reason, "from_day")
    if from_day <= membership.from_day:
        db.session.delete(membership)  # it never counted for a whole day; history says that it was given
    else:
        membership.until_day = from_day - timedelta(days=1)
