"""Ask: a question is answered with what is published, word for word and with its place; else by HR, with a clock."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.access import Act
from bot.domain.asking import AGAIN_AFTER, HR_DAYS, LONGEST, MOST_REMINDERS, fitting
from bot.domain.attention import Attention
from bot.domain.cadence import add_working_days, instant
from bot.domain.cycle import MORNING
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.slack.blocks import (
    Block,
    Message,
    View,
    button,
    buttons,
    choices,
    context,
    form,
    page,
    section,
    text_input,
)
from bot.slack.flow import Answer, Flow, Open, Passage, Replace, Task, Turn
from bot.slack.text import Text, bold, clip, escape, lines, quote, row
from bot.slack.words import Words
from bot.store import people, questions
from bot.store.questions import Question

flow = Flow("asking")

LONGEST_ANSWER = 1500
QUOTED = 900
"""Characters shown of a passage; its button opens all of it."""
MOST_MINE = 5
PUBLISH = "publish"

# What people see --------------------------------------------------------------------------


def sheet(t: Words, mine: Sequence[Question]) -> View:
    """The question, and how the last ones stand."""
    said = [section(lines(bold(t("Your questions to HR")), *(_stands(t, one) for one in mine[:MOST_MINE])))]
    how = t(
        "I look in what is published here: rules, dates, templates, privacy, the course. If nothing fits, you can ask "
        "HR, who then see your name."
    )
    return form(
        t("Ask a question"),
        [
            text_input("words", t("What would you like to know?"), lines=True, longest=LONGEST),
            context(how),
            *(said if mine else []),
        ],
        does=look_up,
        submit=t("Ask a question"),
        close=t("Not now"),
    )


def _stands(t: Words, one: Question) -> Text:
    state = t("answered") if one.answer else t("with HR, by {day}", day=t.weekday(one.due_on))
    return row(clip(escape(one.words), 120), state)


def found(t: Words, asked: str, passages: Sequence[Passage]) -> list[Block]:
    """What is published on it, quoted with its place; and the way to HR."""
    said = section(lines(bold(t("You asked")), quote(asked)))
    if not passages:
        nothing = t(
            "I found nothing published that answers this. If you ask HR, I ask them to answer within {n} working days.",
            n=HR_DAYS,
        )
        return [said, section(nothing), _to_hr(t, asked, primary=True)]
    shown = [section(_passage(one), button(t("Read it all"), does=one.does) if one.does else None) for one in passages]
    more = context(
        t("These are the published words, without interpretation. If they do not answer your question, please ask HR.")
    )
    return [said, *shown, more, _to_hr(t, asked, primary=False)]


def _passage(one: Passage) -> Text:
    return lines(bold(row(one.source, one.section)), *(Text(f">{line}") for line in _lines(clip(one.words, QUOTED))))


def _lines(text: Text) -> list[str]:
    return [line for line in text.splitlines() if line]


def _to_hr(t: Words, asked: str, *, primary: bool) -> Block:
    press = button(t("Ask HR"), does=to_hr, carry=asked, style="primary" if primary else None)
    return buttons(press)


def with_hr(t: Words, one: Question, reminded: datetime | None = None, *, last: bool = False) -> Message:
    """The asker's card: HR has the question and was `reminded`, for the `last` time, or this is the answer."""
    text = t("Your question is with HR. I asked them to answer by {day}.", day=t.weekday(one.due_on))
    if reminded:
        day = t.weekday(reminded.astimezone(t.tz).date())
        text = t("Your question is still with HR. I reminded them on {day}.", day=day)
        if last:
            text = t(
                "Your question is still with HR. My last reminder was on {day}; please ask them in person.", day=day
            )
    if one.answer:
        text = t("HR has answered your question.")
    told = [section(quote(one.answer))] if one.answer else []
    return Message(text, [section(lines(bold(text), quote(one.words))), *told])


def answered(t: Words, one: Question, by: Person) -> Message:
    """HR's answer, to the asker."""
    text = t("HR has answered your question.")
    told = lines(bold(t("{name} answers", name=by)), quote(one.answer))
    return Message(text, [section(lines(bold(text), quote(one.words))), section(told)])


