"""What people see of check-ins."""

from decimal import Decimal

from bot.domain.checkin import CONFIDENCE_NAMES, Confidence, Kind
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.handlers.checkins import answering, digests, history
from bot.handlers.checkins.conversation import NOTE_MOST, Card, Digest, Row, Told
from bot.slack.blocks import (
    Block,
    Message,
    View,
    amount_input,
    button,
    buttons,
    choice,
    choices,
    context,
    divider,
    form,
    header,
    section,
    text_input,
)
from bot.slack.text import Text, bold, bullets, escape, lines, quote, row
from bot.slack.words import Words

MARKS = {Confidence.ON_TRACK: "✓", Confidence.AT_RISK: "△", Confidence.OFF_TRACK: "✕"}
"""Shapes, so that nothing is said by colour alone."""

COUNTED = (Direction.HIGHER, Direction.LOWER, Direction.RANGE)
"""What a number says something about; milestones and rubrics are told in words."""

MOST_LINES = 40

# The person's card ------------------------------------------------------------------------


def card(t: Words, facts: Card) -> Message:
    """A check-in as it stands now: the question, or its thanks."""
    title, blocks = _open(t, facts) if facts.checkin.kind is Kind.OPEN else _settled(t, facts)
    return Message(title, [section(bold(title)), *blocks])


def _open(t: Words, facts: Card) -> tuple[Text, list[Block]]:
    same = button(t("Same"), does=answering.same, carry=facts.carry) if facts.repeatable else None
    update = button(t("Update"), does=answering.update, carry=facts.carry, style="primary")
    blocked = button(t("Blocked"), does=answering.blocked, carry=facts.carry)
    told = sentences(
        t,
        t("Use a button, or reply in this message's thread: that becomes your note."),
        t("It takes about a minute. Your note is seen by you and your manager only."),
    )
    return t("Check-in, {day}: how is it going?", day=t.weekday(facts.checkin.day)), [
        section(standing(t, facts.rows)),
        *history.words(t, facts.trails),
        *_written(t, facts),
        *([context(t("Worth a thought: {question}", question=facts.prompt.read(t.language)))] if facts.prompt else []),
        buttons(same, update, blocked),
        context(told),
    ]


def _settled(t: Words, facts: Card) -> tuple[Text, list[Block]]:
    if facts.checkin.kind is Kind.MISSED:
        return t("Check-in, {day}: closed without an answer", day=t.weekday(facts.checkin.day)), [
            section(t("No harm done. `/cairn checkin` opens the present one at any time."))
        ]
    change = button(t("Change"), does=answering.update, carry=facts.carry)
    return t("Check-in, {day}: thank you", day=t.weekday(facts.checkin.day)), [
        section(standing(t, facts.rows)),
        *history.chart(t, facts.trails),
        *history.words(t, facts.trails),
        *_written(t, facts),
        *([section(t.say(facts.question))] if facts.question and facts.checkin.changeable else []),
        *([buttons(change)] if facts.checkin.changeable else []),
        context(_whereabouts(t, facts)),
    ]


def _whereabouts(t: Words, facts: Card) -> Text:
    one = facts.checkin
    if facts.manager is None or one.digest_on is None:
        return t("Kept for you.")
    if one.read:
        return t("{manager} has read it.", manager=facts.manager)
    if one.told:
        return t("{manager} has it in the digest.", manager=facts.manager)
    told = t("{manager} gets it with the digest of {day}.", manager=facts.manager, day=t.weekday(one.digest_on))
    return sentences(
        t, told, t("Until then you can change it. Reply in this message's thread, and that becomes your note.")
    )


def sentences(t: Words, *parts: Text | None) -> Text:
    """Sentences after one another; Chinese puts no space between them."""
    return row(*parts, between="" if t.language == "zh" else " ")


def _written(t: Words, facts: Card) -> list[Block]:
    one = facts.checkin
    names = {kind.id: kind.name.read(t.language) for kind in facts.support}
    wanted = t.names([names[each] for each in one.help_wanted if each in names])
    said = [
        section(lines(bold(t("Blocked")), quote(one.blocking))) if one.blocking else None,
        section(t("*Help wanted:* {kinds}", kinds=wanted)) if wanted else None,
        section(lines(bold(t("Note")), quote(one.note))) if one.note else None,
    ]
    return [block for block in said if block]


def standing(t: Words, rows: tuple[Row, ...]) -> Text:
    """Each goal with its last value and confidence, one a line."""
    return bullets(_row(t, one) for one in rows)


