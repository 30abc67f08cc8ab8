"""The rest of the library: what strategies say, and what they ask for beside indicators

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "attribute",
                "tool",
                "measure",
                "delivery_plan",
                "governance",
                name="requirement_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("group", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("code", name=op.f("uq_requirement_code")),
    )
    op.create_table(
        "requirement_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["requirement.id"], name=op.f("fk_requirement_source_requirement_id")
        ),
        sa.ForeignKeyConstraint(["strategy_id"], ["strategy.id"], name=op.f("fk_requirement_source_strategy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_source")),
        sa.UniqueConstraint(
            "requirement_id",
            "strategy_id",
            "reference",
            name=op.f("uq_requirement_source_requirement_id_strategy_id_reference"),
        ),
    )
    op.create_table(
        "strategy_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "aim",
                "objective",
                "priority",
                "principle",
                "outcome",
                "action",
                "body",
                "duty",
                "measure",
                "document",
                name="statement_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("under", sa.String(length=200), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("requirements", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["strategy_id"], ["strategy.id"], name=op.f("fk_strategy_statement_strategy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_statement")),
        sa.UniqueConstraint("strategy_id", "position", name=op.f("uq_strategy_statement_strategy_id_position")),
    )
    with op.batch_alter_table("audit_template_version", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "attributes",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default="[]",
            )
        )
    with op.batch_alter_table("audit_template_version", schema=None) as batch_op:
        batch_op.alter_column("attributes", server_default=None)
    with op.batch_alter_table("scale_level", schema=None) as batch_op:
        batch_op.add_column(sa.Column("means", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("scale_level", schema=None) as batch_op:
        batch_op.alter_column("means", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("audit_template_version", schema=None) as batch_op:
        batch_op.drop_column("attributes")

    with op.batch_alter_table("scale_level", schema=None) as batch_op:
        batch_op.drop_column("means")

    op.drop_table("strategy_statement")
    op.drop_table("requirement_source")
    op.drop_table("requirement")
