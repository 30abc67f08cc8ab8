"""The room of a panel, and what a panel plans, records and tells agencies

Revision ID: 0018
Revises: 0017

Panels planned before it are on paper: their ratings were, or would have been, entered after the meeting. Going down
loses what each member rated, dissent, rooms, conflicts, attendance, and levels over all that were agreed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _truth(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _number(name: str, default: int) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(default))


HOW = ["voted", "together", "on_paper"]
ALL_HOW = [*HOW, "moderated", "corrected"]
INDICATOR = "ck_panel_item_indicator_exactly_when_indicator"
OVERALL = {"sqlite_where": sa.text("kind = 'overall'"), "postgresql_where": sa.text("kind = 'overall'")}


def _columns() -> dict[str, list[sa.Column]]:
    return {
        "agreed_rating": [_text("better")],
        "audit_case": [_text("good_practice"), _number("outcome_version", 1)],
        "panel": [
            sa.Column("starts_at", sa.Time(), nullable=True),
            sa.Column("ends_at", sa.Time(), nullable=True),
            _number("minutes_per_case", 60),
            _truth("is_on_paper"),
        ],
        "panel_case": [
            sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("rest_shown_at", sa.DateTime(timezone=True), nullable=True),
        ],
        "panel_item": [
            sa.Column("kind", _one_of("item_kind", "indicator", "overall"), nullable=False, server_default="indicator"),
            _number("ballot", 0),
            _truth("is_shown"),
            sa.Column("pulled_out_by_id", sa.Integer(), nullable=True),
            _text("reopened_because"),
        ],
        "panel_member": [sa.Column("attendance", _one_of("attendance", "present", "apologies"), nullable=True)],
        "round": [
            sa.Column(
                "agreement_rule",
                _one_of("agreement_rule", "more_than_half", "two_thirds", "all"),
                nullable=False,
                server_default="two_thirds",
            ),
            _truth("is_showing_levels_in_pack"),
            _truth("is_pack_printed"),
            _truth("is_moderated"),
            _number("accuracy_days", 0),
        ],
    }


def upgrade() -> None:
    _create_tables()
    for table, columns in _columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.add_column(column)
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                if column.server_default is not None:
                    batch_op.alter_column(column.name, server_default=None)
    with op.batch_alter_table("panel_item") as batch_op:
        batch_op.alter_column("indicator_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index("uq_panel_item_overall", ["partnership_id", "case_id"], unique=True, **OVERALL)
        batch_op.create_check_constraint(
            batch_op.f(INDICATOR), "(kind = 'indicator') = (indicator_id IS NOT NULL)"
        )
    with op.batch_alter_table("agreed_rating") as batch_op:
        batch_op.alter_column("indicator_id", existing_type=sa.Integer(), nullable=True)
    _allow_how(ALL_HOW)
    op.execute("UPDATE panel SET is_on_paper = " + _true())
    op.execute("UPDATE panel_item SET is_shown = " + _true() + " WHERE state = 'agreed'")
    op.execute(
        "INSERT INTO panel_item (partnership_id, case_id, kind, state, version, ballot, is_shown, reopened_because)"
        " SELECT partnership_id, id, 'overall', 'waiting', 1, 0, NOT " + _true() + ", '' FROM audit_case"
        " WHERE state = 'at_panel' AND round_id IN (SELECT round_id FROM round_level)"
    )
    op.execute(
        "INSERT INTO panel_room (partnership_id, panel_id, revision, step, is_timer_hidden)"
        " SELECT partnership_id, id, 1, 'agenda', NOT " + _true() + " FROM panel"
    )


def _true() -> str:
    return "true" if op.get_bind().dialect.name == "postgresql" else "1"


def _allow_how(values: list[str]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("agreed_rating") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_agreed_rating_agreed_how"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_agreed_rating_agreed_how"), f"how IN ({listed})")


def downgrade() -> None:
    op.execute("UPDATE panel_room SET item_id = NULL, step = 'agenda'")
    for table in ("dissent", "vote", "item_note", "panel_room", "parked_point", "panel_conflict", "outcome_for_agency"):
        op.drop_table(table)
    # What was being rated waits again; what was reopened stands as it was agreed last.
    op.execute(
        "UPDATE agreed_rating SET is_current = " + _true() + " WHERE id IN (SELECT max(agreed_rating.id)"
        " FROM agreed_rating JOIN panel_item ON panel_item.id = item_id"
        " WHERE state IN ('voting', 'revealed') GROUP BY item_id)"
    )
    op.execute(
        "UPDATE panel_item SET state = CASE WHEN id IN (SELECT item_id FROM agreed_rating) THEN 'agreed'"
        " ELSE 'waiting' END WHERE state IN ('voting', 'revealed')"
    )
    overall = "SELECT id FROM panel_item WHERE kind = 'overall'"
    op.execute(f"DELETE FROM agreed_rating WHERE item_id IN ({overall})")
    op.execute("DELETE FROM panel_item WHERE kind = 'overall'")
    op.execute("UPDATE agreed_rating SET how = 'on_paper' WHERE how NOT IN ('voted', 'together')")
    _allow_how(HOW)
    with op.batch_alter_table("agreed_rating") as batch_op:
        batch_op.alter_column("indicator_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("panel_item") as batch_op:
        batch_op.drop_constraint(batch_op.f(INDICATOR), type_="check")
        batch_op.drop_index("uq_panel_item_overall")
        batch_op.alter_column("indicator_id", existing_type=sa.Integer(), nullable=False)
    for table, columns in _columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                if isinstance(column.type, sa.Enum):
                    batch_op.drop_constraint(batch_op.f(f"ck_{table}_{column.type.name}"), type_="check")
                batch_op.drop_column(column.name)


def _create_tables() -> None:
    op.create_table('outcome_for_agency',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('feedback', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partnership_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(answered_at IS NULL) = (answered_by_id IS NULL)', name=op.f('ck_outcome_for_agency_answered_by_someone')),
    sa.ForeignKeyConstraint(['partnership_id', 'agency_id'], ['agency.partnership_id', 'agency.id'], name=op.f('fk_outcome_for_agency_partnership_id_agency_id')),
    sa.ForeignKeyConstraint(['partnership_id', 'case_id'], ['audit_case.partnership_id', 'audit_case.id'], name=op.f('fk_outcome_for_agency_partnership_id_case_id')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_outcome_for_agency_partnership_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_for_agency')),
    sa.UniqueConstraint('partnership_id', 'case_id', 'agency_id', name=op.f('uq_outcome_for_agency_partnership_id_case_id_agency_id')),
    sa.UniqueConstraint('partnership_id', 'id', name=op.f('uq_outcome_for_agency_partnership_id_id'))
    )
    op.create_table('panel_conflict',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('marked_by_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partnership_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['partnership_id', 'case_id'], ['audit_case.partnership_id', 'audit_case.id'], name=op.f('fk_panel_conflict_partnership_id_case_id')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_panel_conflict_partnership_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_panel_conflict_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_conflict')),
    sa.UniqueConstraint('partnership_id', 'case_id', 'person_id', name=op.f('uq_panel_conflict_partnership_id_case_id_person_id')),
    sa.UniqueConstraint('partnership_id', 'id', name=op.f('uq_panel_conflict_partnership_id_id'))
    )
    op.create_index(op.f('ix_panel_conflict_person_id'), 'panel_conflict', ['person_id'])
    op.create_table('parked_point',
    sa.Column('panel_id', sa.Integer(), nullable=False),
    sa.Column('case_reference', sa.String(length=20), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('where_to', sa.Text(), nullable=False),
    sa.Column('parked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('parked_by_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partnership_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parked_by_id'], ['person.id'], name=op.f('fk_parked_point_parked_by_id')),
    sa.ForeignKeyConstraint(['partnership_id', 'panel_id'], ['panel.partnership_id', 'panel.id'], name=op.f('fk_parked_point_partnership_id_panel_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_parked_point_partnership_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parked_point')),
    sa.UniqueConstraint('partnership_id', 'id', name=op.f('uq_parked_point_partnership_id_id'))
    )
    op.create_index(op.f('ix_parked_point_parked_by_id'), 'parked_point', ['parked_by_id'])
    op.create_table('item_note',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('better', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partnership_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['partnership_id', 'item_id'], ['panel_item.partnership_id', 'panel_item.id'], name=op.f('fk_item_note_partnership_id_item_id')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_item_note_partnership_id')),
    sa.ForeignKeyConstraint(['written_by_id'], ['person.id'], name=op.f('fk_item_note_written_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_note')),
    sa.UniqueConstraint('partnership_id', 'id', name=op.f('uq_item_note_partnership_id_id')),
    sa.UniqueConstraint('partnership_id', 'item_id', name=op.f('uq_item_note_partnership_id_item_id'))
    )
    op.create_index(op.f('ix_item_note_written_by_id'), 'item_note', ['written_by_id'])
    op.create_table('panel_room',
    sa.Column('panel_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('step', sa.Enum('agenda', 'item', 'rest', 'outcome', name='room_step', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('is_timer_hidden', sa.Boolean(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partnership_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(step = 'item') = (item_id IS NOT NULL)", name=op.f('ck_panel_room_item_exactly_at_an_item')),
    sa.CheckConstraint('(opened_at IS NULL) = (opened_by_id IS NULL)', name=op.f('ck_panel_room_opened_by_someone')),
    sa.ForeignKeyConstraint(['partnership_id', 'case_id'], ['audit_case.partnership_id', 'audit_case.id'], name=op.f('fk_panel_room_partnership_id_case_id')),
    sa.ForeignKeyConstraint(['partnership_id', 'item_id'], ['panel_item.partnership_id', 'panel_item.id'], name=op.f('fk_panel_room_partnership_id_item_id')),
    sa.ForeignKeyConstraint(['partnership_id', 'panel_id'], ['panel.partnership_id', 'panel.id'], name=op.f('fk_panel_room_partnership_id_panel_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_panel_room_partnership_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_room')),
    sa.UniqueConstraint('partnership_id', 'id', name=op.f('uq_panel_room_partnership_id_id')),
    sa.UniqueConstraint('partnership_id', 'panel_id', name=op.f('uq_panel_room_partnership_id_panel_id'))
    )
    op.create_table('vote',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('ballot', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('level', 'in_words', 'not_applicable', 'no_evidence', 'abstain', name='vote_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('level_id', sa.Integer(), nullable=True),
    sa.Column('reasoning', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partnership_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(answer = 'level') = (level_id IS NOT NULL)", name=op.f('ck_vote_level_exactly_when_level')),
    sa.CheckConstraint("answer != 'abstain' OR reasoning != ''", name=op.f('ck_vote_abstains_with_a_reason')),
    sa.ForeignKeyConstraint(['partnership_id', 'agency_id'], ['agency.partnership_id', 'agency.id'], name=op.f('fk_vote_partnership_id_agency_id')),
    sa.ForeignKeyConstraint(['partnership_id', 'item_id'], ['panel_item.partnership_id', 'panel_item.id'], name=op.f('fk_vote_partnership_id_item_id')),
    sa.ForeignKeyConstraint(['partnership_id', 'level_id'], ['round_level.partnership_id', 'round_level.id'], name=op.f('fk_vote_partnership_id_level_id')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_vote_partnership_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_vote_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote')),
    sa.UniqueConstraint('partnership_id', 'id', name=op.f('uq_vote_partnership_id_id')),
    sa.UniqueConstraint('partnership_id', 'item_id', 'ballot', 'person_id', name=op.f('uq_vote_partnership_id_item_id_ballot_person_id'))
    )
    op.create_index(op.f('ix_vote_person_id'), 'vote', ['person_id'])
    op.create_table('dissent',
    sa.Column('agreed_rating_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partnership_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['partnership_id', 'agreed_rating_id'], ['agreed_rating.partnership_id', 'agreed_rating.id'], name=op.f('fk_dissent_partnership_id_agreed_rating_id')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_dissent_partnership_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dissent_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dissent')),
    sa.UniqueConstraint('partnership_id', 'agreed_rating_id', 'person_id', name=op.f('uq_dissent_partnership_id_agreed_rating_id_person_id')),
    sa.UniqueConstraint('partnership_id', 'id', name=op.f('uq_dissent_partnership_id_id'))
    )
    op.create_index(op.f('ix_dissent_person_id'), 'dissent', ['person_id'])
