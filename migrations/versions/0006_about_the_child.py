"""Case attributes, frozen with a round and answered by its agencies

Revision ID: 0006
Revises: 0005

A round that is open already asks for none: its agencies were not told of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_attribute",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("is_many", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "round_id"],
            ["round.partnership_id", "round.id"],
            name=op.f("fk_round_attribute_partnership_id_round_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_round_attribute_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_attribute")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_round_attribute_partnership_id_id")),
        sa.UniqueConstraint(
            "partnership_id", "round_id", "code", name=op.f("uq_round_attribute_partnership_id_round_id_code")
        ),
        sa.UniqueConstraint(
            "partnership_id", "round_id", "position", name=op.f("uq_round_attribute_partnership_id_round_id_position")
        ),
    )
    op.create_table(
        "round_attribute_option",
        sa.Column("attribute_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "attribute_id"],
            ["round_attribute.partnership_id", "round_attribute.id"],
            name=op.f("fk_round_attribute_option_partnership_id_attribute_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_round_attribute_option_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_attribute_option")),
        sa.UniqueConstraint(
            "partnership_id",
            "attribute_id",
            "code",
            name=op.f("uq_round_attribute_option_partnership_id_attribute_id_code"),
        ),
        sa.UniqueConstraint(
            "partnership_id",
            "attribute_id",
            "position",
            name=op.f("uq_round_attribute_option_partnership_id_attribute_id_position"),
        ),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_round_attribute_option_partnership_id_id")),
    )
    op.create_table(
        "attribute_answer",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("attribute_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "attribute_id"],
            ["round_attribute.partnership_id", "round_attribute.id"],
            name=op.f("fk_attribute_answer_partnership_id_attribute_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "return_id"],
            ["agency_return.partnership_id", "agency_return.id"],
            name=op.f("fk_attribute_answer_partnership_id_return_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_attribute_answer_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute_answer")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_attribute_answer_partnership_id_id")),
        sa.UniqueConstraint("return_id", "attribute_id", name=op.f("uq_attribute_answer_return_id_attribute_id")),
    )
    op.create_table(
        "attribute_choice",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "answer_id"],
            ["attribute_answer.partnership_id", "attribute_answer.id"],
            name=op.f("fk_attribute_choice_partnership_id_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "option_id"],
            ["round_attribute_option.partnership_id", "round_attribute_option.id"],
            name=op.f("fk_attribute_choice_partnership_id_option_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_attribute_choice_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute_choice")),
        sa.UniqueConstraint("answer_id", "option_id", name=op.f("uq_attribute_choice_answer_id_option_id")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_attribute_choice_partnership_id_id")),
    )


def downgrade() -> None:
    for table in ("attribute_choice", "attribute_answer", "round_attribute_option", "round_attribute"):
        op.drop_table(table)
