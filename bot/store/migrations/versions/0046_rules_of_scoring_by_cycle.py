"""rules of scoring that the company chooses, and those that each cycle began with."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_rules",
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("kept_at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_score_rules")),
    )
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("score_rules", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.drop_column("score_rules")

    op.drop_table("score_rules")
