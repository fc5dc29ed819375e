"""What people see of support."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.org import Person
from bot.domain.support import LONGEST, USEFUL_NAMES, State, Support, Useful, said
from bot.domain.template import Named
from bot.domain.template import Text as Both
from bot.handlers.support import coming_back, giving, requesting, thanking
from bot.handlers.support.conversation import Case
from bot.slack.blocks import (
    Block,
    Message,
    View,
    button,
    buttons,
    choice,
    choices,
    context,
    day_input,
    divider,
    form,
    header,
    person_input,
    section,
    text_input,
)
from bot.slack.text import Text, bold, bullets, escape, lines, quote, row
from bot.slack.words import Words

MOST_SHOWN = 12

# The manager's windows --------------------------------------------------------------------


def offer(t: Words, facts: Case, me: Person, due: date) -> View:
    """What was asked for, what is worth asking first, the promise, and what often helps."""
    request = facts.request
    cannot = button(t("I cannot help with this"), does=giving.refuse, carry=facts.carry)
    by_whom = t("If it is somebody else, please ask them yourself: I tell nobody about it.")
    words = text_input(
        "promise", t("What exactly do you promise?"), initial=request.promise, lines=True, longest=LONGEST
    )
    return form(
        t("Help"),
        [
            _wanted(t, facts),
            *_hints(t("*Worth asking:*"), facts.template.guide.get("coach", ()), t.language),
            *_kinds(t, facts),
            words,
            day_input("due", t("By when?"), initial=due),
            person_input("by", t("Who does it?"), initial=request.by or me.id, hint=by_whom),
            *_hints(
                t("*Often helps in {department}:*", department=facts.template.name.read(t.language)),
                facts.template.coaching,
                t.language,
            ),
            *([] if facts.is_new else [buttons(cannot)]),
        ],
        does=giving.promise,
        submit=t("Promise"),
        close=t("Not now"),
        carry=facts.carry,
    )


def _wanted(t: Words, facts: Case) -> Block:
    wanted = t.names([_kind(t, facts, each) for each in facts.request.kinds])
    kinds = t("*Help wanted:* {kinds}", kinds=wanted) if wanted else None
    return section(
        lines(bold(escape(facts.person.name)), kinds, quote(facts.request.what) if facts.request.what else None)
    )


def _kinds(t: Words, facts: Case) -> list[Block]:
    kinds = [(kind.id, escape(kind.name.read(t.language))) for kind in facts.template.support]
    chosen = next((each for each in facts.request.kinds if each in dict(kinds)), None)
    return [choice("kind", t("What will you give?"), kinds, chosen=chosen, optional=True)] if kinds else []


def _hints(title: Text, hints: Sequence[Both], language: str) -> list[Block]:
    """What the department's template says to its managers."""
    return [context(lines(title, bullets(escape(each.read(language)) for each in hints)))] if hints else []


def _kind(t: Words, facts: Case, kind_id: str) -> str:
    return next((one.name.read(t.language) for one in facts.template.support if one.id == kind_id), kind_id)


def refusal(t: Words, facts: Case) -> View:
    """Why the manager cannot help with this."""
    told = t("{name} reads this. A reason and another way are kinder than silence.", name=facts.person)
    return form(
        t("I cannot help"),
        [
            section(lines(bold(escape(facts.person.name)), quote(facts.request.what) if facts.request.what else None)),
            text_input("reason", t("Why not, and what could help instead?"), lines=True, longest=LONGEST),
            context(told),
        ],
        does=giving.decline,
        submit=t("Tell them"),
        close=t("Not now"),
        carry=facts.carry,
    )


def due_promises(t: Words, those: Sequence[tuple[Support, Person]]) -> Message:
    """The promises that come back on a day: one message for all of them."""
    open_now = [one for one, _ in those if one.open]
    if not open_now:
        return Message(t("The promises that were due are settled. Thank you."), over=True)
    title = t.plural("One promise to your team is due.", "{n} promises to your team are due.", len(open_now))
    blocks = [block for one, person in those[:MOST_SHOWN] for block in _due(t, one, person)]
    return Message(title, [section(bold(title)), *blocks])


def _due(t: Words, one: Support, person: Person) -> list[Block]:
    named = {person.id: person}
    text = lines(bold(escape(person.name)), t.say(said(one, named, one.day)) if not one.open else _promise(t, one))
    presses = buttons(
        button(t("Delivered"), does=giving.deliver, carry=one.id, style="primary"),
        button(t("Change promise"), does=giving.offer, carry=one.carry),
    )
    return [section(text), *([presses] if one.open else [])]


def _promise(t: Words, one: Support) -> Text:
    return row(t("For {day}:", day=t.weekday(one.due)) if one.due else None, escape(one.promise), between=" ")


# Asked outside a check-in -----------------------------------------------------------------


def request_form(t: Words, manager: Person, kinds: Sequence[Named]) -> View:
    """What is in the way, and what would help."""
    offered = [(kind.id, escape(kind.name.read(t.language))) for kind in kinds]
    hint = t("What you need, from whom, and by when")
    who = t(
        "{name} reads this in a working hour. While it is open a next manager reads it too, and nobody else does. "
        "Home shows what becomes of it.",
        name=manager,
    )
    return form(
        t("Ask for help"),
        [
            text_input("what", t("What is blocking you?"), lines=True, hint=hint, longest=LONGEST),
            *([choices("help", t("What help would you like?"), offered, optional=True)] if offered else []),
            context(who),
        ],
        does=requesting.request,
        submit=t("Tell my manager"),
        close=t("Not now"),
    )


