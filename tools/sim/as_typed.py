"""What stands on the server is what was typed, header and payload; of the erased it is blank, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterable

from jobdesk.cases.codec import canonical, op_hash
from jobdesk.cases.ops import RULES, Kind, Op, Shape
from tools.sim.standing import Province
from tools.sim.world import Violation, World


def check(world: World, province: Province) -> None:
    """S3, S10: what stands on the server is what was typed; of the erased nothing, also where it is kept apart."""
    erased = province.gone
    forgotten = world.server.told_erased - province.registered
    if forgotten:
        raise Violation(f"M-7.2: a restored server was told of {min(forgotten)} and knows of no erasure")
    speaking = _speaking((world.oracle.made[i] for i in province.ops if i in world.oracle.made), erased)
    for subject, line in world.ground.con.execute("SELECT subject, line FROM quarantine WHERE line <> x''"):
        if subject in erased and Kind.ERASED.value.encode() not in bytes(line):
            raise Violation(f"M-7.2: the server keeps apart what {subject} was")
    for op_id, op in province.ops.items():
        typed = world.oracle.made.get(op_id)
        if typed is None:
            raise Violation(f"S3: nobody made operation {op_id}")
        if op_hash(op) != province.hashes[op_id]:
            raise Violation(f"S13: {op_id} has another hash than it says")
        if _said(op) != _said(typed):
            raise Violation(f"S10: the header of {op_id} is not as it was made")
        if op.subject.id in erased and RULES[op.kind].shape is not Shape.ERASE:
            if op.payload is not None:
                raise Violation(f"M-7.1: the server still has what {op.subject.id} was")
        elif op.payload is None:
            if _record(typed) not in speaking:
                raise Violation(
                    f"S9: the payload of {op.kind.value} of {op.subject.id} is gone on the server"
                )
        elif _record(typed) in speaking:
            raise Violation(f"M-7.2: {op.kind.value} of {op.subject.id} still speaks of somebody erased")
        elif canonical(op.payload) != world.oracle.payload(op_id):
            raise Violation(f"S10: {op_id} says something else than was typed")


def _said(op: Op) -> tuple[object, ...]:
    """What of a header stays in whatever life an operation goes on."""
    at = op.stamp.ms, op.stamp.counter
    return op.action_id, op.actor, op.kind, op.subject, op.schema, at, op.payload_hash


_Record = tuple[str, str, str]


def _record(op: Op) -> _Record | None:
    match op.payload:
        case {"record": str(kind), "id": str(record)}:
            return op.subject.id, kind, record
        case _:
            return None


def _speaking(typed: Iterable[Op], erased: set[str]) -> set[_Record]:
    """Records of other subjects that were ever said to be about one of the erased: members of a household. All
    that was written on them is to go (M-7.2).
    """
    found: set[_Record] = set()
    for op in typed:
        match op.payload:
            case {"record": "member", "id": str(record), "set": {"case": str(case)}} if case in erased:
                found.add((op.subject.id, "member", record))
            case _:
                continue
    return found
