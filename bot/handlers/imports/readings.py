"""What a source answered goes the way of a file: shown before it is applied, unless HR lets it in unasked.

Values go into every cycle that is open: each row where its person takes part and its period lies. People are applied
unasked while few of them change.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace

from bot.domain.access import Act
from bot.domain.actuals import ActualRow, values_below_zero
from bot.domain.attention import Attention
from bot.domain.directory import DirectoryRow
from bot.domain.directory_reading import Handling
from bot.domain.org import Person
from bot.handlers.imports import people_news, told
from bot.handlers.imports.steps import expire, flow, look, show, take_over
from bot.handlers.imports.told import Looked, PeopleFile, ValuesFile
from bot.slack.flow import Turn
from bot.store import actuals, cycles, directory, people, sources, uploads
from bot.store.sources import Source
from bot.store.uploads import Upload, UploadKind


@flow.timer
def take_reading(turn: Turn) -> None:
    """Look at what a source brought: nothing new is nothing to say."""
    source_id, upload_id = turn.carried(2)
    rows = uploads.take_out(turn.session, upload_id)
    source = sources.find(turn.session, source_id)
    reader = _reader(turn, source) if source else None
    if source is None or reader is None:
        return
    if source.plan.people:
        _take_people(replace(turn, person=reader), source, [DirectoryRow(**row) for row in rows])
    else:
        _take_values(turn, source, reader, [ActualRow(**row) for row in rows])


def _take_people(turn: Turn, source: Source, rows: Sequence[DirectoryRow]) -> None:
    """Compare who is there with who is known; few changes are applied, more are shown, in the turn of who reads it."""
    directory.note_reading(turn.session, source.id, rows, turn.today)
    kept, by = [asdict(row) for row in rows], turn.person.id
    upload = uploads.keep(turn.session, UploadKind.PEOPLE, kept, "", by=by, at=turn.now, source_id=source.id)
    looked = people_news.look_at_people(turn, upload)
    if told.changes_something(looked):
        sources.brought_new(turn.session, source.id, turn.now)
    waits = not told.nothing_new(looked) and not _may_be_applied(turn, looked)
    if not waits and told.changes_something(looked):
        _apply_unasked(turn, source, upload, looked)
    if not waits:
        uploads.expire(turn.session, upload.id)
    _offer(turn, source, turn.person, [(upload, looked)] if waits else [])


def _may_be_applied(turn: Turn, looked: PeopleFile) -> bool:
    """Whether few people change, none of them leaves HR, and nothing is refused."""
    hr = {one.id for one in people.holders(turn.session, people.HR)}
    leave_hr = hr & {one.person_id for one in looked.leaving}
    return looked.handling is Handling.UNASKED and not leave_hr and not looked.preview.refused


def _apply_unasked(turn: Turn, source: Source, upload: Upload, looked: PeopleFile) -> None:
    """Write it, and have every HR person read in a line what changed."""
    carry = people_news.carried(turn, source.id, looked)
    for person_id in people_news.write_people(turn, looked):
        turn.note(Act.IMPORT, person_id, upload.id)
    for hr in people.holders(turn.session, people.HR):
        turn.remind(tell_changes, hr.id, turn.now, carry)


@flow.prompt_that(Attention.EXPIRES)
def tell_changes(turn: Turn) -> None:
    """Tell one HR person what people a source changed by itself."""
    source_id, day, *kinds = turn.carry.split("/")
    if source := sources.find(turn.session, source_id):
        key = f"imports/{source_id}/changed/{turn.person.id}/{day}/{turn.now:%H%M%S}"
        turn.say(turn.person, key, people_news.changed, source.plan.name, people_news.groups_of(turn, kinds))


def _take_values(turn: Turn, source: Source, reader: Person, rows: Sequence[ActualRow]) -> None:
    shared = actuals.by_cycle(turn.session, rows, turn.today)
    found = [_looked_at(turn, reader, cycle_id, part) for cycle_id, part in shared.items()]
    if any(looked.preview.to_apply for _, looked in found):
        sources.brought_new(turn.session, source.id, turn.now)
    _offer(turn, source, reader, [one for one in found if not _settled(turn, source, reader, *one)])


def _looked_at(turn: Turn, reader: Person, cycle_id: str, rows: Sequence[ActualRow]) -> tuple[Upload, Looked]:
    kept = [asdict(row) for row in rows]
    upload = uploads.keep(turn.session, UploadKind.ACTUALS, kept, cycle_id, by=reader.id, at=turn.now)
    return upload, look(turn, upload)


def _settled(turn: Turn, source: Source, reader: Person, upload: Upload, looked: Looked) -> bool:
    """Whether nobody has to be asked: nothing is new, or it may be applied by itself and now is."""
    if told.nothing_new(looked):
        return uploads.expire(turn.session, upload.id)
    doubtful = isinstance(looked, ValuesFile) and values_below_zero(looked.preview)
    if looked.preview.refused or doubtful or not source.plan.by_itself:
        return False
    take_over(replace(turn, person=reader), upload, looked)
    return True


def _offer(turn: Turn, source: Source, reader: Person, found: Sequence[tuple[Upload, Looked]]) -> None:
    """Have it shown in a working hour, in the place of what an earlier reading brought and nobody has seen."""
    digest = "/".join(told.digest_of(looked) for _, looked in found)
    if found and not sources.is_news(turn.session, source.id, digest, turn.now):
        for upload, _ in found:
            uploads.expire(turn.session, upload.id)
        return
    uploads.forget_unseen(turn.session, source.id)
    for upload, _ in found:
        uploads.wait_unseen(turn.session, upload.id, source.id)
        turn.remind(offer, reader.id, turn.now, upload.id)


@flow.prompt_that(Attention.EXPIRES)
def offer(turn: Turn) -> None:
    """Show HR what the values would change, in a working hour; from then on they have a day."""
    upload = uploads.show_first(turn.session, turn.carry, turn.person.id, turn.now)
    if upload is None:
        return
    looked = look(turn, upload) if _still_wanted(turn, upload) else None
    if looked is None or told.nothing_new(looked):
        uploads.expire(turn.session, upload.id)
        return
    turn.remind(expire, turn.person.id, turn.now + uploads.KEPT, upload.id)
    show(turn, upload, looked)


def _still_wanted(turn: Turn, upload: Upload) -> bool:
    if upload.kind is UploadKind.PEOPLE:
        return sources.find(turn.session, upload.source_id) is not None
    return actuals.is_open(cycles.get(turn.session, upload.cycle_id), turn.today)


def _reader(turn: Turn, source: Source) -> Person | None:
    """Who set the source up, or else somebody who is HR now."""
    hr = people.holders(turn.session, people.HR)
    return next((one for one in hr if one.id == source.added_by), hr[0] if hr else None)
