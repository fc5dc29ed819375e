"""The manager's digest: one message a round, acknowledged once."""

from bot.domain.access import Act
from bot.domain.cadence import next_civil_hour
from bot.domain.checkin import Checkin
from bot.domain.refusal import Refused
from bot.handlers.checkins import asking, views
from bot.handlers.checkins.conversation import day_of, digest_key, digest_of, flow, workdays_of
from bot.slack.flow import Turn
from bot.store import checkins, people


@flow.timer
def digest(turn: Turn) -> None:
    """Tell a manager how the round went; on a day off, the next working morning."""
    cycle_id, day = turn.carried(2)
    civil = next_civil_hour(turn.now, turn.person.tz, workdays_of(turn, turn.person, asked=False))
    if civil > turn.now:
        turn.remind(digest, turn.person.id, civil, turn.carry)
        return
    facts = digest_of(turn, cycle_id, turn.person, day_of(day))
    if not facts.lines:
        return
    turn.say(turn.person, digest_key(cycle_id, turn.person.id, facts.day), views.digest, facts)
    told = [line.checkin for line in facts.lines]
    checkins.tell(turn.session, told)
    for one in told:
        asking.say_card(turn, one)


def say(turn: Turn, checkin: Checkin) -> None:
    """Bring a digest that is out already up to date."""
    manager = people.get(turn.session, checkin.manager_id)
    if manager and checkin.digest_on:
        facts = digest_of(turn, checkin.cycle_id, manager, checkin.digest_on)
        turn.say(manager, digest_key(checkin.cycle_id, manager.id, checkin.digest_on), views.digest, facts)


@flow.action
def acknowledge(turn: Turn) -> None:
    """The manager has read it; each person's card says so."""
    cycle_id, day = turn.carried(2)
    facts = digest_of(turn, cycle_id, turn.person, day_of(day))
    if not facts.answered:
        raise Refused("There is nothing here for you to acknowledge any more.")
    for line in facts.answered:
        if checkins.acknowledge(turn.session, line.checkin, turn.now):
            turn.note(Act.SEE_CHECKINS, line.person.id, f"{cycle_id}/{line.checkin.day}")
            asking.say_card(turn, line.checkin)
    after = digest_of(turn, cycle_id, turn.person, facts.day)
    turn.say(turn.person, digest_key(cycle_id, turn.person.id, facts.day), views.digest, after)
