"""Suggestions, named or sealed: what became of them is public, and HR answers a sealed one without knowing whose it is.

Every step that a sealed author takes is traceless; see `bot/store/suggestions.py` for what that rests on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.identifying import aliases, identifying_hints
from bot.domain.refusal import N_, Refused, Sentence
from bot.domain.suggestion import (
    ANSWERS,
    IN_BOX,
    LONGEST,
    LONGEST_REPLY,
    STATE_NAMES,
    Side,
    State,
    Suggestion,
    check_answer,
    check_words,
)
from bot.slack.blocks import (
    Block,
    Message,
    View,
    button,
    buttons,
    choice,
    choices,
    context,
    divider,
    form,
    page,
    section,
    text_input,
)
from bot.slack.flow import Flow, Hand, Open, Replace, Task, Turn
from bot.slack.text import Text, bold, bullets, clip, escape, lines, quote, row
from bot.slack.words import Words
from bot.store import people, suggestions, timers

flow = Flow("suggestions")

NAMED, SEALED = "named", "sealed"
MOST_SHOWN, SHOWN_OF_EACH = 30, 700

# What people see --------------------------------------------------------------------------


def sheet(t: Words, token: str, words: str = "", how: str = "", found: Sequence[Sentence] = ()) -> View:
    """The form; sealed, it comes a second time when something in it may show who wrote it."""
    hints = [section(lines(bold(t("Only you see this")), bullets(t.say(one) for one in found))), divider()]
    options = [(NAMED, t("With my name: HR sees it, nobody else")), (SEALED, t("Sealed: HR does not learn who it is"))]
    blocks: list[Block] = [
        *(hints if found else []),
        text_input("words", t("What do you suggest?"), initial=words, lines=True, longest=LONGEST),
        choice("how", t("How?"), options, chosen=how or NAMED),
        context(
            t("When HR has answered, they may show your words and the answer to everybody in `/cairn suggestions`.")
        ),
        context(limits_of_the_seal(t)),
    ]
    does, submit = (send_anyway, t("Send anyway")) if found else (send, t("Send"))
    return form(t("Make a suggestion"), blocks, does=does, submit=submit, close=t("Not now"), carry=token)


def limits_of_the_seal(t: Words) -> Text:
    """What sealed means, and what it cannot hide."""
    return t(
        "Sealed means: I keep the words and nothing of you, and HR can read them one to two days from now. I cannot "
        "hide your style, facts only you know, or that Slack and whoever runs this server could, with effort, observe "
        "you."
    )


def capability(t: Words, token: str) -> Message:
    """The card that alone leads to the talk about a sealed suggestion; it says nothing of what was suggested."""
    text = t("Your sealed suggestion lies in the box.")
    how = t("This button is the only way to its answer: nobody can send this card again. Look whenever you like.")
    press = button(t("Is there an answer?"), does=look, carry=token)
    return Message(text, [section(lines(bold(text), how)), buttons(press)])


def dropped(t: Words) -> View:
    """After sealing."""
    return page(
        t("Thank you"),
        [section(t("It lies in the box. The card in our messages leads to its answer."))],
        close=t("Close"),
    )


def dropped_without(t: Words) -> View:
    """After sealing, when Slack did not take the card."""
    text = t("It lies in the box, but Slack did not take the card that leads to its answer.")
    more = t("If HR shows it to everybody, you find what became of it in `/cairn suggestions`.")
    return page(t("Thank you"), [section(lines(text, more))], close=t("Close"))


def standing(t: Words, one: Suggestion, carry: str) -> View:
    """How a suggestion stands, for its author, with a field to answer in."""
    answer = text_input("words", t("Say something to HR"), lines=True, longest=LONGEST_REPLY)
    mine = section(lines(bold(t("Your suggestion")), quote(one.words)))
    told = [mine, section(lines(bold(t(STATE_NAMES[one.state])), _reason(one))), *_talk(t, one, t("You"))]
    if one.state in IN_BOX:
        return page(
            t("Suggestion"), [*told, context(t("HR can read it one to two days after you sent it."))], close=t("Close")
        )
    words = {"submit": t("Send"), "close": t("Close")}
    return form(t("Suggestion"), [*told, answer], does=answer_back, carry=carry, **words)


def not_there(t: Words) -> View:
    """A card whose suggestion is gone."""
    return page(t("Suggestion"), [section(t("This suggestion is not kept any more."))], close=t("Close"))


def said_back(t: Words) -> View:
    """After an author's answer."""
    return page(t("Suggestion"), [section(t("HR reads it with the next look at the suggestions."))], close=t("Close"))


