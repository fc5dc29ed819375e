"""Reasons owed: a grade that could surprise waits until its manager has said why, and they are kindly asked."""

from collections.abc import Collection
from dataclasses import replace

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle, Stage
from bot.domain.effort import pasted_question
from bot.domain.gate import owed
from bot.domain.refusal import Refused
from bot.domain.review import EARLIER, EXAMPLE, EXAMPLE_DAY, RAISED_ON, Kind, own_words, reason, why
from bot.handlers.reviews import owed_views
from bot.handlers.reviews.case import Case, case_of
from bot.handlers.reviews.conversation import flow
from bot.handlers.reviews.hours import once_more_at
from bot.handlers.reviews.owed_views import Owing
from bot.handlers.reviews.team import led_in
from bot.slack.flow import Errors, FormReply, Open, Replace, Reply, Task, Turn
from bot.slack.words import Words
from bot.store import calibrations, cycles, results, reviewers, reviews, timers
from bot.store.reviews import Given

OWED_IN = (Stage.ASSESSING, Stage.CALIBRATING, Stage.RELEASING, Stage.APPLYING, Stage.REVIEWING)
RETELL_HR = "scoring.retell"
SLICE = 200

# When the time comes ----------------------------------------------------------------------


def ask_author(turn: Turn, case: Case) -> None:
    """A self-review came after the manager's: should that one owe reasons now, its author is asked."""
    if case.review.kind is Kind.SELF:
        _have_asked(turn, case.cycle, results.owing(turn.session, case.cycle.id, turn.now, [case.person.id]))


@flow.timer
def ask_all(turn: Turn) -> None:
    """Results are computed, or grades were moved: ask everybody who owes reasons, when they work.

    A slice at a time, so that no click waits for the whole company; `carry` says after whom the slice begins.
    """
    cycle_id, _, after = turn.carry.partition("/")
    cycle, ids = cycles.get(turn.session, cycle_id), results.next_ids(turn.session, cycle_id, after, SLICE)
    _have_asked(turn, cycle, results.owing(turn.session, cycle.id, turn.now, ids))
    if len(ids) == SLICE:
        turn.remind(ask_all, "", turn.now, f"{cycle.id}/{ids[-1]}")


def _have_asked(turn: Turn, cycle: Cycle, owing: Collection[str]) -> None:
    asked = reviewers.writers(turn.session, cycle.id, owing, turn.today)
    due = [timers.Timer(ask.id, writer, cycle.id, turn.now) for writer in sorted({one.id for one in asked.values()})]
    timers.set_all(turn.session, due)


@flow.prompt_that(Attention.EXPIRES)
def ask(turn: Turn) -> None:
    """Show a manager for whom reasons are owed."""
    cycle = cycles.get(turn.session, turn.carry)
    if _say(turn, cycle):
        turn.remind(remind, turn.person.id, once_more_at(turn), cycle.id)


@flow.prompt_that(Attention.REMINDS)
def remind(turn: Turn) -> None:
    """Ask once more."""
    cycle = cycles.get(turn.session, turn.carry)
    if owing := owing_of(turn, cycle):
        turn.say(turn.person, f"{_key(turn, cycle)}/again", owed_views.card, cycle, owing, explain)


def reasons_waiting(turn: Turn) -> list[Task]:
    """The grades that wait for somebody's reasons."""
    open_now = [one for one in cycles.every(turn.session) if one.stage_on(turn.today) in OWED_IN]
    return [_task(turn.t, one, len(owing)) for one in open_now if (owing := owing_of(turn, one))]


def _task(t: Words, cycle: Cycle, owing: int) -> Task:
    text = owed_views.how_many(t, cycle, owing)
    return Task(text, t("Give the reasons"), show, cycle.id, cycle.opens[Stage.RELEASING])


# What happens -----------------------------------------------------------------------------


@flow.action
def show(turn: Turn) -> None:
    """List for whom they are owed."""
    (cycle_id,) = turn.carried(1)
    cycle = cycles.get(turn.session, cycle_id)
    if not _say(turn, cycle):
        raise Refused("You owe no reasons for a grade.")


