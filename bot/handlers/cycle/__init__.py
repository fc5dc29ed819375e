"""The cycle: HR opens one in three windows; then its stages open by themselves, where each person is."""

from bot.handlers.cycle.steps import flow

__all__ = ["flow"]
