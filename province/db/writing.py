"""Inserting many rows that may be there already, seen or unseen; finding many by key; a wider scope.

On PostgreSQL rows travel as one array a column: a push is a handful of statements, however many operations
it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    Table,
    any_,
    bindparam,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from province.db.engine import EVERYTHING


def is_postgres(con: Connection) -> bool:
    return con.dialect.name == "postgresql"


def among(con: Connection, column: ColumnElement[Any], values: Collection[object]) -> ColumnElement[bool]:
    """``column`` is one of these. One array on PostgreSQL, so that its plan is kept."""
    if is_postgres(con):
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
        found = con.execute(text(f"{_unnest(table, rows[0])} RETURNING {key.name}"), _arrays(rows))
        return set(found.scalars())
    made = sqlite.insert(table).on_conflict_do_nothing().returning(key)
    return set(con.execute(made, list(rows)).scalars())


def insert_quietly(con: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows that are not there, in scope or not."""
    if not rows:
        return
    if is_postgres(con):
        con.execute(text(_unnest(table, rows[0])), _arrays(rows))
    else:
        con.execute(sqlite.insert(table).on_conflict_do_nothing(), list(rows))


@contextmanager
def widened(con: Connection) -> Generator[None]:
    """The server's own work in a transaction of a narrow scope: a move, an erasure, one person twice.

    What is read here never goes into an answer to the caller.
    """
    if not is_postgres(con):
        yield
        return
    before = con.execute(text("SELECT current_setting('app.scope', true)")).scalar_one()
    _narrow(con, EVERYTHING)
    yield
    _narrow(con, before)


def _narrow(con: Connection, scope: str) -> None:
    con.execute(text("SELECT set_config('app.scope', :scope, true)"), {"scope": scope})




def _unnest(table: Table, row: Mapping[str, object]) -> str:
    columns = ", ".join(f'"{name}"' for name in row)
    arrays = ", ".join(f"CAST(:{name} AS {_array_type(table.c[name])}[])" for name in row)
    return f'INSERT INTO "{table.name}" ({columns}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING'


def _array_type(column: Column[Any]) -> str:
    if isinstance(column.type, LargeBinary):
        return "bytea"
    return "text" if isinstance(column.type, String) else "bigint"


def _arrays(rows: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


