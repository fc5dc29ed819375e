"""the factors of departments, where the bonus pool is split."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pool_splits",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("factor", bot.store.db.Exact(length=60), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_pool_splits_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "department", name=op.f("pk_pool_splits")),
    )


def downgrade() -> None:
    op.drop_table("pool_splits")
