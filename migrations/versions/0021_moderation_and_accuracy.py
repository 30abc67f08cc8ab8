"""Moderation and the accuracy check: what is changed after the panels, by whom, and what agencies asked to correct

Revision ID: 0021
Revises: 0020

Going down loses who proposed and confirmed changes, and what agencies asked; what was agreed stays, with its reasons.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PROPOSED = {"sqlite_where": sa.text("state = 'proposed'"), "postgresql_where": sa.text("state = 'proposed'")}


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _number(name: str, *, needed: bool = True) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=not needed)


def _moment(name: str, *, needed: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _to_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}"))


def _create(table: str, *columns: sa.Column | sa.Constraint, belongs_to: dict[str, str], people: tuple[str, ...]) -> None:
    op.create_table(
        table,
        *columns,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["partnership_id", column],
                [f"{parent}.partnership_id", f"{parent}.id"],
                name=op.f(f"fk_{table}_partnership_id_{column}"),
            )
            for column, parent in belongs_to.items()
        ),
        *(_to_person(table, column) for column in people),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f(f"uq_{table}_partnership_id_id")),
    )
    for column in people:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    with op.batch_alter_table("round") as batch_op:
        batch_op.add_column(sa.Column("moderated_with_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("accuracy_due_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_round_moderated_with_id"), "person", ["moderated_with_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_round_moderated_with_id"), ["moderated_with_id"])
    _create_moderation()
    _create_accuracy_check()


def _create_moderation() -> None:
    table = "moderation_change"
    _create(
        table,
        _number("round_id"),
        _number("case_id"),
        _number("item_id"),
        sa.Column(
            "answer", _one_of("answer_kind", "level", "in_words", "not_applicable", "no_evidence"), nullable=False
        ),
        _number("level_id", needed=False),
        _text("reason"),
        _text("because"),
        sa.Column(
            "state", _one_of("change_state", "proposed", "confirmed", "declined", "taken_back"), nullable=False
        ),
        _moment("proposed_at"),
        _number("proposed_by_id"),
        _moment("decided_at", needed=False),
        _number("decided_by_id", needed=False),
        _text("decided_words"),
        _check(table, "level_exactly_when_level", "(answer = 'level') = (level_id IS NOT NULL)"),
        _check(table, "decided_by_someone", "(decided_at IS NULL) = (decided_by_id IS NULL)"),
        _check(table, "decided_once_not_proposed", "(state = 'proposed') = (decided_at IS NULL)"),
        belongs_to={
            "round_id": "round",
            "case_id": "audit_case",
            "item_id": "panel_item",
            "level_id": "round_level",
        },
        people=("proposed_by_id", "decided_by_id"),
    )
    op.create_index("ix_moderation_change_round", table, ["partnership_id", "round_id", "state"])
    op.create_index("ix_moderation_change_item", table, ["partnership_id", "item_id"])
    op.create_index("uq_moderation_change_proposed", table, ["partnership_id", "item_id"], unique=True, **PROPOSED)
    table = "moderation_reading"
    _create(
        table,
        _number("round_id"),
        _number("person_id"),
        _text("note"),
        _moment("said_at"),
        sa.UniqueConstraint(
            "partnership_id", "round_id", "person_id", name=op.f(f"uq_{table}_partnership_id_round_id_person_id")
        ),
        belongs_to={"round_id": "round"},
        people=("person_id",),
    )


def _create_accuracy_check() -> None:
    table = "accuracy_request"
    _create(
        table,
        _number("round_id"),
        _number("case_id"),
        _number("agency_id"),
        _number("item_id", needed=False),
        _text("what_is_wrong"),
        _text("what_is_right"),
        _text("where_on_file"),
        _moment("asked_at"),
        _number("asked_by_id"),
        sa.Column("state", _one_of("correction_state", "asked", "corrected", "not_changed"), nullable=False),
        _text("response"),
        _moment("decided_at", needed=False),
        _number("decided_by_id", needed=False),
        _number("agreed_rating_id", needed=False),
        _text("outcome_before"),
        _check(table, "decided_by_someone", "(decided_at IS NULL) = (decided_by_id IS NULL)"),
        _check(table, "decided_once_not_asked", "(state = 'asked') = (decided_at IS NULL)"),
        belongs_to={
            "round_id": "round",
            "case_id": "audit_case",
            "agency_id": "agency",
            "item_id": "panel_item",
            "agreed_rating_id": "agreed_rating",
        },
        people=("asked_by_id", "decided_by_id"),
    )
    op.create_index("ix_accuracy_request_round", table, ["partnership_id", "round_id", "agency_id"])
    table = "accuracy_answer"
    _create(
        table,
        _number("round_id"),
        _number("agency_id"),
        _moment("said_at"),
        _number("said_by_id"),
        sa.UniqueConstraint(
            "partnership_id", "round_id", "agency_id", name=op.f(f"uq_{table}_partnership_id_round_id_agency_id")
        ),
        belongs_to={"round_id": "round", "agency_id": "agency"},
        people=("said_by_id",),
    )
    table = "accuracy_extension"
    _create(
        table,
        _number("round_id"),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        _text("reason"),
        _moment("extended_at"),
        _number("extended_by_id"),
        belongs_to={"round_id": "round"},
        people=("extended_by_id",),
    )
    op.create_index("ix_accuracy_extension_round", table, ["partnership_id", "round_id"])


def downgrade() -> None:
    for table in (
        "accuracy_extension",
        "accuracy_answer",
        "accuracy_request",
        "moderation_reading",
        "moderation_change",
    ):
        op.drop_table(table)
    with op.batch_alter_table("round") as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_moderated_with_id"))
        batch_op.drop_constraint(batch_op.f("fk_round_moderated_with_id"), type_="foreignkey")
        batch_op.drop_column("accuracy_due_on")
        batch_op.drop_column("moderated_with_id")
