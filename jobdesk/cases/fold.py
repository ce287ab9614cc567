"""The only place where a merge is decided: operations of one subject → its state.

Knowledge first, clock second. An edit replaces every version its author knew (its bases); among
versions that did not know each other the greatest stamp is shown and the others stay in sight. A
critical field never shows what one person merely won by clock: it keeps the last common version.
A set keeps every addition that nobody who knew of it dropped. What is taken back is treated as never
written, unless somebody has built on it. Order, repetition and splitting of the input change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from jobdesk.cases import schema
from jobdesk.cases.codec import upcast
from jobdesk.cases.ops import RULES, Json, Op, Shape, Subject
from jobdesk.cases.state import FieldState, Head, RecordKey, RecordState, SubjectState


class MixedSubjectsError(ValueError):
    """Operations of more than one subject were given to one fold: a bug of the caller."""


@dataclass(frozen=True, slots=True)
class _Write:
    head: Head
    bases: frozenset[str]


class _Record:
    """Everything ever written to one record, grown operation by operation."""

    __slots__ = ("adds", "drops", "opens", "ops", "writes")

    def __init__(self) -> None:
        self.ops: set[str] = set()
        self.opens: dict[str, Op] = {}
        self.writes: dict[str, dict[str, _Write]] = {}
        self.adds: dict[str, dict[str, list[str]]] = {}
        self.drops: dict[str, dict[str, list[tuple[str, list[str]]]]] = {}


class Folding:
    """A fold that can be continued: ``add`` operations, read ``state`` at any time.

    ``Folding(subject).extend(ops).state()`` equals ``fold(ops)`` for every splitting of ``ops``.

    Cost: an added operation costs the fields it touches; a state costs the records touched since the
    last one. 400 operations from nothing take a few milliseconds.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._seen: dict[str, Op] = {}
        self._records: dict[RecordKey, _Record] = {}
        self._undos: dict[str, frozenset[str]] = {}
        self._dirty: set[RecordKey] = set()
        self._states: dict[RecordKey, RecordState] = {}
        self._erased = False

    def extend(self, ops: Iterable[Op]) -> Folding:
        """Take in operations; repeated op_ids are ignored.

        Raises:
            MixedSubjectsError: an operation of another subject.
        """
        for op in ops:
            if op.subject != self.subject:
                raise MixedSubjectsError(op.op_id)
            if op.op_id not in self._seen:
                self._seen[op.op_id] = op
                self._take(op)
        return self

    def _take(self, op: Op) -> None:
        shape = RULES[op.kind].shape
        if shape is Shape.ERASE:
            self._erased = True
            return
        payload = upcast(op)
        if payload is None:
            return
        if shape is Shape.WITHDRAW:
            self._undos[op.op_id] = frozenset(cast("list[str]", payload["ops"]))
            self._dirty.update(self._records)
            return
        key = (cast(str, payload["record"]), cast(str, payload["id"]))
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = _Record()
        record.ops.add(op.op_id)
        if shape is Shape.OPEN:
            record.opens[op.op_id] = op
        bases = cast("dict[str, list[str]]", payload.get("bases") or {})
        for name, value in cast("dict[str, Json]", payload["set"]).items():
            write = _Write(Head(op.op_id, value, op.stamp, op.actor), frozenset(bases.get(name, ())))
            record.writes.setdefault(name, {})[op.op_id] = write
        for name, values in cast("dict[str, list[str]]", payload.get("add") or {}).items():
            record.adds.setdefault(name, {})[op.op_id] = values
        for name, pairs in cast("dict[str, list[list[object]]]", payload.get("drop") or {}).items():
            record.drops.setdefault(name, {})[op.op_id] = [
                (cast(str, value), cast("list[str]", tags)) for value, tags in pairs
            ]
        self._dirty.update(self._records if self._undos else (key,))

    def state(self) -> SubjectState:
        """The state after everything taken in so far."""
        if self._erased:
            return SubjectState(self.subject, {}, erased=True)
        if self._dirty:
            gone, gone_fields = self._taken_back() if self._undos else (frozenset[str](), _NOTHING)
            for key in self._dirty:
                folded = _fold_record(key, self._records[key], gone, gone_fields)
                if folded is None:
                    self._states.pop(key, None)
                else:
                    self._states[key] = folded
            self._dirty.clear()
        return SubjectState(self.subject, dict(self._states))

    def _taken_back(self) -> tuple[frozenset[str], frozenset[tuple[str, RecordKey, str]]]:
        """Operations that count as never written, and single fields of others that do.

        Least fixpoints, so that even a forged cycle gives one answer in any order.
        """
        named: set[str] = set()
        for target_ids in (self._undos[u] for u in _live_undos(self._undos)):
            named |= target_ids
        fields: set[tuple[str, RecordKey, str]] = set()
        for key, record in self._records.items():
            for name, writes in record.writes.items():
                fields |= {(op_id, key, name) for op_id in _unbuilt(writes, named, record.opens)}
        gone = {
            op_id
            for key, record in self._records.items()
            for op_id in record.ops - set(record.opens)
            if op_id in named
            and all((op_id, key, n) in fields for n, w in record.writes.items() if op_id in w)
        }
        root = (self.subject.kind, self.subject.id)
        for key, record in self._records.items():
            if key != root:
                gone |= {o for o in record.opens if o in named and record.ops - set(record.opens) <= gone}
        if root in self._records:
            others = {o for r in self._records.values() for o in r.ops} - set(self._records[root].opens)
            if others <= gone:
                gone |= {o for o in self._records[root].opens if o in named}
        return frozenset(gone), frozenset(fields)


