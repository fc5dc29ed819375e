"""Help: the one thing to do now, the list of commands, and the nearest one to what was typed."""

from collections.abc import Mapping

from bot.domain.refusal import N_
from bot.slack.blocks import Block, Message, button, buttons, context, section
from bot.slack.flow import Answer, Command, Flow, Task, Turn
from bot.slack.menu import GROUPS
from bot.slack.text import Text, bold, lines
from bot.slack.words import Words
from bot.store import people

flow = Flow("help")

# What people see --------------------------------------------------------------------------


def one_thing(t: Words, task: Task, others: int) -> Message:
    """The most pressing task, with its button."""
    rest = t.plural("One more thing waits in Home.", "{n} more things wait in Home.", others) if others else None
    first = t("The one thing to do now")
    blocks: list[Block] = [
        section(lines(bold(first), task.text)),
        buttons(button(task.label, does=task.does, carry=task.carry, style="primary")),
    ]
    return Message(first, [*blocks, *([context(rest)] if rest else [])])


def nothing_now(t: Words) -> Message:
    """Nobody waits for this person."""
    more = t("Type `/cairn help` to see what you can do here.")
    return Message(t("Nothing waits for you."), [section(lines(t("Nothing waits for you."), more))])


def all_commands(t: Words, commands: Mapping[str, Command], *, hr: bool) -> Message:
    """Every word that this person can use, in the groups of Home."""
    mine = {word: one for word, one in commands.items() if hr or not one.for_hr}
    here = [word for word in mine if not any(word in words for words in GROUPS.values())]
    every = {**GROUPS, N_("Here"): here}
    groups = {name: [mine[word] for word in words if word in mine] for name, words in every.items()}
    intro = t("I walk with you through the cycle: goals, check-ins, feedback and a result you can question.")
    shown = [section(lines(bold(t(name)), *(_line(t, one) for one in some))) for name, some in groups.items() if some]
    end = context(t("Everything is also in Home, with buttons. In a message to me, leave out /cairn."))
    return Message(intro, [section(lines(intro, bold(t("What you can type")))), *shown, end])


def did_you_mean(t: Words, typed: str, command: Command) -> Message:
    """A near miss, with the button that does what was meant."""
    text = t(
        "I do not know “{typed}”. Did you mean `/cairn {word}`: {purpose}?",
        typed=typed,
        word=command.word,
        purpose=t(command.purpose),
    )
    press = button(t(command.purpose), does=command.step, style="primary")
    sorry = t("I did not understand that.")
    return Message(sorry, [section(lines(sorry, text)), buttons(press)])


def not_understood(t: Words, typed: str) -> Message:
    """Nothing near; a notification does not repeat what was typed."""
    text = t("I do not know “{typed}”. Type `/cairn help` to see what you can do here.", typed=typed)
    sorry = t("I did not understand that.")
    return Message(sorry, [section(lines(sorry, text))])


def _line(t: Words, command: Command) -> Text:
    return t("`/cairn {word}`  {purpose}", word=command.word, purpose=t(command.purpose))


# What happens -----------------------------------------------------------------------------


@flow.command("now", N_("The one thing to do now"))
@flow.action
def next_thing(turn: Turn) -> Answer:
    """Say what waits and is due first."""
    _meet(turn)
    tasks = turn.flows.waiting(turn)
    return Answer(one_thing(turn.t, tasks[0], len(tasks) - 1) if tasks else nothing_now(turn.t))


@flow.command("help", N_("What you can do here"))
@flow.action
def show(turn: Turn) -> Answer:
    """Say every command."""
    _meet(turn)
    return Answer(all_commands(turn.t, turn.flows.commands, hr=_is_hr(turn)))


@flow.action
def unknown(turn: Turn) -> Answer | None:
    """Answer what no command understands; somebody's very first words are answered by the greeting."""
    if _meet(turn) and "text" in turn.inputs:
        return None
    typed = turn.carry[:80]
    near = turn.flows.nearest(typed.split()[0]) if typed.split() else None
    if near is None or (near.for_hr and not _is_hr(turn)):
        return Answer(not_understood(turn.t, typed))
    return Answer(did_you_mean(turn.t, typed, near))


def _meet(turn: Turn) -> bool:
    """Have somebody greeted who comes by for the first time; whether it is the first time."""
    first = not people.was_greeted(turn.session, turn.person.id)
    if first:
        turn.remind("onboarding.greet", turn.person.id, turn.now)
    return first


def _is_hr(turn: Turn) -> bool:
    return turn.person in people.holders(turn.session, people.HR)
