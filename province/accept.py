"""Taking a push in: one transaction of one replica, its actions listed or quarantined, then acknowledged.

The verdict depends on schema, scope, signature and size. Nothing here folds; a payload is read only to
see that it is what its hash says and whom it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from jobdesk.cases.codec import GENESIS, op_hash, payload_hash
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import RULES, SCHEMA, Op, Shape
from jobdesk.cases.schema import CHILDREN
from jobdesk.protocol.codes import ErrorCode, Reason, Verdict
from jobdesk.protocol.frames import read
from jobdesk.protocol.limits import MAX_ACTION_OPS
from jobdesk.protocol.messages import ActionVerdict, Place, PushHead
from province import erasing, streams
from province.db import tables as t
from province.db.writing import insert_new, insert_quietly
from province.refusing import Refused
from province.scope import Caller


@dataclass(slots=True)
class _Tip:
    """Where the server's copy of a replica's chain ends."""

    seq: int
    hash: bytes


@dataclass(slots=True)
class _Item:
    """One line: the operation, or why it is none."""

    line: bytes
    op: Op | None
    reason: Reason | None = None


@dataclass(slots=True)
class Taken:
    """What a push came to."""

    acked: Place
    safe: int
    verdicts: list[ActionVerdict] = field(default_factory=list[ActionVerdict])


def take(con: Connection, caller: Caller, head: PushHead, lines: Sequence[bytes], now_ms: int) -> Taken:
    """Everything in the caller's transaction; the caller commits before it answers.

    Raises:
        Refused: ``gap`` or ``fork``, with the place the server has.
    """
    tip, safe = _lock_replica(con, caller, head)
    items = [_item(line, head.replica) for line in lines]
    fresh = _follow(con, head, tip, items)
    taken = Taken(Place(), safe)
    for action in _actions(fresh):
        taken.verdicts.append(_take_action(con, caller, action, tip, now_ms))
    _told_before(con, items, fresh, taken)
    con.execute(
        update(t.replica)
        .where(t.replica.c.id == head.replica)
        .values(acked=tip.seq, hash=tip.hash, last_seq=max(head.last_seq, tip.seq))
    )
    taken.acked = Place(seq=tip.seq, hash=tip.hash.hex())
    return taken


def _lock_replica(con: Connection, caller: Caller, head: PushHead) -> tuple[_Tip, int]:
    query = select(t.replica.c.device, t.replica.c.acked, t.replica.c.hash, t.replica.c.safe).where(
        t.replica.c.id == head.replica
    )
    row = con.execute(query.with_for_update()).one_or_none()
    if row is None:
        if head.acked.seq:
            raise Refused(ErrorCode.GAP, acked=Place())
        con.execute(insert(t.replica).values(id=head.replica, device=caller.device, hash=GENESIS))
        return _Tip(0, GENESIS), 0
    tip = _Tip(int(row.acked), bytes(row.hash))
    if head.acked.seq > tip.seq:
        raise Refused(ErrorCode.GAP, acked=Place(seq=tip.seq, hash=tip.hash.hex()))
    known = _hash_at(con, head.replica, head.acked.seq)
    if head.acked.seq and known is not None and known.hex() != head.acked.hash:
        raise Refused(ErrorCode.FORK, acked=Place(seq=tip.seq, hash=tip.hash.hex()))
    return tip, int(row.safe)


def _hash_at(con: Connection, replica: str, seq: int) -> bytes | None:
    """Hash of a replica's operation, listed or quarantined; None when the server has none there."""
    for table in (t.op, t.quarantine):
        found = con.execute(
            select(table.c.hash).where(table.c.replica == replica, table.c.replica_seq == seq)
        ).scalar_one_or_none()
        if found is not None:
            return bytes(found)
    return None


def _item(line: bytes, replica: str) -> _Item:
    try:
        op = read(line)
    except BadInput as bad:
        too_large = bad.code == "operation_too_large"
        return _Item(line, None, Reason.TOO_LARGE if too_large else Reason.UNREADABLE)
    return _Item(line, op, None if op.replica_id == replica else Reason.FOREIGN)


