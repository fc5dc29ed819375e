"""Somebody gets another manager between the result, the talk and the looks back: who goes on with it, and who hears."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.domain.cadence import instant
from bot.domain.cycle import Cycle
from bot.domain.interview import MATTERS_FOR, Interview, Side, is_late
from bot.domain.org import Person
from bot.handlers.interviews import agenda, calendar, cards, following, opening
from bot.handlers.interviews.conversation import flow, today_of
from bot.slack.blocks import Block, Message, button, buttons, section
from bot.slack.flow import Turn
from bot.slack.text import Text, bold, bullets, lines, row
from bot.slack.words import Words
from bot.store import cycles, interviews, one_on_ones, people, reporting, timers

HOUR = time(4)
"""When it is compared who leads whom, UTC."""
MOST_NAMED = 20


@dataclass(frozen=True)
class Handed:
    """One talk in new hands. `former` led the person until now, `lead` does today; `still_open` counts actions.

    `prepared` are those who have: the person, and on the other side whoever did and does not lead them.
    """

    talk: Interview
    cycle: Cycle
    person: Person
    former: Person | None
    lead: Person
    held_with: Person | None
    prepared: Mapping[Side, Person]
    still_open: int
    late: bool

    @property
    def carry(self) -> str:
        """What a button brings along to find the talk."""
        return f"{self.cycle.id}/{self.person.id}"


# What people see --------------------------------------------------------------------------


def for_next(t: Words, found: Sequence[Handed]) -> Message:
    """For who leads somebody now: what of a talk about a result is theirs to go on with."""
    first = found[0]
    text = t("{name} reports to you now: the talk about {cycle} goes on with you.", name=first.person,
             cycle=first.cycle.name)  # fmt: skip
    if len(found) > 1:
        text = t("{names} report to you now: their talks about results go on with you.",
                 names=t.names([one.person.name for one in found[:MOST_NAMED]]))  # fmt: skip
    return Message(text, [section(bold(text)), *(_for_next(t, one) for one in found[:MOST_NAMED])])


def _for_next(t: Words, one: Handed) -> Block:
    opens = button(t("Open"), does=opening.look, carry=one.carry)
    whom = bold(t("{name}, {cycle}", name=one.person, cycle=one.cycle.name))
    return section(lines(whom, *(_to_hold(t, one) if one.talk.held_on is None else _was_held(t, one))), opens)


def _to_hold(t: Words, one: Handed) -> list[Text]:
    when = t("You hold it: {day}", day=cards.on_day(t, one.talk))
    ready = Side.PERSON in one.prepared
    theirs = t("{name} has prepared it, and reads yours once you have, too.", name=one.person) if ready else None
    alone = t("What was prepared on your side before stays with who wrote it.")
    return [row(when, t("it is late") if one.late else None), t.sentences(theirs, alone)]


def _was_held(t: Words, one: Handed) -> list[Text]:
    day, former = t.weekday(one.talk.held_on) if one.talk.held_on else "–", one.held_with or "–"
    left = t.plural("One action is still open.", "{n} actions are still open.", one.still_open)
    if one.talk.posted_at:
        return [t("{former} talked with them on {day}. You find the minutes, and what they agreed.",
                  former=former, day=day), left]  # fmt: skip
    none = t("{former} talked with them on {day} and sent no minutes. Once you two have talked about it, you may "
             "write them.", former=former, day=day)  # fmt: skip
    return [none, *([left] if one.still_open else [])]


def for_person(t: Words, one: Handed) -> Message:
    """For whose talk it is: with whom it goes on, and who reads what."""
    text = t("You report to {name} now: your talk about {cycle} goes on with them.", name=one.lead,
             cycle=one.cycle.name)  # fmt: skip
    opens = buttons(button(t("Open"), does=opening.look, carry=one.carry, style="primary"))
    return Message(text, [section(lines(bold(text), bullets(_read_by(t, one)))), opens])


def _read_by(t: Words, one: Handed) -> list[Text]:
    if one.talk.held_on is None:
        return _read_ahead(t, one)
    between = t("What you and {former} prepared stays between you two.", former=one.held_with or "–")
    if one.talk.posted_at:
        return [t("{name} reads the minutes and what you agreed.", name=one.lead), between]
    none = t("There are no minutes. {name} can talk with you about it again, and write them.", name=one.lead)
    return [none, between]


def _read_ahead(t: Words, one: Handed) -> list[Text]:
    mine = t("What you prepared is kept: {name} reads it once both of you have sent theirs, or on the working day "
             "before the talk. Until then you may change it.", name=one.lead)  # fmt: skip
    before = t("What {name} prepared is passed on to nobody.", name=one.prepared.get(Side.MANAGER, "–"))
    return [
        t("The talk: {day}", day=cards.on_day(t, one.talk)),
        *([mine] if Side.PERSON in one.prepared else []),
        *([before] if Side.MANAGER in one.prepared else []),
    ]


def for_former(t: Words, found: Sequence[Handed]) -> Message:
    """For who led them: what is not asked of them any more."""
    text = t.plural("A talk about a result is with another manager now.",
                    "{n} talks about results are with other managers now.", len(found))  # fmt: skip
    each = [
        t("{name}, {cycle}: {manager} goes on with it", name=one.person, cycle=one.cycle.name, manager=one.lead)
        for one in found[:MOST_NAMED]
    ]
    rest = t("Nothing of it is asked of you any more. What you had prepared or begun to write is passed on to nobody; "
             "what you had promised, they are asked to take over.")  # fmt: skip
    return Message(text, [section(lines(bold(text), bullets(each), rest))])


def passed_on(t: Words, one: Handed) -> Message:
    """What the agenda of the former manager turns into."""
    text = t("{manager} talks with {name} about {cycle}.", manager=one.lead, name=one.person, cycle=one.cycle.name)
    return Message(text, [section(text)], over=True)


# What happens -----------------------------------------------------------------------------


def look_tomorrow(turn: Turn) -> None:
    """Compare again who leads whom."""
    day = turn.now.astimezone(UTC).date() + timedelta(days=1)
    timers.remind_once(turn.session, look_around.id, "", "", datetime.combine(day, HOUR, UTC))


@flow.timer
def look_around(turn: Turn) -> None:
    """Once a day, as long as somebody may be asked about a talk: find those whose person has another manager."""
    found = interviews.going_on(turn.session, turn.today - MATTERS_FOR)
    if not found:
        return
    look_tomorrow(turn)
    leads = people.managers_on(turn.session, turn.today)
    named = people.named(
        turn.session, {each for one in found for each in (one.person_id, leads.get(one.person_id, ""))} - {""}
    )
    for one in found:
        lead, person = named.get(leads.get(one.person_id, "")), named[one.person_id]
        there = lead is not None and lead.takes_part and person.takes_part
        if lead and there and lead.id not in {one.known_lead, person.id}:
            _hand_over(turn, one, lead)


def _hand_over(turn: Turn, talk: Interview, lead: Person) -> None:
    """It is asked of somebody else from here on; all three hear of it in their working hours."""
    if not interviews.hand_over(turn.session, talk, lead.id):
        return
    former = people.get(turn.session, talk.known_lead) if talk.known_lead else None
    one = _handed(turn, talk, former, lead)
    if talk.is_set and talk.held_on is None:  # the agenda that was planned with the day was for the former manager
        agenda.plan_agenda(turn, talk, [lead])
    if former:
        following.say_again(turn, former, talk.manager_asked_on)
        turn.update(former, cards.agenda_key(talk, former.id), passed_on, one)
    agenda.say_again(turn, talk)
    calendar.hand_on(turn, talk, one.person)
    if talk.posted_at and not one.still_open:
        return
    carry = f"{talk.cycle_id}/{talk.person_id}/{talk.known_lead}"
    for step, reader_id in ((tell_next, lead.id), (tell_person, talk.person_id), (tell_former, talk.known_lead)):
        if reader_id:
            turn.remind(step, reader_id, turn.now, carry)


def _handed(turn: Turn, talk: Interview, former: Person | None, lead: Person) -> Handed:
    agreed = one_on_ones.agreed_about(turn.session, talk.cycle_id, talk.person_id)
    prepared = interviews.prepared(turn.session, talk.cycle_id, talk.person_id)
    there = {talk.person_id, talk.manager_id, *(one.author_id for one in prepared.values())} - {""}
    named = people.named(turn.session, there)
    return Handed(
        talk,
        cycles.get(turn.session, talk.cycle_id),
        named[talk.person_id],
        former,
        lead,
        named.get(talk.manager_id) if talk.held_on else None,
        {side: named[one.author_id] for side, one in prepared.items() if one.author_id != lead.id},
        sum(one.done_at is None for one in agreed),
        is_late(talk, today_of(turn, lead)),
    )


@flow.prompt
def tell_next(turn: Turn) -> None:
    """Who leads them now."""
    if found := _gathered(turn, tell_next.id, lambda one: one.lead.id == turn.person.id):
        turn.say(turn.person, f"interviews/{turn.person.id}/next/{turn.today}", for_next, found)


@flow.prompt
def tell_person(turn: Turn) -> None:
    """Whose talk it is."""
    for one in _gathered(turn, tell_person.id, lambda one: one.person.id == turn.person.id):
        turn.say(turn.person, f"interviews/{one.carry}/next/{one.lead.id}", for_person, one)


@flow.prompt
def tell_former(turn: Turn) -> None:
    """Who led them, if they still work here and nobody gave the person back."""
    if found := _gathered(turn, tell_former.id, lambda one: one.lead.id != turn.person.id):
        turn.say(turn.person, f"interviews/{turn.person.id}/former/{turn.today}", for_former, found)


def _gathered(turn: Turn, step: str, holds: Callable[[Handed], bool]) -> list[Handed]:
    """All that somebody is to hear today, as it stands now."""
    tomorrow = instant(turn.today + timedelta(days=1), time(), turn.person.tz)
    found = []
    for carry in (turn.carry, *timers.take_all(turn.session, step, turn.person.id, tomorrow)):
        cycle_id, person_id, former_id = carry.split("/")
        talk = interviews.find(turn.session, cycle_id, person_id)
        lead = reporting.lead_of(turn.session, person_id, turn.today)
        if talk and lead:
            former = people.get(turn.session, former_id) if former_id else None
            found.append(_handed(turn, talk, former, lead))
    return [one for one in found if one.person.takes_part and holds(one)]
