"""Afterwards: the manager hears which talks are late; both look back on what they agreed after 30 and 60 days."""

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import DAY
from bot.domain.interview import MATTERS_FOR, is_late
from bot.handlers.interviews import cards
from bot.handlers.interviews.conversation import case_for, flow
from bot.slack.flow import Turn, known
from bot.store import cycles, interviews, people


@flow.timer
def overdue(turn: Turn) -> None:
    """A talk is late: whoever leads the person by now hears of it; while nobody does, it is looked at every day."""
    cycle_id, person_id, _ = turn.carried(3)
    talk = interviews.find(turn.session, cycle_id, person_id)
    if talk is None or talk.held_on or turn.today - talk.released_on > MATTERS_FOR:
        return
    if leader := interviews.leader_of(turn.session, person_id, turn.today):
        turn.remind(nudge, leader.id, turn.now, f"{cycle_id}/{turn.today}")
    else:
        turn.remind(overdue, "", turn.now + DAY, turn.carry)


@flow.prompt_that(Attention.REMINDS)
def nudge(turn: Turn) -> None:
    """All talks with people of mine that are late, in one message a day."""
    cycle_id, day = turn.carried(2)
    reports = {one.id: one for one in people.reports_of(turn.session, turn.person.id, turn.today)}
    found = interviews.of_people(turn.session, reports)
    late = [reports[one.person_id] for one in found if one.cycle_id == cycle_id and is_late(one, turn.today)]
    if late:
        key = f"interviews/{cycle_id}/{turn.person.id}/late/{day}"
        turn.say(turn.person, key, cards.late, cycles.get(turn.session, cycle_id), late)


@flow.prompt_that(Attention.EXPIRES)
def look_back(turn: Turn) -> None:
    """What the two agreed, and how it stands; where nothing is open any more there is nothing to ask."""
    cycle_id, person_id, days = turn.carried(3)
    talk = interviews.find(turn.session, cycle_id, person_id)
    if talk is None or not turn.may(Act.PREPARE_INTERVIEW, person_id):
        return
    case = case_for(turn, talk, turn.person)
    if any(one.done_at is None for one in case.actions):
        key = f"interviews/{cycle_id}/{person_id}/{turn.person.id}/after/{days}"
        turn.say(turn.person, key, cards.look_back, case, known(int, days))
