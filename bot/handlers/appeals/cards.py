"""The cards of an appeal: its person's, whoever decides it, who names somebody, who rates anew."""

from bot.domain.appeal import KINDS, OPEN, REMINDED_AFTER, Appeal, State
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.handlers.appeals import deciding, filing, handling, rating
from bot.handlers.appeals.conversation import Shown, may_be_named, shown_of, who_names
from bot.slack.blocks import Block, Confirm, Does, Message, button, buttons, context, section
from bot.slack.flow import Turn
from bot.slack.text import Text, bold, lines, quote
from bot.slack.words import Words
from bot.store import people

NOBODY_WORSE = N_(
    "Nobody may be treated worse for having appealed, and an appeal never makes a result lower. If you feel otherwise, "
    "tell HR: `/cairn ask`."
)

# What its person sees -------------------------------------------------------------------------


def mine(t: Words, shown: Shown) -> Message:
    """Where one's own appeal stands."""
    text = t("Your appeal about {cycle}", cycle=shown.cycle.name)
    return Message(text, [section(bold(text)), *standing(t, shown), *_ways(t, shown), context(t(NOBODY_WORSE))])


def decided(t: Words, shown: Shown, result: Does) -> Message:
    """The push to its person: there is something to read, and nothing of it."""
    text = t("Your appeal about {cycle} is decided.", cycle=shown.cycle.name)
    carry = f"{shown.cycle.id}/{shown.person.id}"
    way = buttons(button(t("Open my result"), does=result, carry=carry))
    return Message(text, [section(bold(text)), *standing(t, shown), way, *_ways(t, shown), context(t(NOBODY_WORSE))])


def standing(t: Words, shown: Shown) -> list[Block]:
    """How it stands, in sentences, and what was said."""
    one, said = shown.one, shown.decision
    reason = [section(lines(bold(t("The reason")), quote(said.reason)))] if said else []
    back = t("You took the second question back, so the first decision stands.") if one.went_back else None
    return [section(lines(back, _state(t, shown), t(KINDS[one.kind]), quote(one.words))), *reason]


def _state(t: Words, shown: Shown) -> Text:
    one, name = shown.one, shown.handler or t("HR")
    match one.state:
        case State.FILED:
            return t("Nobody who hears appeals here is independent of this one and there to decide it, so HR names "
                     "somebody who has no part in it.")  # fmt: skip
        case State.DECIDING if one.due_on and shown.late:
            return t("{name} was to decide by {day} and is late. I remind them, and HR knows.",
                     name=name, day=t.weekday(one.due_on))  # fmt: skip
        case State.DECIDING if one.due_on:
            return t("{name} decides it by {day}. They have no part in your result.",
                     name=name, day=t.weekday(one.due_on))  # fmt: skip
        case State.REDOING if shown.rater:
            return t("{name} has asked {rater} to give the rating anew.", name=name, rater=shown.rater)
        case State.UPHELD:
            return t("{name} has decided: the result stands.", name=name)
        case State.ADJUSTED:
            return t("{name} has decided: the result was corrected. Before and after stand in it.", name=name)
        case State.REDONE if shown.decision and not shown.decision.changed:
            return t("{name} has decided: the rating was given anew and is the same, so the result stands.", name=name)
        case State.REDONE:
            return t("{name} has decided: the rating was given anew. What came of it stands in your result.", name=name)
        case _:
            return t("You took it back.")


def _ways(t: Words, shown: Shown) -> list[Block]:
    one = shown.one
    if one.state in OPEN:
        stays = t("The result stays as it is. You can appeal again while there is time.")
        if one.decisions:
            stays = t("The first decision stands. Somebody else can be asked only once.")
        sure = Confirm(t("Withdraw the appeal?"), stays, t("Withdraw the appeal"), t("Keep the appeal"))
        return [buttons(button(t("Withdraw the appeal"), does=filing.withdraw, carry=one.id, confirm=sure))]
    if shown.until is None:
        return []
    text = t("Until {day} you can ask somebody else to decide, once.", day=t.weekday(shown.until))
    return [section(text, button(t("Have somebody else decide"), does=filing.ask_another, carry=one.id))]


# What others see --------------------------------------------------------------------------------


