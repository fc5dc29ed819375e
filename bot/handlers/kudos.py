"""Kudos: one colleague thanks another, in private or in a channel that the receiver agreed to. Nobody counts them."""

from collections.abc import Sequence

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.evidence import Evidence, Kind, check_kudos
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.template import Text as Both
from bot.slack.blocks import (
    Block,
    Message,
    View,
    button,
    buttons,
    channel_input,
    choice,
    context,
    form,
    page,
    person_input,
    section,
    text_input,
)
from bot.slack.flow import Flow, Open, Replace, Turn
from bot.slack.text import Text, bold, escape, lines, mention, mentioned, quote
from bot.slack.words import Words, words_for
from bot.store import evidence, kudos, outbox, people
from bot.store.kudos import Terms

flow = Flow("kudos")

FREE, PRIVATE, CHANNEL = "free", "private", "channel"
LONGEST = 1000
PAGE = "page"
"""Carried by the buttons that stand on a page of their own, which shows what was chosen."""

# What people see --------------------------------------------------------------------------


def sheet(t: Words, terms: Terms, whom: str, *, hr: bool) -> View:
    """Whom, for what, and where it is shown."""
    values = [(str(n), escape(one.read(t.language))) for n, one in enumerate(terms.values)]
    blocks: list[Block] = [
        person_input("whom", t("Whom do you thank?"), initial=whom),
        text_input("words", t("What for? What did they do, and what came of it?"), lines=True, longest=LONGEST),
    ]
    if values:
        options = [*values, (FREE, t("None of these"))]
        blocks.append(choice("value", t("Which of our values does it show?"), options, chosen=FREE))
    if terms.channel:
        where = [(PRIVATE, t("Only to the two of us")), (CHANNEL, t("Also in the channel, if they agree"))]
        blocks.append(choice("where", t("Where is it shown?"), where, chosen=PRIVATE))
    mine = button(t("Kudos for me"), does=choose) if terms.channel else None
    settings = button(t("Values and channel"), does=set_terms) if hr else None
    if mine or settings:
        blocks.append(buttons(mine, settings))
    blocks.append(context(t("Both of you keep it as evidence. Nobody counts kudos, and there are no rankings.")))
    return form(t("Say thanks"), blocks, does=send, submit=t("Send"), close=t("Not now"))


def arrived(t: Words, one: Evidence, giver: Person, *, asks: bool) -> Message:
    """What the receiver reads; the push says that it came, not what it says."""
    push = t("{name} thanks you.", name=giver)
    more: list[Block] = [context(t("You find it in `/cairn evidence`, and decide there who else may read it."))]
    if asks:
        wish = t("{name} would like to show it in the channel for kudos. May kudos for you be shown there?", name=giver)
        yes = button(t("Yes, this and later ones"), does=agree, style="primary")
        more = [section(wish), buttons(yes, button(t("No, keep them private"), does=decline)), *more]
    return Message(push, [section(lines(bold(push), _value(t, one.value), quote(one.word("words")))), *more])


def given(t: Words, one: Evidence, receiver: Person) -> Message:
    """What the giver keeps."""
    push = t("Your thanks to {name} are on their way.", name=receiver)
    when = context(t("They arrive in {name}'s working hours.", name=receiver))
    return Message(push, [section(lines(push, _value(t, one.value), quote(one.word("words")))), when])


def shown(t: Words, one: Evidence, giver: Person, receiver: Person) -> Message:
    """What stands in the channel."""
    head = t("{giver} thanks {receiver}.", giver=mention(giver), receiver=mention(receiver))
    push = t("{giver} thanks {receiver}.", giver=giver, receiver=receiver)
    return Message(push, [section(lines(head, _value(t, one.value), quote(one.word("words"))))])


def _value(t: Words, value: Both | None) -> Text | None:
    return bold(escape(value.read(t.language))) if value else None


def choosing(t: Words, now: bool | None) -> View:
    """Where kudos for me are shown."""
    stands = t("They are private now.") if not now else t("They may be shown in the channel now.")
    if now is None:
        stands = t("You were not asked yet. Until you agree they are private.")
    kept = t("What stands in the channel already stays there. A new choice holds for what comes.")
    choose_one = buttons(
        button(t("Show them"), does=agree, carry=PAGE), button(t("Keep them private"), does=decline, carry=PAGE)
    )
    return page(t("Kudos for me"), [section(stands), choose_one, context(kept)], close=t("Close"))


def terms_form(t: Words, now: Terms) -> View:
    """HR sets the company's values and the channel."""
    return form(
        t("Values and channel"),
        [
            text_input("en", t("Our values in English, one a line"), initial=now.en, lines=True, optional=True),
            text_input("zh", t("The same in Chinese, one a line"), initial=now.zh, lines=True, optional=True),
            channel_input(
                "channel",
                t("A channel for kudos, or none"),
                initial=now.channel,
                hint=t("Invite Cairn there first. Kudos are shown there only if giver and receiver both agree."),
            ),
        ],
        does=keep_terms,
        submit=t("Save"),
        close=t("Leave it as it is"),
    )


def chosen(t: Words, *, in_channel: bool) -> Message:
    """What somebody chose, with the way back."""
    text = t("Kudos for you are private from now on.")
    if in_channel:
        text = t("From now on kudos for you may be shown in the channel, if whoever thanks you wants that too.")
    return Message(text, [section(text), buttons(button(t("Change"), does=choose))])


