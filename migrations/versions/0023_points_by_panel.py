"""Points that were put aside are found by their panel: every screen of a room asks for them

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_parked_point_panel", "parked_point", ["partnership_id", "panel_id"])


def downgrade() -> None:
    op.drop_index("ix_parked_point_panel", table_name="parked_point")
