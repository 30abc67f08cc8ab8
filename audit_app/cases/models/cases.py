"""Cases, the identity key, releases of identity sheets."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.cases.rules import CaseState
from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.core.encryption import Encrypted
from audit_app.indicators.rules import AgeBand, PlanStatus


class Case(Owned, Model):
    """One sampled child, by reference. Nothing here says who the child is."""

    __tablename__ = "audit_case"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        belongs_to("area", "area_id"),
        belongs_to("audit_case", "replaces_id"),
        UniqueConstraint("partnership_id", "round_id", "position"),
        UniqueConstraint("partnership_id", "reference"),
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released_by_someone"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="agreed_by_someone"),
        Index("ix_audit_case_state", "partnership_id", "round_id", "state"),
    )

    round_id: Mapped[int]
    position: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20))
    state: Mapped[CaseState] = mapped_column(enum_type(CaseState), default=CaseState.SAMPLED)
    plan_status: Mapped[PlanStatus] = mapped_column(enum_type(PlanStatus))
    age_band: Mapped[AgeBand] = mapped_column(enum_type(AgeBand))
    area_id: Mapped[int | None]
    stratum: Mapped[str] = mapped_column(String(200), default="")
    is_reserve: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")  # a few words about the child's situation, without names
    summary_version: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(Text, default="")  # what the panel learned from this case
    good_practice: Mapped[str] = mapped_column(Text, default="")  # what the panel celebrates in it
    outcome_version: Mapped[int] = mapped_column(default=1)  # of these two, written while the case is at panel
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    released_by_id: Mapped[int | None]
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    agreed_by_id: Mapped[int | None]

    @property
    def case_id(self) -> int:
        return self.id

    @property
    def history_name(self) -> str:
        return self.reference


class Identity(Owned, Model):
    """A line of the identity key: who a child of a round is. Every word encrypted; can be destroyed on its own.

    `token` joins a child to the population and to earlier draws without saying who they are. Lines of undrawn children
    are destroyed when the cases go to agencies.
    """

    __tablename__ = "identity"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        belongs_to("audit_case", "case_id"),
        UniqueConstraint("partnership_id", "round_id", "token"),
        UniqueConstraint("case_id"),
        CheckConstraint("(sheet_saved_at IS NULL) = (sheet_saved_by_id IS NULL)", name="sheet_saved_by_someone"),
    )

    round_id: Mapped[int]
    case_id: Mapped[int | None]
    token: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(Encrypted())
    born_on: Mapped[str | None] = mapped_column(Encrypted())  # ISO date
    sheet: Mapped[str | None] = mapped_column(Encrypted())  # JSON of cases.rules.IdentitySheet
    missing_reason: Mapped[str | None] = mapped_column(Encrypted())  # why the sheet is not complete
    sheet_saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    sheet_saved_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class AgencyFileNumber(Owned, Model):
    """Under which number an agency keeps its own file on a child: part of the identity key, and destroyed with it."""

    __tablename__ = "agency_file_number"
    __table_args__ = within_partnership(
        belongs_to("identity", "identity_id", cascade=True),
        belongs_to("agency", "agency_id"),
        UniqueConstraint("partnership_id", "identity_id", "agency_id"),
    )

    identity_id: Mapped[int]
    agency_id: Mapped[int]
    number: Mapped[str] = mapped_column(Encrypted())
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    noted_by_id: Mapped[int]


class IdentityRelease(Owned, Model):
    """That one agency may see the identity sheet of one case."""

    __tablename__ = "identity_release"
    __table_args__ = within_partnership(
        belongs_to("audit_case", "case_id"),
        belongs_to("agency", "agency_id"),
        UniqueConstraint("partnership_id", "case_id", "agency_id"),
    )

    case_id: Mapped[int]
    agency_id: Mapped[int]
    released_at: Mapped[datetime] = mapped_column(UtcDateTime())
    released_by_id: Mapped[int]
