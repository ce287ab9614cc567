"""Operations of one subject → its state. With ``fold_record`` the only place where a merge is decided.

Knowledge first, clock second. An edit replaces every version its author knew (its bases); among
versions that did not know each other the greatest stamp is shown and the others stay in sight. A
critical field never shows what one person merely won by clock: it keeps the last common version.
A set keeps every addition that nobody who knew of it dropped. What is taken back is treated as never
written, unless somebody has built on it (see ``standing``). Order, repetition and splitting of the
input change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from jobdesk.cases import schema
from jobdesk.cases.codec import upcast
from jobdesk.cases.fold_record import NOTHING, fold_field, fold_record
from jobdesk.cases.ops import RULES, Json, Op, Shape, Subject
from jobdesk.cases.standing import TakenBack, Targets, Write, Written, taken_back
from jobdesk.cases.state import FieldState, Head, RecordKey, RecordState, SubjectState


class MixedSubjectsError(ValueError):
    """Operations of more than one subject were given to one fold: a bug of the caller."""


class Folding:
    """A fold that can be continued: ``add`` operations, read ``state`` at any time.

    ``Folding(subject).extend(ops).state()`` equals ``fold(ops)`` for every splitting of ``ops``.

    Cost: an added operation costs the fields it touches; a state costs the records touched since the
    last one. 400 operations from nothing take a few milliseconds.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._seen: dict[str, Op] = {}
        self._records: dict[RecordKey, Written] = {}
        self._undos: dict[str, Targets] = {}
        self._dirty: set[RecordKey] = set()
        self._states: dict[RecordKey, RecordState] = {}
        self._erased = False

    def extend(self, ops: Iterable[Op]) -> Folding:
        """Take in operations; repeated op_ids are ignored (one with its payload beats a blanked copy).

        Raises:
            MixedSubjectsError: an operation of another subject.
        """
        for op in ops:
            if op.subject != self.subject:
                raise MixedSubjectsError(op.op_id)
            seen = self._seen.get(op.op_id)
            if seen is None or (seen.payload is None and op.payload is not None):
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
            only = _table(payload.get("fields"))
            self._undos[op.op_id] = {
                o: frozenset(_texts(only[o])) if o in only else None for o in _texts(payload.get("ops"))
            }
            self._dirty.update(self._records)
            return
        kind, record_id = payload.get("record"), payload.get("id")
        if not isinstance(kind, str) or not isinstance(record_id, str):
            return
        key = (kind, record_id)
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = Written()
        _write_down(op, payload, kind, record)
        self._dirty.update(self._records if self._undos else (key,))

    @property
    def written(self) -> Mapping[RecordKey, Written]:
        """Everything taken in so far, by record; what was taken back later included."""
        return MappingProxyType(self._records)

    @property
    def undos(self) -> Mapping[str, Targets]:
        """Every withdrawal taken in so far, whether in force or not."""
        return MappingProxyType(self._undos)

    def taken_back(self) -> TakenBack:
        """What of it counts as never written."""
        if not self._undos:
            return NOTHING
        return taken_back((self.subject.kind, self.subject.id), self._records, self._undos)

    def state(self) -> SubjectState:
        """The state after everything taken in so far."""
        if self._erased:
            return SubjectState(self.subject, {}, erased=True)
        if self._dirty:
            gone = self.taken_back()
            for key in self._dirty:
                folded = fold_record(key, self._records[key], gone, self._seen)
                if folded is None:
                    self._states.pop(key, None)
                else:
                    self._states[key] = folded
            self._dirty.clear()
        return SubjectState(self.subject, dict(self._states))


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


