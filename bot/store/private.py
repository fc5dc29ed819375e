"""What people write, encrypted at rest: a column of one of these types is AES-GCM with table, column and row bound in.

A value that was copied into another row, column or table opens nowhere. To read it, each SELECT has the database put
the row's key beside the value; to write it, the key is taken from the row that is inserted or named by the WHERE. Empty
values stay as they are, so that SQL may ask for them; other values cannot be searched for. Without a key nothing is
encrypted, and what was so before stays readable.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    ColumnClause,
    ColumnElement,
    Dialect,
    Engine,
    FromClause,
    Insert,
    RowMapping,
    String,
    Text,
    Update,
    cast,
    literal_column,
    type_coerce,
)
from sqlalchemy import event as on
from sqlalchemy.orm import mapped_column
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList
from sqlalchemy.sql.operators import and_ as both
from sqlalchemy.sql.operators import eq
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.store.keys import Keys, as_words, is_sealed, kept_as

_BEHIND, _BETWEEN = "\x1f", "\x1e"
"""What stands between a value and its place, and between the parts of a place."""

_KEYS: WeakKeyDictionary[Dialect, Keys] = WeakKeyDictionary()
_NONE = Keys()


class Sealed(str):
    """Encrypted already."""

    __slots__ = ()


class _Column(TypeDecorator[Any]):
    """A column whose values are encrypted with their place; `of` names what tells its rows apart, if not their key."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Text
    cache_ok = True

    def __init__(self, of: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.of = of

    def rows(self, table: Any) -> list[Column[Any]]:
        """The columns that tell the rows of a table apart."""
        return [table.c[name] for name in self.of] or list(table.primary_key)

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Have the database give the place of a value after it, wherever it is a column's."""
        kept = next(iter(column.base_columns))
        if not isinstance(kept, ColumnClause):
            return column
        table: Any = kept.table
        found = cast(column, Text).op("||")(literal_column(f"'{_BEHIND}{table.name}.{kept.name}'"))
        for one in self.rows(column.table):
            told = one if isinstance(one.type, String) else cast(one, Text)
            found = found.op("||")(literal_column(f"'{_BETWEEN}'")).op("||")(told)
        return type_coerce(found, self)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Keep what is encrypted, and what is empty; with a key, nothing else comes here."""
        if isinstance(value, Sealed):
            return str(value)
        if not value:
            return value
        if _KEYS.get(dialect):
            raise LookupError("what people wrote is written with the key of its row, and cannot be searched for")
        return kept_as(value) if isinstance(value, str) else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """Open what is encrypted."""
        del coltype
        keys = _KEYS.get(dialect) or _NONE

        def read(found: str | None) -> Any:
            if found is None:
                return None
            kept, _, place = found.rpartition(_BEHIND)
            return self.opened(keys, place, kept)

        return read

    def opened(self, keys: Keys, place: str, kept: str) -> Any:
        """The value that is kept in a place as this text."""
        sealed = self.sealed_in(kept)
        return self._meant(keys.open(place, sealed)) if sealed else self._plain(kept)

    def sealed_in(self, kept: str) -> str:
        """What is encrypted in a text as the database keeps it; nothing when it is plain."""
        return kept if is_sealed(kept) else ""

    def sealed(self, keys: Keys, place: str, value: Any) -> Sealed:
        """A value, encrypted in its place."""
        return Sealed(keys.seal(place, value))

    def _meant(self, opened: str) -> Any:
        return opened

    def _plain(self, kept: str) -> Any:
        return as_words(kept)


class PrivateText(_Column):
    """Words of a person."""

    cache_ok = True


class PrivateJson(_Column):
    """A list or a mapping that holds words of people; encrypted, it is one JSON string."""

    impl = JSON
    cache_ok = True

    def sealed_in(self, kept: str) -> str:
        """What is encrypted in a text as the database keeps it; nothing when it is plain."""
        return json.loads(kept) if kept.startswith('"') else ""

    def sealed(self, keys: Keys, place: str, value: Any) -> Sealed:
        """A value, encrypted in its place."""
        return Sealed(keys.seal(place, json.dumps(value, ensure_ascii=False)))

    def _meant(self, opened: str) -> Any:
        return json.loads(opened)

    def _plain(self, kept: str) -> Any:
        return json.loads(kept)


Private = Annotated[str, mapped_column(PrivateText())]
"""What somebody wrote; a column of it is encrypted."""
PrivateList = Annotated[list[Any], mapped_column(PrivateJson())]
PrivateDict = Annotated[dict[str, Any], mapped_column(PrivateJson())]


def use(engine: Engine, keys: Keys) -> None:
    """Encrypt what is written through an engine, and decrypt what is read, if there is a key."""
    if not keys:
        return
    _KEYS[engine.dialect] = keys

    def seal(_: Any, statement: Any, many: Sequence[Any], one: Mapping[str, Any], __: Any) -> tuple[Any, Any, Any]:
        if not isinstance(statement, Insert | Update) or not private_columns(statement.table):
            return statement, many, one
        write = _write(keys, statement)
        own = write.own({} if many else one)
        statement = statement.values(own) if own else statement
        return (statement, [write.given(row) for row in many], {}) if many else (statement, [], write.given(one))

    on.listen(engine, "before_execute", seal, retval=True)


def with_place(column: Any) -> ColumnElement[Any]:
    """A private column as it is read amid another expression, such as a CASE."""
    return column.type.column_expression(column)  # type: ignore[no-any-return]  # as SQLAlchemy's attributes are


def private_columns(table: FromClause) -> tuple[Column[Any], ...]:
    """The columns of a table that hold what people wrote."""
    return tuple(one for one in table.columns if isinstance(one.type, _Column))  # type: ignore[misc]  # of a migration: clauses


def kind_of(column: Column[Any]) -> _Column:
    """The type of a private column."""
    if not isinstance(column.type, _Column):
        raise TypeError(f"{column} is not private")
    return column.type


def place_of(column: Column[Any], row: Mapping[str, Any] | RowMapping) -> str:
    """Where a value stands: its table, its column, and what tells its row apart."""
    told = (row[one.key] for one in _rows(column))
    return _BETWEEN.join((f"{column.table.name}.{column.name}", *map(_told, told)))


def _told(value: Any) -> str:
    """A part of a row's key as both databases write it."""
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class _Write:
    """One INSERT or UPDATE: `bound` are its own values, and `told` is what says in which row they end."""

    keys: Keys
    columns: Mapping[str, Column[Any]]
    bound: Mapping[str, BindParameter[Any]]
    told: Mapping[str, BindParameter[Any]]
    inserts: bool

    def own(self, row: Mapping[str, Any]) -> dict[str, Sealed]:
        """The statement's own values, encrypted for the one row that it is executed with."""
        values = {name: bound.effective_value for name, bound in self.bound.items() if bound.key not in row}
        return {name: self._sealed(self.columns[name], values[name], row) for name in self._open(values)}

    def given(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What a statement is executed with, encrypted."""
        names = {bound.key: name for name, bound in self.bound.items()}
        found = {name: names.get(name, name) for name in row}
        values = {found[name]: value for name, value in row.items() if found[name] in self.columns}
        ready = {name: self._sealed(self.columns[name], values[name], row) for name in self._open(values)}
        return {name: ready.get(found[name], value) for name, value in row.items()} if ready else dict(row)

    def _open(self, values: Mapping[str, Any]) -> list[str]:
        """What is not encrypted and not empty, by column."""
        return [one for one, value in values.items() if one in self.columns and value and not isinstance(value, Sealed)]

    def _sealed(self, column: Column[Any], value: Any, row: Mapping[str, Any]) -> Sealed:
        kind = kind_of(column)
        return kind.sealed(self.keys, place_of(column, {one.key: self._told(one, row) for one in _rows(column)}), value)

    def _told(self, column: Column[Any], row: Mapping[str, Any]) -> Any:
        """What a row has in one of the columns that tell it apart."""
        bound = self.told.get(column.key)
        if bound is not None:
            return row.get(bound.key, bound.effective_value)
        if self.inserts and column.key in row:
            return row[column.key]
        raise LookupError(f"what people wrote goes into one row of {column.table}, told by {column.key}")


def _write(keys: Keys, statement: Insert | Update) -> _Write:
    values: Mapping[Any, Any] = statement._values or {}  # noqa: SLF001 - SQLAlchemy tells them nowhere else
    bound = {_key(one): value for one, value in values.items() if isinstance(value, BindParameter)}
    told = bound if isinstance(statement, Insert) else _named(statement.whereclause)
    columns = {one.key: one for one in private_columns(statement.table)}
    return _Write(keys, columns, bound, told, inserts=isinstance(statement, Insert))


def _named(where: Any) -> dict[str, BindParameter[Any]]:
    """The columns that a WHERE compares with one value each."""
    if isinstance(where, BooleanClauseList) and where.operator is both:
        return {name: bound for part in where.clauses for name, bound in _named(part).items()}
    compares = isinstance(where, BinaryExpression) and where.operator is eq and isinstance(where.right, BindParameter)
    return {where.left.key: where.right} if compares and isinstance(where.left, ColumnClause) else {}


def _rows(column: Column[Any]) -> list[Column[Any]]:
    return kind_of(column).rows(column.table)


def _key(column: Any) -> str:
    return column if isinstance(column, str) else str(column.key)
