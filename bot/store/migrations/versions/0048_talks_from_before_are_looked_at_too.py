"""talks from before are looked at too: with whose, and from when on."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import bot.store.db

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""Due at once: the step looks at what stands then, and sets its next moment by itself."""
STEP = "interviews.look_around"
TALKS = sa.table("interviews", *map(sa.column, ("person_id", "manager_id", "led_by", "held_on", "released_on")))
STINTS = sa.table("stints", *map(sa.column, ("person_id", "manager_id", "starts_on", "ends_on")))
TIMERS = sa.table(
    "timers",
    sa.column("step", sa.Text()),
    sa.column("person_id", sa.Text()),
    sa.column("carry", sa.Text()),
    sa.column("due", bot.store.db.Moment(timezone=True)),
    sa.column("attempts", sa.Integer()),
    sa.column("error", sa.Text()),
)


def upgrade() -> None:
    """Begin the look at who leads whom, which talks begun since 0045 begin by themselves.

    0045 took whoever held a talk, or was to, for who leads the person; a stand-in for them did not.
    """
    day = sa.func.coalesce(TALKS.c.held_on, TALKS.c.released_on)
    until = sa.or_(STINTS.c.ends_on.is_(None), STINTS.c.ends_on >= day)
    led = STINTS.c.person_id == TALKS.c.person_id, STINTS.c.manager_id != "", STINTS.c.starts_on <= day, until
    then = sa.select(STINTS.c.manager_id).where(*led).order_by(STINTS.c.starts_on.desc()).limit(1).correlate(TALKS)
    wrong = sa.update(TALKS).where(TALKS.c.led_by == TALKS.c.manager_id, sa.exists(then))
    op.execute(wrong.values(led_by=then.scalar_subquery()))
    bind = op.get_bind()
    begun = bind.scalar(sa.select(sa.func.count()).select_from(TALKS))
    known = bind.scalar(sa.select(sa.func.count()).select_from(TIMERS).where(TIMERS.c.step == STEP))
    if begun and not known:
        first = {"step": STEP, "person_id": "", "carry": "", "due": LONG_AGO, "attempts": 0, "error": ""}
        bind.execute(sa.insert(TIMERS).values(first))


def downgrade() -> None:
    """What was set stays right."""
