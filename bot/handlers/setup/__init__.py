"""Setup: HR is led through the preparation of a cycle; what is missing is computed, never ticked."""

from bot.handlers.setup.steps import flow

__all__ = ["flow"]
