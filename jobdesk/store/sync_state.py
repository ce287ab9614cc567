"""What the server has of each replica, and where this file stands in each stream.

A replica is one life of one station file; a file has had several where it was restored or cloned. What the
server has of a life is its *mark*; operations behind it wait to be sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jobdesk.cases.codec import GENESIS, op_hash
from jobdesk.protocol.chains import EMPTY, StreamPoint
from jobdesk.store import local
from jobdesk.store.log import OP_COLUMNS, Connection, op_of


@dataclass(frozen=True, slots=True)
class Mark:
    """What the server has acknowledged of a replica.

    Attributes:
        acked, hash: its last operation there, and the chain hash at it.
        safe: up to which it is inside the oldest backup that the server could still restore.
        own: a life of this file.
        state: empty, or what ``sync/recovering`` has to put right about it yet.
    """

    replica: str
    acked: int = 0
    hash: bytes = GENESIS
    safe: int = 0
    own: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True)
class StreamState:
    """Where this file stands in a stream; see ``sync_tables.StreamStateRow``."""

    num: int
    stream: str
    name: str
    region: str
    station_subject: str | None
    at: StreamPoint
    digest: bytes
    head: int
    agreed_ms: int
    loading: str | None
    gone: bool


# ---------------------------------------------------------------------- replicas


def own_all_lives(con: Connection) -> None:
    """Every replica in the log is a life of this file (before the first exchange that is so)."""
    con.execute(
        "INSERT OR IGNORE INTO replica_mark(replica, acked, hash, safe, own, state) "
        "SELECT DISTINCT replica_id, 0, ?, 0, 1, '' FROM op",
        (GENESIS,),
    )


def current_replica(con: Connection) -> str:
    """The life that writes now."""
    return local.facts(con)["replica_id"]


def mark(con: Connection, replica: str) -> Mark:
    """The mark of a replica; one at nothing where there is none yet."""
    row = con.execute(
        "SELECT replica, acked, hash, safe, own, state FROM replica_mark WHERE replica = ?", (replica,)
    ).fetchone()
    if row is None:
        return Mark(replica, own=replica == current_replica(con))
    return Mark(row[0], row[1], bytes(row[2]), row[3], bool(row[4]), row[5])


def put_mark(con: Connection, found: Mark) -> None:
    """Write it."""
    con.execute(
        "INSERT OR REPLACE INTO replica_mark(replica, acked, hash, safe, own, state) VALUES (?,?,?,?,?,?)",
        (found.replica, found.acked, found.hash, found.safe, int(found.own), found.state),
    )


def own_marks(con: Connection) -> list[Mark]:
    """The lives of this file, former ones first, the present one last."""
    now = current_replica(con)
    rows = con.execute("SELECT replica FROM replica_mark WHERE own = 1 ORDER BY rowid").fetchall()
    return [mark(con, r[0]) for r in rows if r[0] != now] + [mark(con, now)]


def last_seq(con: Connection, replica: str) -> int:
    """Sequence of the last operation of a replica here, 0 when there is none."""
    return con.execute(
        "SELECT coalesce(max(replica_seq), 0) FROM op WHERE replica_id = ?", (replica,)
    ).fetchone()[0]


def hash_at(con: Connection, replica: str, seq: int) -> bytes | None:
    """Chain hash at a place of a replica; None when that operation is not here."""
    if seq == 0:
        return GENESIS
    row = con.execute(
        f"SELECT {OP_COLUMNS} FROM op WHERE replica_id = ? AND replica_seq = ?", (replica, seq)
    ).fetchone()
    return None if row is None else op_hash(op_of(row))


def waiting(con: Connection) -> int:
    """Operations of this file's lives that the server does not have: cheap enough for every save."""
    return sum(_behind(con, m.replica, m.acked) for m in own_marks(con))


def _behind(con: Connection, replica: str, acked: int) -> int:
    return con.execute(
        "SELECT count(*) FROM op WHERE replica_id = ? AND replica_seq > ?", (replica, acked)
    ).fetchone()[0]


# ---------------------------------------------------------------------- streams

_COLUMNS = "num, stream, name, region, station_subject, seq, hash, digest, head, agreed_ms, loading, gone"


