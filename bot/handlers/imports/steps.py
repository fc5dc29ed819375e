"""The forms, messages and steps of an import."""

from collections.abc import Callable, Sequence
from datetime import date

from bot.domain.access import Act
from bot.domain.actuals import ActualRow
from bot.domain.directory import DirectoryRow
from bot.domain.preview import RefusedLine, mistakes
from bot.domain.refusal import N_, Refused
from bot.handlers.imports import slices, told
from bot.handlers.imports.people_news import look_at_people, write_people
from bot.handlers.imports.slices import Progress
from bot.handlers.imports.told import Looked, PeopleFile, ValuesFile
from bot.slack.blocks import (
    Block,
    Confirm,
    Message,
    View,
    button,
    buttons,
    context,
    fields,
    file_input,
    form,
    menu,
    page,
    section,
)
from bot.slack.flow import Answer, Apart, Flow, Open, Replace, Task, Turn
from bot.slack.text import bold, bullets, escape, lines
from bot.slack.words import Words
from bot.sources.any_file import read_any
from bot.store import actuals, cycles, directory, people, uploads
from bot.store.uploads import Upload, UploadKind

flow = Flow("imports")

Rows = list[DirectoryRow] | list[ActualRow]

A_SECTION = 3
"""Mistakes in one section, so that long ones are not cut off."""
A_PAGE = 200
"""Mistakes on one page."""

# What people see --------------------------------------------------------------------------


def ask_for_file(t: Words) -> View:
    """The form that takes a file."""
    columns = [
        t("*People*: email, name, department, position, manager_email, start_date"),
        t("*Actual values*: email, measure, period, value, source"),
    ]
    intro = t("I tell the two kinds apart by their headings, and show what would change before anything does.")
    return form(
        t("Import a file"),
        [
            section(intro),
            section(bullets(columns)),
            file_input("file", t("The file"), ["csv", "xlsx"], hint=t("CSV or XLSX, up to 5 MB.")),
        ],
        does=take_form,
        submit=t("Show what changes"),
        close=t("Not now"),
    )


def file_was_read(t: Words) -> View:
    """After the form: where the preview is."""
    text = t("The file is read; nothing is changed yet. What it would change stands in our direct messages.")
    return page(t("Import a file"), [section(text)], close=t("Close"))


def what_would_change(t: Words, upload_id: str, looked: Looked) -> Message:
    """The preview, with the way on."""
    text = told.read(t, looked)
    changed, gone, noted = told.changes(t, looked), told.leavers(t, looked), told.notes(t, looked)
    return Message(
        text,
        [
            section(text),
            fields(told.counts(t, looked)),
            *([section(lines(bold(t("Changed")), bullets(changed)))] if changed else []),
            *([section(lines(bold(t("Leaving")), bullets(gone)))] if gone else []),
            *refused_lines(t, looked),
            *([context(lines(*noted))] if noted else []),
            *way_on(t, upload_id, looked),
        ],
    )


def refused_lines(t: Words, looked: Looked) -> list[Block]:
    """The refused lines, and what to do about them."""
    refused = told.refusals(t, looked.preview.refused)
    if not refused:
        return []
    parts = [section(bullets(refused[n : n + A_SECTION])) for n in range(0, len(refused), A_SECTION)]
    return [section(bold(t("Refused"))), *parts, section(told.way_out(t, looked))]


def way_on(t: Words, upload_id: str, looked: Looked) -> list[Block]:
    """The buttons: nothing can be applied while a line is refused, and nothing is asked when nothing would change."""
    clean, some = not looked.preview.refused, told.changes_something(looked)
    others = looked.others if isinstance(looked, ValuesFile) else ()
    offered = [(f"{upload_id}/{one.id}", escape(one.name)) for one in others]
    known = [section(told.nothing_to_apply(t, looked))] if clean and not some else []
    sure = Confirm(
        t("Apply this file?"),
        t("Everything in the preview is taken over at once. A later file or a correction can change it again."),
        yes=t("Apply"),
        no=t("Not yet"),
    )
    if told.settled(looked):
        return known
    return [
        *known,
        buttons(
            button(t("Apply"), does=apply, carry=upload_id, style="primary", confirm=sure) if clean and some else None,
            menu(t("Another cycle"), offered, does=choose_cycle) if offered else None,
            button(t("All refused lines"), does=show_refused, carry=f"{upload_id}/0") if crowded(t, looked) else None,
            button(t("Discard"), does=discard, carry=upload_id),
        ),
    ]