def _row(t: Words, one: Row) -> Text:
    return row(escape(one.goal.title), _value(t, one), confidence(t, one.confidence))


def _value(t: Words, one: Row) -> Text | None:
    if one.goal.direction not in COUNTED:
        return None
    if one.value is None:
        return t("no value yet")
    if one.goal.target is None:
        return _amount(t, one.value, one.goal)
    return t("{value} of {target}", value=t.number(one.value), target=_amount(t, one.goal.target, one.goal))


def _amount(t: Words, value: Decimal, goal: Goal) -> Text:
    return t("{value} {unit}", value=value, unit=goal.unit) if goal.unit else t.number(value)


def confidence(t: Words, value: Confidence | None) -> Text | None:
    """A mark and the words, such as: ✓ On track."""
    return Text(f"{MARKS[value]} {t(CONFIDENCE_NAMES[value])}") if value else None


def reminder(t: Words, facts: Card, n: int) -> Message:
    """A reminder, or what it turns into when it is not needed any more."""
    day = t.weekday(facts.checkin.day)
    if facts.checkin.kind is not Kind.OPEN:
        return Message(t("The check-in of {day} is settled. Thank you.", day=day))
    asked = facts.manager
    text = (
        t("{manager} would like to know how it is going: your check-in of {day} is open.", manager=asked, day=day)
        if asked
        else t("Your check-in of {day} is open.", day=day)
    )
    last = t("This is the last reminder. If now is a bad time, `/cairn pause until 2027-02-01` with your date helps.")
    opens = button(t("Open check-in"), does=answering.update, carry=facts.carry, style="primary")
    return Message(text, [section(text), buttons(opens), *([context(last)] if n > 1 else [])])


# The forms --------------------------------------------------------------------------------


def sheet(t: Words, facts: Card) -> View:
    """All goals with what was last said of them, a note, and the help wanted."""
    one = facts.checkin
    hint = escape(facts.prompt.read(t.language)) if facts.prompt else None
    return form(
        t("Your check-in"),
        [
            *(block for each in facts.rows for block in _goal_inputs(t, each)),
            text_input(
                "note", t("One line for your manager"), initial=one.note, optional=True, hint=hint, longest=NOTE_MOST
            ),
            *([_blocking(t, one.blocking, optional=True)] if one.blocking else []),
            *_help(t, facts),
        ],
        does=answering.send,
        submit=t("Save check-in"),
        close=t("Not now"),
        carry=facts.carry,
    )


def _goal_inputs(t: Words, one: Row) -> list[Block]:
    goal = one.goal
    options = [(each.value, Text(f"{MARKS[each]} {t(CONFIDENCE_NAMES[each])}")) for each in Confidence]
    label = t("{goal}: will you make it?", goal=goal.title)
    number = _number_label(t, goal)
    chosen = one.confidence.value if one.confidence else None
    return [
        *(
            [amount_input(f"value-{goal.id}", number, initial=one.value, optional=True)]
            if goal.direction in COUNTED
            else []
        ),
        choice(f"confidence-{goal.id}", label, options, chosen=chosen),
    ]


def _number_label(t: Words, goal: Goal) -> Text:
    """What a number is asked for; a unit with brackets of its own gets none around it."""
    if set(goal.unit) & set("(（"):
        return t("{goal}: where it stands, in {unit}", goal=goal.title, unit=goal.unit)
    return t("{goal}: where it stands ({unit})", goal=goal.title, unit=goal.unit or t("number"))


def blocked_sheet(t: Words, facts: Card) -> View:
    """What is in the way, and what would help."""
    return form(
        t("What is in the way?"),
        [
            _blocking(t, facts.checkin.blocking, optional=False),
            *_help(t, facts),
            context(
                t("Your numbers stay as they were. {manager} sees this in the next digest.", manager=_reader(t, facts))
            ),
        ],
        does=answering.send_blocked,
        submit=t("Tell my manager"),
        close=t("Not now"),
        carry=facts.carry,
    )


def _reader(t: Words, facts: Card) -> Text:
    return escape(facts.manager.name) if facts.manager else t("Your manager")


def _blocking(t: Words, initial: str, *, optional: bool) -> Block:
    hint = t("What you need, from whom, and by when")
    return text_input(
        "blocking",
        t("What is blocking you?"),
        initial=initial,
        lines=True,
        optional=optional,
        hint=hint,
        longest=NOTE_MOST,
    )


