"""The conversation itself: a push without a number, the page, any why, a chart on request, and the answer."""

from datetime import date

from bot.domain import stage_card
from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle, Stage
from bot.domain.explain import walk
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.rounding import half_up
from bot.domain.score import Rated
from bot.handlers.delivery import parts, why
from bot.handlers.delivery.facts import named, open_for, team_of
from bot.handlers.delivery.parts import Opened
from bot.slack.blocks import (
    Block,
    Does,
    Message,
    View,
    button,
    buttons,
    context,
    divider,
    form,
    page,
    section,
    text_input,
)
from bot.slack.charts import bars
from bot.slack.flow import Answer as Say
from bot.slack.flow import Flow, Open, Replace, Task, Turn
from bot.slack.text import Text, bold, bullets, escape
from bot.slack.training import READ, two_minutes
from bot.slack.words import Words
from bot.store import cycles, people, results
from bot.store.results import Answer, Result

flow = Flow("delivery")

MOST_TEAM = 40

# What people see --------------------------------------------------------------------------


def ready(t: Words, cycle: Cycle, carry: str, read: Does) -> Message:
    """The push: nothing of the result is in it."""
    text = is_ready(t, cycle)
    note = t("Take a quiet moment. Every number in it opens and says why it is what it is.")
    return Message(text, [section(text), context(note), _open_button(t, carry, read)])


def unfinished(t: Words, cycle: Cycle, carry: str) -> Message:
    """The push to somebody whose result still waits for something."""
    text = is_unfinished(t, cycle)
    see = button(t("See what is missing"), does=open_result, carry=carry)
    return Message(text, [section(text), buttons(see)])


def is_ready(t: Words, cycle: Cycle) -> Text:
    """There is something to open."""
    return t("Your result of {cycle} is ready.", cycle=cycle.name)


def is_unfinished(t: Words, cycle: Cycle) -> Text:
    """There is nothing to open yet."""
    return t("Your result of {cycle} is not complete yet; HR will add it.", cycle=cycle.name)


def answered(t: Words, cycle: Cycle, carry: str, result: Result, manager: Person | None) -> Message:
    """What the card turns into once its person has answered."""
    text = t("Your result of {cycle}", cycle=cycle.name)
    said = t(parts.ANSWERS[result.answer], at=result.answered_at)
    return Message(
        text,
        [section(bold(text)), section(said), context(parts.where_questions_go(t, manager)), _open_button(t, carry)],
    )


def _open_button(t: Words, carry: str, read: Does | None = None) -> Block:
    learn = two_minutes(t, stage_card.Task.RESULT, read) if read else None
    return buttons(button(t("Open my result"), does=open_result, carry=carry, style="primary"), learn)


def result_page(t: Words, opened: Opened, news: Text | None = None) -> View:
    """The whole result: numbers, words, colleagues, calibration, and the answer."""
    title = t("Your result") if opened.own else t("Result")
    head = t("{name}, {cycle}", name=opened.person, cycle=opened.cycle.name)
    blocks = [
        section(bold(head)),
        *parts.numbers(t, opened, ask_why),
        *parts.from_manager(t, opened),
        *parts.from_colleagues(t, opened),
        divider(),
        *parts.calibration(t, opened),
        *parts.said_to_it(t, opened),
        *ways_on(t, opened),
        *([context(news)] if news else []),
    ]
    return page(title, blocks[:100], close=t("Close"))


def ways_on(t: Words, opened: Opened) -> list[Block]:
    """Answer it (once, and only one's own), or see it as a chart."""
    if opened.result.outcome.state is not Rated.RATED:
        return []
    may_answer = opened.own and opened.result.answer is Answer.NONE
    agree = button(t("Seen and agree"), does=seen_and_agree, carry=opened.carry, style="primary")
    disagree = button(t("Seen, do not agree"), does=disagree_form, carry=opened.carry)
    chart = button(t("Show as a chart"), does=show_chart, carry=opened.carry)
    shown = buttons(agree, disagree, chart) if may_answer else buttons(chart)
    return [shown, *([context(t("“Seen” does not mean that you agree."))] if may_answer else [])]


def disagreement(t: Words, cycle: Cycle, carry: str, manager: Person | None) -> View:
    """The form for not agreeing; words are welcome and not required."""
    reads = t("{name} and HR can read this.", name=manager) if manager else t("HR can read this.")
    return form(
        t("Seen, do not agree"),
        [
            section(bold(t("Your result of {cycle}", cycle=cycle.name))),
            section(t("Send to mark it as not agreed. You can still talk about it.")),
            text_input("words", t("What do you see differently?"), lines=True, optional=True, hint=reads),
        ],
        does=send_disagreement,
        submit=t("Send"),
        close=t("Not now"),
        carry=carry,
    )


