"""Delivery: everybody opens their own result, asks any number why, and says whether they agree."""

from bot.handlers.delivery import answering, steps  # noqa: F401 - their steps belong to the flow
from bot.handlers.delivery.conversation import flow

__all__ = ["flow"]
