"""How a manager's ratings differ from comparable ones elsewhere, in words that judge nobody."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.domain.fairness_report import Verdict
from bot.domain.org import Person
from bot.domain.review import Review
from bot.domain.rounding import half_up
from bot.slack.blocks import Block, section
from bot.slack.text import Text, bold, bullets, lines
from bot.slack.words import Words

if TYPE_CHECKING:
    from bot.domain.rater_lens import Lens

Rated = tuple[Review, str, Iterable[float]]
"""A review, whom its person can be compared with, and when its examples were (0 to 1)."""


def of(manager_id: str, rated: Sequence[Rated]) -> "Lens | None":
    """How one manager rates; None under five people, of whom nothing is said."""
    from bot.domain import rater_lens  # noqa: PLC0415 - numpy is loaded when somebody asks, not when Cairn starts

    given = [
        rater_lens.Ratings(review.author_id, review.person_id, tuple(review.competencies.values()), stratum, tuple(at))
        for review, stratum, at in rated
        if review.competencies
    ]
    if sum(one.rater == manager_id for one in given) < rater_lens.FEWEST:
        return None
    return next(one for one in rater_lens.lens(given) if one.rater == manager_id)


def blocks(t: Words, manager: Person, found: "Lens | None") -> list[Block]:
    """What may be said of how somebody rates; nothing under five people."""
    if found is None:
        return []
    said = [_leniency(t, manager, found), *_signs(t, found)]
    return [section(lines(bold(t("How these ratings compare")), bullets([one for one in said if one])))]


def _leniency(t: Words, manager: Person, found: "Lens") -> Text | None:
    compared = found.leniency
    effect, q = half_up(Decimal(str(abs(compared.effect))), 1), _q(t, compared.q)
    match compared.verdict:
        case Verdict.TOO_FEW:
            return t("{people} people are too few to tell whether these ratings differ.", people=compared.size)
        case Verdict.FLAG if compared.difference < 0:
            return t(
                "Ratings by {name} average {effect} SD lower than comparable roles elsewhere ({people} people,"
                " q {q}). This can come from stricter standards, a harder period, or real differences. Please look"
                " at evidence in calibration. It is not a finding of bias.",
                name=manager,
                effect=effect,
                people=compared.size,
                q=q,
            )
        case Verdict.FLAG:
            return t(
                "Ratings by {name} average {effect} SD higher than comparable roles elsewhere ({people} people,"
                " q {q}). This can come from milder standards, an easier period, or real differences. Please look"
                " at evidence in calibration. It is not a finding of bias.",
                name=manager,
                effect=effect,
                people=compared.size,
                q=q,
            )
        case Verdict.NOTHING:
            return t(
                "No difference large enough to stand out with this many people. Small differences cannot be seen with"
                " groups this size."
            )
        case _:
            return None


def _q(t: Words, q: float) -> Text:
    shown = half_up(Decimal(str(q)), 2)
    return Text(f"= {t.number(shown, 2)}") if shown else Text(f"&lt; {t.number(Decimal('0.01'), 2)}")


def _signs(t: Words, found: "Lens") -> list[Text]:
    """Questions about how the scale is used."""
    told = {
        "middle": t("{n} ratings lie closer together than elsewhere. Where is the work clearly stronger or weaker?",
                    n=found.ratings),
        "few_values": t("{n} ratings use only {used} of 5 levels. Which level was never the right one, and why?",
                        n=found.ratings, used=found.used),
        "halo": t("Each person has nearly the same rating on every topic. Which topic stands out?"),
        "recency": t("{share} of the dated examples are from the last quarter of the cycle. What was before?",
                     share=t.percent(half_up(Decimal(str(found.late or 0)), 2))),
    }  # fmt: skip
    return [told[sign.value] for sign in found.signs if sign.value in told]
