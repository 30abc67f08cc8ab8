"""Who answered the first question of a return, and chronologies as they were before a return was sent back

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
    op.create_table(
        "event_version",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "version_id"],
            ["return_version.partnership_id", "return_version.id"],
            name=op.f("fk_event_version_partnership_id_version_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_event_version_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_version")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_event_version_partnership_id_id")),
    )
    op.create_index(
        "ix_event_version_version", "event_version", ["partnership_id", "version_id", "happened_on"], unique=False
    )


def downgrade() -> None:
    op.drop_table("event_version")
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.drop_column("known_by_id")
