"""What a desk above stations writes tells who wrote it: at a station nobody knows its staff by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jobdesk.cases.ops import RULES, NewOp, Shape
from jobdesk.store import sync_facts
from jobdesk.store.log import Connection
from jobdesk.store.moved import CLERKS

_ABOVE = frozenset({"county", "province"})
_NAME = "SELECT json_extract(data, '$.name') FROM record_row WHERE subject_id = ? AND record_id = ?"


def is_above(con: Connection) -> bool:
    """Whether this desk stands over stations and works on their files. One that only carries does not."""
    return sync_facts.get(con, "role") in _ABOVE


def signed(con: Connection, actor: str, own: str, new: Sequence[NewOp]) -> Sequence[NewOp]:
    """The same operations, at a desk above with its office and the name of its clerk in the bodies
    (``moved.CLERKS``). A station's say nothing more.

    Args:
        own: subject of this office itself; what is written of it is read where its staff is known.
    """
    if not is_above(con):
        return new
    office = _name(con, own, own) or sync_facts.get(con, "station_name")
    who = " ".join(n for n in (office, _name(con, own, actor)) if n)
    return [_with(op, actor, who) if who and op.subject.id != own else op for op in new]


def _name(con: Connection, subject_id: str, record_id: str) -> str:
    row = con.execute(_NAME, (subject_id, record_id)).fetchone()
    return (row[0] or "") if row else ""


def _with(op: NewOp, actor: str, who: str) -> NewOp:
    """An erasure holds no name of anybody."""
    if RULES[op.kind].shape is Shape.ERASE:
        return op
    return replace(op, payload={**op.payload, CLERKS: {actor: who}})
