"""How the bench measures: ours and a bare floor in turns, CPU seconds, the best of several rounds."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Work = Callable[[], Awaitable[None]]
Clock = Callable[[], float]
ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One line: what was measured, ours beside the floor, and whether the goal holds (None: it has none)."""

    what: str
    ours: float
    floor: float | None
    unit: str
    goal: str = ""
    holds: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours against the floor."""
        return round(self.ours / self.floor, 2) if self.floor else None

    def document(self) -> dict[str, Any]:
        """The row as plain JSON."""
        return {**asdict(self), "ratio": self.ratio}


def against(what: str, ours: float, floor: float, unit: str, *, most: float | None = None, note: str = "") -> Row:
    """A row whose goal is a ratio of at most `most`."""
    goal = f"≤ {most:g} ×" if most is not None else ""
    holds = ours <= floor * most if most is not None else None
    return Row(what, round(ours, 3), round(floor, 3), unit, goal, holds, note)


def at_most(what: str, ours: float, unit: str, most: float, *, floor: float | None = None, note: str = "") -> Row:
    """A row whose goal is a figure of at most `most`."""
    beside = None if floor is None else round(floor, 3)
    return Row(what, round(ours, 3), beside, unit, f"≤ {most:g} {unit}", ours <= most, note)


def at_least(what: str, ours: float, unit: str, least: float, *, floor: float | None = None, note: str = "") -> Row:
    """A row whose goal is a figure of at least `least`."""
    beside = None if floor is None else round(floor, 3)
    return Row(what, round(ours, 3), beside, unit, f"≥ {least:g} {unit}", ours >= least, note)


async def cpu(work: Work, clock: Clock = time.process_time) -> float:
    """CPU seconds of one run."""
    before = clock()
    await work()
    return clock() - before


async def in_turns(works: dict[str, Work], clock: Clock = time.process_time, rounds: int = ROUNDS) -> dict[str, float]:
    """The CPU seconds of several works, run one after the other in each round; the best of each."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            best[name] = min(best[name], await cpu(work, clock))
    return best


async def beside(
    what: str, ours: Work, floor: Work, count: int, *, most: float | None = None, rounds: int = ROUNDS,
    clock: Clock = time.process_time, note: str = "",
) -> Row:  # fmt: skip
    """Run both in turns: microseconds of CPU for each piece of work, and their ratio."""
    best = await in_turns({"ours": ours, "floor": floor}, clock, rounds)
    return against(what, best["ours"] / count * 1e6, best["floor"] / count * 1e6, "µs", most=most, note=note)


def cpu_of(*pids: int) -> float:
    """CPU seconds that processes have used so far, in their own code and in the kernel for them."""
    return sum(_ticks(pid) for pid in pids) / _TICKS


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    everybody = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return [one for one in everybody if (fields := _stat(one)) and int(fields[1]) == pid]


def memory_of(pid: int) -> float:
    """Megabytes of memory that a process has resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


_TICKS = 100
"""Of a second, in which Linux counts CPU time for other processes."""


def _ticks(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0


def _stat(pid: int) -> list[str]:
    """The fields of /proc/pid/stat behind the command's name; none when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def percentile(values: list[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
