"""What people see: cards without a number, the page of a result, the form for not agreeing."""

from dataclasses import dataclass
from datetime import date

from bot.domain import stage_card
from bot.domain.cycle import Cycle, Stage
from bot.domain.org import Person
from bot.domain.score import Rated
from bot.handlers.delivery import answering, appealed, parts, steps
from bot.handlers.delivery.parts import Answers, Opened
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
from bot.slack.text import Text, bold
from bot.slack.training import two_minutes
from bot.slack.words import Words
from bot.store.results import Answer, Result

MOST_TEAM = 40


@dataclass(frozen=True)
class Ahead:
    """The talk that comes, with whom, and until when; who has nobody to talk with has none."""

    with_whom: Person
    due_on: date
    prepare: Does


def ready(t: Words, cycle: Cycle, carry: str, read: Does, ahead: Ahead | None) -> Message:
    """The push: nothing of the result is in it."""
    text = is_ready(t, cycle)
    note = t("Take a quiet moment. Every number in it opens and says why it is what it is.")
    opens = button(t("Open my result"), does=steps.open_result, carry=carry, style="primary")
    prepare = button(t("Prepare the talk"), does=ahead.prepare, carry=carry) if ahead else None
    ways = buttons(opens, prepare, two_minutes(t, stage_card.Task.RESULT, read))
    return Message(text, [section(text), context(note, *([_comes(t, ahead)] if ahead else [])), ways])


def _comes(t: Words, ahead: Ahead) -> Text:
    return t("The talk with {name} comes by {day}. Each of you prepares it apart, in a few minutes.",
             name=ahead.with_whom, day=t.weekday(ahead.due_on))  # fmt: skip


def at_the_talk(t: Words, cycle: Cycle, carry: str, ahead: Ahead | None, shown_on: date) -> Message:
    """The push where results are shown in the talk: there is one, and how it comes to be seen."""
    text = t("Your result of {cycle} is there. You see it in the talk.", cycle=cycle.name)
    late = t("If there is no talk, it opens on {day}.", day=t.weekday(shown_on))
    prepare = button(t("Prepare the talk"), does=ahead.prepare, carry=carry, style="primary") if ahead else None
    return Message(
        text,
        [
            section(text),
            context(*([_comes(t, ahead)] if ahead else []), late),
            *([buttons(prepare)] if prepare else []),
        ],
    )


def opens_now(t: Words, cycle: Cycle) -> Message:
    """What that turns into once the result may be seen."""
    text = is_ready(t, cycle)
    return Message(text, [section(text)], over=True)


def unfinished(t: Words, cycle: Cycle, carry: str) -> Message:
    """The push to somebody whose result still waits for something."""
    text = is_unfinished(t, cycle)
    see = button(t("See what is missing"), does=steps.open_result, carry=carry)
    return Message(text, [section(text), buttons(see)])


def is_ready(t: Words, cycle: Cycle) -> Text:
    """There is something to open."""
    return t("Your result of {cycle} is ready.", cycle=cycle.name)


def is_unfinished(t: Words, cycle: Cycle) -> Text:
    """There is nothing to open yet."""
    return t("Your result of {cycle} is not complete yet; HR will add it.", cycle=cycle.name)


def answered(
    t: Words, cycle: Cycle, carry: str, result: Result, manager: Person | None, ahead: Ahead | None
) -> Message:
    """What the card turns into once its person has answered; the talk may still be ahead."""
    text = t("Your result of {cycle}", cycle=cycle.name)
    said = t(parts.ANSWERS[result.answer], at=result.answered_at)
    opens = button(t("Open my result"), does=steps.open_result, carry=carry, style="primary")
    prepare = button(t("Prepare the talk"), does=ahead.prepare, carry=carry) if ahead else None
    where = context(parts.where_questions_go(t, manager), *([_comes(t, ahead)] if ahead else []))
    return Message(text, [section(bold(text)), section(said), where, buttons(opens, prepare)])


def result_page(t: Words, opened: Opened, news: Text | None = None) -> View:
    """The whole result: numbers, words, colleagues, calibration, and the answer."""
    title = t("Your result") if opened.own else t("Result")
    head = t("{name}, {cycle}", name=opened.person, cycle=opened.cycle.name)
    blocks = [
        section(bold(head)),
        *parts.numbers(t, opened, steps.ask_why),
        *parts.from_manager(t, opened),
        *parts.from_colleagues(t, opened),
        divider(),
        *parts.calibration(t, opened),
        *appealed.before_and_after(t, opened.appealed, opened.result.outcome.score, opened.result.outcome.band),
        *parts.said_to_it(t, opened),
        *ways_on(t, opened),
        *([context(news)] if news else []),
    ]
    return page(title, blocks[:100], close=t("Close"))


