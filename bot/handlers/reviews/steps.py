"""Reviews: how people see their own work, how managers see it, and nothing that comes as a surprise."""

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.review import Kind
from bot.handlers.reviews import cards, windows
from bot.handlers.reviews.case import Case, case_of, kind_of, last_day, may_reopen, must_be_open
from bot.handlers.reviews.conversation import flow
from bot.handlers.reviews.hours import managers_asked, once_more_at
from bot.handlers.reviews.owing import ask_author, reasons_waiting
from bot.handlers.reviews.pages import answered, only_asked, page_at, pages_of
from bot.handlers.reviews.team import (
    assessing,
    ratings_given,
    reviewers_of,
    reviews_waiting,
    self_waits,
    takes_part,
    team_of,
)
from bot.slack.blocks import View
from bot.slack.flow import Answer, Errors, FormReply, Open, Replace, Reply, Task, Turn
from bot.slack.text import Text
from bot.slack.training import READ
from bot.slack.words import Words
from bot.store import cycles, reviews

ACTS = {Kind.SELF: Act.REVIEW_SELF, Kind.MANAGER: Act.REVIEW_AS_MANAGER}


# When the time comes ----------------------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def invite_self(turn: Turn) -> None:
    """Ask somebody for their self-review."""
    cycle = cycles.get(turn.session, turn.carry)
    if not self_waits(turn, cycle):
        return
    turn.say(
        turn.person,
        _self_key(cycle, turn.person),
        cards.invitation,
        cycle,
        last_day(cycle),
        open_self,
        turn.flows.steps[READ],
    )
    turn.remind(remind_self, turn.person.id, once_more_at(turn), cycle.id)


@flow.prompt_that(Attention.REMINDS)
def remind_self(turn: Turn) -> None:
    """Ask once more."""
    cycle = cycles.get(turn.session, turn.carry)
    if self_waits(turn, cycle):
        key = f"{_self_key(cycle, turn.person)}/again"
        turn.say(turn.person, key, cards.reminder, cycle, last_day(cycle), open_self)


@flow.prompt_that(Attention.EXPIRES)
def invite_manager(turn: Turn) -> None:
    """Show a manager whom to review."""
    cycle = cycles.get(turn.session, turn.carry)
    if not reviews_waiting(turn, cycle):
        return
    _say_team(turn, cycle, turn.person)
    turn.remind(remind_manager, turn.person.id, once_more_at(turn), cycle.id)


@flow.prompt_that(Attention.REMINDS)
def remind_manager(turn: Turn) -> None:
    """Say once more how many reviews wait."""
    cycle = cycles.get(turn.session, turn.carry)
    waiting = reviews_waiting(turn, cycle)
    if waiting:
        key = f"{_team_key(cycle, turn.person)}/again"
        turn.say(turn.person, key, cards.team_reminder, cycle, last_day(cycle), waiting, show_team)


# Ways in ----------------------------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """One's own review, those of one's team from the day managers are asked, and reasons that are owed."""
    return [*(task for cycle in assessing(turn) for task in _tasks(turn, cycle)), *reasons_waiting(turn)]


@flow.command("review", N_("Write the reviews that are open"))
@flow.action
def review(turn: Turn) -> Reply:
    """Open what is open: first one's own, then one's team's, then what was sent."""
    open_now = assessing(turn)
    mine = [one for one in open_now if takes_part(turn, one)]
    led = [one for one in open_now if team_of(turn, one, turn.person.id)]
    if own := next((one for one in mine if self_waits(turn, one)), None):
        return _open_own(turn, own.id)
    if led:
        return _team(turn, led[0])
    return _open_own(turn, mine[0].id) if mine else Answer(cards.nothing_open(turn.t))


@flow.action
def open_self(turn: Turn) -> Reply:
    """Go on with one's own review, or look at it."""
    (cycle_id,) = turn.carried(1)
    return _open_own(turn, cycle_id)


@flow.action
def show_team(turn: Turn) -> Reply:
    """List whom to review."""
    (cycle_id,) = turn.carried(1)
    return _team(turn, cycles.get(turn.session, cycle_id))


