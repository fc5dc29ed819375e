"""Joining, moving and leaving while a cycle runs: once a day the people who take part are compared with the company."""

from datetime import UTC, date, datetime, time, timedelta

from bot.domain.attention import Attention
from bot.domain.cascade import name_of
from bot.domain.cycle import Cycle, Participant, opening
from bot.domain.moves import Moves, moves, placed_anew, templates_in
from bot.domain.org import Person, Stint
from bot.domain.timetable import FOR_EACH
from bot.handlers.goals import looking
from bot.handlers.goals.talk import OPEN, flow
from bot.slack.blocks import Message, button, buttons, section
from bot.slack.flow import Turn
from bot.slack.text import bold, bullets, lines
from bot.slack.words import Words
from bot.store import cycles, goal_stints, goals, objectives, people

HOUR = time(4)
"""When people are compared, UTC."""

# What people see --------------------------------------------------------------------------


def for_hr(t: Words, cycle: Cycle, found: dict[str, list[str]]) -> Message:
    """Who came and who moved since the day before."""
    text = t("People of {cycle} changed.", cycle=cycle.name)
    said = {
        "joined": t("Take part from now on: {names}", names=t.names(found["joined"])),
        "moved": t("Moved to another department, with goals for each part: {names}", names=t.names(found["moved"])),
    }
    return Message(text, [section(lines(bold(text), bullets(said[kind] for kind in said if found[kind])))])


def for_mover(t: Words, cycle: Cycle, stands: Participant, manager: Person, last_day: date | None) -> Message:
    """A new role: what was agreed counts until then, if anything was; what comes is agreed anew."""
    text = t("A new role, new goals for {cycle}.", cycle=cycle.name)
    what = t("From now on you agree goals for {department} with {name}. None were agreed before, so none count.",
             department=stands.department, name=manager)  # fmt: skip
    if last_day:
        what = t("What you had agreed counts until {day}. From now on you agree goals for {department} with {name}; "
                 "the result weighs both parts by their working days.", day=last_day, department=stands.department,
                 name=manager)  # fmt: skip
    go = button(t("Draft your goals"), does=looking.look, carry=f"{cycle.id}/{stands.person_id}", style="primary")
    return Message(text, [section(lines(bold(text), what)), buttons(go)])


def for_former_manager(t: Words, cycle: Cycle, person: Person, last_day: date) -> Message:
    """For who lets somebody go: their goals stay, and a word to the next manager helps."""
    text = t("{name} has moved to another department.", name=person)
    what = t("The goals you agreed for {cycle} count until {day}. Please tell the new manager how far they are.",
             cycle=cycle.name, day=last_day)  # fmt: skip
    return Message(text, [section(lines(bold(text), what))])


def for_next_manager(t: Words, cycle: Cycle, person: Person) -> Message:
    """For who takes somebody on."""
    text = t("{name} has joined your team.", name=person)
    what = t("Please agree goals for the rest of {cycle}.", cycle=cycle.name)
    see = button(t("See the goals"), does=looking.look, carry=f"{cycle.id}/{person.id}")
    return Message(text, [section(lines(bold(text), what), see)])


def for_hr_of_leaver(t: Words, person: Person, supported: list[str], parts: list[str]) -> Message:
    """Somebody left, and what they carried falls free."""
    text = t("{name} has left, and what they carried falls free.", name=person)
    said = [
        t("Their goals no longer count for: {names}", names=t.names(supported)) if supported else None,
        t("Still in their name, to be changed or taken back under `/cairn objectives`: {names}", names=t.names(parts))
        if parts
        else None,
    ]
    return Message(text, [section(lines(bold(text), bullets(one for one in said if one)))])


# What happens -----------------------------------------------------------------------------


def tomorrow(turn: Turn) -> datetime:
    """The next time people are compared."""
    return datetime.combine(turn.now.astimezone(UTC).date() + timedelta(days=1), HOUR, UTC)


@flow.timer
def look_around(turn: Turn) -> None:
    """Once a day, as long as goals may be agreed."""
    cycle = cycles.get(turn.session, turn.carry)
    if cycle.stage_on(turn.today) not in OPEN:
        return
    turn.remind(look_around, "", tomorrow(turn), cycle.id)
    cycles.hold(turn.session, cycle.starts_on, cycle.ends_on)  # a launch takes the same people in
    found = _found(turn, cycle)
    taking_part = templates_in(cycles.participants(turn.session, cycle.id))
    for stint in found.joined:
        _take_in(turn, cycle, stint, taking_part[stint.department])
    for participant, stint in found.moved:
        _move(turn, cycle, participant, stint, taking_part[stint.department])
    _tell_hr(turn, cycle, found)


# Inside -----------------------------------------------------------------------------------


def _found(turn: Turn, cycle: Cycle) -> Moves:
    present = {one.id for one in people.everyone(turn.session)}
    busy = cycles.busy_during(turn.session, cycle.starts_on, cycle.ends_on)
    return moves(cycles.participants(turn.session, cycle.id), people.stints_on(turn.session, turn.today), present, busy)


