"""Sources of actual values: HR names an address, sees what it answers, and hears when it fails or falls silent."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.domain.access import Act
from bot.domain.endpoint import TOKEN, paths_of, read_paths
from bot.domain.refusal import N_, Refused
from bot.slack.blocks import (
    Block,
    Confirm,
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
from bot.slack.flow import Flow, Open, Replace, Turn, known
from bot.slack.text import Text, bold, bullets, escape, lines
from bot.slack.words import Words
from bot.store import people, sources, uploads
from bot.store.sources import Every, Plan, Source

flow = Flow("sources")

RHYTHM = {
    Every.HOUR: N_("every hour"),
    Every.DAY: N_("every day"),
    Every.WEEK: N_("every week"),
    Every.MONTH: N_("every 30 days"),
}
ASK, UNASKED = "ask", "unasked"
MOST = 20
FRESH = 7
EXAMPLE = "rows: data\nemail: person.email\nmeasure: =revenue\nperiod: month\nvalue: amount"

# What people see --------------------------------------------------------------------------


def overview(t: Words, found: Sequence[Source]) -> View:
    """All sources, how they fare, and what can be done with each."""
    intro = t("I read these addresses by myself and treat what they answer like a file for each cycle that is open.")
    blocks: list[Block] = [section(intro)]
    for one in found[:MOST]:
        blocks += [section(card(t, one)), choices(t, one)]
    if not found:
        blocks.append(section(t("There is none yet.")))
    if len(found) < MOST:
        blocks.append(buttons(button(t("Add a source"), does=add, style="primary")))
    return page(t("Sources"), blocks, close=t("Close"))


def card(t: Words, one: Source) -> Text:
    """One source in a few lines."""
    host = urlsplit(one.plan.endpoint.url).hostname or ""
    return lines(
        bold(escape(one.plan.name)),
        t("{host}, read {rhythm}", host=host, rhythm=t(RHYTHM[one.plan.every])),
        t("Last read: {at}", at=one.read_at) if one.read_at else t("Not read yet."),
        t("Last new value: {at}", at=one.new_at) if one.new_at else None,
        t("The last reading failed: {why}", why=one.problem) if one.problem else None,
    )


def choices(t: Words, one: Source) -> Block:
    """The buttons under a source."""
    sure = Confirm(
        t("Remove this source?"),
        t("I stop reading it. The values it brought stay."),
        yes=t("Remove"),
        no=t("Keep it"),
    )
    return buttons(
        button(t("Test"), does=test, carry=one.id),
        button(t("Read now"), does=read_now, carry=one.id),
        button(t("Change"), does=change, carry=one.id),
        button(t("Remove"), does=remove, carry=one.id, style="danger", confirm=sure),
    )


def sheet(t: Words, one: Source | None) -> View:
    """Where, as whom, which part of the answer is what, how often."""
    plan = one.plan if one else None
    rhythms = [(each.value, t(words)) for each, words in RHYTHM.items()]
    handling = [(ASK, t("Show me first")), (UNASKED, t("Apply unless a line is refused"))]
    return form(
        t("A source"),
        [
            text_input("name", t("Name, shown beside its values"), initial=plan.name if plan else "", longest=60),
            text_input("url", t("Address"), initial=plan.endpoint.url if plan else "", prompt=t("https://…")),
            text_input(
                "token",
                t("Variable that holds its token"),
                initial=plan.endpoint.token if plan else "",
                optional=True,
                hint=t("Its name begins with {start}. The operator sets it; I never keep the token.", start=TOKEN),
                longest=80,
            ),
            text_input(
                "paths",
                t("Where each column stands"),
                initial=paths_of(plan.endpoint) if plan else EXAMPLE,
                lines=True,
                hint=t("Ways with points; “=” before what is always the same. “next” leads to the next page."),
            ),
            choice("every", t("Read it"), rhythms, chosen=plan.every if plan else Every.DAY),
            number_input(
                "fresh",
                t("Tell HR when nothing new came for so many days"),
                initial=plan.fresh_days if plan else FRESH,
                least=1,
                most=400,
                whole=True,
            ),
            choice("handling", t("New values"), handling, chosen=UNASKED if plan and plan.by_itself else ASK),
        ],
        does=keep,
        submit=t("Keep"),
        close=t("Not now"),
        carry=one.id if one else "",
    )


def being_tested(t: Words) -> View:
    """While a source is asked."""
    return page(
        t("Sources"), [section(t("I am asking. What it answers stands in our direct messages.")) ], close=t("Close")
    )  # fmt: skip


def answered(t: Words, one: Source) -> Message:
    """The first rows of a test, or why there are none."""
    text = t("I asked the source “{name}”.", name=one.plan.name)
    if one.fault:
        return Message(text, [section(text), section(t.say(one.fault))])
    rows = [
        t(
            "{email}, {measure}, {period}: {value}",
            email=row.email or "–",
            measure=row.measure or "–",
            period=row.period or "–",
            value=row.value or "–",
        )
        for row in one.sample
    ]
    return Message(
        text, [section(lines(text, t("Its first rows:"), bullets(rows))), context(t("Nothing was applied."))]
    )


def failed(t: Words, one: Source) -> Message:
    """HR hears that a reading failed, once."""
    text = t("The source “{name}” could not be read.", name=one.plan.name)
    why = t.say(one.problem) if one.problem else None
    blocks = [section(lines(text, why)), context(t("I keep trying, and say no more until it works again."))]
    return Message(text, [*blocks, buttons(button(t("See the sources"), does=show))])


def silent(t: Words, one: Source) -> Message:
    """HR hears that nothing new came for long."""
    text = t.plural(
        "The source “{name}” has brought nothing new for a day.",
        "The source “{name}” has brought nothing new for {n} days.",
        one.plan.fresh_days,
        name=one.plan.name,
    )
    return Message(text, [section(text), buttons(button(t("See the sources"), does=show))])


# What happens -----------------------------------------------------------------------------


@flow.command("sources", N_("Where actual values are read from"), for_hr=True)
@flow.action
def show(turn: Turn) -> Open:
    """Show all sources."""
    _must(turn)
    return Open(overview(turn.t, sources.every(turn.session)))


@flow.action
def add(turn: Turn) -> Replace:
    """Show an empty form."""
    _must(turn)
    return Replace(sheet(turn.t, None))


@flow.action
def change(turn: Turn) -> Replace:
    """Show the form of a source."""
    _must(turn)
    return Replace(sheet(turn.t, sources.get(turn.session, turn.carry)))


@flow.view
def keep(turn: Turn) -> Replace:
    """Keep a source; it is read at once."""
    _must(turn)
    kept = sources.keep(turn.session, _plan(turn), by=turn.person.id, at=turn.now, source_id=turn.carry)
    turn.note("keep_source", turn.person.id, kept.id)
    turn.remind(look_after, "", kept.stale_at, kept.id)
    return Replace(overview(turn.t, sources.every(turn.session)))


def _plan(turn: Turn) -> Plan:
    inputs = turn.inputs
    name, fresh = inputs.text("name")[:60], inputs.number("fresh")
    if not name:
        raise Refused("Please give it a name.", field="name")
    if fresh is None or fresh % 1 or not 1 <= fresh <= 400:
        raise Refused("Please write a whole number of days, from 1 to 400.", field="fresh")
    endpoint = read_paths(inputs.text("url"), inputs.text("token"), inputs.text("paths"))
    every = known(Every, inputs.text("every"))
    return Plan(name, endpoint, every, int(fresh), by_itself=inputs.text("handling") == UNASKED)


@flow.action
def test(turn: Turn) -> Replace:
    """Ask a source, to see what it answers."""
    _must(turn)
    sources.ask_test(turn.session, turn.carry, turn.person.id)
    return Replace(being_tested(turn.t))


@flow.action
def read_now(turn: Turn) -> Replace:
    """Read a source before its time."""
    _must(turn)
    sources.ask_reading(turn.session, turn.carry, turn.now)
    return Replace(being_tested(turn.t))


@flow.action
def remove(turn: Turn) -> Replace:
    """Forget a source."""
    _must(turn)
    sources.remove(turn.session, turn.carry)
    uploads.forget_unseen(turn.session, turn.carry)
    turn.forget(look_after, "", turn.carry)
    turn.note("remove_source", turn.person.id, turn.carry)
    return Replace(overview(turn.t, sources.every(turn.session)))


@flow.timer
def show_test(turn: Turn) -> None:
    """Show who asked what a source answered."""
    if one := sources.find(turn.session, turn.carry):
        turn.say(turn.person, f"sources/{one.id}/test/{turn.person.id}/{turn.now:%Y%m%dT%H%M%S}", answered, one)
        sources.forget_test(turn.session, one.id)


@flow.timer
def tell_trouble(turn: Turn) -> None:
    """A reading failed: every HR person hears of it in a working hour."""
    for hr in people.holders(turn.session, people.HR):
        turn.remind(tell_failed, hr.id, turn.now, turn.carry)


@flow.prompt
def tell_failed(turn: Turn) -> None:
    """Tell one HR person, unless it works again."""
    one = sources.find(turn.session, turn.carry)
    if one and one.problem:
        turn.say(turn.person, f"sources/{one.id}/failed/{turn.person.id}/{turn.today}", failed, one)


@flow.timer
def look_after(turn: Turn) -> None:
    """When nothing new may have come for too long: look, tell HR if so, and look again."""
    one = sources.find(turn.session, turn.carry)
    if one is None:
        return
    if one.stale_at > turn.now:
        turn.remind(look_after, "", one.stale_at, one.id)
        return
    for hr in people.holders(turn.session, people.HR):
        turn.remind(tell_silent, hr.id, turn.now, one.id)
    turn.remind(look_after, "", turn.now + (one.stale_at - (one.new_at or one.added_at)), one.id)


@flow.prompt
def tell_silent(turn: Turn) -> None:
    """Tell one HR person, unless something came meanwhile."""
    one = sources.find(turn.session, turn.carry)
    if one and one.stale_at <= turn.now:
        turn.say(turn.person, f"sources/{one.id}/silent/{turn.person.id}/{turn.today}", silent, one)


def _must(turn: Turn) -> None:
    turn.must(Act.IMPORT, turn.person.id)
