"""What is typed is kept, encrypted, for its person until it is saved

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op


revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_draft_partnership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_draft_partnership_id_id")),
        sa.UniqueConstraint(
            "partnership_id", "person_id", "address", name=op.f("uq_draft_partnership_id_person_id_address")
        ),
    )
    op.create_index("ix_draft_address", "draft", ["partnership_id", "address"])
    op.create_index("ix_draft_kept_at", "draft", ["kept_at"])


def downgrade() -> None:
    op.drop_index("ix_draft_kept_at", table_name="draft")
    op.drop_index("ix_draft_address", table_name="draft")
    op.drop_table("draft")
