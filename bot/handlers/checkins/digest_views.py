"""What a manager sees of a round: who answered, what turned, who is blocked, and what can be done about it at once."""

from collections.abc import Sequence
from datetime import date

from bot.domain.checkin import Confidence, Kind
from bot.domain.coaching import Answering
from bot.domain.goal import Goal
from bot.domain.org import Person
from bot.domain.support import LONGEST, State, Support
from bot.handlers.checkins import digests, team, views
from bot.handlers.checkins.conversation import Digest, Row, Told
from bot.slack.blocks import Block, Message, View, button, buttons, context, form, more, section, text_input
from bot.slack.text import Text, bold, bullets, escape, lines, quote, row
from bot.slack.words import Words

ROOM = 34
"""Blocks for people; with the lines around them a message stays within Slack's fifty."""
MOST_OPEN = 5

# The digest -------------------------------------------------------------------------------


def digest(t: Words, facts: Digest) -> Message:
    """One message for a round."""
    title = t("Check-ins of your team: {n} of {all} answered", n=len(facts.answered), all=len(facts.lines))
    loud = [line for line in facts.answered if not _quiet(line)]
    blocks = [
        section(bold(title)),
        *_people(t, facts, loud),
        *_others(t, facts, loud[ROOM:]),
        *_still_open(t, facts),
        *one_level_up(t, facts.answering),
        _end(t, facts, loud),
        context(t("What people wrote here is seen by them and their manager only.")),
    ]
    return Message(title, blocks)


def _people(t: Words, facts: Digest, loud: Sequence[Told]) -> list[Block]:
    """Who needs a look, each with what can be done; in a large team behind three dots."""
    if 2 * len(loud) <= ROOM:
        return [block for line in loud for block in (section(_line(t, facts, line)), _presses(t, facts, line))]
    return [section(_line(t, facts, line), more(_choices(t, line), does=digests.do_chosen)) for line in loud[:ROOM]]


def _presses(t: Words, facts: Digest, line: Told) -> Block:
    promised = line.request is not None and line.request.state is State.PROMISED
    offer = button(_offer(t, line), does=facts.steps["support.offer"], carry=line.offer)
    return buttons(
        None if line.checkin.read else button(t("Acknowledge"), does=digests.acknowledge, carry=_place(facts, line)),
        button(t("Comment"), does=digests.comment, carry=line.carry),
        button(t("Delivered"), does=facts.steps["support.deliver"], carry=line.request.id)
        if promised and line.request
        else None,
        offer,
        None if line.listed else button(t("Add to 1:1"), does=digests.add_to_talk, carry=line.carry),
    )


def _offer(t: Words, line: Told) -> Text:
    return t("Change promise") if line.request and line.request.state is State.PROMISED else t("Help")


def _choices(t: Words, line: Told) -> list[tuple[str, Text]]:
    return [
        (f"comment/{line.carry}", t("Comment")),
        (f"help/{line.offer}", _offer(t, line)),
        *([] if line.listed else [(f"talk/{line.carry}", t("Add to 1:1"))]),
    ]


def _place(facts: Digest, line: Told) -> str:
    return f"{facts.cycle_id}/{facts.day}/{line.person.id}"


def _others(t: Words, facts: Digest, beyond: Sequence[Told]) -> list[Block]:
    """Who is told in one line together."""
    quiet = [line for line in facts.answered if _quiet(line)]
    same = t.names([line.person.name for line in quiet if line.checkin.kind is Kind.SAME])
    well = t.names([line.person.name for line in quiet if line.checkin.kind is not Kind.SAME])
    silent = t.names([line.person.name for line in facts.silent])
    talk = t.names([line.person.name for line in facts.silent if line.talk])
    further = t.names([line.person.name for line in beyond])
    told = [
        t("*More on the team's page:* {names}", names=further) if further else None,
        t("*All on track:* {names}", names=well) if well else None,
        t("*Same as last time:* {names}", names=same) if same else None,
        t("*Not answered:* {names}", names=silent) if silent else None,
        _without_goals(t, facts.without_goals) if facts.without_goals else None,
        t("Several times without an answer: {names}. A talk in person helps more now.", names=talk) if talk else None,
    ]
    return [section(text) for text in told if text]


