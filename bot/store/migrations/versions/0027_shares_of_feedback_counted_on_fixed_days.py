"""shares of feedback counted on fixed days."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_shares",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("share", bot.store.db.Exact(length=60), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_feedback_shares_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_feedback_shares")),
    )


def downgrade() -> None:
    op.drop_table("feedback_shares")
