"""Beginning a plan: only after something the person could read before; with a standard, and the manager's part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import DAY
from bot.domain.org import Person
from bot.domain.plan import (
    LENGTHS,
    LONGEST,
    LONGEST_LINE,
    MOST_LINES,
    RHYTHMS,
    SOURCES,
    Ground,
    Plan,
    check_said,
    check_standard,
    check_start,
    facts_of,
    lines_of,
    must_have_heard,
)
from bot.domain.refusal import Refused
from bot.domain.talk import Entry, Kind
from bot.handlers.plans import checkpoints, looking, views
from bot.handlers.plans.conversation import Shown, card_key, flow, independent, leads, shown, today_of
from bot.slack.blocks import (
    Block,
    Message,
    View,
    button,
    buttons,
    choice,
    choices,
    day_input,
    form,
    section,
    text_input,
)
from bot.slack.flow import Open, Replace, Turn
from bot.slack.text import Text, bold, escape, lines, row
from bot.slack.words import Words
from bot.store import one_on_ones, people, plans

NEWEST = 10
"""Earlier notes that are offered to rest a plan on, the newest."""


@dataclass(frozen=True)
class Beginning:
    """For whom a plan may begin, with whom, and on what it can rest; `reads` is whether its words may be shown."""

    person: Person
    manager: Person
    of_hr: Sequence[Person]
    grounds: Sequence[Ground]
    reads: bool


# What people see --------------------------------------------------------------------------


def sheet(t: Words, what: Beginning, me: Person, first: date) -> View:
    """One page, in the order in which the person will read it."""
    before = t("Please talk with {name} before you send this: nobody should hear of a plan from me first. {name} reads "
               "every word of it, and so does HR.", name=what.person)  # fmt: skip
    return form(
        t("Begin a plan"),
        [
            section(lines(bold(escape(what.person.name)), before)),
            *_what(t),
            *_for_it(t),
            *_when(t, first),
            choice("hr", t("Who of HR goes along with it?"), [(one.id, escape(one.name)) for one in what.of_hr],
                   chosen=me.id if me in what.of_hr else what.of_hr[0].id),
            choices("grounds", t("What was said before?"), _earlier(t, what),
                    hint=t("At least one has to be older than the first day.")),
        ],
        does=start,
        submit=t("Begin the plan"),
        close=t("Not now"),
        carry=what.person.id,
    )  # fmt: skip


def _what(t: Words) -> list[Block]:
    dated = t("A line each, with its day first: 2027-03-02 What happened")
    counted = t("With a number, a share or a day, so that both can tell. It is not changed later.")
    return [
        text_input("gap", t("What is it about?"), lines=True, longest=LONGEST),
        text_input("facts", t("What was seen, and when?"), lines=True, longest=_list(), hint=dated),
        text_input("standard", t("What is expected at the end?"), lines=True, longest=LONGEST, hint=counted),
    ]


def _for_it(t: Words) -> list[Block]:
    each = t("A line each. They come back on the check-in cards until they are done.")
    return [
        text_input("activities", t("What does the person do?"), lines=True, longest=_list(), hint=each),
        text_input("support", t("What help is there?"), lines=True, longest=LONGEST,
                   hint=t("Time, training, somebody to ask, less of something else")),
        text_input("duties", t("What does the manager do for it?"), lines=True, longest=_list(), hint=each),
    ]  # fmt: skip


def _list() -> int:
    return LONGEST_LINE * MOST_LINES


def _when(t: Words, first: date) -> list[Block]:
    weekly, by_two = t("Every week"), t("Every two weeks")
    lengths = [(str(n), t("{n} days", n=n)) for n in LENGTHS]
    rhythms = [(str(RHYTHMS[0]), weekly), (str(RHYTHMS[1]), by_two)]
    late = t("The manager writes each within three working days. Later, the plan stands still until it is written.")
    return [
        day_input("starts", t("First day of the plan"), initial=first),
        choice("days", t("How long does it run?"), lengths, chosen=str(LENGTHS[1])),
        choice("every", t("How often is there a checkpoint?"), rhythms, chosen=str(RHYTHMS[0]), hint=late),
    ]


def _earlier(t: Words, what: Beginning) -> list[tuple[str, Text]]:
    return [(f"{one.source}:{one.ref}", row(t.day(one.day), escape(one.words) if what.reads else None,
                                            t(SOURCES[one.source])))
            for one in what.grounds]  # fmt: skip


def along(t: Words, found: Shown) -> Message:
    """For whoever did not begin it: HR, or the manager."""
    push = t("An improvement plan began, and you go along with it.")
    whose = row(bold(escape(found.person.name)), t("Runs until {day}", day=t.weekday(found.where.ends_on)))
    how = t("{name} can turn to you at any time. You hear when a checkpoint is missing, and an outcome needs HR's "
            "second press.", name=found.person)  # fmt: skip
    reads = button(t("See the plan"), does=looking.open_plan, carry=found.person.id, style="primary")
    return Message(push, [section(lines(bold(push), whose, how)), buttons(reads)])


# What happens -----------------------------------------------------------------------------


def offered(turn: Turn, person: Person) -> View:
    """The form, if a plan may begin; if not, what is missing and what to do instead."""
    what = _beginning(turn, person)
    return sheet(turn.t, what, turn.person, today_of(turn, person) + DAY)


@flow.action
def begin(turn: Turn) -> Open:
    """Ask for everything, for somebody whose last plan is over."""
    return Open(offered(turn, _whom(turn)))


def _whom(turn: Turn) -> Person:
    turn.must(Act.START_PLAN, turn.carry)
    person = people.get(turn.session, turn.carry)
    if person is None or not person.takes_part:
        raise Refused("Please choose a colleague who takes part here.")
    return person


def _beginning(turn: Turn, person: Person) -> Beginning:
    turn.must(Act.START_PLAN, person.id)
    manager = leads(turn, person)
    if manager is None:
        raise Refused("A plan needs a manager who helps, and {name} has none here. `/cairn people` names one.",
                      name=person.name)  # fmt: skip
    if plans.open_of(turn.session, person.id):
        raise Refused("A plan runs for this person already.")
    of_hr = independent(turn, person.id, manager.id)
    if not of_hr:
        raise Refused("HR owns a plan together with the manager, and there is nobody of HR for that here. "
                      "`/cairn setup` names somebody.")  # fmt: skip
    found = plans.grounds(turn.session, person, manager.id)
    must_have_heard(found)
    return Beginning(person, manager, of_hr, found[-NEWEST:][::-1], reads=turn.person.id == manager.id)


@flow.view
def start(turn: Turn) -> Replace:
    """Keep the plan as it was written; the person reads it in their working hours."""
    person = _whom(turn)
    plan = _kept(turn, _beginning(turn, person))
    turn.note(Act.START_PLAN, person.id, plan.id)
    turn.remind(hear_plan, person.id, turn.now, plan.id)
    for one in {plan.manager_id, plan.hr_id} - {turn.person.id}:
        turn.remind(go_along, one, turn.now, plan.id)
    checkpoints.look_tomorrow(turn, plan, person)
    return Replace(looking.sheet(turn, shown(turn, plan)))


def _kept(turn: Turn, what: Beginning) -> Plan:
    inputs, today = turn.inputs, today_of(turn, what.person)
    chosen = inputs.many("grounds")
    rests_on = tuple(one for one in what.grounds if f"{one.source}:{one.ref}" in chosen)
    plan = Plan(
        "",
        what.person.id,
        what.manager.id,
        _among(inputs.text("hr"), [one.id for one in what.of_hr], "hr"),
        check_said(inputs.text("gap"), "gap"),
        facts_of(inputs.text("facts"), today, "facts"),
        check_standard(inputs.text("standard"), "standard"),
        lines_of(inputs.text("activities"), "activities"),
        check_said(inputs.text("support"), "support"),
        lines_of(inputs.text("duties"), "duties"),
        check_start(inputs.day("starts"), today, rests_on),
        int(_among(inputs.text("days"), [str(one) for one in LENGTHS], "days")),
        int(_among(inputs.text("every"), [str(one) for one in RHYTHMS], "every")),
        rests_on,
    )
    return plans.begin(turn.session, _with_items(turn, plan), turn.now)


def _among(chosen: str, offered: Sequence[str], name: str) -> str:
    if chosen not in offered:
        raise Refused("Please choose one of these.", field=name)
    return chosen


def _with_items(turn: Turn, plan: Plan) -> Plan:
    """What the two are to do becomes action items of theirs: on check-in cards, and in their one-on-ones."""
    due = plan.starts_on + timedelta(days=plan.days)
    owned = [*((plan.person_id, one) for one in plan.activities), *((plan.manager_id, one) for one in plan.duties)]
    kept = [
        one_on_ones.keep(turn.session, Entry("", plan.manager_id, plan.person_id, Kind.ITEM, plan.manager_id, words,
                                             turn.now, owner_id, due))
        for owner_id, words in owned
    ]  # fmt: skip
    return replace(plan, items=tuple(kept))


@flow.prompt_that(Attention.FREE)
def hear_plan(turn: Turn) -> None:
    """The person hears of it when they work; nothing else goes before it, and it is not gathered with other things."""
    plan = plans.get(turn.session, turn.carry)
    if plan:
        turn.say(turn.person, card_key(plan), views.card, shown(turn, plan))


@flow.prompt
def go_along(turn: Turn) -> None:
    """Whoever owns it too hears of it."""
    plan = plans.get(turn.session, turn.carry)
    if plan and plan.open and turn.may(Act.SEE_PLAN, plan.person_id):
        turn.say(turn.person, f"plans/{plan.id}/along/{turn.person.id}", along, shown(turn, plan))
