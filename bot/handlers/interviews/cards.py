"""The messages around a talk: its agenda, its minutes, which are late, what became of what was agreed."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.cycle import Cycle
from bot.domain.interview import AGENDA, CAUSES, Cause, Difference, Interview, Seen, Side, differences
from bot.domain.org import Person
from bot.domain.talk import Entry
from bot.handlers.interviews import minutes as held
from bot.handlers.interviews import opening, preparing
from bot.handlers.interviews.conversation import Case, LookBack
from bot.slack.blocks import Block, Message, button, buttons, context, section
from bot.slack.text import Text, bold, bullets, lines, quote, row
from bot.slack.words import Words

MOST_NAMED = 20


# Their keys -------------------------------------------------------------------------------


def agenda_key(talk: Interview, reader_id: str) -> str:
    """The key of the agenda before one of the two."""
    return f"interviews/{talk.cycle_id}/{talk.person_id}/{reader_id}/agenda"


def minutes_key(talk: Interview, reader_id: str) -> str:
    """The key of the minutes before the person."""
    return f"interviews/{talk.cycle_id}/{talk.person_id}/{reader_id}/minutes"


def look_back_key(reader_id: str, day: date) -> str:
    """The key of the card on which somebody looks back on a day."""
    return f"interviews/{reader_id}/after/{day}"


# Words that several share -----------------------------------------------------------------


def causes(t: Words, some: Sequence[Cause]) -> Text:
    """Causes in a row."""
    return t.names([t(CAUSES[one]) for one in some]) if some else t("nothing named")


def topics(t: Words, case: Case, some: Sequence[str]) -> Text:
    """Goals and competencies in a row."""
    return t.names([case.topics[one] for one in some if one in case.topics])


def action(t: Words, case: Case, one: Entry) -> Text:
    """Who does what, by when, for which gap, with what support; and whether it is done."""
    known = {each.id: each.name for each in (case.person, *case.promised.values())}
    gap = t("for {gap}", gap=case.topics[one.gap]) if one.gap in case.topics else None
    support = t("support: {support}", support=one.support) if one.support else None
    former = case.owed_by(one)
    owed = t("promised by {name}, who leads {person} no more", name=former, person=case.person) if former else None
    return row(_to_do(t, known, one), gap, support, owed)


def _to_do(t: Words, named: Mapping[str, str], one: Entry) -> Text:
    what = t("{name}: {what}", name=named.get(one.owner_id, "–"), what=one.text)
    by = t("by {day}", day=t.weekday(one.due)) if one.due else None
    return row(what, t("✓ done") if one.done_at else by)


def on_day(t: Words, talk: Interview) -> Text:
    """The day that was chosen, or up to which day the talk is in time."""
    day = t.weekday(talk.on(t.tz))
    if not talk.is_set:
        return t("by {day}", day=day)
    return t("{day}, {time}", day=day, time=t.time(talk.begins_at)) if talk.begins_at else day


def differences_of(t: Words, case: Case) -> list[Block]:
    """What the two see differently, and the gaps that both see; nothing before both may read it."""
    if not case.exchanged:
        return []
    found = [_difference(t, case, one) for one in differences(case.both) if _known(case, one)]
    shared = [one for one in case.gaps if all(one in each.gaps for each in case.both.values())]
    both = t("Both of you see: {topics}", topics=topics(t, case, shared)) if shared else None
    alike = t("You see it alike. So there is more time for what comes next.")
    differ = lines(bold(t("Where you two see it differently")), bullets(found)) if found else alike
    return [section(lines(differ, both))]


def _known(case: Case, one: Difference) -> bool:
    return one.topic in case.topics


def _difference(t: Words, case: Case, one: Difference) -> Text:
    topic = case.topics[one.topic]
    if one.seen is Seen.CAUSES:
        by = {side: causes(t, some) for side, some in one.causes.items()}
        return t("{topic}: “{causes}” for {one}, “{others}” for {other}", topic=topic, one=case.named(Side.PERSON),
                 causes=by[Side.PERSON], other=case.named(Side.MANAGER), others=by[Side.MANAGER])  # fmt: skip
    side = one.gap_of or Side.MANAGER
    if one.seen is Seen.OPPOSED:
        return t("{topic}: a gap for {one}, a strength for {other}", topic=topic, one=case.named(side),
                 other=case.named(side.other))  # fmt: skip
    return t("{topic}: a gap for {one} alone", topic=topic, one=case.named(side))


# The agenda -------------------------------------------------------------------------------


def agenda(t: Words, case: Case) -> Message:
    """The agenda with its minutes, what both see differently, what the department's guide says; then that it was."""
    name, day = with_whom(case), on_day(t, case.talk)
    opens = button(t("Open"), does=opening.look, carry=case.carry, style="primary")
    if case.talk.held_on:
        over = t("You talked with {name} about {cycle}.", name=name, cycle=case.cycle.name)
        return Message(over, [section(over), buttons(opens)], over=True)
    text = t("Your talk with {name} about {cycle}: {day}", name=name, cycle=case.cycle.name, day=day)
    late = case.side not in case.sent
    prepare = button(t("Prepare the talk"), does=preparing.prepare, carry=case.carry) if late else None
    return Message(
        text,
        [
            section(bold(text)),
            *differences_of(t, case),
            *_missing(t, case),
            section(lines(bold(t("An hour, about like this")), bullets(_parts(t)))),
            *_guide(t, case),
            buttons(opens, prepare),
        ],
    )


