"""The end of a whole assessment: sealed answers are opened, told and counted in results, and a fairness report made.

Everybody was asked about five colleagues and has answered, in words and levels, sealed as they are in a round.
"""

import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.app import Cairn
from bot.domain.anonymity import pad
from bot.domain.fairness_questions import report
from bot.domain.fairness_report import Assessed
from bot.domain.feedback import InvitationState, RoundState
from bot.schedules.due import Due
from bot.slack.limits import UNHURRIED
from bot.store import invitations, seal_key, timers
from bot.store.db import Database
from bot.store.invitations import InvitationRow, RoundRow
from bot.store.outbox import POST, OutboxRow
from bot.store.released import GroupRow
from bot.store.results import ResultRow
from bot.store.reviews import ReviewRow
from bot.store.sealed import LEAST_BYTES, SealedRow
from tests.bench import crowd, ground
from tests.bench.crowd import Crowd
from tests.bench.measure import Row, at_most, memory_of

RATERS = 5
STEPS = {"closing the rounds": "peers.close", "results with their trees": "scoring.compute"}
WHOLE = 5.0
"""Milliseconds a person that a whole assessment may take: fifty seconds for 10,000 people."""


@dataclass
class Cost:
    """What one step took: CPU seconds, the longest transaction in real seconds, and megabytes at the most."""

    cpu: float = 0.0
    longest: float = 0.0
    megabytes: float = 0.0


async def rows(*, quick: bool) -> list[Row]:
    """On both databases, the largest company on one alone (it takes a quarter of an hour); each is a company anew."""
    found: list[Row] = []
    for name, make in ground.GROUNDS.items():
        largest = (100_000,) if name == "SQLite" else ()
        for size in (1_000,) if quick else (1_000, 10_000, *largest):
            with make() as fresh:
                found += await measured_on(name, fresh(), size)
    return found


async def measured_on(name: str, database: Database, size: int) -> list[Row]:
    """A company of this size on one database."""
    company = answered(database, size)
    cairn = await ground.cairn_on(database, ground.Clock(crowd.CALIBRATING))
    costs = {what: await _run(cairn, step, company) for what, step in STEPS.items()}
    costs["fairness report"] = await _fairness(database, company)
    await cairn.session.close()
    _must_be_done(database, size)
    lines = [line for what, cost in costs.items() for line in _lines(f"{what}, {size:,} people, {name}", cost, size)]
    seconds = sum(cost.cpu for cost in costs.values())
    return [*lines, at_most(f"a whole assessment, {size:,} people, {name}", seconds, "s", WHOLE / 1e3 * size)]


def _lines(what: str, cost: Cost, size: int) -> list[Row]:
    note = f"{cost.megabytes / size * 1024:.1f} kB a person at the most, {cost.cpu:.1f} s in all"
    a_person = Row(what, round(cost.cpu / size * 1e3, 3), None, "ms", note=note)
    if not cost.longest:
        return [a_person]
    return [
        a_person,
        at_most(f"longest wait of a click: {what}", cost.longest, "s", 1.0),
    ]


async def _run(cairn: Cairn, step: str, company: Crowd) -> Cost:
    """Do it as it is done: by timers, a slice at a time."""
    at, database, cost = crowd.CALIBRATING, cairn.database, Cost()
    with database.unit_of_work() as session:
        timers.remind(session, step, "", company.cycle.id, at)
    due, before, began = Due(cairn.desk, UNHURRIED), memory_of(os.getpid()), ground.clock()
    since, ran = time.monotonic(), await due()
    while ran:  # prompts wait for a sender, and there is none
        cost.longest = max(cost.longest, time.monotonic() - since)
        since, ran = time.monotonic(), await due()
        cost.megabytes = max(cost.megabytes, memory_of(os.getpid()) - before)
    cost.cpu = ground.clock() - began
    return cost


async def _fairness(database: Database, company: Crowd) -> Cost:
    """Read everybody's figures and ask all questions of them; no click waits for a report."""
    before, began = memory_of(os.getpid()), ground.clock()
    found = await database.run(lambda session: report(_figures(session, company)))
    assert found.people == company.size
    return Cost(ground.clock() - began, 0.0, memory_of(os.getpid()) - before)


def _figures(session: Session, company: Crowd) -> list[Assessed]:
    scores = session.execute(select(ResultRow.person_id, ResultRow.score, ResultRow.band))
    reviews = session.execute(select(ReviewRow.person_id, ReviewRow.competencies))
    reviewed = {row.person_id: row.competencies for row in reviews}
    grades = {band: n for n, band in enumerate("SABCD")}
    return [
        Assessed(
            row.person_id, company.boss_of(n), crowd.department_of(n), "Colleague", attainment=float(row.score or 0),
            rating=_rating(reviewed[row.person_id]), score=float(row.score or 0), grade=grades.get(row.band),
        )
        for row in scores
        for n in [int(row.person_id[1:])]
    ]  # fmt: skip


