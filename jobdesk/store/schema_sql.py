"""The tables as SQL: made from ``tables.py`` when a file is created or its rows are made anew.

Imported at every start, so ``tables`` (SQLModel, heavy) is imported inside.
"""

from __future__ import annotations

from typing import Any, cast

from jobdesk.store.log import SPEAKS_SQL, Connection

SCHEMA_FORMAT = 3
"""``user_version`` of today's station file."""
DERIVED = ("record_row", "case_row", "search")
"""Tables that the log alone can make."""
LOG_INDEXES = {
    "ix_op_settled": "ON op (ms) WHERE kind = 'ConflictSettled'",
    "ix_op_speaking": f"ON op (subject_id) WHERE {SPEAKS_SQL}",
}
"""Indexes of the log that came later than it."""
SYNC = (
    "stream_state", "stream_op", "replica_mark", "verdict", "receipt", "notice", "left_subject", "sync_fact",
    "unread_op", "blob_mark", "carried_file",
)  # fmt: skip
"""Tables of format 2: where the file stands with the province."""
SYNC_3 = ("move_ask", "subject_home", "station_known", "carried_file")
"""Tables of format 3: talk with other stations about files that move, files carried on a stick."""
_NEW_COLUMNS = (("notice", "more"), ("left_subject", "said"))
"""Text columns that format 3 adds, empty at first."""


def create_all(con: Connection) -> None:
    """Every table, index and trigger of an empty file."""
    from jobdesk.store import tables

    _create(con, None)
    _create_search(con)
    for sql in tables.IMMUTABLE_SQL:
        con.execute(sql)


def create_derived(con: Connection) -> None:
    """The tables that hold what operations fold to, and the newer indexes of the log."""
    _create(con, DERIVED)
    index_log(con)
    _create_search(con)


def index_log(con: Connection) -> list[str]:
    """The newer indexes of the log where a file has not got them; which were made."""
    here = {r[0] for r in con.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()}
    missing = [name for name in LOG_INDEXES if name not in here]
    for name in missing:
        con.execute(f"CREATE INDEX {name} {LOG_INDEXES[name]}")
    return missing


def create_sync(con: Connection) -> None:
    """The tables that a file of format 1 does not have."""
    _create(con, SYNC)


def create_sync_3(con: Connection) -> None:
    """What a file of format 2 does not have."""
    here = {r[0] for r in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    _create(con, tuple(name for name in SYNC_3 if name not in here))
    for table, column in _NEW_COLUMNS:
        known = {r[1] for r in con.execute(f"PRAGMA table_info({table})").fetchall()}
        if column not in known:
            con.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")


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
