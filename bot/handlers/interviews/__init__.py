"""The talk about a result: prepared apart, held with an agenda, minuted with actions, looked back on."""

from bot.handlers.interviews import agenda, company, following, handing, minutes, opening, preparing  # noqa: F401 - their steps
from bot.handlers.interviews.conversation import flow

__all__ = ["flow"]
