"""The fairness report of a cycle: five questions asked of everybody's figures once, when its results are released.

What goes in are figures, what comes out are groups: no person's rating, and no group of fewer than five.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.fairness import (
    FEWEST_FLAGGED,
    FEWEST_SHOWN,
    Case,
    Compared,
    RateCompared,
    Verdict,
    beyond_results,
    by_chance,
    escalates,
    leave_one_out,
    over_groups,
    rates,
)


class Question(StrEnum):
    """What is asked."""

    MANAGERS = "managers"
    SAME_RESULT = "same_result"
    DEPARTMENTS = "departments"
    BEST_GRADE = "best_grade"
    CHANGES = "changes"


@dataclass(frozen=True)
class Figures:
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


@dataclass(frozen=True)
class Finding:
    """One group in one question.

    `difference` is in the question's own unit and `effect` in standard deviations; for the best grade it is the ratio
    of rates `against` the group with the highest one, from `low` to `high`. `repeated`: two cycles in a row say so.
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
    low: float = 0.0
    high: float = 0.0
    repeated: bool = False

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
    """A report as it was kept."""
    findings = [
        Finding(**{**one, "question": Question(one["question"]), "verdict": Verdict(one["verdict"])})
        for one in kept["findings"]
    ]
    hidden = {Question(key): n for key, n in kept["hidden"].items()}
    return Report(kept["people"], tuple(findings), hidden, kept["explained"])


def report(figures: Sequence[Figures], before: Report | None = None) -> Report:
    """Ask all five questions; `before` is the report of the cycle before, for what shows twice though weakly."""
    compared = {question: ask(figures) for question, ask in _COMPARE.items()}
    found = [_finding(question, one) for question, some in compared.items() for one in some]
    ratios = rates(_best_grades(figures))
    found += [_rate_finding(one) for one in ratios]
    earlier = {(one.question, one.group): one for one in before.findings} if before else {}
    told = [_again(one, earlier.get((one.question, one.group))) for one in found]
    hidden = Counter(one.question for one in told if one.verdict is Verdict.HIDDEN)
    ranks = over_groups(_cases(figures, "department", lambda one: one.score, lambda _: ""))
    return Report(
        len(figures),
        tuple(one for one in told if one.verdict is not Verdict.HIDDEN),
        dict(hidden),
        ranks.epsilon2 if ranks else None,
    )


# The questions -----------------------------------------------------------------------------


def _cases(
    figures: Sequence[Figures],
    group: str,
    value: Callable[[Figures], float | None],
    stratum: Callable[[Figures], str],
) -> list[Case]:
    found = [(one, value(one)) for one in figures if getattr(one, group)]
    return [Case(one.person_id, getattr(one, group), got, stratum(one)) for one, got in found if got is not None]


def _comparable(figures: Sequence[Figures]) -> Callable[[Figures], str]:
    """The job where several managers have somebody in it; otherwise all whose job is rare are compared together."""
    held = {(one.job, one.manager_id) for one in figures}
    teams = Counter(job for job, _ in held)
    return lambda one: one.job if teams[one.job] > 1 else f"/{one.leads}"


def _managers(figures: Sequence[Figures]) -> list[Compared]:
    return leave_one_out(_cases(figures, "manager_id", lambda one: one.rating, _comparable(figures)))


def _same_result(figures: Sequence[Figures]) -> list[Compared]:
    attained = {one.person_id: one.attainment for one in figures if one.attainment is not None}
    return by_chance(
        beyond_results(_cases(figures, "manager_id", lambda one: one.rating, _comparable(figures)), attained)
    )


def _departments(figures: Sequence[Figures]) -> list[Compared]:
    return by_chance(_cases(figures, "department", lambda one: one.score, lambda one: str(one.leads)))


def _changes(figures: Sequence[Figures]) -> list[Compared]:
    """Grades that calibration moved, upward above zero; nobody is compared where nothing was moved."""
    moved = _cases(figures, "department", _moved, lambda one: str(one.leads))
    return by_chance(moved) if any(one.value for one in moved) else []


def _moved(one: Figures) -> float | None:
    return None if one.formula_grade is None or one.grade is None else float(one.formula_grade - one.grade)


def _best_grades(figures: Sequence[Figures]) -> dict[str, tuple[int, int]]:
    """Of each department's graded people, how many have the best grade that anybody has."""
    graded = [one for one in figures if one.grade is not None and one.department]
    best = min((one.grade for one in graded if one.grade is not None), default=0)
    of = Counter(one.department for one in graded)
    hits = Counter(one.department for one in graded if one.grade == best)
    return {department: (hits[department], n) for department, n in of.items()}


_COMPARE: Mapping[Question, Callable[[Sequence[Figures]], list[Compared]]] = {
    Question.MANAGERS: _managers,
    Question.SAME_RESULT: _same_result,
    Question.DEPARTMENTS: _departments,
    Question.CHANGES: _changes,
}


# What is told ------------------------------------------------------------------------------


def _finding(question: Question, one: Compared) -> Finding:
    told = one.verdict if one.others > 1 or one.size < FEWEST_SHOWN else Verdict.TOO_FEW
    return Finding(question, one.group, one.size, told, one.difference, one.effect, one.p, one.q)


def _rate_finding(one: RateCompared) -> Finding:
    numbers = one.rates
    return Finding(
        Question.BEST_GRADE,
        one.group,
        one.size,
        one.verdict,
        numbers.ratio,
        0.0,
        numbers.p,
        one.q,
        one.against,
        numbers.low,
        min(numbers.high, 99.0),
    )


def _again(now: Finding, before: Finding | None) -> Finding:
    """Mark what two cycles in a row say, though each may be too weak alone."""
    if before is None or now.question is Question.BEST_GRADE or min(now.size, before.size) < FEWEST_FLAGGED:
        return now
    pair = [Compared(one.group, one.size, one.size, one.difference, one.effect, one.p, one.q) for one in (now, before)]
    return replace(now, repeated=escalates(*pair))
