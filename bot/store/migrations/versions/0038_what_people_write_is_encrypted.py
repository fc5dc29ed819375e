"""what people write is encrypted: the names of the keys; no index compares words any more."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

INDEX = "ix_talk_points_waiting"
BEFORE, NOW = sa.text("done_at IS NULL"), sa.text("done_at IS NULL AND ref <> ''")


def upgrade() -> None:
    op.create_table(
        "text_keys",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", bot.store.db.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_text_keys")),
    )
    op.drop_index(INDEX, "talk_points")
    whose = ["manager_id", "person_id", "ref"]
    op.create_index(INDEX, "talk_points", whose, unique=True, postgresql_where=NOW, sqlite_where=NOW)


def downgrade() -> None:
    op.drop_index(INDEX, "talk_points")
    whose = ["manager_id", "person_id", "ref", "text"]
    op.create_index(INDEX, "talk_points", whose, unique=True, postgresql_where=BEFORE, sqlite_where=BEFORE)
    op.drop_table("text_keys")
