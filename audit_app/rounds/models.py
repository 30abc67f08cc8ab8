"""Rounds, who takes part, and the frozen copy of the template."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, refuse_when, within_partnership
from audit_app.indicators.rules import AppliesBy, Band, Rated
from audit_app.rounds.rules import AgreementRule, PractitionerAccess, PromptKind, RoundState


class Round(Owned, Model):
    """One multi-agency audit."""

    __tablename__ = "round"
    __table_args__ = within_partnership(
        belongs_to("body", "body_id"),
        belongs_to("area", "area_id"),
        UniqueConstraint("partnership_id", "reference"),
        CheckConstraint("(opened_at IS NULL) = (opened_by_id IS NULL)", name="opened_by_someone"),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_someone"),
        Index("ix_round_state", "partnership_id", "state"),
    )

    reference: Mapped[str] = mapped_column(String(12))  # begins its cases' references: N26 in N26-07
    title: Mapped[str] = mapped_column(String(200))
    theme: Mapped[str] = mapped_column(String(300), default="")
    prompt_kind: Mapped[PromptKind | None] = mapped_column(enum_type(PromptKind))
    prompt_detail: Mapped[str] = mapped_column(Text, default="")
    body_id: Mapped[int | None]
    area_id: Mapped[int | None]
    terms_of_reference: Mapped[str] = mapped_column(Text, default="")
    look_back_months: Mapped[int | None]
    template_version_id: Mapped[int | None] = mapped_column(ForeignKey("audit_template_version.id"))
    returns_due_on: Mapped[date | None]
    panel_on: Mapped[date | None]
    report_due_on: Mapped[date | None]
    state: Mapped[RoundState] = mapped_column(enum_type(RoundState), default=RoundState.DRAFT)
    is_showing_returns_when_agreed: Mapped[bool] = mapped_column(default=True)
    remind_auditors_days: Mapped[int] = mapped_column(default=7)  # before returns are due
    remind_leads_days: Mapped[int] = mapped_column(default=1)  # after
    remind_partners_days: Mapped[int] = mapped_column(default=7)  # after
    practitioners: Mapped[PractitionerAccess] = mapped_column(
        enum_type(PractitionerAccess), default=PractitionerAccess.NOT_AT_ALL
    )
    feedback_days: Mapped[int] = mapped_column(default=10)  # after the panel, and again after publication
    agreement_rule: Mapped[AgreementRule] = mapped_column(
        enum_type(AgreementRule), default=AgreementRule.TWO_THIRDS
    )  # what the panel calls agreed: shown, never enforced
    is_showing_levels_in_pack: Mapped[bool] = mapped_column(default=False)  # before the panel's own ratings
    is_pack_printed: Mapped[bool] = mapped_column(default=False)  # members may take the pack away as a PDF
    is_moderated: Mapped[bool] = mapped_column(default=True)  # all cases are read side by side after the last panel
    moderated_with_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # beside the chairs
    accuracy_days: Mapped[int] = mapped_column(default=10)  # working days for agencies to correct facts; 0 for no check
    accuracy_due_on: Mapped[date | None]  # the last day of that check, once it began
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    created_by_id: Mapped[int]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    opened_by_id: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    published_by_id: Mapped[int | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    @property
    def round_id(self) -> int:
        return self.id

    @property
    def history_name(self) -> str:
        return f"{self.reference} {self.title}"


class RoundKeyLine(Owned, Model):
    """A key line of enquiry."""

    __tablename__ = "round_key_line"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id", cascade=True), UniqueConstraint("partnership_id", "round_id", "position")
    )

    round_id: Mapped[int]
    position: Mapped[int]
    words: Mapped[str] = mapped_column(Text)


class RoundAgency(Owned, Model):
    """An agency that takes part in a round."""

    __tablename__ = "round_agency"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id", cascade=True),
        belongs_to("agency", "agency_id"),
        UniqueConstraint("partnership_id", "round_id", "agency_id"),
    )

    round_id: Mapped[int]
    agency_id: Mapped[int]


class RoundDomain(Owned, Model):
    """A frozen domain: a page of the return."""

    __tablename__ = "round_domain"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id", cascade=True), UniqueConstraint("partnership_id", "round_id", "position")
    )

    round_id: Mapped[int]
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))


class RoundLevel(Owned, Model):
    """A frozen level of the round's scale. Rank 1 is best."""

    __tablename__ = "round_level"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id", cascade=True),
        UniqueConstraint("partnership_id", "round_id", "code"),
        UniqueConstraint("partnership_id", "round_id", "rank"),
        UniqueConstraint("partnership_id", "id", "code"),  # for ratings, which repeat the code
    )

    round_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    letter: Mapped[str] = mapped_column(String(4))
    words: Mapped[str] = mapped_column(String(60))
    rank: Mapped[int]
    read_at: Mapped[int]  # its place in the order in which people read the scale, from 1
    band: Mapped[Band] = mapped_column(enum_type(Band))


