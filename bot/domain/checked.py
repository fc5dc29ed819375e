"""Reading a document from outside piece by piece, so that all its mistakes are told at once, each with its place."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from bot.domain.refusal import N_, Refused, Sentence, sentence

Path = tuple[str | int, ...]
Choice = TypeVar("Choice", bound=StrEnum)

_MISSING: Any = object()
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST = 500


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong in a document; `path` counts list items from 0, the sentence names them from 1."""

    path: Path
    sentence: Sentence
    line: int | None = None


class Mistaken(Refused):
    """A document that is refused as a whole, with everything that is wrong in it."""

    def __init__(self, mistakes: Collection[Mistake]) -> None:
        super().__init__(N_("This file has mistakes ({count}); nothing was taken from it."), count=len(mistakes))
        self.mistakes = tuple(mistakes)


LACKING = {
    "en": N_("The English text of {place} is missing. Please add “en: …” there."),
    "zh": N_("The Chinese text of {place} is missing. Please add “zh: …” there."),
}


def place(path: Path) -> Sentence:
    """Where something stands, from the inside out: “title” in entry 2 of “kpis”, counting from 1."""
    if not path:
        return sentence("the template")
    inside, last = path[:-1], path[-1]
    if isinstance(last, int):
        return sentence("entry {number} of {list}", number=last + 1, list=place(inside))
    if not inside:
        return sentence("“{key}”", key=last)
    return sentence("“{key}” in {place}", key=last, place=place(inside))


@dataclass(frozen=True)
class Spot:
    """A value in the document, where it stands, and the list that gathers the mistakes of the whole document."""

    value: Any
    path: Path = ()
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def where(self) -> Sentence:
        """The place, for a sentence."""
        return place(self.path)

    @property
    def given(self) -> bool:
        """Whether there is a value at all."""
        return self.value is not _MISSING

    def wrong(self, text: Sentence) -> None:
        """Note a mistake here; what is missing has been noted already."""
        if self.given:
            self.mistakes.append(Mistake(self.path, text))

    def at(self, key: str | int, value: object) -> "Spot":
        """Step down to a value inside this one."""
        return Spot(value, (*self.path, key), self.mistakes)

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, "Spot"]:
        """Split a mapping into its fields, noting unknown and missing ones."""
        if not isinstance(self.value, Mapping):
            self.wrong(self._no_mapping())
            return {key: self.at(key, _MISSING) for key in (*required, *optional)}
        given = {str(key): value for key, value in self.value.items()}
        for key in sorted(given.keys() - {*required, *optional}):
            self.at(key, None).wrong(_unknown(place((*self.path, key)), key, (*required, *optional)))
        for key in required:
            if key not in given:
                self.wrong(self._lacking(key))
        return {key: self.at(key, given.get(key, _MISSING)) for key in (*required, *optional)}

    def _no_mapping(self) -> Sentence:
        if self.path:
            return sentence(
                "{place} needs lines of a word, a colon and a value, such as “en: Sales”.", place=self.where
            )
        return sentence(
            "This is not a template. One begins with lines such as “format: 1” and “id: sales”; download one to see it."
        )

    def _lacking(self, key: str) -> Sentence:
        if key in LACKING and self.path:
            return Sentence(LACKING[key], {"place": self.where})
        return sentence("{place} is missing. Please add it.", place=place((*self.path, key)))

    def items(self, at_least: int = 0) -> "list[Spot]":
        """Split a list into its items."""
        if not isinstance(self.value, list):
            self.wrong(
                sentence(
                    "{place} has to be a list: each entry on a line of its own that begins with “- ”.", place=self.where
                )
            )
            return []
        if len(self.value) < at_least:
            self.wrong(sentence("{place} has too few entries; at least: {count}.", place=self.where, count=at_least))
        return [self.at(index, value) for index, value in enumerate(self.value)]

    def text(self) -> str:
        """Read a text that is not empty and not endless."""
        if isinstance(self.value, str) and 0 < len(self.value.strip()) <= _LONGEST:
            return self.value.strip()
        self.wrong(
            sentence(
                "{place} has to be a text of 1 to {most} characters. "
                "Put what looks like a number, a date, yes or no between quotation marks.",
                place=self.where,
                most=_LONGEST,
            )
        )
        return ""

    def slug(self) -> str:
        """Read a short name for machines."""
        if isinstance(self.value, str) and _SLUG.fullmatch(self.value):
            return self.value
        self.wrong(
            sentence(
                "{place} has to be of small letters, digits and underscores, such as “new_customers”.", place=self.where
            )
        )
        return ""

    def number(self) -> Decimal | None:
        """Read a number; floats are taken as they were written."""
        if not self.given:
            return None
        if isinstance(self.value, (int, float, Decimal)) and not isinstance(self.value, bool):
            number = Decimal(str(self.value))
            if number.is_finite():
                return number
        self.wrong(sentence("{place} has to be a number without a unit, such as 12 or 0.5.", place=self.where))
        return None

    def whole(self, low: int, high: int) -> int:
        """Read a whole number between two bounds, both allowed."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and low <= self.value <= high:
            return self.value
        self.wrong(
            sentence("{place} has to be a whole number from {low} to {high}.", place=self.where, low=low, high=high)
        )
        return low

    def truth(self, *, default: bool = False) -> bool:
        """Read true or false."""
        if isinstance(self.value, bool):
            return self.value
        self.wrong(sentence("{place} has to be true or false.", place=self.where))
        return default

    def choice(self, kind: type[Choice], default: Choice) -> Choice:
        """Read one of a few words."""
        if self.value in list(kind):
            return kind(self.value)
        self.wrong(sentence("{place} has to be one of these words: {known}.", place=self.where, known=", ".join(kind)))
        return default


def _unknown(where: Sentence, key: str, known: Collection[str]) -> Sentence:
    if near := get_close_matches(key, known, n=1):
        return sentence("I do not know {place}. Did you mean “{near}”?", place=where, near=near[0])
    return sentence("I do not know {place}. What may stand there: {known}.", place=where, known=", ".join(known))
