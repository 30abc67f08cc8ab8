"""What becomes of late returns: days that were moved, and steps of the reminder ladder that were taken

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _of_return(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "return_id"],
            ["agency_return.partnership_id", "agency_return.id"],
            name=op.f(f"fk_{table}_partnership_id_return_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f(f"uq_{table}_partnership_id_id")),
    ]


def upgrade() -> None:
    op.create_table(
        "return_extension",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended_by_id", sa.Integer(), nullable=False),
        *_of_return("return_extension"),
        sa.CheckConstraint("to_day > from_day", name=op.f("ck_return_extension_to_a_later_day")),
    )
    op.create_index("ix_return_extension_return", "return_extension", ["partnership_id", "return_id"], unique=False)
    op.create_table(
        "return_reminder",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column(
            "rung",
            sa.Enum("auditors", "leads", "partners", name="rung", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        *_of_return("return_reminder"),
        sa.UniqueConstraint(
            "partnership_id", "return_id", "due_on", "rung", name=op.f("uq_return_reminder_partnership_id_return_id_due_on_rung")
        ),
    )


def downgrade() -> None:
    op.drop_table("return_reminder")
    op.drop_index("ix_return_extension_return", table_name="return_extension")
    op.drop_table("return_extension")
