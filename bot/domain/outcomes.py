"""What follows from a grade: the published terms make proposals, and a person decides each one and says why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.bands import BANDS
from bot.domain.effort import OPEN_ANSWER, REASON, units
from bot.domain.refusal import N_, Refused, Sentence, sentence

LONGEST = 500
"""Characters of a reason, and of a commendation."""
MOST_COEFFICIENT = Decimal(3)
GRADES = tuple(band.name for band in BANDS)
"""From the best down."""


class Kind(StrEnum):
    """What may follow from a grade."""

    COEFFICIENT = "coefficient"
    PROMOTION = "promotion"
    COMMENDATION = "commendation"
    TRAINING = "training"
    PLAN = "plan"


KINDS: Mapping[Kind, str] = {
    Kind.COEFFICIENT: N_("Bonus coefficient"),
    Kind.PROMOTION: N_("Candidate for promotion"),
    Kind.COMMENDATION: N_("Commendation"),
    Kind.TRAINING: N_("Training"),
    Kind.PLAN: N_("Plan of improvement"),
}
FOR_GRADES = tuple(kind for kind in Kind if kind is not Kind.COEFFICIENT)


# Terms ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """What the rules propose: a coefficient for each grade, and for which grades each of the other kinds."""

    coefficients: Mapping[str, Decimal]
    grades: Mapping[Kind, tuple[str, ...]]


USUAL = Terms(
    dict(zip(GRADES, map(Decimal, ("1.5", "1.2", "1.0", "0.6", "0")), strict=True)),
    {
        Kind.PROMOTION: GRADES[:2],
        Kind.COMMENDATION: GRADES[:1],
        Kind.TRAINING: GRADES[-2:],
        Kind.PLAN: GRADES[-1:],
    },
)
"""Where nothing was chosen yet."""


def checked_terms(coefficients: Mapping[str, Decimal | None], grades: Mapping[Kind, Collection[str]]) -> Terms:
    """Take terms as they were filled in: a better grade never has the smaller coefficient."""
    taken: dict[str, Decimal] = {}
    for grade in GRADES:
        value = coefficients.get(grade)
        if value is None:
            raise Refused("Please give every grade a coefficient", field=f"coefficient-{grade}")
        check_coefficient(value, f"coefficient-{grade}")
        if any(value > better for better in taken.values()):
            raise Refused("A better grade cannot have the smaller coefficient", field=f"coefficient-{grade}")
        taken[grade] = value
    return Terms(taken, {Kind(kind): _in_order(grades.get(kind, ())) for kind in FOR_GRADES})


def _in_order(grades: Collection[str]) -> tuple[str, ...]:
    return tuple(one for one in GRADES if one in grades)


def check_coefficient(value: Decimal, field: str) -> None:
    """Refuse a coefficient below zero, very large, or with more than two decimals."""
    if not 0 <= value <= MOST_COEFFICIENT or value != round(value, 2):
        raise Refused("From 0 to {most}, with two decimals at most", field=field, most=MOST_COEFFICIENT)


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """As plain JSON, digit by digit."""
    return {
        "coefficients": {grade: str(value) for grade, value in terms.coefficients.items()},
        "grades": {kind.value: list(grades) for kind, grades in terms.grades.items()},
    }


def terms_from_json(kept: Mapping[str, Any]) -> Terms:
    """Read terms back; `terms_from_json(terms_to_json(terms)) == terms`."""
    return Terms(
        {grade: Decimal(value) for grade, value in kept["coefficients"].items()},
        {Kind(kind): tuple(grades) for kind, grades in kept["grades"].items()},
    )


# Proposals -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """What the rules propose for somebody with this grade; `value` is a coefficient and otherwise None."""

    kind: Kind
    grade: str
    value: Decimal | None = None


def proposals(grade: str, terms: Terms) -> tuple[Proposal, ...]:
    """Everything that follows from a grade; of a grade that the rules do not know, nothing."""
    coefficient = terms.coefficients.get(grade)
    first = () if coefficient is None else (Proposal(Kind.COEFFICIENT, grade, coefficient),)
    others = (Proposal(kind, grade) for kind in FOR_GRADES if grade in terms.grades.get(kind, ()))
    return (*first, *others)


def rule_of(one: Proposal, version: int) -> Sentence:
    """Say by which published rule something is proposed."""
    if one.kind is Kind.COEFFICIENT:
        return sentence(
            "By the rules, version {version}: coefficient {value} with grade {grade}",
            version=version,
            value=one.value,
            grade=one.grade,
        )
    return sentence("By the rules, version {version}: proposed with grade {grade}", version=version, grade=one.grade)


# Decisions -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """What a person decided about a proposal made for `grade`; `value` is the coefficient that counts."""

    cycle_id: str
    person_id: str
    kind: Kind
    grade: str
    granted: bool
    value: Decimal | None
    reason: str = field(repr=False)
    decided_by: str
    at: datetime


def checked_decision(one: Decision, proposal: Proposal) -> Decision:
    """Refuse a decision without a reason, about oneself, or with a coefficient that cannot be.

    A few words do where it is as the rules propose; what differs needs a sentence.
    """
    if one.decided_by == one.person_id:
        raise Refused("Nobody decides what follows from their own result. Somebody else of HR has to.")
    if proposal.kind is Kind.COEFFICIENT:
        if one.value is None:
            raise Refused("Please give a coefficient", field="value")
        check_coefficient(one.value, "value")
    wanted = OPEN_ANSWER if one.granted and one.value == proposal.value else REASON
    if units(one.reason) < wanted:
        raise Refused("Please say why, in about {n} words", field="reason", n=int(wanted))
    return one


def still_open(proposed: Collection[Proposal], decided: Mapping[Kind, Decision]) -> list[Proposal]:
    """The proposals nobody has decided, or only for another grade than the person has now."""
    return [one for one in proposed if one.kind not in decided or decided[one.kind].grade != one.grade]
