"""What was saved together: judged, listed and kept apart as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jobdesk.cases.ops import RULES, Kind, Op, Shape
from jobdesk.protocol.codes import Reason, Verdict
from province.reading import Item, moves_to

MERGES = (Kind.MERGED, Kind.UNMERGED)
_BATCH = 2000
"""Operations written at once."""


@dataclass(slots=True)
class Action:
    """What was saved together, and what becomes of it."""

    id: str
    items: list[Item]
    verdict: Verdict = Verdict.ACCEPTED
    reason: Reason | None = None

    def keep(self, reason: Reason) -> None:
        self.verdict, self.reason = Verdict.QUARANTINED, reason

    @property
    def ops(self) -> list[Op]:
        return [i.sound for i in self.items]

    @property
    def reaches_far(self) -> bool:
        """It may touch more than the streams its subjects are at home in."""
        return any(
            RULES[o.kind].shape is Shape.ERASE or o.kind in MERGES or moves_to(o) is not None
            for o in self.ops
        )


def batches(actions: Sequence[Action]) -> Iterable[list[Action]]:
    """Runs of plain actions; one that reaches far stands alone."""
    batch: list[Action] = []
    size = 0
    for action in actions:
        far = action.reaches_far
        if batch and (far or size + len(action.items) > _BATCH):
            yield batch
            batch, size = [], 0
        if far:
            yield [action]
            continue
        batch.append(action)
        size += len(action.items)
    if batch:
        yield batch


def same(listed: Op, sent: Op) -> bool:
    """The same operation in another life of its file: after a fork it may come under both places (M-8.4)."""
    return _said(listed) == _said(sent)


def _said(op: Op) -> tuple[object, ...]:
    when = (op.stamp.ms, op.stamp.counter)
    return (op.op_id, when, op.actor, op.action_id, op.schema, op.kind, op.subject, op.payload_hash)
