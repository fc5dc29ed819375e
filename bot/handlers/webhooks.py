"""Webhooks: HR names systems that are told what happens, sees what reached them, and sends again what did not."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.domain.access import Act
from bot.domain.refusal import N_, Refused
from bot.domain.webhook import EVENT_NAMES, SECRET, Event, State, Target, check_target
from bot.slack.blocks import (
    Block,
    Confirm,
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
from bot.slack.flow import Flow, Open, Replace, Task, Turn
from bot.slack.text import Text, bold, escape, lines, row
from bot.slack.words import Words
from bot.store import people, webhooks
from bot.store.webhooks import Delivery, Webhook

flow = Flow("webhooks")

MOST = 10
MOST_SHOWN = 30
STATES = {
    State.WAITING: N_("on its way"),
    State.SENT: N_("taken"),
    State.DEAD: N_("given up"),
}

# What people see --------------------------------------------------------------------------


def host_of(one: Webhook) -> Text:
    """Whose address it is, in short."""
    return escape(urlsplit(one.target.url).hostname or "")


def overview(t: Words, found: Sequence[Webhook]) -> View:
    """All addresses, how they fare, and what can be done with each."""
    intro = t("I tell these systems that something happened, with whom and when: never a grade, a score or a text.")
    blocks: list[Block] = [section(intro)]
    for one in found:
        blocks += [section(card(t, one)), ways(t, one)]
    if not found:
        blocks.append(section(t("There is none yet.")))
    if len(found) < MOST:
        blocks.append(buttons(button(t("Add a system"), does=add, style="primary")))
    return page(t("Other systems"), blocks, close=t("Close"))


def card(t: Words, one: Webhook) -> Text:
    """One address in a few lines."""
    events = row(*(t(EVENT_NAMES[event]) for event in Event if event in one.target.events), between=", ")
    counts = [t("{n} {state}", n=n, state=t(STATES[state])) for state in State if (n := one.counts.get(state, 0))]
    return lines(
        row(bold(host_of(one)), t("turned off")) if one.off else bold(host_of(one)),
        events,
        row(*counts, between=", ") if counts else t("Nothing was sent yet."),
    )


def ways(t: Words, one: Webhook) -> Block:
    """The buttons under an address."""
    sure = Confirm(
        t("Turn it off?"),
        t("I tell it nothing that happens from now on. What is on its way waits until you turn it on again."),
        yes=t("Turn off"),
        no=t("Keep it"),
    )
    return buttons(
        button(t("Deliveries"), does=look, carry=one.id),
        button(t("Change"), does=change, carry=one.id),
        button(t("Turn on"), does=turn_on, carry=one.id)
        if one.off
        else button(t("Turn off"), does=turn_off, carry=one.id, style="danger", confirm=sure),
    )


def sheet(t: Words, one: Webhook | None) -> View:
    """Where to, under which secret, and of what."""
    target = one.target if one else Target("", SECRET, frozenset(Event))
    return form(
        t("A system to tell"),
        [
            text_input("url", t("Address"), initial=target.url, prompt=t("https://…")),
            text_input(
                "secret",
                t("Variable that holds the secret"),
                initial=target.secret,
                hint=t(
                    "Its name begins with {start}. The operator sets it; what I send is signed with it.", start=SECRET
                ),
                longest=80,
            ),
            choices(
                "events",
                t("What is it told?"),
                [(event.value, t(name)) for event, name in EVENT_NAMES.items()],
                chosen=sorted(target.events),
            ),
        ],
        does=keep,
        submit=t("Keep"),
        close=t("Not now"),
        carry=one.id if one else "",
    )


def deliveries(t: Words, one: Webhook, found: Sequence[Delivery]) -> View:
    """What was sent to one address, what is on its way, and what nobody tries any more."""
    blocks: list[Block] = [section(card(t, one))]
    if one.counts.get(State.DEAD):
        blocks.append(buttons(button(t("Send all again"), does=all_again, carry=one.id, style="primary")))
    for each in found:
        again = button(t("Send again"), does=send_again, carry=f"{one.id}/{each.id}")
        blocks.append(section(line(t, each), again if each.state is not State.WAITING else None))
    if sum(one.counts.values()) > len(found):
        blocks.append(context(t("Here are the first {n}.", n=len(found))))
    how = t("What is not taken is tried for a day, each time after twice as long, and then given up. "
            "Sent again it keeps its id, so that nothing counts twice over there.")  # fmt: skip
    return page(t("Deliveries"), [*blocks, context(how)], close=t("Close"))


def line(t: Words, one: Delivery) -> Text:
    """One delivery, how it stands, and why it was not taken."""
    told = row(t(EVENT_NAMES[one.event]), escape(one.person), escape(one.cycle), between=", ")
    tried = t.plural("{state} after one try", "{state} after {n} tries", one.attempts, state=t(STATES[one.state]))
    return lines(
        bold(told),
        row(t.moment(one.at), tried if one.attempts else t(STATES[one.state])),
        t.say(one.problem) if one.problem else None,
    )


def lost(t: Words, one: Webhook) -> Message:
    """HR hears that a system does not take what it is told."""
    text = t("{host} has not taken what I told it for a day.", host=host_of(one))
    said = t("I do not try that any more. Once the other side works again, you can have it sent again.")
    see = button(t("See the deliveries"), does=look, carry=one.id)
    return Message(text, [section(lines(text, said)), buttons(see)])


# What happens -----------------------------------------------------------------------------


@flow.command("webhooks", N_("Which other systems are told what happens"), for_hr=True)
@flow.action
def show(turn: Turn) -> Open:
    """Show all addresses."""
    _must(turn)
    return Open(overview(turn.t, webhooks.every(turn.session)))


@flow.action
def add(turn: Turn) -> Replace:
    """Show an empty form."""
    _must(turn)
    return Replace(sheet(turn.t, None))


@flow.action
def change(turn: Turn) -> Replace:
    """Show the form of an address."""
    _must(turn)
    return Replace(sheet(turn.t, webhooks.get(turn.session, turn.carry)))


@flow.view
def keep(turn: Turn) -> Replace:
    """Keep an address; it is told what happens from now on."""
    _must(turn)
    events = frozenset(Event(one) for one in turn.inputs.many("events") if one in list(Event))
    target = Target(turn.inputs.text("url"), turn.inputs.text("secret"), events)
    check_target(target)
    if not turn.carry and len(webhooks.every(turn.session)) >= MOST:
        raise Refused("There are {most} systems already. Please change one of them.", most=MOST)
    kept = webhooks.keep(turn.session, target, by=turn.person.id, at=turn.now, webhook_id=turn.carry)
    turn.note("keep_webhook", turn.person.id, kept)
    return _overview(turn)


@flow.action
def turn_off(turn: Turn) -> Replace:
    """Tell an address nothing more."""
    _must(turn)
    webhooks.turn(turn.session, turn.carry, off=True)
    turn.note("turn_off_webhook", turn.person.id, turn.carry)
    return _overview(turn)


@flow.action
def turn_on(turn: Turn) -> Replace:
    """Tell it again."""
    _must(turn)
    webhooks.turn(turn.session, turn.carry, off=False)
    turn.note("turn_on_webhook", turn.person.id, turn.carry)
    return _overview(turn)


@flow.action
def look(turn: Turn) -> Open | Replace:
    """Show what was sent to an address."""
    _must(turn)
    view = _deliveries(turn, turn.carry)
    return Open(view) if turn.place else Replace(view)


@flow.action
def send_again(turn: Turn) -> Replace:
    """Send one delivery again."""
    _must(turn)
    webhook_id, delivery_id = turn.carried(2)
    webhooks.send_again(turn.session, webhook_id, turn.real_now, delivery_id)
    return Replace(_deliveries(turn, webhook_id))


@flow.action
def all_again(turn: Turn) -> Replace:
    """Send again what was given up."""
    _must(turn)
    webhooks.send_again(turn.session, turn.carry, turn.real_now)
    return Replace(_deliveries(turn, turn.carry))


@flow.timer
def tell_lost(turn: Turn) -> None:
    """A delivery was given up: every HR person hears of it in a working hour."""
    for hr in people.holders(turn.session, people.HR):
        turn.remind(tell_one, hr.id, turn.now, turn.carry)


@flow.prompt
def tell_one(turn: Turn) -> None:
    """Tell one HR person, unless it was sent again or turned off meanwhile."""
    one = webhooks.get(turn.session, turn.carry)
    if one.counts.get(State.DEAD) and not one.off:
        turn.say(turn.person, f"webhooks/{one.id}/{turn.person.id}/{turn.today}", lost, one)


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """What nobody tries any more waits for HR."""
    if not turn.may(Act.TELL_SYSTEMS, turn.person.id) or not (n := webhooks.count_dead(turn.session)):
        return []
    said = turn.t.plural("One event did not reach another system", "{n} events did not reach another system", n)
    return [Task(said, turn.t("See the systems"), show)]


def _overview(turn: Turn) -> Replace:
    return Replace(overview(turn.t, webhooks.every(turn.session)))


def _deliveries(turn: Turn, webhook_id: str) -> View:
    one = webhooks.get(turn.session, webhook_id)
    return deliveries(turn.t, one, webhooks.deliveries(turn.session, webhook_id, MOST_SHOWN))


def _must(turn: Turn) -> None:
    turn.must(Act.TELL_SYSTEMS, turn.person.id)