def streams(con: Connection) -> list[StreamState]:
    """Every stream this file has a part of, in the order they came."""
    rows = con.execute(f"SELECT {_COLUMNS} FROM stream_state ORDER BY num").fetchall()
    return [_stream(r) for r in rows]


def stream(con: Connection, stream_id: str) -> StreamState | None:
    """One of them."""
    row = con.execute(f"SELECT {_COLUMNS} FROM stream_state WHERE stream = ?", (stream_id,)).fetchone()
    return None if row is None else _stream(row)


def unit_name(con: Connection, facts: Mapping[str, str]) -> str:
    """What the server calls the unit that this PC was enrolled for; empty before it was.

    Args:
        facts: ``sync_facts.all_facts``.
    """
    own = stream(con, facts.get("station", ""))
    return (own.name if own else "") or facts.get("station_name", "")


def _stream(r: tuple[object, ...]) -> StreamState:
    (num, name_id, name, region, subject, seq, hashed, digest, head, agreed, loading, gone) = r
    return StreamState(
        int(str(num)), str(name_id), str(name), str(region), None if subject is None else str(subject),
        StreamPoint(int(str(seq)), bytes(hashed)), bytes(digest), int(str(head)), int(str(agreed)),  # pyright: ignore[reportArgumentType]
        None if loading is None else str(loading), bool(gone),
    )  # fmt: skip


NEW = "new"
"""Value of ``loading`` of a stream that is to be taken in by a bootstrap which has not begun."""


def know_stream(
    con: Connection, stream_id: str, name: str = "", region: str = "", station_subject: str | None = None,
    *, loading: str | None = None,
) -> StreamState:  # fmt: skip
    """The stream as it stands here, begun where it is new; name and region as last told."""
    con.execute(
        "INSERT OR IGNORE INTO stream_state"
        "(stream, name, region, seq, hash, digest, head, agreed_ms, loading, gone) "
        "VALUES (?, '', '', 0, ?, ?, 0, 0, ?, 0)",
        (stream_id, EMPTY, EMPTY, loading),
    )
    con.execute(
        "UPDATE stream_state SET gone = 0, name = coalesce(nullif(?, ''), name), "
        "region = coalesce(nullif(?, ''), region), station_subject = coalesce(?, station_subject) "
        "WHERE stream = ?",
        (name, region, station_subject, stream_id),
    )
    found = stream(con, stream_id)
    assert found is not None
    return found


def scope_is(con: Connection, stream_ids: Iterable[str]) -> list[str]:
    """Streams in scope now; returns those that left it (they are no longer asked for)."""
    wanted = set(stream_ids)
    left = [s.stream for s in streams(con) if s.stream not in wanted and not s.gone]
    con.executemany("UPDATE stream_state SET gone = 1 WHERE stream = ?", [(s,) for s in left])
    return left


def leave_scope(con: Connection, stream_id: str) -> None:
    """The server says that this stream is not ours to ask for any more."""
    con.execute("UPDATE stream_state SET gone = 1 WHERE stream = ?", (stream_id,))


def move_stream(
    con: Connection, num: int, at: StreamPoint, digest: bytes, head: int, agreed_ms: int | None = None
) -> None:
    """The cursor after a page; ``agreed_ms`` when the digests were compared and are the same."""
    con.execute(
        "UPDATE stream_state SET seq = ?, hash = ?, digest = ?, head = ?, "
        "agreed_ms = coalesce(?, agreed_ms) WHERE num = ?",
        (at.seq, at.hash, digest, head, agreed_ms, num),
    )


def restart_stream(con: Connection, stream_id: str) -> None:
    """Forget the places of a stream, so that it is taken in again from its beginning. Operations stay."""
    con.execute(
        "DELETE FROM stream_op WHERE stream = (SELECT num FROM stream_state WHERE stream = ?)", (stream_id,)
    )
    con.execute(
        "UPDATE stream_state SET seq = 0, hash = ?, digest = ?, head = 0, loading = NULL WHERE stream = ?",
        (EMPTY, EMPTY, stream_id),
    )


def set_loading(con: Connection, num: int, loading: str | None) -> None:
    """A bootstrap under way, as JSON; None when it came to its end."""
    con.execute("UPDATE stream_state SET loading = ? WHERE num = ?", (loading, num))
