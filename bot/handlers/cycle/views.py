"""What HR sees of a cycle: the three windows in which it is opened, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.cycle import (
    KIND_NAMES,
    LONGEST_NAME,
    STAGE_MEANS,
    STAGE_NAMES,
    Cycle,
    CycleKind,
    LeftOut,
    Roster,
    Stage,
)
from bot.domain.goal import Side
from bot.domain.org import Person
from bot.domain.readiness import Item
from bot.domain.refusal import N_
from bot.domain.template import Template
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
    form,
    section,
    text_input,
)
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words

DATED: list[Stage] = [stage for stage in Stage if stage is not Stage.PREPARING]
MOST_NAMES = 30
KIND = CycleKind.QUARTER
"""What is proposed."""
BEGIN = {Side.EMPLOYEE: N_("The employee; the manager answers"), Side.MANAGER: N_("The manager; the employee answers")}


@dataclass(frozen=True)
class Standing:
    """How far a running cycle is."""

    cycle: Cycle
    stage: Stage
    people: int
    agreed: int


def period(
    t: Words, first: date, served: Sequence[str], free: Sequence[str], unserved: Sequence[str], does: Does
) -> View:
    """The first window: what kind, from when, for whom; those who are free then are chosen."""
    without = t("No template serves {names}, so they cannot take part yet.", names=t.names(list(unserved)))
    blocks = [
        choice("kind", t("How long?"), [(each.value, t(KIND_NAMES[each])) for each in CycleKind], chosen=KIND.value),
        day_input("starts_on", t("First day"), initial=first),
        day_input("ends_on", t("Last day"), optional=True, hint=t("Only needed for “My own dates”.")),
        choices("departments", t("Departments"), [(name, escape(name)) for name in served], chosen=free),
        *([context(without)] if unserved else []),
    ]
    return form(t("Open a cycle"), blocks, does=does, submit=t("To the dates"), close=t("Not now"))


def dates(t: Words, cycle: Cycle, begins: Side, does: Does) -> View:
    """The second window: its name, and when each stage opens."""
    span = t("From {first} to {last}. Each stage opens at 09:30 on everyone's own clock.",
             first=cycle.starts_on, last=cycle.ends_on)  # fmt: skip
    blocks = [
        section(span),
        text_input("name", t("Name"), initial=cycle.name, longest=LONGEST_NAME),
        choice(
            "begins",
            t("Who writes the first goals?"),
            [(each.value, t(BEGIN[each])) for each in Side],
            chosen=begins.value,
        ),
        *(day_input(stage.value, t(STAGE_NAMES[stage]), initial=cycle.opens[stage]) for stage in DATED),
    ]
    return form(t("Dates"), blocks, does=does, submit=t("To the summary"), close=t("Not now"), carry=cycle.id)


@dataclass(frozen=True)
class Delivery:
    """How long it takes until everyone has the first message: at how many a minute, from when, until when."""

    per_minute: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Outside:
    """How many who are in Slack stand in another department than the cycle's, and how many in none."""

    elsewhere: int
    nowhere: int


@dataclass(frozen=True)
class Doing:
    """Where the summary leads."""

    launch: Does
    dates: Does
    preparation: Does


def summary(
    t: Words,
    cycle: Cycle,
    found: Roster,
    outside: Outside,
    named: Mapping[str, Person],
    used: Mapping[str, Template],
    delivery: Delivery | None,
    changed: Sequence[Text],
    lacking: Sequence[Item],
    doing: Doing,
) -> View:
    """The third window: who takes part, who does not and why; how long it takes to tell them; what is missing."""
    count = len(found.taking_part)
    blocks = [
        section(lines(bold(escape(cycle.name)), t("{first} to {last}", first=cycle.starts_on, last=cycle.ends_on))),
        section(lines(bold(t("When each stage opens")), stage_list(t, cycle))),
        section(lines(
            bold(t.plural("{n} person takes part", "{n} people take part", count)),
            bullets(_department(t, name, found, used) for name in cycle.departments),
        )),
        *_left_out(t, found.left_out, named),
        *_outside(t, outside),
        *([section(lines(bold(t("Changed since last time")), bullets(changed)))] if changed else []),
        *([section(_until_told(t, delivery))] if delivery else []),
        *_lacking_parts(t, lacking),
        buttons(
            button(t("Back to the dates"), does=doing.dates, carry=cycle.id),
            button(t("Back to the preparation"), does=doing.preparation) if lacking else None,
        ),
        context(t("Launching tells everyone who takes part, when goals open where they are. It cannot be undone.")),
    ]  # fmt: skip
    return form(
        t("Ready to launch?"), blocks, does=doing.launch, submit=t("Launch"), close=t("Not now"), carry=cycle.id
    )


