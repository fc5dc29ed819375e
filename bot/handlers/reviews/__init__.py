"""Reviews: the self-review, the manager's, and the gate that lets no surprise through."""

from bot.handlers.reviews import reading
from bot.handlers.reviews.steps import flow

__all__ = ["flow", "reading"]