def _take_in(turn: Turn, cycle: Cycle, stint: Stint, template: str) -> None:
    """Somebody joined: they take part from today, and everything begins for them as it did for the others."""
    cycles.take_in(turn.session, Participant(cycle.id, stint.person_id, stint.department, stint.manager_id, template))
    _begin(turn, cycle, stint.person_id)
    turn.note("joins_cycle", stint.person_id, f"cycle/{cycle.id}")


def _begin(turn: Turn, cycle: Cycle, person_id: str) -> None:
    person = people.get(turn.session, person_id)
    for stage, step in FOR_EACH:
        if person and stage in cycle.opens:
            turn.remind(step, person_id, opening(max(cycle.opens[stage], turn.today), person.tz), cycle.id)


def _move(turn: Turn, cycle: Cycle, participant: Participant, stint: Stint, template: str) -> None:
    """Somebody changed departments: both stints count, each with its goals and its manager."""
    sheet = goals.opened(turn.session, cycle.id, participant.person_id)
    earlier = goal_stints.of(turn.session, cycle.id, [participant.person_id]).get(participant.person_id, ())
    first = max([cycle.starts_on, *(one.last_day + timedelta(days=1) for one in earlier)])
    last = stint.starts_on - timedelta(days=1)
    if last >= first:
        goal_stints.close(turn.session, participant, sheet, (first, last), turn.now)
    cycles.take_in(turn.session, placed_anew(participant, stint, template))
    turn.note("moves_in_cycle", participant.person_id, f"goals/{cycle.id}/{participant.person_id}/{last}")
    turn.remind("goals.invite", participant.person_id, turn.now, cycle.id)
    turn.remind(tell_of_move, participant.person_id, turn.now, f"{cycle.id}/{participant.manager_id}/{last}")


@flow.prompt_that(Attention.BRINGS)
def tell_of_move(turn: Turn) -> None:
    """The person, in a working hour of theirs; their managers then, in theirs."""
    cycle_id, former_id, last = turn.carried(3)
    cycle, me = cycles.get(turn.session, cycle_id), turn.person
    manager = people.manager_of(turn.session, me.id, turn.today)
    stands = cycles.participant(turn.session, cycle_id, me.id)
    if manager is None:
        return
    past = goal_stints.of(turn.session, cycle_id, [me.id]).get(me.id, ())
    counts = next((one.last_day for one in past if one.goals and one.last_day.isoformat() == last), None)
    turn.say(me, f"goals/{cycle_id}/{me.id}/move/{last}", for_mover, cycle, stands, manager, counts)
    turn.remind(tell_manager, manager.id, turn.now, f"{cycle_id}/{me.id}/{last}/next")
    if counts:
        turn.remind(tell_manager, former_id, turn.now, f"{cycle_id}/{me.id}/{last}/former")


@flow.prompt
def tell_manager(turn: Turn) -> None:
    """Who lets somebody go, and who takes them on."""
    cycle_id, person_id, last, which = turn.carried(4)
    cycle, person = cycles.get(turn.session, cycle_id), people.get(turn.session, person_id)
    if person is None:
        return
    key = f"goals/{cycle_id}/{person_id}/move/{last}/{which}"
    if which == "next":
        turn.say(turn.person, key, for_next_manager, cycle, person)
    else:
        turn.say(turn.person, key, for_former_manager, cycle, person, date.fromisoformat(last))


def _tell_hr(turn: Turn, cycle: Cycle, found: Moves) -> None:
    joined, moved = [one.person_id for one in found.joined], [one.person_id for one, _ in found.moved]
    if joined or moved:
        carry = f"{cycle.id}/{turn.today}/{','.join(joined)}/{','.join(moved)}"
        for one in people.holders(turn.session, people.HR):
            turn.remind(tell_hr, one.id, turn.now, carry)
    for person_id in found.left:
        for one in people.holders(turn.session, people.HR):
            turn.remind(tell_of_leaver, one.id, turn.now, f"{cycle.id}/{person_id}")


@flow.prompt
def tell_hr(turn: Turn) -> None:
    """Somebody of HR, in a working hour of theirs."""
    cycle_id, day, *groups = turn.carry.split("/")
    ids = dict(zip(("joined", "moved"), (group.split(",") if group else [] for group in groups), strict=True))
    named = people.named(turn.session, [each for group in ids.values() for each in group])
    names = {kind: [named[each].name for each in group if each in named] for kind, group in ids.items()}
    key = f"goals/{cycle_id}/moves/{day}/{turn.person.id}"
    turn.say(turn.person, key, for_hr, cycles.get(turn.session, cycle_id), names)


@flow.prompt
def tell_of_leaver(turn: Turn) -> None:
    """Somebody of HR, in a working hour: said once, and kept up to date while something of it is left."""
    cycle_id, person_id = turn.carried(2)
    person = people.get(turn.session, person_id)
    if person is None or person.takes_part:
        return
    ids = {one.objective_id for one in objectives.supported_by(turn.session, cycle_id, person_id)}
    supported = [name_of(one) for one in objectives.some(turn.session, ids)]
    wanted = objectives.looked_after(turn.session, person_id, turn.today)
    parts = [name_of(one) for one in wanted if one.owner_id == person_id]
    if supported or parts:
        turn.say(turn.person, f"goals/{cycle_id}/left/{person_id}/{turn.person.id}", for_hr_of_leaver, person,
                 supported, parts)  # fmt: skip
