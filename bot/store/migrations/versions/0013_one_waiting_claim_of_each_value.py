"""one waiting claim of each value."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


ONE_EACH = """
UPDATE claims SET state = 'withdrawn' WHERE state = 'waiting' AND EXISTS (
    SELECT 1 FROM claims AS other WHERE other.state = 'waiting' AND other.id < claims.id
    AND other.person_id = claims.person_id AND other.cycle_id = claims.cycle_id
    AND other.kpi = claims.kpi AND other.period = claims.period
)
"""


def upgrade() -> None:
    op.execute(ONE_EACH)
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claims_asked_state"))
        batch_op.create_index(
            "ix_claims_waiting",
            ["person_id", "cycle_id", "kpi", "period"],
            unique=True,
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_claims_waiting",
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(batch_op.f("ix_claims_asked_state"), ["asked", "state"], unique=False)
