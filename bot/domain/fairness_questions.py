"""The questions of the fairness report, asked of everybody's figures at once, when results are computed."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.domain.fairness import (
    Case,
    Compared,
    RateCompared,
    beyond_results,
    by_chance,
    escalates,
    leave_one_out,
    over_groups,
    rates,
)
from bot.domain.fairness_report import (
    FEWEST_FLAGGED,
    FEWEST_SHOWN,
    Assessed,
    Finding,
    Question,
    Report,
    Verdict,
)


def report(figures: Sequence[Assessed], before: Report | None = None) -> Report:
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
    figures: Sequence[Assessed],
    group: str,
    value: Callable[[Assessed], float | None],
    stratum: Callable[[Assessed], str],
) -> list[Case]:
    found = [(one, value(one)) for one in figures if getattr(one, group)]
    return [Case(one.person_id, getattr(one, group), got, stratum(one)) for one, got in found if got is not None]


def _comparable(figures: Sequence[Assessed]) -> Callable[[Assessed], str]:
    """The job where several managers have somebody in it; otherwise all whose job is rare are compared together."""
    held = {(one.job, one.manager_id) for one in figures}
    teams = Counter(job for job, _ in held)
    return lambda one: one.job if teams[one.job] > 1 else f"/{one.leads}"


def _managers(figures: Sequence[Assessed]) -> list[Compared]:
    return leave_one_out(_cases(figures, "manager_id", lambda one: one.rating, _comparable(figures)))


def _same_result(figures: Sequence[Assessed]) -> list[Compared]:
    attained = {one.person_id: one.attainment for one in figures if one.attainment is not None}
    return by_chance(
        beyond_results(_cases(figures, "manager_id", lambda one: one.rating, _comparable(figures)), attained)
    )


def _departments(figures: Sequence[Assessed]) -> list[Compared]:
    return by_chance(_cases(figures, "department", lambda one: one.score, lambda one: str(one.leads)))


def _changes(figures: Sequence[Assessed]) -> list[Compared]:
    """Grades that calibration moved, upward above zero; nobody is compared where nothing was moved."""
    moved = _cases(figures, "department", _moved, lambda one: str(one.leads))
    return by_chance(moved) if any(one.value for one in moved) else []


def _moved(one: Assessed) -> float | None:
    return None if one.formula_grade is None or one.grade is None else float(one.formula_grade - one.grade)


def _best_grades(figures: Sequence[Assessed]) -> dict[str, tuple[int, int]]:
    """Of each department's graded people, how many have the best grade that anybody has."""
    graded = [one for one in figures if one.grade is not None and one.department]
    best = min((one.grade for one in graded if one.grade is not None), default=0)
    of = Counter(one.department for one in graded)
    hits = Counter(one.department for one in graded if one.grade == best)
    return {department: (hits[department], n) for department, n in of.items()}


_COMPARE: Mapping[Question, Callable[[Sequence[Assessed]], list[Compared]]] = {
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
