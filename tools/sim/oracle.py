"""What was really done: every operation that a person was told is saved, and which copies were destroyed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jobdesk.cases.codec import canonical
from jobdesk.cases.ops import RULES, Op, Shape
from jobdesk.store.log import Log


@dataclass
class Oracle:
    """Of one world.

    Attributes:
        made: every operation that any program made, saved or not.
        saved: those that a person was told of, or that stood in a file after its process had died.
        gone: those whose every copy the simulation itself destroyed.
        begun: subject → station where somebody opened it.
        contents: digest → subjects of what was attached and has a copy left. Mostly one: but there are only
            256 papers of one byte, and the same bytes in the file of somebody else stay when one is erased.
    """

    made: dict[str, Op] = field(default_factory=dict[str, Op])
    saved: set[str] = field(default_factory=set[str])
    gone: set[str] = field(default_factory=set[str])
    begun: dict[str, str] = field(default_factory=dict[str, str])
    contents: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def note_made(self, ops: Iterable[Op]) -> None:
        for op in ops:
            self.made.setdefault(op.op_id, op)

    def note_saved(self, op_ids: Iterable[str]) -> None:
        self.saved.update(op_ids)
        self.gone.difference_update(self.saved & self.gone & set(op_ids))

    def belongs(self) -> dict[str, str]:
        """Action → station of those about whose place no person is in doubt."""
        return {
            op.action_id: self.begun[op.subject.id]
            for op in self.made.values()
            if op.subject.id in self.begun
        }

    def erased(self) -> set[str]:
        """Subjects that a clerk erased, whatever became of the operation since."""
        return {op.subject.id for op in self.made.values() if RULES[op.kind].shape is Shape.ERASE}

    def destroyed(self, left: set[str]) -> None:
        """After disks were lost: what stands nowhere any more cannot be asked for."""
        lost = self.saved - left
        self.saved -= lost
        self.gone |= lost

    def payload(self, op_id: str) -> bytes | None:
        """As it was written; None for one that no program made."""
        op = self.made.get(op_id)
        return None if op is None or op.payload is None else op.body or canonical(op.payload)


_stamp_all = Log.stamp_all


def listen(oracle: Oracle) -> None:
    """Operations come into being in one place."""

    def noted(log: Log, new: Iterable[object], actor: str, action_id: str) -> object:
        ops, tip = _stamp_all(log, new, actor, action_id)  # type: ignore[arg-type]
        oracle.note_made(ops)
        return ops, tip

    Log.stamp_all = noted  # type: ignore[method-assign,assignment]