def fold_new(ops: Iterable[Op], subject: Subject) -> SubjectState:
    """What ``fold`` says of a subject, faster where operations open records that nothing else speaks of.

    That is an import, and most of a file that comes whole: what was written once needs no merge. The rest
    is folded.
    """
    listed = list(ops)
    if len({op.op_id for op in listed}) != len(listed):
        return fold(listed, subject)
    by: dict[RecordKey, list[Op]] = {}
    for op in listed:
        payload = None if _UNUSUAL[op.kind] or op.subject != subject else upcast(op)
        if payload is None:
            return fold(listed, subject)
        kind, record_id = payload.get("record"), payload.get("id")
        if not isinstance(kind, str) or not isinstance(record_id, str):
            return fold(listed, subject)
        key = (kind, record_id)
        if key in by:
            by[key].append(op)
        else:
            by[key] = [op]
    records: dict[RecordKey, RecordState] = {}
    rest: list[Op] = []
    for key, mine in by.items():
        opened = _only_opening(mine[0], key) if len(mine) == 1 else None
        if opened is not None:
            records[key] = opened
        else:
            rest += mine
    if rest:
        records.update(Folding(subject).extend(rest).state().records)
    return SubjectState(subject, records)


_UNUSUAL = {kind: rule.shape in (Shape.WITHDRAW, Shape.ERASE) for kind, rule in RULES.items()}
_OPENS = {kind: rule.shape is Shape.OPEN for kind, rule in RULES.items()}
_MOVED = {kind: frozenset(n for k, n in schema.MOVES if k == kind) for kind, _ in schema.MOVES}


def _only_opening(op: Op, key: RecordKey) -> RecordState | None:
    """The record an opening makes when nothing else is known of it; None where it takes a fold to say."""
    payload = upcast(op) if _OPENS[op.kind] else None
    if payload is None or "bases" in payload or "drop" in payload:
        return None
    values = payload.get("set")
    if not isinstance(values, dict):
        return None
    op_id, stamp, actor = op.op_id, op.stamp, op.actor
    moved = _MOVED.get(key[0], _UNKNOWING)
    shapes = schema.SHAPES.get(key[0], _NO_SHAPES)
    added = _table(payload.get("add"))
    if any(shapes.get(name, list) is not list for name in added):
        return None
    fields: dict[str, FieldState] = {}
    for name, value in values.items():
        if name in moved:
            write = Write(Head(op_id, value, stamp, actor), _UNKNOWING)
            fields[name] = fold_field(key[0], name, {op_id: write})
        else:
            fits = type(value) is shapes.get(name) is str or schema.fits(key[0], name, value)
            fields[name] = FieldState(value if fits else None, (Head(op_id, value, stamp, actor),))
    sets = {name: dict.fromkeys(sorted(set(_texts(some))), (op_id,)) for name, some in added.items()}
    return RecordState(*key, fields, {n: s for n, s in sets.items() if s}, (stamp, actor))


_UNKNOWING: frozenset[str] = frozenset()
_NO_SHAPES: Mapping[str, type] = MappingProxyType({})


def _table(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _texts(value: Json) -> list[str]:
    """The texts of a list; whatever a newer or damaged payload holds besides is left out."""
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def _write_down(op: Op, payload: Mapping[str, Json], kind: str, record: Written) -> None:
    op_id = op.op_id
    record.ops.add(op_id)
    if _OPENS[op.kind]:
        record.opens[op_id] = op
    bases = _table(payload.get("bases"))
    writes, stamp, actor = record.writes, op.stamp, op.actor
    added, shapes = _table(payload.get("add")), schema.SHAPES.get(kind, _NO_SHAPES)
    odd = {name: value for name, value in added.items() if shapes.get(name, list) is not list}
    for name, value in {**odd, **_table(payload.get("set"))}.items():  # added to what is no set: a version
        known = frozenset(_texts(bases[name])) if name in bases else _UNKNOWING
        write = Write(Head(op_id, value, stamp, actor), known)
        if name in writes:
            writes[name][op_id] = write
        else:
            writes[name] = {op_id: write}
    for name, values in added.items():
        if name in odd:
            continue
        record.adds.setdefault(name, {})[op_id] = _texts(values)
    for name, pairs in _table(payload.get("drop")).items():
        listed = pairs if isinstance(pairs, list) else []
        record.drops.setdefault(name, {})[op_id] = [
            (pair[0], _texts(pair[1]))
            for pair in listed
            if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)
        ]