def was_answered(t: Words, one: Question) -> View:
    """The same question again on that day: its answer, and the way to ask further."""
    more = t("HR has answered this question. If something is still open, please ask it in other words.")
    told = [section(lines(bold(t("You asked")), quote(one.words))), section(quote(one.answer)), context(more)]
    return page(t("Ask a question"), [*told, buttons(button(t("Ask further"), does=ask))], close=t("Close"))


def for_hr(t: Words, one: Question, asker: Person, today: date | None = None) -> Message:
    """A question that HR is to answer, and is reminded of `today`, or that somebody of HR answered."""
    text = t("{name} has a question for HR.", name=asker)
    if one.answer:
        done = lines(bold(text), quote(one.words), t("This is answered."))
        return Message(text, [section(done)], over=True)
    if today:
        text = t("The question from {name} is due today.", name=asker)
        if today > one.due_on:
            text = t("The question from {name} was due on {day}.", name=asker, day=t.weekday(one.due_on))
    until = t("Please answer by {day}.", day=t.weekday(one.due_on))
    press = button(t("Answer"), does=open_answer, carry=one.id, style="primary")
    return Message(text, [section(lines(bold(text), quote(one.words), until)), buttons(press)])


def answering(t: Words, one: Question, asker: Person) -> View:
    """HR's answer."""
    publish = [(PUBLISH, t("Let everybody find question and answer, without the name"))]
    return form(
        t("Answer"),
        [
            section(lines(bold(escape(asker.name)), quote(one.words))),
            text_input("answer", t("Your answer"), lines=True, longest=LONGEST_ANSWER),
            choices("publish", t("For others too?"), publish, optional=True),
        ],
        does=keep_answer,
        submit=t("Send"),
        close=t("Not now"),
        carry=one.id,
    )


# Asking -----------------------------------------------------------------------------------


@flow.command("ask", N_("Ask how something works here"))
@flow.action
def ask(turn: Turn) -> Open | Answer:
    """Answer what was typed, or open the form."""
    asked = turn.carry.strip()[:LONGEST]
    if not asked:
        return Open(sheet(turn.t, questions.of_asker(turn.session, turn.person.id)))
    return Answer(Message(turn.t("What is published on your question"), found(turn.t, asked, _fitting(turn, asked))))


@flow.view
def look_up(turn: Turn) -> Replace:
    """Answer what was written in the form."""
    asked = turn.inputs.text("words")[:LONGEST]
    if not asked:
        raise Refused("Please write your question.", field="words")
    return Replace(page(turn.t("Ask a question"), found(turn.t, asked, _fitting(turn, asked)), close=turn.t("Close")))


def _fitting(turn: Turn, asked: str) -> list[Passage]:
    passages = turn.flows.published(turn)
    return [passages[n] for n in fitting(asked, [f"{one.source} {one.section} {one.words}" for one in passages])]


@flow.action
def to_hr(turn: Turn) -> Replace:
    """Bring it to HR; their clock begins, and ends when the first of them has had the days for it."""
    asked = turn.carry.strip()[:LONGEST]
    hr = people.holders(turn.session, people.HR)
    if not asked or not hr:
        raise Refused("I know nobody of HR here yet, so I cannot pass your question on. Please ask them in person.")
    due = min(add_working_days(turn.today, HR_DAYS, turn.workdays(each)) for each in hr)
    one = questions.ask(turn.session, turn.person.id, asked, turn.now, due)
    if one.answer:
        return Replace(was_answered(turn.t, one))
    turn.say(turn.person, _mine(one), with_hr, one)
    for each in hr:
        turn.remind(tell_hr, each.id, turn.now, one.id)
        turn.remind(remind_hr, each.id, instant(one.due_on, MORNING, each.tz), _nth(one, 1))
    turn.note("ask_hr", turn.person.id, f"question/{one.id}")
    sent = turn.t("Your question is with HR. I asked them to answer by {day}.", day=turn.t.weekday(one.due_on))
    return Replace(page(turn.t("Ask a question"), [section(sent)], close=turn.t("Close")))


# HR ---------------------------------------------------------------------------------------


