"""The bonus pool: made by one of finance, approved by another; here are states and counts, amounts are in a file."""

from bot.handlers.pool.steps import flow

__all__ = ["flow"]
