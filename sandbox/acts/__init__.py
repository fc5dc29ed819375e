"""What a person does in Slack: one function per act, the same for page, control API and tests."""

from sandbox.acts import shortcuts, surface, talk
from sandbox.acts.registry import perform

__all__ = ["perform", "shortcuts", "surface", "talk"]
