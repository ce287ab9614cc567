"""Operations of which a desk above the stations was told the header only: restricted facts (M-9.6).

Their salt says so (``cases.restricting.without``), here and in the journal; an erasure leaves none.
"""

from __future__ import annotations

from jobdesk.cases.codec import GENESIS
from jobdesk.cases.restricting import WITHHELD
from jobdesk.store.log import Connection

HEADER_ONLY = f"(op.payload IS NULL AND op.salt = x'{WITHHELD.hex()}')"
"""Of ``op``: nothing that may be offered or taken up as if it were the operation (M-9.7)."""


def count(con: Connection, subject_id: str) -> int:
    """How many operations of a subject are restricted and stand at its station only."""
    query = f"SELECT count(*) FROM op WHERE subject_id = ? AND {HEADER_ONLY}"
    return con.execute(query, (subject_id,)).fetchone()[0]


def in_chain(con: Connection, replica: str, seqs: list[int]) -> list[tuple[int, str]]:
    """(position, id) of headers at these places of a chain that stand in no stream."""
    query = (
        f"SELECT position, op_id FROM op WHERE replica_id = ? AND replica_seq = ? AND {HEADER_ONLY} "
        "AND NOT EXISTS (SELECT 1 FROM stream_op s WHERE s.op_id = op.op_id)"
    )
    return [row for seq in seqs for row in con.execute(query, (replica, seq)).fetchall()]


def step_aside(con: Connection, found: list[tuple[int, str]]) -> None:
    """Out of a chain where the server has listed something else: each in a chain of its own, until the
    operation itself is listed somewhere. The caller lifts the log's guard.
    """
    con.executemany(
        "UPDATE op SET replica_id = ?, replica_seq = 1, prev_hash = ? WHERE position = ?",
        [(f"apart-{op_id[-48:]}", GENESIS, position) for position, op_id in found],
    )


def forget(con: Connection, subject_ids: list[str]) -> None:
    """Of the erased nothing is withheld: it is gone."""
    con.executemany(
        f"UPDATE op SET salt = x'' WHERE subject_id = ? AND {HEADER_ONLY}", [(s,) for s in subject_ids]
    )
