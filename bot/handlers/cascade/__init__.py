"""The cascade: what the company wants, given out part by part, and how much of it people's goals carry."""

from bot.handlers.cascade import giving, overview, supporting, tree
from bot.handlers.cascade.sight import flow

__all__ = ["flow", "giving", "overview", "supporting", "tree"]
