"""What people see of questions: the form, what is published, the cards of asker and answerer, the answer."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.asking import HR_DAYS, LONGEST
from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.handlers.asking import results, steps
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
from bot.slack.flow import Passage
from bot.slack.text import Text, bold, clip, escape, lines, quote, row
from bot.slack.words import Words
from bot.store.questions import Question

LONGEST_ANSWER = 1500
QUOTED = 900
"""Characters shown of a passage; its button opens all of it."""
MOST_MINE = 5
PUBLISH = "publish"


def sheet(t: Words, mine: Sequence[Question]) -> View:
    """The question, and how the last ones stand."""
    said = [section(lines(bold(t("Your questions")), *(_stands(t, one) for one in mine[:MOST_MINE])))]
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
        does=steps.look_up,
        submit=t("Ask a question"),
        close=t("Not now"),
    )


def _stands(t: Words, one: Question) -> Text:
    day = t.weekday(one.due_on)
    waits = t("about a result, by {day}", day=day) if one.about else t("with HR, by {day}", day=day)
    state = t("answered") if one.answer else waits
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
    press = button(t("Ask HR"), does=steps.to_hr, carry=asked, style="primary" if primary else None)
    return buttons(press)


def with_them(
    t: Words, one: Question, who: Person | None, reminded: datetime | None = None, *, last: bool = False
) -> Message:
    """The asker's card: HR, or whoever leads them, has the question and was `reminded`; or this is the answer."""
    named = escape(who.name) if who else t("HR")
    text = t("Your question is with {who}. I asked them to answer by {day}.", who=named, day=t.weekday(one.due_on))
    if reminded:
        day = t.weekday(reminded.astimezone(t.tz).date())
        text = t("Your question is still with {who}. I reminded them on {day}.", who=named, day=day)
        if last:
            text = t(
                "Your question is still with {who}. My last reminder was on {day}; please ask them in person.",
                who=named,
                day=day,
            )
    if one.answer:
        text = t("{who} has answered your question.", who=named)
    told = [section(quote(one.answer))] if one.answer else []
    return Message(text, [section(lines(bold(text), quote(one.words))), *told])


def answered(t: Words, one: Question, by: Person) -> Message:
    """The answer, to the asker."""
    text = t("{who} has answered your question.", who=escape(by.name) if one.about else t("HR"))
    told = lines(bold(t("{name} answers", name=by)), quote(one.answer))
    return Message(text, [section(lines(bold(text), quote(one.words))), section(told)])


def was_answered(t: Words, one: Question) -> View:
    """The same question again on that day: its answer, and the way to ask further."""
    more = t("This question was answered. If something is still open, please ask it in other words.")
    told = [section(lines(bold(t("You asked")), quote(one.words))), section(quote(one.answer)), context(more)]
    return page(t("Ask a question"), [*told, buttons(button(t("Ask further"), does=steps.ask))], close=t("Close"))


def for_them(t: Words, one: Question, asker: Person, cycle: Cycle | None, today: date | None = None) -> Message:
    """A question to answer, of which its reader is reminded `today`, or that was answered; `cycle` is of a result."""
    text = t("{name} has a question for HR.", name=asker)
    if cycle:
        text = t("{name} has a question about the result of {cycle}.", name=asker, cycle=cycle.name)
    if one.answer:
        done = lines(bold(text), quote(one.words), t("This is answered."))
        return Message(text, [section(done)], over=True)
    if today:
        text = t("The question from {name} is due today.", name=asker)
        if today > one.due_on:
            text = t("The question from {name} was due on {day}.", name=asker, day=t.weekday(one.due_on))
    until = t("Please answer by {day}.", day=t.weekday(one.due_on))
    press = button(t("Answer"), does=steps.open_answer, carry=one.id, style="primary")
    return Message(text, [section(lines(bold(text), quote(one.words), until)), buttons(press)])


def answering(t: Words, one: Question, asker: Person) -> View:
    """The answer; one about a result is for its asker alone."""
    publish = [(PUBLISH, t("Let everybody find question and answer, without the name"))]
    others = choices("publish", t("For others too?"), publish, optional=True)
    alone = context(t("{name} reads it as a message, so please keep grades and points for the talk.", name=asker))
    return form(
        t("Answer"),
        [
            section(lines(bold(escape(asker.name)), quote(one.words))),
            text_input("answer", t("Your answer"), lines=True, longest=LONGEST_ANSWER),
            alone if one.about else others,
        ],
        does=steps.keep_answer,
        submit=t("Send"),
        close=t("Not now"),
        carry=one.id,
    )


def about_result(t: Words, cycle: Cycle, who: Person | None, carry: str) -> View:
    """What somebody would like to know about their own result, and who reads it."""
    reads = t("{name} reads it and answers within {n} working days.", name=who or t("HR"), n=HR_DAYS)
    asked = text_input("words", t("What would you like to know?"), lines=True, longest=LONGEST, hint=reads)
    told = section(lines(bold(t("Your result of {cycle}", cycle=cycle.name)),
                         t("How a number came about, *Why?* beside it shows at once.")))  # fmt: skip
    return form(
        t("Ask about it"),
        [told, asked],
        does=results.send,
        submit=t("Ask a question"),
        close=t("Not now"),
        carry=carry,
    )
