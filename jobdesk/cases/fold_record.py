"""How one record is merged: which write of a field is shown, what stays in sight, what a set holds.

Knowledge first, clock second (see ``fold``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from jobdesk.cases import schema
from jobdesk.cases.clock import Stamp
from jobdesk.cases.ops import Json, Op
from jobdesk.cases.standing import TakenBack, Write, Written
from jobdesk.cases.state import FieldState, Head, RecordKey, RecordState

NOTHING = TakenBack()
"""Nothing was taken back: known by identity, since most files are so."""
_V = TypeVar("_V")


def fold_record(
    key: RecordKey, record: Written, back: TakenBack, seen: Mapping[str, Op]
) -> RecordState | None:
    """One record from everything written about it; None where nothing of it stands."""
    gone = back.ops
    if not (record.ops - gone if gone else record.ops):
        return None
    kind = key[0]
    fields: dict[str, FieldState] = {}
    sets: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, writes in record.writes.items():
        standing = _standing(name, writes, back)
        if standing:
            fields[name] = fold_field(kind, name, standing)
    for name, adds in record.adds.items():
        folded = _fold_set(_standing(name, adds, back), _standing(name, record.drops.get(name, {}), back))
        if folded:
            sets[name] = folded
    opens = [(op.stamp, op.actor) for op_id, op in record.opens.items() if op_id not in gone]
    removals = _removals(record, back, seen) if back.unheeded else ()
    return RecordState(kind, key[1], fields, sets, min(opens) if opens else None, removals)


def _removals(record: Written, back: TakenBack, seen: Mapping[str, Op]) -> tuple[Head, ...]:
    """Who meant to take the record back while somebody else worked on it."""
    ids = {u for o in record.opens for u in back.unheeded.get(o, ())}
    heads = [Head(u, None, seen[u].stamp, seen[u].actor) for u in ids]
    return tuple(sorted(heads, key=_newest, reverse=True))


def _standing(name: str, by_op: dict[str, _V], back: TakenBack) -> dict[str, _V]:
    if back is NOTHING or not by_op:
        return by_op
    return {o: v for o, v in by_op.items() if o not in back.ops and (o, name) not in back.fields}


def fold_field(kind: str, name: str, writes: dict[str, Write]) -> FieldState:
    """One field from its writes that stand, by operation."""
    moves = schema.MOVES.get((kind, name))
    if moves is None and len(writes) == 1:  # nearly every field of nearly every record
        (only,) = writes.values()
        value = only.head.value
        return FieldState(value if schema.fits(kind, name, value) else None, (only.head,))
    refused: dict[str, Write] = {}
    if moves is not None:
        refused = _refused_moves(writes, moves)
        writes = {o: w for o, w in writes.items() if o not in refused}
    replaced: set[str] = set()
    for write in writes.values():
        replaced |= write.bases
    heads = [w.head for o, w in writes.items() if o not in replaced] or [w.head for w in writes.values()]
    heads.sort(key=_newest, reverse=True)
    shown = next((h.value for h in heads if schema.fits(kind, name, h.value)), None)
    if schema.is_critical(kind, name) and any(h.value != shown for h in heads):
        shown = _last_common([h.op_id for h in heads], writes)
        shown = shown if schema.fits(kind, name, shown) else None
    proposals = sorted((w.head for o, w in refused.items() if o not in replaced), key=_newest, reverse=True)
    return FieldState(shown, tuple(heads), tuple(proposals))


def _newest(head: Head) -> tuple[Stamp, str]:
    return head.stamp, head.op_id


def _refused_moves(writes: dict[str, Write], moves: Mapping[str | None, frozenset[str]]) -> dict[str, Write]:
    """Writes whose value cannot be reached from any value their author knew.

    What follows a refused write starts from where that one started. A write without a known start
    starts from nothing. Knowledge runs one way, so each write is decided after its bases; a forged
    ring is refused.
    """
    starts: dict[str, frozenset[Json]] = {}
    refused: dict[str, Write] = {}
    waiting = dict(writes)
    while waiting:
        ready = [o for o, w in waiting.items() if not (w.bases & waiting.keys())]
        if not ready:
            return refused | waiting
        for op_id in ready:
            write = waiting[op_id]
            known: set[Json] = set()
            for base in write.bases & writes.keys():
                known |= starts[base]
            value = write.head.value
            if isinstance(value, str) and any(
                value == start or value in moves.get(cast("str | None", start), ())
                for start in known or {None}
            ):
                starts[op_id] = frozenset({value})
            else:
                starts[op_id] = frozenset(known)
                refused[op_id] = write
        for op_id in ready:
            del waiting[op_id]
    return refused


def _last_common(heads: list[str], writes: dict[str, Write]) -> Json:
    """The value of the nearest version that every head descends from; None when there is no single one."""
    common: set[str] | None = None
    for head in heads:
        above: set[str] = set()
        queue = [head]
        while queue:
            for base in writes[queue.pop()].bases:
                if base in writes and base not in above:
                    above.add(base)
                    queue.append(base)
        common = above if common is None else common & above
    if not common:
        return None
    passed = {b for c in common for b in writes[c].bases}
    nearest = [writes[c].head.value for c in common if c not in passed]
    return nearest[0] if nearest and all(v == nearest[0] for v in nearest) else None


def _fold_set(
    adds: dict[str, list[str]], drops: dict[str, list[tuple[str, list[str]]]]
) -> dict[str, tuple[str, ...]]:
    dropped = {(value, tag) for pairs in drops.values() for value, tags in pairs for tag in tags}
    present: dict[str, set[str]] = {}
    for op_id, values in adds.items():
        for value in values:
            if (value, op_id) not in dropped:
                present.setdefault(value, set()).add(op_id)
    return {value: tuple(sorted(tags)) for value, tags in sorted(present.items())}
