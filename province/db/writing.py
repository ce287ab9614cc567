"""Inserting what may be there already, seen or unseen: the conflict is counted, never raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(
    con: Connection, table: Table, rows: Sequence[Mapping[str, object]], key: Column[str]
) -> set[str]:
    """Insert the rows that are not there; the keys of those that were inserted.

    A row of another scope is not seen and conflicts all the same: so an id that somebody else has used is
    found out without looking at what he wrote.
    """
    if not rows:
        return set()
    return set(con.execute(_insert(con, table).returning(key), list(rows)).scalars())


def insert_quietly(con: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows that are not there, in scope or not."""
    if rows:
        con.execute(_insert(con, table), list(rows))


def _insert(con: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    made = postgresql.insert(table) if con.dialect.name == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing()
