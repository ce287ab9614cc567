"""A question decided at one desk while a colleague handed it upward, neither knowing of the other.

The decision stands: whoever has to act on it has acted. But he who asked those above waits for an answer
that nobody will give, and he who decided did not know that it was not his to decide. Both are told, each at
the desk where he did it; taken back, the question waits for those above again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from jobdesk.cases.differing import Escalation, escalation_over
from jobdesk.cases.ops import Kind, Op, Subject
from jobdesk.cases.settling import known_versions, settled_place
from jobdesk.store import conflict_reads, sync_facts, sync_told
from jobdesk.store.lives import own_lives
from jobdesk.store.log import OP_COLUMNS, Connection, op_of, ops_named
from jobdesk.store.moved import is_signed
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_told import CROSSED, Notice


def crossed(con: Connection, settlings: Iterable[Op]) -> dict[str, Escalation]:
    """Decision → what it crossed. Those above decide what is handed to them: theirs cross nothing; and nobody
    at a station could decide what he knew to be handed upward.
    """
    ops = [op for op in settlings if op.payload is not None]
    handed = conflict_reads.handed(con, {op.subject.id for op in ops})
    if not handed:
        return {}
    gone = conflict_reads.taken_back(con, handed)
    undos = ops_named(con, gone.values())
    found: dict[str, Escalation] = {}
    for op in ops:
        if is_signed(op.payload, op.actor) or op.subject.id not in handed:
            continue
        key, name = settled_place(op.payload or {})
        one = escalation_over(key, name, known_versions(op.payload), handed[op.subject.id])
        if one is not None and not _came_after(one, undos.get(gone.get(op.op_id, ""))):
            found[op.op_id] = one
    return found


def _came_after(one: Escalation, undo: Op | None) -> bool:
    """Whether it was handed upward once the decision had been taken back: nothing crossed then. Within one
    file its stamps say so for certain, between two the clocks do as well as they can.
    """
    if undo is None:
        return False
    if undo.replica_id == one.replica:
        return undo.stamp < one.stamp
    return undo.stamp.ms < one.at_ms


def tell(w: Writing, subjects: Collection[Subject], now_ms: int) -> int:
    """Notices about what of these crossed, once each, at the desks where it was decided or handed upward; how
    many. To be asked in the transaction that took something in.
    """
    con = w.con
    handed = conflict_reads.handed(con, {s.id for s in subjects})
    if not handed or sync_facts.stands_above(sync_facts.get(con, "role")):
        return 0
    ops = _settlings_of(con, handed)
    gone = conflict_reads.taken_back(con, handed)
    own = own_lives(con)
    told = 0
    for op_id, one in crossed(con, [op for op in ops if op.op_id not in gone]).items():
        op = next(o for o in ops if o.op_id == op_id)
        if op.replica_id in own or one.replica in own:
            more = {"decision": op_id, "escalation": one.id}
            told += sync_told.put_notice(
                con, Notice(f"{CROSSED}-{op_id}", CROSSED, (op.subject.id,), "", now_ms, 0, more=more)
            )
    return told


def _settlings_of(con: Connection, subject_ids: Iterable[str]) -> list[Op]:
    found: list[Op] = []
    for subject_id in subject_ids:
        rows = con.execute(
            f"SELECT {OP_COLUMNS} FROM op WHERE subject_id = ? AND kind = ?",
            (subject_id, Kind.CONFLICT_SETTLED.value),
        ).fetchall()
        found += map(op_of, rows)
    return found
