"""Templates of a partnership's own, in drafts until they are published

Revision ID: 0003
Revises: 0002

Going down keeps every row, since rounds point at them. The version before knows neither owners nor drafts: it offers
every template to everybody, each as published, so publish or discard drafts first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SAVED_ALONE = ("audit_template_version", "template_domain", "template_indicator")
DELIVERED, DRAFT = sa.text("partnership_id IS NULL"), sa.text("published_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("audit_template", schema=None) as batch_op:
        batch_op.add_column(sa.Column("partnership_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_audit_template_code"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_audit_template_partnership_id_code"), ["partnership_id", "code"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_audit_template_partnership_id"), "partnership", ["partnership_id"], ["id"]
        )
    with op.batch_alter_table("audit_template", schema=None) as batch_op:
        batch_op.create_index(
            "uq_audit_template_delivered_code",
            ["code"],
            unique=True,
            sqlite_where=DELIVERED,
            postgresql_where=DELIVERED,
        )
    with op.batch_alter_table("audit_template_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        batch_op.alter_column("published_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.create_check_constraint(
            batch_op.f("ck_audit_template_version_published_by_someone"),
            "published_by_id IS NULL OR published_at IS NOT NULL",
        )
    with op.batch_alter_table("audit_template_version", schema=None) as batch_op:
        batch_op.alter_column("note", server_default=None)
        batch_op.create_index(
            "uq_audit_template_version_draft",
            ["template_id"],
            unique=True,
            sqlite_where=DRAFT,
            postgresql_where=DRAFT,
        )
    for table in SAVED_ALONE:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("edition", server_default=None)


def downgrade() -> None:
    for table in SAVED_ALONE[::-1]:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("edition")

    op.execute("UPDATE audit_template_version SET published_at = CURRENT_TIMESTAMP WHERE published_at IS NULL")
    with op.batch_alter_table("audit_template_version", schema=None) as batch_op:
        batch_op.drop_index("uq_audit_template_version_draft")
        batch_op.drop_constraint(batch_op.f("ck_audit_template_version_published_by_someone"), type_="check")
        batch_op.alter_column("published_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_column("note")
        batch_op.drop_column("published_by_id")

    # Two partnerships may have a template of one code.
    op.execute("UPDATE audit_template SET code = code || '-' || partnership_id WHERE partnership_id IS NOT NULL")
    with op.batch_alter_table("audit_template", schema=None) as batch_op:
        batch_op.drop_index("uq_audit_template_delivered_code")
        batch_op.drop_constraint(batch_op.f("fk_audit_template_partnership_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_audit_template_partnership_id_code"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_audit_template_code"), ["code"])
        batch_op.drop_column("partnership_id")
