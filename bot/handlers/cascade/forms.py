"""The windows in which objectives are set, given out, spread over the months and supported."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from bot.domain.cascade import CUT_NAMES, Cut, Objective, name_of
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.handlers.cascade.shown import months, sized
from bot.slack.blocks import Block, Does, View, choice, context, form, number_input, person_input, section, text_input
from bot.slack.text import Text, bold, escape, lines
from bot.slack.words import Words

KINDS = {
    "result": N_("A result to reach, such as revenue"),
    "activity": N_("An activity that moves early, such as visits or orders signed"),
    "limit": N_("A limit to keep below, such as cost"),
    "rate_up": N_("A rate to raise; rates of parts do not add up"),
    "rate_down": N_("A rate to lower; rates of parts do not add up"),
}
PARTS = (Cut.DEPARTMENT, Cut.TEAM, Cut.REGION, Cut.PRODUCT_LINE, Cut.PERSON)
MOST_OPTIONS = 100


def objective_form(t: Words, today: date, owner: Person | None, *, does: Does) -> View:
    """A new objective; with an owner to choose when it is the company's."""
    years = [(str(year), escape(str(year))) for year in (today.year, today.year + 1)]
    intro = t("For the company. Whoever answers for it gives it out in parts.") if owner else None
    blocks = [
        *([section(intro)] if intro else []),
        text_input("title", t("What is to be reached?"), longest=80, prompt=t("Such as: annual sales +20 %")),
        choice("kind", t("What is it?"), [(name, t(label)) for name, label in KINDS.items()], chosen="result"),
        text_input("unit", t("Unit"), longest=20, hint=t("Such as CNY, visits, orders or %")),
        text_input("baseline", t("Last year's value"), optional=True, longest=40),
        text_input("target", t("Target for the whole year"), hint=t("A number, or the growth on last year: +20 %")),
        choice("year", t("Year"), years, chosen=years[0][0]),
        *([person_input("owner", t("Who answers for it?"), initial=owner.id)] if owner else []),
    ]
    title = t("Company objective") if owner else t("Team objective")
    return form(title, blocks, does=does, submit=t("Set it"), close=t("Not now"), carry="company" if owner else "team")


def part_form(t: Words, whole: Objective, takers: Sequence[Person], free: Decimal, cut: Cut, *, does: Does) -> View:
    """A part of an objective: for whom, by what, and how much."""
    people = [(one.id, escape(one.name)) for one in takers]
    who = t("Who answers for it?")
    hint = t("A number in {unit}, or a share such as 60 %. Still free: {free}", unit=whole.unit,
             free=sized(t, free, whole.unit))  # fmt: skip
    rate = t("A number in {unit}. The whole aims at {aim}.", unit=whole.unit, aim=sized(t, whole.target, whole.unit))
    blocks = [
        section(lines(bold(escape(whole.title)), escape(whole.part))),
        choice("owner", who, people) if len(people) <= MOST_OPTIONS else person_input("owner", who),
        choice("cut", t("It is a part by"), [(each.value, t(CUT_NAMES[each])) for each in PARTS], chosen=cut.value),
        text_input("part", t("Name of the part"), optional=True, longest=40,
                   hint=t("Such as China, or Solar lanterns. Not needed for a person.")),
        text_input("amount", t("How much?"), hint=hint if whole.months else rate, longest=40),
    ]  # fmt: skip
    return form(t("Give out a part"), blocks, does=does, submit=t("Give it"), close=t("Not now"), carry=whole.id)


def months_form(t: Words, one: Objective, *, does: Does) -> View:
    """The target month by month, to be written anew as shares."""
    hint = t("One number a month, in proportion: 1 1 1 … is even, 8 6 9 … has seasons. "
             "They are made to add up to {amount} exactly.", amount=sized(t, one.target, one.unit))  # fmt: skip
    written = " ".join(f"{value.normalize():f}" for value in one.months)
    blocks = [
        section(months(t, one)),
        text_input("shares", t("Shares of the months"), initial=written, lines=True, hint=hint, longest=1000),
        context(t("Parts that are given out from now on take over the same seasons.")),
    ]
    return form(t("Month by month"), blocks, does=does, submit=t("Save"), close=t("Not now"), carry=_ref(one))


def change_form(t: Words, one: Objective, *, top: bool, does: Does) -> View:
    """The name, if it has one of its own, the target, and who answers for it."""
    own_name = one.title if top else one.part
    grown = t("A number, or the growth on last year: +20 %") if one.baseline else None
    blocks = [
        *([text_input("name", t("Name"), initial=own_name, longest=80)] if own_name else []),
        text_input("amount", t("Target"), initial=f"{one.target.normalize():f}", longest=40, hint=grown),
        person_input("owner", t("Who answers for it?"), initial=one.owner_id),
    ]
    return form(t("Change it"), blocks, does=does, submit=t("Save"), close=t("Not now"), carry=_ref(one))


def share_form(t: Words, about: Text, which: Block, *, does: Does, carry: str) -> View:
    """Which of several it counts for, and with how much of it; `about` also says what is kept so far."""
    blocks = [
        section(about),
        which,
        number_input("share", t("How much of it counts there, in percent?"), initial=100, least=0, most=100,
                     hint=t("0 takes it away. All shares together make at most 100.")),
    ]  # fmt: skip
    return form(t("What it supports"), blocks, does=does, submit=t("Save"), close=t("Not now"), carry=carry)


def to_choose(t: Words, each: Sequence[Objective], owners: Mapping[str, Person]) -> Block:
    """Objectives to choose from, with who answers for them; where there is only one, it is chosen."""
    options = [(one.id, t("{part} ({person})", part=name_of(one), person=owners[one.owner_id])) for one in each]
    only = each[0].id if len(each) == 1 else None
    return choice("objective", t("Which objective does it support?"), options, chosen=only)


def _ref(one: Objective) -> str:
    return f"{one.id}/{one.revision}"
