"""What somebody loaded from one copy of a return, so that mending the file asks about nothing of their own

Revision ID: 0017
Revises: 0016

Going down loses it. A file that is mended and loaded again then clashes with what it wrote before.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "return_file_loaded",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("loaded_by_id", sa.Integer(), nullable=False),
        sa.Column("copy", sa.String(length=16), nullable=False),
        sa.Column("digests", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "return_id"],
            ["agency_return.partnership_id", "agency_return.id"],
            name=op.f("fk_return_file_loaded_partnership_id_return_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_return_file_loaded_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_file_loaded")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_return_file_loaded_partnership_id_id")),
        sa.UniqueConstraint(
            "partnership_id",
            "return_id",
            "loaded_by_id",
            "copy",
            name=op.f("uq_return_file_loaded_partnership_id_return_id_loaded_by_id_copy"),
        ),
    )


def downgrade() -> None:
    op.drop_table("return_file_loaded")
