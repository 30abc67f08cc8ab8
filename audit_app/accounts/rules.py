"""Roles, kinds of agency and body, and what may be done with memberships."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

INVITATION_LASTS = timedelta(days=7)
_WORD, _LABEL = r"[\w!#$%&'*+/=^`{|}~-]+", r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_WORD}(\.{_WORD})*@({_LABEL}\.)+{_LABEL}", re.ASCII | re.IGNORECASE)
"""An address that every mail server takes and a mail's header leaves as it stands: the plain form of RFC 5321 without
quotes, brackets or accents, and without `?`, which begins an encoded word."""
FAILURES_ALLOWED = 5
FAILURES_ALLOWED_FROM_ADDRESS = 30  # a whole council can stand behind one address
FAILURES_COUNTED_FOR = timedelta(minutes=15)
RESET_LASTS = timedelta(hours=1)
POST_KEPT_FOR = timedelta(hours=1)
PASSWORD_AT_LEAST, PASSWORD_AT_MOST = 12, 128
COMMON_PASSWORDS = (
    "123456789",
    "abcdefgh",
    "administrator",
    "changeme",
    "iloveyou",
    "letmein",
    "neglectaudit",
    "password",
    "qwertyuiop",
    "safeguarding",
    "welcome",
)
"""A password is refused when it is one of these, once or twice over, with nothing but digits and signs around it."""


class Role(StrEnum):
    """What a person comes to do in one partnership."""

    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    PANEL_CHAIR = "panel_chair"
    NOTE_TAKER = "note_taker"
    PANEL_MEMBER = "panel_member"
    PRACTITIONER = "practitioner"
    AGENCY_LEAD = "agency_lead"
    BOARD_MEMBER = "board_member"
    SCRUTINEER = "scrutineer"
    KEY_HOLDER = "key_holder"
    ADMINISTRATOR = "administrator"


ROLE_WORDS = {
    Role.COORDINATOR: "Coordinator",
    Role.AUDITOR: "Auditor",
    Role.PANEL_CHAIR: "Panel chair",
    Role.NOTE_TAKER: "Note-taker",
    Role.PANEL_MEMBER: "Panel member",
    Role.PRACTITIONER: "Practitioner",
    Role.AGENCY_LEAD: "Agency lead",
    Role.BOARD_MEMBER: "Board member",
    Role.SCRUTINEER: "Independent scrutineer",
    Role.KEY_HOLDER: "Key holder",
    Role.ADMINISTRATOR: "Administrator",
}

ROLES_OF_AN_AGENCY = frozenset({Role.AUDITOR, Role.PANEL_MEMBER, Role.PRACTITIONER, Role.AGENCY_LEAD})
"""Roles that are held for one agency; the others are held for the partnership."""

ROLES_FOR_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.KEY_HOLDER})
"""Roles that only an administrator gives and ends: they open the settings and the identity key."""


class AgencyKind(StrEnum):
    """The kinds of agency that templates speak of."""

    CHILDRENS_SOCIAL_CARE = "childrens_social_care"
    HEALTH = "health"
    POLICE = "police"
    EDUCATION = "education"
    EARLY_HELP = "early_help"
    VOLUNTARY = "voluntary"
    PROBATION = "probation"
    OTHER = "other"


AGENCY_KIND_WORDS = {
    AgencyKind.CHILDRENS_SOCIAL_CARE: "Children's social care",
    AgencyKind.HEALTH: "Health",
    AgencyKind.POLICE: "Police",
    AgencyKind.EDUCATION: "Education",
    AgencyKind.EARLY_HELP: "Early help",
    AgencyKind.VOLUNTARY: "Voluntary sector",
    AgencyKind.PROBATION: "Probation",
    AgencyKind.OTHER: "Other",
}


class BodyKind(StrEnum):
    """What a body of the partnership is for."""

    QUALITY_SUBGROUP = "quality_subgroup"
    EXECUTIVE = "executive"
    LEAD_PARTNERS = "lead_partners"
    AREA_GROUP = "area_group"
    OTHER = "other"


BODY_KIND_WORDS = {
    BodyKind.QUALITY_SUBGROUP: "Quality subgroup",
    BodyKind.EXECUTIVE: "Executive of delegated partners",
    BodyKind.LEAD_PARTNERS: "Lead safeguarding partners",
    BodyKind.AREA_GROUP: "Area group",
    BodyKind.OTHER: "Other",
}


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


@dataclass(frozen=True)
class Oneself:
    """A person as the actor behind their own sign-in, in one of their partnerships."""

    id: int
    name: str
    partnership_id: int


def is_current(from_day: date, until_day: date | None, today: date) -> bool:
    """Whether a membership from one day until another (its last day) counts today."""
    return from_day <= today and (until_day is None or today <= until_day)


def why_not_manage(roles: Iterable[Role], *, by_roles: Collection[Role]) -> str | None:
    """The reason someone with `by_roles` may not give, end or renew these roles, or None."""
    if Role.ADMINISTRATOR in by_roles:
        return None
    kept = ROLES_FOR_ADMINISTRATORS.intersection(roles)
    return f"Only an administrator can do this for the role {roles_in_words(kept)}." if kept else None


def why_not_give_any_role(
    held: Iterable[Role], *, has_password: bool, is_own: bool, by_roles: Collection[Role]
) -> str | None:
    """The reason someone with `by_roles` can give a person who holds `held` no role at all, or None.

    A coordinator who made themselves an auditor would read what is hidden from coordinators. Someone without a password
    gets a new link with each role, so whoever gives one must be allowed to give all that the link opens.
    """
    if is_own and Role.ADMINISTRATOR not in by_roles:
        return "Ask an administrator: nobody else can give a role to themselves."
    return None if has_password else why_not_manage(held, by_roles=by_roles)


def why_not_give_role(role: Role, *, agency_id: int | None, by_roles: Collection[Role]) -> str | None:
    """The reason a role cannot be given for this agency (or none) by someone with `by_roles`, or None."""
    if role in ROLES_OF_AN_AGENCY and agency_id is None:
        return f"Choose the agency for the role {ROLE_WORDS[role]}."
    return why_not_manage([role], by_roles=by_roles)


def why_not_end_role(
    role: Role, *, administrators_left: int, by_roles: Collection[Role], is_own: bool, from_day: date, today: date
) -> str | None:
    """The reason a role cannot be ended from a day, or None. A partnership is never left without an administrator.

    Nobody ends their own role as auditor: it is what keeps them blind to the other agencies' returns.
    """
    if from_day < today:
        return "Choose today or a later day."
    if role is Role.ADMINISTRATOR and administrators_left < 1:
        return "This is the partnership's only administrator. Give someone else the role first."
    if is_own and role is Role.AUDITOR:
        return "Ask someone else to end your own role as auditor: it keeps other agencies' returns hidden from you."
    return why_not_manage([role], by_roles=by_roles)


def why_not_hand_over(name: str, *, is_elsewhere: bool) -> str | None:
    """The reason nobody can be handed the link of this person, who has no password yet, or None.

    `is_elsewhere` says whether they have roles in a further partnership: whoever held the link could open both.
    """
    if not is_elsewhere:
        return None
    return (
        f"{name} has a role in another partnership too and has not chosen a password yet. No mail server is set, and a "
        "link that is handed over would open both partnerships. Ask them to choose their password with the other "
        "partnership's link, then invite them here. If both partnerships have them already, end their roles in one of "
        "them until then."
    )


def why_not_accept(
    *, expires_at: datetime | None, used_at: datetime | None, has_password: bool, is_member: bool, at: datetime
) -> str | None:
    """The reason an invitation's link cannot set a password now, or None. `expires_at` is None for an unknown link."""
    if expires_at is None:
        return "This link is not known. Check that you copied all of it, or ask for a new one."
    if used_at is not None or has_password:
        return "This link was used already. Sign in with the password that was set."
    if at >= expires_at:
        return "This link has expired, or a newer one took its place. Ask the person who invited you for a new one."
    if not is_member:
        return "Your access to this service has ended. Ask the person who invited you."
    return None


