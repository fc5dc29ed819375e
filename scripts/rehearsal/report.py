"""The report of a rehearsal: what happened, in numbers, and everything that is off."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scripts.rehearsal.life import Objection, Told

SHOWN = 8


@dataclass
class Report:
    """Lines to print, and what is off."""

    facts: list[tuple[str, str]] = field(default_factory=list)
    off: list[str] = field(default_factory=list)

    def says(self, name: str, value: object) -> None:
        """Note a number."""
        self.facts.append((name, str(value)))

    def must_be_none(self, name: str, found: Sequence[object]) -> None:
        """Note how many there are of what there may be none of."""
        self.says(name, len(found))
        self.off += [f"{name}: {one}" for one in found[:SHOWN]]
        if len(found) > SHOWN:
            self.off.append(f"{name}: and {len(found) - SHOWN} more")

    def must_be_some(self, name: str, count: int) -> None:
        """Note how many there are of what has to happen."""
        self.says(name, count)
        if not count:
            self.off.append(f"{name.strip()}: none")

    def must_be(self, name: str, value: object, wanted: object) -> None:
        """Note a number that has to be this one."""
        self.says(name, value)
        if value != wanted:
            self.off.append(f"{name}: {value}, not {wanted}")

    def text(self) -> str:
        """As it is printed."""
        width = max(len(name) for name, _ in self.facts)
        lines = [f"  {name:<{width}}  {value}" for name, value in self.facts]
        verdict = ["", "All is well."] if not self.off else ["", "OFF:", *(f"  - {one}" for one in self.off)]
        return "\n".join([*lines, *verdict])


def count_acts(told: Told, *steps: str) -> int:
    """How often people did one of these."""
    return sum(told.acts[step] for step in steps)


def by_step(objections: Iterable[Objection]) -> str:
    """How many refusals there were, by what was refused."""
    counted = Counter(one.step for one in objections)
    return ", ".join(f"{step} {n}" for step, n in counted.most_common()) or "none"
