"""An import at a terminal: the same preview in plain text, and the same all or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.access import Act
from bot.domain.actuals import ActualRow
from bot.domain.directory import DirectoryRow
from bot.domain.org import CAIRN
from bot.domain.preview import mistakes
from bot.domain.refusal import Refused
from bot.handlers.imports import told
from bot.handlers.imports.told import Looked, PeopleFile, ValuesFile
from bot.slack.text import Text, plain
from bot.slack.words import Words
from bot.sources.actuals_file import read_actuals
from bot.sources.people_file import read_people
from bot.store import actuals, audit, cycles, directory
from bot.store.db import Database
from bot.store.uploads import UploadKind


@dataclass(frozen=True)
class Request:
    """What was asked for at the terminal; an empty cycle means the open one that most lines are for."""

    kind: UploadKind
    content: bytes
    cycle_id: str = ""
    apply: bool = False


def run_import(database: Database, request: Request, now: datetime, say: Callable[[str], object]) -> int:
    """Say what a file would change, and apply it if that was asked; the exit status is 1 when anything is refused."""
    t = Words("en")
    try:
        looked = _look(database, request, now)
    except Refused as refused:
        say(plain(t.say(refused.sentence)))
        return 1
    for line in in_plain_text(t, looked):
        say(line)
    if looked.preview.refused:
        return 1
    if not request.apply:
        say("Nothing was changed: this was a dry run. Add --apply to apply the file.")
        return 0
    say(f"Applied, for {_write(database, looked, now)} people.")
    return 0


def in_plain_text(t: Words, looked: Looked) -> list[str]:
    """What a file would change, and all that is refused of it."""
    refused = [told.mistake(t, each) for each in mistakes(looked.preview.refused)]
    parts = [
        told.read(t, looked),
        *[Text(f"{name}: {count}") for name, count in told.counts(t, looked)],
        *told.changes(t, looked),
        *told.notes(t, looked),
        *refused,
        *([told.way_out(t, looked)] if refused else []),
    ]
    return [plain(part) for part in parts]


def _look(database: Database, request: Request, now: datetime) -> Looked:
    if request.kind is UploadKind.PEOPLE:
        return _look_at_people(database, read_people(request.content), now.date())
    return _look_at_values(database, read_actuals(request.content), request.cycle_id, now.date())


def _look_at_people(database: Database, rows: list[DirectoryRow], today: date) -> Looked:
    with database.unit_of_work() as session:
        preview = directory.plan(session, rows, today)
        heads = directory.heads(session, preview, today)
        return PeopleFile(preview, heads, directory.absent(session, rows), names=directory.told_apart(session))


def _look_at_values(database: Database, rows: list[ActualRow], wanted: str, today: date) -> Looked:
    with database.unit_of_work() as session:
        cycle = cycles.get(session, wanted) if wanted else actuals.best_cycle(session, rows, today)
        return ValuesFile(actuals.preview(session, cycle.id, rows), cycle, names=directory.told_apart(session))


def _write(database: Database, looked: Looked, now: datetime) -> int:
    """Apply a preview that was made a moment ago; returns of how many people."""
    with database.unit_of_work() as session:
        match looked:
            case PeopleFile(preview):
                about = directory.apply(session, preview, now.date())
            case ValuesFile(preview):
                about = list(actuals.apply(session, preview.to_apply, by=CAIRN.id, at=now))
        for person_id in about:
            audit.note(session, now, CAIRN.id, Act.IMPORT, person_id, "command line")
        return len(about)
