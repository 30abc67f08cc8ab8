"""What the returns of agencies need: chronologies, overall words, tags, reminders, delegated partners

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False, server_default="")


KEYS = {"agency": ("delegated_partner", "delegated_partner_id"), "agency_return": ("round_level", "overall_level_id")}
CONFIRMED = "ck_agency_return_confirmed_by_someone"


def _columns() -> dict[str, list[sa.Column]]:
    return {
        "agency": [_text("deputy_phone", 60), sa.Column("delegated_partner_id", sa.Integer(), nullable=True)],
        "agency_return": [
            _text("on_behalf_of", 200),
            sa.Column("should_have_known", _one_of("should_have_known", "yes", "no", "cannot_say"), nullable=True),
            sa.Column("file_confirmed_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("file_confirmed_by_id", sa.Integer(), nullable=True),
            sa.Column("own_part", _one_of("own_part", "none", "some"), nullable=True),
            _text("own_part_words"),
            sa.Column("overall_level_id", sa.Integer(), nullable=True),
            _text("overall_reason"),
            _text("learning"),
            _text("proposed_actions"),
            sa.Column("minutes_spent", sa.Integer(), nullable=True),
        ],
        "rating": [sa.Column("tag", _one_of("tag", "strength", "concern"), nullable=True)],
        "round": [
            sa.Column("remind_auditors_days", sa.Integer(), nullable=False, server_default="7"),
            sa.Column("remind_leads_days", sa.Integer(), nullable=False, server_default="1"),
            sa.Column("remind_partners_days", sa.Integer(), nullable=False, server_default="7"),
            sa.Column(
                "practitioners",
                _one_of("practitioner_access", "not_at_all", "read", "answer", "answer_below_good"),
                nullable=False,
                server_default="not_at_all",
            ),
            sa.Column("feedback_days", sa.Integer(), nullable=False, server_default="10"),
        ],
    }


def upgrade() -> None:
    op.create_table(
        "delegated_partner",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_delegated_partner_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegated_partner")),
        sa.UniqueConstraint("partnership_id", "email", name=op.f("uq_delegated_partner_partnership_id_email")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_delegated_partner_partnership_id_id")),
    )
    op.create_table(
        "chronology_event",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "return_id"],
            ["agency_return.partnership_id", "agency_return.id"],
            name=op.f("fk_chronology_event_partnership_id_return_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_chronology_event_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chronology_event")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_chronology_event_partnership_id_id")),
    )
    op.create_index(
        "ix_chronology_event_return", "chronology_event", ["partnership_id", "return_id", "happened_on"], unique=False
    )
    for table, columns in _columns().items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(column)
            if table in KEYS:
                parent, child = KEYS[table]
                batch_op.create_foreign_key(
                    batch_op.f(f"fk_{table}_partnership_id_{child}"),
                    parent,
                    ["partnership_id", child],
                    ["partnership_id", "id"],
                )
            if table == "agency_return":
                batch_op.create_check_constraint(
                    batch_op.f(CONFIRMED), "(file_confirmed_at IS NULL) = (file_confirmed_by_id IS NULL)"
                )
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                if column.server_default is not None:
                    batch_op.alter_column(column.name, server_default=None)


def downgrade() -> None:
    for table, columns in _columns().items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            if table in KEYS:
                batch_op.drop_constraint(
                    batch_op.f(f"fk_{table}_partnership_id_{KEYS[table][1]}"), type_="foreignkey"
                )
            if table == "agency_return":
                batch_op.drop_constraint(batch_op.f(CONFIRMED), type_="check")
            for column in columns:
                if isinstance(column.type, sa.Enum):
                    batch_op.drop_constraint(batch_op.f(f"ck_{table}_{column.type.name}"), type_="check")
                batch_op.drop_column(column.name)
    op.drop_table("chronology_event")
    op.drop_table("delegated_partner")
