"""Standing in: who acts for a manager who is away, named by that manager or by HR."""

from bot.handlers.standin.steps import flow

__all__ = ["flow"]
