"""The number of an agency's own file, in the identity key

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_file_number",
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "agency_id"],
            ["agency.partnership_id", "agency.id"],
            name=op.f("fk_agency_file_number_partnership_id_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "identity_id"],
            ["identity.partnership_id", "identity.id"],
            name=op.f("fk_agency_file_number_partnership_id_identity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_agency_file_number_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_file_number")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_agency_file_number_partnership_id_id")),
        sa.UniqueConstraint(
            "partnership_id",
            "identity_id",
            "agency_id",
            name=op.f("uq_agency_file_number_partnership_id_identity_id_agency_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("agency_file_number")