@flow.action
def open_report(turn: Turn) -> Reply:
    """Show a manager what is known of a report, and their review of it."""
    cycle_id, person_id = turn.carried(2)
    case = case_of(turn, cycle_id, person_id, Kind.MANAGER)
    turn.note(Act.SEE_REVIEW, person_id, f"review/{cycle_id}")
    return Replace(windows.known(turn.t, case, STEPS, may_reopen=may_reopen(turn, case)))


# Writing ----------------------------------------------------------------------------------


@flow.action
def write(turn: Turn) -> Reply:
    """Go on where something is still missing."""
    return Open(_where_it_stands(turn, _open_case(turn)))


@flow.view
def keep(turn: Turn) -> FormReply:
    """Keep a page as a draft, whatever is in it; go on when it is complete."""
    case, key = _case_and_page(turn)
    pages = pages_of(turn.t, case)
    here = pages[page_at(pages, key)]
    case = case.having(answered(case, here, turn.inputs))
    _keep(turn, case)
    wrong = {name: turn.t.say(one) for name, one in case.problems.items() if name in here.fields}
    return Errors(wrong) if wrong else Replace(_after(turn, case, key))


@flow.action
def back(turn: Turn) -> Reply:
    """Keep what this page has so far and show the one before."""
    case, key = _case_and_page(turn)
    pages = pages_of(turn.t, case)
    if key == windows.LAST_LOOK:
        return Replace(windows.asking(turn.t, case, pages, len(pages) - 1, STEPS))
    n = page_at(pages, key)
    case = case.having(answered(case, pages[n], turn.inputs))
    _keep(turn, case)
    return Replace(windows.asking(turn.t, case, pages_of(turn.t, case), max(n - 1, 0), STEPS))


@flow.view
def send(turn: Turn) -> FormReply:
    """Freeze a complete review and tell whom it concerns."""
    case = _open_case(turn)
    if case.problems:
        return Replace(_where_it_stands(turn, case, missing=True))
    reviews.keep(turn.session, only_asked(case.review, pages_of(turn.t, case)), case.begun_by)
    reviews.send(turn.session, case.review, turn.now, case.attained)
    turn.note(ACTS[case.review.kind], case.person.id, f"review/{case.cycle.id}/sent")
    _tell(turn, case)
    ask_author(turn, case)
    return Replace(_sent(turn, _case(turn)))


@flow.action
def reopen(turn: Turn) -> Reply:
    """Make a sent review a draft again."""
    case = _case(turn)
    must_be_open(turn, case.cycle)
    if not may_reopen(turn, case):
        raise Refused("Your manager has sent their review, so yours stands as it is.")
    reviews.reopen(turn.session, case.review)
    turn.note(ACTS[case.review.kind], case.person.id, f"review/{case.cycle.id}/reopened")
    _tell(turn, case)
    return Replace(_where_it_stands(turn, _case(turn)))


STEPS = windows.Steps(keep, back, send, write, reopen)


# Inside -----------------------------------------------------------------------------------


def _case(turn: Turn) -> Case:
    cycle_id, person_id, kind = turn.carried(3)
    return case_of(turn, cycle_id, person_id, kind_of(kind))


def _open_case(turn: Turn) -> Case:
    case = _case(turn)
    must_be_open(turn, case.cycle)
    return case


def _case_and_page(turn: Turn) -> tuple[Case, str]:
    cycle_id, person_id, kind, key = turn.carried(4)
    case = case_of(turn, cycle_id, person_id, kind_of(kind))
    must_be_open(turn, case.cycle)
    return case, key


def _keep(turn: Turn, case: Case) -> None:
    """Keep a draft; the manager's list says when one was begun."""
    reviews.keep(turn.session, case.review, case.begun_by)
    if case.review.kind is Kind.MANAGER and case.begun_by != turn.person.id:
        me, cycle, key = turn.person, case.cycle, _team_key(case.cycle, turn.person)
        standings, read = team_of(turn, cycle, me.id), turn.flows.steps[READ]
        turn.update(me, key, cards.team, cycle, last_day(cycle), standings, open_report, read)


