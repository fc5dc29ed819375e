"""Evidence by month: thanks, feedback, messages worth keeping and what turned, so that a review is not three weeks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from bot.domain.access import Act
from bot.domain.checkin import CONFIDENCE_NAMES, Confidence, turned
from bot.domain.evidence import Evidence, Kind, by_month
from bot.domain.feedback import Question
from bot.domain.refusal import N_, Refused
from bot.slack.blocks import (
    Block,
    Does,
    Message,
    View,
    button,
    buttons,
    context,
    divider,
    form,
    header,
    menu,
    page,
    person_input,
    section,
    text_input,
)
from bot.slack.flow import OUTDATED, Answer, Flow, Open, Quoted, Replace, Turn
from bot.slack.text import Text, bold, escape, lines, quote, row
from bot.slack.words import Words
from bot.store import checkins, cycles, evidence, goals, people

flow = Flow("evidence")

MOST_MONTHS, MOST_SHOWN = 24, 25
LONGEST_QUOTE, LONGEST_WHY = 1200, 500
MOST_DIGITS = 11
"""Of a moment in seconds."""

# What people see --------------------------------------------------------------------------


@dataclass(frozen=True)
class Turned:
    """A goal whose confidence turned on a day."""

    day: date
    goal: str
    before: Confidence
    after: Confidence


@dataclass(frozen=True)
class Month:
    """A month of somebody's evidence, and the months that there are; `newer` of it stand on pages before this one."""

    reader_id: str
    tz: str
    first: date
    months: Sequence[date]
    found: Sequence[Evidence]
    turns: Sequence[Turned]
    names: Mapping[str, str]
    newer: int = 0

    def carry(self, newer: int) -> str:
        """What leads to a page of this month."""
        return f"{self.first}+{newer}"


def timeline(t: Words, seen: Month) -> View:
    """One month, with the way to the others."""
    months = [(str(one), month_of(t, one)) for one in seen.months[:MOST_MONTHS]]
    end = len(seen.found) - seen.newer
    shown = seen.found[max(0, end - MOST_SHOWN) : end]
    chooser = menu(t("Another month"), months, does=turn_to, chosen=str(seen.first))
    turns = [divider(), section(lines(bold(t("What turned in check-ins")), *(_turn(t, one) for one in seen.turns)))]
    return page(
        t("My evidence"),
        [
            header(month_of(t, seen.first)),
            buttons(chooser),
            *(block for one in shown for block in _entry(t, seen, one)),
            *_pages(t, seen, older=end - len(shown)),
            *(turns if seen.turns else []),
            context(t("The author and you read this. Your manager does only where you share it.")),
        ],
        close=t("Close"),
    )


def _pages(t: Words, seen: Month, older: int) -> list[Block]:
    """The way to the rest of a full month: what came earlier in it, and what came later."""
    back = button(t("Earlier"), does=turn_to, carry=seen.carry(seen.newer + MOST_SHOWN)) if older else None
    later = max(0, seen.newer - MOST_SHOWN)
    further = button(t("Further"), does=turn_to, carry=seen.carry(later)) if seen.newer else None
    rest = [context(t.plural("and one more", "and {n} more", older))] if older else []
    return [*rest, buttons(back, further)] if back or further else []


def month_of(t: Words, day: date) -> Text:
    """A month with its year: January 2027, 2027年1月."""
    return t.day(day, "y年M月" if t.language == "zh" else "LLLL y")


def nothing_yet(t: Words) -> Message:
    """There is no evidence yet, and how it comes to be."""
    ways = t(
        "Thanks, feedback and messages you save are kept here by month. To save one: its menu, *Save as evidence*."
    )
    return Message(t("Nothing is kept here yet."), [section(lines(t("Nothing is kept here yet."), ways))])


def _entry(t: Words, seen: Month, one: Evidence) -> list[Block]:
    mine, carry = one.about_id == seen.reader_id, f"{one.id}/{seen.carry(seen.newer)}"
    label = t("Share no more") if one.shared else t("Share with manager")
    press = button(label, does=share, carry=f"{carry}/{'no' if one.shared else 'yes'}") if mine else None
    saved = one.kind is Kind.SAVED and one.author_id == seen.reader_id
    away = button(t("Remove"), does=remove, carry=carry) if saved else None
    state = context(t("Your manager may read it.")) if mine and one.shared else None
    head = bold(row(t.day(one.day(seen.tz)), _head(t, seen, one)))
    told = section(lines(head, *_words(t, one)), press)
    return [told, *([state] if state else []), *([buttons(away)] if away else [])]


