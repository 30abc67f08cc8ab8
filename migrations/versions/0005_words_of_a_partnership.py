"""A partnership's own words for roles, plans of children, kinds of agency and who uses tools

Revision ID: 0005
Revises: 0004

Going down loses those words: every page shows the delivered ones again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms", FACTS, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("terms_version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.alter_column("terms", server_default=None)
        batch_op.alter_column("terms_version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.drop_column("terms_version")
        batch_op.drop_column("terms")
