"""Imports: a file of people or of actual values is shown as what it would change, and applied whole or not at all."""

from bot.handlers.imports import readings  # declares its steps
from bot.handlers.imports.steps import flow

__all__ = ["flow", "readings"]
