"""Reading a document from outside piece by piece, so that all its mistakes are told at once, each with its place."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
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


def place(path: Path) -> str:
    """Write a path as people read it: `kpis[2].title.zh`, counting from 1."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


@dataclass(frozen=True)
class Spot:
    """A value in the document, where it stands, and the list that gathers the mistakes of the whole document."""

    value: Any
    path: Path = ()
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def where(self) -> str:
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
            self.wrong(sentence("{path}: keys with values are expected here.", path=self.where))
            return {key: self.at(key, _MISSING) for key in (*required, *optional)}
        given = {str(key): value for key, value in self.value.items()}
        for key in given.keys() - {*required, *optional}:
            known = ", ".join((*required, *optional))
            self.at(key, None).wrong(
                sentence("{path} is not known. Known here: {known}.", path=_in(self, key), known=known)
            )
        for key in required:
            if key not in given:
                self.wrong(sentence("{path} is missing.", path=_in(self, key)))
        return {key: self.at(key, given.get(key, _MISSING)) for key in (*required, *optional)}

    def items(self, at_least: int = 0) -> "list[Spot]":
        """Split a list into its items."""
        if not isinstance(self.value, list):
            self.wrong(sentence("{path}: a list is expected here.", path=self.where))
            return []
        if len(self.value) < at_least:
            self.wrong(sentence("{path}: at least {count} are needed.", path=self.where, count=at_least))
        return [self.at(index, value) for index, value in enumerate(self.value)]

    def text(self) -> str:
        """Read a text that is not empty and not endless."""
        if isinstance(self.value, str) and 0 < len(self.value.strip()) <= _LONGEST:
            return self.value.strip()
        self.wrong(
            sentence("{path}: a text of 1 to {most} characters is expected here.", path=self.where, most=_LONGEST)
        )
        return ""

    def slug(self) -> str:
        """Read a short name for machines."""
        if isinstance(self.value, str) and _SLUG.fullmatch(self.value):
            return self.value
        self.wrong(
            sentence("{path}: use small letters, digits and underscores, as in “new_customers”.", path=self.where)
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
        self.wrong(sentence("{path}: a number is expected here.", path=self.where))
        return None

    def whole(self, low: int, high: int) -> int:
        """Read a whole number between two bounds, both allowed."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and low <= self.value <= high:
            return self.value
        self.wrong(
            sentence("{path}: a whole number from {low} to {high} is expected.", path=self.where, low=low, high=high)
        )
        return low

    def truth(self, *, default: bool = False) -> bool:
        """Read true or false."""
        if isinstance(self.value, bool):
            return self.value
        self.wrong(sentence("{path}: true or false is expected here.", path=self.where))
        return default

    def choice(self, kind: type[Choice], default: Choice) -> Choice:
        """Read one of a few words."""
        if self.value in list(kind):
            return kind(self.value)
        known = ", ".join(kind)
        self.wrong(sentence("{path} must be one of: {known}.", path=self.where, known=known))
        return default


def _in(spot: Spot, key: str) -> str:
    return place((*spot.path, key))
