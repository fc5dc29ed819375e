"""What a result's page says of appeals: until when one can appeal, and what one has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.appeal import APPEALED, State, last_day
from bot.slack.blocks import Block, Does, context, divider, section
from bot.slack.flow import Turn
from bot.slack.text import Text, bold, lines, quote
from bot.slack.words import Words
from bot.store import appeals, result_versions
from bot.store.results import Result


@dataclass(frozen=True)
class Before:
    """A result that stood until an appeal changed it, and why it did."""

    score: Decimal | None
    band: str | None
    replaced_on: date
    reason: str


@dataclass(frozen=True)
class Appealed:
    """The way to appeal, for the person alone, while there is time or one stands; and what stood before."""

    does: Does | None = None
    until: date | None = None
    before: Sequence[Before] = ()


def appealed_of(turn: Turn, result: Result, *, own: bool) -> Appealed:
    """Look up what a reader of this result sees of appeals."""
    zone, found = ZoneInfo(turn.person.tz), appeals.every_of(turn.session, result.cycle_id, result.person_id)
    reasons = {one.id: iter([each.reason for each in one.decisions if each.changed]) for one in found}
    versions = result_versions.of(turn.session, result.cycle_id, [result.person_id]).get(result.person_id, [])
    before = [
        Before(each.score, each.band, each.replaced_at.astimezone(zone).date(), next(reasons[each.ref]))
        for each in versions
        if each.because == APPEALED
    ]
    if not own:
        return Appealed(before=before)
    filed = any(one.state is not State.WITHDRAWN for one in found)
    until = last_day((result.opened_at or turn.now).astimezone(zone).date(), turn.workdays(turn.person))
    does = turn.flows.steps["appeals.begin"] if filed or turn.today <= until else None
    return Appealed(does, None if filed or does is None else until, before)


def before_and_after(t: Words, appealed: Appealed, score: Decimal | None, band: str | None) -> list[Block]:
    """Each change that an appeal made: what stood, what stands since, and the reason as it was written."""
    after = [*((one.score, one.band) for one in appealed.before[1:]), (score, band)]
    shown = [section(_changed(t, one, *now)) for one, now in zip(appealed.before, after, strict=False)]
    return [divider(), *shown] if shown else []


def _changed(t: Words, one: Before, score: Decimal | None, band: str | None) -> Text:
    return lines(
        bold(t("After an appeal, {day}", day=one.replaced_on)),
        t("Before: {result}", result=_result(t, one.score, one.band)),
        t("Since then: {result}", result=_result(t, score, band)),
        quote(one.reason),
    )


def _result(t: Words, score: Decimal | None, band: str | None) -> Text:
    if score is None or band is None:
        return t("no rating")
    return t("{score}, grade {band}", score=t.number(score, 2), band=band)


def days_left(t: Words, appealed: Appealed) -> list[Block]:
    """Until when."""
    return [context(t("You can appeal until {day}.", day=t.weekday(appealed.until)))] if appealed.until else []