def to_decide(t: Words, shown: Shown, me: str) -> Message:
    """To whoever decides: until when; what it says stands behind the button."""
    one = shown.one
    if one.handler_id != me or one.state not in OPEN or one.due_on is None:
        text = t("The appeal about {cycle} is settled, or somebody else decides it now. Thank you.",
                 cycle=shown.cycle.name)  # fmt: skip
        return Message(text, over=True)
    text = t("An appeal about {cycle} is yours to decide, by {day}.", cycle=shown.cycle.name, day=t.weekday(one.due_on))
    why = t("You have no part in this result. You decide on a record that was frozen when the appeal was filed; what "
            "you read there is for this decision only.")  # fmt: skip
    press = button(t("Open the record"), does=deciding.open_record, carry=one.id, style="primary")
    return Message(text, [section(bold(text)), section(why), buttons(press)])


def reminder(t: Words, shown: Shown, me: str) -> Message:
    """To whoever decides, when the day comes near or is past."""
    one = shown.one
    if one.handler_id != me or one.state not in OPEN or one.due_on is None:
        return to_decide(t, shown, me)
    text = t("Please decide the appeal about {cycle} by {day}.", cycle=shown.cycle.name, day=t.weekday(one.due_on))
    if shown.late:
        text = t("The appeal about {cycle} was to be decided by {day}. Somebody waits for it.",
                 cycle=shown.cycle.name, day=t.weekday(one.due_on))  # fmt: skip
    press = button(t("Open the record"), does=deciding.open_record, carry=one.id, style="primary")
    return Message(text, [section(bold(text)), buttons(press)])


def to_name(t: Words, shown: Shown) -> Message:
    """To HR: nobody is independent, or whoever decides is late."""
    one = shown.one
    if not may_be_named(shown):
        text = t("Somebody decides the appeal about {cycle}. Thank you.", cycle=shown.cycle.name)
        return Message(text, over=True)
    text = t("An appeal about {cycle} needs somebody who decides it.", cycle=shown.cycle.name)
    why = t("Nobody who hears appeals here is independent of it and there to decide it. Please name somebody from "
            "outside this line; who has a part in the result is refused.")  # fmt: skip
    if shown.late and one.due_on and shown.handler:
        text = t("An appeal about {cycle} is late.", cycle=shown.cycle.name)
        why = t("{name} was to decide it by {day}. You can talk to them, or name somebody else.",
                name=shown.handler, day=t.weekday(one.due_on))  # fmt: skip
    press = button(t("Name somebody"), does=handling.choose_handler, carry=one.id, style="primary")
    return Message(text, [section(lines(bold(text), t("It is about {name}.", name=shown.person), why)), buttons(press)])


def to_rate(t: Words, shown: Shown, me: str) -> Message:
    """To whoever is asked to give a rating anew."""
    one = shown.one
    if one.rater_id != me or one.state is not State.REDOING:
        return Message(t("The rating was given anew, or is not needed any more. Thank you."), over=True)
    text = t("Please give a rating of {cycle} anew, after an appeal.", cycle=shown.cycle.name)
    said = lines(bold(text), t("It is about {name}.", name=shown.person), quote(one.asked))
    press = button(t("Give the rating"), does=rating.open_rating, carry=one.id, style="primary")
    return Message(text, [section(said), buttons(press), context(t(NOBODY_WORSE))])


# Keeping them true ------------------------------------------------------------------------------


def key(one: Appeal, what: str, person_id: str) -> str:
    """What a card is known by; each level has its own."""
    return f"appeals/{one.id}/{one.level}/{what}/{person_id}"


def show(turn: Turn, one: Appeal, *others: str) -> None:
    """Bring every card up to date: the person's, HR's, and those of these others who decide, decided or rate."""
    shown = shown_of(turn, one)
    turn.update(shown.person, key(one, "mine", one.person_id), mine, shown)
    for person in people.named(turn.session, {one.handler_id, one.rater_id, *others} - {""}).values():
        turn.update(person, key(one, "decide", person.id), to_decide, shown, person.id)
        turn.update(person, key(one, "rate", person.id), to_rate, shown, person.id)
        for n in REMINDED_AFTER:
            turn.update(person, key(one, f"due{n}", person.id), reminder, shown, person.id)
    for each in _named_by(turn, one):
        turn.update(each, key(one, "name", each.id), to_name, shown)


def _named_by(turn: Turn, one: Appeal) -> list[Person]:
    return list(people.named(turn.session, who_names(turn, one)).values())
