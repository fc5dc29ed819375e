"""What the company chooses of the rules of scoring: where a grade begins, and how much anything counts at most.

Everything else about scoring is the same everywhere. A value is a word, several numbers in one are written by name.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.domain.bands import Band, boundaries
from bot.domain.refusal import N_, Refused
from bot.domain.rounding import HUNDRED
from bot.domain.score_rules import RULES, ScoreRules, check_rules

BANDS, ITEM_CAP, BONUS_CAP, TOTAL_CAP = "bands", "item_cap", "bonus_cap", "total_cap"
SCORE_FIELDS: Mapping[str, str] = {
    BANDS: N_("Points from which a grade begins"),
    ITEM_CAP: N_("Percent at which one goal is capped"),
    BONUS_CAP: N_("Points that additions bring together, at most"),
    TOTAL_CAP: N_("Points that goals with additions and deductions bring, at most"),
}
LIMITS: Mapping[str, tuple[int, int]] = {
    BANDS: (1, 200),
    ITEM_CAP: (100, 200),
    BONUS_CAP: (0, 50),
    TOTAL_CAP: (100, 200),
}
"""The least and the most that each may be."""


def written(numbers: Mapping[str, int]) -> str:
    """Several numbers as one word: `S:110 A:100`."""
    return " ".join(f"{name}:{number}" for name, number in numbers.items())


def numbers_of(word: str) -> dict[str, int]:
    """The same, read back."""
    return {name: int(number) for name, _, number in (each.rpartition(":") for each in word.split())}


def of_rules(rules: ScoreRules, name: str) -> str:
    """A choice as it stands in these rules."""
    match name:
        case "bands":
            return written({band.name: int(band.lower) for band in rules.bands if band.lower is not None})
        case "item_cap":
            return str(int(rules.item_cap * HUNDRED))
        case _:
            return str(int(getattr(rules, name)))


def with_score(rules: ScoreRules, name: str, value: str) -> ScoreRules:
    """The rules with another choice; `check_score` says whether they go together."""
    match name:
        case "bands":
            begins = numbers_of(value)
            return replace(rules, bands=tuple(Band(one.name, _at(begins, one)) for one in rules.bands))
        case "item_cap":
            return replace(rules, item_cap=Decimal(value) / HUNDRED)
        case "bonus_cap":
            return replace(rules, bonus_cap=Decimal(value))
        case _:
            return replace(rules, total_cap=Decimal(value))


def _at(begins: Mapping[str, int], band: Band) -> Decimal | None:
    return None if band.lower is None else Decimal(begins[band.name])


def check_score(rules: ScoreRules) -> None:
    """Refuse rules that contradict themselves, and a best grade that nobody's goals can reach."""
    check_rules(rules)
    best = boundaries(rules.bands)[0]
    if best > rules.total_cap:
        raise Refused(
            "{grade} would begin at {lower} points, and goals bring {cap} at most. Please change one of the two first.",
            grade=rules.bands[0].name,
            lower=best,
            cap=rules.total_cap,
        )


def choices_of(rules: ScoreRules) -> dict[str, str]:
    """All that is chosen, as plain JSON."""
    return {name: of_rules(rules, name) for name in SCORE_FIELDS}


def from_choices(chosen: Mapping[str, str]) -> ScoreRules:
    """The rules with what was chosen; the rest is as everywhere."""
    rules = RULES
    for name, value in chosen.items():
        rules = with_score(rules, name, value)
    return rules
