"""The steps of a cycle: HR opens one in three windows; then its stages open by themselves, where each person is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import (
    MONTHS,
    STAGE_MEANS,
    STAGE_NAMES,
    Cycle,
    CycleKind,
    Participant,
    Roster,
    Stage,
    check_period,
    check_stages,
    free_name,
    opening,
    propose_end,
    propose_period,
    propose_stages,
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
from bot.handlers.cycle import adopting, views
from bot.handlers.cycle.views import DATED, KIND, Delivery, Doing, Outside, Standing
from bot.slack import limits
from bot.slack.blocks import Block, divider, header
from bot.slack.flow import Flow, Open, Passage, Replace, Turn, known
from bot.sources.templates import shipped
from bot.store import cycles, first_word, goals, people, rules, templates, timers, uploads, zones
from bot.store import readiness as standing
from bot.store.uploads import UploadKind

flow = Flow("cycle")


@flow.command("cycle", N_("Open a cycle"), for_hr=True)
@flow.action
def begin(turn: Turn) -> Open:
    """HR wants to open a cycle."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    names = sorted({stint.department for stint in people.stints_on(turn.session, turn.today)} - {""})
    if not names:
        if any(kind is UploadKind.PEOPLE for _, kind, _ in uploads.undecided(turn.session, turn.person.id, turn.now)):
            raise Refused("Your file of people waits for your decision: type `/cairn`. Then you can open a cycle.")
        raise Refused(
            "I do not know your departments yet. First drop a file of your people into our messages, or type "
            "`/cairn import`."
        )
    served = list(_serving(turn, names))
    if not served:
        raise Refused("No template serves any of your departments: {names}.", names=", ".join(names))
    first, free = propose_period(KIND, turn.today, served, _launched(turn))
    return Open(
        views.period(turn.t, first, served, free, [name for name in names if name not in served], choose_period)
    )


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
        free_name(kind, starts_on, departments, [one.name for one in _launched(turn)]),
        kind,
        (starts_on, ends_on),
        adopting.dated(turn, kind, propose_stages(starts_on, ends_on, turn.today)),
        by=turn.person.id,
        at=turn.now,
        departments=departments,
    )
    return Replace(views.dates(turn.t, cycle, Side.EMPLOYEE, choose_dates))


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
    lacking, doing = _lacking(turn, cycle, used), Doing(launch, back_to_dates, turn.flows.steps["setup.go_back"])
    changed = adopting.told(turn, cycle, used)
    outside = _outside(turn, found)
    return Replace(views.summary(turn.t, cycle, found, outside, named, used, delivery, changed, lacking, doing))


@flow.action
def back_to_dates(turn: Turn) -> Replace:
    """Another look at the name and the dates, before the launch."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    cycle = cycles.get(turn.session, turn.carry)
    return Replace(views.dates(turn.t, cycle, first_word.begins(turn.session, cycle.id), choose_dates))


def _delivery(turn: Turn, cycle: Cycle, taking_part: Sequence[Stint]) -> Delivery | None:
    """How long the first message to everyone takes, when that is worth saying."""
    zone_of, day = zones.of_everyone(turn.session), cycle.opens[Stage.PLANNING]
    waves = Counter(max(opening(day, zone_of[one.person_id]), turn.now) for one in taking_part)
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
    cycles.hold(turn.session, cycle.starts_on, cycle.ends_on)
    adopting.adopt(turn, cycle, _templates(turn, cycle))
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
    _say_standing(turn, cycle.id)
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
    going = [one for one in _launched(turn) if one.stage_on(turn.today) is not Stage.CLOSED]
    shown = [block for one in going for block in views.standing(turn.t, _standing_of(turn, one))]
    return [divider(), header(turn.t("The cycle")), *shown] if shown else []


# Inside -----------------------------------------------------------------------------------


def _launched(turn: Turn) -> list[Cycle]:
    return [one for one in cycles.every(turn.session) if one.launched]


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
    busy = cycles.busy_during(turn.session, cycle.starts_on, cycle.ends_on)
    return roster(stints, zones.of_everyone(turn.session), busy)


def _outside(turn: Turn, found: Roster) -> Outside:
    told = {one.person_id for one in found.taking_part} | {one.person_id for one in found.left_out}
    others = {one.id for one in people.everyone(turn.session)} - told
    stints = people.stints_by_person(turn.session, *others) if others else {}
    placed = {who for who, some in stints.items() if some[-1].department}
    return Outside(len(others & placed), len(others - placed))


def _timetable(turn: Turn, cycle: Cycle, taking_part: Sequence[Stint]) -> list[timers.Timer]:
    hr, zone_of = people.holders(turn.session, people.HR), zones.of_everyone(turn.session)
    moves = [
        timers.Timer(move_on.id, one.id, f"{cycle.id}/{stage}", opening(cycle.opens[stage], one.tz))
        for stage in DATED
        for one in hr
    ]
    each = timetable(cycle, taking_part, zone_of)
    return [*(timers.Timer(step, one, cycle.id, at) for step, one, at in each), *moves]


def _standing_of(turn: Turn, cycle: Cycle) -> Standing:
    return Standing(
        cycle,
        cycle.stage_on(turn.today),
        cycles.count(turn.session, cycle.id),
        goals.count_agreed(turn.session, cycle.id),
    )


@flow.prompt_that(Attention.FREE)
def tell(turn: Turn) -> None:
    """Somebody of HR reads how a cycle stands, in a working hour of theirs."""
    _say_standing(turn, turn.carry)


def _say_standing(turn: Turn, cycle_id: str) -> None:
    now = _standing_of(turn, cycles.get(turn.session, cycle_id))
    turn.say(turn.person, _key(cycle_id, turn.person), views.running, now)


def _tell_hr(turn: Turn, cycle_id: str) -> None:
    """Bring every card of HR up to date; who has none yet gets theirs in a working hour."""
    now = _standing_of(turn, cycles.get(turn.session, cycle_id))
    for one in people.holders(turn.session, people.HR):
        if not turn.update(one, _key(cycle_id, one), views.running, now):
            turn.remind(tell, one.id, turn.now, cycle_id)


def _key(cycle_id: str, hr: Person) -> str:
    return f"cycle/{cycle_id}/{hr.id}"


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """When each stage of the person's cycle is, and what happens in it."""
    cycle = cycles.known_to(turn.session, turn.person.id, turn.today)
    if cycle is None:
        return []
    t, dated = turn.t, sorted(cycle.opens.items(), key=lambda opens: opens[1])
    source = t("Dates of {cycle}", cycle=cycle.name)
    return [
        Passage(source, t(STAGE_NAMES[stage]), views.stage_span(t, stage, first, following))
        for (stage, first), (_, following) in pairwise(dated)
        if stage in STAGE_MEANS
    ]
