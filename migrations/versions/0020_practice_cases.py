"""Practice cases: one a round, and what each auditor answers on it

Revision ID: 0020
Revises: 0019

Going down loses them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _belongs_to(table: str, column: str, parent: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["partnership_id", column],
        [f"{parent}.partnership_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_partnership_id_{column}"),
        ondelete="CASCADE" if cascade else None,
    )


def upgrade() -> None:
    op.create_table(
        "calibration",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", _one_of("calibration_state", "open", "closed"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_calibration_closed_by_someone")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_calibration_closed_exactly_when_closed")
        ),
        _belongs_to("calibration", "round_id", "round"),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_calibration_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_calibration_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "round_id", name=op.f("uq_calibration_partnership_id_round_id")),
    )
    op.create_index("ix_calibration_state", "calibration", ["partnership_id", "state"])
    op.create_table(
        "calibration_rating",
        sa.Column("calibration_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            _one_of("answer_kind", "level", "in_words", "not_applicable", "no_evidence"),
            nullable=False,
        ),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("reasoning", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answer = 'level') = (level_id IS NOT NULL)", name=op.f("ck_calibration_rating_level_exactly_when_level")
        ),
        _belongs_to("calibration_rating", "calibration_id", "calibration", cascade=True),
        _belongs_to("calibration_rating", "agency_id", "agency"),
        _belongs_to("calibration_rating", "indicator_id", "round_indicator"),
        _belongs_to("calibration_rating", "level_id", "round_level"),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_calibration_rating_partnership_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calibration_rating_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_rating")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_calibration_rating_partnership_id_id")),
        sa.UniqueConstraint(
            "partnership_id",
            "calibration_id",
            "person_id",
            "indicator_id",
            name=op.f("uq_calibration_rating_partnership_id_calibration_id_person_id_indicator_id"),
        ),
    )
    op.create_index(op.f("ix_calibration_rating_person_id"), "calibration_rating", ["person_id"])


def downgrade() -> None:
    op.drop_table("calibration_rating")
    op.drop_table("calibration")
