"""Bringing an older station file up to date: a verified backup, then one transaction.

Only the log, drafts, attachments and settings are migrated (``STEPS``, by ``user_version``). Rows and the
search index are dropped and refolded whenever the program writes them differently (``ROWS``): the log is
the truth, so no step for them is ever written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Trouble
from jobdesk.cases.fold import fold
from jobdesk.cases.ops import Subject
from jobdesk.cases.state import SubjectState
from jobdesk.host.paths import StationPaths
from jobdesk.store import kept, local
from jobdesk.store.backup import make_backup
from jobdesk.store.cipher import connect, translated
from jobdesk.store.log import Connection, ops_by_subject
from jobdesk.store.projection import project_new
from jobdesk.store.reads import last_position
from jobdesk.store.schema_sql import (
    DERIVED,
    SCHEMA_FORMAT,
    create_derived,
    create_sync,
    create_sync_3,
    index_log,
)
from jobdesk.store.sync_state import own_all_lives

ROWS = "7"
"""Raised whenever rows, the ledger's line or the search terms of the same operations change."""
ROWS_FACT = "rows"
BATCH = 1000


def _to_2(con: Connection) -> None:
    """Format 2 knows the province. Before it nothing came from elsewhere: every life here is our own."""
    create_sync(con)
    own_all_lives(con)


STEPS: Mapping[int, Callable[[Connection], None]] = {1: _to_2, 2: create_sync_3}
"""``user_version`` it lifts from → what is done to log, drafts, attachments and settings."""


def is_current(con: Connection) -> bool:
    """Whether the file is as this program writes it."""
    (version,) = con.execute("PRAGMA user_version").fetchone()
    return version == SCHEMA_FORMAT and local.facts(con).get(ROWS_FACT) == ROWS


def migrate(paths: StationPaths, key: bytes, clock: Clock) -> bool:
    """Bring the file up to date where it is not; returns whether there was anything to do but indexes.

    The caller holds the station file. A kill at any moment leaves the file as it was, or done. An index that
    is missing needs no backup and no new rows.

    Raises:
        Trouble: the backup could not be made or the disk is full; the file is as it was.
    """
    con = connect(paths.station, key)
    try:
        with translated(paths.station):
            if is_current(con):
                with suppress(Trouble), translated(paths.station):  # a full disk keeps nobody out
                    index_log(con)
                return False
            _back_up(con, paths, key, clock)
            con.execute("BEGIN IMMEDIATE")
            try:
                (version,) = con.execute("PRAGMA user_version").fetchone()
                for step in range(version, SCHEMA_FORMAT):
                    STEPS[step](con)
                refold(con)
                con.execute(f"PRAGMA user_version = {SCHEMA_FORMAT}")
                con.execute("COMMIT")
            except BaseException:
                if con.in_transaction:
                    con.execute("ROLLBACK")
                raise
            return True
    finally:
        con.close()


def refold(con: Connection) -> int:
    """Drop every row and make it anew from the log, inside the caller's transaction; returns subjects."""
    for sql in DERIVED:
        con.execute(f"DROP TABLE IF EXISTS {sql}")
    create_derived(con)
    batch: list[SubjectState] = []
    count = 0
    for subject_id, ops in ops_by_subject(con):
        batch.append(fold(ops, Subject(ops[0].subject.kind, subject_id)))
        count += 1
        if len(batch) >= BATCH:
            project_new(con, batch)
            batch.clear()
    project_new(con, batch)
    local.set_fact(con, ROWS_FACT, ROWS)
    kept.set_basis(con, "")
    return count


def _back_up(con: Connection, paths: StationPaths, key: bytes, clock: Clock) -> None:
    facts = local.facts(con)
    meta: dict[str, str | int] = {
        "station_id": facts["station_id"],
        "replica_id": facts["replica_id"],
        "position": last_position(con),
    }
    where: Any = (paths.backups, paths.local_backups)
    for n, folder in enumerate(where):
        try:
            make_backup(paths.station, key, folder, "before-migration", clock.now_ms(), meta,
                        keyslots=paths.keyslots, tables=("op",))  # fmt: skip
            return
        except Trouble:
            if n == len(where) - 1:
                raise
