"""Values by hand: employee or manager reports one with evidence, the other confirms it, and only then it counts."""

from bot.handlers.claims.steps import flow

__all__ = ["flow"]
