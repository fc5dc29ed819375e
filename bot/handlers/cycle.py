"""The cycle: HR opens one in three windows; then its stages open by themselves, where each person is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.access import Act
from bot.domain.cycle import (
    KIND_NAMES,
    MONTHS,
    STAGE_NAMES,
    Cycle,
    CycleKind,
    LeftOut,
    Participant,
    Roster,
    Stage,
    check_period,
    check_stages,
    opening,
    propose_end,
    propose_name,
    propose_stages,
    propose_start,
    roster,
)
from bot.domain.goal import Side
from bot.domain.org import Person, Stint
from bot.domain.pacing import finish
from bot.domain.readiness import Item, missing, readiness
from bot.domain.refusal import N_, Refused
from bot.domain.template import Template
from bot.domain.template_document import document_of
from bot.domain.timetable import timetable
from bot.slack import limits
from bot.slack.blocks import (
    Block,
    Message,
    View,
    choice,
    choices,
    context,
    day_input,
    divider,
    form,
    header,
    section,
    text_input,
)
from bot.slack.flow import Flow, Open, Replace, Turn, known
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words
from bot.sources.templates import shipped
from bot.store import cycles, first_word, goals, people, rules, templates, timers
from bot.store import readiness as standing

flow = Flow("cycle")

DATED: list[Stage] = [stage for stage in Stage if stage is not Stage.PREPARING]
MOST_NAMES = 30
BEGIN = {Side.EMPLOYEE: N_("The employee; the manager answers"), Side.MANAGER: N_("The manager; the employee answers")}


@dataclass(frozen=True)
class Standing:
    """How far a running cycle is."""

    cycle: Cycle
    stage: Stage
    people: int
    agreed: int


# What people see --------------------------------------------------------------------------


def period(t: Words, today: date, served: Sequence[str], unserved: Sequence[str]) -> View:
    """The first window: what kind, from when, for whom."""
    kind = CycleKind.QUARTER
    without = t("No template serves {names}, so they cannot take part yet.", names=t.names(list(unserved)))
    blocks = [
        choice("kind", t("How long?"), [(each.value, t(KIND_NAMES[each])) for each in CycleKind], chosen=kind.value),
        day_input("starts_on", t("First day"), initial=propose_start(kind, today)),
        day_input("ends_on", t("Last day"), optional=True, hint=t("Only needed for “My own dates”.")),
        choices("departments", t("Departments"), [(name, escape(name)) for name in served], chosen=served),
        *([context(without)] if unserved else []),
    ]
    return form(t("Open a cycle"), blocks, does=choose_period, submit=t("To the dates"), close=t("Not now"))


def dates(t: Words, cycle: Cycle) -> View:
    """The second window: its name, and when each stage opens."""
    span = t("From {first} to {last}. Each stage opens at 09:30 on everyone's own clock.",
             first=cycle.starts_on, last=cycle.ends_on)  # fmt: skip
    blocks = [
        section(span),
        text_input("name", t("Name"), initial=cycle.name, longest=60),
        choice(
            "begins",
            t("Who writes the first goals?"),
            [(each.value, t(BEGIN[each])) for each in Side],
            chosen=Side.EMPLOYEE.value,
        ),
        *(day_input(stage.value, t(STAGE_NAMES[stage]), initial=cycle.opens[stage]) for stage in DATED),
    ]
    return form(t("Dates"), blocks, does=choose_dates, submit=t("To the summary"), close=t("Not now"), carry=cycle.id)


@dataclass(frozen=True)
class Delivery:
    """How long it takes until everyone has the first message: at how many a minute, from when, until when."""

    per_minute: int
    first: datetime
    last: datetime


def summary(
    t: Words,
    cycle: Cycle,
    found: Roster,
    named: Mapping[str, Person],
    used: Mapping[str, Template],
    delivery: Delivery | None = None,
    lacking: Sequence[Item] = (),
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
        *([section(_until_told(t, delivery))] if delivery else []),
        *_lacking_parts(t, lacking),
        context(t("Launching tells everyone who takes part, when goals open where they are. It cannot be undone.")),
    ]  # fmt: skip
    return form(t("Ready to launch?"), blocks, does=launch, submit=t("Launch"), close=t("Not now"), carry=cycle.id)


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
    return Message(text, [*_standing(t, now), section(stage_list(t, now.cycle))])


def _standing(t: Words, now: Standing) -> list[Block]:
    names = t("{agreed} of {people} have agreed goals", agreed=now.agreed, people=now.people)
    until = [day for day in now.cycle.opens.values() if day > now.cycle.opens.get(now.stage, now.cycle.starts_on)]
    stage = t(STAGE_NAMES[now.stage])
    through = t("{stage}, until {day}", stage=stage, day=t.weekday(min(until))) if until else stage
    return [section(lines(bold(escape(now.cycle.name)), through, names))]


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


def _name(named: Mapping[str, Person], person_id: str) -> str:
    return named[person_id].name if person_id in named else person_id


# What happens -----------------------------------------------------------------------------


@flow.command("cycle", N_("Open a cycle"), for_hr=True)
@flow.action
def begin(turn: Turn) -> Open:
    """HR wants to open a cycle."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    names = sorted({stint.department for stint in people.stints_on(turn.session, turn.today)} - {""})
    if not names:
        raise Refused("Cairn does not know any department yet. Please bring in people.csv first: type /cairn import.")
    served = list(_serving(turn, names))
    if not served:
        raise Refused("No template serves any of your departments: {names}.", names=", ".join(names))
    return Open(period(turn.t, turn.today, served, [name for name in names if name not in served]))


