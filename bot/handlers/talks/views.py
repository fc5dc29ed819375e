"""What the two see: the window, its forms, and the card on the morning of a talk."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.checkin import CONFIDENCE_NAMES
from bot.domain.evidence import Evidence, line
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.domain.support import Support, said
from bot.domain.talk import LONGEST, LONGEST_NOTE, RHYTHMS, Entry, Kind
from bot.handlers.talks import rhythm, steps
from bot.handlers.talks.conversation import Talk
from bot.slack.blocks import (
    Block,
    Does,
    Message,
    View,
    button,
    buttons,
    choice,
    choices,
    context,
    day_input,
    divider,
    form,
    page,
    section,
    text_input,
)
from bot.slack.text import Text, bold, bullets, clip, escape, lines, row
from bot.slack.words import Words
from bot.store.talks import TalkPoint

MOST, MOST_NOTES, A_LINE = 8, 5, 120
"""Lines of a part of the agenda, notes of a kind, and the characters of a line."""
A_PAGE = 20
BOTH, ALONE = "both", "alone"
NOTES: Mapping[Kind, str] = {
    Kind.SHARED: N_("Shared notes"),
    Kind.PRIVATE: N_("Private notes; only you read them"),
}

# The agenda -------------------------------------------------------------------------------


def short(words: str) -> Text:
    """What somebody wrote, in one line."""
    return clip(escape(" ".join(words.split())), A_LINE)


def agenda(t: Words, facts: Talk) -> list[Block]:
    """What there is to talk about, gathered: each part with its heading; parts without anything are left out."""
    parts = [
        (t("To talk about"), [_by(t, facts, one) for one in facts.points]),
        (t("Your own list; nobody else sees it"), [point(t, one) for one in facts.own]),
        (_checkin(t, facts), _progress(t, facts)),
        (t("Help that is open"), [_help(t, facts, one) for one in facts.requests]),
        (t("Thanks and feedback"), [_said(t, facts, one) for one in reversed(facts.said)]),
    ]
    found = [_part(t, name, those) for name, those in parts if those]
    nothing = t("Nothing is on the agenda yet. A good beginning: what should we keep, what should we change?")
    return found or ([] if facts.items else [section(nothing)])


def _help(t: Words, facts: Talk, one: Support) -> Text:
    stands = t.say(said(one, facts.named, one.asked_at.astimezone(t.tz).date()))
    return clip(row(short(one.what) if one.what else None, stands), 2 * A_LINE)


def _part(t: Words, name: Text, those: Sequence[Text]) -> Block:
    more = len(those) - MOST
    rest = [t.plural("and one more", "and {n} more", more)] if more > 0 else []
    return section(lines(bold(name), bullets([*those[:MOST], *rest])))


def _by(t: Words, facts: Talk, one: Entry) -> Text:
    return t("{name}: {what}", name=facts.named[one.author_id], what=short(one.text))


def point(t: Words, one: TalkPoint) -> Text:
    """A point of the manager's own list."""
    return short(one.text) if one.text else t("Check-in of {day}", day=t.weekday(date.fromisoformat(one.ref)))


def _checkin(t: Words, facts: Talk) -> Text:
    return t("Check-in of {day}", day=t.weekday(facts.progress.day)) if facts.progress else t("Check-in")


def _progress(t: Words, facts: Talk) -> list[Text]:
    found = facts.progress
    if found is None:
        return []
    turns = [
        t(
            "{goal}: {before} → {after}",
            goal=short(title),
            before=t(CONFIDENCE_NAMES[one.before]),
            after=t(CONFIDENCE_NAMES[one.after]),
        )
        for title, one in found.turns
    ]
    blocked = [t("Blocked: {what}", what=short(found.blocking))] if found.blocking else []
    return [*turns, *blocked]


def _said(t: Words, facts: Talk, one: Evidence) -> Text:
    author = facts.named.get(one.author_id)
    return clip(t.say(line(one, author.name if author else "–")), A_LINE)


def item(t: Words, facts: Talk, one: Entry) -> Text:
    """An action item with who does it, and how it stands."""
    owner = facts.named.get(one.owner_id)
    stands = t("by {day}", day=t.weekday(one.due)) if one.due else None
    if one.done_at:
        stands = t("✓ done")
    elif one.is_late(facts.today) and one.due:
        stands = t("late since {day}", day=t.weekday(one.due))
    return row(t("{name}: {what}", name=owner or "–", what=short(one.text)), stands)


