"""evidence kudos questions and suggestions."""

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kudos_terms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kudos_terms")),
    )
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("talk", sa.JSON(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Text(), nullable=False),
        sa.Column("at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("thanked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["people.id"], name=op.f("fk_evidence_about_id")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_evidence_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_about", ["about_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_author_id"), ["author_id"], unique=False)

    op.create_table(
        "kudos_choices",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("in_channel", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_kudos_choices_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_kudos_choices")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("asker_id", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", bot.store.db.Moment(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_at", bot.store.db.Moment(timezone=True), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name=op.f("fk_questions_asker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questions_asker_id"), ["asker_id"], unique=False)

    op.create_table(
        "suggestion_authors",
        sa.Column("suggestion_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_suggestion_authors_person_id")),
        sa.PrimaryKeyConstraint("suggestion_id", name=op.f("pk_suggestion_authors")),
    )
    with op.batch_alter_table("suggestion_authors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suggestion_authors_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("suggestion_authors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suggestion_authors_person_id"))

    op.drop_table("suggestion_authors")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questions_asker_id"))

    op.drop_table("questions")
    op.drop_table("kudos_choices")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_author_id"))
        batch_op.drop_index("ix_evidence_about")

    op.drop_table("evidence")
    op.drop_table("suggestions")
    op.drop_table("kudos_terms")
