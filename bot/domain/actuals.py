"""Importing actual values: which numbers of a file are new, changed or known, and which cannot be taken."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.preview import Change, Preview, RefusedLine
from bot.domain.refusal import Refused
from bot.domain.written import number_of

_NOT_KNOWN = {"", "-", "–", "—", "n/a", "na", "无", "暂无", "缺失"}
_MONTH = re.compile(r"(\d{4})[-/.年](0?[1-9]|1[0-2])(?:月|[-/.]0?1)?|(\d{4})(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(\d{4})[-/ ]?(?:年)?(?:q([1-4])|第?([1-4一二三四])季度)|q([1-4])[-/ ]?(\d{4})")
_HALF = re.compile(r"(\d{4})[-/ ]?(?:年)?(?:h([12])|([上下])半年)")
_YEAR = re.compile(r"(\d{4})年?")
_DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_SPAN = re.compile(rf"{_DAY} ?(?:/|-|–|—|~|to|至|到) ?{_DAY}")
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True)
class ActualRow:
    """A line as it was written."""

    line: int
    email: str
    measure: str
    period: str
    value: str
    source: str = ""


@dataclass(frozen=True)
class Expected:
    """A measure that a person's goal is judged by, and every name a file may call it."""

    measure: str
    names: Collection[str] = ()
    percent: bool = False


@dataclass(frozen=True)
class ActualValue:
    """A value of one person's measure in one period of a cycle; `value` None says that it is not known, never zero.

    Percent values are 20, not 0.2.
    """

    cycle: str
    email: str
    measure: str
    period: str
    value: Decimal | None
    source: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same value when the file is sent again."""
        return self.cycle, self.email, self.measure, self.period


@dataclass(frozen=True)
class Taking:
    """A cycle that values may be about: its people (e-mails in small letters), its periods, and whether it is open."""

    emails: Collection[str]
    periods: Collection[str]
    open: bool = True


def shared_out(rows: Sequence[ActualRow], cycles: Mapping[str, Taking]) -> dict[str, list[ActualRow]]:
    """Say which rows go into which open cycle: where their person takes part and their period lies.

    A period that lies in none of the person's cycles is a mistake in each of them. What lies in a closed one is over.
    Rows about nobody's people go along with the first open cycle that takes others.
    """
    found: dict[str, list[ActualRow]] = {name: [] for name in cycles}
    strangers: list[ActualRow] = []
    for row in rows:
        email, period = row.email.strip().casefold(), period_of(row.period)
        theirs = [name for name, one in cycles.items() if email in one.emails]
        for name in [name for name in theirs if period in cycles[name].periods] or theirs:
            found[name].append(row)
        if not theirs:
            strangers.append(row)
    taking = sorted((name for name, one in cycles.items() if one.open), key=lambda name: not found[name])
    for name in taking[:1]:
        found[name] = sorted((*found[name], *strangers), key=lambda row: row.line)
    return {name: found[name] for name in taking if found[name]}


def plan_actuals(
    rows: Sequence[ActualRow],
    cycle: str,
    periods: Collection[str],
    expected: Mapping[str, Sequence[Expected]],
    existing: Mapping[tuple[str, str, str, str], ActualValue],
    outside: Collection[str] = frozenset(),
) -> Preview[ActualValue]:
    """Say what a file would change.

    `periods` are those of the cycle as `periods_between` writes them, `expected` the measures by e-mail in small
    letters, `existing` what is known by key. An empty value does not wipe out a known one. Lines about the people
    `outside` (e-mails in small letters), from whom the cycle expects nothing, are left aside.
    """
    refused: list[RefusedLine] = []
    about = {row.line: row.email.strip().casefold() for row in rows}
    values: dict[tuple[str, str, str, str], ActualValue] = {}
    first_lines: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        if about[row.line] in outside:
            continue
        try:
            value = _value(row, cycle, periods, expected)
            _check_first(row.line, first_lines.setdefault(value.key, row.line))
            values[value.key] = _kept(value, existing.get(value.key))
        except Refused as reason:
            refused.append(RefusedLine(row.line, reason.sentence))
    return Preview(
        added=tuple(each for key, each in values.items() if key not in existing),
        changed=tuple(
            Change(existing[key], each) for key, each in values.items() if key in existing and existing[key] != each
        ),
        unchanged=tuple(each for key, each in values.items() if existing.get(key) == each),
        refused=tuple(refused),
        aside=tuple(email for email in about.values() if email in outside),
    )


def missing_values(preview: Preview[ActualValue]) -> tuple[ActualValue, ...]:
    """Pick out what the file names without knowing its value."""
    return tuple(each for each in (*preview.to_apply, *preview.unchanged) if each.value is None)


def values_below_zero(preview: Preview[ActualValue]) -> tuple[ActualValue, ...]:
    """Pick out what would be written and is below zero: it may be meant so, and may be a slip."""
    return tuple(each for each in preview.to_apply if each.value is not None and each.value < 0)


def period_of(text: str) -> str | None:
    """Write a period in one way: 2027-01, 2027-Q1, 2027-H1, 2027 or 2027-01-11/2027-02-19; None if it is none.

    Understood are also 2027/1, 2027年1月, Q1 2027, 2027年第一季度, 2027年上半年, and for a month its first
    day, which spreadsheets make of it.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if found := _SPAN.fullmatch(plain):
        return "/".join("{}-{:0>2}-{:0>2}".format(*day) for day in (found.groups()[:3], found.groups()[3:]))
    if found := _QUARTER.fullmatch(plain):
        early, digit, word, other, late = found.groups()
        quarter = digit or other or _CHINESE.get(word, word)
        return f"{early or late}-Q{quarter}"
    if found := _HALF.fullmatch(plain):
        return f"{found[1]}-H{found[2] or (1 if found[3] == '上' else 2)}"
    if found := _YEAR.fullmatch(plain):
        return found[1]
    if found := _MONTH.fullmatch(plain):
        return f"{found[1] or found[3]}-{int(found[2] or found[4]):02d}"
    return None