def _open_own(turn: Turn, cycle_id: str) -> Reply:
    case = case_of(turn, cycle_id, turn.person.id, Kind.SELF)
    if case.review.sent:
        return Open(_sent(turn, case))
    must_be_open(turn, case.cycle)
    return Open(_where_it_stands(turn, case))


def _sent(turn: Turn, case: Case) -> View:
    return windows.sent(turn.t, case, STEPS, may_reopen=may_reopen(turn, case))


def _team(turn: Turn, cycle: Cycle) -> Reply:
    standings = team_of(turn, cycle, turn.person.id)
    if not standings:
        raise Refused("Nobody is yours to review in this cycle.")
    return Answer(cards.team(turn.t, cycle, last_day(cycle), standings, open_report, turn.flows.steps[READ]))


def _where_it_stands(turn: Turn, case: Case, *, missing: bool = False) -> View:
    """The first page that lacks something; without any, the last look."""
    pages = pages_of(turn.t, case)
    lacking = next((n for n, page in enumerate(pages) if set(page.fields) & case.problems.keys()), None)
    if lacking is None:
        return windows.last_look(turn.t, case, STEPS, ratings_given(turn, case.cycle.id, case.review))
    return windows.asking(turn.t, case, pages, lacking, STEPS, missing=missing)


def _after(turn: Turn, case: Case, key: str) -> View:
    """The page after this one; the last one is followed by what is still missing, or by the last look."""
    pages = pages_of(turn.t, case)
    n = page_at(pages, key) + 1
    if n < len(pages):
        return windows.asking(turn.t, case, pages, n, STEPS)
    return _where_it_stands(turn, case, missing=True)


def _tell(turn: Turn, case: Case) -> None:
    """Bring the cards up to date: the author's own, and the list of whoever reviews this person."""
    cycle, person = case.cycle, case.person
    if case.review.kind is Kind.SELF:
        sent = reviews.self_review(turn.session, cycle.id, person.id)
        if sent is not None and sent.sent:
            turn.say(person, _self_key(cycle, person), cards.self_sent, cycle, open_self)
            turn.forget(remind_self, person.id, cycle.id)
        else:
            _say_self(turn, cycle, person)
    for manager in reviewers_of(turn, cycle, person):
        if turn.now >= managers_asked(cycle, manager.tz):
            _say_team(turn, cycle, manager)


def _say_self(turn: Turn, cycle: Cycle, person: Person) -> None:
    read = turn.flows.steps[READ]
    turn.say(person, _self_key(cycle, person), cards.invitation, cycle, last_day(cycle), open_self, read)


def _say_team(turn: Turn, cycle: Cycle, manager: Person) -> None:
    """Put up a manager's list; where another one acts, only the list that stands is brought up to date."""
    standings, key = team_of(turn, cycle, manager.id), _team_key(cycle, manager)
    until, read = last_day(cycle), turn.flows.steps[READ]
    if manager.id == turn.person.id:
        turn.say(manager, key, cards.team, cycle, until, standings, open_report, read)
    else:
        turn.update(manager, key, cards.team, cycle, until, standings, open_report, read)
    if not any(one.waits for one in standings):
        turn.forget(remind_manager, manager.id, cycle.id)


def _tasks(turn: Turn, cycle: Cycle) -> list[Task]:
    t, until = turn.t, last_day(cycle)
    found = []
    if self_waits(turn, cycle):
        text = t("Write your self-review for {cycle}, until {day}.", cycle=cycle.name, day=t.weekday(until))
        found.append(Task(text, t("Write my self-review"), open_self, cycle.id, until))
    if turn.now >= managers_asked(cycle, turn.person.tz) and (n := reviews_waiting(turn, cycle)):
        found.append(Task(_team_waits(t, cycle, n), t("Show my reviews"), show_team, cycle.id, until))
    return found


def _team_waits(t: Words, cycle: Cycle, n: int) -> Text:
    return t.plural(
        "One review for {cycle} waits for you.", "{n} reviews for {cycle} wait for you.", n, cycle=cycle.name
    )


def _self_key(cycle: Cycle, person: Person) -> str:
    return f"reviews/{cycle.id}/{person.id}/self"


def _team_key(cycle: Cycle, manager: Person) -> str:
    return f"reviews/{cycle.id}/{manager.id}/team"
