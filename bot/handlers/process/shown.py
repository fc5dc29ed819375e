"""What HR and the owner of the process see: a cycle's figures in words, beside those of the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.domain.cycle import Cycle
from bot.domain.health import FEWEST, NAMES, PARTS, Direction, Health, Kind, Told
from bot.domain.interview import CAUSES, Cause, Side
from bot.domain.process_change import STATE_NAMES, Change, State, difference
from bot.domain.pulse import LEVELS, QUESTIONS, TOGETHER, Counted, Level, Question
from bot.domain.refusal import N_
from bot.slack.blocks import Block, Message, View, button, buttons, context, divider, page, section
from bot.slack.flow import Step
from bot.slack.text import Text, bold, bullets, escape, lines, quote, row
from bot.slack.words import Words

MOST_CAUSES, MOST_SENTENCES, MOST_EARLIER, MOST_CHANGES = 4, 12, 3, 40
SIDES: Mapping[Side, str] = {
    Side.PERSON: N_("Causes of missed goals, as {n} employees name them"),
    Side.MANAGER: N_("Causes of missed goals, as {n} managers' preparations name them"),
}


@dataclass(frozen=True)
class Pulse:
    """What the pulse of a cycle gave: counts by department, sentences, how many answered, and whether it is over."""

    counts: Sequence[Counted] = ()
    before: Sequence[Counted] = ()
    said: Sequence[str] = field(default=(), repr=False)
    answered: int = 0
    over: bool = False


@dataclass(frozen=True)
class Shown:
    """A report with all that its page needs."""

    cycle: Cycle
    health: Health
    made_at: datetime
    before: tuple[Cycle, Health] | None
    pulse: Pulse
    changes: Sequence[Change]
    names: Mapping[str, str]
    earlier: Sequence[Cycle] = ()


@dataclass(frozen=True)
class Doing:
    """Where its buttons lead; None where the reader may not go."""

    look: Step
    open: Step
    propose: Step | None


# The page -----------------------------------------------------------------------------------


def page_of(t: Words, shown: Shown, does: Doing) -> View:
    """The figures, the pulse, and what was proposed."""
    return page(
        t("How the process went"),
        [
            _head(t, shown),
            *(_figures(t, shown) if shown.health.shown else [section(_too_few(t))]),
            *_causes(t, shown),
            *pulse_blocks(t, shown.pulse),
            divider(),
            *proposed(t, shown.changes, shown.names, does.open),
            *_ways(t, shown, does),
        ],
        close=t("Close"),
    )


def _head(t: Words, shown: Shown) -> Block:
    beside = t("There is no cycle of this kind before it to compare with.")
    if shown.before:
        beside = t("Beside {cycle}, the cycle of this kind before it.", cycle=shown.before[0].name)
    people = t.plural("One person, as of {at}", "{n} people, as of {at}", shown.health.people, at=shown.made_at)
    return section(lines(bold(escape(shown.cycle.name)), people, beside))


def _too_few(t: Words) -> Text:
    return t("Fewer than {n} people took part, so no figure is shown.", n=FEWEST)


def _figures(t: Words, shown: Shown) -> list[Block]:
    told = {one.figure: one for one in shown.health.told(shown.before[1] if shown.before else None)}
    parts = [
        section(lines(bold(t(name)), bullets(figure(t, told[each]) for each in some if each in told)))
        for name, some in PARTS.items()
        if any(each in told for each in some)
    ]
    hidden = shown.health.hidden()
    small = t.plural(
        "One figure is not shown: fewer than {least} people stand behind it.",
        "{n} figures are not shown: fewer than {least} people stand behind them.",
        hidden,
        least=FEWEST,
    )
    return [*parts, *([context(small)] if hidden else [])]


def figure(t: Words, one: Told) -> Text:
    """One figure in words, with how it stood last time."""
    facts = {"figure": t(NAMES[one.figure]), "now": _value(t, one.kind, one.now)}
    if one.before is None:
        return t("{figure}: {now}", **facts)
    before = _value(t, one.kind, one.before)
    match one.direction:
        case Direction.UP:
            return t("{figure}: {now}, up from {before}", **facts, before=before)
        case Direction.DOWN:
            return t("{figure}: {now}, down from {before}", **facts, before=before)
        case _:
            return t("{figure}: {now}, as last time", **facts)


def _value(t: Words, kind: Kind, value: Decimal) -> Text:
    return t.percent(value / 100) if kind is Kind.SHARE else t.number(value)


def _causes(t: Words, shown: Shown) -> list[Block]:
    """What goals were missed for, as both sides see it; nobody's name, and none of fewer than five."""
    if not shown.health.shown:
        return []
    before = shown.before[1].misses if shown.before else {}
    found = []
    for side, head in SIDES.items():
        misses = shown.health.misses.get(side)
        shares = misses.shares() if misses else []
        was = dict(before[side].shares()) if side in before else {}
        if misses and shares:
            told = bullets(_cause(t, cause, share, was.get(cause)) for cause, share in shares[:MOST_CAUSES])
            found.append(section(lines(bold(t(head, n=misses.people)), told)))
    return found


