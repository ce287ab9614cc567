"""Chain and digest of a stream counted once more, from the log: what its state is held against."""

from __future__ import annotations

from collections.abc import Iterator

from jobdesk.cases.codec import hash_of_columns
from jobdesk.protocol.chains import StreamPoint, add, element, link
from jobdesk.store import sync_state
from jobdesk.store.log import Connection
from jobdesk.store.taking_in import read_lines

_HEADER = (
    "op_id", "replica_id", "replica_seq", "ms", "counter", "actor", "action_id", "schema_version", "kind",
    "subject_kind", "subject_id", "prev_hash", "payload_hash",
)  # fmt: skip
"""In the order in which ``hash_of_columns`` takes them."""


def recount(con: Connection, stream_id: str) -> tuple[StreamPoint, bytes]:
    """Chain and digest of a stream from the operations as they stand in the log."""
    state = sync_state.stream(con, stream_id)
    at, digest = StreamPoint(), bytes(32)
    if state is None:
        return at, digest
    elements: list[int] = []
    for hashed in _listed_hashes(con, state.num):
        at = link(at, hashed)
        elements.append(element(at.seq, hashed))
    return at, add(digest, elements)


def _listed_hashes(con: Connection, num: int) -> Iterator[bytes]:
    """Header hashes of what is listed, place by place from the first, up to a place that is missing.

    A place above the number of places is behind a missing one. The log is read in its own order, whatever the
    stream's is: page after page, each once.
    """
    (count,) = con.execute("SELECT count(*) FROM stream_op WHERE stream = ?", (num,)).fetchone()
    hashes, here = bytearray(32 * count), bytearray(count)
    columns = ", ".join(f"o.{c}" for c in _HEADER)
    rows = con.execute(
        f"SELECT s.seq, {columns} FROM op o CROSS JOIN stream_op s INDEXED BY ix_stream_op "
        "ON s.op_id = o.op_id WHERE s.stream = ? AND s.seq <= ?",
        (num, count),
    )
    for seq, *head in rows:
        hashes[32 * seq - 32 : 32 * seq] = hash_of_columns(head)
        here[seq - 1] = 1
    waiting = con.execute(
        "SELECT s.seq, u.line FROM unread_op u JOIN stream_op s ON s.op_id = u.op_id "
        "WHERE s.stream = ? AND s.seq <= ?",
        (num, count),
    )
    for seq, line in waiting:
        if not here[seq - 1]:
            hashes[32 * seq - 32 : 32 * seq] = read_lines([bytes(line)])[0].hash
            here[seq - 1] = 1
    whole = here.find(0)
    for n in range(count if whole < 0 else whole):
        yield bytes(hashes[32 * n : 32 * n + 32])
