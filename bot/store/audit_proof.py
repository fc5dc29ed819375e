"""Proving the audit: every act is there, in its place, as it was written; what is not is named by its number."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.audit import HEAD, AuditRow, HeadRow, link, seal
from bot.store.db import Database
from bot.store.export import ENDED_WELL, REFUSED, Say

AT_ONCE = 1_000
UNTOLD = (
    "Whether the whole chain was written anew, or its end cut off and its mark with it, only an earlier proof tells: "
    "give what one ended with to --known, and keep the next line where nobody who can write here can change it."
)
NEWEST = "The newest is "


@dataclass
class Proof:
    """What was found: problems in words, how many acts stand in the chain, and what of them was erased."""

    problems: list[str] = field(default_factory=list)
    n: int = 0
    hash: str = ""
    erased: int = 0


def prove(session: Session, known: tuple[int, str] | None = None) -> Proof:
    """Go along the whole chain; `known` is the number and hash that an earlier proof ended with."""
    proof = Proof()
    rows = session.scalars(select(AuditRow).order_by(AuditRow.n, AuditRow.id).execution_options(yield_per=AT_ONCE))
    for row in rows:
        if row.n is None:
            proof.problems.append(f"The row {row.id} ({_told(row)}) has no place in the chain: it was put in.")
        else:
            proof.problems += _problems(proof, row, row.n)
            if known and row.n == known[0] and row.hash != known[1]:
                proof.problems.append(f"Entry {row.n} is another one than at the proof you know: all was written anew.")
            session.expunge(row)
    proof.problems += _end(proof, session.get(HeadRow, HEAD), known)
    return proof


def _problems(proof: Proof, row: AuditRow, n: int) -> Iterator[str]:
    """What is wrong with one row, seen from the one before it; the proof goes on from it."""
    if n <= proof.n:
        yield f"Entry {n} is there twice: the row {row.id} ({_told(row)}) was put in."
        return
    if n > proof.n + 1:
        yield f"{_numbers(proof.n + 1, n - 1)} missing. Whether entry {n} itself was changed cannot be told."
    elif row.hash != link(proof.hash, n, row.at, row.act, row.actor_seal, row.about_seal):
        yield f"Entry {n} ({_told(row)}) does not follow from the one before it: it was changed, moved or put in."
    if row.actor_salt and seal(row.actor_salt, row.actor_id) != row.actor_seal:
        yield f"Entry {n} ({_told(row)}): who acted was changed."
    if row.about_salt and seal(row.about_salt, row.about_id, row.record) != row.about_seal:
        yield f"Entry {n} ({_told(row)}): whose record it was, or which, was changed."
    if (row.actor_id and not row.actor_salt) or ((row.about_id or row.record) and not row.about_salt):
        yield f"Entry {n} ({_told(row)}) says more than was left of it when it was erased."
    proof.erased += not (row.actor_salt and row.about_salt)
    proof.n, proof.hash = n, row.hash


def _end(proof: Proof, head: HeadRow | None, known: tuple[int, str] | None) -> Iterator[str]:
    """Whether the chain ends where Cairn wrote last."""
    n, newest = (head.n, head.hash) if head else (0, "")
    if head is None and proof.n:
        yield "The end of the chain is not written down any more: whether entries after it are missing cannot be told."
    elif n > proof.n:
        yield f"{_numbers(proof.n + 1, n)} missing."
    elif n < proof.n:
        yield f"{_numbers(n + 1, proof.n)} not written by Cairn, whose newest is {n}: put in."
    elif newest != proof.hash:
        yield f"Entry {n}, the newest, is another one than Cairn wrote."
    if known and known[0] > proof.n:
        yield f"The proof you know ended with entry {known[0]}; here the chain ends with {proof.n}."


def _numbers(first: int, last: int) -> str:
    return f"Entry {first} is" if first == last else f"Entries {first} to {last} are"


def _told(row: AuditRow) -> str:
    return f"{row.act}, {row.at:%Y-%m-%d %H:%M}"


def verify(database: Database, known: str, say: Say) -> int:
    """Prove the audit and say what was found; the exit status is 1 unless all of it is as it was written.

    `known` is what an earlier proof ended with: `N:HASH`, or that whole line as it was kept.
    """
    number, _, newest = known.strip().removeprefix(NEWEST).partition(":")
    if known and not (number.isdecimal() and newest):
        say("--known takes what an earlier proof printed, like this: 1204:9f2c…")
        return REFUSED
    with database.unit_of_work() as session:
        if not database.is_sqlite:  # where others write meanwhile: all of it is read as of one moment
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        proof = prove(session, (int(number), newest) if known else None)
    for one in proof.problems:
        say(one)
    if not proof.problems:
        erased = f" In {proof.erased} a name was erased." if proof.erased else ""
        say(f"{proof.n} entries; none was changed, moved, put in or taken out.{erased}")
        if proof.n and not known:
            say(UNTOLD)
        say(f"{NEWEST}{proof.n}:{proof.hash}" if proof.n else "Nothing has been noted yet.")
    return REFUSED if proof.problems else ENDED_WELL
