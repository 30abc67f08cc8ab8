"""Partnerships, their agencies, bodies and areas; persons and their memberships; invitations."""

from datetime import date, datetime
from typing import Any

from flask_security.core import UserMixin
from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.accounts.rules import AgencyKind, BodyKind, Role
from audit_app.core.db import (
    JsonFacts,
    Model,
    Owned,
    UtcDateTime,
    belongs_to,
    enum_type,
    refuse_when,
    within_partnership,
)
from audit_app.core.encryption import Encrypted


class Partnership(Model):
    """A local safeguarding children partnership, with its settings."""

    __tablename__ = "partnership"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    colour: Mapped[str] = mapped_column(String(7), default="#0b5c5c")
    front_door_phone: Mapped[str] = mapped_column(String(60), default="")
    front_door_name: Mapped[str] = mapped_column(String(120), default="the front door of children's social care")
    support_contact: Mapped[str] = mapped_column(String(300), default="")
    acknowledge_minutes: Mapped[int] = mapped_column(default=60)  # working minutes, of an immediate concern
    round_retention_years: Mapped[int] = mapped_column(default=6)
    identity_retention_months: Mapped[int] = mapped_column(default=12)
    token_secret: Mapped[str] = mapped_column(Encrypted())
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    terms: Mapped[dict[str, dict[str, str]]] = mapped_column(JsonFacts, default=dict)  # only what differs: rules.Terms
    terms_version: Mapped[int] = mapped_column(default=1)

    @property
    def history_id(self) -> int:
        return self.id

    @property
    def history_name(self) -> str:
        return self.name


class Agency(Owned, Model):
    """An agency of a partnership, with whom to tell when a child may be unsafe."""

    __tablename__ = "agency"
    __table_args__ = within_partnership(
        belongs_to("delegated_partner", "delegated_partner_id"), UniqueConstraint("partnership_id", "name")
    )

    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[AgencyKind] = mapped_column(enum_type(AgencyKind))
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    deputy_name: Mapped[str] = mapped_column(String(200), default="")
    deputy_email: Mapped[str] = mapped_column(String(254), default="")
    deputy_phone: Mapped[str] = mapped_column(String(60), default="")
    delegated_partner_id: Mapped[int | None]  # who answers for this agency to the partnership
    ended_on: Mapped[date | None]

    @property
    def history_name(self) -> str:
        return self.name


class DelegatedPartner(Owned, Model):
    """Who acts for a lead safeguarding partner: told when an agency's return is very late, or a concern unanswered."""

    __tablename__ = "delegated_partner"
    __table_args__ = within_partnership(UniqueConstraint("partnership_id", "email"))

    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(60), default="")
    ended_on: Mapped[date | None]

    @property
    def history_name(self) -> str:
        return self.name


class Body(Owned, Model):
    """A body that commissions a round, receives it or signs its plan off."""

    __tablename__ = "body"
    __table_args__ = within_partnership(UniqueConstraint("partnership_id", "name"))

    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[BodyKind] = mapped_column(enum_type(BodyKind))
    ended_on: Mapped[date | None]

    @property
    def history_name(self) -> str:
        return self.name


class Area(Owned, Model):
    """A part of the partnership's place, where it has parts. Cases, actions and measures can carry it."""

    __tablename__ = "area"
    __table_args__ = within_partnership(UniqueConstraint("partnership_id", "name"))

    name: Mapped[str] = mapped_column(String(120))
    ended_on: Mapped[date | None]

    @property
    def history_name(self) -> str:
        return self.name


class Person(UserMixin, Model):
    """A sign-in. Has no partnership of its own: memberships say where it counts and as what."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    # What second factors and single sign-on will need.
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(JsonFacts)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]
    oidc_subject: Mapped[str | None] = mapped_column(String(255), unique=True)

    @property
    def roles(self) -> tuple[Any, ...]:  # type: ignore[override]
        """Flask-Security's own roles, of which there are none: memberships decide."""
        return ()

    @property
    def history_id(self) -> int:
        return self.id

    @property
    def history_name(self) -> str:
        return self.name


class Membership(Owned, Model):
    """One role of one person in one partnership, for one agency or for none."""

    __tablename__ = "membership"
    __table_args__ = within_partnership(
        belongs_to("agency", "agency_id"),
        CheckConstraint("until_day IS NULL OR until_day >= from_day", name="ends_after_it_starts"),
        Index("ix_membership_person", "person_id", "partnership_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int | None]
    role: Mapped[Role] = mapped_column(enum_type(Role))
    from_day: Mapped[date]
    until_day: Mapped[date | None]


class Invitation(Owned, Model):
    """A link that sets a person's first password, once, until it expires. Only a hash of its secret is kept."""

    __tablename__ = "invitation"
    __table_args__ = within_partnership(Index("ix_invitation_person", "person_id"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class SignInFailure(Model):
    """A failed sign-in, kept a short while and counted by account and by address, across all server processes."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_account", "account", "at"),
        Index("ix_sign_in_failure_address", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    account: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(Text)


class KeptPost(Model):
    """A form that someone sent after their session had ended: kept an hour, encrypted, for that person alone."""

    __tablename__ = "kept_post"
    __table_args__ = (Index("ix_kept_post_person", "person_id", "kept_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime())
    address: Mapped[str] = mapped_column(Encrypted)
    fields: Mapped[str] = mapped_column(Encrypted)  # JSON: a list of [name, value]


class Draft(Owned, Model):
    """What someone typed into the form of a page and has not saved: kept some days, encrypted, for that person alone.

    The address is of the page, from after the partnership's own part on: `/cases/N-01/return/3/words`.
    """

    __tablename__ = "draft"
    __table_args__ = within_partnership(
        UniqueConstraint("partnership_id", "person_id", "address"),
        Index("ix_draft_address", "partnership_id", "address"),
        Index("ix_draft_kept_at", "kept_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(String(300))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime())
    typed: Mapped[str] = mapped_column(Encrypted)  # rules.Typed as JSON


refuse_when(
    {
        "uq_agency_partnership_id_name": "The partnership has an agency of that name already.",
        "uq_body_partnership_id_name": "The partnership has a body of that name already.",
        "uq_area_partnership_id_name": "The partnership has an area of that name already.",
        "uq_delegated_partner_partnership_id_email": "A delegated partner has that e-mail address already.",
        "uq_person_email": "Someone with that e-mail address is known already.",
        "uq_partnership_slug": "That short name is taken. Choose another.",
    }
)