# The window -------------------------------------------------------------------------------


def window(t: Words, facts: Talk) -> View:
    """The whole window."""
    other = facts.other.id
    presses = buttons(
        button(t("Add a point"), does=steps.add_point, carry=other),
        button(t("Write a note"), does=steps.add_note, carry=other),
        button(t("Add an action"), does=steps.add_item, carry=other),
        button(t("We talked"), does=steps.talked, carry=other, style="primary"),
        button(t("How often"), does=rhythm.choose, carry=other),
    )
    readers = t(
        "Points, actions and shared notes are for the two of you, private notes for you alone. A next manager finds "
        "here only what the employee has still to do, and help that is still open."
    )
    return page(
        t("One-on-one"),
        [
            section(lines(bold(escape(facts.other.name)), _when(t, facts))),
            *agenda(t, facts),
            *_items(t, facts),
            presses,
            divider(),
            *_notes(t, facts, Kind.SHARED),
            *_notes(t, facts, Kind.PRIVATE),
            *_further(t, facts, 0, more=any(len(facts.notes(kind)) > MOST_NOTES for kind in NOTES)),
            context(readers),
        ],
        close=t("Close"),
    )


def _when(t: Words, facts: Talk) -> Text:
    last, following = facts.terms.last_on, facts.next_on
    return row(
        t("Last talk: {day}", day=t.weekday(last)) if last else t("No talk is noted yet."),
        t("Next: {day}", day=t.weekday(following)) if following else None,
    )


def _items(t: Words, facts: Talk) -> list[Block]:
    shown = [
        section(
            item(t, facts, one),
            None if one.done_at else button(t("It is done"), does=steps.done, carry=f"{facts.other.id}/{one.id}"),
        )
        for one in facts.items[: 2 * MOST]
    ]
    return [section(bold(t("Action items"))), *shown] if shown else []


def _notes(t: Words, facts: Talk, kind: Kind) -> list[Block]:
    found = [_note(t, facts, one) for one in facts.notes(kind)[:MOST_NOTES]]
    return [section(bold(t(NOTES[kind]))), *found] if found else []


def _note(t: Words, facts: Talk, one: Entry, *, kind: Text | None = None) -> Block:
    day = t.weekday(one.at.astimezone(t.tz).date())
    author = escape(facts.named[one.author_id].name) if one.kind is Kind.SHARED else None
    return section(lines(bold(row(day, author, kind)), escape(one.text)))


def _further(t: Words, facts: Talk, first: int, *, more: bool) -> list[Block]:
    name = t("Further") if first else t("All notes")
    return [buttons(button(name, does=steps.older, carry=f"{facts.other.id}/{first}"))] if more else []


def older(t: Words, facts: Talk, first: int) -> View:
    """All notes that the reader may read, of both kinds, a page at a time."""
    found = facts.notes(*NOTES)
    shown = [_note(t, facts, one, kind=t(NOTES[one.kind])) for one in found[first : first + A_PAGE]]
    back = buttons(button(t("Back"), does=steps.back, carry=facts.other.id))
    further = _further(t, facts, first + A_PAGE, more=len(found) > first + A_PAGE)
    return page(t("Notes"), [*shown, *further, back], close=t("Close"))


def partners(t: Words, found: Sequence[Person]) -> View:
    """With whom."""
    shown = [section(escape(one.name), button(t("Open"), does=steps.open_talk, carry=one.id)) for one in found[:90]]
    return page(t("One-on-one"), shown, close=t("Close"))


# Its forms --------------------------------------------------------------------------------


def point_form(t: Words, facts: Talk) -> View:
    """A point that both see."""
    words = text_input("point", t("What would you like to talk about?"), lines=True, longest=LONGEST)
    return _form(t, facts, t("A point"), [words, context(t("{name} sees it too.", name=facts.other))], steps.keep_point)


def note_form(t: Words, facts: Talk) -> View:
    """A note, for both or for oneself."""
    readers = [(BOTH, t("The two of us")), (ALONE, t("Only me"))]
    return _form(
        t,
        facts,
        t("A note"),
        [
            text_input("note", t("What do you want to keep?"), lines=True, longest=LONGEST_NOTE),
            choice("readers", t("Who reads it?"), readers, chosen=BOTH),
        ],
        steps.keep_note,
    )