def _lacking_parts(t: Words, lacking: Sequence[Item]) -> list[Block]:
    """What is missing, and the reason that a launch without it needs."""
    if not lacking:
        return []
    told = bullets(row(t(item.name), t.say(item.detail)) for item in lacking)
    hint = t("The reason is kept with the cycle. `/cairn setup` leads you through what is missing.")
    return [
        section(lines(bold(t("Not ready yet")), told)),
        text_input("reason", t("Why launch all the same?"), lines=True, longest=500, hint=hint),
    ]


def _until_told(t: Words, delivery: Delivery) -> Text:
    return t(
        "Slack takes about {n} messages a minute. The first person is written to on {first}, the last one on {last}.",
        n=delivery.per_minute,
        first=delivery.first,
        last=delivery.last,
    )


def stage_list(t: Words, cycle: Cycle) -> Text:
    """Each stage and its day."""
    return bullets(row(t.weekday(cycle.opens[stage]), t(STAGE_NAMES[stage])) for stage in DATED)


def running(t: Words, now: Standing) -> Message:
    """What HR keeps in sight while a cycle goes."""
    text = t("Cycle {name}: {stage}", name=now.cycle.name, stage=t(STAGE_NAMES[now.stage]))
    return Message(text, [section(lines(bold(text), *_so_far(t, now))), section(stage_list(t, now.cycle))])


def standing(t: Words, now: Standing) -> list[Block]:
    """A running cycle in three lines."""
    return [section(lines(bold(escape(now.cycle.name)), *_so_far(t, now)))]


def _so_far(t: Words, now: Standing) -> tuple[Text, Text]:
    names = t("{agreed} of {people} have agreed goals", agreed=now.agreed, people=now.people)
    opened = now.cycle.opens.get(now.stage)  # nothing has opened while it is prepared
    until = [day for day in now.cycle.opens.values() if opened is None or day > opened]
    stage = t(STAGE_NAMES[now.stage])
    through = t("{stage}, until {day}", stage=stage, day=t.weekday(min(until))) if until else stage
    return through, names


def _department(t: Words, name: str, found: Roster, used: Mapping[str, Template]) -> Text:
    count = sum(stint.department == name for stint in found.taking_part)
    template = used[name]
    return t(
        "{department}: {count}, by the template “{template}”, version {version}",
        department=name,
        count=count,
        template=template.name.read(t.language),
        version=template.version,
    )


def _left_out(t: Words, left_out: Sequence[LeftOut], named: Mapping[str, Person]) -> list[Block]:
    if not left_out:
        return []
    each = [t("{name} {why}", name=_name(named, one.person_id), why=t.say(one.why)) for one in left_out[:MOST_NAMES]]
    hidden = len(left_out) - len(each)
    more = t.plural("and one more", "and {n} more", hidden) if hidden > 0 else None
    return [section(lines(bold(t("Not taking part")), bullets(each), more))]


def _outside(t: Words, outside: Outside) -> list[Block]:
    """Why the numbers of people are not all the same: who of Slack this cycle does not ask at all."""
    others = t.plural(
        "One more person in Slack is in another department.",
        "{n} more people in Slack are in other departments.",
        outside.elsewhere,
    )
    nowhere = t.plural(
        "One more person in Slack has no department yet, and takes part once you give them one: `/cairn people`",
        "{n} more people in Slack have no department yet, and take part once you give them one: `/cairn people`",
        outside.nowhere,
    )
    told = [others] * bool(outside.elsewhere) + [nowhere] * bool(outside.nowhere)
    return [context(*told)] if told else []


def _name(named: Mapping[str, Person], person_id: str) -> str:
    return named[person_id].name if person_id in named else person_id


def stage_span(t: Words, stage: Stage, first: date, following: date) -> Text:
    """What happens in a stage, and on which days."""
    until = following - timedelta(days=1)
    return lines(t(STAGE_MEANS[stage]), t("From {first} to {last}.", first=t.weekday(first), last=t.weekday(until)))
