"""Inserting many rows that may be there already, seen or unseen; finding many by key; a wider scope.

On PostgreSQL rows travel as one value a column: a push is a handful of statements, however many operations
it holds. Many values travel joined as text, which costs the driver a tenth of what an array does.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    Table,
    any_,
    bindparam,
    func,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from province.db.engine import EVERYTHING, SCOPE

_T = TypeVar("_T")
_MANY = 8
_BETWEEN, _NOTHING = "\x1f", "\x1e"
"""Between values, and for none: control characters that no id has."""
_SCOPE = text("SELECT set_config('app.scope', :scope, true)")


def is_postgres(con: Connection) -> bool:
    return con.dialect.name == "postgresql"


def in_pieces(values: Sequence[_T], many: int = 5000) -> Iterator[Sequence[_T]]:
    """In their order, so many together (own figure): SQLite takes some ten thousand in one statement."""
    return (values[start : start + many] for start in range(0, len(values), many))


def among(con: Connection, column: ColumnElement[Any], values: Collection[object]) -> ColumnElement[bool]:
    """``column`` is one of these. One value on PostgreSQL, so that its plan is kept."""
    if is_postgres(con):
        if isinstance(column.type, String) and len(values) >= _MANY:
            joined = bindparam(None, _BETWEEN.join(map(str, values)), type_=String())
            return column == any_(func.string_to_array(joined, _BETWEEN, type_=ARRAY(String())))
        kind: TypeEngine[Any] = column.type
        return column == any_(bindparam(None, list(values), type_=ARRAY(kind)))
    return column.in_(list(values))


def insert_new(
    con: Connection, table: Table, rows: Sequence[Mapping[str, object]], key: Column[str]
) -> set[str]:
    """Insert the rows that are not there; the keys of those that were inserted.

    A row of another scope is not seen and conflicts all the same: so an id that somebody else has used is
    found out without looking at what he wrote. The rows must be of the transaction's scope.
    """
    if not rows:
        return set()
    if is_postgres(con):
        statement, given = _insert(table, rows, f"RETURNING {key.name}")
        return set(con.execute(text(statement), given).scalars())
    made = sqlite.insert(table).on_conflict_do_nothing().returning(key)
    return set(con.execute(made, list(rows)).scalars())


def insert_quietly(con: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows that are not there, in scope or not."""
    if not rows:
        return
    if is_postgres(con):
        statement, given = _insert(table, rows)
        con.execute(text(statement), given)
    else:
        con.execute(sqlite.insert(table).on_conflict_do_nothing(), list(rows))


@contextmanager
def widened(con: Connection) -> Generator[None]:
    """The server's own work in a transaction of a narrow scope: a move, an erasure, one person twice.

    What is read here never goes into an answer to the caller. After an error whoever goes on rolls back, at
    least to a savepoint from before: the database takes its old scope again with that.
    """
    before = con.get_execution_options().get(SCOPE, EVERYTHING)
    if before == EVERYTHING:  # SQLite has no scope; who has the widest is not asked again
        yield
        return
    _scope(con, EVERYTHING)
    try:
        yield
    except BaseException:
        con.execution_options(**{SCOPE: before})
        raise
    _scope(con, before)


def _scope(con: Connection, scope: str) -> None:
    con.execute(_SCOPE, {"scope": scope})
    con.execution_options(**{SCOPE: scope})


def insert_text(table: Table, rows: Sequence[Mapping[str, object]]) -> tuple[str, dict[str, object]]:
    """An INSERT of all rows for PostgreSQL, and its parameters."""
    names = list(rows[0])
    joined = len(rows) >= _MANY
    columns = ", ".join(f'"{name}"' for name in names)
    arrays = ", ".join(
        f"string_to_array(:{n}, E'\\x1f', E'\\x1e')" if joined
        else f"CAST(:{n} AS {_kind(table.c[n])}[])" for n in names
    )  # fmt: skip
    picked = ", ".join(_picked(table.c[n]) if joined else n for n in names)
    given: dict[str, object] = {
        n: _BETWEEN.join(_said(row[n]) for row in rows) if joined else [row[n] for row in rows] for n in names
    }
    listed = ", ".join(names)
    return (
        f'INSERT INTO "{table.name}" ({columns}) SELECT {picked} FROM unnest({arrays}) AS r({listed})',
        given,
    )


def _insert(
    table: Table, rows: Sequence[Mapping[str, object]], more: str = ""
) -> tuple[str, dict[str, object]]:
    statement, given = insert_text(table, rows)
    return f"{statement} ON CONFLICT DO NOTHING {more}", given


def _kind(column: Column[Any]) -> str:
    if isinstance(column.type, LargeBinary):
        return "bytea"
    if isinstance(column.type, Boolean):
        return "boolean"
    return "text" if isinstance(column.type, String) else "bigint"


def _picked(column: Column[Any]) -> str:
    kind = _kind(column)
    if kind == "text":
        return column.name
    return f"decode({column.name}, 'hex')" if kind == "bytea" else f"{column.name}::{kind}"


def _said(value: object) -> str:
    if value is None:
        return _NOTHING
    return value.hex() if isinstance(value, bytes) else str(value)
