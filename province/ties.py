"""What is kept apart and is about a record of a person, or goes on with another line, by keys (M-7.2).

A stolen machine may leave a hundred thousand lines about one household. Who writes about it, and who erases
somebody of it, finds by these keys what he touches, and never reads all that waits. Only hashes stand here,
so many of a line, and counted with what waits (M-3.4). They go with what is settled.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

from sqlalchemy import Connection, bindparam, select, tuple_, update

from jobdesk.cases.erasing import SPEAKING, known_to, record_of, without_payload
from jobdesk.cases.ops import Op
from province import fences
from province.db import tables as t
from province.db.writing import among, in_pieces, insert_quietly
from province.reading import is_id
from province.speaking import read

_AT_ONCE = 5000
"""Values of one question (own figure): SQLite takes no more than some ten thousand."""
MOST = 32
"""Others with which one line that is kept apart goes on (own figure). A member has 13 fields, and a desk
names the heads of those that it writes.
"""
_ALIVE = t.tie.c.key.is_not(None)


def of_record(op: Op) -> str:
    """Key of the record of a person that an operation is about; empty where it is about none."""
    found = record_of(op)
    return _key("record", op.subject.id, *found) if found is not None else ""


def of_line(op: Op) -> str:
    """What lines are found by that go on with this one."""
    return _key("line", op.subject.id, op.op_id)


def note(con: Connection, ops: Collection[Op]) -> None:
    """Remember these, which are kept apart; not what a witness offers again that was discarded. In a wide
    scope.
    """
    wait = _wait(con, {op.op_id for op in ops})
    keys = ((op, key) for op in ops if op.op_id in wait for key in sorted(_keys(op)))
    insert_quietly(con, t.tie, [{"key": key, "op_id": op.op_id} for op, key in keys])


def many(op: Op) -> int:
    """With how many others one goes on that is kept apart."""
    return max(0, len(_keys(op)) - 1)


def kept(op: Op) -> Op:
    """As it is kept apart: one that goes on with more others than any desk says has no words. None of them
    could be found to whom the erased belong, and no others would be left room.
    """
    if op.subject.kind not in SPEAKING or len(known_to(op)) <= MOST:
        return op
    return without_payload(op)


def _keys(op: Op) -> set[str]:
    if op.subject.kind not in SPEAKING or not (record := of_record(op)):
        return set()
    return {record, *(_key("line", op.subject.id, i) for i in known_to(op) if is_id(i))}


def note_all(con: Connection) -> None:
    """What waited before this was written down (migration)."""
    q = t.quarantine.c
    here = update(t.quarantine).where(q.replica == bindparam("of"), q.replica_seq == bindparam("at"))
    told = select(q.replica, q.replica_seq, q.line).where(q.settled_ms.is_(None))
    told = told.order_by(q.replica, q.replica_seq).limit(_AT_ONCE)
    last = ("", 0)
    while rows := con.execute(told.where(tuple_(q.replica, q.replica_seq) > last)).all():
        last = (rows[-1].replica, int(rows[-1].replica_seq))
        found = [(row, op) for row in rows if (op := read(bytes(row.line))) is not None]
        said = [{"of": row.replica, "at": row.replica_seq, "said": op.op_id} for row, op in found]
        if said:
            con.execute(here.values(op_id=bindparam("said")), said)
            note(con, [op for _, op in found])


def found(con: Connection, keys: Collection[str]) -> set[str]:
    """Operations that were kept apart and have one of these keys."""
    return {
        op_id for some in in_pieces(sorted(keys))
        for op_id in con.execute(select(t.tie.c.op_id).where(among(con, t.tie.c.key, some))).scalars()
    }  # fmt: skip


def forget(con: Connection, op_ids: Collection[str]) -> None:
    """They are blank now, and are looked for no more."""
    for some in in_pieces(sorted(op_ids)):
        con.execute(update(t.tie).where(_ALIVE, among(con, t.tie.c.op_id, some)).values(key=None))


def settled(con: Connection, of: Collection[tuple[str, str]]) -> None:
    """These (subject, operation) wait no longer, at least not under this replica. While somebody keeps lines
    of their households apart their keys stay: it may be one of these. In a wide scope.
    """
    op_ids = {op_id for _, op_id in of if op_id}
    tied = set[str]()
    for some in in_pieces(sorted(op_ids)):
        alive = select(t.tie.c.op_id).where(_ALIVE, among(con, t.tie.c.op_id, some))
        tied |= set(con.execute(alive).scalars())
    if not tied or not fences.at_hand(con, alone={subject for subject, op_id in of if op_id in tied}):
        return
    forget(con, tied - _wait(con, tied))


def _wait(con: Connection, op_ids: Collection[str]) -> set[str]:
    q, found = t.quarantine.c, set[str]()
    for some in in_pieces(sorted(op_ids)):
        here = select(q.op_id).where(q.settled_ms.is_(None), among(con, q.op_id, some))
        found |= set(con.execute(here).scalars())
    return found


def waiting(con: Connection, op_ids: Collection[str]) -> list[tuple[str, int, Op]]:
    """(replica, place, operation) of these that wait apart, blank or not. In a wide scope."""
    q, found = t.quarantine.c, list[tuple[str, int, Op]]()
    query = select(q.replica, q.replica_seq, q.line).where(q.settled_ms.is_(None))
    for some in in_pieces(sorted(op_ids)):
        for replica, place, line in con.execute(query.where(among(con, q.op_id, some))):
            op = read(bytes(line))
            if op is not None:
                found.append((replica, int(place), op))
    return found


def _key(*words: str) -> str:
    return sha256("\n".join(words).encode()).hexdigest()[:40]