class RoundIndicator(Owned, Model):
    """A frozen indicator, in the words that its auditors see."""

    __tablename__ = "round_indicator"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id", cascade=True),
        belongs_to("round_domain", "domain_id"),
        UniqueConstraint("partnership_id", "round_id", "code"),
        UniqueConstraint("partnership_id", "round_id", "position"),
        UniqueConstraint("partnership_id", "id", "code"),  # for ratings, which repeat the code
        Index("ix_round_indicator_code", "partnership_id", "code"),
    )

    round_id: Mapped[int]
    domain_id: Mapped[int]
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(60))
    question: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    look_for: Mapped[str] = mapped_column(Text, default="")
    example: Mapped[str] = mapped_column(Text, default="")
    rated: Mapped[Rated] = mapped_column(enum_type(Rated))
    is_panel: Mapped[bool] = mapped_column(default=False)
    is_narrative: Mapped[bool] = mapped_column(default=False)  # answered in words: there is no level to choose

    @property
    def history_name(self) -> str:
        return f"{self.code} {self.title}"


class RoundGuidance(Owned, Model):
    """What one level looks like for one indicator."""

    __tablename__ = "round_guidance"
    __table_args__ = within_partnership(
        belongs_to("round_indicator", "indicator_id", cascade=True),
        belongs_to("round_level", "level_id", cascade=True),
        UniqueConstraint("indicator_id", "level_id"),
    )

    indicator_id: Mapped[int]
    level_id: Mapped[int]
    words: Mapped[str] = mapped_column(Text)


class RoundApplicability(Owned, Model):
    """A value for which an indicator is asked. Without a row of a kind, it is asked for every value of that kind."""

    __tablename__ = "round_applicability"
    __table_args__ = within_partnership(
        belongs_to("round_indicator", "indicator_id", cascade=True),
        UniqueConstraint("indicator_id", "applies_by", "value"),
    )

    indicator_id: Mapped[int]
    applies_by: Mapped[AppliesBy] = mapped_column(enum_type(AppliesBy))
    value: Mapped[str] = mapped_column(String(40))


class RoundAttribute(Owned, Model):
    """A frozen case attribute: a question about the child that every agency answers with options."""

    __tablename__ = "round_attribute"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id", cascade=True),
        UniqueConstraint("partnership_id", "round_id", "code"),
        UniqueConstraint("partnership_id", "round_id", "position"),
    )

    round_id: Mapped[int]
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(80))
    question: Mapped[str] = mapped_column(Text)
    help: Mapped[str] = mapped_column(Text, default="")
    is_many: Mapped[bool]  # whether more than one option may be chosen


class RoundAttributeOption(Owned, Model):
    """An option of a frozen case attribute."""

    __tablename__ = "round_attribute_option"
    __table_args__ = within_partnership(
        belongs_to("round_attribute", "attribute_id", cascade=True),
        UniqueConstraint("partnership_id", "attribute_id", "code"),
        UniqueConstraint("partnership_id", "attribute_id", "position"),
    )

    attribute_id: Mapped[int]
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    part: Mapped[str] = mapped_column(String(60), default="")  # of one part at most one option may be chosen


refuse_when({"uq_round_partnership_id_reference": "Another round has that reference. Choose another."})
