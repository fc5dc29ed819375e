"""The audit of confidentiality on the live database: what the answer tables hold, and whether any attack succeeds.

Twelve made-up colleagues answer about another one, each in a savepoint, through the same functions as real ones; the
attacks look on, as somebody who copies the database after every answer. One more comes too late. Then everything is
rolled back: no row stays. What real answers left behind is looked at too, and never opened.

Each line is meant for whoever sits beside the operator, and knows nothing of databases but what a table is.
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
COLUMNS = "What the tables of answers have room for, column by column, as the database itself tells it:"
BEGINNING = (
    "Now made-up people answer, twelve in time and one too late, and each way to an author is tried on what they said."
    " No real answer is opened, and of the made-up ones nothing stays."
)
BEYOND = (
    "Not tried, since no look at a database shows it: who watches the server at the moment somebody sends, and who"
    " knows a colleague's style."
)


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
        wrong = [*_columns(session, say), *_left_by_real_ones(session, say)]
    for what in wrong:
        say(f"FOUND  {what}")
    say(BEGINNING)
    tried: list[Tried] = []
    with suppress(Undone), database.unit_of_work() as session:
        tried = attempts(session)
        raise Undone
    for one in tried:
        say(_in_words(one))
    say(BEYOND)
    failed = bool(wrong) or any(one.succeeded for one in tried)
    say("At least one way leads to an author." if failed else "No attack led from an answer to its author.")
    return int(failed)


def _in_words(one: Tried) -> str:
    verdict = "FOUND" if one.succeeded else "ok   "
    chance = ", no more than guessing does" if one.found and not one.succeeded else ""
    told = f"It gave away {one.found} of {one.of} answers{chance}."
    return f"{verdict}  {one.attack.name}, {one.moment}: {one.attack.tried} {told}"


# What stands there --------------------------------------------------------------------------------


def _columns(session: Session, say: Say) -> list[str]:
    """Print the columns of every table of answers, as the database itself tells them; returns the telltale ones."""
    names = [name for name in inspect(session.connection()).get_table_names() if name.startswith(ANSWERS)]
    there = MetaData()
    there.reflect(session.connection(), only=names, resolve_fks=False)
    say(COLUMNS)
    for name in sorted(names):
        columns = ", ".join(f"{each.name} {each.type}".lower() for each in there.tables[name].columns)
        say(f"  {name}: {columns}")
    wrong = [found for name in sorted(names) for found in telltale(there.tables[name])]
    if not wrong:
        say("No column tells a time, a sequence, an author or a key.")
    return wrong


def _left_by_real_ones(session: Session, say: Say) -> list[str]:
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
    if not found:
        say("Of the real answers that are sealed now, none stands apart, and no key to them lies open in the database.")
    return found


# A round that never was -------------------------------------------------------------------------


def attempts(session: Session) -> list[Tried]:
    """Live a round with made-up people, open and closed, and try every attack; the caller rolls it back."""
    cycle_id, ratee_id, late, groups = _begun(session)
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
    return [
        *tried,
        *_after_the_close(session, (cycle_id, ratee_id), says, late),
        *_in_a_pulse(session, cycle_id, groups),
    ]


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
    those = [one for one in ATTACKS if not one.of_means]
    return [Tried(one, "in a pulse about the process", recovered(one, looks, truth), len(groups)) for one in those]


def _begun(session: Session) -> tuple[str, str, str, Mapping[str, Group]]:
    """A cycle, whom it is about, who will come too late, and the groups of the twelve who answer in time."""
    ids = [f"AUDIT{secrets.token_hex(8)}" for _ in range(2 + sum(GROUPS.values()))]
    for one in ids:
        people.keep_member(session, people.Member(one, one, "", "en-US", "UTC", owner=False, takes_part=False))
    ratee, late, *raters = ids
    groups = dict(zip(raters, [group for group, n in GROUPS.items() for _ in range(n)], strict=True))
    invited = {**groups, late: Group.PEER}
    at = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
    cycle_id = cycles.create(session, ratee, CycleKind.QUARTER, (DAY, DAY), {}, by=ratee, at=at).id
    invitations.begin(session, cycle_id, ratee, RoundState.ASKED)
    invitations.propose(session, invitations.round_about(session, cycle_id, ratee), invited)
    invitations.freeze_terms(session, cycle_id)
    seal_key.make_key(session, cycle_id)
    invitations.approve(session, invitations.round_about(session, cycle_id, ratee), invited, set(), DAY)
    return cycle_id, ratee, late, groups


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


def _after_the_close(session: Session, of: tuple[str, str], says: Mapping[str, str], late: str) -> list[Tried]:
    """The same once the answers are opened, before and after one more that comes too late."""
    tables, level = Tables(LEDGER, "released_sentences", "cycle_keys", of[0]), 1 + secrets.randbelow(5)
    _closed(session, *of)
    before = look(session, tables, _shown(session, *of))
    _comes_too_late(session, *of, late, level)
    _closed(session, *of)
    after = look(session, tables, _shown(session, *of))
    truth: dict[object, Sequence[object]] = {
        rater: [row["id"] for row in after.answers if row["sentence"] in words] for rater, words in says.items()
    }
    truth |= {late: [level]}
    looks = [before, after]
    return [Tried(one, "after its close", recovered(one, looks, truth), len(after.answers)) for one in ATTACKS]


def _closed(session: Session, cycle_id: str, ratee_id: str) -> None:
    """The close, as the handler does it; closing again must add nothing."""
    thresholds = invitations.terms(session, cycle_id)
    invitations.close(session, cycle_id)
    found = sealed.open_rounds(session, cycle_id, [ratee_id], thresholds).get(ratee_id, {})
    released.release(session, cycle_id, [Release(ratee_id, groups, one.n, one) for groups, one in found.items()])
    sealed.destroy(session, cycle_id)


def _comes_too_late(session: Session, cycle_id: str, ratee_id: str, late: str, level: int) -> None:
    """Somebody answers all the same; each door on the way has to be shut by itself."""
    with suppress(Refused):
        invitations.finish(session, invitations.invitation(session, cycle_id, ratee_id, late))
    with suppress(Refused):
        sealed.seal(session, cycle_id, ratee_id, Group.PEER, Answer({"t": level}, {"behaviour": "too late"}))
