"""The facts of a result's page, gathered for one reader after asking whether they may."""

import re

from bot.domain.access import Act
from bot.domain.calibration import counting
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.handlers.delivery.appealed import appealed_of
from bot.handlers.delivery.parts import Opened
from bot.slack.flow import Turn
from bot.store import calibrations, cycles, people, released, results, reviews, templates
from bot.store.results import Result

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def open_for(turn: Turn, cycle_id: str, person_id: str) -> Opened:
    """A released result with all that this reader may see of it; looking at somebody else's leaves a trace."""
    turn.must(Act.SEE_RESULT, person_id)
    session, person = turn.session, people.get(turn.session, person_id)
    result = results.result(session, cycle_id, person_id)
    if result is None or result.released_at is None or person is None:
        raise Refused("This result has not been released.")
    own = person_id == turn.person.id
    if not own or results.opened(session, cycle_id, person_id, turn.now):
        turn.note(Act.SEE_RESULT, person_id, cycle_id)
    taker, review = (
        cycles.participant(session, cycle_id, person_id),
        reviews.manager_review(session, cycle_id, person_id),
    )
    return Opened(
        cycle=cycles.get(session, cycle_id),
        person=person,
        result=result,
        own=own,
        words=own or turn.may(Act.READ_FEEDBACK, person_id),
        manager=people.manager_of(session, person_id, turn.today),
        review=review if review and review.sent else None,
        author=people.get(session, review.author_id) if review else None,
        groups=released.summary(session, cycle_id, person_id),
        template=templates.template_of(session, taker.template) if taker.template else None,
        changes=counting(calibrations.changes_in(session, cycle_id, [person_id]), result.formula_band),
        appealed=appealed_of(turn, result, own=own),
    )


def team_of(turn: Turn) -> list[tuple[Person, Result, str]]:
    """My reports with their newest released results and the names of the cycles."""
    reports = {one.id: one for one in people.reports_of(turn.session, turn.person.id, turn.today)}
    newest: dict[str, Result] = {}
    for one in results.released_in(turn.session, reports):
        newest.setdefault(one.person_id, one)
    return [
        (person, newest[person.id], cycles.get(turn.session, newest[person.id].cycle_id).name)
        for person in reports.values()
        if person.id in newest
    ]


def named(turn: Turn, typed: str) -> Person:
    """Somebody by mention or by name."""
    if mentioned := MENTION.match(typed):
        person = people.get(turn.session, mentioned[1])
    else:
        wanted = typed.lstrip("@").casefold()
        person = next((one for one in people.everyone(turn.session) if one.name.casefold() == wanted), None)
    if person is None:
        raise Refused("I do not know “{name}”. Write the name as Slack shows it.", name=typed[:80])
    return person
