"""calibration: meetings, changes, warm-up; what the board sorts by without opening trees."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calibration_changes",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("meeting", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_calibration_changes_cycle_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_calibration_changes_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calibration_changes_person_id")),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", "n", name=op.f("pk_calibration_changes")),
    )
    op.create_table(
        "calibration_closings",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_calibration_closings_closed_by")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_calibration_closings_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "n", name=op.f("pk_calibration_closings")),
    )
    op.create_table(
        "calibration_meetings",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_calibration_meetings_cycle_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_calibration_meetings_opened_by")),
        sa.PrimaryKeyConstraint("cycle_id", "n", name=op.f("pk_calibration_meetings")),
    )
    op.create_table(
        "calibration_warmups",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("vignette", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("level", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_calibration_warmups_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calibration_warmups_person_id")),
        sa.PrimaryKeyConstraint("cycle_id", "vignette", "person_id", name=op.f("pk_calibration_warmups")),
    )
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.add_column(sa.Column("formula_band", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("attainment", bot.store.db.Exact(length=60), nullable=True))
        batch_op.add_column(sa.Column("manager_rating", bot.store.db.Exact(length=60), nullable=True))

    op.execute("UPDATE results SET formula_band = band")


def downgrade() -> None:
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.drop_column("manager_rating")
        batch_op.drop_column("attainment")
        batch_op.drop_column("formula_band")

    op.drop_table("calibration_warmups")
    op.drop_table("calibration_meetings")
    op.drop_table("calibration_closings")
    op.drop_table("calibration_changes")
