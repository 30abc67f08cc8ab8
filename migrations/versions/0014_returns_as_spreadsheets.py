"""Returns as spreadsheets: files that wait to be confirmed, and what coordinators did for an agency

Revision ID: 0014
Revises: 0013

Going down loses both. A file that waited can be chosen again; that a coordinator stood in stays in the history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _of_a_return(table: str, *columns: sa.Column | sa.UniqueConstraint) -> None:
    op.create_table(
        table,
        sa.Column("return_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "return_id"],
            ["agency_return.partnership_id", "agency_return.id"],
            name=op.f(f"fk_{table}_partnership_id_return_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f(f"uq_{table}_partnership_id_id")),
    )


def upgrade() -> None:
    _of_a_return(
        "return_file",
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "partnership_id",
            "return_id",
            "read_by_id",
            name=op.f("uq_return_file_partnership_id_return_id_read_by_id"),
        ),
    )
    op.create_index("ix_return_file_expires_at", "return_file", ["expires_at"], unique=False)
    _of_a_return(
        "return_stand_in",
        sa.Column(
            "deed",
            sa.Enum("load", "submit", name="stood_in_to", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
    )
    op.create_index("ix_return_stand_in_return", "return_stand_in", ["partnership_id", "return_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_return_stand_in_return", table_name="return_stand_in")
    op.drop_table("return_stand_in")
    op.drop_index("ix_return_file_expires_at", table_name="return_file")
    op.drop_table("return_file")
