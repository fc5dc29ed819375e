"""Appeals: filed against one's own result, decided on a frozen record by somebody who has no part in it."""

from bot.handlers.appeals import deciding, filing, handling, rating
from bot.handlers.appeals.conversation import flow

__all__ = ["deciding", "filing", "flow", "handling", "rating"]
