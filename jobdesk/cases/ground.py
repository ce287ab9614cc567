"""The operations of one subject made ready to answer what stands and who built on what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from jobdesk.cases.fold import Folding
from jobdesk.cases.ops import RULES, Json, Op, Shape, Subject
from jobdesk.cases.state import RecordKey, RecordState, SubjectState


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """Something that stays because of later work.

    Attributes:
        record: where the later work stands.
        field: what it wrote; empty when it opened the record, or refers to it as a whole.
        by: actor of the later work, ``at`` its stamp in milliseconds, ``op_id`` its operation.
    """

    subject: Subject
    record: RecordKey
    field: str
    by: str
    at: int
    op_id: str


class Ground:
    """The operations of one subject, ready to answer what stands and who built on what."""

    def __init__(self, subject: Subject, ops: Iterable[Op]) -> None:
        self.subject = subject
        self.ops = {op.op_id: op for op in ops}
        self.folding = Folding(subject).extend(self.ops.values())
        self.records = self.folding.written
        self.back = self.folding.taken_back()
        self.undos = self.folding.undos
        self.erased = any(RULES[op.kind].shape is Shape.ERASE for op in self.ops.values())
        self.root: RecordKey = (subject.kind, subject.id)
        self.record_of = {o: key for key, record in self.records.items() for o in record.ops}

    def stands(self, op_id: str) -> bool:
        """Whether an operation has not been taken back as a whole."""
        return op_id in self.record_of and op_id not in self.back.ops

    def in_force(self, op_id: str) -> bool:
        """Whether a withdrawal counts (no other withdrawal took it back)."""
        return op_id in self.undos and not any(
            self.undos[u].get(op_id, frozenset()) is None for u in self.back.by.get(op_id, ())
        )

    def standing(self, key: RecordKey | None = None) -> Iterator[str]:
        """Operations that stand, of one record or of all."""
        for k in self.records if key is None else (key,):
            yield from (o for o in self.records[k].ops if o not in self.back.ops)

    def kept(self, op_id: str) -> Iterator[Kept]:
        """What an operation wrote, told as later work: its fields, or the record it opened."""
        op, key = self.ops[op_id], self.record_of[op_id]
        record = self.records[key]
        names = [""] if op_id in record.opens else record.fields_of(op_id)
        for name in names:
            yield Kept(self.subject, key, name, op.actor, op.stamp.ms, op_id)


class References:
    """Who refers to a subject or record by its id, in every field and set of these states."""

    def __init__(self, states: Iterable[SubjectState]) -> None:
        self._found: dict[Json, list[Kept]] = {}
        for state in states:
            for record in state:
                self._look_at(state.subject, record)

    def _look_at(self, subject: Subject, record: RecordState) -> None:
        key = (record.kind, record.id)
        for name, held in record.fields.items():
            for head in held.heads:
                if isinstance(head.value, str):
                    found = Kept(subject, key, name, head.actor, head.stamp.ms, head.op_id)
                    self._found.setdefault(head.value, []).append(found)
        at, by = (record.opened[0].ms, record.opened[1]) if record.opened else (0, "")
        for name, values in record.sets.items():
            for value, tags in values.items():
                self._found.setdefault(value, []).extend(Kept(subject, key, name, by, at, t) for t in tags)

    def to(self, record_id: str, own: Collection[str], within: Subject | None = None) -> list[Kept]:
        """References that ``own`` did not write, in order; those of the subject ``within`` left out."""
        found = self._found.get(record_id, ())
        return sorted(k for k in found if k.op_id not in own and k.subject != within)


def grounds_of(ops: Iterable[Op]) -> dict[Subject, Ground]:
    by_subject: dict[Subject, list[Op]] = {}
    for op in ops:
        by_subject.setdefault(op.subject, []).append(op)
    return {subject: Ground(subject, listed) for subject, listed in by_subject.items()}
