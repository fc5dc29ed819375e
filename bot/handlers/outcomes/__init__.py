"""Outcomes: what the rules propose for a result, decided by a person with a reason, and read by whom it is about."""

from bot.handlers.outcomes import overview  # noqa: F401 - its steps belong to the flow, as do those it leads to
from bot.handlers.outcomes.conversation import flow

__all__ = ["flow"]
