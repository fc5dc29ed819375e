"""Attention: what was kept back is shown, what comes at a bad time is put off, and HR sees how much is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.access import Act
from bot.domain.attention import Attention, Figures, figures, monday_of, week_begins
from bot.domain.cadence import DAY, OPENS, add_working_days, instant
from bot.domain.policy import MOST_A_WEEK, with_a_week
from bot.domain.refusal import N_, Refused
from bot.slack.attention import NEXT_WEEK, WAITS_UNTIL, gather, to_show
from bot.slack.blocks import Block, Message, View, button, context, fields, form, header, number_input, page, section
from bot.slack.flow import OUTDATED, Answer, Flow, Open, Replace, Task, Turn
from bot.slack.text import Text, bold, bullets
from bot.slack.words import Words
from bot.store import attention, outbox, policy
from bot.store.attention import KeptBack, PutOff

flow = Flow("attention")

WEEKS = 8
MOST_PUT_OFF = 5
"""Lines of what was put off in Home."""

# What people see --------------------------------------------------------------------------


def put_off(t: Words, day: date) -> Message:
    """What a message becomes that was put off."""
    return Message(t("I will remind you of this on {day}.", day=t.weekday(day)))


def gathered(t: Words, rest: list[KeptBack], *, shown: bool) -> View:
    """What was kept back, to be shown one by one."""
    said = t("It stands in our messages now.") if shown else t("What you show comes as a message of its own.")
    nothing = [] if rest else [section(t("Nothing more waits here."))]
    return page(t("Gathered for you"), [*to_show(t, rest, show), *nothing, context(said)], close=t("Close"))


def to_come(t: Words, some: Sequence[PutOff]) -> list[Block]:
    """What its reader put off, a line each with its day and the button that brings it now."""
    shown = [
        section(t("{what} (on {day})", what=Text(one.body["text"]), day=t.weekday(one.due.astimezone(t.tz).date())),
                button(t("Show now"), does=show_now, carry=one.opaque))
        for one in some[:MOST_PUT_OFF]
    ]  # fmt: skip
    rest = len(some) - len(shown)
    more = [context(t.plural("and one more", "and {n} more", rest))] if rest else []
    return [header(t("Put off by you")), *shown, *more]


@dataclass(frozen=True)
class Told:
    """The figures of all weeks, and of each with its Monday."""

    whole: Figures
    weeks: Sequence[tuple[date, Figures]]
    a_week: int


def page_of(t: Words, told: Told) -> View:
    """How much is written unasked, and what becomes of it."""
    whole = told.whole
    numbers = [
        (t("Sent"), t.number(whole.sent)),
        (t("Gathered with others"), t.number(whole.merged)),
        (t("Answered"), t.number(whole.answered)),
        (t("Half of the answers within"), _took(t, whole.median)),
        (t("Most to one person in a week"), t.number(whole.most)),
    ]
    each = [t("Week of {day}: {sent} sent, {merged} gathered, {answered} answered", day=t.weekday(monday),
              sent=one.sent, merged=one.merged, answered=one.answered)
            for monday, one in told.weeks if one.sent or one.merged]  # fmt: skip
    budget = t.plural(
        "*Attention budget:* one message a week to each person",
        "*Attention budget:* {n} messages a week to each person",
        told.a_week,
    )
    return page(
        t("Figures"),
        [
            section(bold(t("What I wrote unasked in the last eight full weeks"))),
            fields(numbers),
            *([section(bullets(each))] if each else []),
            section(budget, button(t("Change"), does=choose)),
            context(
                t(
                    "Results, and answers to what people did themselves, do not count; nor do the answers to requests "
                    "for confidential feedback. The figures change on Mondays. This page knows no names."
                )
            ),
        ],
        close=t("Close"),
    )


def _took(t: Words, median: timedelta | None) -> Text:
    if median is None:
        return t("too few answers")
    hours = round(median.total_seconds() / 3600)
    return t.plural("an hour", "{n} hours", max(hours, 1))


def budget_form(t: Words, a_week: int) -> View:
    """How many messages somebody may get unasked in a week."""
    label = t("Messages a week to each person, at most")
    hint = t("What goes over it is gathered in one message, which counts among them")
    number = number_input("a_week", label, initial=a_week, least=1, most=MOST_A_WEEK, whole=True, hint=hint)
    return form(t("Attention budget"), [number], does=save, submit=t("Save"), close=t("Leave it as it is"))


# What people do ---------------------------------------------------------------------------


@flow.action
def show(turn: Turn) -> Replace | None:
    """Somebody wants to see what was kept back: it comes as a message of its own, and goes from the list."""
    asked_at = attention.bring_out(turn.session, turn.person.id, turn.carry, turn.real_now)
    if asked_at is None:
        raise Refused(OUTDATED)
    gather(turn, turn.person, asked_at)
    return None if turn.place else Replace(gathered(turn.t, _kept_back(turn), shown=True))


@flow.action
def look_through(turn: Turn) -> Open:
    """Somebody looks through what was gathered."""
    return Open(gathered(turn.t, _kept_back(turn), shown=False))


def _kept_back(turn: Turn) -> list[KeptBack]:
    return attention.kept_back(turn.session, turn.person.id, _last_week_on(turn), turn.now + DAY)


def _last_week_on(turn: Turn) -> datetime:
    """What is older waits in its message only."""
    tz = turn.person.tz
    return week_begins(monday_of(turn.now, tz) - timedelta(weeks=1), tz)


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """What was gathered in these two weeks and not looked at yet: one line for all of it."""
    count, _ = attention.unseen(turn.session, turn.person.id, again.id, _last_week_on(turn))
    said = turn.t.plural("One message is gathered for you", "{n} messages are gathered for you", count)
    return [Task(said, turn.t("Look through"), look_through)] if count else []


@flow.action
def snooze(turn: Turn) -> None:
    """Not now: the message makes room, and comes again on a working morning."""
    key = outbox.find_key(turn.session, *turn.place) if turn.place else None
    if key is None or turn.carry not in WAITS_UNTIL:
        raise Refused(OUTDATED)
    works = turn.workdays(turn.person)
    eve = turn.today + DAY * (6 - turn.today.weekday()) if turn.carry == NEXT_WEEK else turn.today
    day = add_working_days(eve, 1, works)
    instead = f"attention/{turn.person.id}/later/{turn.place[1] if turn.place else ''}"
    if not attention.put_off(turn.session, key, turn.person.id, instead):
        raise Refused(OUTDATED)
    turn.say(turn.person, instead, put_off, day)
    turn.remind(again, turn.person.id, instant(day, OPENS, turn.person.tz), key)


@flow.prompt_that(Attention.FREE)
def again(turn: Turn) -> None:
    """The day has come; what was settled meanwhile does not come again."""
    attention.come_again(turn.session, turn.carry, turn.person.id, turn.real_now)


@flow.home
def still_to_come(turn: Turn) -> list[Block]:
    """What somebody put off stays to be found until its day."""
    _, some = attention.unseen(turn.session, turn.person.id, again.id, _last_week_on(turn))
    return to_come(turn.t, some) if some else []


@flow.action
def show_now(turn: Turn) -> Answer:
    """Somebody wants to see what they put off before its day."""
    if attention.bring_out(turn.session, turn.person.id, turn.carry, turn.real_now) is None:
        raise Refused(OUTDATED)
    return Answer(Message(turn.t("It stands in our messages now.")))


# HR ---------------------------------------------------------------------------------------


@flow.command("figures", N_("How much Cairn writes, and how soon it is answered"), for_hr=True)
@flow.action
def look(turn: Turn) -> Open:
    """Look at the figures."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    return Open(_page(turn))


def _page(turn: Turn) -> View:
    tz = turn.person.tz
    now = monday_of(turn.now, tz)
    mondays = [now - timedelta(weeks=n) for n in range(1, WEEKS + 1)]
    asked = attention.between(turn.session, week_begins(mondays[-1], tz), week_begins(now, tz))
    of_week = [(monday, [one for one in asked if monday_of(one.at, tz) == monday]) for monday in mondays]
    told = [(monday, figures(some)) for monday, some in of_week]
    return page_of(turn.t, Told(figures(asked), told, policy.current(turn.session).a_week))


@flow.action
def choose(turn: Turn) -> Replace:
    """HR changes the budget."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    return Replace(budget_form(turn.t, policy.current(turn.session).a_week))


@flow.view
def save(turn: Turn) -> Replace:
    """Keep the budget: it holds from the next message on."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    kept = with_a_week(policy.current(turn.session), turn.inputs.number("a_week"))
    policy.keep(turn.session, kept, by=turn.person.id, at=turn.now)
    turn.note(Act.SET_CALENDAR, turn.person.id, f"policy/{kept.a_week}")
    return Replace(_page(turn))
