"""exceptions of the calendar, the policy on being written to, what was written unasked."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("country", "day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "policy",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.Text(), nullable=False),
        sa.Column("at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_policy")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("free_weekdays", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", bot.store.db.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_at", bot.store.db.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            "ix_outbox_asked",
            ["person_id", "asked_at"],
            unique=False,
            postgresql_where=sa.text("asked_at IS NOT NULL"),
            sqlite_where=sa.text("asked_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_asked")
        batch_op.drop_column("merged")
        batch_op.drop_column("answered_at")
        batch_op.drop_column("asked_at")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("free_weekdays")

    op.drop_table("policy")
    op.drop_table("calendar_days")
