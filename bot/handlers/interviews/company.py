"""What HR sees of talks about results: how many were held, how many are late, who has nobody; and when results open."""

from statistics import median_low

from bot.domain.access import Act
from bot.domain.cadence import add_working_days
from bot.domain.interview import MATTERS_FOR, NUDGES, Interview
from bot.domain.org import Person
from bot.domain.policy import with_result_shown
from bot.handlers.interviews import lists, opening
from bot.handlers.interviews.conversation import flow
from bot.slack.flow import Replace, Task, Turn
from bot.store import cycles, interviews, people, policy


def told(turn: Turn) -> lists.Told:
    """Count the newest cycle that has talks."""
    cycle_id = interviews.newest_cycle(turn.session)
    found = interviews.in_cycle(turn.session, cycle_id) if cycle_id else []
    took = interviews.days_to_talk(turn.session, cycle_id) if cycle_id else []
    waiting = [one for one in found if one.held_on is None]
    return lists.Told(
        cycles.get(turn.session, cycle_id) if cycle_id else None,
        len(found),
        len(found) - len(waiting),
        len(_late(turn, waiting)),
        median_low(took) if took else None,
        _alone(turn, waiting),
        policy.current(turn.session).result_shown,
    )


def _late(turn: Turn, waiting: list[Interview]) -> list[Interview]:
    """Those that are late although their manager was reminded twice."""
    works, last = turn.workdays(turn.person), NUDGES[-1]
    reminded = {day: add_working_days(day, last, works) for day in {one.due_on for one in waiting}}
    return [one for one in waiting if turn.today > reminded[one.due_on]]


def _alone(turn: Turn, waiting: list[Interview]) -> tuple[Person, ...]:
    """People who wait for a talk and have nobody to hold it."""
    managers = people.managers_on(turn.session, turn.today)
    wanted = {one.person_id for one in waiting}
    known = people.named(turn.session, wanted | {managers.get(one, "") for one in wanted} - {""})
    there = {one for one, person in known.items() if person.takes_part}
    alone = [known[one] for one in wanted & there if managers.get(one, "") not in there - {one}]
    return tuple(sorted(alone, key=lambda one: (one.name, one.id)))


def tasks(turn: Turn) -> list[Task]:
    """Talks that do not come about by themselves."""
    t, waiting = turn.t, interviews.open_since(turn.session, turn.today - MATTERS_FOR)
    late, alone = len(_late(turn, waiting)), len(_alone(turn, waiting)) if waiting else 0
    said = [
        t.plural("One talk about a result is late", "{n} talks about results are late", late) if late else None,
        t.plural("One person has nobody to talk with about their result",
                 "{n} people have nobody to talk with about their result", alone) if alone else None,
    ]  # fmt: skip
    return [Task(one, t("Look"), opening.show) for one in said if one]


# When results open ------------------------------------------------------------------------


@flow.action
def choose_shown(turn: Turn) -> Replace:
    """HR chooses when people see their result."""
    turn.must(Act.SEE_INTERVIEWS, turn.person.id)
    return Replace(lists.shown_form(turn.t, policy.current(turn.session).result_shown))


@flow.view
def keep_shown(turn: Turn) -> Replace:
    """Keep it; who has seen theirs keeps seeing it."""
    turn.must(Act.SEE_INTERVIEWS, turn.person.id)
    kept = with_result_shown(policy.current(turn.session), turn.inputs.text("result_shown"))
    policy.keep(turn.session, kept, by=turn.person.id, at=turn.now)
    turn.note(Act.SEE_INTERVIEWS, turn.person.id, f"policy/{kept.result_shown}")
    return Replace(lists.overview(turn.t, [], turn.today, told(turn)))
