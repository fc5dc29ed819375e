"""The pulse: three taps and perhaps a sentence, asked once, sealed, and opened a week later.

Sending leaves no trace but that somebody has answered: no delivery in the inbox, no message, no Home drawn anew.
"""

from bot.domain.attention import Attention
from bot.domain.cycle import Cycle, Stage
from bot.domain.pulse import FEWEST, LEVELS, LONGEST, QUESTIONS, Level, Question, Said, levels_of
from bot.domain.refusal import Refused
from bot.handlers.process.conversation import flow
from bot.slack.blocks import Message, View, button, buttons, choice, context, form, page, section, text_input
from bot.slack.flow import Open, Replace, Turn
from bot.slack.text import Text, bold, bullets, lines
from bot.slack.words import Words
from bot.store import cycles, people, pulse

# What people see --------------------------------------------------------------------------


def card(t: Words, cycle: Cycle) -> Message:
    """What is asked, and what becomes of it, before anything is written."""
    text = t("Three short questions about how {cycle} went for you", cycle=cycle.name)
    press = button(t("Answer sealed"), does=open_pulse, carry=cycle.id, style="primary")
    return Message(text, [section(lines(bold(text), promise(t))), buttons(press), context(limits(t))])


def promise(t: Words) -> Text:
    """What is kept, and what is shown."""
    return bullets(
        [
            t("It is sealed: I keep that you answered, and apart from it what was said, without name, time or order."),
            t("It is opened once, after a week. HR and the owner of the process read counts by department, from {n} "
              "answers up; smaller ones are counted together.", n=FEWEST),
            t("A sentence is read without department and between those of others; fewer than {n} answers are destroyed "
              "unread.", n=FEWEST),
        ]
    )  # fmt: skip


def limits(t: Words) -> Text:
    """What cannot be hidden."""
    return t(
        "I cannot hide your style, facts only you know, or that Slack and whoever runs this server could, with effort, "
        "see when you answer."
    )


def questions(t: Words, cycle: Cycle) -> View:
    """The form."""
    levels = [(level.value, t(LEVELS[level])) for level in Level]
    asked = [choice(each.value, t(QUESTIONS[each]), levels) for each in Question]
    hint = t("Without names, please. It is read by itself.")
    words = text_input("words", t("One sentence, if you like: what should be different?"), lines=True, optional=True,
                       longest=LONGEST, hint=hint)  # fmt: skip
    return form(t("Three questions"), [*asked, words, section(promise(t)), context(limits(t))], does=send_pulse,
                submit=t("Send sealed"), close=t("Not now"), carry=cycle.id)  # fmt: skip


def thanks(t: Words) -> View:
    """After sending, and for whoever has answered before: the same words."""
    text = t("Thank you. Your answer lies sealed among the others.")
    return page(t("Three questions"), [section(text)], close=t("Close"))


def over(t: Words, cycle: Cycle) -> Message:
    """The card once the pulse was opened; the same for everybody, whether they answered or not."""
    text = t("The three questions about {cycle} are closed. Thank you to all who answered.", cycle=cycle.name)
    return Message(text, [section(text)], over=True)


# What happens -----------------------------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def ask_pulse(turn: Turn) -> None:
    """Ask once, as long as the process is reviewed."""
    cycle = cycles.get(turn.session, turn.carry)
    if _is_asked(turn, cycle) and not pulse.has_answered(turn.session, cycle.id, turn.person.id):
        turn.say(turn.person, _key(cycle.id, turn.person.id), card, cycle)


def _is_asked(turn: Turn, cycle: Cycle) -> bool:
    takes_part = cycles.takes_part(turn.session, cycle.id, turn.person.id)
    now = cycle.stage_on(turn.today) is Stage.REVIEWING
    return takes_part and now and not pulse.is_over(turn.session, cycle.id)


def _key(cycle_id: str, person_id: str) -> str:
    return f"process/{cycle_id}/{person_id}/pulse"


@flow.action
def open_pulse(turn: Turn) -> Open:
    """Show the form to whoever has not answered."""
    cycle = cycles.get(turn.session, turn.carry)
    if pulse.has_answered(turn.session, cycle.id, turn.person.id):
        return Open(thanks(turn.t))
    _must_be_asked(turn, cycle)
    return Open(questions(turn.t, cycle))


@flow.view
def send_pulse(turn: Turn) -> Replace:
    """Seal an answer among the others."""
    turn.traceless = True
    cycle = cycles.get(turn.session, turn.carry)
    _must_be_asked(turn, cycle)
    levels = levels_of({each.value: turn.inputs.text(each.value) for each in Question})
    said = Said(levels, turn.inputs.text("words")[:LONGEST])
    department = cycles.participant(turn.session, cycle.id, turn.person.id).department
    pulse.seal(turn.session, cycle.id, turn.person.id, department, said)
    return Replace(thanks(turn.t))


def _must_be_asked(turn: Turn, cycle: Cycle) -> None:
    if not _is_asked(turn, cycle):
        raise Refused("These questions are asked only of who takes part in the cycle, for a week after it.")


@flow.timer
def open_answers(turn: Turn) -> None:
    """A week later everything is opened at once; the cards of all say that it is over."""
    cycle = cycles.get(turn.session, turn.carry)
    if not pulse.open_once(turn.session, cycle.id):
        return
    asked = people.named(turn.session, [one.person_id for one in cycles.participants(turn.session, cycle.id)])
    turn.update_all([(one, _key(cycle.id, one.id), lambda t: over(t, cycle)) for one in asked.values()])
