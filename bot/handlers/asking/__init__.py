"""Ask: answered with what is published, word for word and with its place; else by somebody, with a clock."""

from bot.handlers.asking import results, steps  # noqa: F401 - their steps belong to the flow
from bot.handlers.asking.conversation import flow

__all__ = ["flow"]