_NOTHING: frozenset[tuple[str, RecordKey, str]] = frozenset()


def fold(ops: Iterable[Op], subject: Subject | None = None) -> SubjectState:
    """Merge everything known about one subject.

    Args:
        ops: operations of one subject, in any order; repeated op_ids are ignored.
        subject: needed only when ``ops`` may be empty.

    Raises:
        MixedSubjectsError: operations of more than one subject.

    Cost: O(n); 400 operations take a few milliseconds. Source: design.md §4, docs/adr/0002.
    """
    listed = list(ops)
    about = subject or listed[0].subject
    return Folding(about).extend(listed).state()


def _live_undos(undos: dict[str, frozenset[str]]) -> set[str]:
    """Undos that no live undo takes back."""
    dead: set[str] = set()
    live: set[str] = set()
    while True:
        fresh = {
            u for u in undos if u not in live and u not in dead
            and all(n in dead for n, targets in undos.items() if u in targets)
        }  # fmt: skip
        if not fresh:
            return live
        live |= fresh
        for u in fresh:
            dead |= {t for t in undos[u] if t in undos and t not in live}


def _unbuilt(writes: dict[str, _Write], named: set[str], opens: dict[str, Op]) -> set[str]:
    """Writes of one field that are taken back and on which no standing write builds."""
    candidates = {op_id for op_id in writes if op_id in named and op_id not in opens}
    if not candidates:
        return candidates
    builders: dict[str, set[str]] = {c: set() for c in candidates}
    for op_id, write in writes.items():
        for base in write.bases & candidates:
            builders[base].add(op_id)
    gone: set[str] = set()
    while True:
        fresh = {c for c in candidates - gone if builders[c] <= gone}
        if not fresh:
            return gone
        gone |= fresh


def _fold_record(
    key: RecordKey,
    record: _Record,
    gone: frozenset[str],
    gone_fields: frozenset[tuple[str, RecordKey, str]],
) -> RecordState | None:
    standing = record.ops - gone if gone else record.ops
    if not standing:
        return None
    kind = key[0]
    fields: dict[str, FieldState] = {}
    for name, writes in record.writes.items():
        if gone or gone_fields:
            writes = {o: w for o, w in writes.items() if o not in gone and (o, key, name) not in gone_fields}
        if writes:
            fields[name] = _fold_field(kind, name, writes)
    sets: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, adds in record.adds.items():
        folded = _fold_set(adds, record.drops.get(name, {}), gone)
        if folded:
            sets[name] = folded
    opens = [(op.stamp, op.actor) for op_id, op in record.opens.items() if op_id not in gone]
    return RecordState(kind, key[1], fields, sets, min(opens) if opens else None)


def _fold_field(kind: str, name: str, writes: dict[str, _Write]) -> FieldState:
    if len(writes) == 1:
        (only,) = writes.values()
        return FieldState(only.head.value, (only.head,))
    moves = schema.MOVES.get((kind, name))
    refused: list[Head] = []
    if moves is not None:
        refused = [w.head for w in writes.values() if not _may_move(w, writes, moves)]
        writes = {o: w for o, w in writes.items() if w.head not in refused} or writes
    replaced: set[str] = set()
    for write in writes.values():
        replaced |= write.bases
    heads = [w.head for o, w in writes.items() if o not in replaced] or [w.head for w in writes.values()]
    heads.sort(key=lambda h: (h.stamp, h.op_id), reverse=True)
    shown = heads[0].value
    if schema.is_critical(kind, name) and any(h.value != shown for h in heads):
        shown = _last_common([h.op_id for h in heads], writes)
    refused.sort(key=lambda h: (h.stamp, h.op_id), reverse=True)
    return FieldState(shown, tuple(heads), tuple(refused))


def _may_move(
    write: _Write, writes: dict[str, _Write], moves: Mapping[str | None, frozenset[str]]
) -> bool:
    known = [writes[b].head.value for b in write.bases if b in writes] or [None]
    value = cast(str, write.head.value)
    return any(value == start or value in moves.get(cast("str | None", start), ()) for start in known)


def _last_common(heads: list[str], writes: dict[str, _Write]) -> Json:
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
    adds: dict[str, list[str]], drops: dict[str, list[tuple[str, list[str]]]], gone: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    dropped = {
        (value, tag)
        for op_id, pairs in drops.items() if op_id not in gone
        for value, tags in pairs
        for tag in tags
    }  # fmt: skip
    present: dict[str, list[str]] = {}
    for op_id, values in adds.items():
        if op_id in gone:
            continue
        for value in values:
            if (value, op_id) not in dropped:
                present.setdefault(value, []).append(op_id)
    return {value: tuple(sorted(tags)) for value, tags in sorted(present.items())}
