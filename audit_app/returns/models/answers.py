"""Returns and ratings. A rating is a row, made for each indicator that applies once the child is known."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.returns.rules import AnswerKind, OwnPart, ReturnState, ShouldHaveKnown, Tag


class AgencyReturn(Owned, Model):
    """One agency's audit of its own file on one case."""

    __tablename__ = "agency_return"
    __table_args__ = within_partnership(
        belongs_to("round", "round_id"),
        belongs_to("audit_case", "case_id"),
        belongs_to("agency", "agency_id"),
        belongs_to("round_level", "overall_level_id"),
        UniqueConstraint("partnership_id", "case_id", "agency_id"),
        CheckConstraint("(file_confirmed_at IS NULL) = (file_confirmed_by_id IS NULL)", name="confirmed_by_someone"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by_id IS NULL)", name="submitted_by_someone"),
        Index("ix_agency_return_agency", "partnership_id", "agency_id", "state"),
        Index("ix_agency_return_round", "partnership_id", "round_id", "case_id"),
    )

    round_id: Mapped[int]
    case_id: Mapped[int]
    agency_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))  # "N26-07 Police", for history
    state: Mapped[ReturnState] = mapped_column(enum_type(ReturnState), default=ReturnState.NOT_STARTED)
    auditor_id: Mapped[int | None]  # the person asked, where one is named; any auditor of the agency may answer
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")  # why not known, declined, sent back or closed
    known_by_id: Mapped[int | None]  # who answered the first question
    asked_again: Mapped[str] = mapped_column(Text, default="")  # why the first question is asked once more
    asked_again_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    on_behalf_of: Mapped[str] = mapped_column(String(200), default="")  # a practice or school, if not their own
    # Whether an agency that does not know the child should have.
    should_have_known: Mapped[ShouldHaveKnown | None] = mapped_column(enum_type(ShouldHaveKnown))
    file_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # the right file is open
    file_confirmed_by_id: Mapped[int | None]
    own_part: Mapped[OwnPart | None] = mapped_column(enum_type(OwnPart))  # the auditor's, in the child's care
    own_part_words: Mapped[str] = mapped_column(Text, default="")  # which part, named
    worked_well: Mapped[str] = mapped_column(Text, default="")
    to_improve: Mapped[str] = mapped_column(Text, default="")
    overall_level_id: Mapped[int | None]
    overall_reason: Mapped[str] = mapped_column(Text, default="")
    learning: Mapped[str] = mapped_column(Text, default="")  # for this agency alone
    proposed_actions: Mapped[str] = mapped_column(Text, default="")  # that the agency itself will take
    minutes_spent: Mapped[int | None]
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    submitted_by_id: Mapped[int | None]
    declaration: Mapped[str] = mapped_column(Text, default="")  # in the words that whoever submitted it ticked
    version: Mapped[int] = mapped_column(default=1)  # of the overall words, not of the ratings

    @property
    def history_name(self) -> str:
        return self.name


class AttributeAnswer(Owned, Model):
    """What an agency recorded of one case attribute. Its choices are rows; without one it is no answer yet."""

    __tablename__ = "attribute_answer"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        belongs_to("round_attribute", "attribute_id"),
        UniqueConstraint("return_id", "attribute_id"),
    )

    return_id: Mapped[int]
    attribute_id: Mapped[int]
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answered_by_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)


class AttributeChoice(Owned, Model):
    """An option that an agency chose of a case attribute."""

    __tablename__ = "attribute_choice"
    __table_args__ = within_partnership(
        belongs_to("attribute_answer", "answer_id", cascade=True),
        belongs_to("round_attribute_option", "option_id"),
        UniqueConstraint("answer_id", "option_id"),
    )

    answer_id: Mapped[int]
    option_id: Mapped[int]


def _with_its_code(table: str, what: str) -> ForeignKeyConstraint:
    """A reference to a frozen row together with its code, which a rating repeats."""
    return ForeignKeyConstraint(
        ["partnership_id", f"{what}_id", f"{what}_code"],
        [f"{table}.partnership_id", f"{table}.id", f"{table}.code"],
    )


class Rating(Owned, Model):
    """An agency's answer on one indicator, with its evidence. `answer` is empty until one is chosen.

    `round_id` and `agency_id` repeat the return's, `is_submitted` its state, and the two codes are those of the
    indicator and of the level, which the database holds to be so: counting over all rounds reads one index.
    """

    __tablename__ = "rating"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        _with_its_code("round_indicator", "indicator"),
        _with_its_code("round_level", "level"),
        UniqueConstraint("partnership_id", "return_id", "indicator_id"),
        CheckConstraint(
            "(answer IS NOT NULL AND answer = 'level') = (level_id IS NOT NULL)", name="level_exactly_when_level"
        ),
        CheckConstraint("(level_id IS NULL) = (level_code IS NULL)", name="level_with_its_code"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_someone"),
        Index(
            "ix_rating_counted",
            "partnership_id",
            "is_submitted",
            "round_id",
            "indicator_id",
            "agency_id",
            "answer",
            "level_id",
        ),
        Index(
            "ix_rating_together",
            "partnership_id",
            "is_submitted",
            "indicator_code",
            "agency_id",
            "answer",
            "level_code",
            "round_id",
        ),
    )

    return_id: Mapped[int]
    round_id: Mapped[int]
    agency_id: Mapped[int]
    indicator_id: Mapped[int]
    indicator_code: Mapped[str] = mapped_column(String(12))
    answer: Mapped[AnswerKind | None] = mapped_column(enum_type(AnswerKind))
    level_id: Mapped[int | None]
    level_code: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")  # why it does not apply
    evidence: Mapped[str] = mapped_column(Text, default="")
    where_on_file: Mapped[str] = mapped_column(Text, default="")
    tag: Mapped[Tag | None] = mapped_column(enum_type(Tag))
    is_submitted: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
