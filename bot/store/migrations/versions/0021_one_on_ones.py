"""one-on-ones."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talk_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("manager_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_talk_entries_author_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_talk_entries_manager_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_talk_entries_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_entries")),
    )
    with op.batch_alter_table("talk_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_entries_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_talk_entries_pair", ["person_id", "manager_id"], unique=False)

    op.create_table(
        "talk_terms",
        sa.Column("manager_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("weeks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("skipped_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_talk_terms_manager_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_talk_terms_person_id")),
        sa.PrimaryKeyConstraint("manager_id", "person_id", name=op.f("pk_talk_terms")),
    )


def downgrade() -> None:
    op.drop_table("talk_terms")
    with op.batch_alter_table("talk_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_talk_entries_pair")
        batch_op.drop_index(batch_op.f("ix_talk_entries_owner_id"))

    op.drop_table("talk_entries")
