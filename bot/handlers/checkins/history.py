"""What somebody said of their goals over time: a small line, and the same numbers in words."""

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.checkin import Trail
from bot.slack.blocks import Block, context
from bot.slack.charts import line
from bot.slack.text import Text, escape, lines, row
from bot.slack.words import Words

FEWEST = 3
"""Check-ins from which on a line says more than two numbers."""


def words(t: Words, trails: Sequence[Trail]) -> list[Block]:
    """The values of each goal, oldest first: New revenue: 60 → 120 → 180 k€."""
    said = [
        row(t("{goal}: {values} {unit}", goal=one.goal.title, values=_values(t, one), unit=one.goal.unit))
        for one in trails
    ]
    return [context(lines(*said))] if said else []


def _values(t: Words, one: Trail) -> Text:
    return row(*(t.number(value) for _, value in one.points), between=" → ")


def chart(t: Words, trails: Sequence[Trail]) -> list[Block]:
    """A line for each goal over the check-ins that say something of all of them, in percent of its target."""
    drawn = [one for one in trails if one.goal.target]
    days = sorted(set.intersection(*(set(dict(one.points)) for one in drawn))) if drawn else []
    if len(days) < FEWEST:
        return []
    series = {
        escape(one.goal.title): [_percent(dict(one.points)[day], one.goal.target) for day in days] for one in drawn
    }
    return [line(t("So far"), [t.weekday(day) for day in days], series, unit=t("% of the target"))]


def _percent(value: Decimal, target: Decimal | None) -> Decimal:
    return round(value / (target or Decimal(1)) * 100, 1)
