"""Improvement plans: what is expected, the help for it, and a clock that waits whenever the manager is behind."""

from bot.handlers.plans import checkpoints, ending, looking, starting  # noqa: F401 - their steps belong to the flow
from bot.handlers.plans.conversation import flow

__all__ = ["flow"]