def _rating(levels: dict[str, int]) -> float:
    return (sum(levels.values()) / len(levels) - 1) * 25


def _must_be_done(database: Database, size: int) -> None:
    """Every round was opened, everybody told, and everybody has a result: nothing measures an empty run."""
    expected = {GroupRow: size, ResultRow: size, SealedRow: 0}
    with database.unit_of_work() as session:
        found = {table: session.scalar(select(func.count()).select_from(table)) or 0 for table in expected}
        changed = session.scalar(select(func.count()).where(OutboxRow.wanted > OutboxRow.sent)) or 0
    assert found == expected
    assert changed >= size * (RATERS + 2)


# A company whose rounds are answered ----------------------------------------------------------


def answered(database: Database, size: int) -> Crowd:
    """A quarter at its end: values, reviews, and five sealed answers about everybody."""
    company = crowd.under_way(database, size)
    with database.unit_of_work() as session:
        crowd.reported(session, company)
        invitations.freeze_terms(session, company.cycle.id)
        seal_key.make_key(session, company.cycle.id)
        crowd.bulk(session, RoundRow, _rounds(company))
        crowd.bulk(session, InvitationRow, _invitations(company))
        crowd.bulk(session, OutboxRow, _cards(company))
        crowd.bulk(session, SealedRow, _sealed(company, AESGCM(seal_key.key_of(session, company.cycle.id))))
    return company


def _rounds(company: Crowd) -> Iterator[dict[str, Any]]:
    about = {"cycle_id": company.cycle.id, "state": RoundState.OPEN.value}
    return ({**about, "ratee_id": f"P{n}", "approver_id": company.boss_of(n)} for n in range(company.size))


def _invitations(company: Crowd) -> Iterator[dict[str, Any]]:
    for n in range(company.size):
        for k in range(1, RATERS + 1):
            yield {
                "cycle_id": company.cycle.id, "ratee_id": f"P{n}", "rater_id": f"P{(n + k) % company.size}",
                "relation": "peer", "state": InvitationState.DONE.value, "asked_on": crowd.LAST,
            }  # fmt: skip


def _cards(company: Crowd) -> Iterator[dict[str, Any]]:
    """What everybody has been told so far: the close changes each of these messages."""
    for n in range(company.size):
        raters = (f"P{(n + k) % company.size}" for k in range(1, RATERS + 1))
        boss = company.boss_of(n)
        cards = {"nominate": f"P{n}", f"approve/{boss}": boss, **{f"rater/{one}": one for one in raters}}
        for rest, person_id in cards.items():
            key = f"peers/{company.cycle.id}/P{n}/{rest}"
            yield {
                "key": key, "opaque": key, "person_id": person_id, "method": POST, "body": {"text": "."}, "bulk": True,
                "wanted": 1, "sent": 1, "channel": "D" + person_id, "ts": "1.0", "not_before": crowd.WORKING,
                "leased_until": None, "in_doubt": False, "attempts": 0, "error": "", "asked_at": None,
                "answered_at": None, "merged": False,
            }  # fmt: skip


def _sealed(company: Crowd, key: AESGCM) -> Iterator[dict[str, Any]]:
    topics = {name: [one.id for one in crowd.template_for(name).feedback] for name in crowd.DEPARTMENTS}
    for n in range(company.size):
        whose = f"{company.cycle.id}/P{n}/peer"
        for k in range(RATERS):
            said = _answer(topics[crowd.department_of(n)], n + k)
            nonce = secrets.token_bytes(seal_key.NONCE_BYTES)
            yield {
                "id": secrets.token_bytes(16), "cycle_id": company.cycle.id, "ratee_id": f"P{n}", "relation": "peer",
                "ciphertext": nonce + key.encrypt(nonce, pad(said, LEAST_BYTES), whose.encode()),
            }  # fmt: skip


def _answer(topics: list[str], n: int) -> bytes:
    ratings = {topic: 2 + (n + k) % 4 for k, topic in enumerate(topics)}
    texts = {
        "situation": "On the Hansa order in February.",
        "behaviour": "She called the customer within the hour. She told the warehouse what had changed.",
        "next_time": "The same again, and a word to the team before the weekend.",
    }
    return json.dumps({"ratings": ratings, "texts": texts}).encode()
