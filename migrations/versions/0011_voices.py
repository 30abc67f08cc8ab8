"""Voices: what a child, a parent or carer, or a practitioner said about the help

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "voice",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("whose", _one_of("voice_of", "child", "parent", "practitioner"), nullable=False),
        sa.Column("contact", _one_of("contact", "safe", "not_safe"), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("aid", sa.String(length=200), nullable=False),
        sa.Column("consent", _one_of("consent", "agreed", "declined"), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("words_kind", _one_of("words_kind", "quote", "summary"), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("words_use", _one_of("words_use", "audit", "partnership", "outside"), nullable=True),
        sa.Column("fed_back", sa.LargeBinary(), nullable=True),
        sa.Column("fed_back_on", sa.Date(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("consent IS NULL OR contact = 'safe'", name=op.f("ck_voice_asked_only_if_safe")),
        sa.CheckConstraint(
            "words IS NULL OR (consent IS NOT NULL AND consent = 'agreed' AND withdrawn_at IS NULL)",
            name=op.f("ck_voice_words_only_if_agreed"),
        ),
        sa.CheckConstraint("(words IS NULL) = (words_kind IS NULL)", name=op.f("ck_voice_words_of_a_kind")),
        sa.CheckConstraint("(words IS NULL) = (words_use IS NULL)", name=op.f("ck_voice_words_for_a_use")),
        sa.CheckConstraint("(fed_back IS NULL) = (fed_back_on IS NULL)", name=op.f("ck_voice_fed_back_on_a_day")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR fed_back IS NULL", name=op.f("ck_voice_withdrawn_says_nothing")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_voice_withdrawn_by_someone")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "return_id"],
            ["agency_return.partnership_id", "agency_return.id"],
            name=op.f("fk_voice_partnership_id_return_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_voice_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_voice_partnership_id_id")),
    )
    op.create_index("ix_voice_return", "voice", ["partnership_id", "return_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_voice_return", table_name="voice")
    op.drop_table("voice")
