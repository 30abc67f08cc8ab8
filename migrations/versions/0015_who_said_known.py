"""Who answered the first question of a return, so that nobody stands in for an agency that answered itself

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.add_column(sa.Column("known_by_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.drop_column("known_by_id")