def _follow(con: Connection, head: PushHead, tip: _Tip, items: list[_Item]) -> list[_Item]:
    """The items behind the tip, in the chain; those before it must be what the server has.

    A line that cannot be read has no place of its own: it stands where it came, and what follows it chains
    to a hash the server cannot compute. It is taken by its neighbour's word.
    """
    fresh: list[_Item] = []
    seq, hashed = tip.seq, tip.hash
    trusted = True
    for item in items:
        op = item.op
        if op is None:
            fresh.append(item)
            seq, trusted = seq + 1, False
            continue
        if op.replica_seq <= tip.seq:
            known = _hash_at(con, head.replica, op.replica_seq)
            if known is not None and known != op_hash(op):
                raise Refused(ErrorCode.FORK, acked=Place(seq=tip.seq, hash=tip.hash.hex()))
            continue
        if op.replica_seq != seq + 1:
            raise Refused(ErrorCode.GAP, acked=Place(seq=tip.seq, hash=tip.hash.hex()))
        if trusted and op.prev_hash != hashed:
            raise Refused(ErrorCode.FORK, acked=Place(seq=tip.seq, hash=tip.hash.hex()))
        seq, hashed, trusted = op.replica_seq, op_hash(op), True
        fresh.append(item)
    return fresh


def _actions(items: Iterable[_Item]) -> Iterable[list[_Item]]:
    """Items of one action together; an unreadable line is an action by itself."""
    group: list[_Item] = []
    for item in items:
        same = group and item.op and group[0].op and item.op.action_id == group[0].op.action_id
        if group and not same:
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _take_action(
    con: Connection, caller: Caller, items: list[_Item], tip: _Tip, now_ms: int
) -> ActionVerdict:
    first = items[0].op
    action = first.action_id if first else f"line-{tip.seq + 1}"
    reason = next((i.reason for i in items if i.reason), None) or _judge(con, caller, items)
    verdict: Verdict | None = None
    if reason is None:
        with con.begin_nested() as attempt:
            homes = _homes(con, caller, [i.op for i in items if i.op])
            verdict = None if homes is None else _list(con, items, homes, now_ms)
            if verdict is None:
                reason = Reason.OUT_OF_SCOPE if homes is None else Reason.FOREIGN
                attempt.rollback()
    if verdict is None:
        _quarantine(con, caller, items, tip, action, reason or Reason.UNREADABLE, now_ms)
        verdict = Verdict.QUARANTINED
    for item in items:
        tip.seq = item.op.replica_seq if item.op else tip.seq + 1
        tip.hash = op_hash(item.op) if item.op else GENESIS
    _remember(con, action, items, caller, verdict, reason, now_ms)
    return ActionVerdict(action=action, verdict=verdict, reason=reason)


def _judge(con: Connection, caller: Caller, items: list[_Item]) -> Reason | None:
    """What keeps an action apart, whoever sent it; None when nothing does."""
    if caller.revoked:
        return Reason.REVOKED
    ops = [i.op for i in items if i.op]
    if len(ops) > MAX_ACTION_OPS:
        return Reason.SPLIT_ACTION
    for op in ops:
        if op.schema > SCHEMA:
            return Reason.NEWER_SCHEMA
        if op.payload is not None and payload_hash(op.salt, op.payload) != op.payload_hash:
            return Reason.BAD_PAYLOAD
        if op.payload is None and RULES[op.kind].shape is not Shape.ERASE and op.salt != b"":
            return Reason.BAD_PAYLOAD
        if op.subject.kind not in CHILDREN:
            return Reason.BAD_PAYLOAD
    others = con.execute(
        select(t.op.c.op_id, t.op.c.replica).where(t.op.c.op_id.in_([o.op_id for o in ops]))
    ).all()
    return Reason.FOREIGN if any(row.replica != ops[0].replica_id for row in others) else None


