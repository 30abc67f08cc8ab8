"""Versions of returns that were sent back, comments on single indicators, and the declaration

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _make(table: str, *columns: sa.Column | sa.Constraint, parents: dict[str, str], unique: tuple[str, ...]) -> None:
    """A table that belongs to a partnership. The first of its parents takes it along when it goes."""
    keys = [
        sa.ForeignKeyConstraint(
            ["partnership_id", column],
            [f"{parent}.partnership_id", f"{parent}.id"],
            name=op.f(f"fk_{table}_partnership_id_{column}"),
            ondelete="CASCADE" if number == 0 else None,
        )
        for number, (column, parent) in enumerate(parents.items())
    ]
    op.create_table(
        table,
        *columns,
        _number("id"),
        _number("partnership_id"),
        *keys,
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f(f"uq_{table}_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", *unique, name=op.f(f"uq_{table}_partnership_id_{'_'.join(unique)}")),
    )


def upgrade() -> None:
    _make(
        "return_version",
        _number("return_id"),
        _number("number"),
        _moment("submitted_at", nullable=True),
        _number("submitted_by_id", nullable=True),
        _text("declaration"),
        _moment("sent_back_at"),
        _number("sent_back_by_id"),
        _text("reason"),
        _number("overall_level_id", nullable=True),
        *map(_text, ("overall_reason", "worked_well", "to_improve", "learning", "proposed_actions")),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_by_id IS NULL)", name=op.f("ck_return_version_submitted_by_someone")
        ),
        parents={"return_id": "agency_return", "overall_level_id": "round_level"},
        unique=("return_id", "number"),
    )
    _make(
        "rating_version",
        _number("version_id"),
        _number("indicator_id"),
        sa.Column(
            "answer", _one_of("answer_kind", "level", "in_words", "not_applicable", "no_evidence"), nullable=True
        ),
        _number("level_id", nullable=True),
        *map(_text, ("reason", "evidence", "where_on_file")),
        sa.Column("tag", _one_of("tag", "strength", "concern"), nullable=True),
        _moment("answered_at", nullable=True),
        _number("answered_by_id", nullable=True),
        sa.CheckConstraint(
            "(answer IS NOT NULL AND answer = 'level') = (level_id IS NOT NULL)",
            name=op.f("ck_rating_version_level_exactly_when_level"),
        ),
        parents={"version_id": "return_version", "indicator_id": "round_indicator", "level_id": "round_level"},
        unique=("version_id", "indicator_id"),
    )
    _make(
        "choice_version",
        _number("version_id"),
        _number("option_id"),
        _moment("answered_at"),
        _number("answered_by_id"),
        parents={"version_id": "return_version", "option_id": "round_attribute_option"},
        unique=("version_id", "option_id"),
    )
    _make(
        "return_comment",
        _number("version_id"),
        _number("indicator_id"),
        _text("words"),
        _moment("written_at"),
        _number("written_by_id"),
        parents={"version_id": "return_version", "indicator_id": "round_indicator"},
        unique=("version_id", "indicator_id"),
    )
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.add_column(sa.Column("declaration", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.alter_column("declaration", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.drop_column("declaration")
    for table in ("return_comment", "choice_version", "rating_version", "return_version"):
        op.drop_table(table)
