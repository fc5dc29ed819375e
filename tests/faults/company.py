"""One company under faults: its time, its Slack, its database and its workers; and what is due to whom."""

import asyncio
import hmac
import json
import multiprocessing
import os
import signal
import socket
import time as machine
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from sqlalchemy.orm import Session

from bot.config import Settings
from bot.store import people, timers
from bot.store.db import Database
from bot.store.people import Member
from tests.compiled import KEYS, SEAL_KEY
from tests.faults.lives import Death, Life, Points, live
from tests.faults.standin import TEAM, Post, Slack
from tests.faults.times import STRIKES, Time

T = TypeVar("T")
PEOPLE_BEGIN = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
SECRET = "a signing secret"
PATIENCE = 3600.0
"""Seconds of the company's time after which a run counts as stuck; a busy machine alone does not make it so."""
GRACE = 900.0
"""Seconds of the company's time that a step which failed has to be tried again."""
LULL = 5
"""Answers without any news after which nothing but waiting is left, and time is let pass.

On a busy machine they are late, as whatever else is on its way is then."""
LOOK = 0.1
"""Seconds of this machine's between two questions how far the workers are."""
STRIDE = 31.0
"""How many seconds then pass at once: more than a request may take, much less than a lease."""
LONGEST_STRIDE = 3 * STRIDE
"""The second lull in a row is passed faster, and the third; still within a lease."""

WARM = "FAULTS_POSTGRES"
"""The variable that tells `warm` of a database of PostgreSQL's to get warm on."""

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.faults.warm"])


@dataclass(frozen=True)
class Due:
    """Words that have to stand in one message of somebody's DM, no later than a moment of the steady time."""

    person_id: str
    words: str
    by: float


@dataclass(frozen=True)
class Count:
    """What came of a number of runs."""

    runs: int = 0
    lost: int = 0
    doubled: int = 0
    late: int = 0
    stuck: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def kept(self) -> bool:
        """Whether the promises were kept."""
        return not (self.lost or self.doubled or self.stuck)


@dataclass
class Worker:
    """A process of Cairn's."""

    life: Life
    process: Any

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.life.settings.port

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return bool(self.process.is_alive())

    @property
    def state(self) -> str:
        """What the kernel says of it: S sleeps, T is stopped."""
        return Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] if self.alive else ""

    def sends(self, number: signal.Signals) -> None:
        """Send it a signal, if it is still there."""
        if self.alive:
            os.kill(self.process.pid, number)

    def ends(self) -> None:
        """Kill it, and wait until it is gone."""
        self.sends(signal.SIGKILL)
        self.process.join()
        self.process.close()


