"""What is due: timers are run a batch at a time, each in a savepoint of its own; one that fails stops no other."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.org import CAIRN, Person
from bot.slack.desk import Desk, report
from bot.store import outbox, people, rates, timers
from bot.store.db import is_deadlock
from bot.store.rates import Limit
from bot.store.timers import Timer

BATCH = 40
SHORT = 0.05
"""Seconds of work after which a batch ends, so that no click waits long for its turn at the database."""
LOOK_AGAIN = timedelta(days=1)
"""What is put off is looked at anew at least this often: a leave or a pause may end early, a calendar may change."""
MINUTES_AHEAD = 2.0
MOST_AHEAD = 5_000
"""Prompts are written only a little before they can be sent: so their facts, and their hour, are those of the day."""


@dataclass(frozen=True)
class Due:
    """Runs the steps that are due."""

    desk: Desk
    limits: Mapping[str, Limit]

    async def __call__(self) -> int:
        """Run a batch; returns how many there were."""
        now = self.desk.clock.now()
        ran = await self.desk.database.run(lambda session: self._batch(session, now))
        if ran:
            self.desk.wake_sender()
        return ran

    def _batch(self, session: Session, now: datetime) -> int:
        if not timers.is_any_due(session, now):
            return 0  # as nearly always: one statement, every second
        began, touched, busy, ran = time.thread_time(), set[str](), set[str](), 0
        waiting = self._must_wait(session)
        while ran < BATCH and (not ran or time.thread_time() - began < SHORT):
            try:
                timer = self._one(session, now, (waiting, busy), touched)
            except timers.Busy as other:
                busy.add(other.person_id)
                continue
            if timer is None:
                break
            ran += 1
        outbox.want_homes_again(session, touched, self.desk.real_clock.now())
        return ran

    def _must_wait(self, session: Session) -> Collection[str]:
        """The prompts, while as much waits to be posted as Slack takes in a few minutes."""
        enough = rates.per_minute(session, outbox.POST, self.limits[outbox.POST]) * MINUTES_AHEAD
        if not outbox.holds_more_than(session, min(int(enough), MOST_AHEAD)):
            return ()
        return self.desk.flows.prompts

    def _one(
        self, session: Session, now: datetime, but_not: tuple[Collection[str], Collection[str]], touched: set[str]
    ) -> Timer | None:
        """Run the step that is due the longest; whatever breaks it is logged, kept for HR, and stops no other.

        Left out are steps that wait for room, and people with whom another worker is busy.
        """
        taken: list[Timer] = []
        try:
            with session.begin_nested():
                if timer := timers.take_due(session, now, *but_not):
                    taken.append(timer)
                    touched |= self._run(session, timer, now)
        except Exception as error:
            if not taken:
                raise
            if is_deadlock(error):
                return None  # the other worker goes on, and this one's step is due still: it comes with the next batch
            timers.push_back(session, taken[0], now, report(error, taken[0].step))
        return taken[0] if taken else None

    def _run(self, session: Session, timer: Timer, now: datetime) -> set[str]:
        """Run one step for one person; returns whose Home is out of date by it."""
        desk = self.desk
        person = people.get(session, timer.person_id) if timer.person_id else CAIRN
        if person is None or (person is not CAIRN and not person.takes_part):
            return set()  # they left: what was planned for them is not due any more
        step = desk.flows.steps[timer.step]
        if step.unasked and (later := self._working_hour(session, person, timer, now)) > now:
            timers.remind(session, timer.step, timer.person_id, timer.carry, min(later, now + LOOK_AGAIN))
            return set()
        turn = desk.turn(session, person, urgent=False)
        turn.carry, turn.late, turn.attention = timer.carry, now - timer.due, step.attention
        step(turn)
        return turn.touched | {person.id}

    def _working_hour(self, session: Session, person: Person, timer: Timer, now: datetime) -> datetime:
        cost = self.desk.flows.steps[timer.step].attention
        rests = cost is None or cost.rests
        return self.desk.calendar.working_hour(session, person, now, timer.due, rests=rests)
