"""Support: help that is asked for in check-ins, promised for a day, brought back to mind, delivered and thanked for."""

from bot.handlers.support import coming_back, giving, requesting, thanking  # noqa: F401 - their steps belong to the flow
from bot.handlers.support.conversation import flow

__all__ = ["flow"]
