"""Help: the one thing to do now, the list of commands, and the nearest one to what was typed."""

from collections.abc import Mapping, Sequence

from bot.domain.refusal import N_
from bot.slack.blocks import Block, Message, View, button, buttons, context, page, section
from bot.slack.flow import Answer, Command, Flow, Open, Reply, Task, Turn
from bot.slack.menu import CHINESE, GROUPS, LABELS, as_typed_in
from bot.slack.text import Text, bold, lines
from bot.slack.words import Words
from bot.store import cycles, people

flow = Flow("help")

BEFORE_ONE = ("now", "course", "feedback", "kudos", "ask", "privacy")
IN_A_CYCLE = ("now", "goals", "checkin", "result", "feedback", "ask")
HR_BEGINS = ("now", "setup", "import", "people", "cycle", "ask")
HR_RUNS = ("now", "setup", "people", "results", "goals", "checkin", "ask")
"""What help begins with."""
MOST_OFFERED = 3
"""Conversations that a sentence may be about."""

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


def first_of_all(t: Words, commands: Sequence[Command]) -> Message:
    """What one can do now; everything else is one press further."""
    intro = t("I walk with you through the cycle: goals, check-ins, feedback and a result you can question.")
    end = context(t("In a message to me, leave out /cairn; or ask in your own words."))
    shown = section(lines(intro, bold(t("What you can type")), *(_line(t, one) for one in commands)))
    return Message(intro, [shown, buttons(button(t("Everything"), does=show_all)), end])


def all_commands(t: Words, commands: Mapping[str, Command]) -> View:
    """Every word that this person can use, in the groups of Home."""
    here = [word for word in commands if not any(word in words for words in GROUPS.values())]
    every = {**GROUPS, N_("Here"): here}
    groups = {name: [commands[word] for word in words if word in commands] for name, words in every.items()}
    shown = [section(lines(bold(t(name)), *(_line(t, one) for one in some))) for name, some in groups.items() if some]
    also = [] if t.language == "en" else [context(t("The English words are understood too: `/cairn goals`."))]
    return page(t("Everything"), [*shown, context(t("Everything is also in Home, with buttons.")), *also],
                close=t("Close"))  # fmt: skip


def did_you_mean(t: Words, typed: str, command: Command) -> Message:
    """A near miss, with the button that does what was meant."""
    text = t(
        "I do not know “{typed}”. Did you mean `/cairn {word}`: {purpose}?",
        typed=typed,
        word=as_typed_in(t.language, command.word),
        purpose=t(command.purpose),
    )
    press = button(t(command.purpose), does=command.step, style="primary")
    sorry = t("I did not understand that.")
    return Message(sorry, [section(lines(sorry, text)), buttons(press)])


def one_of_these(t: Words, some: Sequence[Command], ask: Command) -> Message:
    """What a sentence is about, each with its button; and the way to ask it as a question."""
    text = t.plural("Perhaps this is what you are looking for:", "Perhaps you are looking for one of these:", len(some))
    presses = (button(t(LABELS.get(one.word, one.purpose)), does=one.step) for one in some)
    asking = [] if ask in some else [button(t(LABELS[ask.word]), does=ask.step)]
    told = t("A question about how things work here: `/cairn {word}`", word=as_typed_in(t.language, ask.word))
    shown = [section(lines(text, *(_line(t, one) for one in some))), buttons(*presses, *asking)]
    return Message(text, [*shown, *([context(told)] if asking else [])])


def not_understood(t: Words, typed: str, ways: Sequence[Command]) -> Message:
    """Nothing near, but two ways on; a notification does not repeat what was typed."""
    text = t("I do not know “{typed}”. Type `/cairn help` to see what you can do here.", typed=typed)
    sorry = t("I did not understand that.")
    presses = (button(t(LABELS[one.word]), does=one.step) for one in ways)
    return Message(sorry, [section(lines(sorry, text)), buttons(*presses)])


def _line(t: Words, command: Command) -> Text:
    return t("`/cairn {word}`  {purpose}", word=as_typed_in(t.language, command.word), purpose=t(command.purpose))


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
    """Say what can be done now."""
    _meet(turn)
    commands = turn.flows.commands
    return Answer(first_of_all(turn.t, [commands[word] for word in _first_words(turn)]))


def _first_words(turn: Turn) -> Sequence[str]:
    """The words for now: before the first cycle there are no goals, and only a manager has a team."""
    if _is_hr(turn):
        return HR_RUNS if any(one.launched for one in cycles.every(turn.session)) else HR_BEGINS
    leads = bool(people.reports_of(turn.session, turn.person.id, turn.today))
    runs = bool(cycles.running_for(turn.session, turn.person.id))
    return (*(IN_A_CYCLE if runs else BEFORE_ONE), *(["team"] if leads else []))


@flow.action
def show_all(turn: Turn) -> Open:
    """Show every word."""
    hr = _is_hr(turn)
    return Open(all_commands(turn.t, {w: one for w, one in turn.flows.commands.items() if hr or not one.for_hr}))


@flow.action
def unknown(turn: Turn) -> Reply:
    """Answer what no command understands; very first words that are about nothing known meet the greeting alone."""
    is_first = _meet(turn) and "text" in turn.inputs
    words, _, typed = turn.carry.partition("|")
    t, commands, hr = turn.t, turn.flows.commands, _is_hr(turn)
    mine = [commands[one] for one in words.split() if one in commands and (hr or not commands[one].for_hr)]
    if len(mine) == 1 and typed in CHINESE.get(mine[0].word, ()):  # it stands for others too, which are not theirs
        turn.carry = ""
        return mine[0].step(turn)
    if mine:
        return Answer(one_of_these(t, mine[:MOST_OFFERED], commands["ask"]))
    if is_first:
        return None
    near = turn.flows.nearest(typed.split()[0]) if typed.split() else None
    if near and (hr or not near.for_hr):
        return Answer(did_you_mean(t, typed, near))
    return Answer(not_understood(t, typed, [commands["help"], commands["ask"]]))


def _meet(turn: Turn) -> bool:
    """Have somebody greeted who comes by for the first time; whether it is the first time."""
    first = not people.was_greeted(turn.session, turn.person.id)
    if first:
        turn.remind("onboarding.greet", turn.person.id, turn.now)
    return first


def _is_hr(turn: Turn) -> bool:
    return turn.person in people.holders(turn.session, people.HR)
