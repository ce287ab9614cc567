"""The tables as SQL: made from ``tables.py`` when a file is created or its rows are made anew.

Imported at every start, so ``tables`` (SQLModel, heavy) is imported inside.
"""

from __future__ import annotations

from typing import Any, cast

from jobdesk.store.log import Connection

SCHEMA_FORMAT = 2
"""``user_version`` of today's station file."""
DERIVED = ("record_row", "case_row", "search")
"""Tables that the log alone can make."""
SETTLED_SQL = "CREATE INDEX IF NOT EXISTS ix_op_settled ON op (ms) WHERE kind = 'ConflictSettled'"
SYNC = (
    "stream_state", "stream_op", "replica_mark", "verdict", "receipt", "notice", "left_subject", "sync_fact",
    "unread_op", "blob_mark", "carried_file",
)  # fmt: skip
"""Tables of format 2: where the file stands with the province."""


def create_all(con: Connection) -> None:
    """Every table, index and trigger of an empty file."""
    from jobdesk.store import tables

    _create(con, None)
    _create_search(con)
    for sql in tables.IMMUTABLE_SQL:
        con.execute(sql)


def create_derived(con: Connection) -> None:
    """The tables that hold what operations fold to, and indexes of the log that came later than it."""
    _create(con, DERIVED)
    con.execute(SETTLED_SQL)
    _create_search(con)


def create_sync(con: Connection) -> None:
    """The tables that a file of format 1 does not have."""
    _create(con, SYNC)


def _create_search(con: Connection) -> None:
    from jobdesk.store import tables

    con.execute(tables.SEARCH_SQL)
    con.execute(tables.SEARCH_SECURE_SQL)


def _create(con: Connection, names: tuple[str, ...] | None) -> None:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable
    from sqlmodel import SQLModel

    from jobdesk.store import sync_tables, tables

    assert tables.FORMAT == SCHEMA_FORMAT and sync_tables.SyncFactRow
    dialect = cast(Any, sqlite).dialect()
    for table in SQLModel.metadata.sorted_tables:
        if names is not None and table.name not in names:
            continue
        con.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            con.execute(str(CreateIndex(index).compile(dialect=dialect)))
