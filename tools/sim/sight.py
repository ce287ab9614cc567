"""Versions of a field that did not know of each other: none is out of sight (S4). Counted by a rule of its own."""

from __future__ import annotations

from collections.abc import Iterable

from jobdesk.cases.ops import RULES, Json, Op, Shape
from jobdesk.cases.schema import MOVES
from jobdesk.cases.state import SubjectState


def out_of_sight(ops: Iterable[Op], state: SubjectState) -> str:
    """A field of which not just the versions stand that nobody replaced who knew them; empty when there is none.
    Of files in which nothing was taken back; status moves have rules of their own.
    """
    written: dict[tuple[str, str, str], dict[str, Json]] = {}
    replaced: dict[tuple[str, str, str], set[str]] = {}
    for op in ops:
        if RULES[op.kind].shape in (Shape.WITHDRAW, Shape.ERASE):
            return ""
        match op.payload:
            case {"record": str(kind), "id": str(record), "set": dict(values), **more}:
                bases = more.get("bases")
                known = bases if isinstance(bases, dict) else {}
                for name, value in values.items():
                    key = (kind, record, name)
                    written.setdefault(key, {})[op.op_id] = value
                    named = known.get(name)
                    replaced.setdefault(key, set()).update(map(str, named if isinstance(named, list) else ()))
            case _:
                continue
    for (kind, record, name), versions in written.items():
        if (kind, name) in MOVES:
            continue
        stand = {i: v for i, v in versions.items() if i not in replaced[kind, record, name]}
        held = state.record(kind, record)
        here = held.fields[name].heads if name in held.fields else ()
        differ = any(v != next(iter(stand.values())) for v in stand.values())
        if stand != {h.op_id: h.value for h in here} or differ != (name in held.conflicts):
            return f"{name} of {kind} {record}: {len(here)} of {len(stand)} versions in sight"
    return ""
