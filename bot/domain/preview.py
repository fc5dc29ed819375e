"""What an import would do, shown before it does anything."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.refusal import Sentence

Fact = TypeVar("Fact")


@dataclass(frozen=True)
class Change(Generic[Fact]):
    """The same thing as it is known and as the file has it."""

    before: Fact
    after: Fact


@dataclass(frozen=True)
class RefusedLine:
    """A line that will not be taken, and why; the sentence names the line as well."""

    line: int
    sentence: Sentence


@dataclass(frozen=True)
class Preview(Generic[Fact]):
    """Everything a file would add and change, what it repeats, and what is refused."""

    added: tuple[Fact, ...]
    changed: tuple[Change[Fact], ...]
    unchanged: tuple[Fact, ...]
    refused: tuple[RefusedLine, ...]

    @property
    def to_apply(self) -> tuple[Fact, ...]:
        """What is to be written: the added, and the changed as they will be."""
        return (*self.added, *(each.after for each in self.changed))
