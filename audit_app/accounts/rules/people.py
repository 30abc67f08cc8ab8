"""Who someone is in a partnership, and what may be done with their roles."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from audit_app.accounts.rules.kinds import ROLES_FOR_ADMINISTRATORS, ROLES_OF_AN_AGENCY, Role
from audit_app.accounts.rules.terms import DELIVERED, Terms


@dataclass(frozen=True)
class Part:
    """One role that someone holds in the open partnership, for an agency or for none."""

    role: Role
    agency_id: int | None = None


@dataclass(frozen=True)
class PartnershipShown:
    """What every page shows of the open partnership."""

    id: int
    slug: str
    name: str
    colour: str
    front_door_name: str
    front_door_phone: str
    support_contact: str
    is_demonstration: bool
    terms: Terms = DELIVERED
    has_open_concerns: bool = False  # whether any page has to look for those that its reader is told of


@dataclass(frozen=True)
class Viewer:
    """The person who is signed in, in the one partnership that is open. The actor behind every deed done in a page."""

    id: int
    name: str
    email: str
    partnership: PartnershipShown
    parts: tuple[Part, ...]
    has_other_partnerships: bool = False

    @property
    def partnership_id(self) -> int:
        return self.partnership.id

    @property
    def terms(self) -> Terms:
        """The words of the open partnership."""
        return self.partnership.terms

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held, for whatever agency."""
        return frozenset(part.role for part in self.parts)

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is held."""
        return not self.roles.isdisjoint(roles)

    def agencies(self, *roles: Role) -> frozenset[int]:
        """The agencies for which any of these roles is held."""
        return frozenset(part.agency_id for part in self.parts if part.role in roles and part.agency_id is not None)


@dataclass(frozen=True)
class Service:
    """The service itself as an actor: timers, commands of the system."""

    partnership_id: int
    id: None = None
    name: str = "The service"
    roles: frozenset[Role] = frozenset({Role.ADMINISTRATOR})
    terms: Terms = DELIVERED


@dataclass(frozen=True)
class Oneself:
    """A person as the actor behind their own sign-in, in one of their partnerships."""

    id: int
    name: str
    partnership_id: int


def is_current(from_day: date, until_day: date | None, today: date) -> bool:
    """Whether a membership from one day until another (its last day) counts today."""
    return from_day <= today and (until_day is None or today <= until_day)


def why_not_manage(roles: Iterable[Role], *, by_roles: Collection[Role], terms: Terms = DELIVERED) -> str | None:
    """The reason someone with `by_roles` may not give, end or renew these roles, or None."""
    if Role.ADMINISTRATOR in by_roles:
        return None
    kept = ROLES_FOR_ADMINISTRATORS.intersection(roles)
    if not kept:
        return None
    return f"Only {terms.one(Role.ADMINISTRATOR)} can do this for the role {terms.listed(kept)}."


def why_not_give_any_role(
    held: Iterable[Role], *, has_password: bool, is_own: bool, by_roles: Collection[Role], terms: Terms = DELIVERED
) -> str | None:
    """The reason someone with `by_roles` can give a person who holds `held` no role at all, or None.

    A coordinator who made themselves an auditor would read what is hidden from coordinators. Someone without a password
    gets a new link with each role, so whoever gives one must be allowed to give all that the link opens.
    """
    if is_own and Role.ADMINISTRATOR not in by_roles:
        return f"Ask {terms.one(Role.ADMINISTRATOR)}: nobody else can give a role to themselves."
    return None if has_password else why_not_manage(held, by_roles=by_roles, terms=terms)


def why_not_give_role(
    role: Role, *, agency_id: int | None, by_roles: Collection[Role], terms: Terms = DELIVERED
) -> str | None:
    """The reason a role cannot be given for this agency (or none) by someone with `by_roles`, or None."""
    if role in ROLES_OF_AN_AGENCY and agency_id is None:
        return f"Choose the agency for the role {terms.roles[role]}."
    return why_not_manage([role], by_roles=by_roles, terms=terms)


def why_not_end_role(
    role: Role,
    *,
    administrators_left: int,
    by_roles: Collection[Role],
    is_own: bool,
    from_day: date,
    today: date,
    terms: Terms = DELIVERED,
) -> str | None:
    """The reason a role cannot be ended from a day, or None. A partnership is never left without an administrator.

    Nobody ends their own role as auditor: it is what keeps them blind to the other agencies' returns.
    """
    if from_day < today:
        return "Choose today or a later day."
    if role is Role.ADMINISTRATOR and administrators_left < 1:
        return f"This is the partnership's only {terms.said(Role.ADMINISTRATOR)}. Give someone else the role first."
    if is_own and role is Role.AUDITOR:
        own = terms.said(Role.AUDITOR)
        return f"Ask someone else to end your own role as {own}: it keeps other agencies' returns hidden from you."
    return why_not_manage([role], by_roles=by_roles, terms=terms)
