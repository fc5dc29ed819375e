"""Leavers: HR decides for how long records of people who left are kept, and sees who is about to be erased."""

from collections.abc import Sequence
from datetime import date, time

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import DAY, instant
from bot.domain.policy import LEAST_KEPT, MOST_KEPT, with_keep_left_days
from bot.domain.refusal import N_, Refused
from bot.domain.retention import HOLD_NAMES, Hold, is_near
from bot.slack.blocks import (
    Block,
    Confirm,
    Message,
    View,
    button,
    buttons,
    context,
    form,
    number_input,
    page,
    section,
    text_input,
)
from bot.slack.flow import Flow, Open, Replace, Task, Turn
from bot.slack.text import Text, bold, bullets, escape, lines, quote, row
from bot.slack.words import Words
from bot.store import erasing, leavers, people, plans, policy
from bot.store.leavers import Leaver

flow = Flow("leavers")

MOST = 30
EVERY_NIGHT = time(3)
LONGEST = 500
ENDS_PLAN = "plans.look"

# What people see --------------------------------------------------------------------------


def overview(t: Words, found: Sequence[Leaver], keep_days: int, today: date) -> View:
    """For how long records are kept, and everybody whose records still are."""
    decided = t.plural("Records of people who left are erased a day after they left.",
                       "Records of people who left are erased {n} days after they left.", keep_days)  # fmt: skip
    nothing = t("Nobody is erased as long as you have not decided for how long records are kept.")
    blocks: list[Block] = [section(decided if keep_days else nothing, button(t("Choose how long"), does=choose))]
    for one in found[:MOST]:
        blocks += [section(card(t, one, keep_days, today)), way(t, one)]
    if not found:
        blocks.append(section(t("No records of anybody who left are here.")))
    if len(found) > MOST:
        blocks.append(context(t("Here are the first {n}.", n=MOST)))
    what = t("Goals, check-ins, reviews, results and all else about them go. What they wrote to others stays with "
             "those, under no name; the audit stays whole without their name. It cannot be undone.")  # fmt: skip
    return page(t("People who left"), [*blocks, context(what)], close=t("Close"))


def card(t: Words, one: Leaver, keep_days: int, today: date) -> Text:
    """One person: since when they are gone, until when their records are there, and what holds them."""
    holds = row(*(t(HOLD_NAMES[hold]) for hold in Hold if hold in one.holds), between=", ")
    day = one.erased_on(keep_days, today)
    until = t("Kept: {why}", why=holds) if holds else t("Erased on {day}", day=day) if keep_days else None
    return lines(
        row(bold(escape(one.name)), t("left on {day}", day=one.left_on)),
        until,
        quote(one.reason) if one.reason else None,
    )


def way(t: Words, one: Leaver) -> Block:
    """The button under one person."""
    if Hold.HR not in one.holds:
        return buttons(button(t("Keep"), does=why_kept, carry=one.id))
    sure = Confirm(
        t("Keep no longer?"),
        t("Their records are erased when their time is over, in two weeks at the earliest if HR was not told yet."),
        yes=t("Keep no longer"),
        no=t("Keep them"),
    )
    return buttons(button(t("Keep no longer"), does=let_go, carry=one.id, confirm=sure))


def days_form(t: Words, keep_days: int) -> View:
    """For how long."""
    label = t("Days for which records are kept after somebody left")
    hint = t("You read two weeks before who is about to be erased.")
    kept = keep_days or None
    number = number_input("days", label, initial=kept, least=LEAST_KEPT, most=MOST_KEPT, whole=True, hint=hint)
    return form(t("People who left"), [number], does=save, submit=t("Save"), close=t("Cancel"))


def reason_form(t: Words, one: Leaver) -> View:
    """Why somebody's records are kept."""
    asked = text_input("reason", t("Why are they kept?"), lines=True, longest=LONGEST)
    said = section(t("The records of {name} stay until you say otherwise.", name=one.name))
    return form(t("Keep records"), [said, asked], does=keep, submit=t("Keep"), close=t("Cancel"), carry=one.id)


def announced(t: Words, found: Sequence[Leaver], keep_days: int, today: date) -> Message:
    """HR hears who is about to be erased. The push names nobody."""
    text = t.plural("The records of one person who left are about to be erased.",
                    "The records of {n} people who left are about to be erased.", len(found))  # fmt: skip
    days = [(one, t.weekday(one.erased_on(keep_days, today))) for one in found[:MOST]]
    each = [t("{name}, on {day}", name=one.name, day=day) for one, day in days]
    said = t("An open appeal, a plan or a cycle that runs keeps them by itself. Is there another reason to keep them?")
    return Message(text, [section(lines(text, bullets(each))), section(said), buttons(button(t("Look"), does=show))])


# What happens -----------------------------------------------------------------------------


