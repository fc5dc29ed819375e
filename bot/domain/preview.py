"""What an import would do, shown before it does anything."""

from collections.abc import Sequence
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
    """A line that will not be taken, and why; the sentence goes on after the line's number."""

    line: int
    sentence: Sentence


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong, and every line that it is wrong on."""

    sentence: Sentence
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Preview(Generic[Fact]):
    """Everything a file would add and change, what it repeats, and what is refused.

    `aside` says whom the lines are about that were neither taken nor refused, `late` those that come after a result:
    one e-mail address for each line.
    """

    added: tuple[Fact, ...]
    changed: tuple[Change[Fact], ...]
    unchanged: tuple[Fact, ...]
    refused: tuple[RefusedLine, ...]
    aside: tuple[str, ...] = ()
    late: tuple[str, ...] = ()

    @property
    def to_apply(self) -> tuple[Fact, ...]:
        """What is to be written: the added, and the changed as they will be."""
        return (*self.added, *(each.after for each in self.changed))


def mistakes(refused: Sequence[RefusedLine]) -> tuple[Mistake, ...]:
    """Put equal mistakes together, in the order of the lines they are first made on."""
    found: dict[str, list[RefusedLine]] = {}
    for one in refused:
        found.setdefault(repr(one.sentence), []).append(one)
    return tuple(Mistake(each[0].sentence, tuple(one.line for one in each)) for each in found.values())


def runs(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Put lines that follow each other together: 2, 3, 4 and 9 are (2, 4) and (9, 9)."""
    found: list[tuple[int, int]] = []
    for line in lines:
        if found and found[-1][1] == line - 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found
