"""Places in a chain that two operations want: a clone, or a restored file that went on (M-4.6, M-8.4).

What the server has listed stays where it is. An operation of ours that is in the way and that the server does
not have is taken up by another life of this file: same id, author, time and content, another place in another
chain. Nobody else has seen it where it was, and whatever was built on it names it by its id.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from jobdesk.cases.clock import Stamp
from jobdesk.cases.codec import canonical, op_hash
from jobdesk.cases.ops import Op, Subject
from jobdesk.protocol.limits import MAX_ACTION_OPS
from jobdesk.store.log import OP_COLUMNS, Connection, Tip, op_of
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_state import Mark, mark, put_mark
from jobdesk.store.withheld import HEADER_ONLY, in_chain, step_aside


def begin_new_life(w: Writing) -> str:
    """This file goes on as another replica; the former one stays one of its lives."""
    before = w.chain.replica_id
    put_mark(w.con, replace(mark(w.con, before), own=True))
    replica = w.new_life()
    put_mark(w.con, Mark(replica, own=True))
    return replica


_NOWHERE = f"NOT EXISTS (SELECT 1 FROM stream_op s WHERE s.op_id = op.op_id) AND NOT {HEADER_ONLY}"


def take_up(
    w: Writing, replica: str, from_seq: int, *, which: str = _NOWHERE, listed: Collection[str] = ()
) -> list[Op]:
    """Operations of ``replica`` from a place on that stand in no stream go to the end of the present life.
    Headers of what is restricted do not: whoever has the whole of it brings it (M-9.7).

    When ``replica`` is the present life, a new one begins first. Returns them in their new place.

    Args:
        which: the condition, where it is others' chain: ``outbox.UNLISTED``.
        listed: ids that stay, as a page that is just taken in lists them where they stand.
    """
    rows = w.con.execute(
        f"SELECT position, {OP_COLUMNS} FROM op WHERE replica_id = ? AND replica_seq >= ? "
        f"AND {which} ORDER BY replica_seq",
        (replica, from_seq),
    ).fetchall()
    if w.chain.replica_id == replica:
        begin_new_life(w)
    found = [(row[0], op) for row in rows if (op := op_of(row[1:])).op_id not in listed]
    return _chain_again(w, found) if found else []


def first_of_action(con: Connection, replica: str, seq: int) -> int:
    """Where the action that has this place begins: what was saved together goes on together, although of a
    bootstrap's pages a later place of a chain may come first.
    """
    row = con.execute(
        "SELECT min(o.replica_seq) FROM op o JOIN op x ON x.replica_id = o.replica_id "
        "AND x.action_id = o.action_id WHERE x.replica_id = ? AND x.replica_seq = ? "
        "AND o.replica_seq BETWEEN ? AND ?",
        (replica, seq, seq - MAX_ACTION_OPS, seq),
    ).fetchone()
    return seq if row[0] is None else int(row[0])


def make_way(w: Writing, replica: str, seqs: list[int]) -> None:
    """Headers of what is restricted leave places that the server gave to other operations."""
    found = in_chain(w.con, replica, seqs)
    if found:
        with _Unguarded(w.con):
            step_aside(w.con, found)


def append_again(w: Writing, op: Op) -> Op:
    """An operation that is not here and whose place is taken: at the end of the present life."""
    from jobdesk.store.log import insert

    placed = _placed(w, op)
    insert(w.con, [placed])
    w.ops.append(placed)
    return placed


def _placed(w: Writing, op: Op) -> Op:
    tip = w.chain
    stamp = Stamp(op.stamp.ms, op.stamp.counter, tip.replica_id)
    placed = replace(op, replica_id=tip.replica_id, replica_seq=tip.seq + 1, stamp=stamp, prev_hash=tip.hash)
    last = max(tip.last, (stamp.ms, stamp.counter))
    w.move_tip(Tip(tip.replica_id, tip.seq + 1, op_hash(placed), last))
    return placed


def _chain_again(w: Writing, found: list[tuple[int, Op]]) -> list[Op]:
    moved: list[Op] = []
    with _Unguarded(w.con):
        for position, op in found:
            placed = _placed(w, op)
            w.con.execute(
                "UPDATE op SET replica_id = ?, replica_seq = ?, prev_hash = ? WHERE position = ?",
                (placed.replica_id, placed.replica_seq, placed.prev_hash, position),
            )
            moved.append(placed)
    first = min(position for position, _ in found) - 1
    w.journal_from = first if w.journal_from is None else min(first, w.journal_from)
    return moved


def set_header(w: Writing, ops: list[Op]) -> set[Subject]:
    """Operations that are here under another header (or blank): now they stand as given. The server's word,
    or the later of two forms in a journal.
    """
    with _Unguarded(w.con):
        for op in ops:
            body = None if op.payload is None else op.body or canonical(op.payload)
            (position,) = w.con.execute("SELECT position FROM op WHERE op_id = ?", (op.op_id,)).fetchone()
            w.con.execute(
                "UPDATE op SET replica_id = ?, replica_seq = ?, ms = ?, counter = ?, actor = ?, "
                "action_id = ?, schema_version = ?, kind = ?, prev_hash = ?, "
                "payload_hash = ?, salt = ?, payload = ? "
                "WHERE position = ?",
                (op.replica_id, op.replica_seq, op.stamp.ms, op.stamp.counter, op.actor, op.action_id,
                 op.schema, op.kind.value, op.prev_hash, op.payload_hash, op.salt, body, position),
            )  # fmt: skip
            first = position - 1
            w.journal_from = first if w.journal_from is None else min(first, w.journal_from)
    return {op.subject for op in ops}


class _Unguarded:
    """Takes the guards of the log away for these statements of this transaction, and puts them back."""

    def __init__(self, con: Connection) -> None:
        self._con = con
        self._guards: list[str] = []

    def __enter__(self) -> None:
        rows = self._con.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name = 'op_is_immutable'"
        ).fetchall()
        for name, sql in rows:
            self._guards.append(sql)
            self._con.execute(f"DROP TRIGGER {name}")

    def __exit__(self, *_: object) -> None:
        for sql in self._guards:
            self._con.execute(sql)