def _still_open(t: Words, facts: Digest) -> list[Block]:
    """What waits from before, each with its button."""
    shown = [_open(t, facts, one) for one in facts.still_open[:MOST_OPEN]]
    rest = len(facts.still_open) - len(shown)
    return [*shown, *([context(t.plural("and one more", "and {n} more", rest))] if rest else [])]


def _open(t: Words, facts: Digest, one: Support) -> Block:
    text = lines(bold(escape(facts.named[one.person_id].name)), views.request_of(t, one, facts.named))
    if one.state is State.PROMISED:
        return section(text, button(t("Delivered"), does=facts.steps["support.deliver"], carry=one.id))
    return section(text, button(t("Help"), does=facts.steps["support.offer"], carry=one.carry))


def _end(t: Words, facts: Digest, loud: Sequence[Told]) -> Block:
    """One press for everybody, unless the one who is left has a button of their own; and the way to the team."""
    unread = [line for line in facts.answered if not line.checkin.read]
    own_button = len(unread) == 1 and unread[0] in loud and 2 * len(loud) <= ROOM
    label = t("Acknowledge all") if len(facts.answered) > 1 else t("Acknowledge")
    place = f"{facts.cycle_id}/{facts.day}"
    read = button(label, does=digests.acknowledge, carry=place, style="primary")
    return buttons(read if unread and not own_button else None, button(t("Open my team"), does=team.open_team))


def _without_goals(t: Words, n: int) -> Text:
    return t.plural(
        "One person of your team has no agreed goals yet.", "{n} people of your team have no agreed goals yet.", n
    )


def _quiet(line: Told) -> bool:
    """Nothing turned, nothing is in doubt, nothing was written or asked for: the name says enough."""
    one = line.checkin
    return not (line.changes or one.note or one.blocking or one.help_wanted or one.comment or _doubtful(line))


def _doubtful(line: Told) -> list[Row]:
    """The goals that are not on track; those that have just turned are told with what they were."""
    told = {goal.id for goal, _, _ in line.changes}
    unsure = [one for one in line.rows if one.confidence and one.confidence is not Confidence.ON_TRACK]
    return [one for one in unsure if one.goal.id not in told]


def _line(t: Words, facts: Digest, line: Told) -> Text:
    one = line.checkin
    wanted, name, counts = t.names([kind.read(t.language) for kind in line.help_wanted]), line.person.name, line.rows
    return lines(
        bold(escape(name)) if one.blocking else row(bold(escape(name)), _counts(t, counts)),
        t("*Blocked:*") if one.blocking else None,
        quote(one.blocking) if one.blocking else None,
        t("*Help wanted:* {kinds}", kinds=wanted) if wanted else None,
        t("The goals: {counts}", counts=_counts(t, counts)) if one.blocking and _counts(t, counts) else None,
        *(row(turn_of(t, *change), _value_in(t, line, change[0])) for change in line.changes),
        *(_unsure(t, each) for each in _doubtful(line)),
        quote(one.note) if one.note else None,
        lines(t("*You wrote:*"), quote(one.comment)) if one.comment else None,
        views.standing_of(t, line.request, facts.named) if line.request else None,
        t("It is on the list for your next talk.") if line.listed else None,
    )


def turn_of(t: Words, goal: Goal, before: Confidence, after: Confidence) -> Text:
    """How the confidence in a goal turned."""
    return t(
        "{goal}: {before} → {after}",
        goal=goal.title,
        before=views.confidence(t, before),
        after=views.confidence(t, after),
    )


