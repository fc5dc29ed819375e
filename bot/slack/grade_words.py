"""What a grade means, in the same words wherever one is chosen or read: a few words, and the results it stands for."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.domain.bands import Band
from bot.domain.refusal import N_
from bot.slack.text import Text, escape, row
from bot.slack.words import Words

MEANINGS: Mapping[str, str] = {
    "S": N_("clearly more than agreed"),
    "A": N_("all that was agreed"),
    "B": N_("most of what was agreed"),
    "C": N_("less than agreed"),
    "D": N_("far less than agreed"),
}


def with_meaning(t: Words, grade: str, bands: Sequence[Band]) -> Text:
    """A grade to choose: “B: 80 to under 100 · most of what was agreed”."""
    meaning = t(MEANINGS[grade]) if grade in MEANINGS else None
    return row(with_bounds(t, grade, bands), meaning, between=" · ")


def with_bounds(t: Words, grade: str, bands: Sequence[Band]) -> Text:
    """A grade with the results it stands for, in a cycle with these bands."""
    lower = {band.name: band.lower for band in bands}
    upper = {below.name: above.lower for above, below in pairwise(bands)}
    match lower.get(grade), upper.get(grade):
        case None, None:
            return escape(grade)
        case None, under:
            return t("{grade}: under {under}", grade=grade, under=under)
        case least, None:
            return t("{grade}: {least} and more", grade=grade, least=least)
        case least, under:
            return t("{grade}: {least} to under {under}", grade=grade, least=least, under=under)
