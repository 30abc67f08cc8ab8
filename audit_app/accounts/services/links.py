"""The links with which invited people choose their first password."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from audit_app.accounts import queries, rules
from audit_app.accounts.models import Invitation, Partnership, Person
from audit_app.accounts.rules import Service, Terms, Viewer
from audit_app.accounts.services.letters import invitation_letter, post_letter
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.core.settings import settings


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


def send_link(person: Person, partnership: Partnership, *, by: Viewer | Service, is_new: bool = False) -> Invited:
    """Make a fresh link, end every earlier one, post it; give it back where no mail server is set.

    The link signs in as this person everywhere, so whoever hands it over must be allowed to give all their roles here,
    and may not hold it for someone who has roles in another partnership. The person is locked by whoever calls.

    Raises:
        Refused: the person has left, or the actor may not give all their roles, or may not hold their link.
    """
    today = clock.today()
    roles = [held.role for held in queries.memberships_lasting(partnership.id, person.id, today=today)]
    is_by_mail = bool(settings().smtp_host)
    if not roles:
        raise Refused(f"{person.name} has left. Invite them again instead.")
    terms = Terms(partnership.terms)
    if reason := rules.why_not_manage(roles, by_roles=by.roles, terms=terms):
        raise Refused(reason)
    is_elsewhere = len(queries.membership_partnerships(person.id, today=today)) > 1
    if not is_by_mail and (reason := rules.why_not_hand_over(person.name, is_elsewhere=is_elsewhere)):
        raise Refused(reason)
    _end_links(person)
    secret = secrets.token_urlsafe(32)
    invitation = _new_invitation(person, partnership, secret=secret, by=by)
    link = f"{settings().base_url}/invitation/{secret}"
    last = invitation.expires_at.astimezone(clock.LONDON)
    subject, body = invitation_letter(
        name=person.name,
        inviter=by.name,
        partnership=partnership.name,
        roles=terms.listed(roles),
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


def hash_of(secret: str) -> str:
    """What is kept of a link's secret: it has 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _end_links(person: Person) -> None:
    """End every unused link of a person, whichever partnership made it: somebody may hold one who gave them less."""
    now = clock.now()
    db.session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(expires_at=now)
    )


def _new_invitation(person: Person, partnership: Partnership, *, secret: str, by: Viewer | Service) -> Invitation:
    now = clock.now()
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
    return invitation