def news(t: Words, one: Suggestion) -> Message:
    """How a named suggestion stands, for its author."""
    text = t("Thank you for your suggestion. HR has it.")
    if one.state is not State.RECEIVED:
        text = t("There is news about your suggestion.")
    state = None if one.state is State.RECEIVED else bold(t(STATE_NAMES[one.state]))
    press = buttons(button(t("Say something to HR"), does=look, carry=f"{NAMED}/{one.id}"))
    told = section(lines(bold(text), state, _reason(one), quote(one.words)))
    return Message(text, [told, *_talk(t, one, t("You")), press])


@dataclass(frozen=True)
class Listed:
    """A suggestion in the list; only HR is shown who wrote it."""

    one: Suggestion
    author: str = ""


def listing(t: Words, found: Sequence[Listed], unread: int, *, hr: bool) -> View:
    """What was suggested and what became of it."""
    with_hr = t.plural(
        "One more is with HR and not answered yet.", "{n} more are with HR and not answered yet.", unread
    )
    nothing = [section(t("Nothing is shown here yet."))] if not found else []
    return page(
        t("Suggestions"),
        [
            buttons(button(t("Make a suggestion"), does=begin)),
            *nothing,
            *(_listed(t, one, hr=hr) for one in found),
            *([context(with_hr)] if unread and not hr else []),
        ],
        close=t("Close"),
    )


def _listed(t: Words, listed: Listed, *, hr: bool) -> Block:
    one = listed.one
    who = t("Sealed") if one.sealed else escape(listed.author) or None
    wrote = t("Its author has written.") if hr and one.talk and one.talk[-1][0] is Side.AUTHOR else None
    answered = t("HR has written to its author.") if one.talk and one.talk[-1][0] is Side.HR else None
    head = row(bold(t(STATE_NAMES[one.state])), who if hr or one.sealed else None)
    text = lines(head, quote(clip(Text(one.words), SHOWN_OF_EACH)), _reason(one), wrote or answered)
    return section(text, button(t("Answer"), does=open_answer, carry=one.id) if hr else None)


def answering(t: Words, listed: Listed) -> View:
    """HR says what becomes of it, to everybody, and something to its author, to them alone."""
    one = listed.one
    by = t("It is sealed: nobody here knows who wrote it.") if one.sealed else t("From {name}", name=listed.author)
    shown = [SHOW] if one.public or one.state is State.RECEIVED else []
    return form(
        t("Suggestion"),
        [
            section(lines(by, quote(one.words))),
            *_talk(t, one, t("The author")),
            choice(
                "state",
                t("What becomes of it?"),
                [(each.value, t(STATE_NAMES[each])) for each in ANSWERS],
                chosen=one.state.value if one.state in ANSWERS else State.CONSIDERING.value,
            ),
            text_input(
                "reason",
                t("Why, and what is done? Its author reads this, and whoever it is shown to"),
                initial=one.reason,
                lines=True,
                optional=True,
                longest=LONGEST_REPLY,
            ),
            choices("shown", t("In the list"), [(SHOW, t("Show its words to everybody"))], chosen=shown, optional=True),
            text_input("reply", t("To its author alone"), lines=True, optional=True, longest=LONGEST_REPLY),
        ],
        does=keep_answer,
        submit=t("Send"),
        close=t("Not now"),
        carry=one.id,
    )


