"""What people see of check-ins."""

from collections.abc import Mapping
from decimal import Decimal

from bot.domain.checkin import CONFIDENCE_NAMES, Confidence, Kind
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.org import Person
from bot.domain.stage_card import Task
from bot.domain.support import USEFUL_NAMES, State, Support, said
from bot.handlers.checkins import answering, history, team
from bot.handlers.checkins.conversation import NOTE_MOST, Card, Row
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
from bot.slack.goal_words import aim
from bot.slack.text import Text, bold, bullets, clip, escape, lines, quote, row
from bot.slack.training import READ, two_minutes
from bot.slack.words import Words

MARKS = {Confidence.ON_TRACK: "✓", Confidence.AT_RISK: "△", Confidence.OFF_TRACK: "✕"}
"""Shapes, so that nothing is said by colour alone."""

MOST_TO_DO = 5

A_SOURCE = 40
"""Characters of where a value is from: a link would hide the rest of its line."""
COUNTED = (Direction.HIGHER, Direction.LOWER, Direction.RANGE)
"""What a number says something about; milestones and rubrics are told in words."""

# The person's card ------------------------------------------------------------------------


def card(t: Words, facts: Card) -> Message:
    """A check-in as it stands now: the question, or its thanks."""
    title, blocks = _open(t, facts) if facts.checkin.kind is Kind.OPEN else _settled(t, facts)
    return Message(title, [section(bold(title)), *blocks], over=facts.checkin.kind is Kind.MISSED)


def _open(t: Words, facts: Card) -> tuple[Text, list[Block]]:
    same = button(t("Same"), does=answering.same, carry=facts.carry) if facts.repeatable else None
    update = button(t("Update"), does=answering.update, carry=facts.carry, style="primary")
    blocked = button(t("Blocked"), does=answering.blocked, carry=facts.carry)
    first = None if facts.repeatable else two_minutes(t, Task.CHECKIN, facts.steps[READ])
    told = t.sentences(
        t("Use a button, or reply in this message's thread: that becomes your note."),
        t("It takes about a minute. Your note is seen by you and your manager only."),
    )
    return t("Check-in, {day}: how is it going?", day=t.weekday(facts.checkin.day)), [
        section(standing(t, facts.rows)),
        *history.words(t, facts.trails),
        *_written(t, facts),
        *_to_do(t, facts),
        *([context(t("Worth a thought: {question}", question=facts.prompt.read(t.language)))] if facts.prompt else []),
        buttons(same, update, blocked, first),
        context(told),
    ]


