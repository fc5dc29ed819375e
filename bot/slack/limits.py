"""What Slack allows: how many calls a minute each method begins with here, and how many it may come to.

Slack publishes a floor for each tier (3: 50, 4: 100 a minute) and for posting "several hundred"; what a workspace
really takes is learned from its answers. https://docs.slack.dev/apis/web-api/rate-limits
"""

from math import ceil

from sqlalchemy.orm import Session

from bot.slack.text import Text
from bot.slack.words import Words
from bot.store.outbox import EACH_PERSON, EDIT, METHODS, POST, PUBLISH
from bot.store.rates import Limit, per_minute

SLACKS = {POST: Limit(240, 1_200), EDIT: Limit(50, 1_200), PUBLISH: Limit(100, 1_200), EACH_PERSON: Limit(60, 60)}
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
