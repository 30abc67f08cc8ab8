"""What is to be done for one child, the days that were moved, and the reminders that were sent

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _own() -> list[sa.Column]:
    return [sa.Column("id", sa.Integer(), nullable=False), sa.Column("partnership_id", sa.Integer(), nullable=False)]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f(f"uq_{table}_partnership_id_id")),
    ]


def _belongs_to(table: str, parent: str, child: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["partnership_id", child],
        [f"{parent}.partnership_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_partnership_id_{child}"),
        ondelete=ondelete,
    )


def upgrade() -> None:
    op.create_table(
        "case_action",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", _one_of("case_action_state", "open", "done", "withdrawn"), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_name", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("left_open_reason", sa.Text(), nullable=False),
        sa.Column("left_open_by_name", sa.String(length=200), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_by_name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_own(),
        sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name=op.f("ck_case_action_done_on_a_day")),
        sa.CheckConstraint(
            "(done_on IS NULL) = (done_by_name IS NULL)", name=op.f("ck_case_action_done_by_someone")
        ),
        _belongs_to("case_action", "audit_case", "case_id"),
        _belongs_to("case_action", "round", "round_id"),
        _belongs_to("case_action", "agency", "agency_id"),
        *_keys("case_action"),
    )
    for name, columns in (
        ("case", ["case_id", "due_on"]),
        ("round", ["round_id", "state", "due_on"]),
        ("agency", ["agency_id", "state", "due_on"]),
        ("due", ["state", "due_on"]),
    ):
        op.create_index(f"ix_case_action_{name}", "case_action", ["partnership_id", *columns], unique=False)
    op.create_table(
        "case_action_due_change",
        sa.Column("case_action_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False),
        *_own(),
        _belongs_to("case_action_due_change", "case_action", "case_action_id", "CASCADE"),
        *_keys("case_action_due_change"),
    )
    op.create_index(
        "ix_case_action_due_change_action",
        "case_action_due_change",
        ["partnership_id", "case_action_id", "id"],
        unique=False,
    )
    op.create_table(
        "case_action_reminder",
        sa.Column("case_action_id", sa.Integer(), nullable=False),
        sa.Column("rung", _one_of("rung", "auditors", "leads", "partners"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        *_own(),
        _belongs_to("case_action_reminder", "case_action", "case_action_id", "CASCADE"),
        *_keys("case_action_reminder"),
        sa.UniqueConstraint(
            "partnership_id",
            "case_action_id",
            "due_on",
            "rung",
            name=op.f("uq_case_action_reminder_partnership_id_case_action_id_due_on_rung"),
        ),
    )


def downgrade() -> None:
    op.drop_table("case_action_reminder")
    op.drop_index("ix_case_action_due_change_action", table_name="case_action_due_change")
    op.drop_table("case_action_due_change")
    for name in ("due", "agency", "round", "case"):
        op.drop_index(f"ix_case_action_{name}", table_name="case_action")
    op.drop_table("case_action")
