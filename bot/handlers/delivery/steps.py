"""The conversation itself: a push without a number, the page, any why, a chart on request."""

from zoneinfo import ZoneInfo

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import OPENS, instant
from bot.domain.cycle import Cycle
from bot.domain.explain import walk
from bot.domain.interview import due_on
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.score import Rated
from bot.domain.why import is_from_colleagues
from bot.handlers.delivery import charts, views, why, years
from bot.handlers.delivery.conversation import flow
from bot.handlers.delivery.facts import (
    answers_to,
    check_shown,
    compared,
    open_for,
    team_of,
    year_of,
)
from bot.handlers.delivery.reasons import behind, levels_at, reasons_in
from bot.slack.blocks import Block, View, button, divider, section
from bot.slack.flow import Answer as Say
from bot.slack.flow import Open, Replace, Task, Turn
from bot.slack.training import READ
from bot.slack.whom import named
from bot.slack.words import Words
from bot.store import cycles, goals, interviews, people, results, reviews
from bot.store.results import Answer, Result

YEAR = frozenset({"year", "年度", "全年"})
"""What stands behind `/cairn result` for the results of twelve months."""
PREPARE, TALKS = "interviews.prepare", "interviews.show"
"""How the talk about a result is prepared, and where a manager finds all of them."""

# What happens: telling ----------------------------------------------------------------------


@flow.prompt_that(Attention.FREE)
def tell(turn: Turn) -> None:
    """Tell somebody that their result is ready; where it waits for the talk, that it is there."""
    (cycle_id,) = turn.carried(1)
    result = results.result(turn.session, cycle_id, turn.person.id)
    if result is not None and result.released_at is not None:
        tell_person(turn, turn.person, cycles.get(turn.session, cycle_id), result)


@flow.prompt_that(Attention.FREE)
def tell_manager(turn: Turn) -> None:
    """The same for a manager and the team."""
    (cycle_id,) = turn.carried(1)
    key, cycle = f"delivery/{cycle_id}/{turn.person.id}/team", cycles.get(turn.session, cycle_id)
    turn.say(turn.person, key, views.team_ready, cycle, turn.flows.steps[READ], turn.flows.steps[TALKS])


@flow.prompt_that(Attention.FREE)
def tell_stand_in(turn: Turn) -> None:
    """The same for whoever stands in for a manager, if they still do."""
    cycle_id, manager_id = turn.carried(2)
    manager = people.get(turn.session, manager_id)
    if manager and manager_id in people.stood_in_for(turn.session, turn.person.id, turn.today):
        key, cycle = f"delivery/{cycle_id}/{turn.person.id}/team/{manager_id}", cycles.get(turn.session, cycle_id)
        turn.say(turn.person, key, views.team_ready, cycle, turn.flows.steps[READ], turn.flows.steps[TALKS], manager)


def tell_person(turn: Turn, person: Person, cycle: Cycle, result: Result) -> None:
    """Have the card stand as the result stands."""
    key, carry = f"delivery/{cycle.id}/{person.id}/ready", f"{cycle.id}/{person.id}"
    if result.outcome.state is Rated.INCOMPLETE:  # a message of its own: the result that comes later is told anew
        turn.say(person, f"delivery/{cycle.id}/{person.id}/unfinished", views.unfinished, cycle, carry)
    elif not interviews.may_see(turn.session, result, turn.today, turn.workdays(person)):
        day = interviews.shown_on(turn.session, result, turn.workdays(person))
        turn.say(person, _waits_key(result), views.at_the_talk, cycle, carry, _ahead(turn, result), day)
        turn.remind(tell, person.id, instant(day, OPENS, person.tz), cycle.id)
    elif result.answer is Answer.NONE:
        turn.update(person, _waits_key(result), views.opens_now, cycle)
        turn.say(person, key, views.ready, cycle, carry, turn.flows.steps[READ], _ahead(turn, result))
    else:
        manager = interviews.leader_of(turn.session, person.id, turn.today)
        turn.say(person, key, views.answered, cycle, carry, result, manager, _ahead(turn, result))


def _waits_key(result: Result) -> str:
    return f"delivery/{result.cycle_id}/{result.person_id}/talk"


def _ahead(turn: Turn, result: Result) -> views.Ahead | None:
    """The talk that comes for whoever's turn it is."""
    leader = interviews.leader_of(turn.session, result.person_id, turn.today)
    if leader is None or result.released_at is None or result.outcome.state is not Rated.RATED:
        return None
    talk = interviews.find(turn.session, result.cycle_id, result.person_id)
    if talk and talk.held_on:
        return None
    released_on = result.released_at.astimezone(ZoneInfo(leader.tz)).date()
    day = talk.on(turn.t.tz) if talk else due_on(released_on, turn.workdays(leader))
    return views.Ahead(leader, day, turn.flows.steps[PREPARE])


# What happens: opening ----------------------------------------------------------------------


@flow.command("result", N_("My result, and why it is what it is"))
@flow.action
def show(turn: Turn) -> Open | Say:
    """Show one's own newest result, or that of somebody named."""
    if turn.carry.strip().casefold() in YEAR:
        return Open(years.year_page(turn.t, year_of(turn)))
    about = named(turn, turn.carry.strip()) if turn.carry.strip() else turn.person
    turn.must(Act.SEE_RESULT, about.id)
    found = results.released_in(turn.session, [about.id])
    if not found:
        return Say(views.nothing_yet(turn.t, cycles.current_for(turn.session, about.id, turn.today), turn.today))
    return Open(views.result_page(turn.t, open_for(turn, found[0].cycle_id, about.id)))


