"""Asking and answering: what is published, word for word with its place; else somebody who answers, with a clock."""

from bot.domain.access import Act
from bot.domain.asking import AGAIN_AFTER, HR_DAYS, LONGEST, MOST_REMINDERS, fitting
from bot.domain.attention import Attention
from bot.domain.cadence import add_working_days, instant
from bot.domain.cycle import MORNING
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.handlers.asking import views
from bot.handlers.asking.conversation import (
    answerers,
    cycle_of,
    due_key,
    flow,
    mine_key,
    must_answer,
    nth,
    their_key,
    who_of,
)
from bot.slack.blocks import Message, View, page, section
from bot.slack.flow import Answer, Open, Passage, Replace, Task, Turn
from bot.slack.text import bold, clip, escape
from bot.store import people, questions
from bot.store.questions import Question

# Asking -----------------------------------------------------------------------------------


@flow.command("ask", N_("Ask how something works here"))
@flow.action
def ask(turn: Turn) -> Open | Answer:
    """Answer what was typed, or open the form."""
    asked = turn.carry.strip()[:LONGEST]
    if not asked:
        return Open(views.sheet(turn.t, questions.of_asker(turn.session, turn.person.id)))
    found = views.found(turn.t, asked, _fitting(turn, asked))
    title = turn.t("What is published on your question")
    return Answer(Message(title, [section(bold(title)), *found]))


@flow.view
def look_up(turn: Turn) -> Replace:
    """Answer what was written in the form."""
    asked = turn.inputs.text("words")[:LONGEST]
    if not asked:
        raise Refused("Please write your question.", field="words")
    found = views.found(turn.t, asked, _fitting(turn, asked))
    return Replace(page(turn.t("Ask a question"), found, close=turn.t("Close")))


def _fitting(turn: Turn, asked: str) -> list[Passage]:
    passages = turn.flows.published(turn)
    return [passages[n] for n in fitting(asked, [f"{one.source} {one.section} {one.words}" for one in passages])]


@flow.action
def to_hr(turn: Turn) -> Replace:
    """Bring it to HR."""
    return Replace(pass_on(turn, turn.carry.strip()[:LONGEST]))


def pass_on(turn: Turn, asked: str, about: str = "") -> View:
    """Bring a question to whoever answers it; their clock ends when the first of them has had the days for it."""
    them = answerers(turn, turn.person.id, about)
    if not asked or not them:
        raise Refused("I know nobody of HR here yet, so I cannot pass your question on. Please ask them in person.")
    due = min(add_working_days(turn.today, HR_DAYS, turn.workdays(each)) for each in them)
    one = questions.ask(turn.session, turn.person.id, asked, turn.now, due, about)
    if one.answer:
        return views.was_answered(turn.t, one)
    who = who_of(turn, turn.person.id, about)
    turn.say(turn.person, mine_key(one), views.with_them, one, who)
    for each in them:
        turn.remind(tell_hr, each.id, turn.now, one.id)
        turn.remind(remind_hr, each.id, instant(one.due_on, MORNING, each.tz), nth(one, 1))
    turn.note("ask_hr", turn.person.id, f"question/{one.id}")
    named = escape(who.name) if who else turn.t("HR")
    day = turn.t.weekday(one.due_on)
    sent = turn.t("Your question is with {who}. I asked them to answer by {day}.", who=named, day=day)
    return page(turn.t("Ask a question"), [section(sent)], close=turn.t("Close"))


# Answering --------------------------------------------------------------------------------


@flow.prompt_that(Attention.BRINGS)
def tell_hr(turn: Turn) -> None:
    """Somebody reads a new question; one that was answered before their day began is none any more."""
    one = questions.get(turn.session, turn.carry)
    asker = people.get(turn.session, one.asker_id)
    if asker and not one.answer and turn.person in answerers(turn, one.asker_id, one.about):
        turn.say(turn.person, their_key(one, turn.person), views.for_them, one, asker, cycle_of(turn, one))


