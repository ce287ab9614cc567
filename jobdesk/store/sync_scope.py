"""People who are at another station now: told by the folded state, blanked once safe, fetched on return."""

from __future__ import annotations

from jobdesk.store.log import Connection
from jobdesk.store.sync_state import own_marks

_AT = "json_extract(r.data, '$.station')"
_ROOTS = "r.kind IN ('case', 'household') AND r.record_id = r.subject_id"
_IN_SCOPE = "(SELECT stream FROM stream_state WHERE gone = 0)"


def note_who_left(con: Connection, at_ms: int) -> int:
    """Subjects whose station is none of our streams any more; returns how many are new."""
    done = con.execute(
        "INSERT OR IGNORE INTO left_subject(subject_id, stream, at_ms, blanked_ms) "
        f"SELECT r.subject_id, {_AT}, ?, 0 FROM record_row r "
        f"WHERE {_ROOTS} AND {_AT} <> '' AND {_AT} NOT IN {_IN_SCOPE} AND EXISTS {_IN_SCOPE}",
        (at_ms,),
    )
    return done.rowcount


def anybody_moved(con: Connection) -> bool:
    """Whether there is anything to note or to let go."""
    row = con.execute(
        "SELECT EXISTS (SELECT 1 FROM left_subject WHERE blanked_ms = 0) OR EXISTS "
        f"(SELECT 1 FROM record_row r WHERE {_ROOTS} AND {_AT} <> '' AND {_AT} NOT IN {_IN_SCOPE} "
        "AND r.subject_id NOT IN (SELECT subject_id FROM left_subject))"
    ).fetchone()
    return bool(row[0])


def who_came_back(con: Connection) -> list[tuple[str, str, bool]]:
    """(subject, stream, whether its payloads left this file) of those who are ours again."""
    rows = con.execute(
        f"SELECT r.subject_id, {_AT}, l.blanked_ms FROM left_subject l JOIN record_row r "
        f"ON r.subject_id = l.subject_id WHERE {_ROOTS} AND {_AT} IN {_IN_SCOPE} ORDER BY 1"
    ).fetchall()
    return [(r[0], r[1], bool(r[2])) for r in rows]


def is_back(con: Connection, subject_id: str) -> None:
    """Its operations are here whole again."""
    con.execute("DELETE FROM left_subject WHERE subject_id = ?", (subject_id,))


def left_and_safe(con: Connection) -> list[str]:
    """Those at another station about whom every operation of ours is safe and nothing waits."""
    rows = con.execute("SELECT subject_id FROM left_subject WHERE blanked_ms = 0").fetchall()
    safe = {m.replica: m.safe for m in own_marks(con)}
    found: list[str] = []
    for (subject_id,) in rows:
        mine = con.execute(
            "SELECT replica_id, max(replica_seq) FROM op WHERE subject_id = ? GROUP BY replica_id",
            (subject_id,),
        ).fetchall()
        if all(seq <= safe.get(replica, seq) for replica, seq in mine):
            found.append(subject_id)
    return found


def who_left(con: Connection) -> dict[str, tuple[str, int]]:
    """Subject → (stream it is at, since when it is known here)."""
    rows = con.execute("SELECT subject_id, stream, at_ms FROM left_subject").fetchall()
    return {r[0]: (r[1], r[2]) for r in rows}
