"""outcomes and the pool."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commendations",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_commendations_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_commendations_person_id")),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", name=op.f("pk_commendations")),
    )
    op.create_table(
        "pay_bases",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("target", bot.store.db.Exact(length=60), nullable=False),
        sa.Column("salary", bot.store.db.Exact(length=60), nullable=True),
        sa.Column("midpoint", bot.store.db.Exact(length=60), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_pay_bases_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_pay_bases_person_id")),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", name=op.f("pk_pay_bases")),
    )
    with op.batch_alter_table("pay_bases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pay_bases_person_id"), ["person_id"], unique=False)

    op.create_table(
        "pay_terms",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("total", bot.store.db.Exact(length=60), nullable=True),
        sa.Column("budget", bot.store.db.Exact(length=60), nullable=True),
        sa.Column("at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_pay_terms_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_pay_terms")),
    )
    op.create_table(
        "pools",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_pools_cycle_id")),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_pools_made_by")),
        sa.PrimaryKeyConstraint("cycle_id", "n", name=op.f("pk_pools")),
    )
    op.create_table(
        "outcome_decisions",
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("value", bot.store.db.Exact(length=60), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id", "person_id"],
            ["results.cycle_id", "results.person_id"],
            name=op.f("fk_outcome_decisions_cycle_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", "kind", name=op.f("pk_outcome_decisions")),
    )
    with op.batch_alter_table("outcome_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_decisions_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("announcements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms", sa.JSON(), nullable=True))

    with op.batch_alter_table("outcome_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outcome_rules", schema=None) as batch_op:
        batch_op.drop_column("terms")

    with op.batch_alter_table("announcements", schema=None) as batch_op:
        batch_op.drop_column("terms")

    with op.batch_alter_table("outcome_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_decisions_person_id"))

    op.drop_table("outcome_decisions")
    op.drop_table("pools")
    op.drop_table("pay_terms")
    with op.batch_alter_table("pay_bases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pay_bases_person_id"))

    op.drop_table("pay_bases")
    op.drop_table("commendations")