def ways_on(t: Words, opened: Opened) -> list[Block]:
    """Answer it (once, and only one's own), or see it as a chart."""
    if opened.result.outcome.state is not Rated.RATED:
        return []
    answers, carry = opened.answers, opened.carry
    may = answers is not None and answers.open
    agree = button(t("Seen and agree"), does=answering.seen_and_agree, carry=carry, style="primary") if may else None
    disagree = button(t("Seen, do not agree"), does=answering.disagree_form, carry=carry) if may else None
    chart = button(t("Show as a chart"), does=steps.show_chart, carry=carry)
    topics = button(t("Compare by topic"), does=steps.show_compared, carry=carry)
    year = button(t("My year"), does=steps.show_year) if opened.own else None
    ask = button(t("Ask about it"), does=opened.asks, carry=opened.cycle.id) if opened.asks else None
    way = opened.appealed.does
    appeal = button(t("Appeal"), does=way, carry=opened.cycle.id) if way else None
    return [
        buttons(agree, disagree, ask, chart, topics, year, appeal),
        *([context(days_left(t, opened, answers))] if answers else []),
        *appealed.days_left(t, opened.appealed),
    ]


def days_left(t: Words, opened: Opened, answers: Answers) -> Text:
    """How long there is to answer, and that seen is not agreed."""
    if not answers.open:
        over = t("The days to answer ended on {day}. For questions your manager and HR are still there.",
                 day=answers.until)  # fmt: skip
        return over if opened.result.answer is Answer.NONE else t("Your answer stands.")
    if answers.left == 0:
        when = t("Today is the last day to answer.")
    else:
        when = t.plural(
            "One working day is left to answer, until {day}.",
            "{n} working days are left to answer, until {day}.",
            answers.left,
            day=answers.until,
        )
    again = t("You have talked since you answered: you may answer anew.")
    anew = opened.result.answer is not Answer.NONE
    return t.sentences(when, again if anew else t("“Seen” does not mean that you agree."))


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
        does=answering.send_disagreement,
        submit=t("Send"),
        close=t("Not now"),
        carry=carry,
    )


def nobody_leads(t: Words, person: Person, cycle: Cycle, carry: str) -> Message:
    """To HR, where nobody leads somebody who does not agree."""
    text = t("{name} has seen the result of {cycle} and does not agree. Nobody leads them now: please talk with them.",
             name=person, cycle=cycle.name)  # fmt: skip
    return Message(text, [section(text), buttons(button(t("Open the result"), does=steps.open_result, carry=carry))])


def does_not_agree(t: Words, person: Person, cycle: Cycle, carry: str) -> Message:
    """To the manager: somebody wants to talk. Their words stay behind the button."""
    text = t("{name} has seen the result of {cycle} and does not agree. Please talk within five working days.",
             name=person, cycle=cycle.name)  # fmt: skip
    return Message(text, [section(text), buttons(button(t("Open the result"), does=steps.open_result, carry=carry))])


def team_ready(t: Words, cycle: Cycle, read: Does, prepare: Does, stands_in_for: Person | None = None) -> Message:
    """To a manager, or to whoever stands in for one: the team's results are out."""
    text = t("The results of your team for {cycle} are released.", cycle=cycle.name)
    note = t("Talk with each of them within five working days, and listen first.")
    if stands_in_for:
        text = t("The results of the team of {name} for {cycle} are released. You stand in for {name}.",
                 name=stands_in_for, cycle=cycle.name)  # fmt: skip
        note = t("Until {name} is back, talks and questions about them are with you. Listen first.", name=stands_in_for)
    see = button(t("See my team's results"), does=steps.show_team, style="primary")
    talks = button(t("Prepare the talks"), does=prepare)
    ways = buttons(see, talks, two_minutes(t, stage_card.Task.TALK, read))
    return Message(text, [section(text), context(note), ways])


def team_page(t: Words, found: list[tuple[Person, Result, str]]) -> View:
    """Each report with their newest released result behind a button."""
    rows = [
        section(
            t("{name}, {cycle}", name=person, cycle=cycle_name),
            button(t("Open the result"), does=steps.open_result, carry=f"{result.cycle_id}/{person.id}"),
        )
        for person, result, cycle_name in found[:MOST_TEAM]
    ]
    none = section(t("No result of your team is released yet."))
    return page(t("My team's results"), rows or [none], close=t("Close"))


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
