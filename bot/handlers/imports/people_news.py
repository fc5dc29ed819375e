"""What an address of the company's people would change, and what it changed, told to HR in a line."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.domain.directory import DirectoryRow
from bot.domain.directory_reading import Leaving
from bot.handlers.imports.told import PeopleFile
from bot.slack.blocks import Message, context, section
from bot.slack.flow import Turn
from bot.slack.text import Text, bullets, escape, lines
from bot.slack.words import Words
from bot.store import directory, leavers, people, sources
from bot.store.uploads import Upload

MOST_NAMED = 10
MOST_TOLD = 30
NEWS = timedelta(days=14)
"""Who left longer ago than this is news to no manager."""
TELL_MANAGER = "leavers.tell_manager"
"""The step by which a manager hears that somebody left."""


def changed(t: Words, name: str, groups: Sequence[tuple[int, Sequence[Text]]]) -> Message:
    """What an address changed by itself: how many are new, changed and gone, and the first of them."""
    text = t("People changed, as “{name}” has them.", name=name)
    kinds = (
        t("New: {names}", names=_named(t, *groups[0])),
        t("Changed: {names}", names=_named(t, *groups[1])),
        t("Left: {names}", names=_named(t, *groups[2])),
    )
    said = [kind for kind, (count, _) in zip(kinds, groups, strict=True) if count]
    look = t("Look at everyone, or correct one, with `/cairn people`.")
    return Message(text, [section(lines(text, bullets(said))), context(look)])


def _named(t: Words, count: int, names: Sequence[Text]) -> Text:
    return t.names([*names, *(["…"] if count > len(names) else [])])


def look_at_people(turn: Turn, upload: Upload) -> PeopleFile:
    """What people would change as things stand now, from a file or from an address."""
    rows = [DirectoryRow(**row) for row in upload.rows]
    called = directory.told_apart(turn.session)
    if not upload.source_id:
        plan = directory.plan(turn.session, rows, turn.today)
        heads = directory.heads(turn.session, plan, turn.today)
        return PeopleFile(plan, heads, directory.absent(turn.session, rows), names=called)
    plan = directory.plan_reading(turn.session, rows, turn.today)
    leaving, missing = directory.who_leaves(turn.session, upload.source_id, rows)
    heads = directory.heads(turn.session, plan, turn.today, {one.email for one in leaving})
    known = len(directory.placed(turn.session))
    name = sources.get(turn.session, upload.source_id).plan.name
    return PeopleFile(plan, heads, 0, name, leaving, missing, known, called)


def write_people(turn: Turn, looked: PeopleFile) -> list[str]:
    """Have those leave who do, tell their managers, and place the others; gives the ids of whom it is about."""
    _have_managers_told(turn, [one for one in looked.leaving if turn.today - one.last_day < NEWS])
    leavers.leave(turn.session, {one.person_id: one.last_day for one in looked.leaving})
    placed = directory.apply(turn.session, looked.preview, turn.today)
    return [*placed, *(one.person_id for one in looked.leaving)]


def _have_managers_told(turn: Turn, leaving: Sequence[Leaving]) -> None:
    """Each manager hears once of all of theirs who leave."""
    left: dict[str, list[str]] = {}
    for one in leaving:
        if manager := people.manager_of(turn.session, one.person_id, turn.today):
            left.setdefault(manager.id, []).append(one.person_id)
    for manager_id, ids in left.items():
        for at in range(0, len(ids), MOST_TOLD):
            turn.remind(TELL_MANAGER, manager_id, turn.now, ",".join(ids[at : at + MOST_TOLD]))


def carried(turn: Turn, source_id: str, looked: PeopleFile) -> str:
    """What changed, for a later step: how many of each kind, and the ids of the first."""
    known = directory.in_slack(turn.session)
    kinds: tuple[list[str], ...] = (
        [known[one.email].id for one in looked.preview.added],
        [known[one.after.email].id for one in looked.preview.changed],
        [one.person_id for one in looked.leaving],
    )
    return "/".join([source_id, str(turn.today), *(f"{len(ids)}:{','.join(ids[:MOST_NAMED])}" for ids in kinds)])


def groups_of(turn: Turn, kinds: Iterable[str]) -> list[tuple[int, list[Text]]]:
    """The same with names; of who left, with their last day."""
    last_days = leavers.last_days(turn.session)
    found = []
    for kind in kinds:
        count, _, ids = kind.partition(":")
        named = people.named(turn.session, filter(None, ids.split(",")))
        found.append((int(count), [_with_day(turn.t, one.name, last_days.get(one.id)) for one in named.values()]))
    return found


def _with_day(t: Words, name: str, day: date | None) -> Text:
    return t("{name} (last day {day})", name=name, day=day) if day else escape(name)
