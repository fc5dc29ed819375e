"""How authors are found again in a store that thought of nothing but random ids."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, MetaData, String, Table, insert, literal_column, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.store.db import Database

NAIVE = MetaData()
NAIVE_LEDGER = Table("naive_ledger", NAIVE, Column("rater_id", String, primary_key=True), Column("done_at", DateTime))
NAIVE_ANSWERS = Table(
    "naive_answers",
    NAIVE,
    Column("id", String, primary_key=True),
    Column("created_at", DateTime),
    Column("said", String),
)
Guess = dict[str, str]
Attack = Callable[[Session, str, str], Guess]


def naively_submits(database: Database, rater: str, at: datetime, said: str) -> None:
    """The same with random ids and no author column, and nothing else thought of."""
    with database.unit_of_work() as session:
        session.execute(insert(NAIVE_LEDGER).values(rater_id=rater, done_at=at))
        session.execute(insert(NAIVE_ANSWERS).values(id=secrets.token_hex(16), created_at=at, said=said))


def by_row_number(session: Session, ledger: str, answers: str) -> Guess:
    """SQLite numbers rows as they come; PostgreSQL tells their place."""
    place = "rowid" if session.get_bind().dialect.name == "sqlite" else "ctid"
    return _zipped(read(session, ledger, order=place), read(session, answers, order=place))


def by_order_of_reading(session: Session, ledger: str, answers: str) -> Guess:
    """Rows come back as they went in."""
    return _zipped(read(session, ledger), read(session, answers))


def by_transaction(session: Session, ledger: str, answers: str) -> Guess:
    """PostgreSQL marks each row with the transaction that wrote it."""
    return _joined(read(session, ledger, "xmin::text AS mark"), read(session, answers, "xmin::text AS mark"))


def by_time(session: Session, ledger: str, answers: str) -> Guess:
    """The same moment in both tables."""
    return _joined(read(session, ledger, "done_at AS mark"), read(session, answers, "created_at AS mark"))


def read(session: Session, name: str, *more: str, order: str = "") -> list[Any]:
    found = select(literal_column("*"), *map(literal_column, more)).select_from(table(name))
    return list(session.execute(found.order_by(literal_column(order)) if order else found).mappings())


def _zipped(ledger: list[Any], answers: list[Any]) -> Guess:
    return {who["rater_id"]: what["id"] for who, what in zip(ledger, answers, strict=False)}


def _joined(ledger: list[Any], answers: list[Any]) -> Guess:
    by_mark = {what["mark"]: what["id"] for what in answers}
    return {who["rater_id"]: by_mark[who["mark"]] for who in ledger if who["mark"] in by_mark}


def recovered(database: Database, attack: Attack, tables: tuple[str, str], author_of: dict[object, str]) -> int:
    """How many answers the attack ascribes to their author; one that the database refuses finds nobody."""
    try:
        with database.unit_of_work() as session:
            guess = attack(session, *tables)
    except DBAPIError:
        return 0
    return sum(author_of[answer_id] == rater for rater, answer_id in guess.items())


ATTACKS: list[Attack] = [by_row_number, by_order_of_reading, by_transaction, by_time]
