"""How objectives read: what is to be reached, how far it is covered in words, and month by month."""

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.cascade import CUT_NAMES, Cut, Objective, Part, Support, held, name_of, one_sided
from bot.domain.coverage import Coverage, amount, said_of_goals, said_of_parts
from bot.domain.measure import Direction
from bot.domain.rounding import HUNDRED, total
from bot.domain.split import months_of
from bot.handlers.cascade.sight import FEWEST, Sight, owners
from bot.slack.text import Text, bold, escape, lines, row
from bot.slack.words import Words


def sized(t: Words, value: Decimal, unit: str) -> Text:
    """A number with its unit."""
    return t.say(amount(value, unit))


def aim(t: Words, one: Objective) -> Text:
    """What is to be reached, and how much more that is than before."""
    to_reach = sized(t, one.target, one.unit)
    most = t("at most {amount}", amount=to_reach) if one.direction is Direction.LOWER else to_reach
    if not one.baseline or one.unit == "%":
        return most
    more = round((one.target - one.baseline) * 100 / one.baseline, 1)
    signed = t("+{number} %", number=more) if more > 0 else t("{number} %", number=more)
    return t("{aim} ({change} on {before})", aim=most, change=signed, before=sized(t, one.baseline, one.unit))


def heading(t: Words, sight: Sight, one: Objective) -> Text:
    """Its name, what is to be reached, for how long, and who answers for it."""
    days = t("{first} to {last}", first=one.starts_on, last=one.ends_on)
    return lines(
        bold(escape(f"{one.title} · {sight.name(one)}" if one.cut is Cut.PERSON else name_of(one))),
        row(aim(t, one), days, t(CUT_NAMES[one.cut]), escape(sight.person(one.owner_id))),
    )


def coverage(t: Words, sight: Sight, one: Objective) -> Text:
    """How far it was given out and how much of it people's goals carry, in words."""
    if not one.months:
        far, of = held(sight.tree, one.id)
        return t("Its parts do not add up. {far} of {of} aim at least as far.", far=far, of=of) if of else Text("")
    parts, goals = sight.given_out(one), sight.in_goals(one)
    said = t.say(said_of_goals(goals, one.unit, one.direction)) if goals else None
    return lines(
        t.say(said_of_parts(parts, one.unit, one.direction)) if parts else _with_one(t, one),
        t("{days}: {said}", days=sight.days.name, said=said) if said and sight.days.name else said,
    )


def _with_one(t: Words, one: Objective) -> Text | None:
    """What nobody was given a part of, where others are to have one."""
    return t("Nothing of it is given out yet.") if one.cut in {Cut.COMPANY, Cut.DEPARTMENT, Cut.TEAM} else None


def part_line(t: Words, sight: Sight, one: Objective, part: Part | None = None) -> Text:
    """A part in one line: its name and owner, its target, and how far it is covered."""
    who = sight.person(one.owner_id)
    name = t("{part} ({person})", part=one.part, person=who) if one.part else escape(who)
    counts = t("{share} % of it counts here", share=part.share) if part and part.share != HUNDRED else None
    return row(bold(name), sized(t, one.target, one.unit), _short(t, sight, one), counts)


def drawn_line(t: Words, sight: Sight, one: Objective) -> Text:
    """A part as the picture has it: its target in the days looked at, and what of it stands in goals."""
    target = sized(t, one.between(sight.days.first, sight.days.last), one.unit)
    found = sight.in_goals(one)
    if found and found.rough:
        return row(bold(escape(sight.name(one))), target, _carried(t, found))
    goals = t("{amount} in goals", amount=sized(t, sight.sums[one.id], one.unit))
    return row(bold(escape(sight.name(one))), target, goals)


def way_up(t: Words, above: Sequence[Objective]) -> Text:
    """What an objective is a part of, from the top down."""
    return t("Part of {names}", names=row(*(escape(each.part or each.title) for each in above), between=" → "))


def _short(t: Words, sight: Sight, one: Objective) -> Text | None:
    """Given out and in goals, as two percentages."""
    parts, goals = sight.given_out(one), sight.in_goals(one)
    return row(
        _given(t, parts) if parts else None,
        _carried(t, goals) if goals else None,
    )


def _given(t: Words, one: Coverage) -> Text:
    said = t("{percent} % given out", percent=one.percent)
    return t("about {said}", said=said) if one.rough else said


def _carried(t: Words, one: Coverage) -> Text:
    said = t("{percent} % in goals", percent=one.percent)
    return t("about {said}", said=said) if one.rough else said


def summed(t: Words, hidden: Sequence[tuple[Objective, Part]]) -> Text:
    """Parts that the reader may only see as a sum: of a few people, the sum would tell what each of them carries."""
    count = len(owners(hidden))
    if count < FEWEST:
        return t.plural("one person has a part", "{n} people have a part", count)
    together = total(one.target for one, _ in hidden)
    said = sized(t, together, hidden[0][0].unit)
    return t.plural("one person: {amount}", "{n} people: {amount}", count, amount=said)


def goal_line(t: Words, sight: Sight, one: Support, unit: str) -> Text:
    """A goal that supports an objective directly."""
    return t("Goal of {name}: {amount}", name=sight.person(one.person_id), amount=sized(t, one.amount, unit))


def months(t: Words, one: Objective) -> Text:
    """The target month by month."""
    style = "LLL" if t.language == "zh" else "MMM"
    each = zip(months_of(one.starts_on, one.ends_on), one.months, strict=True)
    said = (t("{month} {number}", month=t.day(day, style), number=value) for day, value in each)
    return row(*(Text(one.replace(" ", "\N{NO-BREAK SPACE}")) for one in said))


def hint(t: Words, mine: Sequence[Objective]) -> Text | None:
    """What is missing among all that somebody answers for."""
    found = one_sided(mine)
    return t.say(found) if found else None


def share_line(t: Words, one: Objective, share: Decimal) -> Text:
    """An objective, and how much counts there."""
    return t("{objective}: {share} %", objective=name_of(one), share=share)