def _help(t: Words, facts: Card) -> list[Block]:
    options = [(kind.id, escape(kind.name.read(t.language))) for kind in facts.support]
    chosen = [each for each in facts.checkin.help_wanted if each in dict(options)]
    return [choices("help", t("What help would you like?"), options, chosen=chosen, optional=True)] if options else []


# The manager's digest ---------------------------------------------------------------------


def digest(t: Words, facts: Digest) -> Message:
    """One message for a round: who answered, what turned, who is blocked, who did not answer."""
    title = t("Check-ins of your team: {n} of {all} answered", n=len(facts.answered), all=len(facts.lines))
    silent = t.names([line.person.name for line in facts.silent])
    talk = t.names([line.person.name for line in facts.silent if line.talk])
    loud = [line for line in facts.answered if not _quiet(line)]
    quiet = t.names([line.person.name for line in facts.answered if _quiet(line)])
    blocks = [
        section(bold(title)),
        *(section(_line(t, line)) for line in loud[:MOST_LINES]),
        section(t("*Same as last time:* {names}", names=quiet)) if quiet else None,
        section(t("*Not answered:* {names}", names=silent)) if silent else None,
        section(_without_goals(t, facts.without_goals)) if facts.without_goals else None,
        section(t("Several times without an answer: {names}. A talk in person helps more now.", names=talk))
        if talk
        else None,
        _acknowledge(t, facts) if facts.unread else None,
        context(t("What people wrote here is seen by them and you only.")),
    ]
    return Message(title, [block for block in blocks if block])


def _acknowledge(t: Words, facts: Digest) -> Block:
    place = f"{facts.cycle_id}/{facts.day}"
    return buttons(button(t("Acknowledge"), does=digests.acknowledge, carry=place, style="primary"))


def _without_goals(t: Words, n: int) -> Text:
    return t.plural(
        "One person of your team has no agreed goals yet.", "{n} people of your team have no agreed goals yet.", n
    )


def _quiet(line: Told) -> bool:
    return line.checkin.kind is Kind.SAME and not line.changes and not line.checkin.note and not _doubtful(line)


def _doubtful(line: Told) -> list[Row]:
    """The goals that are not on track; those that have just turned are told with what they were."""
    told = {goal.id for goal, _, _ in line.changes}
    unsure = [one for one in line.rows if one.confidence and one.confidence is not Confidence.ON_TRACK]
    return [one for one in unsure if one.goal.id not in told]


def _line(t: Words, line: Told) -> Text:
    one = line.checkin
    wanted = t.names([kind.read(t.language) for kind in line.help_wanted])
    return lines(
        row(bold(escape(line.person.name)), _counts(t, line.rows)),
        t("*Blocked:*") if one.blocking else None,
        quote(one.blocking) if one.blocking else None,
        t("*Help wanted:* {kinds}", kinds=wanted) if wanted else None,
        *(row(_turned(t, *change), _value_in(t, line, change[0])) for change in line.changes),
        *(_unsure(t, each) for each in _doubtful(line)),
        quote(one.note) if one.note else None,
    )


def _turned(t: Words, goal: Goal, before: Confidence, after: Confidence) -> Text:
    return t("{goal}: {before} → {after}", goal=goal.title, before=confidence(t, before), after=confidence(t, after))


def _counts(t: Words, rows: tuple[Row, ...]) -> Text:
    found = {each: sum(one.confidence is each for one in rows) for each in Confidence}
    return t.names([t("{confidence} ({n})", confidence=confidence(t, each), n=n) for each, n in found.items() if n])


def _unsure(t: Words, one: Row) -> Text:
    """A goal in doubt with its last value: △ At risk: Revenue growth (5 of 20 %)."""
    value = _value(t, one)
    named = t("{goal} ({value})", goal=one.goal.title, value=value) if value else escape(one.goal.title)
    return t("{confidence}: {goal}", confidence=confidence(t, one.confidence), goal=named)


def _value_in(t: Words, line: Told, goal: Goal) -> Text | None:
    return next((_value(t, each) for each in line.rows if each.goal.id == goal.id), None)


# Home -------------------------------------------------------------------------------------


def home(t: Words, rows: tuple[Row, ...]) -> list[Block]:
    """How sure the person last was of each goal."""
    now = button(t("Check in now"), does=answering.check_in)
    return [header(t("How my goals are going")), section(standing(t, rows)), buttons(now), divider()]
