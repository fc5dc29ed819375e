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
    range_of,
    value_name,
    values_of,
    what,
)
from bot.domain.process_parts import in_parts, limits_of, part_field, part_name
from bot.domain.refusal import Sentence
from bot.domain.score_choice import numbers_of
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
from bot.slack.text import Text, bold, escape, lines, quote
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
            context(t("Texts and questions are changed in `/cairn templates`, outcome rules in `/cairn rules`.")),
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
    stands = t("Now: {value}", value=_value(t, path, now, names))
    led = choice("suggestion", t("Which suggestion led to it?"), offered, optional=True) if offered else None
    hint = t("Whoever takes part in the next cycle reads this.")
    return form(
        t("Propose a change"),
        [
            section(lines(bold(t.say(what(path, names))), stands)),
            *_inputs(t, path, now, names),
            text_input("why", t("Why?"), lines=True, longest=LONGEST, hint=hint),
            *([led] if led else []),
        ],
        does=does,
        submit=t("Send the proposal"),
        close=t("Not now"),
        carry=f"{cycle_id}/{path}",
    )


def _inputs(t: Words, path: str, now: str, names: Mapping[str, str]) -> list[Block]:
    label = t("From the next cycle on")
    if in_parts(path):
        least, most = limits_of(path)
        numbers = [
            number_input(
                part_field(name), _called(t, part_name(path, name, names)), initial=number, least=least, most=most,
                whole=True,
            )
            for name, number in numbers_of(now).items()
        ]  # fmt: skip
        return [section(bold(label)), *numbers]
    if values := values_of(path):
        return [choice("after", label, [(one, _value(t, path, one, names)) for one in values], chosen=now)]
    least, most = range_of(path)
    return [number_input("after", label, initial=int(now), least=least, most=most, whole=True)]


def _called(t: Words, name: Sentence | str) -> Text:
    return t.say(name) if isinstance(name, Sentence) else escape(name)


def _value(t: Words, path: str, value: str, names: Mapping[str, str]) -> Text:
    named = value_name(path, value, names)
    match named:
        case Sentence():
            return t.say(named)
        case int():
            return t.number(named)
        case _:
            return t.in_a_row([t.say(one) for one in named])


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
