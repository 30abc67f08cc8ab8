"""A room is marked anew with each change, so that what its screens share can be kept by the mark

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("panel_room") as table:
        table.add_column(sa.Column("mark", sa.String(length=16), nullable=False, server_default="before"))
    with op.batch_alter_table("panel_room") as table:
        table.alter_column("mark", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("panel_room") as table:
        table.drop_column("mark")