def _settled(t: Words, facts: Card) -> tuple[Text, list[Block]]:
    if facts.checkin.kind is Kind.MISSED:
        return t("Check-in, {day}: closed without an answer", day=t.weekday(facts.checkin.day)), [
            section(t("No harm done. `/cairn checkin` opens the present one at any time."))
        ]
    change = button(t("Change"), does=answering.update, carry=facts.carry)
    goals = [section(standing(t, facts.rows)), *history.chart(t, facts.trails), *history.words(t, facts.trails)]
    said = _written(t, facts)
    return t("Check-in, {day}: thank you", day=t.weekday(facts.checkin.day)), [
        *([*said, *goals] if facts.checkin.blocking else [*goals, *said]),
        *_came_back(t, facts),
        *_to_do(t, facts),
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
    told = (
        t("{manager} has not had it yet; it comes with their next digest.", manager=facts.manager)
        if facts.overdue
        else t("{manager} gets it with the digest of {day}.", manager=facts.manager, day=t.weekday(one.digest_on))
    )
    return t.sentences(
        told, t("Until then you can change it. Reply in this message's thread, and that becomes your note.")
    )


def _came_back(t: Words, facts: Card) -> list[Block]:
    """What the manager wrote, and what became of the help that was asked for."""
    one, request = facts.checkin, facts.request
    written = [*one.earlier, *([(one.comment_by, one.comment)] if one.comment else [])]
    comments = [
        section(lines(t("*{name} wrote:*", name=facts.named.get(by) or t("Your manager")), quote(words)))
        for by, words in written
    ]
    return [*comments, *(_help_so_far(t, facts, request) if request else [])]


def _to_do(t: Words, facts: Card) -> list[Block]:
    """What this person agreed to do in one-on-ones and has not done yet."""
    done = facts.steps["talks.done_in_checkin"]
    return [
        section(
            row(t("*Agreed to do:* {what}", what=one.text), t("by {day}", day=t.weekday(one.due)) if one.due else None),
            button(t("It is done"), does=done, carry=f"{one.id}/{facts.carry}"),
        )
        for one in facts.to_do[:MOST_TO_DO]
    ]


def _help_so_far(t: Words, facts: Card, request: Support) -> list[Block]:
    arrived = button(t("It arrived"), does=facts.steps["support.arrived"], carry=request.id)
    no_need = button(t("No longer needed"), does=facts.steps["support.withdraw"], carry=request.id)
    presses = buttons(arrived if request.state is State.PROMISED else None, no_need)
    return [section(standing_of(t, request, facts.named)), *([presses] if request.open else [])]


def standing_of(t: Words, request: Support, named: Mapping[str, Person]) -> Text:
    """Where a request for help stands, in one line, and whether it was useful."""
    found = said(request, named, request.asked_at.astimezone(t.tz).date())
    useful = t(USEFUL_NAMES[request.useful]) if request.useful else None
    return lines(row(t("*Help:*"), t.say(found), between=" "), useful, quote(request.word) if request.word else None)


def request_of(t: Words, request: Support, named: Mapping[str, Person]) -> Text:
    """What was asked for, and where it stands."""
    return lines(quote(request.what) if request.what else None, standing_of(t, request, named))


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
    return row(escape(one.goal.title), value_of(t, one), confidence(t, one.confidence))


def value_of(t: Words, one: Row) -> Text | None:
    """The last value beside its target, where a number says something, and from where a known actual one is."""
    if one.goal.direction not in COUNTED:
        return None
    known = one.known
    if known and known.value is not None:
        source = (
            t("from {source}", source=clip(escape(known.source), A_SOURCE)) if known.source else t("from HR's values")
        )
        return t("{value} ({source})", value=_beside_target(t, known.value, one.goal), source=source)
    return t("no value yet") if one.value is None else _beside_target(t, one.value, one.goal)


def _beside_target(t: Words, value: Decimal, goal: Goal) -> Text:
    """“1.1 %, at most 2 %”; of what only has to grow it is said shorter: “120 of 400 k€”."""
    if goal.direction is not Direction.HIGHER:
        return t("{value}, {aim}", value=_amount(t, value, goal), aim=aim(t, goal))
    if goal.target is None:
        return _amount(t, value, goal)
    return t("{value} of {target}", value=t.number(value), target=_amount(t, goal.target, goal))


def _amount(t: Words, value: Decimal, goal: Goal) -> Text:
    return t("{value} {unit}", value=value, unit=goal.unit) if goal.unit else t.number(value)


def confidence(t: Words, value: Confidence | None) -> Text | None:
    """A mark and the words, such as: ✓ On track."""
    return Text(f"{MARKS[value]} {t(CONFIDENCE_NAMES[value])}") if value else None


def reminder(t: Words, facts: Card, n: int) -> Message:
    """A reminder, or what it turns into when it is not needed any more."""
    day = t.weekday(facts.checkin.day)
    if facts.checkin.kind is not Kind.OPEN:
        return Message(t("The check-in of {day} is settled. Thank you.", day=day), over=True)
    asked = facts.manager
    text = (
        t("{manager} would like to know how it is going: your check-in of {day} is open.", manager=asked, day=day)
        if asked
        else t("Your check-in of {day} is open.", day=day)
    )
    last = t("This is the last reminder. If now is a bad time, `/cairn pause` stops them until a day that you choose.")
    opens = button(t("Open check-in"), does=answering.update, carry=facts.carry, style="primary")
    return Message(text, [section(text), buttons(opens), *([context(last)] if n > 1 else [])])


def unread(t: Words, facts: Card) -> Message:
    """Nobody has read yet what somebody needs; once it was told, that."""
    if facts.checkin.told:
        return Message(t("{manager} has it in the digest.", manager=_reader(t, facts)), over=True)
    text = t("{manager} has not read yet what you need.", manager=_reader(t, facts))
    return Message(text, [section(t.sentences(text, t("If it cannot wait, please ask somebody else directly.")))])


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
                t.sentences(
                    t(
                        "Your numbers stay as they were. {manager} sees this in the next digest.",
                        manager=_reader(t, facts),
                    ),
                    t("While it is open, a next manager sees it too."),
                )
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


# Home -------------------------------------------------------------------------------------


def home(t: Words, rows: tuple[Row, ...]) -> list[Block]:
    """How sure the person last was of each goal."""
    now = button(t("Check in now"), does=answering.check_in)
    return [header(t("How my goals are going")), section(standing(t, rows)), buttons(now), divider()]


def home_of_a_manager(t: Words, reports: int) -> list[Block]:
    """The way to the team's page."""
    text = t.plural("One person reports to you.", "{n} people report to you.", reports)
    return [header(t("My team")), section(text, button(t("Open my team"), does=team.open_team)), divider()]