@flow.view
def choose_period(turn: Turn) -> Replace:
    """The period is chosen: propose a name and dates."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    kind = known(CycleKind, turn.inputs.text("kind"))
    starts_on = turn.inputs.day("starts_on") or turn.today
    ends_on = _last_day(kind, starts_on, turn.inputs.day("ends_on"))
    check_period(starts_on, ends_on, turn.today)
    departments = list(_serving(turn, turn.inputs.many("departments")))
    if not departments:
        raise Refused("Please choose at least one department that has a template.", field="departments")
    cycles.discard_drafts(turn.session, turn.person.id)
    cycle = cycles.create(
        turn.session,
        propose_name(kind, starts_on),
        kind,
        (starts_on, ends_on),
        propose_stages(starts_on, ends_on, turn.today),
        by=turn.person.id,
        at=turn.now,
        departments=departments,
    )
    return Replace(dates(turn.t, cycle))


@flow.view
def choose_dates(turn: Turn) -> Replace:
    """The dates are chosen: show what a launch would mean."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    before = cycles.get(turn.session, turn.carry)
    opens = {stage: turn.inputs.day(stage.value) or before.opens[stage] for stage in DATED}
    check_stages(opens)
    cycle = cycles.name_and_date(turn.session, before.id, turn.inputs.text("name") or before.name, opens)
    first_word.give(turn.session, cycle.id, known(Side, turn.inputs.text("begins") or Side.EMPLOYEE))
    found = _roster(turn, cycle)
    named = people.named(turn.session, [one.person_id for one in found.left_out])
    delivery = _delivery(turn, cycle, found.taking_part)
    used = _templates(turn, cycle)
    return Replace(summary(turn.t, cycle, found, named, used, delivery, _lacking(turn, cycle, used)))


def _delivery(turn: Turn, cycle: Cycle, taking_part: Sequence[Stint]) -> Delivery | None:
    """How long the first message to everyone takes, when that is worth saying."""
    zones, day = people.zones(turn.session), cycle.opens[Stage.PLANNING]
    waves = Counter(max(opening(day, zones[one.person_id]), turn.now) for one in taking_part)
    pace = limits.posts_per_minute(turn.session)
    last = finish(waves, pace)
    if last is None or len(taking_part) <= pace * limits.WORTH_SAYING:
        return None
    return Delivery(round(pace), min(waves), last)