def item_form(t: Words, facts: Talk, due: date) -> View:
    """What one of the two does, and by when."""
    both = [(one.id, escape(one.name)) for one in (facts.reader, facts.other)]
    return _form(
        t,
        facts,
        t("Add an action"),
        [
            text_input("item", t("What will be done?"), longest=LONGEST),
            choice("owner", t("Who does it?"), both, chosen=facts.reader.id),
            day_input("due", t("By when?"), initial=due),
        ],
        steps.keep_item,
    )


def talked_form(t: Words, facts: Talk) -> View:
    """The talk took place: what it was about, and what to keep of it."""
    points = [(one.id, _by(t, facts, one)) for one in facts.points]
    points += [(one.id, point(t, one)) for one in facts.own]
    ticked = [choices("points", t("What did you talk about?"), points, chosen=[n for n, _ in points], optional=True)]
    note = text_input("note", t("A note for both of you"), lines=True, optional=True, longest=LONGEST_NOTE)
    open_stay = t("What is not ticked stays on the list for the next talk.")
    day = day_input("day", t("When was it?"), initial=facts.today)
    asked = [day, *(ticked if points else []), note, *([context(open_stay)] if points else [])]
    return _form(t, facts, t("We talked"), asked, steps.keep_talked)


def rhythm_form(t: Words, facts: Talk, first_on: date) -> View:
    """How often, and from when on."""
    options = [(str(weeks), t(name)) for weeks, name in RHYTHMS.items()]
    told = t("On the morning of the day both of you get the agenda, in your own working hours.")
    weeks = choice("weeks", t("How often do you talk?"), options, chosen=str(facts.terms.weeks))
    asked = [weeks, day_input("first", t("The next talk"), initial=facts.next_on or first_on), context(told)]
    return _form(t, facts, t("How often"), asked, rhythm.keep)


def _form(t: Words, facts: Talk, title: Text, asked: Sequence[Block], does: Does) -> View:
    blocks = [section(bold(escape(facts.other.name))), *asked]
    return form(title, blocks, does=does, submit=t("Save"), close=t("Not now"), carry=facts.other.id)


# The card on the morning of a talk --------------------------------------------------------


def card(t: Words, facts: Talk, day: date) -> Message:
    """The agenda as it is; once they talked, or left it out, that."""
    name, opens = facts.other, button(t("Open"), does=steps.open_talk, carry=facts.other.id, style="primary")
    following = t("Next: {day}", day=t.weekday(facts.next_on)) if facts.next_on else None
    if facts.terms.is_settled(day):
        left_out = t("This time there is no one-on-one with {name}.", name=name)
        text = t("You talked with {name}.", name=name) if facts.terms.met_on(day) else left_out
        return Message(text, [section(row(text, following)), buttons(opens)], over=True)
    text = t("Your one-on-one with {name}: {day}", name=name, day=t.weekday(day))
    items = [item(t, facts, one) for one in facts.items]
    skip = button(t("Not this time"), does=rhythm.leave_out, carry=f"{facts.other.id}/{day}")
    actions = [_part(t, t("Action items"), items)] if items else []
    hint = context(t("Reply in this message's thread, and that becomes a point for both of you."))
    return Message(text, [section(bold(text)), *agenda(t, facts), *actions, buttons(opens, skip), hint])


# A new manager ----------------------------------------------------------------------------


def passed_on(t: Words, before: Person, now: Person) -> Message:
    """For the person: the old rhythm is over, and how a new one begins."""
    text = t("Your one-on-ones with {before} are over: you report to {now} now.", before=before, now=now)
    how = t("I ask {name} how often the two of you want to talk. You may choose it yourself, too.", name=now)
    press = button(t("Open"), does=steps.open_talk, carry=now.id, style="primary")
    return Message(text, [section(lines(bold(text), how)), buttons(press)])


def offered(t: Words, person: Person, weeks: int) -> Message:
    """For the new manager: what somebody was used to, and where a rhythm is chosen."""
    text = t("{name} reports to you now. How often will the two of you talk?", name=person)
    before = t("Until now they had one-on-ones: {rhythm}.", rhythm=t(RHYTHMS[weeks])) if weeks in RHYTHMS else None
    how = t("Open the window and choose “How often”. What was written before stays with those who wrote it.")
    press = button(t("Open"), does=steps.open_talk, carry=person.id, style="primary")
    return Message(text, [section(lines(bold(text), before, how)), buttons(press)])