def does_not_agree(t: Words, person: Person, cycle: Cycle, carry: str) -> Message:
    """To the manager: somebody wants to talk. Their words stay behind the button."""
    text = t("{name} has seen the result of {cycle} and does not agree. Please talk within five working days.",
             name=person, cycle=cycle.name)  # fmt: skip
    return Message(text, [section(text), buttons(button(t("Open the result"), does=open_result, carry=carry))])


def team_ready(t: Words, cycle: Cycle, read: Does) -> Message:
    """To a manager: the team's results are out."""
    text = t("The results of your team for {cycle} are released.", cycle=cycle.name)
    note = t("Talk with each of them within five working days, and listen first.")
    see = button(t("See my team's results"), does=show_team, style="primary")
    return Message(text, [section(text), context(note), buttons(see, two_minutes(t, stage_card.Task.TALK, read))])


def team_page(t: Words, found: list[tuple[Person, Result, str]]) -> View:
    """Each report with their newest released result behind a button."""
    rows = [
        section(
            t("{name}, {cycle}", name=person, cycle=cycle_name),
            button(t("Open the result"), does=open_result, carry=f"{result.cycle_id}/{person.id}"),
        )
        for person, result, cycle_name in found[:MOST_TEAM]
    ]
    none = section(t("No result of your team is released yet."))
    return page(t("My team's results"), rows or [none], close=t("Close"))


def chart(t: Words, opened: Opened) -> Message:
    """How far each goal was reached: as bars, and the same in words for those who cannot see them."""
    tree = opened.result.outcome.tree
    rows = parts.chart_rows(tree) if tree else []
    text = t("Your chart of {cycle}", cycle=opened.cycle.name) if opened.own else t(
        "Chart of {name}, {cycle}", name=opened.person, cycle=opened.cycle.name)  # fmt: skip
    drawn = bars(
        t("How far the goals were reached"),
        [escape(title) for title, _ in rows],
        {t("Reached"): [half_up(share, 1) for _, share in rows]},
        unit=t("percent of target"),
    )
    twin = [t("{goal}: {reached}", goal=title, reached=why.percent(t, share / 100)) for title, share in rows]
    return Message(text, [section(bold(text)), drawn, section(bullets(twin))])


def nothing_yet(t: Words, cycle: Cycle | None, today: date) -> Message:
    """No released result; after the day of the release it says what happens, not why: a grade could be guessed."""
    if cycle is None or Stage.RELEASING not in cycle.opens:
        return Message(t("There is no released result for you yet."))
    day = cycle.opens[Stage.RELEASING]
    if day < today:
        return Message(
            t("Your result of {cycle} is not released yet: something that belongs to it is still being completed. You "
              "hear from me as soon as it is. If you would like to know more, ask HR: `/cairn ask`.", cycle=cycle.name)
        )  # fmt: skip
    return Message(
        t("There is no released result for you yet. Those of {cycle} come from {day} on.", cycle=cycle.name, day=day)
    )


# What happens: telling ----------------------------------------------------------------------


@flow.prompt_that(Attention.FREE)
def tell(turn: Turn) -> None:
    """Tell somebody that their result is ready."""
    (cycle_id,) = turn.carried(1)
    result = results.result(turn.session, cycle_id, turn.person.id)
    if result is not None and result.released_at is not None:
        tell_person(turn, turn.person, cycles.get(turn.session, cycle_id), result)


@flow.prompt_that(Attention.FREE)
def tell_manager(turn: Turn) -> None:
    """The same for a manager and the team."""
    (cycle_id,) = turn.carried(1)
    key, cycle = f"delivery/{cycle_id}/{turn.person.id}/team", cycles.get(turn.session, cycle_id)
    turn.say(turn.person, key, team_ready, cycle, turn.flows.steps[READ])


def tell_person(turn: Turn, person: Person, cycle: Cycle, result: Result) -> None:
    """Have the card stand as the result stands."""
    key, carry = f"delivery/{cycle.id}/{person.id}/ready", f"{cycle.id}/{person.id}"
    if result.outcome.state is Rated.INCOMPLETE:  # a message of its own: the result that comes later is told anew
        turn.say(person, f"delivery/{cycle.id}/{person.id}/unfinished", unfinished, cycle, carry)
    elif result.answer is Answer.NONE:
        turn.say(person, key, ready, cycle, carry, turn.flows.steps[READ])
    else:
        manager = people.manager_of(turn.session, person.id, turn.today)
        turn.say(person, key, answered, cycle, carry, result, manager)


# What happens: opening ----------------------------------------------------------------------