@flow.prompt
def remind_hr(turn: Turn) -> None:
    """The day has come and nobody answered: they are reminded, again some working days later; the asker sees when."""
    question_id, _, said = turn.carry.partition("/")
    n = int(said or 1)
    one = questions.get(turn.session, question_id)
    asker = people.get(turn.session, one.asker_id)
    if one.answer or asker is None or turn.person not in answerers(turn, one.asker_id, one.about):
        return
    key, who = due_key(one, turn.person, n), who_of(turn, one.asker_id, one.about)
    turn.say(turn.person, key, views.for_them, one, asker, cycle_of(turn, one), turn.today)
    turn.update(asker, mine_key(one), views.with_them, one, who, turn.now, last=n == MOST_REMINDERS)
    if n < MOST_REMINDERS:
        again = add_working_days(turn.today, AGAIN_AFTER, turn.workdays(turn.person))
        turn.remind(remind_hr, turn.person.id, instant(again, MORNING, turn.person.tz), nth(one, n + 1))


@flow.action
def open_answer(turn: Turn) -> Open:
    """Answer it."""
    one, asker = _question(turn)
    return Open(views.answering(turn.t, one, asker))


@flow.view
def keep_answer(turn: Turn) -> None:
    """Keep the answer, bring it to the asker, and take the question off everybody's list."""
    one, asker = _question(turn)
    words = turn.inputs.text("answer")[: views.LONGEST_ANSWER]
    if not words:
        raise Refused("Please write your answer.", field="answer")
    public = not one.about and views.PUBLISH in turn.inputs.many("publish")
    questions.answer(turn.session, one.id, words, turn.person.id, turn.now, public=public)
    turn.note("answer_question", one.asker_id, f"question/{one.id}")
    turn.remind(bring, one.asker_id, turn.now, one.id)
    done, cycle = questions.get(turn.session, one.id), cycle_of(turn, one)
    for each in answerers(turn, one.asker_id, one.about):
        turn.update(each, their_key(one, each), views.for_them, done, asker, cycle)
        for n in range(1, MOST_REMINDERS + 1):
            turn.forget(remind_hr, each.id, nth(one, n))
            turn.update(each, due_key(one, each, n), views.for_them, done, asker, cycle)


@flow.prompt_that(Attention.FREE)
def bring(turn: Turn) -> None:
    """The asker reads the answer: they asked for it, so it is never gathered."""
    one = questions.get(turn.session, turn.carry)
    if by := people.get(turn.session, one.answered_by):
        turn.say(turn.person, mine_key(one), views.with_them, one, by if one.about else None)
        turn.say(turn.person, f"asking/{one.id}/answer/{turn.person.id}", views.answered, one, by)


def _question(turn: Turn) -> tuple[Question, Person]:
    """The question that was carried, for whoever it is for."""
    one = questions.find(turn.session, turn.carry)
    if one is None:
        turn.must(Act.RUN_CYCLE, turn.person.id)
        raise Refused("This question is not kept any more.")
    must_answer(turn, one)
    asker = people.get(turn.session, one.asker_id)
    if asker is None or one.answer:
        raise Refused("This question is answered already.")
    return one, asker


# Elsewhere --------------------------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """The questions that wait for HR, and those about a result that wait for whoever leads the asker."""
    waiting = questions.unanswered(turn.session)
    if not waiting:
        return []
    of_hr = turn.may(Act.RUN_CYCLE, turn.person.id)
    return [_task(turn, one) for one in waiting if (of_hr if not one.about else _is_mine(turn, one))]


def _is_mine(turn: Turn, one: Question) -> bool:
    return turn.person in answerers(turn, one.asker_id, one.about)


def _task(turn: Turn, one: Question) -> Task:
    t, day = turn.t, turn.t.weekday(one.due_on)
    text = t("A question about a result, by {day}", day=day) if one.about else t("A question to HR, by {day}", day=day)
    return Task(text, t("Answer"), open_answer, one.id, one.due_on)


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """What HR has answered for everybody."""
    source = turn.t("Questions that HR has answered")
    return [
        Passage(source, clip(escape(one.words), 150), escape(one.answer), ask)
        for one in questions.published(turn.session)
    ]
