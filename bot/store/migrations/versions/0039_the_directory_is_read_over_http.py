"""the directory is read over http: who is in Slack, who has left, and whom an address names."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_names",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("missing_since", sa.Date(), nullable=True),
        sa.Column("missing_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_directory_names_person_id")),
        sa.ForeignKeyConstraint(["source_id"], ["value_sources.id"], name=op.f("fk_directory_names_source_id")),
        sa.PrimaryKeyConstraint("source_id", "person_id", name=op.f("pk_directory_names")),
    )
    with op.batch_alter_table("directory_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_names_person_id"), ["person_id"], unique=False)
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_slack", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("last_day", sa.Date(), nullable=True))
    op.execute("UPDATE people SET in_slack = takes_part")
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_id", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_column("source_id")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("last_day")
        batch_op.drop_column("in_slack")
    with op.batch_alter_table("directory_names", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_names_person_id"))
    op.drop_table("directory_names")