@flow.command("result", N_("My result, and why it is what it is"))
@flow.action
def show(turn: Turn) -> Open | Say:
    """Show one's own newest result, or that of somebody named."""
    about = named(turn, turn.carry.strip()) if turn.carry.strip() else turn.person
    turn.must(Act.SEE_RESULT, about.id)
    found = results.released_in(turn.session, [about.id])
    if not found:
        return Say(nothing_yet(turn.t, cycles.current_for(turn.session, about.id, turn.today), turn.today))
    return Open(result_page(turn.t, open_for(turn, found[0].cycle_id, about.id)))


@flow.action
def open_result(turn: Turn) -> Open:
    """Open the result that a button names."""
    cycle_id, person_id = turn.carried(2)
    return Open(result_page(turn.t, open_for(turn, cycle_id, person_id)))


@flow.action
def show_team(turn: Turn) -> Open:
    """List the released results of one's own reports."""
    found = team_of(turn)
    return Open(team_page(turn.t, found))


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
    turn.say(turn.person, f"delivery/{cycle_id}/{person_id}/chart/{turn.person.id}", chart, opened)
    return Replace(result_page(turn.t, opened, turn.t("The chart is in your messages.")))


# What happens: answering --------------------------------------------------------------------


@flow.action
def seen_and_agree(turn: Turn) -> Replace:
    """Somebody agrees with their own result."""
    return Replace(_answer(turn, Answer.AGREES, ""))


@flow.action
def disagree_form(turn: Turn) -> Replace:
    """Ask, not demand, what they see differently."""
    cycle_id, person_id = turn.carried(2)
    opened = open_for(turn, cycle_id, person_id)
    turn.must(Act.ANSWER_RESULT, person_id)
    _check_open(opened)
    return Replace(disagreement(turn.t, opened.cycle, opened.carry, opened.manager))


@flow.view
def send_disagreement(turn: Turn) -> Replace:
    """Somebody does not agree with their own result."""
    view = _answer(turn, Answer.DISAGREES, turn.inputs.text("words"))
    cycle_id, _ = turn.carried(2)
    if manager := people.manager_of(turn.session, turn.person.id, turn.today):
        turn.remind(tell_disagrees, manager.id, turn.now, f"{cycle_id}/{turn.person.id}")
    return Replace(view)


@flow.prompt_that(Attention.FREE)
def tell_disagrees(turn: Turn) -> None:
    """The manager hears that somebody wants to talk, in a working hour."""
    cycle_id, person_id = turn.carried(2)
    if person := people.get(turn.session, person_id):
        key = f"delivery/{cycle_id}/{person_id}/disagrees/{turn.person.id}"
        turn.say(turn.person, key, does_not_agree, person, cycles.get(turn.session, cycle_id), turn.carry)


def _answer(turn: Turn, answer: Answer, words: str) -> View:
    cycle_id, person_id = turn.carried(2)
    turn.must(Act.ANSWER_RESULT, person_id)
    _check_open(open_for(turn, cycle_id, person_id))
    results.answered(turn.session, cycle_id, person_id, answer, words, turn.now)
    turn.note(Act.ANSWER_RESULT, person_id, f"{cycle_id}/{answer.value}")
    opened = open_for(turn, cycle_id, person_id)
    tell_person(turn, turn.person, opened.cycle, opened.result)
    return result_page(turn.t, opened)


def _check_open(opened: Opened) -> None:
    if opened.result.outcome.state is not Rated.RATED:
        raise Refused("There is no result to agree with yet.")
    if opened.result.answer is not Answer.NONE:
        raise Refused("You have answered this result already. Your manager is there for questions.")


# What waits, and what Home shows -------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """A result that its person has not opened, or not answered."""
    return [
        _task(turn.t, one, cycles.get(turn.session, one.cycle_id))
        for one in results.released_in(turn.session, [turn.person.id])
        if one.opened_at is None or (one.answer is Answer.NONE and one.outcome.state is Rated.RATED)
    ]


def _task(t: Words, one: Result, cycle: Cycle) -> Task:
    carry = f"{one.cycle_id}/{one.person_id}"
    if one.outcome.state is Rated.INCOMPLETE:
        return Task(is_unfinished(t, cycle), t("See what is missing"), open_result, carry)
    return Task(is_ready(t, cycle), t("Open my result"), open_result, carry)


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
    turn.look(Act.SEE_RESULT, person_id, cycle_id)
    tree = result.outcome.tree
    reporters = {each.source.reporter for node in walk(tree) for each in node.inputs.values() if each.source}
    asked = why.Asked(tree, place, f"{cycle_id}/{person_id}", people.named(turn.session, reporters))
    return why.explained(turn.t, asked, deeper=ask_deeper)