def crowded(t: Words, looked: Looked) -> bool:
    """Whether a message cannot hold all that is refused."""
    return len(told.refusals(t, looked.preview.refused)) != len(mistakes(looked.preview.refused))


def all_refused(t: Words, upload_id: str, refused: Sequence[RefusedLine], at: int) -> View:
    """A page of the refused lines, with a way to the ones before and after it."""
    found = mistakes(refused)
    said = [told.mistake(t, each) for each in found[at : at + A_PAGE]]
    before, after = f"{upload_id}/{max(at - A_PAGE, 0)}", f"{upload_id}/{at + A_PAGE}"
    turns = [
        button(t("Lines before"), does=turn_page, carry=before) if at else None,
        button(t("Lines after"), does=turn_page, carry=after) if at + A_PAGE < len(found) else None,
    ]
    return page(
        t("Refused lines"),
        [
            section(t.plural("One line is refused.", "{n} lines are refused.", len(refused))),
            *(section(bullets(said[n : n + A_SECTION])) for n in range(0, len(said), A_SECTION)),
            *([buttons(*turns)] if any(turns) else []),
        ],
        close=t("Close"),
    )


def being_applied(t: Words, progress: Progress) -> Message:
    """While a large file is applied, in the preview's place."""
    text = t("I am applying the file: {done} of {total} values.", done=progress.done, total=progress.total)
    return Message(text, [section(text), context(t("This message goes along. You can leave it alone."))])


def applied(t: Words, kind: UploadKind, added: int, changed: int, left: int = 0) -> Message:
    """After applying, in the preview's place; `left` are values that could not be written, or people who left."""
    if kind is UploadKind.ACTUALS:
        text = t("Done. Actual values: {added} new, {changed} changed.", added=added, changed=changed)
        said = t.plural(
            "One value was not taken: since the preview an address or a goal changed, or a result came out. "
            "Send the file again to see which.",
            "{n} values were not taken: since the preview an address or a goal changed, or a result came out. "
            "Send the file again to see which.",
            left,
        )
        return Message(text, [section(text), section(said)] if left else [])
    text = t("Done. People: {added} new, {changed} changed.", added=added, changed=changed)
    if left:
        text = t("Done. People: {added} new, {changed} changed, {left} left.", added=added, changed=changed, left=left)
    return Message(text, [section(text), context(t("Look at everyone, or correct one, with `/cairn people`."))])


def discarded(t: Words) -> Message:
    """After discarding, in the preview's place."""
    return Message(t("Discarded. Nothing was changed, and the file's lines are not kept."))


def too_old(t: Words) -> Message:
    """A day later, in the preview's place."""
    return Message(t("This file waited for a day and was not applied. Its lines are not kept; send it again any time."))


def look_again(t: Words) -> Message:
    """Why nothing was applied just now."""
    return Message(t("Something changed since this preview. Please look at the new one, then apply it."))


# What happens -----------------------------------------------------------------------------


@flow.command("import", N_("Import people or actual values"), for_hr=True)
@flow.action
def open_form(turn: Turn) -> Open:
    """Ask for a file."""
    turn.must(Act.IMPORT, turn.person.id)
    return Open(ask_for_file(turn.t))