def _homes(con: Connection, caller: Caller, ops: list[Op]) -> dict[str, int] | None:
    """Subject → number of the stream it is at home in; None when the caller has no part in one of them.

    A subject nobody knows is at home where the device is.
    """
    wanted = {op.subject.id for op in ops}
    known = {
        row.id: int(row.home)
        for row in con.execute(select(t.subject.c.id, t.subject.c.home).where(t.subject.c.id.in_(wanted)))
    }
    if any(home not in caller.may_write for home in known.values()):
        return None
    new = {op.subject.id: op.subject.kind for op in ops if op.subject.id not in known}
    if new:
        if caller.home is None:
            return None
        rows = [{"id": i, "kind": k, "home": caller.home} for i, k in new.items()]
        if insert_new(con, t.subject, rows, t.subject.c.id) != new.keys():
            return None  # somebody else's subject, which this caller does not see
        known.update(dict.fromkeys(new, caller.home))
    return known


def _list(con: Connection, items: list[_Item], homes: dict[str, int], now_ms: int) -> Verdict | None:
    """List the action; None when one of its ids was used by another replica, seen or not."""
    pairs = [(i, i.op) for i in items if i.op]
    here = set(
        con.execute(select(t.op.c.op_id).where(t.op.c.op_id.in_([op.op_id for _, op in pairs]))).scalars()
    )
    new = [(item, op) for item, op in pairs if op.op_id not in here]
    if not new:
        return Verdict.ALREADY
    gone = erasing.register(con, {op.subject.id for _, op in new})
    heads = streams.lock(con, {homes[op.subject.id] for _, op in new})
    rows = [
        {
            "op_id": op.op_id, "replica": op.replica_id, "replica_seq": op.replica_seq,
            "home": homes[op.subject.id], "subject": op.subject.id, "action": op.action_id,
            "kind": op.kind.value, "hash": op_hash(op), "received_ms": now_ms,
            "line": erasing.blank_line(op) if op.subject.id in gone else item.line,
        }
        for item, op in new
    ]  # fmt: skip
    if len(insert_new(con, t.op, rows, t.op.c.op_id)) != len(rows):
        return None
    for num, head in heads.items():
        streams.list_ops(con, head, [(op.op_id, op_hash(op)) for _, op in new if homes[op.subject.id] == num])
    streams.keep(con, heads.values())
    for _, op in new:
        if RULES[op.kind].shape is Shape.ERASE:
            erasing.erase(con, op.subject.id, now_ms)
    return Verdict.ACCEPTED


def _quarantine(
    con: Connection, caller: Caller, items: list[_Item], tip: _Tip, action: str, reason: Reason, now_ms: int
) -> None:
    rows: list[dict[str, object]] = []
    seq = tip.seq
    for item in items:
        seq = item.op.replica_seq if item.op else seq + 1
        rows.append(
            {
                "replica": caller.replica, "replica_seq": seq, "action": action, "device": caller.device,
                "subject": item.op.subject.id if item.op else "",
                "home": caller.place, "reason": reason.value, "line": item.line, "at_ms": now_ms,
                "hash": op_hash(item.op) if item.op else GENESIS,
            }
        )  # fmt: skip
    con.execute(insert(t.quarantine), rows)


def _remember(
    con: Connection, action: str, items: list[_Item], caller: Caller, verdict: Verdict,
    reason: Reason | None, now_ms: int,
) -> None:  # fmt: skip
    if verdict is Verdict.ALREADY:
        return
    row = {
        "id": action, "replica": caller.replica, "home": caller.place, "verdict": verdict.value,
        "reason": reason.value if reason else None, "at_ms": now_ms,
    }  # fmt: skip
    insert_quietly(con, t.action, [row])


def _told_before(con: Connection, items: list[_Item], fresh: list[_Item], taken: Taken) -> None:
    """The verdicts of actions that came again: as they were, ``accepted`` as ``already``."""
    new = {id(i) for i in fresh}
    again = list(dict.fromkeys(i.op.action_id for i in items if i.op and id(i) not in new))
    if not again:
        return
    told = {
        row.id: row
        for row in con.execute(
            select(t.action.c.id, t.action.c.verdict, t.action.c.reason).where(t.action.c.id.in_(again))
        )
    }
    for action in again:
        row = told.get(action)
        if row is not None and row.verdict == Verdict.QUARANTINED.value:
            verdict = ActionVerdict(
                action=action, verdict=Verdict.QUARANTINED, reason=Reason(row.reason) if row.reason else None
            )
        else:
            verdict = ActionVerdict(action=action, verdict=Verdict.ALREADY)
        taken.verdicts.append(verdict)
