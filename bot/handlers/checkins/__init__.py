"""Check-ins: ask each person how it is going, tell the manager once, and let the person know it was read."""

from bot.handlers.checkins import answering, asking, digests, hearing, pausing, readers, team  # noqa: F401 - their steps belong to the flow
from bot.handlers.checkins.conversation import flow

__all__ = ["flow"]
