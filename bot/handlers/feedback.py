"""Feedback at any time, named: a situation, what was seen, what came of it, and next time. Two people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.effort import effort_question
from bot.domain.evidence import Evidence, Kind, check_feedback
from bot.domain.feedback import Question
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused, Sentence
from bot.domain.wording_hints import feedback_hints, situation_hints
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
    person_input,
    section,
    text_input,
)
from bot.slack.flow import OUTDATED, Flow, Open, Quoted, Replace, Turn
from bot.slack.text import bold, bullets, lines, mentioned, plain, quote
from bot.slack.words import Words
from bot.store import evidence, people

flow = Flow("feedback")

LONGEST = 1500
MOST_HINTS = 4
BOTH = "both"
"""Carried by what a manager asked for: they read it too."""
ASKED: Mapping[Question, str] = {
    Question.SITUATION: N_("Situation: when and where was it?"),
    Question.BEHAVIOUR: N_("Behaviour: what did you see or hear?"),
    Question.IMPACT: N_("Impact: what came of it?"),
    Question.NEXT_TIME: N_("Next time: what should stay, what could be different?"),
}
NAMES: Mapping[Question, str] = {
    Question.SITUATION: N_("Situation"),
    Question.BEHAVIOUR: N_("Behaviour"),
    Question.IMPACT: N_("Impact"),
    Question.NEXT_TIME: N_("Next time"),
}
"""The same, above an answer."""
NEEDED = (Question.SITUATION, Question.BEHAVIOUR)

# What people see --------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """What the form holds: whom it is for, and what was written so far."""

    whom: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    for_both: bool = False
    """The manager of who gets it reads it too."""


def sheet(t: Words, draft: Draft, found: Sequence[Sentence] = ()) -> View:
    """The form; with hints it comes a second time, everything typed still in it."""
    hints = section(lines(bold(t("Only you see this")), bullets(t.say(one) for one in found)))
    readers = t("Your name is on it. Only the two of you read it, unless your colleague shares it as evidence.")
    if draft.for_both:
        readers = t("Your name is on it. Your colleague reads it, and their manager too.")
    blocks: list[Block] = [
        *([hints, divider()] if found else []),
        person_input("whom", t("Whom is it for?"), initial=draft.whom),
        *(_question(t, question, draft) for question in Question),
        context(readers),
    ]
    carry = BOTH if draft.for_both else ""
    does, submit = (send_anyway, t("Send anyway")) if found else (send, t("Send"))
    return form(t("Give feedback"), blocks, does=does, submit=submit, close=t("Not now"), carry=carry)


def _question(t: Words, question: Question, draft: Draft) -> Block:
    typed, may_be_empty = draft.words.get(question, ""), question not in NEEDED
    label = t(ASKED[question])
    return text_input(question.value, label, initial=typed, lines=True, optional=may_be_empty, longest=LONGEST)


def told(t: Words, one: Evidence) -> list[Block]:
    """The feedback itself, under its four headings."""
    written = [(question, one.word(question)) for question in Question if one.word(question)]
    return [section(lines(bold(t(NAMES[question])), quote(words))) for question, words in written]


def arrived(t: Words, one: Evidence, author: Person, look: Does) -> Message:
    """What the receiver reads; the push says that it came, not what it says."""
    push = t("{name} has feedback for you.", name=author)
    thanks = None if one.thanked else button(t("Say thanks"), does=thank, carry=one.id)
    thanked = [context(t("You thanked {name}.", name=author))] if one.thanked else []
    press = buttons(thanks, button(t("My evidence"), does=look))
    who = t("Only the two of you read it. In your evidence you may share it with your manager.")
    if one.shared:
        who = t("Your manager reads it too.")
    return Message(push, [section(bold(push)), *told(t, one), *thanked, press, context(who)])


def given(t: Words, one: Evidence, receiver: Person) -> Message:
    """What the author keeps."""
    push = t("Your feedback for {name} is on its way.", name=receiver)
    if one.thanked:
        push = t("{name} thanks you for your feedback.", name=receiver)
    return Message(push, [section(bold(push)), *told(t, one)])


# What happens -----------------------------------------------------------------------------


@flow.shortcut("give_feedback")
@flow.command("feedback", N_("Tell a colleague what you saw, by name"))
@flow.action
def write(turn: Turn) -> Open:
    """Open the form."""
    return Open(sheet(turn.t, Draft(mentioned(turn.carry))))


@flow.action
def write_for(turn: Turn) -> Open:
    """Open the form for whoever asked for feedback, or whose manager did and reads it too."""
    whom_id, readers = turn.carried(2)
    return Open(sheet(turn.t, Draft(_somebody_else(turn, whom_id), for_both=readers == BOTH)))


@flow.shortcut("feedback_about_this")
@flow.action
def write_about_this(turn: Turn) -> Open:
    """Open the form from a message: it is for its author, and the message is the situation."""
    quoted = turn.quoted
    if quoted is None:
        return Open(sheet(turn.t, Draft()))
    whom = _somebody_else(turn, quoted.author_id)
    return Open(sheet(turn.t, Draft(whom, {Question.SITUATION: situation(turn.t, quoted)})))


def _somebody_else(turn: Turn, person_id: str) -> str:
    """Somebody to write to, or nobody where that cannot be."""
    person = people.get(turn.session, person_id)
    return person.id if person and person.takes_part and person.id != turn.person.id else ""


def situation(t: Words, quoted: Quoted) -> str:
    """The message that feedback is about, as the beginning of its situation."""
    about = t("Your message: “{text}”", text=quoted.text)
    if quoted.at:
        about = t("Your message of {at}: “{text}”", at=quoted.at, text=quoted.text)
    return plain(about)[: LONGEST - 100]


@flow.view
def send(turn: Turn) -> Replace | None:
    """Send it, or first show its author what might be better; of that nothing is kept."""
    draft, whom = _written(turn)
    if found := hints(turn, whom, draft):
        return Replace(sheet(turn.t, draft, found))
    _send(turn, whom, draft)
    return None


@flow.view
def send_anyway(turn: Turn) -> None:
    """Send it as it is now."""
    draft, whom = _written(turn)
    _send(turn, whom, draft)


def hints(turn: Turn, whom: Person, draft: Draft) -> list[Sentence]:
    """What the author alone is told: vague, personal, mind-reading and absolute words, and little effort."""
    mine = [
        one
        for one in evidence.known_to(turn.session, turn.person.id)
        if one.kind is Kind.FEEDBACK and one.author_id == turn.person.id
    ]
    others = [_all_words(one.words) for one in mine if one.about_id != whom.id]
    earlier = [_all_words(one.words) for one in reversed(mine) if one.about_id == whom.id]
    texts = [draft.words.get(question, "") for question in Question]
    effort = effort_question(texts, earlier=earlier, others=others)
    worded = [hint for text in texts for hint in feedback_hints(text)]
    found = [*worded, *situation_hints(draft.words[Question.SITUATION]), *([effort] if effort else [])]
    return [hint for n, hint in enumerate(found) if hint not in found[:n]][:MOST_HINTS]


def _all_words(words: Mapping[str, str]) -> str:
    return " ".join(words[question] for question in Question if question in words)


def _written(turn: Turn) -> tuple[Draft, Person]:
    whom = people.get(turn.session, turn.inputs.text("whom"))
    if whom is None or not whom.takes_part:
        raise Refused("Please choose a colleague who takes part here.", field="whom")
    words = {question.value: text for question in Question if (text := turn.inputs.text(question)[:LONGEST])}
    check_feedback(turn.person.id, whom.id, words)
    turn.must(Act.GIVE_EVIDENCE, whom.id)
    return Draft(whom.id, words, turn.carry == BOTH), whom


def _send(turn: Turn, whom: Person, draft: Draft) -> None:
    one = evidence.keep(turn.session, Kind.FEEDBACK, turn.person.id, whom.id, draft.words, turn.now)
    if draft.for_both:
        evidence.share(turn.session, one.id, shared=True)
    turn.say(turn.person, f"feedback/{one.id}/{turn.person.id}", given, one, whom)
    turn.remind(deliver, whom.id, turn.now, one.id)
    turn.note(Act.GIVE_EVIDENCE, whom.id, f"feedback/{one.id}")


@flow.prompt_that(Attention.BRINGS)
def deliver(turn: Turn) -> None:
    """Bring it in the receiver's working hours."""
    _say_arrived(turn, evidence.get(turn.session, turn.carry))


@flow.action
def thank(turn: Turn) -> None:
    """The receiver says thanks; the author reads it on the card they have."""
    one = evidence.get(turn.session, turn.carry)
    if one.kind is not Kind.FEEDBACK or one.about_id != turn.person.id:
        raise Refused(OUTDATED)
    if not evidence.thank(turn.session, one.id):
        return
    now = evidence.get(turn.session, one.id)
    _say_arrived(turn, now)
    if author := people.get(turn.session, one.author_id):
        turn.update(author, f"feedback/{one.id}/{author.id}", given, now, turn.person)


def _say_arrived(turn: Turn, one: Evidence) -> None:
    author = people.get(turn.session, one.author_id)
    if author is not None:
        key = f"feedback/{one.id}/{turn.person.id}"
        turn.say(turn.person, key, arrived, one, author, turn.flows.steps["evidence.show"])