@flow.waiting
def next_steps(turn: Turn) -> Sequence[Task]:
    """A file waits for its decision; else, while Cairn knows nobody's department and manager, for the first one."""
    if not turn.may(Act.IMPORT, turn.person.id):
        return []
    t = turn.t
    if undecided := uploads.undecided(turn.session, turn.person.id, turn.now):
        before_all = date.min  # in a day it is gone
        label = t("Look and decide")
        return [
            Task(told.waits(t, kind, until), label, look_again_at, one, before_all) for one, kind, until in undecided
        ]
    if people.any_stint(turn.session):
        return []
    text = t("Tell me who works where: import a file with everyone's department and manager, or drop it into our chat.")
    return [Task(text, t("Import people"), does=open_form, due=turn.today)]


@flow.action
def look_again_at(turn: Turn) -> Open:
    """Show the preview once more, as things stand now."""
    upload = _waiting_upload(turn, turn.carry)
    looked = look(turn, upload)
    if told.digest_of(looked) != upload.shown:
        show(turn, upload, looked)
    return Open(_as_page(turn.t, what_would_change(turn.t, upload.id, looked)))


def _as_page(t: Words, message: Message) -> View:
    return page(t("Import a file"), message.body()["blocks"], close=t("Close"))


def _beside(turn: Turn, message: Message) -> Replace | None:
    """The same in the window that was pressed on, if it was one."""
    return None if turn.place else Replace(_as_page(turn.t, message))


@flow.view
def take_form(turn: Turn) -> Apart:
    """Read the file that was chosen in the form."""
    turn.must(Act.IMPORT, turn.person.id)
    return _read(turn, _take_chosen)


def _take_chosen(turn: Turn, rows: Rows) -> Replace:
    _take(turn, rows)
    return Replace(file_was_read(turn.t))


@flow.file
def take_dropped(turn: Turn) -> Apart:
    """Read a file that was dropped into the chat."""
    if not turn.may(Act.IMPORT, turn.person.id):
        raise Refused("I can take files from HR only: people and actual values. I did not keep yours.")
    return _read(turn, _take)


def _read(turn: Turn, then: Callable[[Turn, Rows], Replace | None]) -> Apart:
    """Twenty thousand rows take seconds to read."""
    content = turn.inputs.file("file").content
    return Apart(lambda: read_any(content), then)


def _take(turn: Turn, rows: Rows) -> None:
    values = [row for row in rows if isinstance(row, ActualRow)]
    kind = UploadKind.ACTUALS if values else UploadKind.PEOPLE
    cycle_id = actuals.best_cycle(turn.session, values, turn.today).id if values else ""
    kept = [vars(row) for row in rows]
    upload = uploads.keep(turn.session, kind, kept, cycle_id, by=turn.person.id, at=turn.now)
    turn.remind(expire, turn.person.id, turn.now + uploads.KEPT, upload.id)
    show(turn, upload, look(turn, upload))


def look(turn: Turn, upload: Upload) -> Looked:
    """What a file would change as things stand now."""
    if upload.kind is UploadKind.ACTUALS:
        values = actuals.preview(turn.session, upload.cycle_id, [ActualRow(**row) for row in upload.rows])
        others = tuple(one for one in actuals.open_cycles(turn.session, turn.today) if one.id != upload.cycle_id)
        return ValuesFile(values, cycles.get(turn.session, upload.cycle_id), others, directory.told_apart(turn.session))
    return look_at_people(turn, upload)


def show(turn: Turn, upload: Upload, looked: Looked) -> None:
    """Show what a file would change; one that changes nothing is done with."""
    uploads.note_shown(turn.session, upload.id, told.digest_of(looked))
    if told.settled(looked):
        done_with(turn, upload)
    turn.say(turn.person, f"imports/{upload.id}", what_would_change, upload.id, looked)


def _waiting_upload(turn: Turn, upload_id: str) -> Upload:
    turn.must(Act.IMPORT, turn.person.id)
    return uploads.get(turn.session, upload_id, by=turn.person.id, now=turn.now)


