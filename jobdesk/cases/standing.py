"""What was written to a subject, and which of it still stands after withdrawals.

A withdrawal (``Undone``, ``Withdrawn``) names operations, or single fields of them. What it names
counts as never written, as long as nobody has built on it:

* a write to a field stays while a standing write has it among its bases;
* an addition to a set, or a drop from one, has nothing that can be built on it, and always goes;
* the opening of a child record stays while any other operation on that record stands;
* the opening of the root stays while any other operation on the subject stands. A withdrawal that
  names a root opening which stays takes back nothing at all: a person on whom somebody worked in
  the meantime keeps the whole file, not a torn one;
* a withdrawal that a standing withdrawal names has no effect (redo is the undo of the undo).

All are least fixpoints over sets, so that even a forged cycle gives one answer in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from jobdesk.cases.ops import Op
from jobdesk.cases.state import Head, RecordKey

Targets = Mapping[str, frozenset[str] | None]
"""op_id → the fields of it that are taken back; None means the whole operation."""


@dataclass(frozen=True, slots=True)
class Write:
    """One value written to one field, and what its author knew."""

    head: Head
    bases: frozenset[str]


class Written:
    """Everything ever written to one record, grown operation by operation.

    Attributes:
        ops: ids of all operations on the record; ``opens`` are those that open it.
        writes, adds, drops: field → op_id → what it wrote, added, dropped.
    """

    __slots__ = ("adds", "drops", "opens", "ops", "writes")

    def __init__(self) -> None:
        self.ops: set[str] = set()
        self.opens: dict[str, Op] = {}
        self.writes: dict[str, dict[str, Write]] = {}
        self.adds: dict[str, dict[str, list[str]]] = {}
        self.drops: dict[str, dict[str, list[tuple[str, list[str]]]]] = {}

    def fields_of(self, op_id: str) -> list[str]:
        """Names of the fields and sets that an operation touched, in order."""
        return sorted(
            {
                name
                for touched in (self.writes, self.adds, self.drops)
                for name, by_op in touched.items()
                if op_id in by_op
            }
        )


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What counts as never written.

    Attributes:
        ops: whole operations.
        fields: (op_id, field) of single fields, those of whole operations (openings apart) included.
        by: op_id → withdrawals in force that name it, whether it could go or not.
        unheeded: opening that stays → withdrawals in force that meant to take it: somebody worked on the
            record without knowing. A question for a person.
    """

    ops: frozenset[str] = frozenset()
    fields: frozenset[tuple[str, str]] = frozenset()
    by: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType[str, tuple[str, ...]]({})
    )
    unheeded: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType[str, tuple[str, ...]]({})
    )


def taken_back(
    root: RecordKey, records: Mapping[RecordKey, Written], undos: Mapping[str, Targets]
) -> TakenBack:
    """What the withdrawals take back.

    Args:
        root: key of the subject's own record.
        undos: op_id of each withdrawal → what it names.
    """
    live = live_undos(undos)
    found = _take_back(root, records, undos, live)
    openings = records[root].opens.keys() if root in records else frozenset[str]()
    unheeded: dict[str, tuple[str, ...]] = {}
    if any(o in found.by and o not in found.ops for o in openings):
        unheeded = {o: found.by[o] for o in openings if o in found.by}
        live = {u for u in live if not (undos[u].keys() & openings)}
        found = _take_back(root, records, undos, live)
    for key, record in records.items():
        if key != root:
            unheeded.update((o, found.by[o]) for o in record.opens if o in found.by and o not in found.ops)
    return replace(found, unheeded=unheeded)


def live_undos(undos: Mapping[str, Targets]) -> set[str]:
    """Withdrawals that no withdrawal in force takes back. Of a forged ring none is in force."""
    namers: dict[str, set[str]] = {u: set() for u in undos}
    for u, targets in undos.items():
        for t in targets:
            if t in namers and targets[t] is None:
                namers[t].add(u)
    live: set[str] = set()
    dead: set[str] = set()
    while True:
        fresh = {u for u in undos if u not in live and u not in dead and namers[u] <= dead}
        if not fresh:
            return live
        live |= fresh
        dead |= {t for u in fresh for t in undos[u] if t in namers and u in namers[t]} - live


def _take_back(
    root: RecordKey,
    records: Mapping[RecordKey, Written],
    undos: Mapping[str, Targets],
    live: Iterable[str],
) -> TakenBack:
    named: dict[str, frozenset[str] | None] = {}
    by: dict[str, list[str]] = {}
    for u in sorted(live):
        for op_id, only in undos[u].items():
            known = named.get(op_id, frozenset[str]())
            named[op_id] = None if only is None or known is None else known | only
            by.setdefault(op_id, []).append(u)
    fields: set[tuple[str, str]] = set()
    gone: set[str] = set()
    for record in records.values():
        _fields_taken_back(record, named, fields)
        for op_id in record.ops & named.keys() - record.opens.keys():
            touched = record.fields_of(op_id)
            if all((op_id, n) in fields for n in touched) and (touched or named[op_id] is None):
                gone.add(op_id)
    for key, record in records.items():
        if key != root and record.ops - record.opens.keys() <= gone:
            gone |= {o for o in record.opens if named.get(o, frozenset()) is None}
    if root in records:
        openings = records[root].opens.keys()
        if {o for r in records.values() for o in r.ops} - openings <= gone:
            gone |= {o for o in openings if named.get(o, frozenset()) is None}
    return TakenBack(frozenset(gone), frozenset(fields), {o: tuple(us) for o, us in by.items()})


def _fields_taken_back(
    record: Written, named: Mapping[str, frozenset[str] | None], into: set[tuple[str, str]]
) -> None:
    def candidates(name: str, by_op: Iterable[str]) -> set[str]:
        return {
            o for o in by_op
            if o in named and o not in record.opens and ((only := named[o]) is None or name in only)
        }  # fmt: skip

    for name, writes in record.writes.items():
        into.update((o, name) for o in _unbuilt(writes, candidates(name, writes)))
    for touched in (record.adds, record.drops):
        for name, by_op in touched.items():
            into.update((o, name) for o in candidates(name, by_op))


def _unbuilt(writes: Mapping[str, Write], candidates: set[str]) -> set[str]:
    """Those writes of one field on which no standing write builds."""
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
