"""Indicators that are answered in words, scales without a level, and the order in which a scale is read

Revision ID: 0004
Revises: 0003

Going down gives such answers as “no evidence on file”, with their words kept as evidence: the version before knows
nothing nearer. It reads an ungraded template as one whose scale has no level to choose.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ANSWERS = ["level", "not_applicable", "no_evidence"]
DIRECTIONS = ["best_first", "worst_first"]
IN_WORDS = "in_words"


def upgrade() -> None:
    for table in ("template_indicator", "round_indicator"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("is_narrative", sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("is_narrative", server_default=None)
    with op.batch_alter_table("round_level", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_at", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE round_level SET read_at = rank")  # as every return has shown them until now
    with op.batch_alter_table("round_level", schema=None) as batch_op:
        batch_op.alter_column("read_at", server_default=None)
    for table in ("rating", "agreed_rating"):
        _hold_to(table, "answer", "answer_kind", [*ANSWERS, IN_WORDS])
    _hold_to("scale", "direction", "scale_direction", [*DIRECTIONS, IN_WORDS])
    _remember()


def _remember() -> None:
    """What the version before could not keep of what is delivered, where somebody went down to it and comes back."""
    op.execute(f"UPDATE scale SET direction = '{IN_WORDS}' WHERE id NOT IN (SELECT scale_id FROM scale_level)")
    op.execute(
        "UPDATE template_indicator SET is_narrative = true WHERE code = 'RF08' AND version_id IN ("
        "SELECT version.id FROM audit_template_version AS version JOIN audit_template ON audit_template.id = template_id "
        "WHERE partnership_id IS NULL AND audit_template.code = 'coming-terms' AND version.version > 1)"
    )


def downgrade() -> None:
    for table in ("rating", "agreed_rating"):
        op.execute(f"UPDATE {table} SET answer = 'no_evidence' WHERE answer = '{IN_WORDS}'")
        _hold_to(table, "answer", "answer_kind", ANSWERS)
    op.execute(f"UPDATE scale SET direction = 'best_first' WHERE direction = '{IN_WORDS}'")
    _hold_to("scale", "direction", "scale_direction", DIRECTIONS)
    for table, column in (("template_indicator", "is_narrative"), ("round_indicator", "is_narrative"), ("round_level", "read_at")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)


def _hold_to(table: str, column: str, name: str, values: list[str]) -> None:
    """Put a CHECK on these values in the place of the one that the column has."""
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{name}"), f"{column} IN ({listed})")
