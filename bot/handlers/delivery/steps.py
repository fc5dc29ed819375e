"""The conversation itself: a push without a number, the page, any why, a chart on request."""

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle
from bot.domain.explain import walk
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.score import Rated
from bot.handlers.delivery import charts, views, why
from bot.handlers.delivery.conversation import flow
from bot.handlers.delivery.facts import named, open_for, team_of
from bot.slack.blocks import Block, View, button, divider, section
from bot.slack.flow import Answer as Say
from bot.slack.flow import Open, Replace, Task, Turn
from bot.slack.training import READ
from bot.slack.words import Words
from bot.store import cycles, people, results
from bot.store.results import Answer, Result

# What happens: telling ----------------------------------------------------------------------


@flow.prompt_that(Attention.FREE)
def tell(turn: Turn) -> None:
    """Tell somebody that their result is views.ready."""
    (cycle_id,) = turn.carried(1)
    result = results.result(turn.session, cycle_id, turn.person.id)
    if result is not None and result.released_at is not None:
        tell_person(turn, turn.person, cycles.get(turn.session, cycle_id), result)


@flow.prompt_that(Attention.FREE)
def tell_manager(turn: Turn) -> None:
    """The same for a manager and the team."""
    (cycle_id,) = turn.carried(1)
    key, cycle = f"delivery/{cycle_id}/{turn.person.id}/team", cycles.get(turn.session, cycle_id)
    turn.say(turn.person, key, views.team_ready, cycle, turn.flows.steps[READ])


def tell_person(turn: Turn, person: Person, cycle: Cycle, result: Result) -> None:
    """Have the card stand as the result stands."""
    key, carry = f"delivery/{cycle.id}/{person.id}/views.ready", f"{cycle.id}/{person.id}"
    if result.outcome.state is Rated.INCOMPLETE:  # a message of its own: the result that comes later is told anew
        turn.say(person, f"delivery/{cycle.id}/{person.id}/views.unfinished", views.unfinished, cycle, carry)
    elif result.answer is Answer.NONE:
        turn.say(person, key, views.ready, cycle, carry, turn.flows.steps[READ])
    else:
        manager = people.manager_of(turn.session, person.id, turn.today)
        turn.say(person, key, views.answered, cycle, carry, result, manager)


# What happens: opening ----------------------------------------------------------------------


@flow.command("result", N_("My result, and why it is what it is"))
@flow.action
def show(turn: Turn) -> Open | Say:
    """Show one's own newest result, or that of somebody named."""
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


# What waits, and what Home shows -------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """A result that its person has not opened, or not views.answered."""
    return [
        _task(turn.t, one, cycles.get(turn.session, one.cycle_id))
        for one in results.released_in(turn.session, [turn.person.id])
        if one.opened_at is None or (one.answer is Answer.NONE and one.outcome.state is Rated.RATED)
    ]


def _task(t: Words, one: Result, cycle: Cycle) -> Task:
    carry = f"{one.cycle_id}/{one.person_id}"
    if one.outcome.state is Rated.INCOMPLETE:
        return Task(views.is_unfinished(t, cycle), t("See what is missing"), open_result, carry)
    return Task(views.is_ready(t, cycle), t("Open my result"), open_result, carry)


@flow.home
def my_results(turn: Turn) -> list[Block]:
    """My newest result, its grade once I have opened it; and the way to my team's."""
    mine = results.released_in(turn.session, [turn.person.id])[:1]
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
    tree = result.outcome.tree
    reporters = {each.source.reporter for node in walk(tree) for each in node.inputs.values() if each.source}
    asked = why.Asked(tree, place, f"{cycle_id}/{person_id}", people.named(turn.session, reporters))
    return why.explained(turn.t, asked, deeper=ask_deeper)