def _head(t: Words, seen: Month, one: Evidence) -> Text:
    author, about = seen.names.get(one.author_id, "–"), seen.names.get(one.about_id, "–")
    by_me, about_me = one.author_id == seen.reader_id, one.about_id == seen.reader_id
    match one.kind:
        case Kind.KUDOS:
            return t("You thanked {name}", name=about) if by_me else t("Thanks from {name}", name=author)
        case Kind.FEEDBACK:
            return t("Your feedback for {name}", name=about) if by_me else t("Feedback from {name}", name=author)
        case Kind.SAVED if by_me and not about_me:
            return t("You kept this about {name}", name=about)
        case Kind.SAVED if by_me:
            return t("You kept this")
        case Kind.SAVED:
            return t("{name} kept this about you", name=author)


def _words(t: Words, one: Evidence) -> list[Text]:
    value = [escape(one.value.read(t.language))] if one.value else []
    place = t("Where it was said")
    link = [Text(f"<{escape(one.word('link'))}|{place}>")] if one.word("link") else []
    why = [escape(one.word("why"))] if one.word("why") else []
    said = [quote(one.word(name)) for name in ("words", "quoted", *Question) if one.word(name)]
    return [*value, *why, *said, *link]


def _turn(t: Words, one: Turned) -> Text:
    ways = {"before": t(CONFIDENCE_NAMES[one.before]), "after": t(CONFIDENCE_NAMES[one.after])}
    return t("{day}: {goal}, from “{before}” to “{after}”", day=one.day, goal=one.goal, **ways)


def saving(t: Words, quoted: Quoted, author: str, whom: str) -> View:
    """The form in which a message is kept, and whose work it shows."""
    kept = {"quoted": quoted.text[:LONGEST_QUOTE], "by": author, "link": quoted.link, "at": _stamp(quoted.at)}
    return form(
        t("Save as evidence"),
        [
            section(lines(bold(escape(author or "–")), quote(kept["quoted"]))),
            person_input("whom", t("Whose work does it show?"), initial=whom),
            text_input("why", t("What does it show? One line"), longest=LONGEST_WHY),
            context(
                t("You may save it about yourself, or about somebody you review: they see it in their evidence too.")
            ),
        ],
        does=save,
        submit=t("Save"),
        close=t("Not now"),
        carry=json.dumps(kept, ensure_ascii=False),
    )


def _stamp(at: datetime | None) -> str:
    return f"{at.timestamp():.0f}" if at else ""


def _moment(stamp: str) -> datetime | None:
    return datetime.fromtimestamp(int(stamp), UTC) if stamp.isdecimal() and len(stamp) <= MOST_DIGITS else None


# What happens -----------------------------------------------------------------------------


@flow.command("evidence", N_("Your thanks, feedback and evidence, by month"))
@flow.action
def show(turn: Turn) -> Open | Answer:
    """The newest month in which there is something."""
    found = _month(turn, None)
    return Open(timeline(turn.t, found)) if found else Answer(nothing_yet(turn.t))


@flow.action
def turn_to(turn: Turn) -> Replace:
    """Another month, or another page of this one."""
    return Replace(_again(turn, turn.carry))


@flow.action
def share(turn: Turn) -> Replace:
    """Let one's manager read it, or no more."""
    evidence_id, month, wanted = turn.carried(3)
    one = evidence.get(turn.session, evidence_id)
    turn.must(Act.SHARE_EVIDENCE, one.about_id)
    evidence.share(turn.session, one.id, shared=wanted == "yes")
    turn.note(Act.SHARE_EVIDENCE, one.about_id, f"evidence/{one.id}/{wanted}")
    return Replace(_again(turn, month))