def _counts(t: Words, rows: tuple[Row, ...]) -> Text:
    found = {each: sum(one.confidence is each for one in rows) for each in Confidence}
    return t.names(
        [t("{confidence} ({n})", confidence=views.confidence(t, each), n=n) for each, n in found.items() if n]
    )


def _unsure(t: Words, one: Row) -> Text:
    """A goal in doubt with its last value: △ At risk: Revenue growth (5 of 20 %)."""
    value = views.value_of(t, one)
    named = t("{goal} ({value})", goal=one.goal.title, value=value) if value else escape(one.goal.title)
    return t("{confidence}: {goal}", confidence=views.confidence(t, one.confidence), goal=named)


def _value_in(t: Words, line: Told, goal: Goal) -> Text | None:
    return next((views.value_of(t, each) for each in line.rows if each.goal.id == goal.id), None)


# One level up -----------------------------------------------------------------------------


def one_level_up(t: Words, found: Sequence[tuple[Person, Answering]]) -> list[Block]:
    """How managers answer their teams: numbers, no content, no names of their reports."""
    if not found:
        return []
    numbers = bullets(_answering(t, person, each) for person, each in found)
    return [section(lines(bold(t("How your managers answer")), numbers))]


def _answering(t: Words, person: Person, one: Answering) -> Text:
    digests_told = (
        t("{name}: {n} of {all} digests answered", name=person, n=one.answered, all=one.digests)
        if one.digests
        else t("{name}: no digest yet that could have been answered", name=person)
    )
    return row(digests_told, _how_quickly(t, one.days), *_helping(t, one), between="；" if t.language == "zh" else "; ")


def _how_quickly(t: Words, days: int | None) -> Text | None:
    if days is None:
        return None
    return (
        t.plural("usually after one working day", "usually after {n} working days", days)
        if days
        else t("usually on the same day")
    )


def _helping(t: Words, one: Answering) -> list[Text | None]:
    if not one.tells_support:
        return []
    return [
        t.plural(
            "one request for help waits longer than two working days",
            "{n} requests for help wait longer than two working days",
            one.waiting,
        )
        if one.waiting
        else None,
        t("{kept} of {all} promises kept", kept=one.kept, all=one.promises) if one.promises else None,
    ]


# A comment, and the nudge -----------------------------------------------------------------


def comment_form(t: Words, person: Person, said: str, words: str, carry: str) -> View:
    """A few words to somebody's check-in."""
    return form(
        t("A comment"),
        [
            section(lines(bold(escape(person.name)), quote(said) if said else None)),
            text_input("comment", t("What would you like to say?"), initial=words, lines=True, longest=LONGEST),
            context(t("{name} finds it on the check-in card, and gets one message.", name=person)),
        ],
        does=digests.send_comment,
        submit=t("Send"),
        close=t("Not now"),
        carry=carry,
    )


def nudge(t: Words, facts: Digest, day: date) -> Message:
    """One reminder to the manager, or what it turns into once all is read."""
    if not facts.unread:
        done = t("The check-ins of your team of {day} are answered. Thank you.", day=t.weekday(day))
        return Message(done, over=True)
    text = t("Your team's check-ins of {day} wait for a sign from you.", day=t.weekday(day))
    why = t("One press tells people that you have read them. I remind you only this once.")
    place = f"{facts.cycle_id}/{facts.day}"
    read = button(t("Acknowledge all"), does=digests.catch_up, carry=place, style="primary")
    return Message(
        text, [section(t.sentences(text, why)), buttons(read, button(t("Open my team"), does=team.open_team))]
    )


# What the employee hears ------------------------------------------------------------------


def word(t: Words, manager: Text, day: date, comment: str, help_so_far: Text | None) -> Message:
    """Once, bundled: what the manager wrote and promised."""
    push = t("{manager} answered your check-in of {day}.", manager=manager, day=t.weekday(day))
    return Message(push, [section(lines(push, quote(comment) if comment else None, help_so_far))])
