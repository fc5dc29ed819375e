"""the audit is a chain; what stands in it already is linked as it stands."""

import json
import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("actor_salt", "actor_seal", "about_salt", "about_seal", "hash")
AT_ONCE = 1_000


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", INT, nullable=False),
        sa.Column("n", INT, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("n", INT, nullable=True))
        for name in WORDS:
            batch_op.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))
    _link()


def _link() -> None:
    rows = sa.table(
        "audit", *map(sa.column, ("id", "actor_id", "act", "about_id", "record", "n", *WORDS)),
        sa.column("at", sa.DateTime(timezone=True)),
    )  # fmt: skip
    wanted = sa.select(rows).order_by(rows.c.id).limit(AT_ONCE)
    changed = (
        rows.update()
        .where(rows.c.id == sa.bindparam("row"))
        .values({name: sa.bindparam(name) for name in ("n", *WORDS)})
    )
    n, newest, last = 0, "", -1
    while found := op.get_bind().execute(wanted.where(rows.c.id > last)).all():
        links = []
        for row in found:
            n += 1
            links.append(_linked(row, n, newest))
            newest, last = str(links[-1]["hash"]), row.id
        op.get_bind().execute(changed, links)
    head = sa.table("audit_head", *map(sa.column, ("id", "n", "hash")))
    if n:  # an empty database stays one, so that a backup can be put back into it
        op.get_bind().execute(head.insert().values(id=1, n=n, hash=newest))


def _linked(row: sa.Row[Any], n: int, before: str) -> dict[str, object]:
    actor_salt, about_salt = secrets.token_hex(16), secrets.token_hex(16)
    actor_seal, about_seal = _hash(actor_salt, row.actor_id), _hash(about_salt, row.about_id, row.record)
    link = _hash(before, n, _utc(row.at).isoformat(), row.act, actor_seal, about_seal)
    return {
        "row": row.id, "n": n, "hash": link,
        "actor_salt": actor_salt, "actor_seal": actor_seal, "about_salt": about_salt, "about_seal": about_seal,
    }  # fmt: skip


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _hash(*parts: str | int) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()


def downgrade() -> None:
    with op.batch_alter_table("audit", schema=None) as batch_op:
        for name in (*WORDS, "n"):
            batch_op.drop_column(name)
    op.drop_table("audit_head")
