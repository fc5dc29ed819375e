"""What a source answered goes the way of a file: shown before it is applied, unless HR lets it in unasked."""

from dataclasses import replace

from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.handlers.imports import told
from bot.handlers.imports.steps import expire, flow, look, open_cycles, show, take_over
from bot.slack.flow import Turn
from bot.store import people, sources, uploads
from bot.store.sources import Source


@flow.timer
def take_reading(turn: Turn) -> None:
    """Look at what a source brought: nothing new is nothing to say."""
    source_id, upload_id = turn.carried(2)
    source = sources.find(turn.session, source_id)
    reader = _reader(turn, source) if source else None
    if source is None or reader is None or not _takes_values(turn):
        uploads.expire(turn.session, upload_id)
        return
    upload = uploads.hand_to(turn.session, upload_id, reader.id, open_cycles(turn)[0].id)
    looked = look(turn, upload)
    if looked.preview.to_apply:
        sources.brought_new(turn.session, source.id, turn.now)
    if source.plan.by_itself and looked.preview.to_apply and not looked.preview.refused:
        take_over(replace(turn, person=reader), upload, looked)
    elif told.nothing_new(looked) or not sources.is_news(turn.session, source.id, told.digest_of(looked), turn.now):
        uploads.expire(turn.session, upload_id)
    else:
        turn.remind(offer, reader.id, turn.now, upload.id)


@flow.prompt
def offer(turn: Turn) -> None:
    """Show HR what the values would change, in a working hour."""
    upload = uploads.waiting(turn.session, turn.carry, turn.now)
    if upload is None or upload.by != turn.person.id:
        return
    turn.remind(expire, turn.person.id, turn.now + uploads.KEPT, upload.id)
    show(turn, upload, look(turn, upload))


def _takes_values(turn: Turn) -> bool:
    try:
        return bool(open_cycles(turn))
    except Refused:
        return False


def _reader(turn: Turn, source: Source) -> Person | None:
    """Who set the source up, or else somebody who is HR now."""
    hr = people.holders(turn.session, people.HR)
    return next((one for one in hr if one.id == source.added_by), hr[0] if hr else None)