def why_not_password(password: str, *, email: str, name: str) -> str | None:
    """The reason a password cannot be chosen by the person of this e-mail address and name, or None."""
    if len(password) < PASSWORD_AT_LEAST:
        return f"Use at least {PASSWORD_AT_LEAST} characters. Three words that you will remember do well."
    if len(password) > PASSWORD_AT_MOST:
        return f"Use at most {PASSWORD_AT_MOST} characters."
    letters = re.sub(r"[^a-z]", "", password.lower())
    own = {re.sub(r"[^a-z]", "", text.lower()) for text in (email, email.split("@", maxsplit=1)[0], name)} - {""}
    if letters in {word * times for word in own for times in (1, 2)}:
        return "Choose a password that is not your name or e-mail address."
    if len(set(password)) < 5 or _is_common(letters, password):
        return "This password is easy to guess. Choose another."
    return None


def _is_common(letters: str, password: str) -> bool:
    digits = re.sub(r"\D", "", password)
    if not letters and digits and ("1234567890" * 13).startswith(digits):
        return True
    return letters in {word * times for word in COMMON_PASSWORDS for times in (1, 2, 3)}


def tidy_email(text: str) -> str:
    """An e-mail address as it is kept and compared: without spaces around it, in small letters."""
    return text.replace("\0", "").strip().lower()


def why_not_email(email: str) -> str | None:
    """The reason a text cannot be an e-mail address to which a mail can be sent, or None."""
    if len(email) > 254 or not EMAIL.fullmatch(email):
        return "Enter an e-mail address in the correct format, like name@example.org."
    return None


def why_not_colour(colour: str) -> str | None:
    """The reason a colour cannot carry white text, or None. `colour` is `#rrggbb`.

    The contrast is WCAG 2.2's (relative luminance, success criterion 1.4.3) and must reach 4.5 to 1.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return "Enter a colour as # and six digits or letters from a to f, such as #0b5c5c."
    if contrast_with_white(colour) < 4.5:
        return "White words are hard to read on this colour. Choose a darker one."
    return None


def why_not_retention(*, years: int | None, months: int | None) -> tuple[str, str] | None:
    """The reason retention periods cannot be set, with the setting it is about, or None."""
    if years is None or not 1 <= years <= 25:
        return "Keep rounds for 1 to 25 years.", "round_retention_years"
    if months is None or not 1 <= months <= 60:
        return "Keep identities for 1 to 60 months.", "identity_retention_months"
    return None


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of `#rrggbb` with white, from 1 to 21 (WCAG 2.2, relative luminance)."""

    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def roles_in_words(roles: Iterable[Role]) -> str:
    """Roles as a list in words, in the order of the enum."""
    held = set(roles)
    return ", ".join(ROLE_WORDS[role] for role in Role if role in held)