@flow.action
def choose_cycle(turn: Turn) -> Replace | None:
    """Take the values for another cycle."""
    upload_id, cycle_id = turn.carried(2)
    upload = _waiting_upload(turn, upload_id)
    if cycle_id not in {one.id for one in actuals.open_cycles(turn.session, turn.today)}:
        raise Refused("This cycle takes no values now.")
    moved = uploads.move(turn.session, upload.id, cycle_id)
    looked = look(turn, moved)
    show(turn, moved, looked)
    return _beside(turn, what_would_change(turn.t, moved.id, looked))


@flow.action
def apply(turn: Turn) -> Answer | Replace | None:
    """Take a file over, unless something changed since its preview: then show the new one."""
    upload = _waiting_upload(turn, turn.carry)
    looked = look(turn, upload)
    if told.digest_of(looked) != upload.shown:
        show(turn, upload, looked)
        return _beside(turn, what_would_change(turn.t, upload.id, looked)) or Answer(look_again(turn.t))
    if looked.preview.refused:
        raise Refused("Nothing of this file can be applied while lines are refused.")
    return _beside(turn, take_over(turn, upload, looked))


def take_over(turn: Turn, upload: Upload, looked: Looked) -> Message:
    """Write all of a file, or begin to where it is large, and say so in the preview's place."""
    if isinstance(looked, ValuesFile) and len(looked.preview.to_apply) > slices.SLICE:
        turn.forget(expire, turn.person.id, upload.id)
        begun = slices.begin(turn, upload, looked.preview)
        turn.say(turn.person, f"imports/{upload.id}", being_applied, begun)
        return being_applied(turn.t, begun)
    done_with(turn, upload)
    for person_id in write(turn, looked):
        turn.note(Act.IMPORT, person_id, upload.id)
    counts = len(looked.preview.added), len(looked.preview.changed), len(told.leaving(looked))
    turn.say(turn.person, f"imports/{upload.id}", applied, upload.kind, *counts)
    return applied(turn.t, upload.kind, *counts)


def write(turn: Turn, looked: Looked) -> list[str]:
    """Write what a preview would add and change; gives the ids of whom it is about."""
    match looked:
        case PeopleFile():
            return write_people(turn, looked)
        case ValuesFile(preview):
            return list(actuals.apply(turn.session, preview.to_apply, by=turn.person.id, at=turn.now))


@flow.timer
def write_slice(turn: Turn) -> None:
    """Write one slice of a large file, and say how far it is."""
    written = slices.write_some(turn)
    reader = written and people.get(turn.session, written[0].by)
    if not written or not reader:
        return
    upload, progress = written
    if progress.done < progress.total:
        turn.say(reader, f"imports/{upload.id}", being_applied, progress)
    else:
        turn.say(
            reader, f"imports/{upload.id}", applied, UploadKind.ACTUALS, progress.added, progress.changed, progress.left
        )


@flow.action
def show_refused(turn: Turn) -> Open:
    """Open the list of all refused lines."""
    return Open(_refused_page(turn))


@flow.action
def turn_page(turn: Turn) -> Replace:
    """Turn a page of it."""
    return Replace(_refused_page(turn))


def _refused_page(turn: Turn) -> View:
    upload_id, at = turn.carried(2)
    upload = _waiting_upload(turn, upload_id)
    return all_refused(turn.t, upload.id, look(turn, upload).preview.refused, int(at) if at.isdecimal() else 0)


def done_with(turn: Turn, upload: Upload) -> None:
    """Take a file out and forget its expiry."""
    uploads.use(turn.session, upload.id)
    turn.forget(expire, turn.person.id, upload.id)


@flow.action
def discard(turn: Turn) -> Replace | None:
    """Forget a file."""
    upload = _waiting_upload(turn, turn.carry)
    done_with(turn, upload)
    turn.say(turn.person, f"imports/{upload.id}", discarded)
    return _beside(turn, discarded(turn.t))


@flow.timer
def expire(turn: Turn) -> None:
    """Forget a file that nobody applied for a day."""
    if uploads.expire(turn.session, turn.carry):
        turn.say(turn.person, f"imports/{turn.carry}", too_old)
