"""Returns whose first question is asked again: why, and since when

Revision ID: 0016
Revises: 0015

Going down loses the reasons. That it was asked again stays in the history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_again", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.drop_column("asked_again_at")
        batch_op.drop_column("asked_again")
