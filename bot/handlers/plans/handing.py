"""Somebody with a running plan gets another manager: the three hear who goes on with it, and who reads it."""

from bot.domain.attention import Attention
from bot.domain.org import Person
from bot.handlers.plans import looking, views
from bot.handlers.plans.conversation import Shown, card_key, flow, leads, shown
from bot.slack.blocks import Message, button, buttons, section
from bot.slack.flow import Turn
from bot.slack.text import bold, escape, lines, row
from bot.slack.words import Words
from bot.store import one_on_ones, people, plans

# What people see --------------------------------------------------------------------------


def for_next(t: Words, found: Shown) -> Message:
    """For who leads the person now: what is theirs to do from here on."""
    push = t("An improvement plan goes on with you.")
    until = t("Runs until {day}", day=t.weekday(found.where.ends_on))
    coming = found.where.owed or found.where.next
    ahead = t("Next checkpoint: {day}", day=t.weekday(coming.day)) if coming else None
    stays = t("You read all of it and write the checkpoints. What is still open of what was promised is yours to do.")
    reads = button(t("See the plan"), does=looking.open_plan, carry=found.person.id, style="primary")
    whose = row(bold(escape(found.person.name)), until)
    return Message(push, [section(lines(bold(push), whose, ahead, stays, views.duties(t, found))), buttons(reads)])


def for_person(t: Words, found: Shown, former: Person) -> Message:
    """For whose plan it is. The push says nothing of what it is."""
    push = t("What {former} wrote for you goes on with {name} now.", former=former, name=found.manager)
    who = t("{name} reads the plan and does what {former} had promised in it. What is expected stays as it was.",
            name=found.manager, former=former)  # fmt: skip
    reads = button(t("Read the plan"), does=looking.open_plan, carry=found.person.id)
    return Message(push, [section(lines(bold(push), who)), buttons(reads)])


def for_former(t: Words, found: Shown) -> Message:
    """For who led the person until now."""
    push = t("An improvement plan is with another manager now.")
    who = t("{name}: {manager} goes on with it. Nothing of it is asked of you any more.", name=found.person,
            manager=found.manager)  # fmt: skip
    return Message(push, [section(lines(bold(push), who))])


# What happens -----------------------------------------------------------------------------


def hand_over(turn: Turn, found: Shown, manager: Person) -> None:
    """The manager's part is somebody else's from here on; each hears of it when they work."""
    plan, former_id = found.plan, found.plan.manager_id
    turn.update(found.person, card_key(plan), views.card, found)
    plans.hand_over(turn.session, plan, manager.id)
    one_on_ones.hand_over(turn.session, plan.items, former_id, manager.id)
    carry = f"{plan.id}/{former_id}"
    for step, reader_id in ((tell_next, manager.id), (tell_person, plan.person_id), (tell_former, former_id)):
        turn.remind(step, reader_id, turn.now, carry)


@flow.prompt
def tell_next(turn: Turn) -> None:
    """Who leads them now."""
    found, lead, _ = _as_it_stands(turn)
    if found and lead == turn.person:
        turn.say(turn.person, f"plans/{found.plan.id}/next/{lead.id}", for_next, found)


@flow.prompt_that(Attention.FREE)
def tell_person(turn: Turn) -> None:
    """Whose plan it is: who reads it has changed."""
    found, lead, former = _as_it_stands(turn)
    if found and lead and former and lead != former:
        turn.say(turn.person, f"plans/{found.plan.id}/next/{lead.id}/{turn.person.id}", for_person, found, former)


@flow.prompt
def tell_former(turn: Turn) -> None:
    """Who led them, if they still work here and nobody gave the person back."""
    found, lead, former = _as_it_stands(turn)
    if found and former and former.takes_part and lead not in {None, former}:
        turn.say(turn.person, f"plans/{found.plan.id}/former/{former.id}", for_former, found)


def _as_it_stands(turn: Turn) -> tuple[Shown | None, Person | None, Person | None]:
    """The plan if it still runs, who leads its person today, and who did before."""
    plan_id, former_id = turn.carried(2)
    plan = plans.get(turn.session, plan_id)
    if plan is None or not plan.open:
        return None, None, None
    found = shown(turn, plan)
    return found, leads(turn, found.person), people.get(turn.session, former_id)
