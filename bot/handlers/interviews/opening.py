"""Where talks about results are found: one's own, those of one's team, and for HR how they go."""

from collections.abc import Sequence

from bot.domain.access import Act
from bot.domain.interview import MATTERS_FOR, Interview, Side
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.handlers.interviews import company, following, lists, views
from bot.handlers.interviews.conversation import Case, case_for, case_of, flow
from bot.slack.flow import Open, Task, Turn
from bot.slack.whom import named
from bot.store import cycles, interviews, people


@flow.command("interview", N_("The talk about a result: prepare it, its agenda, minutes and what you agreed"))
@flow.action
def show(turn: Turn) -> Open:
    """Open the talk with somebody named; else one's own, or the list of all where there are several."""
    if typed := turn.carry.strip():
        whom = named(turn, typed)
        turn.must(Act.PREPARE_INTERVIEW, whom.id)
        found = interviews.of_people(turn.session, [whom.id])[:1]
        if not found:
            raise Refused("There is no talk about this result. It comes with the release.")
        return _opened(turn, case_for(turn, found[0], turn.person))
    mine, team = _found(turn)
    told = company.told(turn) if turn.may(Act.SEE_INTERVIEWS, turn.person.id) else None
    if mine and not team and told is None:
        return _opened(turn, case_for(turn, mine[0], turn.person))
    rows = [lists.Row(talk, named, cycles.get(turn.session, talk.cycle_id)) for talk, named in _named(turn, mine, team)]
    return Open(lists.overview(turn.t, rows, turn.today, told))


@flow.action
def look(turn: Turn) -> Open:
    """Open the talk that a button names."""
    return _opened(turn, case_of(turn))


def _opened(turn: Turn, case: Case) -> Open:
    following.looked(turn, case.talk)
    return Open(views.page_of(turn.t, case))


def _found(turn: Turn) -> tuple[list[Interview], list[Interview]]:
    """The talk about my newest result, and that of each who reports to me."""
    reports = people.reports_of(turn.session, turn.person.id, turn.today)
    newest: dict[str, Interview] = {}
    for one in interviews.of_people(turn.session, [turn.person.id, *(each.id for each in reports)]):
        newest.setdefault(one.person_id, one)
    mine = newest.pop(turn.person.id, None)
    return [mine] if mine else [], list(newest.values())


def _named(turn: Turn, mine: Sequence[Interview], team: Sequence[Interview]) -> list[tuple[Interview, str]]:
    known = people.named(turn.session, [one.person_id for one in (*mine, *team)])
    return [(one, known[one.person_id].name) for one in (*mine, *team)]


# What waits -------------------------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """Talks to prepare, minutes to write and to read; for HR, talks that do not come about."""
    mine, team = ([one for one in some if turn.today - one.released_on <= MATTERS_FOR] for some in _found(turn))
    found = [task for one in mine for task in _own(turn, one)]
    found += [task for one in team for task in _to_lead(turn, one)][:MOST]
    return [*found, *(company.tasks(turn) if turn.may(Act.SEE_INTERVIEWS, turn.person.id) else [])]


MOST = 5
"""Tasks about talks with one's team; the list has all of them."""


def _own(turn: Turn, one: Interview) -> list[Task]:
    t, cycle = turn.t, cycles.get(turn.session, one.cycle_id)
    carry = f"{one.cycle_id}/{one.person_id}"
    if one.posted_at and one.seen_at is None:
        return [
            Task(t("The minutes of your talk about {cycle} are there.", cycle=cycle.name), t("Read them"), look, carry)
        ]
    if one.held_on or Side.PERSON in interviews.prepared(turn.session, one.cycle_id, one.person_id):
        return []
    if interviews.leader_of(turn.session, one.person_id, turn.today) is None:
        return []
    text = t("Your talk about {cycle} comes: a few minutes to prepare it.", cycle=cycle.name)
    return [Task(text, t("Prepare the talk"), look, carry, one.on(t.tz))]


def _to_lead(turn: Turn, one: Interview) -> list[Task]:
    t, me, person = turn.t, turn.person.id, people.get(turn.session, one.person_id)
    carry = f"{one.cycle_id}/{one.person_id}"
    if person is None or one.posted_at:
        return []
    if one.held_on:
        return _to_minute(turn, one, person) if interviews.reads_prepared(turn.session, one, me, turn.today) else []
    text = t("The talk with {name} about the result comes by {day}.", name=person, day=t.weekday(one.on(t.tz)))
    return [Task(text, t("Open"), look, carry, one.on(t.tz))]


def _to_minute(turn: Turn, one: Interview, person: Person) -> list[Task]:
    """The minutes of a talk are owed by who held it, or whom they stood in for; not by who leads the person since."""
    t, carry = turn.t, f"{one.cycle_id}/{one.person_id}"
    text = t("You talked with {name}; the minutes are still to come.", name=person)
    if one.manager_id != turn.person.id and (held := people.get(turn.session, one.manager_id)):
        text = t("{other} talked with {name}; the minutes are still to come.", other=held, name=person)
    return [Task(text, t("Open"), look, carry)]
