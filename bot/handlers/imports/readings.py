"""What a source answered goes the way of a file: shown before it is applied, unless HR lets it in unasked.

It goes into every cycle that is open: each row where its person takes part and its period lies.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace

from bot.domain.actuals import ActualRow, values_below_zero
from bot.domain.attention import Attention
from bot.domain.org import Person
from bot.handlers.imports import told
from bot.handlers.imports.steps import expire, flow, look, show, take_over
from bot.handlers.imports.told import Looked, ValuesFile
from bot.slack.flow import Turn
from bot.store import actuals, cycles, people, sources, uploads
from bot.store.sources import Source
from bot.store.uploads import Upload, UploadKind


@flow.timer
def take_reading(turn: Turn) -> None:
    """Look at what a source brought, cycle by cycle: nothing new is nothing to say."""
    source_id, upload_id = turn.carried(2)
    rows = [ActualRow(**row) for row in uploads.take_out(turn.session, upload_id)]
    source = sources.find(turn.session, source_id)
    reader = _reader(turn, source) if source else None
    if source is None or reader is None:
        return
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
    looked = look(turn, upload) if actuals.is_open(cycles.get(turn.session, upload.cycle_id), turn.today) else None
    if looked is None or told.nothing_new(looked):
        uploads.expire(turn.session, upload.id)
        return
    turn.remind(expire, turn.person.id, turn.now + uploads.KEPT, upload.id)
    show(turn, upload, looked)


def _reader(turn: Turn, source: Source) -> Person | None:
    """Who set the source up, or else somebody who is HR now."""
    hr = people.holders(turn.session, people.HR)
    return next((one for one in hr if one.id == source.added_by), hr[0] if hr else None)
