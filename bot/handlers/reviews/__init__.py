"""Reviews: the self-review, the manager's, and the gate that lets no surprise through."""

from bot.handlers.reviews import owing, reading, steps
from bot.handlers.reviews.conversation import flow

__all__ = ["flow", "owing", "reading", "steps"]
