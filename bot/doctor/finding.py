"""A finding: what is wrong, what to do about it, and whether Cairn can work meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.doctor.look import Look


@dataclass(frozen=True)
class Finding:
    """One sentence for what is wrong and one for what to do; what is not `severe` is advice."""

    sentence: str
    do: str
    severe: bool = True


Check = Callable[[Look], Finding | None]
"""One question asked of what was looked at; it asks nobody else, and its finding never holds a secret."""
