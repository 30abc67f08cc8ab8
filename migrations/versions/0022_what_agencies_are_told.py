"""What panels said to an agency, and the answers that came in, found by indexes of their own

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLE = "outcome_for_agency"


def upgrade() -> None:
    op.create_index("ix_outcome_for_agency_told", TABLE, ["partnership_id", "agency_id"])
    op.create_index("ix_outcome_for_agency_answered", TABLE, ["partnership_id", "answered_at"])


def downgrade() -> None:
    op.drop_index("ix_outcome_for_agency_answered", table_name=TABLE)
    op.drop_index("ix_outcome_for_agency_told", table_name=TABLE)
