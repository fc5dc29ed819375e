"""Delivery: everybody opens their own result, asks any number why, and says whether they agree."""

from bot.handlers.delivery.steps import flow

__all__ = ["flow"]
