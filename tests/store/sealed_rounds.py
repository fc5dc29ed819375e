"""A round in which twelve people are asked about one, answered and closed by the store alone."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from bot.domain.anonymity import PEER, Thresholds
from bot.domain.cycle import CycleKind
from bot.domain.feedback import Answer, RoundState
from bot.domain.template import Group
from bot.store import cycles, invitations, people, released, seal_key, sealed
from bot.store.db import Database
from bot.store.released import Release

RATEE = "U00RATEE"
RATERS = [f"U{n:02}RATER" for n in range(12)]


def canary(rater: str) -> str:
    """A text that only this rater would write."""
    return f"canary {rater[::-1].lower()} sang"


def begun(database: Database) -> str:
    """The cycle of a round in which everybody is asked."""
    with database.unit_of_work() as session:
        for one in (RATEE, *RATERS):
            people.keep_member(session, people.Member(one, one, "", "en-US", "UTC", owner=False, takes_part=True))
        days = (date(2027, 1, 1), date(2027, 3, 31))
        at = datetime(2027, 1, 1, tzinfo=UTC)
        cycle = cycles.create(session, "Q1", CycleKind.QUARTER, days, {}, by=RATEE, at=at)
        invitations.begin(session, cycle.id, RATEE, RoundState.ASKED)
        about = invitations.round_about(session, cycle.id, RATEE)
        groups = dict.fromkeys(RATERS, Group.PEER)
        invitations.propose(session, about, groups)
        about = invitations.round_about(session, cycle.id, RATEE)
        assert invitations.freeze_terms(session, cycle.id)
        seal_key.make_key(session, cycle.id)
        invitations.approve(session, about, groups, set(), date(2027, 4, 1))
    return cycle.id


def submits(database: Database, cycle_id: str, rater: str, level: int = 4, more: str = "") -> None:
    """One rater answers, as the handler does it: one unit of work."""
    with database.unit_of_work() as session:
        mine = invitations.invitation(session, cycle_id, RATEE, rater)
        group = invitations.finish(session, mine)
        sealed.seal(session, cycle_id, RATEE, group, Answer({"care": level}, {"behaviour": canary(rater) + more}))


def closes(database: Database, cycle_id: str, thresholds: Thresholds = PEER) -> None:
    """The round is closed, as the handler does it, and the files are rewritten."""
    close_round(database, cycle_id, thresholds)
    assert sealed.wipe(database)


def close_round(database: Database, cycle_id: str, thresholds: Thresholds = PEER) -> None:
    """The round is closed, and the files still hold old bytes."""
    with database.unit_of_work() as session:
        invitations.close(session, cycle_id)
        found = sealed.open_rounds(session, cycle_id, [RATEE], thresholds).get(RATEE, {})
        some = [Release(RATEE, groups, len(RATERS), opened) for groups, opened in found.items()]
        released.release(session, cycle_id, some)
        sealed.destroy(session, cycle_id)


def authors_before(database: Database, cycle_id: str) -> dict[object, str]:
    """Who wrote which sealed row: only a test that has the key and knows the canaries can tell."""
    with database.unit_of_work() as session:
        key = seal_key.key_of(session, cycle_id)
        rows = session.execute(select(sealed.SealedRow.id, sealed.SealedRow.ciphertext)).all()
    said = {row.id: sealed.unlock(key, f"{cycle_id}/{RATEE}/peer", row.ciphertext).decode() for row in rows}
    return {row_id: one for row_id, words in said.items() for one in RATERS if canary(one) in words}


def authors_after(database: Database) -> dict[object, str]:
    """Who wrote which sentence."""
    with database.unit_of_work() as session:
        rows = session.execute(select(released.SentenceRow.id, released.SentenceRow.sentence)).all()
    return {row.id: one for row in rows for one in RATERS if row.sentence.startswith(canary(one))}


def answers_of(database: Database) -> dict[bytes, bytes]:
    """The sealed answers as they stand there, by id."""
    with database.unit_of_work() as session:
        rows = session.execute(select(sealed.SealedRow.id, sealed.SealedRow.ciphertext))
        return {row.id: row.ciphertext for row in rows}
