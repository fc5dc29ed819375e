"""batches of a pulse and cards to look back."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("interviews", sa.Column("person_asked_on", sa.Date(), nullable=True))
    op.add_column("interviews", sa.Column("manager_asked_on", sa.Date(), nullable=True))
    op.add_column("sealed_pulses", sa.Column("batch", sa.Text(), server_default="", nullable=False))
    op.drop_index("ix_sealed_pulses_cycle_id", table_name="sealed_pulses")
    op.create_index("ix_sealed_pulses_batch", "sealed_pulses", ["cycle_id", "batch"])


def downgrade() -> None:
    op.drop_index("ix_sealed_pulses_batch", table_name="sealed_pulses")
    op.create_index("ix_sealed_pulses_cycle_id", "sealed_pulses", ["cycle_id"])
    op.drop_column("sealed_pulses", "batch")
    op.drop_column("interviews", "manager_asked_on")
    op.drop_column("interviews", "person_asked_on")
