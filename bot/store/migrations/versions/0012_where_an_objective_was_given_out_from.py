"""where an objective was given out from."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("objective_parts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("objective_parts", schema=None) as batch_op:
        batch_op.drop_column("given")
