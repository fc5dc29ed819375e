"""The front desk: runs one step for one person in one unit of work, and nothing else."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.slack.blocks import Home
from bot.slack.calendar import Calendar
from bot.slack.flow import OUTDATED, OUTSIDER, Apart, Errors, Kind, Quoted, Reply, Step, Turn
from bot.slack.flows import Flows
from bot.slack.inputs import File, Inputs
from bot.slack.words import Words, words_for
from bot.store import attention, inbox, outbox, people
from bot.store.db import Database, forget_writes, is_deadlock, wrote

log = logging.getLogger(__name__)

TRIES = 3
"""How often a step is run when it and another worker's hold each other up."""


class Clock(Protocol):
    """What time it is. Injected, so that a quarter can be lived in a minute."""

    def now(self) -> datetime:
        """The present moment, aware."""
        ...


class WallClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


class Stranger(Exception):  # noqa: N818 - it reads as what happened
    """Somebody whom Cairn has not met yet acts; the directory has to be asked first."""

    def __init__(self, user_id: str) -> None:
        super().__init__(user_id)
        self.user_id = user_id


class Fault(Exception):  # noqa: N818 - it reads as what happened
    """A step broke. Nothing of it happened; the log has the details under `ref`."""

    def __init__(self, ref: str, person: Person | None) -> None:
        super().__init__(ref)
        self.ref = ref
        self.person = person


class Refusal(Exception):  # noqa: N818 - it reads as what happened
    """A refusal, with the words of the person who is to read it."""

    def __init__(self, refused: Refused, t: Words) -> None:
        super().__init__(refused.sentence.text)
        self.text = t.say(refused.sentence)
        self.field = refused.field
        self.t = t


@dataclass(frozen=True)
class Delivery:
    """Something that came in from Slack: its id (for redeliveries), who, what they brought, and on which message."""

    id: str
    user_id: str
    carry: str = ""
    inputs: Inputs = field(default_factory=Inputs)
    quoted: Quoted | None = None
    place: tuple[str, str] | None = None


@dataclass(frozen=True)
class Done:
    """What came of a delivery: the reply, the words it is in, and whether it changed what people see.

    Of a `traceless` one nothing may be written down, not even to offer it again.
    """

    reply: Reply
    t: Words
    changed: bool = False
    traceless: bool = False


@dataclass(frozen=True)
class Desk:
    """What a step needs to be run: the database, the flows, the clock, and a bell for the sender."""

    database: Database
    flows: Flows
    clock: Clock
    wake_sender: Callable[[], None]
    calendar: Calendar
    real_clock: Clock = field(default_factory=WallClock)

    async def take(self, delivery: Delivery, step: Step) -> Done:
        """Run a step for what came in, and what it does apart; raises `Refusal`, `Stranger` or `Fault`."""
        done = await self._take(delivery, step)
        while isinstance(done.reply, Apart):
            run = await asyncio.to_thread(_calculated, done.reply)
            done = await self._take(delivery, replace(step, run=run))
        if done.changed:
            self.wake_sender()
        return done

    async def _take(self, delivery: Delivery, step: Step, tries: int = TRIES) -> Done:
        try:
            return await self.database.run(lambda session: self._guarded(session, delivery, step))
        except SQLAlchemyError as error:
            if is_deadlock(error) and tries > 1:
                return await self._take(delivery, step, tries - 1)
            raise Fault(report(error, step.id), None) from None

    async def draw_home(self, person_id: str) -> Home | None:
        """A person's Home tab as it should stand now."""
        return await self.database.run(lambda session: self._home(session, person_id))

    async def make_file(self, person_id: str, about: Mapping[str, Any]) -> File | None:
        """The file that is wanted for somebody, as it is now; None where they may not have it any more."""
        made = await self.database.run(lambda session: self._file(session, person_id, about))
        while isinstance(made, Apart):
            then = await asyncio.to_thread(_calculated, made)
            made = await self.database.run(partial(self._file, person_id=person_id, about=about, then=then))
        return made

    def turn(self, session: Session, person: Person, *, urgent: bool = True) -> Turn:
        """A bare turn of a person, for looking at what waits for them."""
        return Turn(session, self.clock.now(), self.real_clock.now(), person, self.flows, self.calendar, urgent=urgent)

    def _guarded(self, session: Session, delivery: Delivery, step: Step) -> Done:
        person = people.get(session, delivery.user_id)
        if person is None:
            raise Stranger(delivery.user_id)
        try:
            return self._act(session, delivery, step, person)
        except Refused as refused:
            raise Refusal(refused, words_for(person)) from None
        except Exception as error:
            if is_deadlock(error):
                raise  # the other worker goes on; nothing of this happened, and it is tried again
            raise Fault(report(error, step.id), person) from None  # without its values, and told to the person

    def _act(self, session: Session, delivery: Delivery, step: Step, person: Person) -> Done:
        if not person.takes_part:
            raise Refused(OUTSIDER)
        turn = self.turn(session, person)
        if not inbox.is_new(session, delivery.id, turn.real_now):
            return Done(None, turn.t)
        forget_writes(session)
        turn.carry, turn.inputs, turn.quoted = delivery.carry, delivery.inputs, delivery.quoted
        turn.place = delivery.place
        reply = step(turn)
        changed = wrote(session)
        if delivery.place:  # last: two presses on two messages about the same lock its rows in the step's order alone
            attention.note_answer(session, delivery.place, turn.now)
        if turn.traceless:
            inbox.forget(session, delivery.id)
            return Done(reply, turn.t, traceless=True)
        if reply is None and not changed and step.kind is Kind.ACTION:
            raise Refused(OUTDATED)  # nothing was left to do, and nobody presses without an answer
        if isinstance(reply, Errors | Apart):
            inbox.forget(session, delivery.id)  # the form stays open, or nothing is done yet: again, it is a new try
        if changed:
            outbox.want_homes_again(session, turn.touched | {person.id}, turn.real_now, clicked=person.id)
        return Done(reply, turn.t, changed=changed)

    def _home(self, session: Session, person_id: str) -> Home | None:
        person = people.get(session, person_id)
        return self.flows.home(self.turn(session, person)) if person and person.takes_part else None

    def _file(
        self, session: Session, person_id: str, about: Mapping[str, Any], then: Callable[[Turn], Reply] | None = None
    ) -> File | Apart | None:
        person, step = people.get(session, person_id), self.flows.step(about["does"], Kind.HANDOUT)
        if person is None or step is None or not person.takes_part:
            return None
        turn = self.turn(session, person)
        turn.carry = about["carry"]
        try:
            made = (then or step)(turn)
        except Refused:
            return None
        return made if isinstance(made, File | Apart) else None


def _calculated(apart: Apart) -> Callable[[Turn], Reply]:
    """Calculate; what comes next is the answer to it, or what went wrong, raised in the turn that follows."""
    try:
        result = apart.calculate()
    except Exception as error:  # noqa: BLE001 - raised again below, where it is told to the person
        return partial(_raise, error)
    return lambda turn: apart.then(turn, result)


def _raise(error: Exception, turn: Turn) -> Reply:
    del turn
    raise error


def report(error: Exception, step: str) -> str:
    """Log a fault once, under a short reference that a person can quote; never the values it happened with."""
    ref = secrets.token_hex(2).upper()
    log.error("fault ref=%s step=%s error=%s at=%s", ref, step, type(error).__name__, _where(error))
    return ref


def _where(error: BaseException) -> str:
    """The innermost place of ours in the traceback; the exception's own words may hold what somebody typed."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    ours = [place for place in places if place.startswith("bot.")]
    return "<".join(reversed((ours or places)[-4:]))