def asked_card(t: Words, one: Support, named: Mapping[str, Person]) -> Message:
    """What somebody asked for, and what became of it so far."""
    title = t("You asked {name} for help.", name=named.get(one.manager_id) or t("Your manager"))
    arrived = button(t("It arrived"), does=coming_back.arrived, carry=one.id) if one.state is State.PROMISED else None
    no_need = button(t("No longer needed"), does=coming_back.withdraw, carry=one.id)
    return Message(title, [_stands(t, one, named, title), *([buttons(arrived, no_need)] if one.open else [])])


def wanted_card(t: Words, one: Support, named: Mapping[str, Person]) -> Message:
    """Somebody asks their manager for help; the push says that, not for what."""
    title = t("{name} asks you for help.", name=named[one.person_id])
    promised = one.state is State.PROMISED
    label = t("Change promise") if promised else t("Help")
    offer = button(label, does=giving.offer, carry=one.carry, style=None if promised else "primary")
    done = button(t("Delivered"), does=giving.deliver, carry=one.id) if promised else None
    return Message(title, [_stands(t, one, named, title), *([buttons(offer, done)] if one.open else [])])


def passed_on_card(t: Words, one: Support, named: Mapping[str, Person]) -> Message:
    """What the card of a manager becomes who is it no longer; what is promised now is not theirs to read."""
    person = named[one.person_id]
    title = t("{name} asked you for help.", name=person)
    gone = t("{name} has another manager now, who answers this request.", name=person)
    return Message(title, [section(lines(bold(title), quote(one.what) if one.what else None, gone))], over=True)


def answered(t: Words, one: Support, named: Mapping[str, Person]) -> Message:
    """The answer to what somebody asked for."""
    title = t("{name} answered your request for help.", name=named.get(one.manager_id) or t("Your manager"))
    return Message(title, [_stands(t, one, named, title)])


def _stands(t: Words, one: Support, named: Mapping[str, Person], title: Text) -> Block:
    so_far = t.say(said(one, named, one.asked_at.astimezone(t.tz).date()))
    return section(lines(bold(title), quote(one.what) if one.what else None, so_far))


# Afterwards -------------------------------------------------------------------------------


def question(t: Words, one: Support) -> Message:
    """The employee is asked once whether it was useful; the answer takes the question's place."""
    asked = t("What you were promised is marked as delivered. Was it useful?")
    if one.useful is None:
        answers = {Useful.YES: t("Yes"), Useful.PARTLY: t("Partly"), Useful.NO: t("No")}
        presses = [button(text, does=thanking.rate, carry=f"{one.id}/{each}") for each, text in answers.items()]
        return Message(asked, [section(lines(asked, quote(one.promise))), buttons(*presses)])
    thanks = t("Thank you, your manager will hear it.")
    add = button(t("Change the line") if one.word else t("Add a line"), does=thanking.write, carry=one.id)
    told = lines(quote(one.promise), t(USEFUL_NAMES[one.useful]), quote(one.word) if one.word else None)
    return Message(thanks, [section(lines(thanks, told)), buttons(add)])


def line_form(t: Words, one: Support) -> View:
    """A line to go with it."""
    return form(
        t("A line for them"),
        [section(quote(one.promise)), text_input("word", t("What did it change?"), initial=one.word, longest=LONGEST)],
        does=thanking.send,
        submit=t("Send"),
        close=t("Not now"),
        carry=one.id,
    )


def thanks(t: Words, one: Support, person: Person) -> Message:
    """What the manager hears of it."""
    match one.useful:
        case Useful.YES:
            text = t("{name} says: your help was useful. Thank you.", name=person)
        case Useful.PARTLY:
            text = t("{name} says: your help was partly useful.", name=person)
        case _:
            text = t("{name} says: this did not help yet. A short talk shows what would.", name=person)
    push = t("{name} tells you how your help worked out.", name=person)
    told = lines(
        push,
        text,
        quote(one.promise),
        row(t("*{name} wrote:*", name=person), quote(one.word), between="\n") if one.word else None,
    )
    return Message(push, [section(told)])


# Home -------------------------------------------------------------------------------------


def home(t: Words, mine: Sequence[Support], named: Mapping[str, Person]) -> list[Block]:
    """The help that I asked for or was promised."""
    return [header(t("Help that I asked for")), *(_own(t, one, named) for one in mine[:MOST_SHOWN]), divider()]


def _own(t: Words, one: Support, named: Mapping[str, Person]) -> Block:
    so_far = t.say(said(one, named, one.asked_at.astimezone(t.tz).date()))
    text = lines(quote(one.what) if one.what else None, so_far)
    if one.state is State.PROMISED:
        return section(text, button(t("It arrived"), does=coming_back.arrived, carry=one.id))
    return section(text, button(t("No longer needed"), does=coming_back.withdraw, carry=one.id))
