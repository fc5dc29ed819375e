"""Who left is erased: no column that names a person is forgotten, and not a byte of what was planted is left."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, insert, select

from bot.domain.talk import Kind
from bot.store import audit
from bot.store.audit_proof import prove
from bot.store.db import Database, Exact, Moment
from bot.store.erasing import RULES, erase, wipe
from bot.store.keys import Keys
from bot.store.packet_parts import PEOPLE
from bot.store.people import Member, keep_member
from bot.store.private import PrivateJson, PrivateText
from bot.store.schema import METADATA

CANARY, GONE, OTHER = "canary-kestrel 金丝雀", "U01GONE", "U01OTHER"
AT, DAY = datetime(2027, 2, 1, 9, 30, tzinfo=UTC), date(2027, 2, 1)
OTHERS_IDS = frozenset({"appeal_id", "child_id", "cycle_id", "goal_id", "objective_id", "parent_id", "plan_id",
                        "source_id", "suggestion_id", "topic_id", "webhook_id"})  # fmt: skip
"""Columns that are somebody's or something's id, and not a person's."""
BY_NAME = PEOPLE | {"asker_id", "spoken_by", "rater_id", "handler_id", "approver_id"}
MADE = {str: CANARY, bool: False, int: 1, datetime: AT, date: DAY, Decimal: Decimal(1), bytes: CANARY.encode(),
        object: {"said": CANARY}}  # fmt: skip


def names_a_person(column: Column[Any]) -> bool:
    """Whether a column holds somebody's id, whoever they are to the row."""
    if column.table.name == "people":
        return column.name == "id"
    if column.name == "asked":
        return column.table.name == "claims"  # elsewhere it is a number, or what was asked
    refers = any(key.target_fullname == "people.id" for key in column.foreign_keys)
    ids = column.name.endswith("_id") and column.name not in OTHERS_IDS
    return refers or ids or column.name in BY_NAME or column.name == "by" or column.name.endswith("_by")


def test_every_column_that_names_a_person_has_a_rule() -> None:
    named = {
        (table.name, one.name) for table in METADATA.tables.values() for one in table.columns if names_a_person(one)
    }
    ruled = {(name, column) for name, rule in RULES.items() for column in (*rule.gone, *rule.kept, *rule.emptied)}
    assert sorted(named - ruled) == []
    assert sorted(ruled - named) == []
    assert all(rule.gone or rule.kept or rule.emptied or rule.below for rule in RULES.values())
    for table in METADATA.tables.values():
        hangs = [key for one in table.columns for key in one.foreign_keys]
        above = {key.column.table.name for key in hangs if RULES.get(key.column.table.name)} - {"people"}
        below = {name for name in above if RULES[name].gone} - {table.name}
        assert not below or RULES[table.name].gone or RULES[table.name].below, table.name


@pytest.fixture(params=["", "ab" * 32], ids=["plain", "encrypted"])
def database(request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    database = Database(database_url, keys=Keys(request.param))
    METADATA.create_all(database.engine)
    yield database
    database.close()


def made(column: Column[Any]) -> Any:
    """Something of a column's kind; where it takes words, the canary."""
    if isinstance(column.type, Exact | Moment):
        return Decimal(1) if isinstance(column.type, Exact) else AT
    if isinstance(column.type, PrivateText | PrivateJson):
        return CANARY if isinstance(column.type, PrivateText) else {"said": CANARY}
    return MADE[column.type.python_type]


def planted(table: Table, **values: Any) -> dict[str, Any]:
    """A row with a canary in every text, about who is to go; whoever else it names is somebody else."""
    rule = RULES[table.name]
    people = dict.fromkeys(rule.kept, OTHER) | dict.fromkeys((*rule.gone, *rule.emptied), GONE)
    return {one.name: made(one) for one in table.columns} | people | values


MORE = {
    "talk_entries": {"id": "2", "person_id": OTHER, "author_id": GONE, "kind": Kind.PRIVATE.value},
    "interviews": {"cycle_id": "x", "person_id": OTHER, "minutes_by": GONE, "posted_at": None, "comment": ""},
    "timers": {"step": "x.y", "person_id": OTHER, "carry": f"q1/{GONE}"},
    "outbox": {"key": "x/1", "person_id": OTHER, "wanted": 3, "sent": 3}
    | dict.fromkeys(("opaque", "method", "channel", "ts", "error"), ""),
    "objectives": {"id": "x", "title": "Revenue", "cut": "person", "owner_id": GONE, "unit": "", "months": []}
    | {"direction": "higher"},
}
"""Rows of others that know of who is to go all the same."""


def plant(database: Database) -> None:
    """Rows in every table that loses rows or words, whatever foreign keys say."""
    wanted = [name for name, rule in RULES.items() if rule.gone or rule.emptied or rule.below]
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF" if database.is_sqlite else "SET session_replication_role = replica")
        for name in wanted:
            if name not in {"people", "audit"}:
                table = METADATA.tables[name]
                connection.execute(insert(table).values(planted(table)))
        for name, values in MORE.items():
            table = METADATA.tables[name]
            connection.execute(insert(table).values(planted(table, **values)))
        connection.commit()
        connection.invalidate()


def everything(database: Database) -> str:
    with database.engine.connect() as connection:
        return "\n".join(
            f"{table.name}: {tuple(row)!r}"
            for table in METADATA.sorted_tables
            for row in connection.execute(select(table))
        )


def test_not_a_byte_of_what_was_planted_is_left_and_the_audit_still_verifies(
    database: Database, database_url: str
) -> None:
    with database.unit_of_work() as session:
        keep_member(session, Member(GONE, CANARY, f"{CANARY}@x", "en-US", "UTC", owner=False, takes_part=True))
        keep_member(session, Member(OTHER, "Bo", "bo@x", "en-US", "UTC", owner=False, takes_part=True))
        for actor, about in ((GONE, OTHER), (OTHER, GONE), (OTHER, OTHER)):
            audit.note(session, AT, actor, "see_result", about, CANARY if about == GONE else "")
    plant(database)
    assert everything(database).count(CANARY) > len(RULES)
    with database.unit_of_work() as session:
        erase(session, GONE, DAY)
    left = everything(database)
    assert [line for line in left.splitlines() if CANARY in line or "kestrel" in line] == []
    assert {line.split(":")[0] for line in left.splitlines() if GONE in line} == {"people", "erasures", "objectives"}
    assert wipe(database)
    assert not wipe(database)
    assert "erasures: " not in everything(database)
    with database.unit_of_work() as session:
        proof = prove(session, None)
        assert proof.problems == []
        assert proof.erased == 2
        keep_member(session, Member(GONE, "Back Again", "b@x", "en-US", "UTC", owner=False, takes_part=False))
    assert "Back Again" not in everything(database), "Slack goes on naming who left"
    with database.unit_of_work() as session:
        keep_member(session, Member(GONE, "Back Again", "b@x", "en-US", "UTC", owner=False, takes_part=True))
    assert "Back Again" in everything(database)
    if database.is_sqlite:
        file = Path(database_url.removeprefix("sqlite:///"))
        written = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*") if one.is_file())
        assert b"canary-kestrel" not in written
        assert "金丝雀".encode() not in written
