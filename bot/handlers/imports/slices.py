"""Writing the values of a large file a slice at a time, so that no click waits behind ten thousand of them.

Each slice is a timer of its own that sets the next one in the transaction that writes its values: a crash loses none
and repeats none that counts. What is to be written was decided when the file was applied.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.domain.access import Act
from bot.domain.actuals import ActualValue
from bot.domain.preview import Preview
from bot.slack.flow import Turn
from bot.store import actuals, audit, uploads
from bot.store.uploads import Upload

SLICE = 500
"""Values written in one transaction."""
STEP = "imports.write_slice"


@dataclass(frozen=True)
class Progress:
    """How far a file is: so many of its values are done with; written so far are so many new ones and changed ones."""

    done: int
    total: int
    added: int = 0
    changed: int = 0

    @property
    def left(self) -> int:
        """How many were done with and could not be written any more."""
        return self.done - self.added - self.changed


def begin(turn: Turn, upload: Upload, preview: Preview[ActualValue]) -> Progress:
    """Decide what is written, a person's values beside each other, and set the first slice."""
    ordered = sorted(preview.to_apply, key=lambda one: (one.email, one.measure, one.period))
    new = {one.key for one in preview.added}
    uploads.begin(turn.session, upload.id, [{**_written(one), "new": one.key in new} for one in ordered])
    progress = Progress(0, len(ordered))
    _go_on(turn, upload.id, progress)
    return progress


def write_some(turn: Turn) -> tuple[Upload, Progress] | None:
    """Write one slice; gives how far the file is, None when it is not under way any more."""
    upload_id, done, added, changed = turn.carry.split("/")
    upload = uploads.under_way(turn.session, upload_id)
    if upload is None:
        return None
    start, end = int(done), _end(upload.rows, int(done))
    some = {value.key: (value, new) for value, new in (_read(row, upload.cycle_id) for row in upload.rows[start:end])}
    written = actuals.apply(turn.session, [value for value, _ in some.values()], by=upload.by, at=turn.now)
    for person_id in written:
        audit.note(turn.session, turn.now, upload.by, Act.IMPORT, person_id, upload.id)
    count = Counter(some[one.key][1] for those in written.values() for one in those)
    progress = Progress(end, len(upload.rows), int(added) + count[True], int(changed) + count[False])
    if end < len(upload.rows):
        _go_on(turn, upload.id, progress)
    else:
        uploads.use(turn.session, upload.id)
    return upload, progress


def _go_on(turn: Turn, upload_id: str, progress: Progress) -> None:
    turn.remind(STEP, "", turn.now, f"{upload_id}/{progress.done}/{progress.added}/{progress.changed}")


def _end(rows: Sequence[dict[str, Any]], start: int) -> int:
    """Where a slice ends: the values of one person stay together."""
    end = min(start + SLICE, len(rows))
    while end < len(rows) and rows[end]["email"] == rows[end - 1]["email"]:
        end += 1
    return end


def _written(one: ActualValue) -> dict[str, Any]:
    return {**vars(one), "value": None if one.value is None else str(one.value)}


def _read(row: dict[str, Any], cycle_id: str) -> tuple[ActualValue, bool]:
    """A value, and whether it was new when the file was applied."""
    facts, value = {name: fact for name, fact in row.items() if name != "new"}, row["value"]
    made = ActualValue(**{**facts, "cycle": cycle_id, "value": None if value is None else Decimal(value)})
    return made, row.get("new", True)
