"""What Slack allows: how many calls a minute each method begins with here, and how many it may come to.

Slack publishes a floor for each tier and, for posting, "several hundred"; what a workspace really takes is learned from
its answers. https://docs.slack.dev/apis/web-api/rate-limits
"""

from math import ceil

from sqlalchemy.orm import Session

from bot.slack.text import Text
from bot.slack.words import Words
from bot.store.outbox import EDIT, METHODS, POST, PUBLISH, UPLOAD
from bot.store.rates import Limit, per_minute
from bot.store.sending import EACH_PERSON

MOST = 1_200
TIER_1, TIER_2, TIER_3, TIER_4 = Limit(1, MOST), Limit(20, MOST), Limit(50, MOST), Limit(100, MOST)
SENT = {POST: Limit(240, MOST), EDIT: TIER_3, PUBLISH: TIER_4, UPLOAD: TIER_4}
"""What the outbox claims messages for: they are paid for when they are claimed."""
HELD = {
    "conversations.open": TIER_3,
    "conversations.history": TIER_3,
    "users.list": TIER_2,
    "users.info": TIER_4,
    "files.info": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "auth.test": Limit(600, 600),
    "auth.teams.list": TIER_2,
}
"""What waits for its turn right before the call."""
AT_ONCE = {
    "views.open": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
    "apps.connections.open": TIER_1,
    "oauth.v2.access": TIER_4,
}
"""What cannot wait, so no bucket holds it back: a trigger is good for three seconds, and a socket has to stand within
ten. A view that Slack refuses is offered in the DM, and a socket waits for as long as Slack says. A workspace that is
being installed has no buckets yet."""
SLACKS = {**SENT, **HELD, **AT_ONCE, EACH_PERSON: Limit(60, 60)}
UNHURRIED = dict.fromkeys((*METHODS, EACH_PERSON), Limit(60_000_000, 60_000_000))
"""For a Slack whose clock is wound: days pass in moments there, and nobody counts the calls."""
WORTH_SAYING = 2
"""Minutes: what is sent sooner needs no announcement."""


def posts_per_minute(session: Session) -> float:
    """How many messages a minute Slack takes from us at present, as far as is known."""
    return per_minute(session, POST, SLACKS[POST])


def lasting(t: Words, session: Session, count: int) -> Text | None:
    """How long so many messages take, when that is worth saying."""
    minutes = count / posts_per_minute(session)
    if minutes <= WORTH_SAYING:
        return None
    return t("At the pace Slack takes, that lasts about {n} minutes.", n=ceil(minutes))