def _cause(t: Words, cause: Cause, share: Decimal, was: Decimal | None) -> Text:
    now = t("{cause}: {share}", cause=t(CAUSES[cause]), share=t.percent(share / 100))
    return row(now, t("last time {share}", share=t.percent(was / 100)) if was is not None else None)


# The pulse ----------------------------------------------------------------------------------


def pulse_blocks(t: Words, pulse: Pulse) -> list[Block]:
    """The pulse, once it was opened."""
    if not pulse.over:
        return []
    head = bold(t("What people said in the pulse"))
    if not pulse.counts:
        few = t("Fewer than {n} people answered, so nothing was opened.", n=FEWEST)
        return [section(lines(head, few))]
    answered = t.plural("One person answered.", "{n} people answered.", pulse.answered)
    by_question = [section(lines(bold(t(QUESTIONS[each])), _all(t, pulse, each), _apart(t, pulse, each)))
                   for each in Question]  # fmt: skip
    words = [section(quote(one)) for one in pulse.said[:MOST_SENTENCES]]
    return [section(lines(head, answered)), *by_question, *words]


def _all(t: Words, pulse: Pulse, question: Question) -> Text:
    now, was = _yes(pulse.counts, question), _yes(pulse.before, question)
    said = t("“That is so” from {share}", share=t.percent(now / 100)) if now is not None else t("No answers")
    return row(said, t("last time {share}", share=t.percent(was / 100)) if was is not None else None)


def _yes(counts: Sequence[Counted], question: Question) -> Decimal | None:
    mine = [one for one in counts if one.question is question]
    total = sum(one.n for one in mine)
    if not total:
        return None
    return (Decimal(100 * sum(one.by_level.get(Level.YES, 0) for one in mine)) / total).quantize(Decimal(1))


def _apart(t: Words, pulse: Pulse, question: Question) -> Text | None:
    """By department, where there is more than one."""
    mine = [one for one in pulse.counts if one.question is question]
    if len(mine) < 2:
        return None
    return bullets(_department(t, one) for one in mine)


def _department(t: Words, one: Counted) -> Text:
    name = t("Smaller departments together") if one.department == TOGETHER else escape(one.department)
    counts = [
        t("{level}: {n}", level=t(LEVELS[level]), n=one.by_level[level]) for level in Level if one.by_level.get(level)
    ]
    return row(name, *counts)


# Changes ------------------------------------------------------------------------------------


def proposed(t: Words, changes: Sequence[Change], names: Mapping[str, str], opens: Step) -> list[Block]:
    """The proposals of these days, each with the way to it."""
    if not changes:
        return [section(lines(bold(t("Changes for the next cycle")), t("Nothing is proposed yet.")))]
    rows = [
        section(
            lines(t.say(difference(one, names)), t(STATE_NAMES[one.state])),
            button(t("Open"), does=opens, carry=one.id),
        )
        for one in changes[:MOST_CHANGES]
    ]
    return [section(bold(t("Changes for the next cycle"))), *rows]


def _ways(t: Words, shown: Shown, does: Doing) -> list[Block]:
    earlier = [button(escape(one.name), does=does.look, carry=one.id) for one in shown.earlier[:MOST_EARLIER]]
    press = button(t("Propose a change"), does=does.propose, carry=shown.cycle.id) if does.propose else None
    return [buttons(press, *earlier)] if press or earlier else []


def nothing_yet(t: Words) -> View:
    """No cycle has been looked at."""
    text = t("Nothing to look back on yet: a cycle is looked at when its stage “Reviewing the process” opens.")
    return page(t("How the process went"), [section(text)], close=t("Close"))


def made(t: Words, cycle: Cycle, look: Step) -> Message:
    """The report is there; its figures stand on its page alone."""
    text = t("You can look back on {cycle}: how the process went.", cycle=cycle.name)
    more = t("Beside the last cycle of this kind, where there is one. What should be different next time?")
    return Message(text, [section(lines(bold(text), more)), buttons(button(t("Look"), does=look, carry=cycle.id))])


def news_of(t: Words, one: Change, names: Mapping[str, str], by: str, opens: Step) -> Message:
    """What became of a proposal, for who made it."""
    text = t("{name} has decided about a change that you proposed.", name=by)
    state = bold(t("Accepted") if one.state is State.ACCEPTED else t(STATE_NAMES[State.DECLINED]))
    told = section(lines(text, t.say(difference(one, names)), state, quote(one.reason)))
    return Message(text, [told, buttons(button(t("Open"), does=opens, carry=one.id))])
