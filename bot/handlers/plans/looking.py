"""Reading a plan: its page, the list of plans, what the person has seen and says to it, and what waits."""

from collections.abc import Sequence

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.org import Person
from bot.domain.plan import LONGEST
from bot.domain.refusal import N_, Refused
from bot.handlers.plans import checkpoints, ending, starting, views
from bot.handlers.plans.conversation import (
    PAGE,
    Shown,
    beside,
    card_key,
    flow,
    independent,
    plan_in,
    shown,
    today_of,
    window,
)
from bot.slack.attention import say_news
from bot.slack.blocks import Message, View, button, buttons, context, form, page, section, text_input
from bot.slack.flow import Open, Replace, Task, Turn
from bot.slack.text import Text, bold, escape, lines, quote, row
from bot.slack.whom import named
from bot.slack.words import Words, words_for
from bot.store import people, plans

# What people see --------------------------------------------------------------------------


def overview(t: Words, found: Sequence[Shown], *, begins: bool) -> View:
    """The plans that somebody may open, each with where it stands."""
    each = [
        section(row(bold(escape(one.person.name)), _stands(t, one)), button(t("Open"), does=open_plan,
                                                                            carry=one.person.id))
        for one in found
    ]  # fmt: skip
    none = [] if found else [section(t("No plan runs here at the moment."))]
    how = [context(t("A plan begins with `/cairn plan @name`, after feedback that the person could read."))]
    return page(t("Improvement plans"), [*none, *each, *(how if begins else [])], close=t("Close"))


def _stands(t: Words, found: Shown) -> Text:
    if not found.plan.open:
        return t("Over since {day}", day=found.plan.ended_on or found.plan.starts_on)
    if found.where.stands_still:
        return t("Stands still: a checkpoint is missing")
    return t("Runs until {day}", day=t.weekday(found.where.ends_on))


def words_form(t: Words, found: Shown) -> View:
    """The person's own words."""
    both = {"manager": found.manager, "hr": found.hr}
    who = t("{manager} and {hr} are told that you wrote; your words stay in the plan.", **both)
    asked = text_input("words", t("What do you want to say to it?"), lines=True, longest=LONGEST)
    return form(t("Add my words"), [asked, context(who)], does=keep_words, submit=t("Save"), close=t("Not now"),
                carry=found.plan.id)  # fmt: skip


def commented(t: Words, found: Shown) -> Message:
    """For the manager and HR: the person's words, which deserve an answer in person."""
    push = t("{name} wrote something. Please read it, and talk.", name=found.person)
    newest = found.plan.comments[-1][1] if found.plan.comments else ""
    reads = button(t("See the plan"), does=open_plan, carry=found.person.id)
    return Message(push, [section(lines(bold(push), quote(newest))), buttons(reads)])


# Opening it -------------------------------------------------------------------------------


@flow.command("plan", N_("Your improvement plan; for managers and HR: plan @name opens or begins one"))
@flow.action
def open_plan(turn: Turn) -> Open:
    """Open somebody's plan; without a name one's own, or the list of those one leads."""
    if typed := turn.carry.strip():
        return Open(_of(turn, named(turn, typed)))
    led = people.reports_of(turn.session, turn.person.id, turn.today)
    sees_all = turn.person in people.holders(turn.session, people.HR)
    if not led and not sees_all:
        return Open(_of(turn, turn.person))
    own = plans.newest_of(turn.session, turn.person.id)
    running = plans.every_open(turn.session) if sees_all else plans.open_around(
        turn.session, [one.id for one in led], turn.person.id
    )  # fmt: skip
    listed = [*([own] if own else []), *(one for one in running if one.person_id != turn.person.id)]
    return Open(overview(turn.t, [shown(turn, one) for one in listed], begins=True))


