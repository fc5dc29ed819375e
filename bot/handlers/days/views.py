"""What people see of the calendar."""

from collections.abc import Sequence
from datetime import date

from bot.domain.org import Person
from bot.domain.policy import MISSED_NAMES, WEEKDAYS, Policy
from bot.handlers.days import company, own
from bot.handlers.days.facts import Companys, Mine, Special
from bot.slack.blocks import (
    Block,
    Does,
    Message,
    View,
    button,
    buttons,
    choice,
    choices,
    context,
    day_input,
    divider,
    form,
    header,
    number_input,
    page,
    person_input,
    section,
    text_input,
)
from bot.slack.text import Text, bold, bullets, lines
from bot.slack.words import Words
from bot.store.calendar_days import EVERYWHERE, CalendarDay

ALL = "all"
"""How “everywhere” travels."""
WORKED, OFF = "worked", "off"
MOST_ENTERED = 30
LONGEST_NOTE = 60


def calendar(t: Words, mine: Mine, companys: Companys | None) -> View:
    """Somebody's own calendar, and under it the company's for HR."""
    return page(t("Calendar"), [*_own(t, mine), *(_companys(t, companys) if companys else [])], close=t("Close"))


# One's own ----------------------------------------------------------------------------------


def _own(t: Words, mine: Mine) -> list[Block]:
    soon = [special(t, one) for one in mine.soon]
    title = bold(t("In the next eight weeks"))
    away = [
        section(t("Away: {days}", days=_between(t, *leave)), button(t("Remove"), does=own.cancel, carry=str(leave[0])))
        for leave in mine.leaves[:MOST_ENTERED]
    ]
    return [
        header(t("My calendar")),
        section(_where_i_am(t, mine)),
        section(lines(title, bullets(soon) if soon else t("Nothing but ordinary weeks."))),
        *([_acting(t, mine.stand_in)] if mine.stand_in else []),
        section(_my_week(t, mine.person), button(t("My week"), does=own.choose_week)),
        *away,
        buttons(button(t("I am away"), does=own.choose_days)),
        context(
            t(
                "On these days, and on weekends, I ask you nothing of my own accord. What a colleague sends you in a "
                "talk about goals, or for you to approve, can come at any hour."
            )
        ),
    ]


def _where_i_am(t: Words, mine: Mine) -> Text:
    zone = mine.person.tz
    if not mine.country:
        return t("Your zone, {zone}, belongs to no country: Monday to Friday, without holidays.", zone=zone)
    country = t.country(mine.country)
    return t("Working days of {country}, times of {zone}: your zone in Slack.", country=country, zone=zone)


def _acting(t: Words, name: Does) -> Block:
    """Whoever leads people and will be away may name who acts for them."""
    return section(t("Somebody can act for your team on these days."), button(t("Name a stand-in"), does=name))


def _my_week(t: Words, person: Person) -> Text:
    if not person.free_weekdays:
        return t("You work every working day of the week.")
    return t("You do not work on: {days}", days=t.weekdays(person.free_weekdays))


def special(t: Words, one: Special) -> Text:
    """A day with what it is: Thu 6 May: off, Ascension Day."""
    day, why = t.weekday(one.day), one.why
    if not why:
        return t("{day}: worked", day=day) if one.works else t("{day}: off", day=day)
    return t("{day}: worked, {why}", day=day, why=why) if one.works else t("{day}: off, {why}", day=day, why=why)


def _between(t: Words, first: date, last: date) -> Text:
    return t.weekday(first) if first == last else t("{first} to {last}", first=t.weekday(first), last=t.weekday(last))


def week(t: Words, person: Person, *, does: Does) -> View:
    """Which weekdays somebody does not work."""
    label = t("I do not work on") if does is own.save_week else t("{person} does not work on", person=person)
    options = [(str(n), t.weekdays(str(n))) for n in WEEKDAYS]
    chosen = list(person.free_weekdays)
    blocks = [choices("weekdays", label, options, chosen=chosen, optional=True)]
    return form(
        t("Days of the week"), blocks, does=does, submit=t("Save"), close=t("Leave it as it is"), carry=person.id
    )


def away(t: Words) -> View:
    """From when to when somebody is away."""
    told = context(
        t(
            "I ask you nothing of my own accord on these days. This is no request for leave: your company has its own "
            "way."
        )
    )
    blocks = [*_days(t, t("First day away"), t("Last day away")), told]
    return form(t("I am away"), blocks, does=own.save_days, submit=t("Save"), close=t("Not now"))


