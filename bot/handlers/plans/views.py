"""The page of a plan, as each of the three reads it, and the person's card."""

from collections.abc import Mapping, Sequence

from bot.domain.org import Person
from bot.domain.plan import SOURCES, STANDINGS, Outcome, Slot, Written
from bot.handlers.plans import checkpoints, ending, looking, starting
from bot.handlers.plans.conversation import PAGE, Shown
from bot.slack.blocks import Block, Message, View, button, buttons, context, divider, page, section
from bot.slack.text import Text, bold, bullets, escape, lines, quote, row
from bot.slack.words import Words

# The page ---------------------------------------------------------------------------------


def sheet(t: Words, found: Shown, reader: Person, *, confirms: bool = False, begins: bool = False) -> View:
    """The whole plan; `confirms` is who may give the second press, `begins` who may begin another one."""
    return page(
        t("Improvement plan"),
        [
            section(lines(bold(escape(found.person.name)), _stands(t, found))),
            *_lead(t, found, reader),
            *_written_down(t, found),
            *_for_it(t, found, reader),
            *_checkpoints(t, found),
            *_around(t, found),
            *_ways(t, found, reader, confirms=confirms, begins=begins),
        ],
        close=t("Close"),
    )


def _stands(t: Words, found: Shown) -> Text:
    plan, where = found.plan, found.where
    if plan.outcome:
        over = t("Over since {day}", day=plan.ended_on or plan.starts_on)
        return lines(over, outcome_said(t, found), quote(plan.why))
    runs = t("From {first} to {last}", first=t.weekday(plan.starts_on), last=t.weekday(where.ends_on))
    more = t("It was extended once; what is expected stayed as it was.") if plan.extended else None
    return lines(runs, more, _waits(t, found))


def _waits(t: Words, found: Shown) -> Text | None:
    """What a late checkpoint does to the clock, as nobody's fault but the plan's own rule."""
    where = found.where
    if where.stands_still:
        return t(
            "The plan stands still until {manager} has written the checkpoint. {person} loses no day by it: the end "
            "moves along.",
            manager=found.manager,
            person=found.person,
        )
    if where.lost:
        return t.plural(
            "A checkpoint came late, so the end moved by one working day.",
            "A checkpoint came late, so the end moved by {n} working days.",
            where.lost,
        )
    return None


def _lead(t: Words, found: Shown, reader: Person) -> list[Block]:
    if reader.id != found.person.id or not found.plan.open:
        return []
    what = t(
        "This plan is here so that things work out. It says what is expected, what help you get, and what {manager} "
        "does for it. It is about work, not about who you are.",
        manager=found.manager,
    )
    who = t(
        "You, {manager} and HR read it; {hr} of HR goes along with it, and you can turn to both at any time. "
        "`/cairn plan` opens this page.",
        manager=found.manager,
        hr=found.hr,
    )
    return [section(what), context(who)]


def _written_down(t: Words, found: Shown) -> list[Block]:
    plan = found.plan
    facts = bullets(row(t.day(day), escape(words)) for day, words in plan.facts)
    return [
        section(lines(bold(t("What it is about")), quote(plan.gap))),
        section(lines(bold(t("What was seen")), facts)),
        section(lines(bold(t("What is expected")), quote(plan.standard))),
        context(t("This was settled at the beginning and stays as it is until the end.")),
    ]


def _for_it(t: Words, found: Shown, reader: Person) -> list[Block]:
    plan = found.plan
    own = t("What you do") if reader.id == found.person.id else t("What {name} does", name=found.person)
    theirs = (
        t("What you do for it") if reader.id == found.manager.id else t("What {name} does for it", name=found.manager)
    )
    half = len(plan.activities)
    return [
        divider(),
        section(lines(bold(own), _ticked(found, plan.activities, plan.items[:half]))),
        section(lines(bold(t("What help there is")), quote(plan.support))),
        section(lines(bold(theirs), _ticked(found, plan.duties, plan.items[half:]), _owes(t, found))),
    ]


def duties(t: Words, found: Shown) -> Text:
    """What the manager has taken on, for whoever looks back on it."""
    return lines(bold(t("What you do for it")), bullets(map(escape, found.plan.duties)))


def _ticked(found: Shown, words: Sequence[str], items: Sequence[str]) -> Text:
    done = [one in found.done for one in items] or [False] * len(words)
    return lines(*(Text(f"{'✓' if ticked else '•'}  {escape(one)}") for one, ticked in zip(words, done, strict=True)))


def _owes(t: Words, found: Shown) -> Text | None:
    """The manager's next word stands among their duties."""
    coming = found.where.next if found.plan.open else None
    if coming is None:
        return None
    until = t.weekday(coming.until)
    return bullets([t("The checkpoint of {day}, written by {until}", day=t.weekday(coming.day), until=until)])


def _checkpoints(t: Words, found: Shown) -> list[Block]:
    slots: Mapping[int, Slot] = {one.n: one for one in found.where.slots}
    told = [section(_checkpoint(t, slots[one.n], one)) for one in found.plan.written if one.n in slots]
    later = [t.weekday(one.day) for one in found.where.slots if one.written_on is None] if found.plan.open else []
    ahead = [context(t("Checkpoints to come: {days}", days=row(*later)))] if later else []
    return [divider(), section(bold(t("Checkpoints"))), *told, *ahead] if told or ahead else []