@flow.command("leavers", N_("People who left, and when their records are erased"), for_hr=True)
@flow.action
def show(turn: Turn) -> Open:
    """Show who left."""
    _must(turn)
    leavers.notice(turn.session, turn.today)
    return Open(_overview(turn))


@flow.action
def choose(turn: Turn) -> Replace:
    """Ask for how long."""
    _must(turn)
    return Replace(days_form(turn.t, policy.current(turn.session).keep_left_days))


@flow.view
def save(turn: Turn) -> Replace:
    """Keep the time; from now on it is looked every night."""
    _must(turn)
    kept = with_keep_left_days(policy.current(turn.session), turn.inputs.number("days"))
    policy.keep(turn.session, kept, by=turn.person.id, at=turn.now)
    turn.note("keep_left_days", turn.person.id, f"policy/{kept.keep_left_days}")
    turn.remind(look, "", turn.now)
    return Replace(_overview(turn))


@flow.action
def why_kept(turn: Turn) -> Replace:
    """Ask why somebody's records are to be kept."""
    _must(turn)
    return Replace(reason_form(turn.t, leavers.get(turn.session, turn.carry, turn.today)))


@flow.view
def keep(turn: Turn) -> Replace:
    """Keep them, with the reason."""
    _must(turn)
    one, reason = leavers.get(turn.session, turn.carry, turn.today), turn.inputs.text("reason")[:LONGEST]
    if not reason:
        raise Refused("Please say why.", field="reason")
    leavers.hold(turn.session, one.id, reason, by=turn.person.id, at=turn.now)
    turn.note("hold_erasure", one.id)
    return Replace(_overview(turn))


@flow.action
def let_go(turn: Turn) -> Replace:
    """Keep them no longer than others."""
    _must(turn)
    one = leavers.get(turn.session, turn.carry, turn.today)
    leavers.hold(turn.session, one.id, "", by=turn.person.id, at=turn.now)
    turn.note("end_hold_of_erasure", one.id)
    return Replace(_overview(turn))


@flow.timer
def look(turn: Turn) -> None:
    """Every night: note who left, tell HR who is near, and have those erased whose time is over."""
    keep_days = policy.current(turn.session).keep_left_days
    if not keep_days:
        return
    turn.remind(look, "", instant(turn.today + DAY, EVERY_NIGHT, "UTC"))
    leavers.notice(turn.session, turn.today)
    everybody = leavers.every(turn.session, turn.today)
    for one in everybody:
        if Hold.PLAN in one.holds and (plan := plans.open_of(turn.session, one.id)):
            turn.remind(ENDS_PLAN, "", turn.now, plan.id)
    found = [one for one in everybody if not one.holds]
    near = [one for one in found if one.told_on is None and is_near(one.left_on, keep_days, turn.today)]
    readers = people.holders(turn.session, people.HR)
    if near and readers:
        leavers.was_told(turn.session, [one.id for one in near], turn.today)
        for hr in readers:
            turn.remind(announce, hr.id, turn.now)
    for one in found:
        if one.told_on and one.erased_on(keep_days, turn.today) <= turn.today:
            turn.remind(erase, "", turn.now, one.id)


@flow.timer
def erase(turn: Turn) -> None:
    """Erase one person, unless something holds them by now; the act itself names nobody."""
    keep_days = policy.current(turn.session).keep_left_days
    leavers.notice(turn.session, turn.today)
    for one in leavers.every(turn.session, turn.today):
        ready = one.told_on and not one.holds and one.erased_on(keep_days, turn.today) <= turn.today
        if one.id == turn.carry and keep_days and ready:
            erasing.erase(turn.session, one.id, turn.today)
            turn.note("erase_leaver", turn.person.id)


@flow.prompt_that(Attention.EXPIRES)
def announce(turn: Turn) -> None:
    """Tell one of HR who is about to be erased, as it stands now."""
    keep_days = policy.current(turn.session).keep_left_days
    found = [one for one in leavers.every(turn.session, turn.today) if one.told_on and not one.holds]
    if found and keep_days:
        turn.say(turn.person, f"leavers/{turn.person.id}/{turn.today}", announced, found, keep_days, turn.today)


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """Who is about to be erased, for HR."""
    if not turn.may(Act.ERASE_LEAVERS, turn.person.id) or not (days := policy.current(turn.session).keep_left_days):
        return []
    near = [one for one in leavers.every(turn.session, turn.today) if one.told_on and not one.holds]
    if not near:
        return []
    n = len(near)
    said = turn.t.plural("One person who left is about to be erased", "{n} people who left are about to be erased", n)
    return [Task(said, turn.t("Look"), show, due=min(one.erased_on(days, turn.today) for one in near))]


def _overview(turn: Turn) -> View:
    found = leavers.every(turn.session, turn.today)
    return overview(turn.t, found, policy.current(turn.session).keep_left_days, turn.today)


def _must(turn: Turn) -> None:
    turn.must(Act.ERASE_LEAVERS, turn.person.id)
