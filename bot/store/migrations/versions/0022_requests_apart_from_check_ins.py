"""Requests apart from check-ins, any number of which may be open; and what former managers wrote to a check-in."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

IS_OPEN = "state IN ('asked', 'promised')"
ONE_EACH = ["person_id", "cycle_id", "day"]


def upgrade() -> None:
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("earlier_comments", sa.JSON(), server_default="[]", nullable=False))

    with op.batch_alter_table("support_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_support_open")
        batch_op.add_column(sa.Column("apart", sa.Boolean(), server_default=sa.false(), nullable=False))

    # who asked outside a check-in has a card of that request
    op.execute(
        "UPDATE support_requests SET apart = EXISTS (SELECT 1 FROM outbox WHERE outbox.key = "
        "'support/' || support_requests.id || '/' || support_requests.person_id || '/asked')"
    )
    _index(f"{IS_OPEN} AND NOT apart")


def downgrade() -> None:
    op.drop_index("ix_support_open", table_name="support_requests")
    with op.batch_alter_table("support_requests", schema=None) as batch_op:
        batch_op.drop_column("apart")

    # only one of a day has room again: the first one stays open
    op.execute(
        f"UPDATE support_requests SET state = 'withdrawn' WHERE {IS_OPEN} AND id NOT IN "  # noqa: S608 - our own words
        f"(SELECT min(id) FROM support_requests WHERE {IS_OPEN} GROUP BY person_id, cycle_id, day)"
    )
    _index(IS_OPEN)
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.drop_column("earlier_comments")


def _index(where: str) -> None:
    some = sa.text(where)
    op.create_index(
        "ix_support_open", "support_requests", ONE_EACH, unique=True, postgresql_where=some, sqlite_where=some
    )
