"""The operations of one subject made ready to answer what stands and who built on what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from jobdesk.cases.fold import Folding
from jobdesk.cases.ops import RULES, Op, Shape, Subject
from jobdesk.cases.state import RecordKey, SubjectState


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
        for k, record in self.records.items():
            if key is None or k == key:
                yield from (o for o in record.ops if o not in self.back.ops)

    def kept(self, op_id: str) -> Iterator[Kept]:
        """What an operation wrote, told as later work: its fields, or the record it opened."""
        op, key = self.ops[op_id], self.record_of[op_id]
        record = self.records[key]
        names = [""] if op_id in record.opens else record.fields_of(op_id)
        for name in names:
            yield Kept(self.subject, key, name, op.actor, op.stamp.ms, op_id)


def references(
    record_id: str,
    states: Mapping[Subject, SubjectState],
    own: Collection[str],
    within: Subject | None = None,
) -> Iterator[Kept]:
    """Shown fields anywhere whose value is this id and which ``own`` did not write.

    Args:
        within: a subject not to look through (its own children are looked at another way).
    """
    for subject, state in states.items():
        if subject == within:
            continue
        for record in state:
            key = (record.kind, record.id)
            for name, held in record.fields.items():
                for head in held.heads:
                    if head.value == record_id and head.op_id not in own:
                        yield Kept(subject, key, name, head.actor, head.stamp.ms, head.op_id)
            for name, values in record.sets.items():
                for tag in values.get(record_id, ()):
                    if tag not in own:
                        by, at = record.opened[1] if record.opened else "", 0
                        yield Kept(subject, key, name, by, at, tag)


def grounds_of(ops: Iterable[Op]) -> dict[Subject, Ground]:
    by_subject: dict[Subject, list[Op]] = {}
    for op in ops:
        by_subject.setdefault(op.subject, []).append(op)
    return {subject: Ground(subject, listed) for subject, listed in by_subject.items()}
