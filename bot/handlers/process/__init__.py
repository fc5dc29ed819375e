"""Improving the process: how healthy a cycle was, a sealed pulse, and changes that the next cycle begins with."""

from bot.handlers.process import changes, news, pulse, report, suggested  # noqa: F401 - their steps
from bot.handlers.process.conversation import flow

__all__ = ["flow"]
