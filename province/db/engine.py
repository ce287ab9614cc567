"""One engine for both databases: how to connect, how to lock, how a transaction gets its scope."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

EVERYTHING = "*"
"""The scope of the server's own work (listing a transfer, blanking an erased subject)."""
STATION = "station"
"""Value of ``app.sees`` in the transactions of a station's own desk: what is restricted too (M-9.6)."""
SCOPE = "app_scope"
"""Option of a connection: the scope of its transaction on PostgreSQL, as it was told to the database."""
_PATIENCE_S = 10
"""Own figure: a database host that takes a connection and says nothing is away after this; libpq waits for
ever. An address that names its own ``connect_timeout`` keeps it.
"""
_NARROW = text("SELECT set_config('app.scope', :scope, true), set_config('app.sees', :sees, true)")


@dataclass(frozen=True, slots=True)
class Database:
    """The engine of one server.

    Attributes:
        guards: 2 where the database itself keeps the scope, 1 where only the handlers do (SQLite).
    """

    engine: Engine
    guards: int

    @property
    def is_postgres(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def writing(self, scope: Iterable[int] | str, *, station: bool = False) -> Generator[Connection]:
        """One transaction that sees these streams only; committed at the end, rolled back on any error.

        Args:
            station: what is restricted is seen too.
        """
        with self.engine.connect() as con, con.begin():
            if self.is_postgres:
                self._narrow(con, scope, station)
            else:
                con.exec_driver_sql("BEGIN IMMEDIATE")
            yield con

    @contextmanager
    def reading(self, scope: Iterable[int] | str, *, station: bool = False) -> Generator[Connection]:
        """A snapshot of these streams: what one answer tells fits together. ``station`` as in ``writing``."""
        with self.engine.connect() as con, con.begin():
            if self.is_postgres:
                con.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
                self._narrow(con, scope, station)
            else:
                con.exec_driver_sql("BEGIN")
            yield con

    def _narrow(self, con: Connection, scope: Iterable[int] | str, station: bool) -> None:
        listed = EVERYTHING if isinstance(scope, str) else ",".join(str(n) for n in scope)
        con.execute(_NARROW, {"scope": listed, "sees": STATION if station else ""})
        con.execution_options(**{SCOPE: listed})


def open_database(url: str, *, pool: int = 10) -> Database:
    """Connect. ``sqlite:///file`` or ``postgresql+psycopg://…``; nothing is created or migrated here."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 30})
        event.listen(engine, "connect", _sqlite_settings)
        return Database(engine, 1)
    patience = {} if "connect_timeout" in make_url(url).query else {"connect_timeout": _PATIENCE_S}
    engine = create_engine(url, connect_args=patience, pool_size=pool, max_overflow=pool, pool_pre_ping=True)
    return Database(engine, 2)


def _sqlite_settings(con: Any, _record: object) -> None:
    con.isolation_level = None  # SQLAlchemy's begin is ours: BEGIN IMMEDIATE for a writer
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        con.execute(f"PRAGMA {pragma}")
