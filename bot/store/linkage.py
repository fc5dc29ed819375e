"""Attacks that look for the author of an answer, as somebody tries them who copies the database after every answer.

They work on looks at two tables, the list of who took part and the answers, and on what was shown of them: so the
same code runs against a naive store, against ours, and in the live database.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise, permutations
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, Select, Table, column, literal_column, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.domain.anonymity import HARD_FLOOR

Row = Mapping[str, Any]
Guesses = Mapping[object, object]
"""About whom or what, and what is claimed: the id of an answer, a level, a mean, bytes."""
NONCE, KEY = 12, 32
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")
"""How both databases write moments and days."""


@dataclass(frozen=True)
class Tables:
    """Where to look; with a cycle, at its rows alone."""

    ledger: str
    answers: str
    keys: str
    cycle_id: str = ""
    who: str = "rater_id"
    """The column of the list that names who took part."""


@dataclass(frozen=True)
class Look:
    """What one copy of the database shows, in the order of reading, and what people are shown at that moment.

    `place` and `mark` of a row are where it lies and which transaction wrote it, None where the database tells neither.
    `shown` has the size and the mean of each group.
    """

    ledger: Sequence[Row]
    answers: Sequence[Row]
    keys: Sequence[bytes] = ()
    shown: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)

    @property
    def done(self) -> list[Row]:
        """Who has answered."""
        return [row for row in self.ledger if row.get("state", "done") == "done"]


@dataclass(frozen=True)
class Attack:
    """One way to look for authors; `luck` is how many of twelve chance alone hardly ever gives.

    `of_means`: it reckons with averages that people are shown; where there are none, as of a pulse, it is no attack.
    """

    name: str
    tried: str
    guess: Callable[[Sequence[Look]], Guesses]
    luck: int = 0
    of_means: bool = False


def recovered(attack: Attack, looks: Sequence[Look], truth: Mapping[object, Sequence[object]]) -> int:
    """How much an attack claims that is true."""
    return sum(claim in truth.get(about, ()) for about, claim in attack.guess(looks).items())


# Looking --------------------------------------------------------------------------------------


def look(session: Session, at: Tables, shown: Mapping[str, tuple[int, Decimal]] | None = None) -> Look:
    """Copy what stands in the tables now."""
    keys = [bytes(row["key"]) for row in _rows(session, at.keys)] if at.keys else []
    ledger = [{**row, "rater_id": row[at.who]} for row in _rows(session, at.ledger, at.cycle_id)]
    return Look(ledger, _rows(session, at.answers, at.cycle_id), keys, shown or {})


def _rows(session: Session, name: str, cycle_id: str = "") -> list[Row]:
    """Rows with all that the database tells beside its columns, in the order in which it gives them."""
    lite = session.get_bind().dialect.name == "sqlite"
    hidden = ["rowid AS place"] if lite else ["ctid::text AS place", "xmin::text AS mark"]
    everything: Select[Any] = select(literal_column("*")).select_from(table(name))
    if cycle_id:
        everything = everything.where(column("cycle_id") == cycle_id)
    try:
        with session.begin_nested():
            found = session.execute(everything.add_columns(*map(literal_column, hidden))).mappings().all()
    except DBAPIError:  # the table has no row numbers
        found = session.execute(everything).mappings().all()
    return [dict(row) for row in found]


# Attacks on where and when a row was written --------------------------------------------------------


def _by_place(looks: Sequence[Look]) -> Guesses:
    last = looks[-1]
    if any(row.get("place") is None for row in (*last.done, *last.answers)):
        return {}
    return _zipped(sorted(last.done, key=_place), sorted(last.answers, key=_place))


def _place(row: Row) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", str(row["place"]))]


def _by_reading(looks: Sequence[Look]) -> Guesses:
    return _zipped(looks[-1].done, looks[-1].answers)


def _by_mark(looks: Sequence[Look]) -> Guesses:
    return _joined(looks[-1], lambda row: [row["mark"]] if row.get("mark") else [])


def _by_time(looks: Sequence[Look]) -> Guesses:
    return _joined(looks[-1], lambda row: [str(value) for value in row.values() if _MOMENT.match(str(value))])


def _zipped(ledger: Sequence[Row], answers: Sequence[Row]) -> Guesses:
    return {who["rater_id"]: what["id"] for who, what in zip(ledger, answers, strict=False)}


def _joined(last: Look, of: Callable[[Row], Sequence[object]]) -> Guesses:
    """Put together what has the same value, where exactly one answer has it."""
    having = Counter(value for row in last.answers for value in of(row))
    answer = {value: row["id"] for row in last.answers for value in of(row) if having[value] == 1}
    return {row["rater_id"]: answer[value] for row in last.done for value in of(row) if value in answer}


# Attacks on two copies, from before and after an answer -----------------------------------------------


def _between(looks: Sequence[Look]) -> Iterator[tuple[str, Look, Look]]:
    """The copies on both sides of an answer, and who alone has answered in between."""
    for before, after in pairwise([Look((), ()), *looks]):
        new = {row["rater_id"] for row in after.done} - {row["rater_id"] for row in before.done}
        if len(new) == 1:
            yield new.pop(), before, after


def _by_difference(of: Callable[[Row], object]) -> Callable[[Sequence[Look]], Guesses]:
    """What is new in the second copy is the newcomer's, if it is one thing and can be found again."""

    def guess(looks: Sequence[Look]) -> Guesses:
        found: dict[object, object] = {}
        for who, before, after in _between(looks):
            new = Counter(map(of, after.answers)) - Counter(map(of, before.answers))
            again = [row["id"] for row in looks[-1].answers if of(row) in new]
            if new.total() == 1 and len(again) == 1:
                found[who] = again[0]
        return found

    return guess


