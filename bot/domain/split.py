"""Splitting a target exactly: by months with seasonal shares, in equal parts, and amounts as people write them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from unicodedata import normalize

from bot.domain.refusal import Refused
from bot.domain.rounding import ARITHMETIC, HUNDRED, largest_remainder, total
from bot.domain.written import plain, typed_number

MOST_MONTHS = 24


def step_of(target: Decimal) -> Decimal:
    """The smallest piece a target is handed out in: one, or its own last decimal."""
    exponent = target.normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))


def spread(target: Decimal, shares: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Split a target in proportion to shares, without a fraction being lost."""
    return largest_remainder(shares, target, step_of(target))


def evenly(target: Decimal, count: int) -> tuple[Decimal, ...]:
    """Split a target in equal parts; the first ones take what does not divide."""
    return spread(target, [Decimal(1)] * count)


def respread(target: Decimal, months: Sequence[Decimal], before: Decimal) -> tuple[Decimal, ...]:
    """Spread a target as another one is: seasons keep their proportions; even months are even anew, not scaled.

    Scaling the even months of a small target would keep its rounding, which is nobody's wish.
    """
    if not months or tuple(months) == evenly(before, len(months)):
        return evenly(target, len(months)) if months else ()
    return spread(target, months)


def months_of(starts_on: date, ends_on: date) -> Iterator[date]:
    """The first days of the months from one day to another."""
    at = starts_on.replace(day=1)
    while at <= ends_on:
        yield at
        at = at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)


def read_shares(text: str, count: int) -> tuple[Decimal, ...]:
    """Read one number a month, between blanks, commas or on lines; the numbers are shares, so their sum is free.

    A comma before exactly three digits sets thousands apart, as everywhere.
    """
    apart = re.split(r"[\s;、]+|,(?!\d{3}(?!\d))", normalize("NFKC", text))
    found = [read_number(one, "shares") for one in apart if one]
    if len(found) != count:
        raise Refused(
            "Please write {count} numbers, one for each month; there are {found}.",
            field="shares",
            count=count,
            found=len(found),
        )
    if any(one < 0 for one in found) or total(found) <= 0:
        raise Refused("No month below zero, please, and at least one above.", field="shares")
    return tuple(found)


def read_amount(text: str, whole: Decimal, unit: str = "") -> Decimal:
    """Read an amount, or a share of the whole such as “60 %”; the whole's own decimals are kept."""
    written = plain(text)
    share = positive(read_number(written, "amount", unit), "amount")
    if not written.endswith("%"):
        return share
    amount = ARITHMETIC.divide(ARITHMETIC.multiply(whole, share), HUNDRED)
    return positive(amount.quantize(step_of(whole), context=ARITHMETIC), "amount")


def read_target(text: str, before: Decimal | None, unit: str, field: str) -> Decimal:
    """Read a target: a number (a rate may have its “%”), or the growth on what was before, such as “+20 %”."""
    written = plain(text)
    value = read_number(written, field, unit)
    if not (written.endswith("%") and (written.startswith(("+", "-")) or "%" not in plain(unit))):
        return positive(value, field)
    if written[0] not in "+-":
        raise Refused(
            "Did you mean +{text}, the growth on last year? If not, please write the number in {unit}.",
            field=field,
            text=written[:40],
            unit=unit,
        )
    if before is None:
        raise Refused("A growth needs last year's value, and there is none here.", field=field)
    grown = ARITHMETIC.divide(ARITHMETIC.multiply(before, HUNDRED + value), HUNDRED)
    return positive(grown.quantize(step_of(before), context=ARITHMETIC), field)


def positive(amount: Decimal, field: str) -> Decimal:
    """An amount that can be a target."""
    if amount <= 0:
        raise Refused("Please write a number above zero.", field=field)
    return amount


def read_number(written: str, field: str, unit: str = "") -> Decimal:
    """Read a number that can be shared out; a “%” or its unit may stand behind it."""
    if (read := typed_number(written, unit)) is None:
        raise Refused("“{text}” is no number. Write 1250.5 or 1,250.5.", field=field, text=written[:40])
    value, _ = read
    if step_of(value) < Decimal("1E-6"):
        raise Refused("“{text}” is not a number that can be shared out.", field=field, text=written[:40])
    return value