def _days(t: Words, first: Text, last: Text) -> list[Block]:
    return [day_input("first", first), day_input("last", last, optional=True, hint=t("Empty means one day"))]


# The company's ------------------------------------------------------------------------------


def _companys(t: Words, facts: Companys) -> list[Block]:
    shown = [_entered(t, facts, one) for one in facts.entered[:MOST_ENTERED]]
    none = section(t("No exceptions: the calendars of the countries hold as they are."))
    return [
        divider(),
        header(t("The company's calendar")),
        *(_provisional(t, country, year) for country, year in facts.provisional),
        *(shown or [none]),
        buttons(button(t("Enter days"), does=company.choose), button(t("A person's week"), does=company.choose_person)),
        section(_missed(t, facts.policy), button(t("Change"), does=company.choose_policy)),
    ]


def _provisional(t: Words, country: str, year: int) -> Block:
    return section(
        t(
            "△ {country} {year} is calculated, not announced: make-up workdays are missing. "
            "Once the official notice is out, please update Cairn or enter the days here.",
            country=t.country(country),
            year=Text(str(year)),
        )
    )


def not_announced(t: Words, country: str, year: int) -> Block:
    """The same in a line, for HR's Home."""
    facts = {"country": t.country(country), "year": Text(str(year))}
    return context(t("△ The calendar of {country} {year} is not announced yet: `/cairn calendar`", **facts))


def _entered(t: Words, facts: Companys, one: CalendarDay) -> Block:
    what = special(t, Special(one.day, one.works, one.note))
    by = facts.names.get(one.entered_by, "–")
    text = lines(
        t("{where}, {what}", where=_where(t, one.country), what=what), t("{name}, {day}", name=by, day=one.at.date())
    )
    return section(text, button(t("Remove"), does=company.remove, carry=f"{one.country or ALL}/{one.day}"))


def _where(t: Words, country: str) -> Text:
    return t("Everywhere") if country == EVERYWHERE else t.country(country)


def entering(t: Words, countries: Sequence[str]) -> View:
    """Which days are worked or off, and where."""
    places = [(ALL, t("Everywhere")), *((one, t.country(one)) for one in countries)]
    kinds = [(OFF, t("Off")), (WORKED, t("Worked"))]
    blocks = [
        *_days(t, t("First day"), t("Last day")),
        choice("where", t("Where?"), places, chosen=ALL),
        choice("kind", t("What are they?"), kinds, chosen=OFF),
        text_input("note", t("Why? Everybody there can read it"), optional=True, longest=LONGEST_NOTE),
    ]
    return form(t("Enter days"), blocks, does=company.enter, submit=t("Save"), close=t("Not now"))


def whose(t: Words) -> View:
    """Whose week is to be changed."""
    who = person_input("person", t("Whose week?"))
    return form(t("A person's week"), [who], does=company.chosen, submit=t("Go on"), close=t("Not now"))


def week_set(t: Words, by: Person, free_weekdays: str) -> Message:
    """What somebody reads whose week HR set."""
    days = t.weekdays(free_weekdays)
    text = (
        t("{name} set your week here: you do not work on {days}.", name=by, days=days)
        if free_weekdays
        else t("{name} set your week here: you work every working day.", name=by)
    )
    return Message(text, [section(text), buttons(button(t("Calendar"), does=own.show))])


def _missed(t: Words, chosen: Policy) -> Text:
    return lines(bold(t("A check-in that came due while Cairn was down")), _choice(t, chosen))


def _choice(t: Words, chosen: Policy) -> Text:
    return t(MISSED_NAMES[chosen.missed], n=chosen.late_hours)


def missed(t: Words, chosen: Policy) -> View:
    """What becomes of a missed check-in."""
    options = [(one.value, t(name, n=chosen.late_hours)) for one, name in MISSED_NAMES.items()]
    blocks = [
        choice("missed", t("A check-in that came due while Cairn was down"), options, chosen=chosen.missed.value),
        number_input("late_hours", t("How many hours late?"), initial=chosen.late_hours, least=1, most=24, whole=True),
    ]
    return form(t("Missed check-ins"), blocks, does=company.save_policy, submit=t("Save"), close=t("Leave it as it is"))