@flow.view
def launch(turn: Turn) -> None:
    """HR launches: everything is frozen as it stands, and every stage is set on the clock."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    cycle = cycles.get(turn.session, turn.carry)
    used, taking_part = _templates(turn, cycle), _roster(turn, cycle).taking_part
    if not taking_part:
        raise Refused("Nobody can take part in this cycle, so there is nothing to launch.")
    _give_reason(turn, cycle, used)
    for template in used.values():
        templates.keep(turn.session, template.content_hash, template.id, document_of(template), turn.now)
    hashes = {name: template.content_hash for name, template in used.items()}
    frozen = [
        Participant(cycle.id, one.person_id, one.department, one.manager_id, hashes[one.department])
        for one in taking_part
    ]
    cycles.launch(turn.session, cycle.id, frozen, turn.now)
    rules.freeze(turn.session, cycle.id)
    timers.set_all(turn.session, _timetable(turn, cycle, taking_part))
    turn.note(Act.RUN_CYCLE, turn.person.id, f"cycle/{cycle.id}")
    _tell_hr(turn, cycle.id)


@flow.timer
def move_on(turn: Turn) -> None:
    """A stage opened: what HR sees says so."""
    _tell_hr(turn, turn.carry.split("/", maxsplit=1)[0])


@flow.home
def in_sight(turn: Turn) -> list[Block]:
    """For HR alone: the running cycles."""
    if turn.person not in people.holders(turn.session, people.HR):
        return []
    going = [_standing_of(turn, one) for one in cycles.every(turn.session) if one.launched]
    shown = [block for now in going if now.stage is not Stage.CLOSED for block in _standing(turn.t, now)]
    return [divider(), header(turn.t("The cycle")), *shown] if shown else []


# Inside -----------------------------------------------------------------------------------


def _last_day(kind: CycleKind, starts_on: date, chosen: date | None) -> date:
    if kind in MONTHS:
        return propose_end(kind, starts_on)
    if chosen is None:
        raise Refused("Please choose the last day as well.", field="ends_on")
    return chosen


def _serving(turn: Turn, departments: Iterable[str]) -> dict[str, Template]:
    """The template of each department that has one."""
    in_use = list(templates.in_use(turn.session, shipped()).values())
    found = {name: next((template for template in in_use if template.serves(name)), None) for name in departments}
    return {name: template for name, template in found.items() if template is not None}


def _templates(turn: Turn, cycle: Cycle) -> dict[str, Template]:
    found = _serving(turn, cycle.departments)
    if missing := [name for name in cycle.departments if name not in found]:
        raise Refused("No template serves any of your departments: {names}.", names=", ".join(missing))
    return found


def _lacking(turn: Turn, cycle: Cycle, used: Mapping[str, Template]) -> tuple[Item, ...]:
    return missing(readiness(standing.facts(turn.session, turn.today, used, cycle.departments)))


def _give_reason(turn: Turn, cycle: Cycle, used: Mapping[str, Template]) -> None:
    """While something is missing, a launch needs a reason, and keeps it."""
    lacking, reason = [item.kind for item in _lacking(turn, cycle, used)], turn.inputs.text("reason")
    if lacking and not reason:
        raise Refused("Please say why; it is kept with the cycle.", field="reason")
    if lacking:
        standing.launched_without(turn.session, cycle.id, lacking, reason, by=turn.person.id, at=turn.now)


def _roster(turn: Turn, cycle: Cycle) -> Roster:
    first = max(turn.today, cycle.starts_on)
    stints = cycles.stints_during(turn.session, first, cycle.ends_on, cycle.departments)
    return roster(stints, people.zones(turn.session), cycles.busy_during(turn.session, cycle.starts_on, cycle.ends_on))


def _timetable(turn: Turn, cycle: Cycle, taking_part: Sequence[Stint]) -> list[timers.Timer]:
    hr, zones = people.holders(turn.session, people.HR), people.zones(turn.session)
    moves = [
        timers.Timer(move_on.id, one.id, f"{cycle.id}/{stage}", opening(cycle.opens[stage], one.tz))
        for stage in DATED
        for one in hr
    ]
    return [*(timers.Timer(step, one, cycle.id, at) for step, one, at in timetable(cycle, taking_part, zones)), *moves]


def _standing_of(turn: Turn, cycle: Cycle) -> Standing:
    return Standing(
        cycle,
        cycle.stage_on(turn.today),
        cycles.count(turn.session, cycle.id),
        goals.count_agreed(turn.session, cycle.id),
    )


def _tell_hr(turn: Turn, cycle_id: str) -> None:
    now = _standing_of(turn, cycles.get(turn.session, cycle_id))
    for one in people.holders(turn.session, people.HR):
        turn.say(one, f"cycle/{cycle_id}/{one.id}", running, now)