def _checkpoint(t: Words, slot: Slot, one: Written) -> Text:
    return lines(row(bold(t.weekday(slot.day)), t(STANDINGS[one.standing])), said(t, one))


def said(t: Words, one: Written) -> Text:
    """What the manager wrote at a checkpoint."""
    return lines(t("Seen:"), quote(one.seen), t("Done by the manager:"), quote(one.done))


def _around(t: Words, found: Shown) -> list[Block]:
    """What came before the plan, and what the person says to it."""
    plan = found.plan
    rests = bullets(row(t(SOURCES[one.source]), t.day(one.day)) for one in plan.grounds)
    words = [row(t.day(day), escape(comment)) for day, comment in plan.comments]
    seen = t("{name} has seen the plan. Seen does not mean agreed.", name=found.person) if plan.seen_at else None
    own = [section(lines(bold(t("What {name} says to it", name=found.person)), *words))] if words else []
    return [divider(), section(lines(bold(t("What was said before")), rests)), *own, *([context(seen)] if seen else [])]


def _ways(t: Words, found: Shown, reader: Person, *, confirms: bool, begins: bool) -> list[Block]:
    plan = found.plan
    carry = f"{plan.id}/{PAGE}"
    if reader.id == found.person.id:
        return [_own_ways(t, found, carry, reads=False)]
    ways = []
    if plan.open and reader.id == found.manager.id and found.where.owed:
        ways.append(button(t("Write the checkpoint"), does=checkpoints.write, carry=carry, style="primary"))
    if plan.open and not plan.proposal and reader.id == found.manager.id:
        ways.append(button(t("Say how it goes on"), does=ending.propose, carry=carry))
    if plan.proposal and confirms:
        stands = f"{plan.id}/{plan.proposal.outcome}"
        ways.append(button(t("Confirm"), does=ending.confirm, carry=stands, style="primary"))
        ways.append(button(t("Send it back"), does=ending.doubt, carry=carry))
    if begins and not plan.open:
        ways.append(button(t("Begin a plan"), does=starting.begin, carry=found.person.id))
    return [*_proposed(t, found), *([buttons(*ways)] if ways else [])]


def _proposed(t: Words, found: Shown) -> list[Block]:
    """What waits for the second press; the person hears it once it stands."""
    plan = found.plan
    if plan.proposal:
        label = t(ending.LABELS[plan.proposal.outcome])
        waits = bold(t("Proposed, and waiting for HR: {outcome}", outcome=label))
        return [section(lines(waits, quote(plan.proposal.why)))]
    if plan.sent_back and plan.open:
        return [section(lines(bold(t("HR sent the proposal back:")), quote(plan.sent_back)))]
    return []


def _own_ways(t: Words, found: Shown, carry: str, *, reads: bool) -> Block:
    """What the person can do with their plan; `reads` is whether they are not reading it already."""
    whole = button(t("Read the plan"), does=looking.open_plan, carry=found.person.id, style="primary")
    seen = None if found.plan.seen_at else button(t("I have seen it"), does=looking.seen, carry=carry)
    return buttons(whole if reads else None, seen, button(t("Add my words"), does=looking.add_words, carry=carry))


def outcome_said(t: Words, found: Shown) -> Text:
    """How a plan came out, in plain words."""
    match found.plan.outcome:
        case Outcome.COMPLETED:
            return t("The plan is completed: what was expected is there.")
        case Outcome.ENDED:
            return t(
                "The plan is over, and not all that was expected is there yet. Nothing follows from it by itself: what "
                "comes next is talked about first."
            )
        case Outcome.LEFT:
            return t("The plan is over, because {name} has left.", name=found.person)
        case _:
            return t("The plan goes on until {day}. What is expected stays as it was.", day=found.where.ends_on)


# The person's card ------------------------------------------------------------------------


def wrote(t: Words, author: Person) -> Text:
    """The push for whatever a person is to read here: it says nothing of what it is."""
    return t("{name} wrote something for you. Please read it when you have a quiet moment.", name=author)


def card(t: Words, found: Shown) -> Message:
    """What the person reads first, and what stands there afterwards."""
    plan = found.plan
    own = _own_ways(t, found, plan.id, reads=True)
    if not plan.open:
        over = t("This plan is over. You can still read it at any time: `/cairn plan`.")
        return Message(over, [section(over), own])
    what = t(
        "{author} has written a plan for the time until {day}: what is expected, what help you get, and what "
        "{manager} does for it. You are not alone with it: {hr} of HR goes along with it.",
        author=found.author,
        manager=found.manager,
        day=found.where.ends_on,
        hr=found.hr,
    )
    calm = t(
        "Take your time. “I have seen it” says only that, not that you agree; your own words have their place in the "
        "plan, and everybody who reads it reads them."
    )
    seen = t("You have seen the plan. It is there at any time: `/cairn plan`.")
    coming = found.where.next
    runs = coming is not None and not found.where.stands_still
    ahead = [context(t("Next checkpoint: {day}", day=t.weekday(coming.day)))] if coming and runs else []
    push = wrote(t, found.author)
    return Message(
        push, [section(lines(push, what, _waits(t, found))), context(seen if plan.seen_at else calm), own,
                          *ahead],
    )  # fmt: skip
