"""pace of sending."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAITING = sa.text("wanted > sent AND error = ''")
GIVEN_UP = sa.text("error <> ''")
ALIVE = sa.text("error = ''")


def upgrade() -> None:
    op.create_table(
        "rates",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("apart", sa.BigInteger(), nullable=False),
        sa.Column("paid_until", bot.store.db.Moment(timezone=True), nullable=False),
        sa.Column("slowed_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rates")),
    )
    op.drop_index("ix_outbox_ready", "outbox")
    op.add_column("outbox", sa.Column("method", sa.Text(), nullable=False, server_default="chat.postMessage"))
    op.add_column("outbox", sa.Column("bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("in_doubt", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE outbox SET method = 'views.publish' WHERE kind = 'home'")
    op.execute("UPDATE outbox SET method = 'chat.update' WHERE kind <> 'home' AND ts <> ''")
    op.execute("UPDATE outbox SET bulk = NOT urgent")
    op.execute("UPDATE outbox SET in_doubt = (leased_until IS NOT NULL AND ts = '' AND kind <> 'home')")
    with op.batch_alter_table("outbox") as outbox:
        for name in ("method", "bulk", "in_doubt"):
            outbox.alter_column(name, server_default=None)
        outbox.drop_column("kind")
        outbox.drop_column("urgent")
    columns = ["method", "bulk", "not_before", "key"]
    op.create_index("ix_outbox_ready", "outbox", columns, postgresql_where=WAITING, sqlite_where=WAITING)
    op.create_index("ix_outbox_given_up", "outbox", ["key"], postgresql_where=GIVEN_UP, sqlite_where=GIVEN_UP)
    op.drop_index("ix_timers_due", "timers")
    columns = ["due", "step", "person_id", "carry"]
    op.create_index("ix_timers_due", "timers", columns, postgresql_where=ALIVE, sqlite_where=ALIVE)


def downgrade() -> None:
    op.drop_index("ix_timers_due", "timers")
    op.create_index("ix_timers_due", "timers", ["due"])
    op.drop_index("ix_outbox_given_up", "outbox")
    op.drop_index("ix_outbox_ready", "outbox")
    op.add_column("outbox", sa.Column("kind", sa.Text(), nullable=False, server_default="message"))
    op.add_column("outbox", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE outbox SET kind = 'home' WHERE method = 'views.publish'")
    op.execute("UPDATE outbox SET urgent = NOT bulk")
    with op.batch_alter_table("outbox") as outbox:
        for name in ("kind", "urgent"):
            outbox.alter_column(name, server_default=None)
        for name in ("method", "bulk", "in_doubt"):
            outbox.drop_column(name)
    op.create_index("ix_outbox_ready", "outbox", ["not_before"], postgresql_where=WAITING, sqlite_where=WAITING)
    op.drop_table("rates")
