"""变更记录: the operations of one subject told as entries. Values and codes only, no sentences.

The screen says an entry with ``history.<text>`` and a change with ``history.changed`` and its
neighbours in the string catalogue; it masks what the flags say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jobdesk.cases import schema
from jobdesk.cases.clock import Stamp
from jobdesk.cases.codec import upcast
from jobdesk.cases.ground import Ground, References
from jobdesk.cases.ops import RULES, Json, Kind, Op, Shape, Subject
from jobdesk.cases.restricting import Restricting, is_withheld
from jobdesk.cases.state import RecordKey
from jobdesk.cases.undoing import plan_undo


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entry.

    Attributes:
        old: the values its author knew, newest first; several when they settled a conflict, none when
            they knew of none.
        new: what was written; None when it was cleared, or when this is a set.
        added, dropped: values of a set.
        undone: this field was taken back later.
        masked, sensitive: as in ``schema.Field``.
        restricted: the value can reveal a restricted fact; hide it unless its code says it is none.
        table: code list of the field, empty otherwise.
    """

    field: str
    old: tuple[Json, ...] = ()
    new: Json = None
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    undone: bool = False
    masked: bool = False
    sensitive: bool = False
    restricted: bool = False
    table: str = ""


@dataclass(frozen=True, slots=True)
class UndoneBy:
    """The withdrawal that took an entry back."""

    op_id: str
    actor: str
    at: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as 变更记录 tells it.

    Attributes:
        at: stamp in milliseconds, as the machine of the author believed.
        text: key below ``history`` in the string catalogue.
        record: record kind and id; of a withdrawal or an erasure the root.
        takes_back: of a withdrawal, the operations it names.
        blank: the payload was erased; only who and when is left.
        withheld: the payload is with its station only (``restricting``); blank too.
        undone_by: set when the whole operation was taken back.
        can_undo: whether undoing its action would take back at least something on this subject (for
            a withdrawal: redo).
    """

    op_id: str
    action_id: str
    at: int
    actor: str
    kind: Kind
    text: str
    record: RecordKey
    changes: tuple[Change, ...] = ()
    reason: str = ""
    import_id: str = ""
    takes_back: tuple[str, ...] = ()
    blank: bool = False
    undone_by: UndoneBy | None = None
    can_undo: bool = False
    withheld: bool = False


def history(ops: Iterable[Op], restricting: Restricting, subject: Subject | None = None) -> list[Entry]:
    """Newest first; what builds on an entry or takes it back stands above it, whatever the clocks said.

    Args:
        ops: operations of one subject, in any order; repeated op_ids are ignored.
        subject: needed only when ``ops`` may be empty.

    Cost: one fold and one plan of undoing per action; 400 operations take tens of milliseconds.
    """
    listed = list({op.op_id: op for op in ops}.values())
    if not listed:
        return []
    ground = Ground(subject or listed[0].subject, listed)
    undoable = _undoable(ground)
    told = [_entry(ground, op, op.action_id in undoable, restricting) for op in listed]
    order = _order(ground)
    return sorted(told, key=lambda e: order[e.op_id], reverse=True)


def _undoable(ground: Ground) -> set[str]:
    actions: dict[str, list[Op]] = {}
    for op in ground.ops.values():
        actions.setdefault(op.action_id, []).append(op)
    grounds, references = {ground.subject: ground}, References([ground.folding.state()])
    return {a for a, listed in actions.items() if plan_undo(listed, grounds, references).ops}


def _order(ground: Ground) -> dict[str, tuple[Stamp, int, str]]:
    """Stamps, raised where an entry would stand below what it builds on."""
    known: dict[str, set[str]] = {o: set() for o in ground.ops}
    for record in ground.records.values():
        for op_id in record.ops:
            if op_id not in record.opens:
                known[op_id].update(record.opens)
        for writes in record.writes.values():
            for op_id, write in writes.items():
                known[op_id] |= write.bases & ground.ops.keys()
        for drops in record.drops.values():
            for op_id, pairs in drops.items():
                known[op_id].update(t for _, tags in pairs for t in tags if t in ground.ops)
    for undo_id, targets in ground.undos.items():
        known[undo_id] |= targets.keys() & ground.ops.keys()
    order: dict[str, tuple[Stamp, int, str]] = {}
    waiting = sorted(ground.ops.values(), key=lambda op: (op.stamp, op.op_id))
    while waiting:
        later: list[Op] = []
        for op in waiting:
            below = known[op.op_id] - {op.op_id}
            if below <= order.keys():
                floor = max((order[b] for b in below), default=None)
                own = (op.stamp, 0, op.op_id)
                raised = floor is not None and floor > own
                order[op.op_id] = (floor[0], floor[1] + 1, op.op_id) if raised and floor else own
            else:
                later.append(op)
        if len(later) == len(waiting):
            order.update({op.op_id: (op.stamp, 0, op.op_id) for op in later})
            break
        waiting = later
    return order


def _entry(ground: Ground, op: Op, can_undo: bool, restricting: Restricting) -> Entry:
    payload: Mapping[str, Json] = upcast(op) or {}
    shape = RULES[op.kind].shape
    reason, import_id = payload.get("reason"), payload.get("import")
    key = ground.record_of.get(op.op_id, ground.root)
    return Entry(
        op.op_id,
        op.action_id,
        op.stamp.ms,
        op.actor,
        op.kind,
        RULES[op.kind].text,
        key,
        _changes(ground, op.op_id, key, restricting) if op.op_id in ground.record_of else (),
        reason if isinstance(reason, str) else "",
        import_id if isinstance(import_id, str) else "",
        tuple(sorted(ground.undos.get(op.op_id, ()))),
        op.payload is None and shape is not Shape.ERASE,
        _undone_by(ground, op.op_id),
        can_undo,
        is_withheld(op),
    )


def _undone_by(ground: Ground, op_id: str) -> UndoneBy | None:
    if op_id in ground.undos:
        if ground.in_force(op_id):
            return None
    elif op_id not in ground.back.ops:
        return None
    namers = ground.back.by.get(op_id, ())
    if not namers:
        return None
    first = min((ground.ops[u] for u in namers), key=lambda u: (u.stamp, u.op_id))
    return UndoneBy(first.op_id, first.actor, first.stamp.ms)


def _changes(ground: Ground, op_id: str, key: RecordKey, restricting: Restricting) -> tuple[Change, ...]:
    record = ground.records[key]
    found: list[Change] = []
    for name in record.fields_of(op_id):
        declared = schema.field(key[0], name)
        old: tuple[Json, ...] = ()
        new: Json = None
        write = record.writes.get(name, {}).get(op_id)
        if write is not None:
            bases = [record.writes[name][b].head for b in write.bases if b in record.writes[name]]
            old = tuple(h.value for h in sorted(bases, key=lambda h: (h.stamp, h.op_id), reverse=True))
            new = write.head.value
        found.append(
            Change(
                name,
                old,
                new,
                tuple(record.adds.get(name, {}).get(op_id, ())),
                tuple(value for value, _ in record.drops.get(name, {}).get(op_id, ())),
                op_id in ground.back.ops or (op_id, name) in ground.back.fields,
                declared.masked if declared else True,
                declared.sensitive if declared else True,
                restricting.may_tell(key[0], name),
                declared.table if declared else "",
            )
        )
    return tuple(found)
