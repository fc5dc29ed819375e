"""The facts of a result's page, gathered for one reader after asking whether they may."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.access import Act
from bot.domain.cadence import working_days_between
from bot.domain.calibration import counting
from bot.domain.cycle import Cycle
from bot.domain.interview import answer_until, may_answer
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.template import Group
from bot.handlers.delivery.appealed import appealed_of
from bot.handlers.delivery.charts import Compared
from bot.handlers.delivery.parts import Answers, Opened
from bot.handlers.delivery.reasons import reasons_in
from bot.slack.flow import Turn
from bot.store import calibrations, cycles, goals, interviews, people, released, results, reviewers, reviews, templates
from bot.store.released import JOINED, GroupSummary
from bot.store.results import Result


def open_for(turn: Turn, cycle_id: str, person_id: str) -> Opened:
    """A released result with all that this reader may see of it; looking at somebody else's leaves a trace."""
    turn.must(Act.SEE_RESULT, person_id)
    session, person = turn.session, people.get(turn.session, person_id)
    result = results.result(session, cycle_id, person_id)
    if result is None or result.released_at is None or person is None:
        raise Refused("This result has not been released.")
    own = person_id == turn.person.id
    check_shown(turn, result)
    if not own or results.opened(session, cycle_id, person_id, turn.now):
        turn.note(Act.SEE_RESULT, person_id, cycle_id)
    taker, review = (
        cycles.participant(session, cycle_id, person_id),
        reviews.manager_review(session, cycle_id, person_id),
    )
    review = review if review and review.sent else None
    words = own or turn.may(Act.READ_FEEDBACK, person_id)
    return Opened(
        cycle=cycles.get(session, cycle_id),
        person=person,
        result=result,
        own=own,
        words=words,
        manager=interviews.leader_of(session, person_id, turn.today),
        review=review,
        author=people.get(session, review.author_id) if review else None,
        written_for=reviewers.written_for(session, taker, review),
        groups=released.summary(session, cycle_id, person_id) if words else (),
        template=templates.template_of(session, taker.template) if taker.template else None,
        changes=counting(calibrations.changes_in(session, cycle_id, [person_id]), result.formula_band),
        answers=answers_to(turn, result) if own else None,
        appealed=appealed_of(turn, result, own=own),
        asks=turn.flows.steps["asking.about"] if own else None,
        reasons=reasons_in(review, goals.agreed_goals(session, cycle_id, person_id), result.outcome.band),
    )


def check_shown(turn: Turn, result: Result) -> None:
    """Refuse a person whose own result waits for the talk; everybody else sees it by the table of rights."""
    if result.person_id == turn.person.id:
        interviews.check_shown(turn.session, result, turn.today, turn.workdays(turn.person))


def answers_to(turn: Turn, result: Result) -> Answers:
    """Whether somebody may still say what they think of their own result, and until when.

    One that an appeal has changed since they opened it is computed later than that: its days begin anew.
    """
    works, talk = turn.workdays(turn.person), interviews.find(turn.session, result.cycle_id, result.person_id)
    talked_on, talked_at = (talk.held_on, talk.marked_at) if talk else (None, None)
    seen_at = max(result.opened_at or turn.now, result.computed_at)
    until = answer_until(_day_of(turn, seen_at), talked_on, works)
    left = working_days_between(turn.today, until, works)
    return Answers(may_answer(result.answered_at, talked_at, turn.today, until), until, left, talked_at)


def _day_of(turn: Turn, at: datetime) -> date:
    return at.astimezone(ZoneInfo(turn.person.tz)).date()


def compared(turn: Turn, opened: Opened) -> list[Compared]:
    """The topics that were rated, as this reader may see them: self, colleagues as the group they are, manager."""
    session, template = turn.session, opened.template
    own = reviews.self_review(session, opened.cycle.id, opened.person.id)
    if template is None:
        return []
    mine = own.competencies if own and own.sent else {}
    theirs = opened.review.competencies if opened.review else {}
    peers = {one.topic_id: one.shown for group in opened.groups if _of_peers(group) for one in group.topics}
    names = {one.id: one.name.read(turn.t.language) for one in (*template.feedback, *template.competencies)}
    found = [Compared(name, mine.get(one), peers.get(one), theirs.get(one)) for one, name in names.items()]
    return [one for one in found if one.own or one.peers or one.manager]


def _of_peers(group: GroupSummary) -> bool:
    return group.group.partition(JOINED)[0] == Group.PEER


def year_of(turn: Turn) -> list[tuple[Cycle, Result]]:
    """My results that end in the twelve months up to the newest one, each with its tree, the newest first."""
    works, session = turn.workdays(turn.person), turn.session
    mine = [
        (cycles.get(session, one.cycle_id), one)
        for one in results.released_in(session, [turn.person.id])
        if interviews.may_see(session, one, turn.today, works)
    ]
    found = sorted(mine, key=lambda each: each[0].ends_on, reverse=True)
    since = found[0][0].ends_on - timedelta(days=365) if found else turn.today
    whole = [(cycle, results.result(session, cycle.id, turn.person.id)) for cycle, _ in found if cycle.ends_on > since]
    return [(cycle, one) for cycle, one in whole if one]


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
