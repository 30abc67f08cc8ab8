"""Inviting people, and their accepting."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from audit_app.accounts import queries, rules
from audit_app.accounts.models import Invitation, Partnership, Person
from audit_app.accounts.rules import Oneself, Part, Service, Viewer
from audit_app.accounts.services.letters import invitation_letter, post_letter, welcome_letter
from audit_app.accounts.services.roles import add_roles
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.core.settings import settings
from audit_app.history.services import record


@dataclass(frozen=True)
class Invited:
    """What came of an invitation. `link` is there where somebody must hand it over, because no mail server is set."""

    person_id: int
    name: str
    email: str
    is_new: bool
    has_password: bool = False
    is_mailed: bool = False
    link: str | None = None
    until: datetime | None = None


def invite_person(*, name: str, email: str, parts: Sequence[Part], by: Viewer | Service) -> Invited:
    """Give someone roles in the actor's partnership, and the link with which they choose a password if they have none.

    Someone who signs in to another partnership already keeps their name and password.

    Raises:
        Refused: no name, no e-mail address, no role, a role that the actor may not give or that they hold already.
    """
    partnership = queries.partnership_for_change(by.partnership_id)
    email = rules.tidy_email(email)
    if reason := rules.why_not_email(email):
        raise Refused(reason, "email")
    if not parts:
        raise Refused("Choose at least one role.", "roles")
    person = queries.person_of_email(email)
    is_new = person is None
    if person is None:
        person = _new_person(name, email)
    add_roles(person, parts, by=by, is_invitation=True)
    words = rules.roles_in_words(part.role for part in parts)
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
    return _send_link(person, partnership, by=by, is_new=is_new)


def renew_invitation(person_id: int, *, by: Viewer) -> Invited:
    """Send someone who has not chosen a password yet a new link. Earlier links stop working.

    Raises:
        NotHere: they are not in the actor's partnership.
        Refused: they have a password, or have left, or hold a role that the actor may not give.
    """
    partnership = queries.partnership_for_change(by.partnership_id)
    person = queries.person_for_change(by.partnership_id, person_id)
    if person.password is not None:
        raise Refused(f"{person.name} has a password already. They can choose a new one from the sign-in page.")
    invited = _send_link(person, partnership, by=by, is_new=False)
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


def hash_of(secret: str) -> str:
    """What is kept of a link's secret: it has 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_person(name: str, email: str) -> Person:
    if not name.strip():
        raise Refused("Enter the person's name.", "name")
    person = Person(
        name=name.strip(), email=email, active=True, fs_uniquifier=secrets.token_hex(32), created_at=clock.now()
    )
    db.session.add(person)
    db.session.flush()
    return person


def _send_link(person: Person, partnership: Partnership, *, by: Viewer | Service, is_new: bool) -> Invited:
    """Make a fresh link, end earlier ones, post it; give it back where no mail server is set.

    The link signs in as this person everywhere, so whoever hands it over must be allowed to give all their roles here,
    and may not hold it for someone who has roles in another partnership.
    """
    today, now = clock.today(), clock.now()
    held = queries.memberships_lasting(partnership.id, person.id, today=today)
    roles = [membership.role for membership in held]
    if not roles:
        raise Refused(f"{person.name} has left. Invite them again instead.")
    if reason := rules.why_not_manage(roles, by_roles=by.roles):
        raise Refused(reason)
    is_by_mail = bool(settings().smtp_host)
    if not is_by_mail and len(queries.membership_partnerships(person.id, today=today)) > 1:
        return Invited(person.id, person.name, person.email, is_new=is_new)
    db.session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.partnership_id == partnership.id)
        .where(Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(expires_at=now)
    )
    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        partnership_id=partnership.id,
        person_id=person.id,
        secret_hash=hash_of(secret),
        invited_by_id=by.id,
        created_at=now,
        expires_at=now + rules.INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    link = f"{settings().base_url}/invitation/{secret}"
    last = invitation.expires_at.astimezone(clock.LONDON)
    subject, body = invitation_letter(
        name=person.name,
        inviter=by.name,
        partnership=partnership.name,
        roles=rules.roles_in_words(roles),
        link=link,
        until=f"{last.day} {last:%B %Y at %H:%M}",
    )
    occasion = f"invitation-{invitation.id}"
    post_letter(partnership_id=partnership.id, recipient=person.email, occasion=occasion, subject=subject, body=body)
    return Invited(
        person.id,
        person.name,
        person.email,
        is_new=is_new,
        is_mailed=is_by_mail,
        link=None if is_by_mail else link,
        until=invitation.expires_at,
    )
