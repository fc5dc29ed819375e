"""support and talk points."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "support_requests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("manager_id", sa.Text(), nullable=False),
        sa.Column("asked_at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("answered_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("useful", sa.Text(), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_support_requests_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_support_requests_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_requests")),
    )
    with op.batch_alter_table("support_requests", schema=None) as batch_op:
        batch_op.create_index(
            "ix_support_open",
            ["person_id", "cycle_id", "day"],
            unique=True,
            postgresql_where=sa.text("state IN ('asked', 'promised')"),
            sqlite_where=sa.text("state IN ('asked', 'promised')"),
        )
        batch_op.create_index(batch_op.f("ix_support_requests_manager_id"), ["manager_id"], unique=False)

    op.create_table(
        "talk_points",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("manager_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("added_at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.Column("done_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_talk_points_manager_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_talk_points_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_points")),
    )
    with op.batch_alter_table("talk_points", schema=None) as batch_op:
        batch_op.create_index(
            "ix_talk_points_waiting",
            ["manager_id", "person_id", "ref", "text"],
            unique=True,
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )

    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("comment", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("comment_by", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.drop_column("comment_by")
        batch_op.drop_column("comment")

    with op.batch_alter_table("talk_points", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_talk_points_waiting",
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("talk_points")
    with op.batch_alter_table("support_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_requests_manager_id"))
        batch_op.drop_index(
            "ix_support_open",
            postgresql_where=sa.text("state IN ('asked', 'promised')"),
            sqlite_where=sa.text("state IN ('asked', 'promised')"),
        )

    op.drop_table("support_requests")
