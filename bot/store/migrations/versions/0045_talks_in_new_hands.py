"""who leads somebody after a talk about a result, as far as it was told, and who wrote its minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("led_by", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("minutes_by", sa.Text(), server_default="", nullable=False))
    op.execute("UPDATE interviews SET led_by = manager_id, minutes_by = manager_id")


def downgrade() -> None:
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.drop_column("minutes_by")
        batch_op.drop_column("led_by")