SHOW = "show"


def _reason(one: Suggestion) -> Text | None:
    return escape(one.reason) if one.reason else None


def _talk(t: Words, one: Suggestion, author: Text) -> list[Block]:
    names = {Side.HR: t("HR"), Side.AUTHOR: author}
    return [section(lines(bold(names[side]), quote(words))) for side, words in one.talk]


def waiting_card(t: Words, count: int) -> Message:
    """Suggestions wait for HR."""
    text = _waits(t, count)
    return Message(text, [section(text), buttons(button(t("Show suggestions"), does=show, style="primary"))])


def _waits(t: Words, count: int) -> Text:
    return t.plural("One suggestion waits for an answer.", "{n} suggestions wait for an answer.", count)


# The author -------------------------------------------------------------------------------


@flow.command("suggest", N_("Suggest something, with your name or sealed"), bare=True)
@flow.action
def begin(turn: Turn) -> Open:
    """Open the form; its token is made here and kept nowhere."""
    return Open(sheet(turn.t, suggestions.new_token()))


@flow.view
def send(turn: Turn) -> Replace | Hand | None:
    """Keep it; sealed, its author first sees what in it may show who they are."""
    words, how = _written(turn)
    found = identifying_hints(words, aliases(turn.person.name, turn.person.email)) if how == SEALED else []
    if found:
        return Replace(sheet(turn.t, turn.carry, words, how, found))
    return _keep(turn, words, how)


@flow.view
def send_anyway(turn: Turn) -> Replace | Hand | None:
    """Keep it as it is now."""
    return _keep(turn, *_written(turn))


def _written(turn: Turn) -> tuple[str, str]:
    """What was written, and how; from here on a sealed author leaves no trace, also not of a refusal."""
    how = turn.inputs.text("how")
    turn.traceless = how == SEALED
    words = turn.inputs.text("words")[:LONGEST]
    check_words(words)
    if how not in {NAMED, SEALED}:
        raise Refused("Please choose one of these.", field="how")
    return words, how


def _keep(turn: Turn, words: str, how: str) -> Replace | Hand | None:
    turn.traceless = how == SEALED
    rings = open_box if how == SEALED else tell_all
    timers.remind_once(turn.session, rings.id, "", "", _midnight(turn.now))
    if how == SEALED:
        if not suggestions.drop_sealed(turn.session, turn.carry, words):
            return Replace(dropped(turn.t))
        return Hand(capability(turn.t, turn.carry), dropped(turn.t), dropped_without(turn.t))
    if suggestions.keep_named(turn.session, turn.carry, words, turn.person.id):
        one = suggestions.get(turn.session, suggestions.id_of(turn.carry))
        turn.say(turn.person, f"suggestions/{one.id}/{one.state}/{turn.person.id}", news, one)
        turn.note("suggest", turn.person.id, f"suggestion/{one.id}")
    return None


@flow.action
def look(turn: Turn) -> Open:
    """The author looks how it stands."""
    one = _mine(turn)
    return Open(standing(turn.t, one, turn.carry) if one else not_there(turn.t))


@flow.view
def answer_back(turn: Turn) -> Replace:
    """The author says something to HR."""
    one = _mine(turn)
    words = turn.inputs.text("words")[:LONGEST_REPLY]
    if one is None:
        return Replace(not_there(turn.t))
    check_words(words)
    suggestions.say(turn.session, one.id, Side.AUTHOR, words)
    timers.remind_once(turn.session, tell_all.id, "", "", _midnight(turn.now))
    return Replace(said_back(turn.t))


