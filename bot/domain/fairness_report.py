"""The fairness report of a cycle: what goes in for each person, and what comes out for groups.

No person's figure is in it, and nothing of a group of fewer than five people.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

FEWEST_SHOWN, FEWEST_FLAGGED = 5, 8
"""People in a group: below the first nothing is said of it, below the second no more than "too few to tell"."""
Q, EFFECT = 0.05, 0.5
"""A difference stands out below this q and from this many standard deviations on."""

MOSTLY = 0.9
"""So much of a cycle's results must be there before it is looked at: a look at a third of them would be another one."""


class Verdict(StrEnum):
    """What may be said of a group."""

    HIDDEN = "hidden"
    TOO_FEW = "too_few"
    NOTHING = "nothing"
    FLAG = "flag"


class Question(StrEnum):
    """What is asked."""

    MANAGERS = "managers"
    SAME_RESULT = "same_result"
    DEPARTMENTS = "departments"
    BEST_GRADE = "best_grade"
    CHANGES = "changes"


@dataclass(frozen=True)
class Assessed:
    """One person's figures: the manager's rating (0–100), attainment of goals, score, and grades as steps from the top.

    `formula_grade` is what the formula gave, `grade` what calibration made of it; 0 is the best. None where there is
    none. `job` and `leads` say with whom they can be compared.
    """

    person_id: str
    manager_id: str
    department: str
    job: str
    leads: bool = False
    rating: float | None = None
    attainment: float | None = None
    score: float | None = None
    formula_grade: int | None = None
    grade: int | None = None


def comparable(figures: Sequence[Assessed]) -> Callable[[Assessed], str]:
    """With whom each can be compared: the job where several managers have somebody in it, else all of rare jobs."""
    held = {(one.job, one.manager_id) for one in figures}
    teams = Counter(job for job, _ in held)
    return lambda one: one.job if teams[one.job] > 1 else f"/{one.leads}"


@dataclass(frozen=True)
class Finding:
    """One group in one question.

    `difference` is in the question's own unit and `effect` in standard deviations; for the best grade it is the ratio
    of the group's `rate` to the `best` one, which the group `against` has. `both` is the mean effect of this cycle and
    the one before where they point the same way, and `both_q` the q of the two together.
    """

    question: Question
    group: str
    size: int
    verdict: Verdict
    difference: float
    effect: float
    p: float
    q: float
    against: str = ""
    rate: float = 0.0
    best: float = 0.0
    both: float = 0.0
    both_q: float = 1.0

    @property
    def repeated(self) -> bool:
        """Whether two cycles in a row say so together."""
        return self.both_q < Q and abs(self.both) >= EFFECT

    @property
    def stands_out(self) -> bool:
        """Whether somebody should look at evidence."""
        return self.verdict is Verdict.FLAG or self.repeated


@dataclass(frozen=True)
class Report:
    """What was found in one cycle: everything that may be shown, and how many groups were too small to be."""

    people: int
    findings: tuple[Finding, ...]
    hidden: Mapping[Question, int]
    explained: float | None = None

    def of(self, question: Question) -> list[Finding]:
        """The groups of one question, the clearest first."""
        return sorted(
            (one for one in self.findings if one.question is question),
            key=lambda one: (not one.stands_out, one.q, one.group),
        )

    def document(self) -> dict[str, Any]:
        """Plain JSON, to be kept."""
        findings = [asdict(one) for one in self.findings]
        return {**asdict(self), "findings": findings, "hidden": {key.value: n for key, n in self.hidden.items()}}


def from_document(kept: Mapping[str, Any]) -> Report:
    """A report as it was kept; what an older release wrote of a group and nothing reads any more is passed over."""
    known = {field.name for field in fields(Finding)}
    findings = [
        Finding(
            **{name: value for name, value in one.items() if name in known}
            | {"question": Question(one["question"]), "verdict": Verdict(one["verdict"])}
        )
        for one in kept["findings"]
        if one.get("best") or not one["against"]
    ]
    hidden = {Question(key): n for key, n in kept["hidden"].items()}
    return Report(kept["people"], tuple(findings), hidden, kept["explained"])
