"""The audit of confidentiality on the live database: what the answer tables hold, and whether any attack succeeds.

Twelve made-up colleagues answer about a thirteenth, each in a savepoint, through the same functions as real ones; the
attacks look on, as somebody who copies the database after every answer. Then everything is rolled back: no row stays.
What real answers left behind is looked at too, and never opened.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import MetaData, func, inspect, literal_column, select
from sqlalchemy.orm import Session

from bot.domain.cycle import CycleKind
from bot.domain.feedback import Answer, RoundState
from bot.domain.pulse import Level, Question, Said
from bot.domain.refusal import Refused
from bot.domain.rounding import mean
from bot.domain.template import Group
from bot.store import cycles, invitations, people, pulse, released, seal_key, sealed
from bot.store.db import Database
from bot.store.linkage import ANSWERS, ATTACKS, Attack, Look, Tables, look, recovered, telltale
from bot.store.released import Release

GROUPS = {Group.PEER: 6, Group.UPWARD: 4, Group.CROSS_DEPARTMENT: 2}
DAY = date(2000, 1, 1)
LEDGER = "feedback_invitations"
Say = Callable[[str], None]


class Undone(Exception):  # noqa: N818 - it says what becomes of the unit of work
    """Roll everything back."""


@dataclass(frozen=True)
class Tried:
    """What an attack made of a number of answers."""

    attack: Attack
    moment: str
    found: int
    of: int

    @property
    def succeeded(self) -> bool:
        """Whether it found more than luck gives."""
        return self.found > self.attack.luck


def run(database: Database, say: Say) -> int:
    """Print the columns, try every attack, and say what came of it; 1 if anything leads to an author."""
    with database.unit_of_work() as session:
        wrong = [*_columns(session, say), *_left_by_real_ones(session)]
    for what in wrong:
        say(f"FOUND  {what}")
    tried: list[Tried] = []
    with suppress(Undone), database.unit_of_work() as session:
        tried = attempts(session)
        raise Undone
    for one in tried:
        say(_in_words(one))
    failed = bool(wrong) or any(one.succeeded for one in tried)
    say("At least one way leads to an author." if failed else "No attack led from an answer to its author.")
    return int(failed)


def _in_words(one: Tried) -> str:
    verdict = "FOUND" if one.succeeded else "ok   "
    of = f"{one.found} of {one.of} by chance" if one.found and not one.succeeded else f"{one.found} of {one.of}"
    return f"{verdict}  {one.attack.name}, {one.moment}: {one.attack.tried} It found {of}."


# What stands there --------------------------------------------------------------------------------


def _columns(session: Session, say: Say) -> list[str]:
    """Print the columns of every table of answers, as the database itself tells them; returns the telltale ones."""
    names = [name for name in inspect(session.connection()).get_table_names() if name.startswith(ANSWERS)]
    there = MetaData()
    there.reflect(session.connection(), only=names, resolve_fks=False)
    for name in sorted(names):
        columns = ", ".join(f"{each.name} {each.type}".lower() for each in there.tables[name].columns)
        say(f"{name}: {columns}")
    wrong = [found for name in sorted(names) for found in telltale(there.tables[name])]
    if not wrong:
        say("No column tells a time, a sequence, an author or a key.")
    return wrong


def _left_by_real_ones(session: Session) -> list[str]:
    """What real answers left: keys that would open them, and transaction marks that set one answer apart."""
    found = [] if seal_key.is_wrapped(session) else ["A key stands in the database that opens sealed answers."]
    if session.get_bind().dialect.name == "postgresql":
        of_round = (sealed.SealedRow.cycle_id, sealed.SealedRow.ratee_id)
        marks = select(func.count(literal_column("xmin::text").distinct()))
        if any(n > 1 for n in session.scalars(marks.group_by(*of_round).select_from(sealed.SealedRow))):
            found.append("Sealed answers of one round were written by different transactions.")
        of_batch = (pulse.SealedPulseRow.cycle_id, pulse.SealedPulseRow.batch)
        if any(n > 1 for n in session.scalars(marks.group_by(*of_batch).select_from(pulse.SealedPulseRow))):
            found.append("Sealed answers of one batch of a pulse were written by different transactions.")
    if pulse.smallest_batch(session) < pulse.BATCH:
        found.append("Sealed answers of a pulse stand apart from the others of their cycle.")
    return found


# A round that never was -------------------------------------------------------------------------


def attempts(session: Session) -> list[Tried]:
    """Live a round with made-up people, open and closed, and try every attack; the caller rolls it back."""
    cycle_id, ratee_id, groups = _begun(session)
    says = {rater: f"probe {secrets.token_hex(8)} " + "and on " * secrets.randbelow(400) for rater in groups}
    levels = {rater: 1 + secrets.randbelow(5) for rater in groups}
    looks = []
    for rater in secrets.SystemRandom().sample(sorted(groups), len(groups)):
        with session.begin_nested():
            group = invitations.finish(session, invitations.invitation(session, cycle_id, ratee_id, rater))
            sealed.seal(session, cycle_id, ratee_id, group, Answer({"t": levels[rater]}, {"behaviour": says[rater]}))
        tables = Tables(LEDGER, "sealed_answers", "cycle_keys", cycle_id)
        looks.append(look(session, tables, _shown(session, cycle_id, ratee_id)))
    truth = _truth(session, looks[-1], says, levels, cycle_id)
    tried = [Tried(one, "while the round is open", recovered(one, looks, truth), len(groups)) for one in ATTACKS]
    return [*tried, *_after_the_close(session, (cycle_id, ratee_id), says), *_in_a_pulse(session, cycle_id, groups)]


def _in_a_pulse(session: Session, cycle_id: str, groups: Mapping[str, Group]) -> list[Tried]:
    """The same people answer a pulse, the group of each in place of a department."""
    says = {rater: f"probe {secrets.token_hex(8)}" for rater in groups}
    tables, looks = Tables("pulse_done", "sealed_pulses", "cycle_keys", cycle_id, "person_id"), []
    for rater in secrets.SystemRandom().sample(sorted(groups), len(groups)):
        levels = {question: secrets.choice(list(Level)) for question in Question}
        with session.begin_nested():
            pulse.seal(session, cycle_id, rater, groups[rater], Said(levels, says[rater]))
        looks.append(look(session, tables))
    key, truth = seal_key.key_of(session, pulse.key_name(cycle_id)), dict[object, Sequence[object]]()
    for row in looks[-1].answers:
        said = sealed.unlock(key, cycle_id, bytes(row["ciphertext"]))
        author = next(rater for rater, words in says.items() if words.encode() in said)
        truth |= {author: [row["id"]], row["id"]: [said]}
    return [Tried(one, "in a pulse", recovered(one, looks, truth), len(groups)) for one in ATTACKS]


def _begun(session: Session) -> tuple[str, str, Mapping[str, Group]]:
    """A cycle, thirteen people, and the invitations of twelve of them."""
    ids = [f"AUDIT{secrets.token_hex(8)}" for _ in range(1 + sum(GROUPS.values()))]
    for one in ids:
        people.keep_member(session, people.Member(one, one, "", "en-US", "UTC", owner=False, takes_part=False))
    ratee, *raters = ids
    groups = dict(zip(raters, [group for group, n in GROUPS.items() for _ in range(n)], strict=True))
    at = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
    cycle_id = cycles.create(session, ratee, CycleKind.QUARTER, (DAY, DAY), {}, by=ratee, at=at).id
    invitations.begin(session, cycle_id, ratee, RoundState.ASKED)
    invitations.propose(session, invitations.round_about(session, cycle_id, ratee), groups)
    invitations.freeze_terms(session, cycle_id)
    seal_key.make_key(session, cycle_id)
    invitations.approve(session, invitations.round_about(session, cycle_id, ratee), groups, set(), DAY)
    return cycle_id, ratee, groups


def _shown(session: Session, cycle_id: str, ratee_id: str) -> dict[str, tuple[int, Decimal]]:
    """What is released about the made-up person at this moment."""
    groups = released.summary(session, cycle_id, ratee_id)
    return {one.group: (one.n, mean(one.ratings)) for one in groups if one.ratings}


def _truth(
    session: Session, last: Look, says: Mapping[str, str], levels: Mapping[str, int], cycle_id: str
) -> dict[object, Sequence[object]]:
    """Whose each answer is; the audit made the key of this round and may know."""
    key, truth = seal_key.key_of(session, cycle_id), dict[object, Sequence[object]]()
    for row in last.answers:
        whose = f"{cycle_id}/{row['ratee_id']}/{row['relation']}"
        said = sealed.unlock(key, whose, bytes(row["ciphertext"]))
        author = next(rater for rater, words in says.items() if words.encode() in said)
        truth |= {author: [row["id"], levels[author]], row["id"]: [said]}
    return truth


def _after_the_close(session: Session, of: tuple[str, str], says: Mapping[str, str]) -> list[Tried]:
    """The same once the answers are opened, and one more answer that comes too late."""
    cycle_id, ratee_id = of
    thresholds = invitations.terms(session, cycle_id)
    invitations.close(session, cycle_id)
    found = sealed.open_rounds(session, cycle_id, [ratee_id], thresholds).get(ratee_id, {})
    released.release(session, cycle_id, [Release(ratee_id, groups, one.n, one) for groups, one in found.items()])
    sealed.destroy(session, cycle_id)
    with suppress(Refused):
        sealed.seal(session, cycle_id, ratee_id, Group.PEER, Answer({"t": 1}, {}))
    tables = Tables(LEDGER, "released_sentences", "cycle_keys", cycle_id)
    last = look(session, tables, _shown(session, cycle_id, ratee_id))
    truth: dict[object, Sequence[object]] = {
        rater: [row["id"] for row in last.answers if row["sentence"] in words] for rater, words in says.items()
    }
    return [Tried(one, "after its close", recovered(one, [last], truth), len(last.answers)) for one in ATTACKS]
