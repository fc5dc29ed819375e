"""Pay bases from a file: whose target bonus is how much, and the salary with the middle of its range."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.domain.pool import check_amount
from bot.domain.preview import RefusedLine
from bot.domain.refusal import Refused
from bot.domain.written import number_of


@dataclass(frozen=True)
class PayRow:
    """A line of the file, as it is written."""

    line: int
    email: str
    target_bonus: str = field(default="", repr=False)
    salary: str = field(default="", repr=False)
    midpoint: str = field(default="", repr=False)


@dataclass(frozen=True)
class Base:
    """What somebody's share and raise are reckoned from; who has no salary here gets no raise here."""

    person_id: str
    target: Decimal = field(repr=False)
    salary: Decimal | None = field(default=None, repr=False)
    midpoint: Decimal | None = field(default=None, repr=False)


def read_bases(rows: Sequence[PayRow], ids: Mapping[str, str]) -> tuple[list[Base], list[RefusedLine]]:
    """Make bases of lines, `ids` being those of the people by e-mail; what is wrong is refused without its amounts."""
    found: dict[str, Base] = {}
    refused: list[RefusedLine] = []
    for row in rows:
        try:
            base = _base(row, ids, found)
        except Refused as wrong:
            refused.append(RefusedLine(row.line, wrong.sentence))
        else:
            found[base.person_id] = base
    return list(found.values()), refused


def _base(row: PayRow, ids: Mapping[str, str], found: Mapping[str, Base]) -> Base:
    person_id = ids.get(row.email.lower())
    if person_id is None:
        raise Refused("{email} takes no part in this cycle.", email=row.email)
    if person_id in found:
        raise Refused("{email} stands in the file twice.", email=row.email)
    target = _amount(row.target_bonus, "target_bonus")
    if target is None:
        raise Refused("the target bonus is missing; write 0 for none.")
    midpoint = _amount(row.midpoint, "midpoint")
    if midpoint == 0:
        raise Refused("the middle of a pay range is above zero.")
    return Base(person_id, target, _amount(row.salary, "salary"), midpoint)


def _amount(cell: str, column: str) -> Decimal | None:
    if not cell:
        return None
    read = number_of(cell)
    if read is None or read[1]:
        raise Refused("the column {column} holds no number.", column=column)
    try:
        return check_amount(read[0])
    except Refused:
        raise Refused(
            "the column {column} holds an amount below zero, too large, or with more than two decimals.",
            column=column,
        ) from None
