"""What people of the rehearsal set out to do on a day of their own choice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scripts.rehearsal.habits import Choice


@dataclass(frozen=True)
class Errand:
    """What somebody does on a day of their own choice, at this time of their own clock: words typed into a DM.

    In the windows that open they take these `ways` before any habit of theirs, and enter this by block id. The errand
    was run when the step `presses` was. It may be a people file that somebody drops; or somebody leaves the company.
    """

    person_id: str
    at: datetime
    types: str = ""
    presses: str = ""
    enters: Mapping[str, Any] = field(default_factory=dict)
    ways: tuple[Choice, ...] = ()
    drops: str = ""
    leaves: bool = False

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What is pressed in the windows that open."""
        return self.ways or ((Choice("errand", {self.presses: 1}),) if self.presses else ())

    def __str__(self) -> str:
        return f"{self.person_id} at {self.at}: {self.types or self.presses or 'leaves'}"


def at(month: int, day: int, hour: int = 11) -> datetime:
    """A moment of 2027, on the clock of whoever it is about."""
    return datetime(2027, month, day, hour)  # noqa: DTZ001 - the zone is the person's