def _by_late_answer(looks: Sequence[Look]) -> Guesses:
    """The mean of n and the mean of n + 1 give what the newcomer said."""
    found: dict[object, object] = {}
    for who, before, after in _between(looks):
        for group, (n, mean) in after.shown.items():
            was, earlier = before.shown.get(group, (0, Decimal(0)))
            if n == was + 1:
                found.setdefault(who, round(n * mean) - round(was * earlier))
    return found


def _by_subtraction(looks: Sequence[Look]) -> Guesses:
    """One group taken from another that holds it gives the few who are in one of them alone."""
    shown = looks[-1].shown
    pairs = [(whole, [part]) for whole, part in permutations(shown, 2)]
    whole = max(shown, key=lambda group: shown[group][0], default="")
    pairs += [(whole, [part for part in shown if part != whole])] if len(shown) > 2 else []
    found: dict[object, object] = {}
    for one, parts in pairs:
        rest = shown[one][0] - sum(shown[part][0] for part in parts)
        if 0 < rest < HARD_FLOOR:
            left = shown[one][0] * shown[one][1] - sum(shown[part][0] * shown[part][1] for part in parts)
            found[f"{one} without {', '.join(parts)}"] = (left / rest).quantize(Decimal("0.000001"))
    return found


def _by_stored_key(looks: Sequence[Look]) -> Guesses:
    """Any bytes of the database as the key of its ciphertexts."""
    last, found = looks[-1], {}
    for key in {kept[at : at + KEY] for kept in last.keys for at in range(len(kept) - KEY + 1)}:
        for row in (row for row in last.answers if "ciphertext" in row):
            sealed = bytes(row["ciphertext"])
            whose = "/".join(str(row[part]) for part in ("cycle_id", "ratee_id", "relation") if part in row)
            try:
                found[row["id"]] = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], whose.encode())
            except InvalidTag:
                continue
    return found


def _id(row: Row) -> object:
    return row["id"]


def _bytes(row: Row) -> object:
    return bytes(row["ciphertext"]) if "ciphertext" in row else row["id"]


def _length(row: Row) -> object:
    return len(row["ciphertext"]) if "ciphertext" in row else row["id"]


LUCK = 7
ATTACKS: Sequence[Attack] = (
    Attack("row numbers", "Who took part and what was answered, joined by where the rows lie.", _by_place, LUCK),
    Attack("order of reading", "Both lists side by side, in the order in which they are read.", _by_reading, LUCK),
    Attack("transactions", "Rows that one transaction wrote, where the database notes that.", _by_mark),
    Attack("times", "Rows with the same moment or day.", _by_time),
    Attack("copies by id", "The database copied before and after each answer: which id is new?", _by_difference(_id)),
    Attack(
        "copies by bytes",
        "The database copied before and after each answer: which sealed bytes are new?",
        _by_difference(_bytes),
    ),
    Attack(
        "copies by size",
        "The database copied before and after each answer: which length is new?",
        _by_difference(_length),
    ),
    Attack(
        "a late answer",
        "The average shown before and after one answer: what did the newcomer say?",
        _by_late_answer,
        of_means=True,
    ),
    Attack(
        "overlapping groups",
        "The average of a group less that of a part of it: what did the rest say?",
        _by_subtraction,
        of_means=True,
    ),
    Attack("keys", "Whatever stands in the database as a key, tried on every sealed answer.", _by_stored_key),
)


# Columns --------------------------------------------------------------------------------------


ANSWERS = ("sealed_", "released_")
"""How the names of tables of answers begin."""
_WORDS = {"rater", "author", "user", "person", "by", "at", "on", "time", "day", "date"} | {
    "seq", "sequence", "number", "rank", "order", "key",
}  # fmt: skip
_IDS = frozenset({"id", "cycle_id", "ratee_id", "topic_id", "goal_id"})
"""What an answer is about: a goal is one of the person it is about, never of who judges it."""


def telltale(of: Table) -> list[str]:
    """What in a table could lead to an author or tell an order."""
    found = [f"{of.name}.{key.parent.name} is a foreign key" for key in of.foreign_keys]
    for each in of.columns:
        kind = bytes if isinstance(each.type, LargeBinary) else each.type.python_type
        if kind in {datetime, date} or _WORDS & set(each.name.split("_")):
            found.append(f"{of.name}.{each.name} tells when or who")
        elif each.name.endswith("_id") and each.name not in _IDS:
            found.append(f"{of.name}.{each.name} leads somewhere")
        if each.primary_key and (kind is int or each.server_default is not None or each.default is not None):
            found.append(f"{of.name}.{each.name} counts")
    return found
