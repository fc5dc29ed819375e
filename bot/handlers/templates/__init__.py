"""Templates: HR looks at a department's template, downloads, edits or uploads it, and sees it before it counts."""

from bot.handlers.templates.steps import flow

__all__ = ["flow"]
