"""One-on-ones: an agenda gathered from facts, points and notes of the two, action items, a rhythm."""

from bot.handlers.talks import rhythm, steps  # noqa: F401 - their steps belong to the flow
from bot.handlers.talks.conversation import flow

__all__ = ["flow"]
