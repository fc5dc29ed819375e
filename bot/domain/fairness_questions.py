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
    leave_one_out,
    over_groups,
    over_two_cycles,
    rates,
)
from bot.domain.fairness_report import (
    FEWEST_SHOWN,
    Assessed,
    Finding,
    Question,
    Report,
    Verdict,
    comparable,
)


def report(figures: Sequence[Assessed], before: Report | None = None) -> Report:
    """Ask all five questions; `before` is the report of the cycle before, for what shows twice though weakly."""
    compared = {question: ask(figures) for question, ask in _COMPARE.items()}
    told = [
        one
        for question, some in compared.items()
        for one in _with_the_cycle_before([_finding(question, each) for each in some], question, before)
    ]
    told += [_rate_finding(one) for one in rates(_best_grades(figures))]
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


def _managers(figures: Sequence[Assessed]) -> list[Compared]:
    return leave_one_out(_cases(figures, "manager_id", lambda one: one.rating, comparable(figures)))


def _same_result(figures: Sequence[Assessed]) -> list[Compared]:
    attained = {one.person_id: one.attainment for one in figures if one.attainment is not None}
    return by_chance(
        beyond_results(_cases(figures, "manager_id", lambda one: one.rating, comparable(figures)), attained)
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
        one.rate,
        one.best,
    )


def _with_the_cycle_before(found: Sequence[Finding], question: Question, before: Report | None) -> list[Finding]:
    """What two cycles in a row say together of the groups of one question, though each may be too weak alone."""
    pairs = (_compared(found), _compared(before.of(question) if before else ()))
    lasting = {one.group: one for one in over_two_cycles(*pairs)}
    return [
        replace(one, both=lasting[one.group].effect, both_q=lasting[one.group].q) if one.group in lasting else one
        for one in found
    ]


def _compared(found: Sequence[Finding]) -> list[Compared]:
    """As compared, for what was; who had nobody comparable elsewhere was not."""
    return [
        Compared(one.group, one.size, one.size, one.difference, one.effect, one.p, one.q)
        for one in found
        if one.verdict in {Verdict.NOTHING, Verdict.FLAG}
    ]