@flow.action
def open_result(turn: Turn) -> Open:
    """Open the result that a button names."""
    cycle_id, person_id = turn.carried(2)
    return Open(views.result_page(turn.t, open_for(turn, cycle_id, person_id)))


@flow.action
def show_year(turn: Turn) -> Open:
    """Put the results of twelve months side by side."""
    return Open(years.year_page(turn.t, year_of(turn)))


@flow.action
def show_team(turn: Turn) -> Open:
    """List the released results of one's own reports."""
    found = team_of(turn)
    return Open(views.team_page(turn.t, found))


@flow.action
def ask_why(turn: Turn) -> Open:
    """Put the reasons of one number on top of the page."""
    return Open(_explained(turn))


@flow.action
def ask_deeper(turn: Turn) -> Replace:
    """Go up and down the tree in the same window: Slack holds no more than three."""
    return Replace(_explained(turn))


@flow.action
def show_chart(turn: Turn) -> Replace:
    """Send the chart to whoever asked; a window cannot hold one, but says where it is."""
    cycle_id, person_id = turn.carried(2)
    opened = open_for(turn, cycle_id, person_id)
    if opened.result.outcome.tree is None:
        raise Refused("There is no number to draw yet.")
    turn.say(turn.person, f"delivery/{cycle_id}/{person_id}/chart/{turn.person.id}", charts.chart, opened)
    return Replace(views.result_page(turn.t, opened, turn.t("The chart is in your messages.")))


@flow.action
def show_compared(turn: Turn) -> Replace:
    """Send each topic as the person, colleagues and the manager see it, to whoever asked."""
    cycle_id, person_id = turn.carried(2)
    opened = open_for(turn, cycle_id, person_id)
    topics = compared(turn, opened)
    if not topics:
        raise Refused("Nobody has rated a topic here, so there is nothing to compare.")
    key = f"delivery/{cycle_id}/{person_id}/compared/{turn.person.id}"
    turn.say(turn.person, key, charts.compared, opened, topics)
    return Replace(views.result_page(turn.t, opened, turn.t("It is in your messages.")))


# What waits, and what Home shows -------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """A result that its person has not opened, or not answered."""
    return [
        _task(turn.t, one, cycles.get(turn.session, one.cycle_id))
        for one in _mine(turn)
        if one.opened_at is None or (one.outcome.state is Rated.RATED and _waits_for_answer(turn, one))
    ]


def _mine(turn: Turn) -> list[Result]:
    """My released results that I may see now, the newest first."""
    found = results.released_in(turn.session, [turn.person.id])
    if not found:
        return []
    works = turn.workdays(turn.person)
    return [one for one in found if interviews.may_see(turn.session, one, turn.today, works)]


def _waits_for_answer(turn: Turn, one: Result) -> bool:
    return one.answer is Answer.NONE and answers_to(turn, one).open


def _task(t: Words, one: Result, cycle: Cycle) -> Task:
    carry = f"{one.cycle_id}/{one.person_id}"
    if one.outcome.state is Rated.INCOMPLETE:
        return Task(views.is_unfinished(t, cycle), t("See what is missing"), open_result, carry)
    return Task(views.is_ready(t, cycle), t("Open my result"), open_result, carry)


@flow.home
def my_results(turn: Turn) -> list[Block]:
    """My newest result, its grade once I have opened it; and the way to my team's."""
    mine = _mine(turn)[:1]
    blocks = [_home_line(turn.t, one, cycles.get(turn.session, one.cycle_id)) for one in mine if one.opened_at]
    team = [one.id for one in people.reports_of(turn.session, turn.person.id, turn.today)]
    if team and results.any_released(turn.session, team):
        blocks.append(
            section(
                turn.t("The results of your team are released."),
                button(turn.t("See my team's results"), does=show_team),
            )
        )
    return [divider(), *blocks] if blocks else []


def _home_line(t: Words, result: Result, cycle: Cycle) -> Block:
    carry = f"{result.cycle_id}/{result.person_id}"
    band = result.outcome.band
    text = (
        t("Your result of {cycle}: grade {grade}", cycle=cycle.name, grade=band)
        if band
        else t("Your result of {cycle}", cycle=cycle.name)
    )
    return section(text, button(t("Open my result"), does=open_result, carry=carry))


def _explained(turn: Turn) -> View:
    cycle_id, person_id, place = turn.carried(3)
    turn.must(Act.SEE_RESULT, person_id)
    result = results.result(turn.session, cycle_id, person_id)
    if result is None or result.released_at is None or result.outcome.tree is None:
        raise Refused("This result has not been released.")
    _may_ask(turn, result, place)
    tree = result.outcome.tree
    reporters = {each.source.reporter for node in walk(tree) for each in node.inputs.values() if each.source}
    agreed = goals.agreed_goals(turn.session, cycle_id, person_id)
    told = reasons_in(reviews.manager_review(turn.session, cycle_id, person_id), agreed, result.outcome.band)
    asked = why.Asked(
        tree,
        place,
        f"{cycle_id}/{person_id}",
        people.named(turn.session, reporters),
        behind(turn.t, told, tree, place),
        levels_at(agreed, tree, place),
    )
    return why.explained(turn.t, asked, deeper=ask_deeper)


def _may_ask(turn: Turn, result: Result, place: str) -> None:
    """Looking at somebody else's reasons leaves a trace; what colleagues said is opened by those who may read it."""
    check_shown(turn, result)
    person_id, tree = result.person_id, result.outcome.tree
    if person_id == turn.person.id:
        return
    turn.note(Act.SEE_RESULT, person_id, result.cycle_id)
    if tree and is_from_colleagues(tree, place) and not turn.may(Act.READ_FEEDBACK, person_id):
        raise Refused("What colleagues said is for the person and their manager. Here are only the points it adds.")
