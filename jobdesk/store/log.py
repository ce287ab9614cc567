"""The operation log: append in the writing transaction, read whole, verify the chain."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from jobdesk.cases.clock import Clock, HybridClock, Stamp
from jobdesk.cases.codec import GENESIS, body_hash, canonical, op_hash, payload_hash
from jobdesk.cases.errors import Refused
from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, SCHEMA, Json, Kind, NewOp, Op, Subject
from jobdesk.store.many import in_parts

OP_COLUMNS = (
    "op_id, replica_id, replica_seq, ms, counter, actor, action_id, schema_version, kind, subject_kind, "
    "subject_id, prev_hash, payload_hash, salt, payload"
)
SPEAKS_SQL = "subject_kind IN ('household', 'import', 'walk_in', 'assignment')"
"""Operations that may name a person who is not their subject (``cases.erasing``)."""
_INSERT = f"INSERT INTO op({OP_COLUMNS}, import_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_INSERT_ONCE = _INSERT.replace("INSERT INTO", "INSERT OR IGNORE INTO")

Connection = Any
"""A sqlcipher3 connection: the DB-API without type stubs."""


@dataclass(slots=True)
class Tip:
    """Where this replica's chain ends.

    Attributes:
        seq: sequence of the last operation, 0 before the first.
        hash: what the next one chains to.
    """

    replica_id: str
    seq: int
    hash: bytes
    last: tuple[int, int]


def read_tip(con: Connection, replica_id: str) -> Tip:
    """The end of a replica's chain as it stands in the file."""
    row = con.execute(
        f"SELECT {OP_COLUMNS} FROM op WHERE replica_id = ? ORDER BY replica_seq DESC LIMIT 1", (replica_id,)
    ).fetchone()
    if row is None:
        return Tip(replica_id, 0, GENESIS, (0, 0))
    op = op_of(row)
    return Tip(replica_id, op.replica_seq, op_hash(op), (op.stamp.ms, op.stamp.counter))


class Log:
    """Appends on the writer thread; the tip is kept in memory and moved only after a commit.

    Attributes:
        tip: the end of the chain as last committed.
    """

    def __init__(self, tip: Tip, clock: Clock, ids: IdSource) -> None:
        self.tip = tip
        self._clock = clock
        self._ids = ids

    def stamp_all(self, new: Iterable[NewOp], actor: str, action_id: str) -> tuple[list[Op], Tip]:
        """Operations with id, place in the chain, stamp, salt and hashes; and the tip after them.

        Raises:
            Refused: more than 500 operations in one action.
        """
        todo = list(new)
        if len(todo) > MAX_OPS_PER_ACTION:
            raise Refused("action_too_large", count=len(todo), limit=MAX_OPS_PER_ACTION)
        tip = self.tip
        clock = HybridClock(self._clock, tip.replica_id, tip.last)
        seq, prev = tip.seq, tip.hash
        salts = os.urandom(16 * len(todo))
        done: list[Op] = []
        for n, item in enumerate(todo):
            seq += 1
            salt = salts[16 * n : 16 * n + 16]
            body = canonical(item.payload)
            op = Op(
                self._ids(), tip.replica_id, seq, clock.next(), actor, action_id, SCHEMA, item.kind,
                item.subject, item.payload, salt, prev, body_hash(salt, body), body,
            )  # fmt: skip
            prev = op_hash(op)
            done.append(op)
        return done, Tip(tip.replica_id, seq, prev, clock.last)


def insert(con: Connection, ops: Iterable[Op], *, once: bool = False) -> None:
    """Write operations; with ``once`` those already here are passed over (journal replay)."""
    con.executemany(_INSERT_ONCE if once else _INSERT, [_row_of(op) for op in ops])


def _row_of(op: Op) -> tuple[object, ...]:
    payload = op.payload
    body = None if payload is None else op.body or canonical(payload)
    imported = None if payload is None else payload.get("import")
    return (
        op.op_id, op.replica_id, op.replica_seq, op.stamp.ms, op.stamp.counter, op.actor, op.action_id,
        op.schema, op.kind.value, op.subject.kind, op.subject.id, op.prev_hash, op.payload_hash, op.salt,
        body, imported,
    )  # fmt: skip


