"""Sources of people and actual values: HR names an address, sees what it answers, hears when it fails or is silent."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.domain.access import Act
from bot.domain.directory import DirectoryRow
from bot.domain.endpoint import TOKEN, of_people, paths_of, read_paths
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
from bot.store.sources import Every, Plan, Row, Source

flow = Flow("sources")

RHYTHM = {
    Every.HOUR: N_("every hour"),
    Every.DAY: N_("every day"),
    Every.WEEK: N_("every week"),
    Every.MONTH: N_("every 30 days"),
}
ASK, UNASKED = "ask", "unasked"
PEOPLE = "people"
"""What the form of a new source of people carries in the place of its id."""
MOST = 20
FRESH = 7
EXAMPLE = "rows: data\nemail: person.email\nmeasure: =revenue\nperiod: month\nvalue: amount"

# What people see --------------------------------------------------------------------------


def overview(t: Words, found: Sequence[Source]) -> View:
    """All sources, how they fare, and what can be done with each."""
    intro = t("I read these addresses by myself and treat what they answer like a file for each cycle that is open.")
    nightly = t("People I read every night: a few changes I apply and tell you of, more I show you first.")
    blocks: list[Block] = [section(lines(intro, nightly))]
    for one in found[:MOST]:
        blocks += [section(card(t, one)), choices(t, one)]
    if not found:
        blocks.append(section(t("There is none yet.")))
    if len(found) < MOST:
        others = button(t("Add a source of people"), does=add_people)
        blocks.append(buttons(button(t("Add a source"), does=add, style="primary"), others))
    return page(t("Sources"), blocks, close=t("Close"))


def card(t: Words, one: Source) -> Text:
    """One source in a few lines."""
    host = urlsplit(one.plan.endpoint.url).hostname or ""
    return lines(
        bold(escape(one.plan.name)),
        t("{host}, people, read every night", host=host)
        if one.plan.people
        else t("{host}, read {rhythm}", host=host, rhythm=t(RHYTHM[one.plan.every])),
        t("Last read: {at}", at=one.read_at) if one.read_at else t("Not read yet."),
        last_news(t, one) if one.new_at else None,
        t("The last reading failed: {why}", why=one.problem) if one.problem else None,
    )


def last_news(t: Words, one: Source) -> Text:
    """When it last brought what was not known."""
    said = t("Last change of people: {at}", at=one.new_at)
    return said if one.plan.people else t("Last new value: {at}", at=one.new_at)


def choices(t: Words, one: Source) -> Block:
    """The buttons under a source."""
    sure = Confirm(
        t("Remove this source?"),
        t("I stop reading it. What it brought stays."),
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
    if plan and plan.people:
        return sheet_of_people(t, one)
    rhythms = [(each.value, t(words)) for each, words in RHYTHM.items()]
    handling = [(ASK, t("Show me first")), (UNASKED, t("Apply unless a line is refused"))]
    return form(
        t("A source"),
        [
            *where(t, plan, t("Name, shown beside its values")),
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
        close=t("Cancel"),
        carry=one.id if one else "",
    )


def where(t: Words, plan: Plan | None, label: Text) -> list[Block]:
    """What every source has: its name, its address and the name of its token."""
    return [
        text_input("name", label, initial=plan.name if plan else "", longest=60),
        text_input("url", t("Address"), initial=plan.endpoint.url if plan else "", prompt=t("https://…")),
        text_input(
            "token",
            t("Variable that holds its token"),
            initial=plan.endpoint.token if plan else "",
            optional=True,
            hint=t("Its name begins with {start}. The operator sets it; I never keep the token.", start=TOKEN),
            longest=80,
        ),
    ]


def sheet_of_people(t: Words, one: Source | None) -> View:
    """Where the company's people are read from."""
    what = t("It answers in SCIM 2.0 (…/Users), or with a CSV file that has the columns of an import.")
    leave = t("Who is not active there has left; who is missing at two readings, on different days, has too.")
    return form(
        t("A source of people"),
        [*where(t, one.plan if one else None, t("Name")), context(lines(what, leave))],
        does=keep,
        submit=t("Keep"),
        close=t("Cancel"),
        carry=one.id if one else PEOPLE,
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
    rows = [row_of(t, row) for row in one.sample]
    return Message(
        text, [section(lines(text, t("Its first rows:"), bullets(rows))), context(t("Nothing was applied."))]
    )


def row_of(t: Words, row: Row) -> Text:
    """One row of what was answered."""
    if isinstance(row, DirectoryRow):
        return t(
            "{email}: {name}, {department}, {position}, reports to {manager}",
            email=row.email,
            name=row.name,
            department=row.department or "–",
            position=row.position or "–",
            manager=row.manager_email or "–",
        )
    return t(
        "{email}, {measure}, {period}: {value}",
        email=row.email or "–",
        measure=row.measure or "–",
        period=row.period or "–",
        value=row.value or "–",
    )


def failed(t: Words, one: Source) -> Message:
    """HR hears that a reading failed, once."""
    text = t("The source “{name}” could not be read.", name=one.plan.name)
    why = t.say(one.problem) if one.problem else None
    same = t("Nobody was changed by it.") if one.plan.people else None
    blocks = [section(lines(text, why, same)), context(t("I keep trying, and say no more until it works again."))]
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


@flow.command("sources", N_("Where people and actual values are read from"), for_hr=True)
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
def add_people(turn: Turn) -> Replace:
    """Show an empty form for an address of people."""
    _must(turn)
    return Replace(sheet_of_people(turn.t, None))


@flow.action
def change(turn: Turn) -> Replace:
    """Show the form of a source."""
    _must(turn)
    return Replace(sheet(turn.t, sources.get(turn.session, turn.carry)))


@flow.view
def keep(turn: Turn) -> Replace:
    """Keep a source; it is read at once."""
    _must(turn)
    source_id = "" if turn.carry == PEOPLE else turn.carry
    brings_people = turn.carry == PEOPLE or bool(source_id and sources.get(turn.session, source_id).plan.people)
    plan = _plan_of_people(turn) if brings_people else _plan(turn)
    kept = sources.keep(turn.session, plan, by=turn.person.id, at=turn.now, source_id=source_id)
    turn.note("keep_source", turn.person.id, kept.id)
    if not plan.people:
        turn.remind(look_after, "", kept.stale_at, kept.id)
    return Replace(overview(turn.t, sources.every(turn.session)))


def _name(turn: Turn) -> str:
    if not (name := turn.inputs.text("name")[:60]):
        raise Refused("Please give it a name.", field="name")
    return name


def _plan_of_people(turn: Turn) -> Plan:
    endpoint = of_people(turn.inputs.text("url"), turn.inputs.text("token"))
    return Plan(_name(turn), endpoint, Every.DAY, FRESH, by_itself=True)


def _plan(turn: Turn) -> Plan:
    inputs = turn.inputs
    name, fresh = _name(turn), inputs.number("fresh")
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
