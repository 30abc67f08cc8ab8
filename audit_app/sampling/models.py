"""Populations and draws. Nothing here says who a child is: that is in the identity key of `cases`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import JsonFacts, Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.core.encryption import Encrypted, EncryptedBytes
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.sampling.rules import Pool, Sex


class PopulationImport(Owned, Model):
    """A file that was read: waiting to be confirmed (with the file, encrypted, for an hour), or confirmed.

    A waiting one that is set aside, or that nobody confirms in time, is deleted. Of those confirmed one is current.
    """

    __tablename__ = "population_import"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_someone"),
        CheckConstraint("(confirmed_at IS NULL) = (content IS NOT NULL)", name="file_only_while_waiting"),
        CheckConstraint("confirmed_at IS NULL OR as_at IS NOT NULL", name="as_at_known_once_confirmed"),
        Index("ix_population_import_round", "partnership_id", "round_id"),
        Index(
            "uq_population_import_waiting",
            "round_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL"),
        ),
        Index(
            "uq_population_import_current",
            "round_id",
            unique=True,
            sqlite_where=text("is_current = 1"),
            postgresql_where=text("is_current"),
        ),
    )

    round_id: Mapped[int]
    file_name: Mapped[str] = mapped_column(Encrypted())  # people put names into file names
    file_sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(EncryptedBytes(), deferred=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())  # when the file is destroyed unless confirmed
    as_at: Mapped[date | None]
    layout: Mapped[str] = mapped_column(String(40))
    rows: Mapped[int]
    children: Mapped[int]
    neglect: Mapped[int]
    summary: Mapped[dict[str, Any]] = mapped_column(JsonFacts)  # a `FileSummary`
    is_current: Mapped[bool] = mapped_column(Boolean, default=False)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime())
    read_by_id: Mapped[int]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    confirmed_by_id: Mapped[int | None]

    @property
    def history_name(self) -> str:
        return "the population"


class PopulationChild(Owned, Model):
    """A child of a confirmed population, without identity."""

    __tablename__ = "population_child"
    __table_args__ = within_partnership(
        belongs_to("population_import", "import_id", cascade=True),
        UniqueConstraint("partnership_id", "import_id", "token"),
    )

    import_id: Mapped[int]
    token: Mapped[str] = mapped_column(String(64))
    plan_status: Mapped[PlanStatus] = mapped_column(enum_type(PlanStatus))
    age_band: Mapped[AgeBand] = mapped_column(enum_type(AgeBand))
    area: Mapped[str] = mapped_column(String(120), default="")
    sex: Mapped[Sex] = mapped_column(enum_type(Sex))
    is_neglect: Mapped[bool]
    is_possible: Mapped[bool]  # the file hints at neglect without recording it
    is_open: Mapped[bool]  # False once the file gives the plan an end
    neglect_basis: Mapped[str] = mapped_column(String(120), default="")


class Draw(Owned, Model):
    """A draw: who could be drawn, its plan and seed, and how many children were there. One that was set aside keeps
    its strata and the reason, and loses its children."""

    __tablename__ = "draw"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        belongs_to("population_import", "import_id"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_someone"),
        CheckConstraint("is_current = (discarded_at IS NULL)", name="current_until_set_aside"),
        Index("ix_draw_round", "partnership_id", "round_id"),
        Index(
            "uq_draw_current",
            "round_id",
            unique=True,
            sqlite_where=text("is_current = 1"),
            postgresql_where=text("is_current"),
        ),
    )

    round_id: Mapped[int]
    import_id: Mapped[int]
    pool: Mapped[Pool] = mapped_column(enum_type(Pool))
    is_with_ended: Mapped[bool]  # children whose plan has ended could be drawn too
    is_without_earlier: Mapped[bool]  # children of earlier rounds' cases were left aside
    size: Mapped[int]
    reserves: Mapped[int]  # for each stratum
    seed: Mapped[str] = mapped_column(String(60))
    strata_by: Mapped[list[str]] = mapped_column(JsonFacts)
    allocation: Mapped[list[Any] | None] = mapped_column(JsonFacts)  # pairs (stratum, children); None: shared
    is_at_least_one: Mapped[bool]
    population: Mapped[int]  # children drawn from
    excluded: Mapped[int]  # children left aside because an earlier round had them
    is_current: Mapped[bool] = mapped_column(Boolean, default=True)
    discarded_reason: Mapped[str] = mapped_column(Text, default="")
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime())
    drawn_by_id: Mapped[int]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    confirmed_by_id: Mapped[int | None]

    @property
    def history_name(self) -> str:
        return "the sample"


class DrawStratum(Owned, Model):
    """What one stratum had, was asked for and gave: drawn = wanted - short + taken_over."""

    __tablename__ = "draw_stratum"
    __table_args__ = within_partnership(
        belongs_to("draw", "draw_id", cascade=True), UniqueConstraint("partnership_id", "draw_id", "position")
    )

    draw_id: Mapped[int]
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(300))
    population: Mapped[int]
    wanted: Mapped[int]
    short: Mapped[int]
    taken_over: Mapped[int]
    drawn: Mapped[int]
    reserves: Mapped[int]


class DrawnChild(Owned, Model):
    """A child of a draw: the drawn in the order of the draw, then the reserves. A case once the sample is confirmed,
    a reserve once it takes another's place."""

    __tablename__ = "drawn_child"
    __table_args__ = within_partnership(
        belongs_to("draw", "draw_id", cascade=True),
        belongs_to("population_child", "child_id"),
        belongs_to("audit_case", "case_id"),
        UniqueConstraint("partnership_id", "draw_id", "child_id"),
        UniqueConstraint("partnership_id", "draw_id", "position"),
        UniqueConstraint("case_id"),
    )

    draw_id: Mapped[int]
    child_id: Mapped[int]
    position: Mapped[int]
    stratum: Mapped[str] = mapped_column(String(300))
    is_reserve: Mapped[bool]
    case_id: Mapped[int | None]