@flow.action
def remove(turn: Turn) -> Replace:
    """Forget a message that oneself saved."""
    evidence_id, month = turn.carried(2)
    one = evidence.get(turn.session, evidence_id)
    if one.kind is not Kind.SAVED or one.author_id != turn.person.id:
        raise Refused(OUTDATED)
    evidence.remove(turn.session, one.id)
    turn.note("remove_evidence", one.about_id, f"evidence/{one.id}")
    return Replace(_again(turn, month))


@flow.shortcut("save_evidence")
@flow.action
def begin_saving(turn: Turn) -> Open:
    """Open the form from a message; it is about its author where that person is mine to review, else about me."""
    if turn.quoted is None or not turn.quoted.text:
        raise Refused("There are no words in this message that could be kept.")
    author = people.get(turn.session, turn.quoted.author_id)
    theirs = author is not None and turn.may(Act.SAVE_EVIDENCE, author.id)
    whom = author.id if author and theirs else turn.person.id
    return Open(saving(turn.t, turn.quoted, author.name if author else "", whom))


@flow.view
def save(turn: Turn) -> None:
    """Keep the message; it counts in the month in which it was written."""
    kept = _carried(turn)
    whom, why = turn.inputs.text("whom"), turn.inputs.text("why")[:LONGEST_WHY]
    if not why:
        raise Refused("Please say in a line what it shows.", field="why")
    if not turn.may(Act.SAVE_EVIDENCE, whom):
        raise Refused("You can save this about yourself, or about somebody whom you review.", field="whom")
    at = min(_moment(kept.pop("at")) or turn.now, turn.now)
    one = evidence.keep(turn.session, Kind.SAVED, turn.person.id, whom, {**kept, "why": why}, at)
    turn.note(Act.SAVE_EVIDENCE, whom, f"evidence/{one.id}")
    turn.say(turn.person, f"evidence/{one.id}/{turn.person.id}", saved, show)


def _carried(turn: Turn) -> dict[str, str]:
    """The message that the form was opened on; what was never made here is refused."""
    try:
        kept = json.loads(turn.carry)
        return {name: str(kept[name]) for name in ("quoted", "by", "link", "at")}
    except (ValueError, KeyError, TypeError):
        raise Refused(OUTDATED) from None


def saved(t: Words, look: Does) -> Message:
    """It is kept."""
    text = t("Saved as evidence.")
    return Message(text, [section(text), buttons(button(t("My evidence"), does=look))])


# Inside -----------------------------------------------------------------------------------


def _again(turn: Turn, month: str) -> View:
    said, _, newer = month.partition("+")
    try:
        first = date.fromisoformat(said)
    except ValueError:
        raise Refused(OUTDATED) from None
    found = _month(turn, first, int(newer) if newer.isdecimal() and len(newer) < MOST_DIGITS else 0)
    if found is None:
        return page(turn.t("My evidence"), nothing_yet(turn.t).body()["blocks"], close=turn.t("Close"))
    return timeline(turn.t, found)


def _month(turn: Turn, first: date | None, newer: int = 0) -> Month | None:
    """A month, or the newest one; None when nothing is kept at all. A page that is empty by now is the first one."""
    known = evidence.known_to(turn.session, turn.person.id)
    months, turns = dict(by_month(known, turn.person.tz)), _turns(turn)
    found = sorted({*months, *(one.day.replace(day=1) for one in turns)}, reverse=True)
    if not found:
        return None
    first = first if first in found else found[0]
    people_in = {one for each in months.get(first, []) for one in (each.author_id, each.about_id)}
    names = {one.id: one.name for one in people.named(turn.session, people_in).values()}
    of_month = [one for one in turns if one.day.replace(day=1) == first]
    of_page = newer if newer < len(months.get(first, [])) else 0
    return Month(turn.person.id, turn.person.tz, first, found, months.get(first, []), of_month, names, of_page)


def _turns(turn: Turn) -> list[Turned]:
    """What turned in one's check-ins, in the cycles that run."""
    found = []
    for cycle in cycles.running_for(turn.session, turn.person.id):
        titles = {one.id: one.title for one in goals.agreed_goals(turn.session, cycle.id, turn.person.id)}
        history = checkins.history(turn.session, cycle.id, turn.person.id)
        for before, after in pairwise(history):
            found += [
                Turned(after.day, titles[one.goal_id], one.before, one.after)
                for one in turned(after, before)
                if one.goal_id in titles
            ]
    return found
