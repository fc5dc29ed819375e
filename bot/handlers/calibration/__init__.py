"""Calibration: those who calibrate look at results side by side and change a grade with a reason, or leave it."""

from bot.handlers.calibration import steps  # noqa: F401 - its steps belong to the flow, as do those it leads to
from bot.handlers.calibration.conversation import flow

__all__ = ["flow"]
