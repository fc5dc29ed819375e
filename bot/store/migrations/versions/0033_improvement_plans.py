"""improvement plans."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("gap", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("activities", sa.JSON(), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("duties", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("every", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("started_at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.Column("manager_id", sa.Text(), nullable=False),
        sa.Column("hr_id", sa.Text(), nullable=False),
        sa.Column("more_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_why", sa.Text(), nullable=False),
        sa.Column("sent_back", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["hr_id"], ["people.id"], name=op.f("fk_plans_hr_id")),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_plans_manager_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_plans_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(
            "ix_plans_open",
            ["person_id"],
            unique=True,
            postgresql_where=sa.text("outcome = ''"),
            sqlite_where=sa.text("outcome = ''"),
        )
        batch_op.create_index("ix_plans_person", ["person_id", "started_at"], unique=False)

    op.create_table(
        "plan_checkpoints",
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_checkpoints_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "n", name=op.f("pk_plan_checkpoints")),
    )
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("commented_at", bot.store.db.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.drop_column("commented_at")

    op.drop_table("plan_checkpoints")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index("ix_plans_person")
        batch_op.drop_index(
            "ix_plans_open", postgresql_where=sa.text("outcome = ''"), sqlite_where=sa.text("outcome = ''")
        )

    op.drop_table("plans")
