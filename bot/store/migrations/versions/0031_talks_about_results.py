"""talks about results."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interview_preparations",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("strengths", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("sent_at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_interview_preparations_author_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_interview_preparations_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_interview_preparations_person_id")),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", "side", name=op.f("pk_interview_preparations")),
    )
    op.create_table(
        "interviews",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("manager_id", sa.Text(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("marked_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.Column("took", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("posted_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("seen_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_interviews_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_interviews_person_id")),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", name=op.f("pk_interviews")),
    )
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interviews_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("talk_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cycle_id", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("gap", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("support", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("talk_entries", schema=None) as batch_op:
        batch_op.drop_column("support")
        batch_op.drop_column("gap")
        batch_op.drop_column("cycle_id")

    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interviews_person_id"))

    op.drop_table("interviews")
    op.drop_table("interview_preparations")