def _of(turn: Turn, person: Person) -> View:
    """Somebody's plan, or the form for one."""
    turn.must(Act.SEE_PLAN, person.id)
    plan = plans.newest_of(turn.session, person.id)
    of_hr = turn.person in people.holders(turn.session, people.HR)
    if plan and (plan.open or of_hr or turn.person.id in {person.id, plan.manager_id}):
        if turn.person.id != person.id:
            turn.note(Act.SEE_PLAN, person.id, plan.id)
        return sheet(turn, shown(turn, plan))
    if turn.person.id == person.id:
        raise Refused("There is no improvement plan for you.")
    return starting.offered(turn, person)


def sheet(turn: Turn, found: Shown) -> View:
    """The page as this person reads it."""
    plan, me = found.plan, turn.person
    proposal = plan.proposal
    second = proposal is not None and proposal.by != me.id
    confirms = second and me in independent(turn, plan.person_id, plan.manager_id)
    return views.sheet(turn.t, found, me, confirms=confirms, begins=turn.may(Act.START_PLAN, plan.person_id))


def page_again(turn: Turn, plan_id: str) -> Replace:
    """The page as it stands now, and the cards with it."""
    plan = plans.get(turn.session, plan_id)
    if plan is None:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    found = shown(turn, plan)
    turn.update(found.person, card_key(plan), views.card, found)
    return Replace(sheet(turn, found))


# The person's side ------------------------------------------------------------------------


def _own(turn: Turn) -> Shown:
    """The person's own plan; somebody else neither sees it in their place nor speaks for them."""
    found = shown(turn, plan_in(turn, Act.SEE_PLAN))
    if found.person.id != turn.person.id:
        raise Refused("This is not yours to do. If you think it should be, please ask HR.")
    return found


@flow.action
def seen(turn: Turn) -> Replace | None:
    """The person has seen it; that says nothing else."""
    found = _own(turn)
    plans.see(turn.session, found.plan, turn.now)
    turn.note(Act.SEE_PLAN, found.person.id, found.plan.id)
    again = page_again(turn, found.plan.id)
    return again if turn.carry.endswith(f"/{PAGE}") else None


@flow.action
def add_words(turn: Turn) -> Open | Replace:
    """Ask for the person's words."""
    return window(turn, words_form(turn.t, _own(turn)))


@flow.view
def keep_words(turn: Turn) -> Replace:
    """Keep them in the plan, and tell the two others."""
    found, words = _own(turn), turn.inputs.text("words")
    if not words:
        raise Refused("Please write a few words", field="words")
    plans.comment(turn.session, found.plan, today_of(turn, found.person), words)
    for reader in {one.id: one for one in (found.manager, *beside(turn, found.plan))}.values():
        turn.remind(hear_words, reader.id, turn.now, found.plan.id)
    return page_again(turn, found.plan.id)


@flow.prompt_that(Attention.BRINGS)
def hear_words(turn: Turn) -> None:
    """Manager and HR read what the person says."""
    plan = plans.get(turn.session, turn.carry)
    if plan and turn.may(Act.SEE_PLAN, plan.person_id):
        told = commented(words_for(turn.person), shown(turn, plan))
        say_news(turn, turn.person, f"plans/{plan.id}/words/{turn.person.id}", told)


# What waits -------------------------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """A plan to read, a checkpoint to write, an outcome to look at."""
    led = people.reports_of(turn.session, turn.person.id, turn.today)
    around = plans.open_around(turn.session, [turn.person.id, *(one.id for one in led)], turn.person.id)
    return [task for plan in around for task in _tasks(turn, shown(turn, plan), turn.person)]


def _tasks(turn: Turn, found: Shown, me: Person) -> list[Task]:
    t, plan, owed = turn.t, found.plan, found.where.owed
    if me.id == found.person.id:
        wrote = views.wrote(t, found.author)
        return [] if plan.seen_at else [Task(wrote, t("Read the plan"), open_plan, me.id)]
    if me.id == found.manager.id:
        due = t("A checkpoint for {name} is due.", name=found.person)
        return [Task(due, t("Write the checkpoint"), checkpoints.write, plan.id, owed.until)] if owed else []
    if plan.proposal and me in independent(turn, plan.person_id, plan.manager_id):
        return [Task(t(ending.ASKED), t("See the plan"), open_plan, found.person.id)]
    return []
