"""The course: a few cards, three questions, two more for managers, and a card for each stage when it is there.

It counts how far people are in the course, nothing else; who reads the card of a stage is not kept at all.
"""

from collections.abc import Sequence

from bot.domain import course
from bot.domain.course import Card, Question
from bot.domain.refusal import N_, Refused
from bot.domain.stage_card import CARDS, StageCard, Task, cards_for
from bot.slack.blocks import Block, Message, View, button, buttons, context, divider, header, page, section
from bot.slack.flow import OUTDATED, Flow, Open, Passage, Replace, Turn, known
from bot.slack.text import bold, bullets, lines, quote
from bot.slack.words import Words
from bot.store import lessons, people, timers

flow = Flow("course")

# What people see --------------------------------------------------------------------------


def step(t: Words, one: Card | Question, n: int, most: int) -> View:
    """A card with its way on, or a question with its answers."""
    where = context(t("{n} of {most}", n=n + 1, most=most))
    if isinstance(one, Card):
        shown = [header(t(one.title)), section(bullets(t(point) for point in one.points))]
        stages = [buttons(button(t("Two minutes for a stage"), does=by_stage))]
        return page(t("The course"), [*shown, go_on(t, n, most), where, divider(), *stages], close=t("Later"))
    shown = [section(t(one.ask))]
    answers = [section(t(answer), button(t("Choose"), does=answered, carry=f"{n}/{place}"))
               for place, answer in enumerate(one.answers)]  # fmt: skip
    return page(t("The course"), [*shown, *answers, where], close=t("Later"))


def explained(t: Words, one: Question, n: int, most: int, *, right: bool) -> View:
    """What is so, whatever was chosen."""
    said = t("That is it.") if right else t("Not quite. Nobody counts this.")
    blocks = [section(said), section(t(one.why)), go_on(t, n, most), context(t("{n} of {most}", n=n + 1, most=most))]
    return page(t("The course"), blocks, close=t("Later"))


def go_on(t: Words, n: int, most: int) -> Block:
    """The button to the next step, or to the end."""
    label = t("Next") if n + 1 < most else t("Finish")
    return buttons(button(label, does=turn_page, carry=str(n + 1), style="primary"))


def finished(t: Words) -> View:
    """The end."""
    text = t("That was all. Thank you for your time. You can look at it again with `/cairn course`.")
    stages = buttons(button(t("Two minutes for a stage"), does=by_stage))
    return page(t("The course"), [section(text), stages], close=t("Close"))


def all_stages(t: Words, tasks: Sequence[Task]) -> View:
    """The cards of the stages, in the order of a cycle."""
    told = t("One card for each task, two minutes each, for when you need it. I do not keep which you read.")
    shown = [section(bold(t(CARDS[one].title)), button(t("Read"), does=read, carry=one.value)) for one in tasks]
    return page(t("Two minutes"), [section(told), *shown], close=t("Close"))


def stage_card(t: Words, card: StageCard) -> View:
    """What helps with a task, and one example of each kind."""
    little = lines(t("*Helps little:*"), quote(t(card.little)))
    more = lines(t("*Helps more:*"), quote(t(card.more)))
    points = bullets(t(point) for point in card.points)
    return page(
        t("Two minutes"), [header(t(card.title)), section(points), section(little), section(more)], close=t("Close")
    )


def invitation(t: Words, minutes: int) -> Message:
    """What everybody gets when HR sends the course."""
    text = t("A new cycle is coming. How it works, in about {minutes} minutes:", minutes=minutes)
    kept = t("I only count how far you are. Your answers are not kept.")
    return Message(text, [section(text), buttons(button(t("Begin"), does=begin, style="primary")), context(kept)])


# What happens -----------------------------------------------------------------------------


@flow.command("course", N_("How it works, in ten minutes"))
@flow.action
def begin(turn: Turn) -> Open:
    """Open the course where somebody left it."""
    steps = _steps(turn)
    at = lessons.seen(turn.session, turn.person.id)
    n = at if at < len(steps) else 0
    return Open(step(turn.t, steps[n], n, len(steps)))


@flow.action
def turn_page(turn: Turn) -> Replace:
    """The next step, or the end."""
    steps = _steps(turn)
    n = _number(turn.carry, len(steps))
    lessons.reach(turn.session, turn.person.id, n, done=n == len(steps))
    if n == len(steps):
        return Replace(finished(turn.t))
    return Replace(step(turn.t, steps[n], n, len(steps)))


@flow.action
def answered(turn: Turn) -> Replace:
    """Say what is so; the answer is not kept."""
    steps = _steps(turn)
    place, chosen = turn.carried(2)
    n = _number(place, len(steps) - 1)
    one = steps[n]
    if isinstance(one, Card):
        raise Refused(OUTDATED)
    return Replace(explained(turn.t, one, n, len(steps), right=chosen == str(one.right)))


@flow.action
def by_stage(turn: Turn) -> Open:
    """List the cards of the stages."""
    return Open(all_stages(turn.t, cards_for(manages=_manages(turn))))


@flow.action
def read(turn: Turn) -> Open:
    """Show the card of a stage; nothing of it is kept."""
    return Open(stage_card(turn.t, CARDS[known(Task, turn.carry)]))


@flow.prompt
def invite(turn: Turn) -> None:
    """Invite somebody who is not through yet; an announcement that they are about to read leads there itself."""
    announced = timers.is_due(turn.session, "setup.tell", turn.person.id, turn.now)
    if not announced and not lessons.is_done(turn.session, turn.person.id):
        turn.say(turn.person, f"course/{turn.carry}/{turn.person.id}", invitation, len(_steps(turn)))


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """The cards of the course, and those of the stages."""
    t = turn.t
    cards = [one for one in _steps(turn) if isinstance(one, Card)]
    whole = [Passage(t("The course"), t(one.title), lines(*(t(point) for point in one.points)), begin) for one in cards]
    stages = [CARDS[task] for task in cards_for(manages=_manages(turn))]
    return [
        *whole,
        *(Passage(t("Two minutes"), t(one.title), t(each), by_stage) for one in stages for each in one.points),
    ]


def _steps(turn: Turn) -> tuple[Card | Question, ...]:
    return course.steps(manages=_manages(turn))


def _manages(turn: Turn) -> bool:
    return bool(people.reports_of(turn.session, turn.person.id, turn.today))


def _number(said: str, most: int) -> int:
    if not said.isdecimal() or int(said) > most:
        raise Refused(OUTDATED)
    return int(said)