def _mine(turn: Turn) -> Suggestion | None:
    """The suggestion that the carried token opens, or the named one that is this person's."""
    kind, _, suggestion_id = turn.carry.partition("/")
    if kind == NAMED:
        mine = suggestions.author_of(turn.session, suggestion_id) == turn.person.id
        return suggestions.find(turn.session, suggestion_id) if mine else None
    turn.traceless = True
    return suggestions.find(turn.session, suggestions.id_of(turn.carry))


def _midnight(now: datetime) -> datetime:
    """The next midnight, the same for all who write on one day."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


# Everybody, and HR --------------------------------------------------------------------------


@flow.command("suggestions", N_("What was suggested, and what became of it"))
@flow.action
def show(turn: Turn) -> Open:
    """The list."""
    return Open(_list(turn))


def _list(turn: Turn) -> View:
    hr = turn.may(Act.RUN_CYCLE, turn.person.id)
    found = suggestions.opened(turn.session, MOST_SHOWN, all_of_them=hr)
    listed = _listed_for(turn, found) if hr else [Listed(one) for one in found]
    return listing(turn.t, listed, suggestions.count_unread(turn.session), hr=hr)


def _listed_for(turn: Turn, found: Sequence[Suggestion]) -> list[Listed]:
    authors = suggestions.authors_of(turn.session, [one.id for one in found])
    named = people.named(turn.session, authors.values())
    names = {suggestion_id: named[author_id].name for suggestion_id, author_id in authors.items()}
    return [Listed(one, names.get(one.id, "")) for one in found]


@flow.action
def open_answer(turn: Turn) -> Open:
    """HR opens one."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return Open(answering(turn.t, *_listed_for(turn, [suggestions.get(turn.session, turn.carry)])))


@flow.view
def keep_answer(turn: Turn) -> None:
    """Keep what becomes of it, and what HR says to its author; a named one hears of it, a sealed one looks."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    one = suggestions.get(turn.session, turn.carry)
    reason, reply = turn.inputs.text("reason")[:LONGEST_REPLY], turn.inputs.text("reply")[:LONGEST_REPLY]
    state = check_answer(turn.inputs.text("state"), reason)
    suggestions.answer(turn.session, one.id, state, reason, public=SHOW in turn.inputs.many("shown"))
    if reply:
        suggestions.say(turn.session, one.id, Side.HR, reply)
    turn.note("answer_suggestion", turn.person.id, f"suggestion/{one.id}")
    if author_id := suggestions.author_of(turn.session, one.id):
        turn.remind(tell_author, author_id, turn.now, one.id)


@flow.prompt_that(Attention.BRINGS)
def tell_author(turn: Turn) -> None:
    """A named author hears how it stands."""
    one = suggestions.get(turn.session, turn.carry)
    turn.say(turn.person, f"suggestions/{one.id}/{one.state}{len(one.talk)}/{turn.person.id}", news, one)


@flow.timer
def open_box(turn: Turn) -> None:
    """At midnight the box is opened, and again a whole day later as long as something lies in it."""
    if suggestions.open_box(turn.session):
        tell_all(turn)
    if not suggestions.is_box_empty(turn.session):
        turn.remind(open_box, "", turn.now + timedelta(days=1))


@flow.timer
def tell_all(turn: Turn) -> None:
    """At midnight after something was said by name, or to HR, they hear of what waits in their next working hour."""
    if suggestions.count_waiting(turn.session):
        for one in people.holders(turn.session, people.HR):
            turn.remind(tell_hr, one.id, turn.now)


@flow.prompt
def tell_hr(turn: Turn) -> None:
    """Say how many wait."""
    if count := suggestions.count_waiting(turn.session):
        turn.say(turn.person, f"suggestions/{turn.today}/{turn.person.id}", waiting_card, count)


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """What waits for HR."""
    count = suggestions.count_waiting(turn.session)
    if not count or not turn.may(Act.RUN_CYCLE, turn.person.id):
        return []
    return [Task(_waits(turn.t, count), turn.t("Show suggestions"), show)]
