"""The forms around a change of the process, and the card that asks its owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.org import Person
from bot.domain.process_change import (
    LONGEST,
    STATE_NAMES,
    Change,
    State,
    difference,
    most_of,
    value_name,
    values_of,
    what,
)
from bot.domain.refusal import Sentence
from bot.slack.blocks import (
    Block,
    Does,
    Message,
    View,
    button,
    buttons,
    choice,
    context,
    form,
    number_input,
    page,
    section,
    text_input,
)
from bot.slack.text import Text, bold, lines, quote
from bot.slack.words import Words


@dataclass(frozen=True)
class Looked:
    """A change with the names that its page needs; `begins` is the cycle that began with it."""

    change: Change
    named: Mapping[str, Person]
    names: Mapping[str, str]
    begins: str = ""


def which(t: Words, fields: Sequence[str], names: Mapping[str, str], cycle_id: str, does: Does) -> View:
    """Ask what is to change."""
    options = [(path, t.say(what(path, names))) for path in fields]
    return form(
        t("Propose a change"),
        [
            choice("field", t("What should be different?"), options),
            context(t("Weights and questions are changed in `/cairn templates`, rules in `/cairn rules`.")),
        ],
        does=does,
        submit=t("Go on"),
        close=t("Not now"),
        carry=cycle_id,
    )


def to_what(
    t: Words, cycle_id: str, at: tuple[str, str], names: Mapping[str, str], offered: Sequence[tuple[str, Text]],
    does: Does,
) -> View:  # fmt: skip
    """Ask to what, and why; perhaps because of a suggestion."""
    path, now = at
    stands = t("Now: {value}", value=_value(t, path, now))
    led = choice("suggestion", t("Which suggestion led to it?"), offered, optional=True) if offered else None
    hint = t("Whoever takes part in the next cycle reads this.")
    return form(
        t("Propose a change"),
        [
            section(lines(bold(t.say(what(path, names))), stands)),
            _input(t, path, now),
            text_input("why", t("Why?"), lines=True, longest=LONGEST, hint=hint),
            *([led] if led else []),
        ],
        does=does,
        submit=t("Send the proposal"),
        close=t("Not now"),
        carry=f"{cycle_id}/{path}",
    )


def _input(t: Words, path: str, now: str) -> Block:
    label = t("From the next cycle on")
    if values := values_of(path):
        return choice("after", label, [(one, _value(t, path, one)) for one in values], chosen=now)
    return number_input("after", label, initial=int(now), least=1, most=most_of(path), whole=True)


def _value(t: Words, path: str, value: str) -> Text:
    named = value_name(path, value)
    return t.say(named) if isinstance(named, Sentence) else t.number(named)


# Deciding -----------------------------------------------------------------------------------


def one(t: Words, looked: Looked, does: Does | None) -> View:
    """A change with its reasons, and for whoever decides the form."""
    change = looked.change
    told = [section(lines(bold(t.say(difference(change, looked.names))), _by(t, looked))), *_decided(t, looked)]
    if does is None:
        return page(t("Change of the process"), told, close=t("Close"))
    options = [(State.ACCEPTED.value, t("Accept the change")), (State.DECLINED.value, t("Do not accept the change"))]
    asked = [
        choice("state", t("Your decision"), options, chosen=State.ACCEPTED.value),
        text_input("reason", t("Why?"), lines=True, longest=LONGEST),
        context(t("It holds from the next cycle on, and whoever takes part there reads what changed and why.")),
    ]
    words = {"submit": t("Decide"), "close": t("Not now")}
    return form(t("Change of the process"), [*told, *asked], does=does, carry=change.id, **words)


def _by(t: Words, looked: Looked) -> Text:
    change = looked.change
    by = t("{name} proposes it:", name=_name(looked, change.proposed_by))
    return lines(by, quote(change.why), t("A suggestion led to it.") if change.suggestion_id else None)


def _decided(t: Words, looked: Looked) -> list[Block]:
    change = looked.change
    state = bold(t(STATE_NAMES[change.state]))
    begins = t("The first cycle with it: {cycle}", cycle=looked.begins) if looked.begins else None
    by = t("{name}:", name=_name(looked, change.decided_by)) if change.decided_by else None
    return [section(lines(state, begins, by, quote(change.reason) if change.reason else None))]


def _name(looked: Looked, person_id: str) -> str:
    return looked.named[person_id].name if person_id in looked.named else "–"


def asked(t: Words, change: Change, names: Mapping[str, str], does: Does) -> Message:
    """The owner is asked; what it is stands inside."""
    text = t("A change of the process is proposed, and you decide.")
    told = section(lines(bold(text), t.say(difference(change, names)), quote(change.why)))
    return Message(text, [told, buttons(button(t("Look and decide"), does=does, carry=change.id, style="primary"))])


def settled(t: Words, change: Change, names: Mapping[str, str], does: Does) -> Message:
    """The same card once it was decided."""
    text = t("A change of the process was decided.")
    told = section(lines(text, t.say(difference(change, names)), bold(t(STATE_NAMES[change.state]))))
    return Message(text, [told, buttons(button(t("Open"), does=does, carry=change.id))], over=True)