@flow.prompt_that(Attention.BRINGS)
def tell_hr(turn: Turn) -> None:
    """Somebody of HR reads a new question; one that was answered before their day began is none any more."""
    one = questions.get(turn.session, turn.carry)
    asker = people.get(turn.session, one.asker_id)
    if asker and not one.answer:
        turn.say(turn.person, _theirs(one, turn.person), for_hr, one, asker)


@flow.prompt
def remind_hr(turn: Turn) -> None:
    """The day has come and nobody answered: HR is reminded, again some working days later; the asker sees when."""
    question_id, _, said = turn.carry.partition("/")
    n = int(said or 1)
    one = questions.get(turn.session, question_id)
    asker = people.get(turn.session, one.asker_id)
    if one.answer or asker is None or turn.person not in people.holders(turn.session, people.HR):
        return
    turn.say(turn.person, _due(one, turn.person, n), for_hr, one, asker, turn.today)
    turn.update(asker, _mine(one), with_hr, one, turn.now, last=n == MOST_REMINDERS)
    if n < MOST_REMINDERS:
        again = add_working_days(turn.today, AGAIN_AFTER, turn.workdays(turn.person))
        turn.remind(remind_hr, turn.person.id, instant(again, MORNING, turn.person.tz), _nth(one, n + 1))


@flow.action
def open_answer(turn: Turn) -> Open:
    """HR answers."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    one, asker = _question(turn)
    return Open(answering(turn.t, one, asker))


@flow.view
def keep_answer(turn: Turn) -> None:
    """Keep the answer, bring it to the asker, and take the question off everybody's list."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    one, asker = _question(turn)
    words = turn.inputs.text("answer")[:LONGEST_ANSWER]
    if not words:
        raise Refused("Please write your answer.", field="answer")
    public = PUBLISH in turn.inputs.many("publish")
    questions.answer(turn.session, one.id, words, turn.person.id, turn.now, public=public)
    turn.note("answer_question", one.asker_id, f"question/{one.id}")
    turn.remind(bring, one.asker_id, turn.now, one.id)
    done = questions.get(turn.session, one.id)
    for each in people.holders(turn.session, people.HR):
        turn.update(each, _theirs(one, each), for_hr, done, asker)
        for n in range(1, MOST_REMINDERS + 1):
            turn.forget(remind_hr, each.id, _nth(one, n))
            turn.update(each, _due(one, each, n), for_hr, done, asker)


@flow.prompt_that(Attention.FREE)
def bring(turn: Turn) -> None:
    """The asker reads the answer: they asked for it, so it is never gathered."""
    one = questions.get(turn.session, turn.carry)
    if by := people.get(turn.session, one.answered_by):
        turn.say(turn.person, _mine(one), with_hr, one)
        turn.say(turn.person, f"asking/{one.id}/answer/{turn.person.id}", answered, one, by)


def _question(turn: Turn) -> tuple[Question, Person]:
    one = questions.get(turn.session, turn.carry)
    asker = people.get(turn.session, one.asker_id)
    if asker is None or one.answer:
        raise Refused("This question is answered already.")
    return one, asker


def _mine(one: Question) -> str:
    return f"asking/{one.id}/{one.asker_id}"


def _theirs(one: Question, hr: Person) -> str:
    return f"asking/{one.id}/hr/{hr.id}"


def _due(one: Question, hr: Person, n: int) -> str:
    return f"asking/{_nth(one, n)}/due/{hr.id}"


def _nth(one: Question, n: int) -> str:
    """What the nth reminder of a question is known by; the first one by the question."""
    return one.id if n == 1 else f"{one.id}/{n}"


# Elsewhere --------------------------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """The questions that wait for HR."""
    waiting = questions.unanswered(turn.session)
    if not waiting or not turn.may(Act.RUN_CYCLE, turn.person.id):
        return []
    t = turn.t
    return [
        Task(t("A question to HR, by {day}", day=t.weekday(one.due_on)), t("Answer"), open_answer, one.id, one.due_on)
        for one in waiting
    ]


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """What HR has answered for everybody."""
    source = turn.t("Questions that HR has answered")
    return [
        Passage(source, clip(escape(one.words), 150), escape(one.answer), ask)
        for one in questions.published(turn.session)
    ]
