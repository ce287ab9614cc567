"""What is to be pushed: of this file's lives what waits, of others' what the server lost and is here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Op
from jobdesk.store import sync_state
from jobdesk.store.log import OP_COLUMNS, Connection, op_of
from jobdesk.store.withheld import HEADER_ONLY

_CHUNK = 1000
MAX_OPS = 5000
"""Operations of one push (own figure): an answer names a verdict for each of their actions."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Operations to be pushed: whole actions, in the order of the chain, with their lines on the wire."""

    ops: tuple[Op, ...] = ()
    lines: tuple[bytes, ...] = ()

    @property
    def actions(self) -> list[str]:
        """Each once, in order."""
        return list(dict.fromkeys(op.action_id for op in self.ops))


def parcel(con: Connection, replica: str, after: int, max_bytes: int, *, max_ops: int = MAX_OPS) -> Parcel:
    """What follows ``after`` in a chain: whole actions as long as they fit (``_packed``).

    It ends where the chain has a hole, or a header only of what somebody else has whole (M-9.7).
    """
    return _packed(_dense(_chain(con, replica, after), after), max_bytes, max_ops)


def _dense(chain: Iterable[Op], after: int) -> Iterator[Op]:
    for seq, op in enumerate(chain, after + 1):
        if op.replica_seq != seq:
            return
        yield op


def _packed(chain: Iterable[Op], max_bytes: int, max_ops: int) -> Parcel:
    """Whole actions as long as they fit. A single one that is larger than everything allowed goes in pieces:
    the queue may not stop (M-4.4).
    """
    ops: list[Op] = []
    lines: list[bytes] = []
    size = whole = 0
    for op in chain:
        if ops and op.action_id != ops[-1].action_id:
            whole = len(ops)
        line = encode(op)
        if ops and (size + len(line) + 1 > max_bytes or len(ops) >= max_ops):
            keep = whole or len(ops)
            return Parcel(tuple(ops[:keep]), tuple(lines[:keep]))
        ops.append(op)
        lines.append(line)
        size += len(line) + 1
    return Parcel(tuple(ops), tuple(lines))


def _chain(con: Connection, replica: str, after: int, which: str = f"NOT {HEADER_ONLY}") -> Iterator[Op]:
    """What is here of a chain behind a place, read only as far as it is asked for."""
    while True:
        rows = con.execute(
            f"SELECT {OP_COLUMNS} FROM op WHERE replica_id = ? AND replica_seq > ? AND {which} "
            "ORDER BY replica_seq LIMIT ?",
            (replica, after, _CHUNK),
        ).fetchall()
        yield from map(op_of, rows)
        if len(rows) < _CHUNK:
            return
        after = rows[-1][2]


_SAFE = "(SELECT value FROM sync_fact WHERE key = 'stream_safe')"
UNLISTED = (
    "NOT EXISTS (SELECT 1 FROM stream_op s JOIN stream_state t ON t.num = s.stream WHERE s.op_id = op.op_id "
    f"AND (t.gone = 0 OR s.seq <= coalesce((SELECT value FROM json_each({_SAFE}) WHERE key = t.stream), 0))) "
    f"AND NOT {HEADER_ONLY} "
    "AND (op.payload IS NOT NULL OR EXISTS (SELECT 1 FROM erased e WHERE e.subject_id = op.subject_id) "
    "OR NOT EXISTS (SELECT 1 FROM left_subject l WHERE l.subject_id = op.subject_id))"
)
"""What a witness may offer, never the header of what is restricted (M-9.7).

Payloads that left with their scope are somebody else's to offer; what is blank because it spoke of an erased
person is blank everywhere. What is listed only in a stream that is out of scope is no longer known to stand
there, but for what was told as safe.
"""


def unlisted(con: Connection) -> list[str]:
    """Replicas of other files with operations here that stand in no stream.

    Whole log: only after the server lost something, once every stream was taken in again.
    """
    own = {m.replica for m in sync_state.own_marks(con)}
    rows = con.execute(f"SELECT DISTINCT replica_id FROM op WHERE {UNLISTED} ORDER BY 1").fetchall()
    return [r[0] for r in rows if r[0] not in own]


_NOWHERE = (
    f"NOT {HEADER_ONLY} AND action_id NOT IN (SELECT action FROM verdict) "
    "AND NOT EXISTS (SELECT 1 FROM stream_op s WHERE s.op_id = op.op_id)"
)
"""What stands in no stream, nor is kept apart. Before a pull that may be what was pushed just now."""


def stands_nowhere(con: Connection, replica: str, after: int) -> bool:
    """Whether anything of a chain behind a place stands in no stream, nor is kept apart."""
    row = con.execute(
        f"SELECT EXISTS (SELECT 1 FROM op WHERE replica_id = ? AND replica_seq > ? AND {_NOWHERE})",
        (replica, after),
    ).fetchone()
    return bool(row[0])


def first_nowhere(con: Connection, replica: str, after: int, but: str = "") -> int | None:
    """The first place of a chain behind this one of which that is so; ``but``: not of this subject."""
    (first,) = con.execute(
        "SELECT min(replica_seq) FROM op "
        f"WHERE replica_id = ? AND replica_seq > ? AND subject_id <> ? AND {_NOWHERE}",
        (replica, after, but),
    ).fetchone()
    return first


def witnessed(con: Connection, replica: str, after: int, max_bytes: int) -> Parcel:
    """Unlisted operations of another file's chain behind a place, as they are known here: with holes. Actions
    stay whole as the owner's do, as far as they are here.
    """
    return _packed(_chain(con, replica, after, UNLISTED), max_bytes, MAX_OPS)