def op_of(row: tuple[Any, ...]) -> Op:
    """The operation of a row in the order of the log's columns."""
    (op_id, replica, seq, ms, counter, actor, action, version, kind, s_kind, s_id, prev, hashed, salt,
     body) = row  # fmt: skip
    payload = None if body is None else cast("dict[str, Json]", json.loads(body))
    return Op(op_id, replica, seq, Stamp(ms, counter, replica), actor, action, version, Kind(kind),
              Subject(s_kind, s_id), payload, salt, prev, hashed, body or b"")  # fmt: skip


def ops_of_subject(con: Connection, subject_id: str) -> list[Op]:
    """All operations of one subject in order of arrival."""
    rows = con.execute(f"SELECT {OP_COLUMNS} FROM op WHERE subject_id = ? ORDER BY position", (subject_id,))
    return [op_of(r) for r in rows.fetchall()]


def ops_of_action(con: Connection, action_id: str) -> list[Op]:
    """All operations of one action in order."""
    rows = con.execute(f"SELECT {OP_COLUMNS} FROM op WHERE action_id = ? ORDER BY position", (action_id,))
    return [op_of(r) for r in rows.fetchall()]


def ops_named(con: Connection, op_ids: Iterable[str]) -> dict[str, Op]:
    """Operations by id; those that are not here are left out."""
    found: dict[str, Op] = {}
    for marks, part in in_parts(op_ids):
        rows = con.execute(f"SELECT {OP_COLUMNS} FROM op WHERE op_id IN ({marks})", part)
        found.update((op.op_id, op) for op in map(op_of, rows.fetchall()))
    return found


def all_ops(con: Connection, after: int = 0) -> Iterator[tuple[int, Op]]:
    """(position, operation) of everything after a position, in order of arrival."""
    rows = con.execute(
        f"SELECT position, {OP_COLUMNS} FROM op WHERE position > ? ORDER BY position", (after,)
    )
    return ((r[0], op_of(r[1:])) for r in rows)


def ops_by_subject(con: Connection) -> Iterator[tuple[str, list[Op]]]:
    """(subject id, its operations in order of arrival), subject by subject."""
    rows = con.execute(f"SELECT {OP_COLUMNS} FROM op ORDER BY subject_id, position")
    current, ops = "", list[Op]()
    for row in rows:
        op = op_of(row)
        if op.subject.id != current:
            if ops:
                yield current, ops
            current, ops = op.subject.id, []
        ops.append(op)
    if ops:
        yield current, ops


def blank(con: Connection, op_ids: Iterable[str]) -> None:
    """Erase salt and payload for ever; headers stay, so the chain still verifies."""
    con.executemany("UPDATE op SET payload = NULL, salt = x'' WHERE op_id = ?", [(i,) for i in op_ids])


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A place where a chain does not hold: replica and sequence, and what is wrong there."""

    replica_id: str
    seq: int
    what: str


def verify_chains(con: Connection) -> tuple[int, list[ChainFault]]:
    """Walk every replica's chain: dense from 1, linked by hash, payloads that match. (count, faults)

    Of other desks only what is in our scope came here: their chains have gaps and are checked between them.
    So have our own where the province has listed an operation under the place of another life (M-8.4): only
    what it does not have yet must be dense. What it has is held against its streams.
    """
    own = {r[0]: r[1] for r in con.execute(
        "SELECT replica, acked FROM replica_mark WHERE own = 1 UNION ALL "
        "SELECT value, 0 FROM setting WHERE key = 'fact.replica_id' "
        "AND value NOT IN (SELECT replica FROM replica_mark)"
    ).fetchall()}  # fmt: skip
    rows = con.execute(f"SELECT {OP_COLUMNS} FROM op ORDER BY replica_id, replica_seq")
    faults: list[ChainFault] = []
    count, replica, expected, prev = 0, None, 1, GENESIS
    for row in rows:
        op = op_of(row)
        count += 1
        if op.replica_id != replica:
            replica, expected, prev = op.replica_id, 1, GENESIS
        if op.replica_seq != expected:
            if op.replica_id in own and op.replica_seq > own[op.replica_id] + 1:
                faults.append(ChainFault(op.replica_id, op.replica_seq, "gap"))
        elif op.prev_hash != prev:
            faults.append(ChainFault(op.replica_id, op.replica_seq, "link"))
        if op.payload is not None and payload_hash(op.salt, op.payload) != op.payload_hash:
            faults.append(ChainFault(op.replica_id, op.replica_seq, "payload"))
        expected, prev = op.replica_seq + 1, op_hash(op)
    return count, faults
