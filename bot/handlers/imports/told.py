"""What a file would change, told in words: the same in Slack and on the command line."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.actuals import ActualValue, missing_values, values_below_zero
from bot.domain.cycle import Cycle
from bot.domain.directory import DirectoryEntry
from bot.domain.directory_reading import Handling, Leaving, handling
from bot.domain.placing import Heads
from bot.domain.preview import Change, Mistake, Preview, RefusedLine, mistakes, runs
from bot.slack.text import Text, escape
from bot.slack.words import Words
from bot.store.uploads import UploadKind

MOST_CHANGED = 10
MOST_REFUSED = 40
MOST_REFUSED_LETTERS = 7_000
"""Slack refuses messages of about 12,000 letters; the rest is on pages."""
MOST_RUNS = 50
"""Numbers of lines told with one mistake; who looks for what it quotes finds the rest."""
MOST_NAMED = 10


@dataclass(frozen=True)
class PeopleFile:
    """What a file of people would change: whom, who heads departments then, and how many it does not name.

    An address that has a name can have people leave; `missing` are not named by it for the first time, `known` is how
    many stand somewhere.
    """

    preview: Preview[DirectoryEntry]
    heads: Heads
    absent: int
    source: str = ""
    leaving: tuple[Leaving, ...] = ()
    missing: tuple[str, ...] = ()
    known: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    """How to name those whom Cairn knows, by address: `directory.told_apart`."""

    @property
    def handling(self) -> Handling:
        """What becomes of it if it is read by itself."""
        return handling(len(self.preview.to_apply), len(self.leaving), len(self.missing), self.known)


@dataclass(frozen=True)
class ValuesFile:
    """What a file of actual values would change in a cycle; `others` are the cycles it could be for instead."""

    preview: Preview[ActualValue]
    cycle: Cycle
    others: tuple[Cycle, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


Looked = PeopleFile | ValuesFile


def digest_of(looked: Looked) -> str:
    """What is another when any fact behind the preview is."""
    match looked:
        case PeopleFile():
            facts: tuple[object, ...] = (looked.preview, looked.heads, looked.leaving, looked.missing)
        case ValuesFile():
            facts = (looked.preview, looked.cycle.id)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def settled(looked: Looked) -> bool:
    """Whether there is nothing to decide: no line is new, changed or refused, and no other cycle could be meant."""
    others = looked.others if isinstance(looked, ValuesFile) else ()
    return nothing_new(looked) and not others


def nothing_new(looked: Looked) -> bool:
    """Whether all of it is known already."""
    return not (looked.preview.refused or changes_something(looked) or is_broken(looked))


def changes_something(looked: Looked) -> bool:
    """Whether there is anything to apply."""
    return bool(looked.preview.to_apply or leaving(looked))


def leaving(looked: Looked) -> tuple[Leaving, ...]:
    """Who would leave."""
    return looked.leaving if isinstance(looked, PeopleFile) else ()


def is_broken(looked: Looked) -> bool:
    """Whether more people would leave than can be true."""
    return isinstance(looked, PeopleFile) and looked.source != "" and looked.handling is Handling.BROKEN


def read(t: Words, looked: Looked) -> Text:
    """What kind of file it is."""
    if isinstance(looked, PeopleFile) and is_broken(looked):
        return t(
            "By “{name}”, more than a fifth of the company would leave. The source is probably broken; nothing is "
            "changed yet.",
            name=looked.source,
        )
    if isinstance(looked, PeopleFile) and looked.source:
        return t("I have read people from “{name}”. Nothing is changed yet.", name=looked.source)
    if isinstance(looked, PeopleFile):
        return t("I have read your file of people. Nothing is changed yet.")
    return t("I have read your file of actual values. Nothing is changed yet.")


def waits(t: Words, kind: UploadKind, until: datetime) -> Text:
    """That a file waits for its decision."""
    if kind is UploadKind.ACTUALS:
        return t(
            "Your file of actual values waits for your decision, until {moment}. Nothing is changed yet.", moment=until
        )
    return t("Your file of people waits for your decision, until {moment}. Nothing is changed yet.", moment=until)


def counts(t: Words, looked: Looked) -> list[tuple[Text, Text]]:
    """How many lines there are of each kind."""
    preview = looked.preview
    return [
        (t("New"), t.number(len(preview.added))),
        (t("Changed"), t.number(len(preview.changed))),
        (t("Unchanged"), t.number(len(preview.unchanged))),
        (t("Refused"), t.number(len(preview.refused))),
        *([(t("Leaving"), t.number(len(gone)))] if (gone := leaving(looked)) else []),
        *([(t("Left aside"), t.number(len(aside)))] if (aside := (*preview.aside, *preview.late)) else []),
    ]


def nothing_to_apply(t: Words, looked: Looked) -> Text:
    """Why a file without a mistake changes nothing."""
    if looked.preview.late and not looked.preview.unchanged:
        return t("The results of the people in it are out, and no value changes them; there is nothing to apply.")
    if is_broken(looked):
        return t("Nobody leaves before the next reading; there is nothing to apply.")
    if isinstance(looked, ValuesFile) and looked.preview.aside and not looked.preview.unchanged:
        return t("No line of it is about somebody with goals in this cycle; there is nothing to apply.")
    return t("All of it is known already; there is nothing to apply.")


def changes(t: Words, looked: Looked) -> list[Text]:
    """The first changes, and how many more there are."""
    match looked:
        case PeopleFile(preview):
            told = [_moved(t, each, looked.names) for each in preview.changed[:MOST_CHANGED]]
        case ValuesFile(preview):
            told = [_corrected(t, each, looked.names) for each in preview.changed[:MOST_CHANGED]]
    return _with_rest(t, told, len(looked.preview.changed))


def leavers(t: Words, looked: Looked) -> list[Text]:
    """The first of who leaves, and how many more there are."""
    gone = leaving(looked)
    told = [t("{name}: last day {day}", name=one.name, day=one.last_day) for one in gone[:MOST_CHANGED]]
    return _with_rest(t, told, len(gone))


def _moved(t: Words, change: Change[DirectoryEntry], names: Mapping[str, str]) -> Text:
    was, is_now = change.before, change.after
    told = [
        (t("department"), was.department, is_now.department),
        (t("position"), was.position, is_now.position),
        (t("manager"), called(names, was.manager_email), called(names, is_now.manager_email)),
        (t("start"), _day(was.start_date), _day(is_now.start_date)),
    ]
    parts = [
        t("{what} {before} → {after}", what=what, before=before or "–", after=after or "–")
        for what, before, after in told
        if before != after
    ]
    return t("{name}: {changes}", name=is_now.name, changes=Text("; ".join(parts)))


def called(names: Mapping[str, str], email: str) -> str:
    """Somebody by name; by address where Cairn knows none."""
    return names.get(email.casefold(), email)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _corrected(t: Words, change: Change[ActualValue], names: Mapping[str, str]) -> Text:
    before, after = _value(t, change.before), _value(t, change.after)
    if change.before.value == change.after.value:
        before, after = (escape(one.source or "–") for one in (change.before, change.after))
    return t(
        "{name}, {measure}, {period}: {before} → {after}",
        name=called(names, change.after.email),
        measure=change.after.measure,
        period=change.after.period,
        before=before,
        after=after,
    )


def _value(t: Words, value: ActualValue) -> Text:
    return t("no value") if value.value is None else t.number(value.value)


def refusals(t: Words, refused: Sequence[RefusedLine]) -> list[Text]:
    """The first mistakes with the lines they are on, as many as a message holds, and how many more there are."""
    found = mistakes(refused)
    told, room = [], MOST_REFUSED_LETTERS
    for each in found[:MOST_REFUSED]:
        said = mistake(t, each)
        room -= len(said)
        if room < 0:
            break
        told.append(said)
    return _with_rest(t, told, len(found))


def mistake(t: Words, one: Mistake) -> Text:
    """What is wrong, after the numbers of the lines: written as a spreadsheet writes them."""
    found = runs(one.lines)
    shown = t.names([f"{first}–{last}" if last > first else f"{first}" for first, last in found[:MOST_RUNS]])
    if rest := sum(last - first + 1 for first, last in found[MOST_RUNS:]):
        shown = t.plural("{lines} and one more", "{lines} and {n} more", rest, lines=shown)
    return t.plural("Line {lines}: {why}", "Lines {lines}: {why}", len(one.lines), lines=shown, why=one.sentence)


def way_out(t: Words, looked: Looked) -> Text:
    """What to do about refused lines."""
    if isinstance(looked, PeopleFile) and looked.source:
        return t(
            "An answer is applied whole or not at all. Please put these lines right where they are kept; I read it "
            "again tonight."
        )
    return t(
        "A file is applied whole or not at all, so that nothing is half done. "
        "Please correct these lines and send the file again."
    )


def notes(t: Words, looked: Looked) -> list[Text]:
    """What else there is to know before applying."""
    match looked:
        case PeopleFile(source=source) if source:
            return _about_reading(t, looked)
        case PeopleFile(_, heads, absent, names=names):
            stay = t.plural(
                "One person in Slack is not in the file and stays as they are.",
                "{n} people in Slack are not in the file and stay as they are.",
                absent,
            )
            return [*_about_heads(t, heads, names), *([stay] if absent else [])]
        case ValuesFile(preview, cycle, names=names):
            into = t("The values are for the cycle “{name}”.", name=cycle.name)
            told = (part(t, preview, names) for part in (_aside, _late, _below_zero, _missing))
            return [into, *(one for some in told for one in some)]


def _about_reading(t: Words, looked: PeopleFile) -> list[Text]:
    """What else there is to know of what an address answered."""
    aside, missing = looked.preview.aside, looked.missing
    outsiders, absent = _first_of(t, aside), _first_of(t, [called(looked.names, one) for one in missing])
    outside = t.plural(
        "One person of the answer is not in Slack and is left aside: {names}",
        "{n} people of the answer are not in Slack and are left aside: {names}",
        len(aside),
        names=outsiders,
    )
    gone = t.plural(
        "One person is missing for the first time, and leaves if they are missing on another day too: {names}",
        "{n} people are missing for the first time, and leave if they are missing on another day too: {names}",
        len(missing),
        names=absent,
    )
    return [
        *_about_heads(t, looked.heads, looked.names),
        *([gone] if missing else []),
        *([outside] if aside else []),
    ]


def _about_heads(t: Words, heads: Heads, names: Mapping[str, str]) -> list[Text]:
    named = [
        t("{name} will head {department}.", name=called(names, email), department=one) for one, email in heads.named
    ]
    released = [
        t("{name} will no longer head {department}.", name=called(names, email), department=one)
        for one, email in heads.released
    ]
    return [*named, *released]


def _late(t: Words, preview: Preview[ActualValue], known: Mapping[str, str]) -> list[Text]:
    if not preview.late:
        return []
    names = _first_of(t, [called(known, one) for one in preview.late])
    return [
        t.plural(
            "One line comes after the result of its person is out, and is left aside: {names}",
            "{n} lines come after the results of their people are out, and are left aside: {names}",
            len(preview.late),
            names=names,
        )
    ]


def _first_of(t: Words, emails: Sequence[str]) -> Text:
    named = list(dict.fromkeys(emails))
    return t.names([*named[:MOST_NAMED], *(["…"] if len(named) > MOST_NAMED else [])])


def _aside(t: Words, preview: Preview[ActualValue], known: Mapping[str, str]) -> list[Text]:
    if not preview.aside:
        return []
    names = _first_of(t, [called(known, one) for one in preview.aside])
    return [
        t.plural(
            "One line is about somebody outside this cycle, or without goals in it, and is left aside: {names}",
            "{n} lines are about people outside this cycle, or without goals in it, and are left aside: {names}",
            len(preview.aside),
            names=names,
        )
    ]


def _below_zero(t: Words, preview: Preview[ActualValue], known: Mapping[str, str]) -> list[Text]:
    found = values_below_zero(preview)
    if not found:
        return []
    named = [f"{called(known, one.email)} {one.measure} {one.period}" for one in found[:MOST_NAMED]]
    return [
        t.plural(
            "One value is below zero. Is it meant so? {names}",
            "{n} values are below zero. Are they meant so? {names}",
            len(found),
            names=t.names([*named, *(["…"] if len(found) > MOST_NAMED else [])]),
        )
    ]


def _missing(t: Words, preview: Preview[ActualValue], known: Mapping[str, str]) -> list[Text]:
    missing = [f"{called(known, each.email)} {each.measure}" for each in missing_values(preview)]
    if not missing:
        return []
    return [
        t.plural(
            "One line has no value and is kept as missing, never as zero: {names}",
            "{n} lines have no value and are kept as missing, never as zero: {names}",
            len(missing),
            names=t.names(missing[:MOST_NAMED]),
        )
    ]


def _with_rest(t: Words, told: list[Text], all_of_them: int) -> list[Text]:
    rest = all_of_them - len(told)
    return [*told, t.plural("and one more", "and {n} more", rest)] if rest else told