# What happens -----------------------------------------------------------------------------


@flow.shortcut("give_kudos")
@flow.command("kudos", N_("Thank a colleague for something"))
@flow.action
def write(turn: Turn) -> Open:
    """Open the form."""
    hr = turn.may(Act.RUN_CYCLE, turn.person.id)
    return Open(sheet(turn.t, kudos.terms(turn.session), mentioned(turn.carry), hr=hr))


@flow.view
def send(turn: Turn) -> None:
    """Keep the thanks; they arrive when the receiver works."""
    words = turn.inputs.text("words")[:LONGEST]
    whom = people.get(turn.session, turn.inputs.text("whom"))
    if whom is None or not whom.takes_part:
        raise Refused("Please choose a colleague who takes part here.", field="whom")
    check_kudos(turn.person.id, whom.id, words)
    turn.must(Act.GIVE_EVIDENCE, whom.id)
    said = {"words": words, **_value_chosen(turn)}
    if turn.inputs.text("where") == CHANNEL:
        said["where"] = CHANNEL
    one = evidence.keep(turn.session, Kind.KUDOS, turn.person.id, whom.id, said, turn.now)
    turn.say(turn.person, f"kudos/{one.id}/{turn.person.id}", given, one, whom)
    turn.remind(deliver, whom.id, turn.now, one.id)
    turn.note(Act.GIVE_EVIDENCE, whom.id, f"kudos/{one.id}")


def _value_chosen(turn: Turn) -> dict[str, str]:
    """The value it is tied to, in the words of today: values may be reworded later."""
    offered: Sequence[Both] = kudos.terms(turn.session).values
    place = turn.inputs.text("value")
    value = offered[int(place)] if place.isdecimal() and int(place) < len(offered) else None
    return {"value_en": value.en, "value_zh": value.zh} if value else {}


@flow.prompt_that(Attention.BRINGS)
def deliver(turn: Turn) -> None:
    """Bring the thanks; who agreed to the channel has them shown there too."""
    one = evidence.get(turn.session, turn.carry)
    giver = people.get(turn.session, one.author_id)
    if giver is None:
        return
    agreed, wanted = kudos.choice(turn.session, turn.person.id), _wants_channel(turn, one)
    turn.say(turn.person, _key(one), arrived, one, giver, asks=wanted and agreed is None)
    if wanted and agreed:
        _post(turn, one)


@flow.action
def agree(turn: Turn) -> Replace | None:
    """Kudos for me may be shown, and those that waited for this answer are."""
    waited = _waiting(turn) if kudos.choice(turn.session, turn.person.id) is None else []
    for one in waited:
        _post(turn, one)
    return _chosen(turn, in_channel=True)


@flow.action
def decline(turn: Turn) -> Replace | None:
    """Kudos for me are private."""
    return _chosen(turn, in_channel=False)


@flow.action
def choose(turn: Turn) -> Open:
    """Look at one's choice."""
    return Open(choosing(turn.t, kudos.choice(turn.session, turn.person.id)))


@flow.action
def set_terms(turn: Turn) -> Open:
    """HR sets values and channel."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return Open(terms_form(turn.t, kudos.terms(turn.session)))


@flow.view
def keep_terms(turn: Turn) -> None:
    """Keep values and channel."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    new = Terms(turn.inputs.text("en"), turn.inputs.text("zh"), turn.inputs.text("channel"))
    kudos.keep_terms(turn.session, Terms(new.en if new.values else "", new.zh if new.values else "", new.channel))
    turn.note("set_values", turn.person.id)


def _chosen(turn: Turn, *, in_channel: bool) -> Replace | None:
    """Keep and say what was chosen, and take the question off the cards that asked."""
    kudos.choose(turn.session, turn.person.id, in_channel=in_channel)
    for one in _waiting(turn):
        if giver := people.get(turn.session, one.author_id):
            turn.update(turn.person, _key(one), arrived, one, giver, asks=False)
    if turn.carry == PAGE:
        return Replace(choosing(turn.t, in_channel))
    turn.say(turn.person, f"kudos/choice/{turn.person.id}", chosen, in_channel=in_channel)
    return None


def _waiting(turn: Turn) -> list[Evidence]:
    """The kudos for whom the turn belongs to that arrived and that their giver would show."""
    known = evidence.known_to(turn.session, turn.person.id)
    mine = [one for one in known if one.kind is Kind.KUDOS and one.about_id == turn.person.id]
    return [one for one in mine if _wants_channel(turn, one) and outbox.was_said(turn.session, _key(one))]


def _wants_channel(turn: Turn, one: Evidence) -> bool:
    return one.word("where") == CHANNEL and bool(kudos.terms(turn.session).channel)


def _post(turn: Turn, one: Evidence) -> None:
    both = people.named(turn.session, [one.author_id, one.about_id])
    message = shown(words_for(both[one.about_id]), one, both[one.author_id], both[one.about_id])
    turn.post(kudos.terms(turn.session).channel, f"kudos/{one.id}/channel", message)


def _key(one: Evidence) -> str:
    return f"kudos/{one.id}/{one.about_id}"
