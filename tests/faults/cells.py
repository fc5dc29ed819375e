"""The cells of the matrix: each is a way to live through one kind of fault, again and again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.company import Company, Count

Lives = Callable[[Company, int], Awaitable[Count]]
BOTH = ("sqlite", "postgres")


@dataclass(frozen=True)
class Cell:
    """One fault. `lives` goes through it for the nth time, and says what came of how many runs."""

    name: str
    lives: Lives
    databases: tuple[str, ...] = BOTH
    socket_mode: bool = False
    alone: bool = False
    """Whether it needs a database server that nobody else is using."""


CELLS: dict[str, Cell] = {}


def cell(name: str, databases: tuple[str, ...] = BOTH, **more: bool) -> Callable[[Lives], Lives]:
    """Put a way to live into the matrix."""

    def add(lives: Lives) -> Lives:
        CELLS[name] = Cell(name, lives, databases, **more)
        return lives

    return add
