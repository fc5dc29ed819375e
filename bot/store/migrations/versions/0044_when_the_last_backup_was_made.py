"""when the last backup was made."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backups",
        sa.Column("at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_backups")),
    )


def downgrade() -> None:
    op.drop_table("backups")
