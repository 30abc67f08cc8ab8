"""What follows an immediate concern, what goes by other routes, and the time to acknowledge

Revision ID: 0008
Revises: 0007

Concerns raised before are open afterwards: nobody has said that they have them. They count as told further already,
so none sends mails of its own when a delegated partner is added one day. Going down loses the logs, the
contacts of the other routes and what was passed on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _state() -> sa.Enum:
    return _one_of("concern_state", "raised", "acknowledged", "outcome_recorded", "closed")


def _route() -> sa.Enum:
    return _one_of(
        "other_route",
        "allegation",
        "serious_incident",
        "offence",
        "adult_at_risk",
        "data_breach",
        "performance",
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f(f"uq_{table}_partnership_id_id")),
    ]


def _belongs_to(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["partnership_id", column],
        [f"{parent}.partnership_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_partnership_id_{column}"),
    )


CHECKS = {
    "acknowledged_by_someone": "(acknowledged_at IS NULL) = (acknowledged_by_name IS NULL)",
    "outcome_by_someone": "(outcome_at IS NULL) = (outcome_by_name IS NULL)",
    "closed_by_someone": "(closed_at IS NULL) = (closed_by_name IS NULL)",
    "closed_when_closed": "(closed_at IS NULL) = (state <> 'closed')",
    "open_until_closed": "is_open = (closed_at IS NULL)",
}


def _columns() -> list[sa.Column]:
    return [
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("state", _state(), nullable=False, server_default="raised"),
        sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("other_children", sa.LargeBinary(), nullable=True),
        _moment("acknowledge_by", nullable=True),
        _moment("acknowledged_at", nullable=True),
        sa.Column("acknowledged_by_name", sa.String(length=200), nullable=True),
        _moment("escalated_at", nullable=True),
        _moment("outcome_at", nullable=True),
        sa.Column("outcome_by_name", sa.String(length=200), nullable=True),
        _moment("closed_at", nullable=True),
        sa.Column("closed_by_name", sa.String(length=200), nullable=True),
    ]


def upgrade() -> None:
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("acknowledge_minutes", sa.Integer(), nullable=False, server_default="60"))
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.alter_column("acknowledge_minutes", server_default=None)
    with op.batch_alter_table("concern", schema=None) as batch_op:
        for column in _columns():
            batch_op.add_column(column)
        batch_op.create_foreign_key(
            batch_op.f("fk_concern_partnership_id_holder_id"),
            "agency",
            ["partnership_id", "holder_id"],
            ["partnership_id", "id"],
        )
    op.execute("UPDATE concern SET acknowledge_by = raised_at, escalated_at = raised_at")
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.alter_column("state", server_default=None)
        batch_op.alter_column("is_open", server_default=None)
        batch_op.alter_column("acknowledge_by", existing_type=sa.DateTime(timezone=True), nullable=False)
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_concern_{name}"), condition)
        batch_op.create_index("ix_concern_raised", ["partnership_id", "raised_at"], unique=False)
        batch_op.create_index("ix_concern_open", ["partnership_id", "is_open", "id"], unique=False)
    op.create_table(
        "concern_entry",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _one_of(
                "entry_kind",
                "acknowledged",
                "note",
                "escalated",
                "identity_opened",
                "holder_chosen",
                "outcome",
                "disagreed",
                "agreed",
            ),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        _moment("at"),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        _belongs_to("concern_entry", "concern", "concern_id"),
        _belongs_to("concern_entry", "agency", "agency_id"),
        *_owned("concern_entry"),
    )
    op.create_index("ix_concern_entry_concern", "concern_entry", ["partnership_id", "concern_id"], unique=False)
    op.create_table(
        "route_contact",
        sa.Column("route", _route(), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=60), nullable=False),
        sa.Column("limit_number", sa.Integer(), nullable=False),
        sa.Column("limit_unit", _one_of("limit_unit", "hours", "working_days"), nullable=False),
        sa.CheckConstraint("limit_number > 0", name=op.f("ck_route_contact_limit_is_some_time")),
        sa.UniqueConstraint("partnership_id", "route", name=op.f("uq_route_contact_partnership_id_route")),
        *_owned("route_contact"),
    )
    op.create_table(
        "passed_on",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("route", _route(), nullable=False),
        sa.Column("passed_to", sa.String(length=120), nullable=False),
        _moment("noticed_at"),
        _moment("passed_at"),
        _moment("due_at"),
        _moment("recorded_at"),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("passed_at >= noticed_at", name=op.f("ck_passed_on_passed_on_after_noticed")),
        _belongs_to("passed_on", "audit_case", "case_id"),
        sa.UniqueConstraint(
            "partnership_id", "case_id", "token", name=op.f("uq_passed_on_partnership_id_case_id_token")
        ),
        *_owned("passed_on"),
    )
    op.create_index(
        "ix_passed_on_recorder", "passed_on", ["partnership_id", "recorded_by_id", "recorded_at"], unique=False
    )
    op.create_index("ix_passed_on_recorded", "passed_on", ["partnership_id", "recorded_at"], unique=False)


def downgrade() -> None:
    op.drop_table("passed_on")
    op.drop_table("route_contact")
    op.drop_table("concern_entry")
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index("ix_concern_raised")
        batch_op.drop_index("ix_concern_open")
        batch_op.drop_constraint(batch_op.f("fk_concern_partnership_id_holder_id"), type_="foreignkey")
        for name in (*CHECKS, "concern_state"):
            batch_op.drop_constraint(batch_op.f(f"ck_concern_{name}"), type_="check")
        for column in _columns():
            batch_op.drop_column(column.name)
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.drop_column("acknowledge_minutes")
