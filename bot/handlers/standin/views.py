"""What people see of standing in: the page, the form, and the cards of those whom it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.org import Person
from bot.domain.stand_in import StandIn
from bot.slack.blocks import (
    Block,
    Confirm,
    Does,
    Message,
    View,
    button,
    buttons,
    context,
    day_input,
    form,
    page,
    person_input,
    section,
)
from bot.slack.text import Text, bold, escape, lines
from bot.slack.words import Words

MOST_SHOWN = 30


@dataclass(frozen=True)
class Known:
    """An arrangement with the people in it; `end` is the step that ends it, `here` the same within the page."""

    one: StandIn
    named: Mapping[str, Person]
    end: Does
    here: Does

    @property
    def manager(self) -> Person:
        """Who is away."""
        return self.named[self.one.manager_id]

    @property
    def other(self) -> Person:
        """Who acts meanwhile."""
        return self.named[self.one.stand_in_id]


@dataclass(frozen=True)
class Seen:
    """What somebody sees of standing in: what they may end, what they only read, and what they may name."""

    mine: Sequence[Known]
    above: Sequence[Known]
    may_name: bool


# The page ---------------------------------------------------------------------------------


def overview(t: Words, seen: Seen, name: Does) -> View:
    """Who stands in for whom, as far as it concerns the reader."""
    shown = [_line(t, one, ends=True) for one in seen.mine[:MOST_SHOWN]]
    read = [_line(t, one, ends=False) for one in seen.above]
    none = [] if shown or read else [section(t("Nobody stands in for anybody now."))]
    press = [buttons(button(t("Name a stand-in"), does=name, style="primary"))] if seen.may_name else []
    how = t(
        "Who stands in agrees goals, answers check-ins and writes reviews as the manager would, for these days. "
        "When the days are over, all of it is with the manager again, drafts included."
    )
    only = t("A manager names somebody for their own team; HR does it for any manager.")
    return page(
        t("Standing in"), [*shown, *read, *none, *press, context(how), *([] if press else [context(only)])],
        close=t("Close"),
    )  # fmt: skip


def _line(t: Words, known: Known, *, ends: bool) -> Block:
    text = lines(t("{other} stands in for {manager}", other=bold_name(known.other), manager=bold_name(known.manager)),
                 days(t, known.one))  # fmt: skip
    press = button(t("End it"), does=known.here, carry=known.one.id, confirm=_sure(t, known))
    return section(text, press if ends else None)


def bold_name(person: Person) -> Text:
    """Somebody's name as it stands out."""
    return bold(escape(person.name))


def days(t: Words, one: StandIn) -> Text:
    """From when to when."""
    if one.first_day == one.last_day:
        return t.day(one.first_day)
    return t("{first} to {last}", first=t.day(one.first_day), last=t.day(one.last_day))


def _sure(t: Words, known: Known) -> Confirm:
    return Confirm(
        t("End this?"),
        t("From today {manager} does it again, with all that was begun.", manager=known.manager),
        t("End it"),
        t("Leave it as it is"),
    )


def naming(t: Words, whom: str, away: tuple[date, date] | None, *, for_others: bool, keep: Does) -> View:
    """Who stands in, and when; HR says for whom. Days away that were entered are filled in."""
    first, last = away or (None, None)
    return form(
        t("Name a stand-in"),
        [
            *([person_input("whom", t("For which manager?"), initial=whom)] if for_others else []),
            person_input("stand_in", t("Who stands in?")),
            day_input("first", t("First day"), initial=first),
            day_input("last", t("Last day"), initial=last),
            context(
                t(
                    "They see and do for this team what its manager does, results included; never what is about "
                    "themself or somebody above them. They and the team are told."
                )
            ),
        ],
        does=keep,
        submit=t("Name this person"),
        close=t("Not now"),
        carry="" if for_others else whom,
    )


# The cards --------------------------------------------------------------------------------


def asked(t: Words, known: Known, by: Person, team: Sequence[Person]) -> Message:
    """For who stands in: for whom, when, and what comes to them."""
    text = t("You stand in for {name}.", name=known.manager)
    who = t("For: {names}", names=t.names([one.name for one in team[:MOST_SHOWN]])) if team else None
    what = t("On these days their check-ins, goals and reviews come to you. Home shows what waits.")
    named = t("Named by {name}. If you cannot do it, end it here; they are told.", name=by)
    press = button(t("End it"), does=known.end, carry=known.one.id, confirm=_sure(t, known))
    return Message(text, [section(lines(bold(text), days(t, known.one), who, what)), buttons(press), context(named)])


def stands(t: Words, known: Known) -> Message:
    """For the manager: who stands in meanwhile."""
    text = t("{name} stands in for you.", name=known.other)
    back = t("Afterwards all of it is with you again, drafts included. Your own talks and notes stay yours alone.")
    press = button(t("End it"), does=known.end, carry=known.one.id, confirm=_sure(t, known))
    return Message(text, [section(lines(bold(text), days(t, known.one), back)), buttons(press)])


def told_team(t: Words, known: Known) -> Message:
    """For each of the team: who writes now, and why."""
    text = t("{other} stands in for {manager}, who is away.", other=known.other, manager=known.manager)
    what = t(
        "Until {day}, what you would bring to {manager} goes to {other}: check-ins, goals, your review. "
        "What {other} writes bears their name.",
        day=t.weekday(known.one.last_day),
        manager=known.manager,
        other=known.other,
    )
    return Message(text, [section(lines(bold(text), what))])


def over_for_stand_in(t: Words, known: Known) -> Message:
    """The days are over."""
    text = t("You no longer stand in for {name}. Thank you.", name=known.manager)
    return Message(text, [section(text)], over=True)


def over_for_manager(t: Words, other: Person) -> Message:
    """What was begun is with the manager again."""
    text = t("{name} no longer stands in for you.", name=other)
    what = t("What they began is yours to go on with, and what they sent bears their name. Home shows what waits.")
    return Message(text, [section(lines(bold(text), what))])


def not_on(t: Words, manager: Person, other: Person) -> Message:
    """For the manager, and for HR: who was named does not do it."""
    text = t("{other} cannot stand in for {manager} on the days that were named.", other=other, manager=manager)
    what = t("Until somebody else is named, all of it stays with {manager}: `/cairn standin`", manager=manager)
    return Message(text, [section(lines(bold(text), what))])


def over_for_team(t: Words, known: Known) -> Message:
    """The manager is who they bring things to again."""
    text = t("{other} no longer stands in for {manager}.", other=known.other, manager=known.manager)
    return Message(text, [section(text)], over=True)
