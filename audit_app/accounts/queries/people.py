"""Reads of people and their roles in a partnership."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, or_, select

from audit_app.accounts.models import Agency, Membership, Partnership, Person
from audit_app.accounts.queries.partnerships import counts_on, viewer
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.db import db
from audit_app.core.errors import NotHere


@dataclass(frozen=True)
class PersonChoice:
    """A person to choose from in a form."""

    id: int
    name: str
    email: str
    agency_id: int | None


def people_with_role(
    partnership_id: int, *roles: str, today: date, agency_id: int | None = None
) -> Sequence[PersonChoice]:
    """The people who hold any of these roles today, by name; for one agency where one is named."""
    query = (
        select(Person.id, Person.name, Person.email, func.min(Membership.agency_id).label("agency_id"))
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.partnership_id == partnership_id, Membership.role.in_(roles), Person.active, counts_on(today))
        .group_by(Person.id, Person.name, Person.email)
        .order_by(Person.name)
    )
    if agency_id is not None:
        query = query.where(Membership.agency_id == agency_id)
    return [PersonChoice(row.id, row.name, row.email, row.agency_id) for row in db.session.execute(query)]


def who_can_sign_in(partnership_id: int, *, today: date) -> frozenset[str]:
    """The e-mail addresses, in small letters, of everybody with a role today and a password."""
    query = (
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.partnership_id == partnership_id, Person.active, Person.password.is_not(None))
        .where(counts_on(today))
    )
    return frozenset(email.lower() for email in db.session.scalars(query))


def people_named(person_ids: Sequence[int]) -> dict[int, str]:
    """The names of persons by id, for pages that show who did something."""
    if not person_ids:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


@dataclass(frozen=True)
class RoleHeld:
    """One membership as pages show it. `until_day` is its last day."""

    membership_id: int
    role: Role
    agency_name: str
    from_day: date
    until_day: date | None


class Standing(StrEnum):
    """How someone stands in a partnership, in words."""

    INVITED = "Invited"
    MEMBER = "Member"
    LEFT = "Left"


@dataclass(frozen=True)
class PersonShown:
    """A person as the administrator's pages show them: current and coming roles first, then ended ones."""

    id: int
    name: str
    email: str
    has_password: bool
    last_signed_in_at: datetime | None
    roles: tuple[RoleHeld, ...]
    ended: tuple[RoleHeld, ...]

    @property
    def standing(self) -> Standing:
        if not self.roles:
            return Standing.LEFT
        return Standing.MEMBER if self.has_password else Standing.INVITED


def people_of(partnership_id: int, *, today: date, person_id: int | None = None) -> Sequence[PersonShown]:
    """Everyone who holds or held a role in a partnership, by name, in one query; or the one person named."""
    query = (
        select(Person, Membership, Agency.short_name)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Agency, Agency.id == Membership.agency_id)
        .where(Membership.partnership_id == partnership_id)
        .order_by(Person.name, Person.id, Membership.id)
    )
    if person_id is not None:
        query = query.where(Person.id == person_id)
    people: dict[int, tuple[Person, list[RoleHeld]]] = {}
    for person, held, agency_name in db.session.execute(query):
        shown = RoleHeld(held.id, held.role, agency_name or "", held.from_day, held.until_day)
        people.setdefault(person.id, (person, []))[1].append(shown)
    return [_shown(person, roles, today) for person, roles in people.values()]


def _shown(person: Person, roles: Sequence[RoleHeld], today: date) -> PersonShown:
    return PersonShown(
        id=person.id,
        name=person.name,
        email=person.email,
        has_password=person.password is not None,
        last_signed_in_at=person.last_signed_in_at,
        roles=tuple(held for held in roles if held.until_day is None or held.until_day >= today),
        ended=tuple(held for held in roles if held.until_day is not None and held.until_day < today),
    )


def person_shown(partnership_id: int, person_id: int, *, today: date) -> PersonShown:
    """One person who holds or held a role in a partnership.

    Raises:
        NotHere: they never did.
    """
    found = people_of(partnership_id, today=today, person_id=person_id)
    if not found:
        raise NotHere
    return found[0]


def person_of_email(email: str) -> Person | None:
    """The person with this e-mail address, in small letters."""
    return db.session.scalars(select(Person).where(Person.email == email)).first()


def person_of_email_for_change(email: str) -> Person | None:
    """The person with this e-mail address, in small letters, locked until the deed is done.

    Two partnerships that invite the same person at the same moment go one after another.
    """
    query = select(Person).where(Person.email == email).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def person_for_change(partnership_id: int, person_id: int) -> Person:
    """A person who holds or held a role in a partnership, locked until the deed is done.

    Raises:
        NotHere: they never did.
    """
    here = exists().where(Membership.person_id == Person.id, Membership.partnership_id == partnership_id)
    query = select(Person).where(Person.id == person_id, here)
    person = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if person is None:
        raise NotHere
    return person


def memberships_lasting(partnership_id: int, person_id: int, *, today: date) -> Sequence[Membership]:
    """The memberships of a person in a partnership that count today or will, in the order they were given."""
    query = (
        select(Membership)
        .where(Membership.partnership_id == partnership_id, Membership.person_id == person_id, lasts_on(today))
        .order_by(Membership.id)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def lasts_on(day: date) -> ColumnElement[bool]:
    """The condition that a membership has not ended before a day."""
    return or_(Membership.until_day.is_(None), Membership.until_day >= day)


def administrators_besides(partnership_id: int, person_id: int, *, today: date) -> int:
    """How many others are administrators of a partnership today without an end in sight."""
    query = select(func.count(Membership.person_id.distinct())).where(
        Membership.partnership_id == partnership_id,
        Membership.role == Role.ADMINISTRATOR,
        Membership.person_id != person_id,
        Membership.from_day <= today,
        Membership.until_day.is_(None),
    )
    return db.session.scalar(query) or 0


def viewer_of_email(email: str, slug: str, *, today: date) -> Viewer | None:
    """The person with this e-mail address as the actor of a command in a partnership, or None if they are not in it."""
    person = person_of_email(email)
    return None if person is None else viewer(person.id, slug, today=today)


def membership_partnerships(person_id: int, *, today: date) -> Sequence[tuple[int, str]]:
    """The partnerships in which a person holds or will hold a role, as (id, name)."""
    query = (
        select(Partnership.id, Partnership.name)
        .join(Membership, Membership.partnership_id == Partnership.id)
        .where(Membership.person_id == person_id, lasts_on(today))
        .distinct()
        .order_by(Partnership.id)
    )
    return [(row.id, row.name) for row in db.session.execute(query)]
