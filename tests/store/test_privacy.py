"""Every table that names a person is told of in the page about privacy, or excused with a reason."""

from pathlib import Path

from sqlalchemy import Table

from bot.store.schema import METADATA

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
NAMES = frozenset({"person_id", "ratee_id", "about_id"})
"""Columns that say whom a row is about, also where no foreign key does."""
EXCUSED = {
    "timers": "which step is due for whom and when, gone once it is done: no record of anybody",
}


def names_a_person(table: Table) -> bool:
    refers = any(key.target_fullname == "people.id" for column in table.columns for key in column.foreign_keys)
    return refers or bool(NAMES & set(table.columns.keys()))


def test_every_table_that_names_a_person_is_in_the_page_about_privacy() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = {table.name for table in METADATA.tables.values() if names_a_person(table)}
    assert {"goal_drafts", "claims", "timers"} <= named
    assert sorted(name for name in named - EXCUSED.keys() if f"`{name}`" not in page) == []


def test_who_is_excused_names_a_person_and_is_still_there() -> None:
    assert all(names_a_person(METADATA.tables[name]) for name in EXCUSED)
