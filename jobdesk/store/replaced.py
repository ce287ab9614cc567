"""What a restored file takes over from the one it replaced: receipts, with them when the last exchange came
through, what people have read of notices, what they were typing, what they said of the line and of the day.

All are of this PC alone: no journal and no server brings them back. Operations never come from here; those
are the journal's and the backups'.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobdesk.cases.errors import Trouble
from jobdesk.store import local, sync_facts
from jobdesk.store.cipher import SqlError, connect_beside, connect_immutable, translated
from jobdesk.store.log import Connection
from jobdesk.store.schema_sql import SCHEMA_FORMAT
from jobdesk.store.sync_told import MOST_RECEIPTS

_NOTICE = "id, kind, subjects, text, sender, to_stream, answers, at_ms, seen_ms, more"
_APART = "action, replica, verdict, reason, at_ms, seen_ms"
_RECEIPTS = "SELECT at_ms, body FROM receipt ORDER BY id"
_LAST_GOOD = (
    "SELECT max(CASE WHEN coalesce(body ->> '$.server_ms', 0) > 0 "
    f"AND abs((body ->> '$.began_ms') - (body ->> '$.server_ms')) >= {sync_facts.WRONG_MS} "
    "THEN at_ms - (body ->> '$.began_ms') + (body ->> '$.server_ms') ELSE at_ms END) FROM receipt "
    "WHERE coalesce(body ->> '$.error', '') = '' "
    "AND coalesce(body ->> '$.carried', '') = ''"
)
"""Of the exchanges that came through over a line: an answer that was carried may be a month old. By the
server's clock where this one's was wrong, as the engine keeps it: a time to come would stand for months.
"""
_SEEN_APART = f"SELECT {_APART} FROM verdict WHERE seen_ms > 0 ORDER BY action"
_SEEN_NOTICES = (
    f"SELECT {_NOTICE} FROM notice WHERE seen_ms > 0 "
    "AND (kind NOT IN ('transfer_request', 'transfer_accept', 'duplicate') OR EXISTS "
    "(SELECT 1 FROM notice a WHERE a.answers = notice.id AND a.kind = 'transfer_refuse')) ORDER BY id"
)
"""Those that a person has read. Not those that were answered: whether the answer is still known is looked up
where they are settled. A request that was refused and whose refusal the server told is over: it says what the
other station had wanted.
"""
_DRAFTS = "SELECT key, actor, saved_ms, body FROM draft ORDER BY key"
_NO_ERASED = "NOT EXISTS (SELECT 1 FROM erased e WHERE instr(?1, e.subject_id) OR instr(?4, e.subject_id))"
_Rows = list[tuple[Any, ...]]


@dataclass(slots=True)
class LocalWords:
    """What one replaced file knew, as rows; what could not be read of it is missing.

    Attributes:
        receipts: (at_ms, body), oldest first. notices, apart: those that a person has seen.
        drafts: (key, actor, saved_ms, body).
        line: whether it is paid by volume (fact ``on_metered``); None: not read.
        day: the last day that was believed; empty where none was, or it could not be read.
    """

    receipts: _Rows = field(default_factory=_Rows)
    notices: _Rows = field(default_factory=_Rows)
    apart: _Rows = field(default_factory=_Rows)
    drafts: _Rows = field(default_factory=_Rows)
    line: str | None = None
    day: str = ""


def replaced_files(folder: Path) -> list[Path]:
    """Every one that a restore left in the folder of the station file, the oldest first."""
    return sorted(folder.glob("station.replaced-*-restore.jobdesk.db"))


def words_of(path: Path, key: bytes, station_id: str) -> LocalWords:
    """Read a replaced file, and leave it and its log as they are. Whatever is damaged in it, or of another
    station, is left out without a word: a damaged file is what a restore is for.
    """
    found = LocalWords()
    with contextlib.suppress(Trouble, SqlError), _opened(path, key) as con, translated(path):
        (version,) = con.execute("PRAGMA user_version").fetchone()
        if version != SCHEMA_FORMAT or local.facts(con).get("station_id") != station_id:
            return found
        with contextlib.suppress(Trouble, SqlError), translated(path):
            found.line = sync_facts.get(con, "on_metered")
            found.day = local.settings(con).get(local.LAST_DAY, "")
        for into, rows in (
            (found.notices, _SEEN_NOTICES),
            (found.apart, _SEEN_APART),
            (found.receipts, _RECEIPTS),
            (found.drafts, _DRAFTS),
        ):
            with (
                contextlib.suppress(Trouble, SqlError),
                translated(path),
            ):  # what came before a bad page is kept
                into.extend(con.execute(rows))
    return found


@contextlib.contextmanager
def _opened(path: Path, key: bytes) -> Generator[Connection]:
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    with_log = log.exists() and log.stat().st_size > 0
    con = connect_beside(path, key) if with_log else connect_immutable(path, key)
    try:
        yield con
    finally:
        con.close()
        if with_log:
            with contextlib.suppress(OSError):
                index.unlink(missing_ok=True)


def take_over(con: Connection, found: Sequence[LocalWords]) -> None:
    """Add what this file does not know yet; to do so again changes nothing."""
    for words in found:
        _add_receipts(con, words.receipts)
        _add_seen(con, words.notices, words.apart)
        _add_drafts(con, words.drafts)
        if words.line is not None:  # the latest file last: a backup says how it was before
            sync_facts.put(con, "on_metered", words.line)
        if words.day:  # what was asked about it since the backup was answered
            local.set_setting(con, local.LAST_DAY, words.day)


def _add_drafts(con: Connection, rows: Iterable[Sequence[Any]]) -> None:
    """What was being typed, where nothing later stands here; of who is erased nothing comes back."""
    newer = "NOT EXISTS (SELECT 1 FROM draft d WHERE d.key = ?1 AND d.saved_ms >= ?3)"
    con.executemany(
        "INSERT OR REPLACE INTO draft(key, actor, saved_ms, body) SELECT ?1, ?2, ?3, ?4 "
        f"WHERE {newer} AND {_NO_ERASED}",
        [tuple(row) for row in rows],
    )


def _add_receipts(con: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Those of another life of this file that are not here, as the newest."""
    here = set(con.execute("SELECT at_ms, body FROM receipt"))
    con.executemany("INSERT INTO receipt(at_ms, body) VALUES (?, ?)", (r for r in rows if r not in here))
    con.execute("DELETE FROM receipt WHERE id <= (SELECT max(id) FROM receipt) - ?", (MOST_RECEIPTS,))
    (good,) = con.execute(_LAST_GOOD).fetchone()
    if good:  # told, and no more: what this file has it has from before, and it asks for the rest at once
        sync_facts.put(con, "good_before_ms", good)


def _add_seen(con: Connection, notices: Iterable[Sequence[Any]], apart: Iterable[Sequence[Any]]) -> None:
    """What was seen in another life of this file is seen here, also where it comes only with the next
    exchange. What a stream lists is apart no longer.
    """
    for row in notices:
        done = con.execute(
            f"INSERT OR IGNORE INTO notice({_NOTICE}) VALUES (?,?,?,?,?,?,?,?,?,?)", tuple(row)
        )
        if not done.rowcount:
            con.execute("UPDATE notice SET seen_ms = ? WHERE id = ? AND seen_ms = 0", (row[8], row[0]))
    for row in apart:
        con.execute(
            f"INSERT OR IGNORE INTO verdict({_APART}) SELECT ?, ?, ?, ?, ?, 0 WHERE EXISTS "
            "(SELECT 1 FROM op WHERE action_id = ?) AND NOT EXISTS (SELECT 1 FROM op o "
            "JOIN stream_op s ON s.op_id = o.op_id WHERE o.action_id = ?)",
            (*row[:5], row[0], row[0]),
        )
        con.execute("UPDATE verdict SET seen_ms = ? WHERE action = ? AND seen_ms = 0", (row[5], row[0]))