@dataclass
class Company:
    """A company that lives through one fault after the other, each time with new people."""

    folder: Path
    database_url: str
    socket_mode: bool = False
    restarts: Callable[[], None] | None = None
    """Restarts the database server, where it is one of its own."""
    dues: list[Due] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    refused: int = 0
    """How many deliveries were not acknowledged."""
    points: Points | None = None
    """Which points there are to be killed at in its story, once they are counted."""
    at_start: int = 0
    """How many of them a start has."""
    proxy_port: int = 0
    """Where a proxy stands before the workers, while one does."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.time = Time(self.folder / "time", PEOPLE_BEGIN)
        self.slack = Slack(self.time)
        self.database = Database(self.database_url, SEAL_KEY, KEYS)
        self._ids = count(1)
        self._horizon = self._grace = 0.0

    async def __aenter__(self) -> Self:
        await self.slack.starts()
        self.http = ClientSession(timeout=ClientTimeout(total=5), connector=TCPConnector(force_close=True))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.dismisses()
        await self.http.close()
        await self.slack.stops()
        self.database.close()

    # Processes ------------------------------------------------------------------------------

    def employs(self, workers: int = 1, does: str = "serve", death: Death | None = None, **life: Any) -> None:
        """Start workers; only the first may be marked for death."""
        if death:
            self.time.cells[STRIKES] = 0
        for n in range(workers):
            self.workers.append(self._born(len(self.workers), does, death if n == 0 else None, life))

    def _born(self, n: int, does: str, death: Death | None, life: dict[str, Any]) -> Worker:
        settings = Settings(
            bot_token="xoxb-1",
            app_token="xapp-1" if self.socket_mode else "",
            signing_secret=SECRET,
            port=free_port(),
            slack_api_url=f"{self.slack.url}/{n}/api/",
            database_url=self.database_url,
        )
        return self._forked(Life(does, settings, self.folder, death, **life))

    def _forked(self, life: Life) -> Worker:
        process = processes.Process(target=live, args=(life,))
        process.start()
        return Worker(life, process)

    def revives(self) -> None:
        """Start again whoever died, as a supervisor does."""
        for n, worker in enumerate(self.workers):
            if not worker.alive:
                worker.ends()
                self.workers[n] = self._forked(worker.life)

    @property
    def strikes(self) -> int:
        """How many points the worker that is marked for death has come by."""
        return int(self.time.cells[STRIKES])

    def struck(self, death: Death | None) -> int:
        """How often the worker that was marked for it died; without a mark there was nothing to reach."""
        return 1 if death is None else sum(one <= self.strikes for one in death.at)

    def dismisses(self) -> None:
        """Kill all workers."""
        for worker in self.workers:
            worker.ends()
        self.workers.clear()

    async def runs(self, does: str, death: Death | None = None, **life: Any) -> int:
        """Let one process do something to its end; returns its exit status, negative when it was killed."""
        worker = self._born(0, does, death, life)
        while worker.alive:
            await asyncio.sleep(0.01)
        status = worker.process.exitcode
        worker.ends()
        return int(status)

    def log(self) -> str:
        """What the processes wrote."""
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    # People and what is due -------------------------------------------------------------------

    def writes(self, do: Callable[[Session], T]) -> T:
        """Do something in the database, behind Cairn's back."""
        with self.database.unit_of_work() as session:
            return do(session)

    def hires(self, number: int, tz: str = "UTC") -> list[str]:
        """New people, in Slack and in the database."""
        ids = [f"U{next(self._ids):05}" for _ in range(number)]
        members = [Member(one, one, f"{one}@example.com", "en-US", tz, owner=False, takes_part=True) for one in ids]
        self.slack.members |= {one: _user(one, tz) for one in ids}
        self.writes(lambda session: people.keep_members(session, members))
        return ids

    def plans(self, person_ids: Iterable[str], seconds: float = 0, within: float = 60) -> None:
        """The pause of these people is over in so many seconds, and each is due one sentence about it."""
        ids, at = [*person_ids], self.time.people.now() + timedelta(seconds=seconds)

        def plan(session: Session) -> None:
            for one in ids:
                people.pause(session, one, at.date())
                timers.remind(session, "checkins.over", one, str(at.date()), at)

        self.writes(plan)
        self._horizon = max(self._horizon, self.time.steady() + seconds)
        self.expects(ids, "The pause is over", within=seconds + within)

    def expects(self, person_ids: Iterable[str], words: str, *, within: float) -> None:
        """From now on these words are due to each of them."""
        self.dues += [Due(one, words, self.time.steady() + within) for one in person_ids]

    # What comes in ------------------------------------------------------------------------------

    async def delivers(self, payload: dict[str, Any], to: int = 0) -> bool:
        """Deliver a payload once, signed, over HTTP; whether it was acknowledged."""
        body = json.dumps(payload)
        stamp = str(int(self.time.real.read()))
        signature = "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
        }
        try:
            port = self.proxy_port or self.workers[to % len(self.workers)].port
            async with self.http.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers) as response:
                taken = response.status == 200
        except (ClientError, TimeoutError):
            taken = False
        self.refused += not taken
        return taken

    async def insists(self, payload: dict[str, Any], to: int = 0) -> None:
        """Deliver it again and again until it is acknowledged, by a worker that may have been started anew."""
        end = self.time.steady() + PATIENCE
        while not await self.delivers(payload, to):
            if self.time.steady() > end:
                return
            self.revives()
            await asyncio.sleep(0.05)

    # What came of it ------------------------------------------------------------------------------

    async def ready(self) -> None:
        """Wait until every worker answers."""
        await self._until(all)

    async def quiet(self) -> bool:
        """Wait until nothing is due and nothing waits; False when that does not come about.

        What is missing then has a quarter of an hour to come all the same: a step that failed is tried again later.
        """
        self._grace = self.time.steady() + GRACE
        return await self._until(lambda found: all(one and self._is_quiet(one) for one in found))

    def _is_quiet(self, found: dict[str, Any]) -> bool:
        if found["due"] or found["waiting"]:
            return False
        if (ahead := self._horizon - self.time.steady()) > 0:
            self.time.passes(ahead)
            return False
        return self.all_arrived() or self.time.steady() > self._grace

    async def _until(self, good: Callable[[list[Any]], bool]) -> bool:
        end, before = max(self._horizon, self.time.steady()) + PATIENCE, None
        same, stride = 0, STRIDE
        while self.time.steady() < end:
            self.revives()
            found = await asyncio.gather(*(self.health(worker) for worker in self.workers))
            if good(found):
                return True
            if (seen := [one and (one["due"], one["waiting"]) for one in found]) != before or self.slack.in_hand:
                before, same, stride = seen, 0, STRIDE
            elif all(found) and (same := same + 1) >= LULL:
                self.time.passes(stride)
                same, stride = 0, min(stride + STRIDE, LONGEST_STRIDE)
            await asyncio.sleep(LOOK)
        return False

    async def until(self, true: Callable[[], bool], patience: float = 10) -> None:
        """Wait until something is so, or there is no more use in waiting."""
        deadline = machine.monotonic() + patience
        while not true() and machine.monotonic() < deadline:
            await asyncio.sleep(0.01)

    def all_arrived(self) -> bool:
        """Whether everybody has what is due to them."""
        return all(any(due.words in post.words for post in self.slack.dm_of(due.person_id)) for due in self.dues)

    async def health(self, worker: Worker) -> dict[str, Any] | None:
        """What a worker says of itself; None when it does not."""
        try:
            async with self.http.get(f"http://127.0.0.1:{worker.port}/healthz") as response:
                return await response.json() if response.status == 200 else None
        except (ClientError, TimeoutError):
            return None

    def counted(self, runs: int = 1, *, quiet: bool = True) -> Count:
        """Compare what stands in the DMs with what was due, and begin a new page."""
        dues, self.dues = self.dues, []
        lost = doubled = late = 0
        for person_id in {due.person_id for due in dues}:
            posts, theirs = self.slack.dm_of(person_id), [due for due in dues if due.person_id == person_id]
            found = [[post for post in posts if due.words in post.words] for due in theirs]
            lost += sum(not one for one in found)
            doubled += max(_twins(posts), sum(max(0, len(one) - 1) for one in found))
            late += sum(_late(due, one[0]) for due, one in zip(theirs, found, strict=True) if one)
        return Count(runs, lost, doubled, late, int(not quiet))


def _twins(posts: Sequence[Post]) -> int:
    """How many messages stand there although another one of the same id does."""
    ids = [post.opaque for post in posts if post.opaque]
    return len(ids) - len({*ids})


def _late(due: Due, post: Post) -> bool:
    return next(at for at, words in post.wordings if due.words in words) > due.by


def _user(person_id: str, tz: str) -> dict[str, Any]:
    profile = {"real_name": person_id, "email": f"{person_id}@example.com"}
    return {"id": person_id, "team_id": TEAM, "tz": tz, "locale": "en-US", "profile": profile}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
