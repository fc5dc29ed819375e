"""The days people work: the company's exceptions to the calendars of countries, and everybody's own week and leave."""

from bot.handlers.days import company, own
from bot.handlers.days.facts import flow

__all__ = ["company", "flow", "own"]
