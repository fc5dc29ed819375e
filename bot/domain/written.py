"""Numbers as people write them, in files and in forms: read in one way only, or not at all."""

import re
from decimal import Decimal
from unicodedata import normalize

from bot.domain.refusal import Refused

_NUMBER = re.compile(
    r"([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,15}|(?=\.\d))(\.\d{1,15})? ?([万亿]?) ?(%?)", re.ASCII
)
_SCALES = {"": 1, "万": 10_000, "亿": 100_000_000}
_SHORT = {"k": 1_000, "m": 1_000_000}
_LARGEST = Decimal(10) ** 15
_QUOTED = 40


def plain(text: str) -> str:
    """What was typed, in one kind of digits and signs: full-width ones and a true minus become the usual ones."""
    return normalize("NFKC", text).strip().replace("−", "-")


def number_of(text: str) -> tuple[Decimal, bool] | None:
    """Read a number and whether it is marked as percent; None if it is none.

    Thousands may be set apart by commas or spaces, the decimal sign is a point; 万 and 亿 are understood. What could
    be read in two ways (12,5) is no number.
    """
    if not (found := _NUMBER.fullmatch(plain(text))):
        return None
    sign, whole, fraction, scale, percent = found.groups()
    number = Decimal(sign + whole.replace(",", "").replace(" ", "") + (fraction or "")) * _SCALES[scale]
    return (number, bool(percent)) if abs(number) < _LARGEST else None


def typed_number(text: str, unit: str) -> tuple[Decimal, bool] | None:
    """Read a number somebody typed: its unit may stand beside it, and 50k and 3.2m are understood.

    Not where the unit begins with that letter: 5 m of a unit “min” are minutes. Nor in files, where nobody is asked.
    """
    unit = normalize("NFKC", unit).strip()
    bare = _without(normalize("NFKC", text).strip(), unit)
    letter = bare[-1:].lower()
    if letter not in _SHORT or unit.lower().startswith(letter):
        return number_of(bare)
    read = number_of(bare[:-1])
    return number_of(f"{read[0] * _SHORT[letter]:f}") if read and not read[1] else None


def amount_of(text: str, unit: str, field: str) -> Decimal | None:
    """Read what was typed into a field: an amount in this unit, which may stand beside it; None when it is empty."""
    typed = normalize("NFKC", text).strip()
    if not typed:
        return None
    if (read := typed_number(typed, unit)) is None:
        raise Refused("“{text}” is no number. Write 1250.5 or 1,250.5.", field=field, text=typed[:_QUOTED])
    number, percent = read
    if percent and "%" not in normalize("NFKC", unit):
        raise Refused("This is not counted in percent. Please write the number itself.", field=field)
    return number


def _without(typed: str, unit: str) -> str:
    """A number without the unit that somebody wrote before or after it."""
    if unit and typed.lower().endswith(unit.lower()):
        return typed[: -len(unit)].strip()
    if unit and typed.lower().startswith(unit.lower()):
        return typed[len(unit) :].strip()
    return typed