def periods_between(first: date, last: date) -> frozenset[str]:
    """List the months, quarters, half-years and years that lie wholly within a cycle (both days included).

    A cycle that begins or ends within a month is a period of its own: no sum of months makes it.
    """
    spans = {f"{year}-{month:02d}": (year, month, 1) for year, month in _months(first, last)}
    for year in range(first.year, last.year + 1):
        spans |= {f"{year}-Q{n}": (year, 3 * n - 2, 3) for n in range(1, 5)}
        spans |= {f"{year}-H{n}": (year, 6 * n - 5, 6) for n in range(1, 3)}
        spans[str(year)] = (year, 1, 12)
    found = frozenset(name for name, span in spans.items() if _within(span, first, last))
    return found if found.issuperset(months_between(first, last)) else found | {f"{first}/{last}"}


def months_between(first: date, last: date) -> list[str]:
    """The months that lie in these days, wholly or in part."""
    return [f"{year}-{month:02d}" for year, month in _months(first, last)]


def _months(first: date, last: date) -> list[tuple[int, int]]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [(number // 12, number % 12 + 1) for number in numbers]


def _within(span: tuple[int, int, int], first: date, last: date) -> bool:
    year, month, months = span
    after = year * 12 + month - 1 + months
    ends = date(after // 12, after % 12 + 1, 1)
    return first <= date(year, month, 1) and ends.toordinal() - 1 <= last.toordinal()


def _value(
    row: ActualRow, cycle: str, periods: Collection[str], expected: Mapping[str, Sequence[Expected]]
) -> ActualValue:
    email = row.email.strip().casefold()
    if not email:
        raise Refused("there is no e-mail address.")
    if email not in expected:
        raise Refused("nobody in Slack has the e-mail address {email}.", email=email)
    measure = _measure(row, expected[email])
    period = period_of(row.period)
    if period not in periods or period is None:
        known = ", ".join(sorted(periods))
        if not row.period.strip():
            raise Refused("the cell with the period is empty. Known: {known}.", known=known)
        raise Refused("“{text}” is no period of this cycle. Known: {known}.", text=row.period, known=known)
    return ActualValue(cycle, email, measure.measure, period, _number(row, measure), row.source.strip())


def _measure(row: ActualRow, choices: Sequence[Expected]) -> Expected:
    wanted = row.measure.strip().casefold()
    for each in choices:
        if wanted in {name.casefold() for name in (each.measure, *each.names)}:
            return each
    known = ", ".join(each.measure for each in choices)
    if not wanted:
        raise Refused("the cell with the measure is empty. Known: {known}.", known=known)
    raise Refused(
        "{email} has no goal measured by “{text}”. Known: {known}.",
        email=row.email.strip().casefold(),
        text=row.measure,
        known=known,
    )


def _number(row: ActualRow, measure: Expected) -> Decimal | None:
    if row.value.strip().casefold() in _NOT_KNOWN:
        return None
    if (read := number_of(row.value)) is None:
        raise Refused("“{text}” is no number. Write 1250.5 or 1,250.5.", text=row.value)
    number, percent = read
    if percent and not measure.percent:
        raise Refused(
            "“{measure}” is not counted in percent, but the value is {text}.", measure=row.measure, text=row.value
        )
    return number


def _check_first(line: int, first: int) -> None:
    if first != line:
        raise Refused("the same person, measure and period is already on line {first}.", first=first)


def _kept(value: ActualValue, known: ActualValue | None) -> ActualValue:
    return known if known is not None and value.value is None else value
