"""Scoring: when calibrating opens every result is computed; when results open, HR looks and releases them once."""

from bot.handlers.scoring.steps import flow

__all__ = ["flow"]
