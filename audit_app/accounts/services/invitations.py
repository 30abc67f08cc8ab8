"""Inviting people, and their accepting."""

import secrets
from collections.abc import Sequence

from audit_app.accounts import queries, rules
from audit_app.accounts.models import Invitation, Person
from audit_app.accounts.rules import Oneself, Part, Service, Terms, Viewer
from audit_app.accounts.services.letters import post_letter, welcome_letter
from audit_app.accounts.services.links import Invited, hash_of, send_link
from audit_app.accounts.services.roles import add_roles
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.core.settings import settings
from audit_app.history.services import record


def invite_person(*, name: str, email: str, parts: Sequence[Part], by: Viewer | Service) -> Invited:
    """Give someone roles in the actor's partnership, and the link with which they choose a password if they have none.

    Someone who signs in to another partnership already keeps their name and password.

    Raises:
        Refused: no name, no e-mail address, no role, a role that the actor may not give or that they hold already, or
            they have no password yet and the actor may not hold their link (see `send_link`).
    """
    partnership = queries.partnership_for_change(by.partnership_id)
    email = rules.tidy_email(email)
    if reason := rules.why_not_email(email):
        raise Refused(reason, "email")
    if not parts:
        raise Refused("Choose at least one role.", "roles")
    person = queries.person_of_email_for_change(email)
    is_new = person is None
    if person is None:
        person = _new_person(name, email)
    add_roles(person, parts, by=by, is_invitation=True)
    words = Terms(partnership.terms).listed(part.role for part in parts)
    record("person_invited", by=by, of=person, roles=words)
    if person.password is not None:
        subject, body = welcome_letter(
            name=person.name, inviter=by.name, partnership=partnership.name, roles=words, link=settings().base_url
        )
        occasion = f"welcome-{partnership.id}-{clock.now():%Y%m%d%H%M%S}"
        post_letter(
            partnership_id=partnership.id, recipient=person.email, occasion=occasion, subject=subject, body=body
        )
        return Invited(person.id, person.name, person.email, is_new=False, has_password=True)
    return send_link(person, partnership, by=by, is_new=is_new)


def renew_invitation(person_id: int, *, by: Viewer) -> Invited:
    """Send someone who has not chosen a password yet a new link. Earlier links stop working.

    Raises:
        NotHere: they are not in the actor's partnership.
        Refused: they have a password, or the actor may not hold their link (see `send_link`).
    """
    partnership = queries.partnership_for_change(by.partnership_id)
    person = queries.person_for_change(by.partnership_id, person_id)
    if person.password is not None:
        raise Refused(f"{person.name} has a password already. They can choose a new one from the sign-in page.")
    invited = send_link(person, partnership, by=by)
    record("invitation_renewed", by=by, of=person)
    return invited


def accept_invitation(secret: str, *, password_hash: str) -> None:
    """Set the first password of the person whom a link was made for. The link is used up.

    Raises:
        Refused: the link is unknown, used or expired, or the person has left.
    """
    found = queries.invitation_for_change(hash_of(secret))
    if reason := why_not_accept_link(found):
        raise Refused(reason)
    assert found is not None
    invitation, person = found
    person.password = password_hash
    person.fs_uniquifier = secrets.token_hex(32)
    invitation.used_at = clock.now()
    oneself = Oneself(person.id, person.name, invitation.partnership_id)
    record("invitation_accepted", by=oneself, of=person)
    db.session.flush()


def why_not_accept_link(found: tuple[Invitation, Person] | None) -> str | None:
    """The reason the link of an invitation cannot set a password now, or None."""
    now = clock.now()
    if found is None:
        return rules.why_not_accept(expires_at=None, used_at=None, has_password=False, is_member=False, at=now)
    invitation, person = found
    return rules.why_not_accept(
        expires_at=invitation.expires_at,
        used_at=invitation.used_at,
        has_password=person.password is not None,
        is_member=person.active and bool(queries.membership_partnerships(person.id, today=clock.today())),
        at=now,
    )


def _new_person(name: str, email: str) -> Person:
    if not name.strip():
        raise Refused("Enter the person's name.", "name")
    person = Person(
        name=name.strip(), email=email, active=True, fs_uniquifier=secrets.token_hex(32), created_at=clock.now()
    )
    db.session.add(person)
    db.session.flush()
    return person
