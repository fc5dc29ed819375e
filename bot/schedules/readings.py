"""Sources are read when they are due: outside any unit of work, by one worker at a time, handed in as a file is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.refusal import Refused, Sentence, sentence
from bot.slack.desk import Desk, report
from bot.sources.http_source import Surroundings, read_values
from bot.sources.people_source import read_people
from bot.store import sources, timers, uploads
from bot.store.sources import Row, Source
from bot.store.uploads import UploadKind

TAKE, TESTED, TROUBLE = "imports.take_reading", "sources.show_test", "sources.tell_trouble"
"""The steps that go on with it."""


@dataclass(frozen=True)
class Readings:
    """Reads what is due, one source after the other."""

    desk: Desk
    around: Surroundings

    async def __call__(self) -> int:
        """Read the source that is due the longest; 0 when none is."""
        now, real_now = self.desk.clock.now(), self.desk.real_clock.now()
        source = await self.desk.database.run(lambda session: sources.take_due(session, now, real_now))
        if source is None:
            return 0
        rows, problem = await self._read(source)
        await self.desk.database.run(lambda session: _hand_in(session, source, now, rows, problem))
        self.desk.wake_sender()
        return 1

    async def _read(self, source: Source) -> tuple[Sequence[Row], Sentence | None]:
        """The rows, or why there are none."""
        try:
            if source.plan.people:
                return await read_people(source.plan.endpoint, self.around), None
            rows = await read_values(source.plan.endpoint, self.around)
        except Refused as refused:
            return [], refused.sentence
        except Exception as error:  # noqa: BLE001 - reported here; who waits is told, and it is not read for ever
            return [], sentence("Something broke on our side (reference {ref}).", ref=report(error, "readings"))
        return [replace(one, source=one.source or source.plan.name) for one in rows], None


def _hand_in(session: Session, source: Source, now: datetime, rows: Sequence[Row], problem: Sentence | None) -> None:
    """Keep what came, and set what is to be done with it."""
    if source.asked_by:
        sources.was_tested(session, source, rows, problem)
        timers.remind(session, TESTED, source.asked_by, source.id, now)
        return
    sources.was_read(session, source, now, problem)
    if problem is None:
        kind = UploadKind.PEOPLE if source.plan.people else UploadKind.ACTUALS
        kept = uploads.keep(session, kind, [asdict(one) for one in rows], "", by=source.added_by, at=now)
        timers.remind(session, TAKE, "", f"{source.id}/{kept.id}", now)
    elif source.problem is None:
        timers.remind(session, TROUBLE, "", source.id, now)
