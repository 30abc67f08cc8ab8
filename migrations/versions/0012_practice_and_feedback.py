"""What practitioners said of their work, who of them reads its return, and the feedback they are owed

Feedback falls due from now on: none is asked for after the fact on cases that were agreed before.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _own() -> list[sa.Column]:
    return [sa.Column("id", sa.Integer(), nullable=False), sa.Column("partnership_id", sa.Integer(), nullable=False)]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f(f"uq_{table}_partnership_id_id")),
    ]


def _belongs_to(table: str, parent: str, child: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["partnership_id", child],
        [f"{parent}.partnership_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_partnership_id_{child}"),
        ondelete=ondelete,
    )


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "discussion",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("with_whom", sa.String(length=120), nullable=False),
        *(_text(name) for name in ("not_held_reason", "worried", "in_the_way", "differently", "helped", "supported")),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_own(),
        sa.CheckConstraint("(held_on IS NULL) = (with_whom = '')", name=op.f("ck_discussion_held_with_someone")),
        _belongs_to("discussion", "agency_return", "return_id", "CASCADE"),
        *_keys("discussion"),
        sa.UniqueConstraint("return_id", name=op.f("uq_discussion_return_id")),
    )
    op.create_table(
        "return_practitioner",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", _one_of("practitioner_part", "practitioner", "manager"), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_own(),
        _belongs_to("return_practitioner", "agency_return", "return_id", "CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_return_practitioner_person_id")),
        *_keys("return_practitioner"),
        sa.UniqueConstraint("return_id", "person_id", name=op.f("uq_return_practitioner_return_id_person_id")),
    )
    op.create_index(
        "ix_return_practitioner_person", "return_practitioner", ["partnership_id", "person_id"], unique=False
    )
    op.create_table(
        "practitioner_answer",
        sa.Column("named_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=True),
        _text("words"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_own(),
        _belongs_to("practitioner_answer", "return_practitioner", "named_id", "CASCADE"),
        _belongs_to("practitioner_answer", "round_indicator", "indicator_id"),
        *_keys("practitioner_answer"),
        sa.UniqueConstraint("named_id", "indicator_id", name=op.f("uq_practitioner_answer_named_id_indicator_id")),
    )
    op.create_index(
        "uq_practitioner_answer_whole",
        "practitioner_answer",
        ["named_id"],
        unique=True,
        sqlite_where=sa.text("indicator_id IS NULL"),
        postgresql_where=sa.text("indicator_id IS NULL"),
    )
    _feedback()


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("occasion", _one_of("occasion", "panel", "publication"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("given_to", sa.String(length=120), nullable=False),
        sa.Column("how", _one_of("feedback_how", "in_person", "by_call", "in_writing"), nullable=True),
        *(_text(name) for name in ("was_good", "to_learn", "they_said")),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_own(),
        sa.CheckConstraint("(saved_at IS NULL) = (saved_by_id IS NULL)", name=op.f("ck_feedback_saved_by_someone")),
        sa.CheckConstraint("(saved_at IS NULL) = (given_on IS NULL)", name=op.f("ck_feedback_saved_when_given")),
        sa.CheckConstraint("(given_on IS NULL) = (how IS NULL)", name=op.f("ck_feedback_given_somehow")),
        _belongs_to("feedback", "agency_return", "return_id", "CASCADE"),
        _belongs_to("feedback", "round", "round_id"),
        _belongs_to("feedback", "agency", "agency_id"),
        *_keys("feedback"),
        sa.UniqueConstraint("return_id", "occasion", name=op.f("uq_feedback_return_id_occasion")),
    )
    for of in ("agency", "round"):
        columns = ["partnership_id", f"{of}_id", "given_on", "due_on"]
        op.create_index(f"ix_feedback_{of}", "feedback", columns, unique=False)


def downgrade() -> None:
    for table in ("feedback", "practitioner_answer", "return_practitioner", "discussion"):
        op.drop_table(table)