def _parts(t: Words) -> list[Text]:
    return [t("{n} min: {part}", n=minutes, part=t(part)) for minutes, part in AGENDA]


def _missing(t: Words, case: Case) -> list[Block]:
    lacking = [case.named(side) for side in Side if side not in case.sent]
    return [context(t("Not prepared yet: {names}", names=t.names(lacking)))] if lacking else []


def _guide(t: Words, case: Case) -> list[Block]:
    hints = [t("{hint}", hint=one.read(t.language)) for one in case.guide]
    return [section(lines(bold(t("Worth asking in your department")), bullets(hints)))] if hints else []


def with_whom(case: Case) -> str:
    """Whom the reader talks with, or talked with."""
    other = (case.held_with if case.side is Side.PERSON else None) or case.other
    return other.name if other else "–"


# Afterwards -------------------------------------------------------------------------------


def minutes(t: Words, case: Case) -> Message:
    """The minutes for the person, who says that they were read, and can add something."""
    text = t("The minutes of your talk about {cycle} are there.", cycle=case.cycle.name)
    agreed = [action(t, case, one) for one in case.actions]
    told = [
        section(lines(bold(text), quote(case.talk.minutes))),
        *([section(lines(bold(t("What you agreed to do")), bullets(agreed)))] if agreed else []),
    ]
    if case.talk.seen_at is None:
        return Message(text, [*told, *receipt(t, case.carry)])
    said = t("You read them on {at}.", at=case.talk.seen_at)
    return Message(text, [*told, context(said)], over=True)


def receipt(t: Words, carry: str) -> list[Block]:
    """The two ways to say that minutes were read."""
    read = button(t("I have read them"), does=held.confirm, carry=carry, style="primary")
    add = button(t("Add something"), does=held.comment_form, carry=carry)
    return [buttons(read, add), context(t("To have read them does not mean that you agree."))]


def commented(t: Words, case: Case) -> Message:
    """For the manager: the person adds something to the minutes."""
    text = t("{name} has read the minutes and adds something.", name=case.person)
    opens = button(t("Open"), does=opening.look, carry=case.carry, style="primary")
    return Message(text, [section(lines(text, quote(case.talk.comment))), buttons(opens)])


def late(t: Words, cycle: Cycle, people: Sequence[Person]) -> Message:
    """For the manager: whom to talk with still."""
    text = t.plural("One talk about {cycle} is still to come.", "{n} talks about {cycle} are still to come.",
                    len(people), cycle=cycle.name)  # fmt: skip
    names = t.names([one.name for one in people[:MOST_NAMED]])
    why = t("Half an hour this week is worth more than a long talk later.")
    opens = button(t("Open the talks"), does=opening.show, style="primary")
    return Message(text, [section(lines(bold(text), names)), context(why), buttons(opens)])


def look_back(t: Words, day: date, found: Sequence[LookBack]) -> Message:
    """All talks that somebody looks back on that day, each with its button; what they looked at is there no more."""
    opens = buttons(button(t("Open the talks"), does=opening.show))
    if not found:
        text = t("You have looked back on what you agreed. Thank you.")
        return Message(text, [section(text), opens], over=True)
    text = _how_is_it_going(t, day, found)
    rest = len(found) - MOST_NAMED
    more = [context(t.plural("and one more", "and {n} more", rest))] if rest > 0 else []
    return Message(text, [section(bold(text)), *(_looked_back_on(t, one) for one in found[:MOST_NAMED]), *more, opens])


def _how_is_it_going(t: Words, day: date, found: Sequence[LookBack]) -> Text:
    first, former = found[0], [one.former for one in found if one.former]
    if len(found) > 1 and former:
        return t("Some weeks ago there were talks about results with several people. How is it going with what was "
                 "agreed?")  # fmt: skip
    if former:
        return t("About {n} days ago {manager} and {name} talked about {cycle}. How is it going with what they agreed?",
                 n=(day - (first.talk.held_on or day)).days, manager=former[0], name=first.other,
                 cycle=first.cycle.name)  # fmt: skip
    if len(found) > 1:
        return t("Some weeks ago you talked about results with several people. How is it going with what you agreed?")
    days = (day - (first.talk.held_on or day)).days
    return t("About {n} days ago you talked about {cycle}. How is it going with what you agreed?", n=days,
             cycle=first.cycle.name)  # fmt: skip


def _looked_back_on(t: Words, one: LookBack) -> Block:
    whom = bold(t("{name}, {cycle}", name=one.other, cycle=one.cycle.name))
    agreed = bullets(_to_do(t, one.named, each) for each in one.still_open)
    opens = button(t("Open"), does=opening.look, carry=f"{one.talk.cycle_id}/{one.talk.person_id}")
    return section(lines(whom, agreed), opens)
