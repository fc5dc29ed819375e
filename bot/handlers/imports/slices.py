"""Writing the values of a large file a slice at a time, so that no click waits behind ten thousand of them.

Each slice is a timer of its own that sets the next one in the transaction that writes its values: a crash loses none
and repeats none that counts. What is to be written was decided when the file was applied.
"""

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
    """How far a file is: so many of its values are written, which are so many new ones and changed ones."""

    done: int
    added: int
    changed: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.added + self.changed


def begin(turn: Turn, upload: Upload, preview: Preview[ActualValue]) -> Progress:
    """Decide what is written, a person's values beside each other, and set the first slice."""
    ordered = sorted(preview.to_apply, key=lambda one: (one.email, one.measure, one.period))
    uploads.begin(turn.session, upload.id, [_written(one) for one in ordered])
    progress = Progress(0, len(preview.added), len(preview.changed))
    _go_on(turn, upload.id, progress)
    return progress


def write_some(turn: Turn) -> tuple[Upload, Progress] | None:
    """Write one slice; gives how far the file is, None when it is not under way any more."""
    upload_id, done, added, changed = turn.carry.split("/")
    upload = uploads.under_way(turn.session, upload_id)
    if upload is None:
        return None
    start, end = int(done), _end(upload.rows, int(done))
    values = [_read(row, upload.cycle_id) for row in upload.rows[start:end]]
    for person_id in actuals.apply(turn.session, values, by=upload.by, at=turn.now):
        audit.note(turn.session, turn.now, upload.by, Act.IMPORT, person_id, upload.id)
    progress = Progress(end, int(added), int(changed))
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


def _read(row: dict[str, Any], cycle_id: str) -> ActualValue:
    value = row["value"]
    return ActualValue(**{**row, "cycle": cycle_id, "value": None if value is None else Decimal(value)})