@flow.action
def explain(turn: Turn) -> Reply:
    """Ask for the reasons of one grade."""
    cycle_id, person_id = turn.carried(2)
    case = case_of(turn, cycle_id, person_id, Kind.MANAGER)
    given = _given(turn, case)
    return Open(owed_views.reasons_form(turn.t, case, given, _meeting_said(turn, case, given), keep_reasons))


@flow.view
def keep_reasons(turn: Turn) -> FormReply:
    """Keep the reasons, or first ask one kind question about words that were pasted; of that nothing is kept."""
    return _kept(turn, asks=True)


@flow.view
def keep_reasons_anyway(turn: Turn) -> FormReply:
    """Keep the reasons as they are."""
    return _kept(turn, asks=False)


# Inside -----------------------------------------------------------------------------------


def _kept(turn: Turn, *, asks: bool) -> FormReply:
    """Keep the reasons, which may release the result from its wait."""
    cycle_id, person_id, grade = turn.carried(3)
    case = case_of(turn, cycle_id, person_id, Kind.MANAGER)
    given = _given(turn, case)
    if grade != (given.band or case.review.overall):
        raise Refused("The grade has changed meanwhile. Please open the reasons again.")
    notes = _typed(turn, case)
    told = replace(case.review, later={**case.review.later, grade: notes})
    wrong = owed(told, case.asked, given.attained, grade)
    if wrong:
        return Errors({name: turn.t.say(one) for name, one in wrong.items()})
    if asks and (question := pasted_question(own_words(notes))):
        form = owed_views.reasons_form(turn.t, case.having(told), given, _meeting_said(turn, case, given), keep_reasons)
        return Replace(owed_views.asked_once(turn.t, form, question, keep_reasons_anyway))
    reviews.explain(turn.session, case.review, given, notes, turn.now)
    turn.note(Act.REVIEW_AS_MANAGER, person_id, f"review/{cycle_id}/reasons")
    if not _say(turn, case.cycle):
        turn.say(turn.person, _key(turn, case.cycle), owed_views.all_given, case.cycle)
    turn.remind(RETELL_HR, "", turn.now, cycle_id)
    return None


def owing_of(turn: Turn, cycle: Cycle) -> list[Owing]:
    """The people for whose grade the person whose turn it is owes reasons; a grade stands behind who left, too."""
    team = {one.id: one for one in led_in(turn, cycle, turn.person.id)}
    owing = results.owing(turn.session, cycle.id, turn.now, team) if team else {}
    asked = reviewers.writers(turn.session, cycle.id, owing, turn.today)
    return [Owing(team[one], given) for one, given in owing.items() if asked.get(one) == turn.person]


def _typed(turn: Turn, case: Case) -> dict[str, str]:
    """What the form brought, of the fields that it can have."""
    asked = case.asked
    names = [*map(why, asked.goals), *map(reason, asked.competencies), EXAMPLE, EARLIER]
    days = {name: day.isoformat() for name in (EXAMPLE_DAY, RAISED_ON) if (day := turn.inputs.day(name))}
    return {name: words for name in names if (words := turn.inputs.text(name))} | days


def _given(turn: Turn, case: Case) -> Given:
    """The grade that waits for reasons."""
    found = results.owing(turn.session, case.cycle.id, turn.now, [case.person.id]).get(case.person.id)
    if found is None:
        raise Refused("No reasons are owed here any more. Thank you.")
    return found


def _meeting_said(turn: Turn, case: Case, given: Given) -> str:
    """Why people made another grade of the one by the rules; empty where they did not."""
    if given.band == given.by_rules:
        return ""
    changed = calibrations.newest(turn.session, case.cycle.id, [case.person.id]).get(case.person.id)
    return changed.reason if changed else ""


def _say(turn: Turn, cycle: Cycle) -> bool:
    """Have the card say how it stands; True while something is owed."""
    if owing := owing_of(turn, cycle):
        turn.say(turn.person, _key(turn, cycle), owed_views.card, cycle, owing, explain)
    else:
        turn.forget(remind, turn.person.id, cycle.id)
    return bool(owing)


def _key(turn: Turn, cycle: Cycle) -> str:
    return f"reviews/{cycle.id}/{turn.person.id}/owed"
