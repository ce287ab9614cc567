"""What the operations that moved files say besides: clerks named in a file, what one action moved."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from jobdesk.cases.ops import Kind
from jobdesk.store.log import Connection, ops_of_subject
from jobdesk.store.many import in_parts

CLERKS = "clerks"
"""Where the body of a ``Transferred`` keeps names of clerks by id; older programs pass over it."""


@dataclass(frozen=True, slots=True)
class Move:
    """One file that one action moved.

    Attributes:
        origin, target: streams, empty where nobody wrote them.
    """

    action_id: str
    subject: str
    origin: str
    target: str


def clerks_in(con: Connection, subject_id: str, staff: Mapping[str, str]) -> dict[str, str]:
    """Of these members of staff (id → name) those whom the file of a subject names: who wrote, who served."""
    named: set[str] = set()
    for op in ops_of_subject(con, subject_id):
        named.add(op.actor)
        named.update(_words(op.payload or {}))
    return {i: staff[i] for i in sorted(named & staff.keys()) if staff[i]}


def _words(payload: Mapping[str, object]) -> Iterator[str]:
    for part in ("set", "add"):
        values = payload.get(part)
        for value in cast("dict[str, object]", values).values() if isinstance(values, dict) else ():
            listed = cast("list[object]", value) if isinstance(value, list) else [value]
            yield from (v for v in listed if isinstance(v, str))


def clerks_told(con: Connection, subjects: Iterable[str]) -> dict[str, str]:
    """Names of clerks of other stations by id, as the moves of these subjects told them."""
    found: dict[str, str] = {}
    for marks, part in in_parts(sorted(set(subjects))):
        rows = con.execute(
            f"SELECT payload FROM op WHERE subject_id IN ({marks}) AND kind = ? AND payload IS NOT NULL "
            "ORDER BY position",
            (*part, Kind.TRANSFERRED.value),
        )
        for (payload,) in rows:
            told = json.loads(payload).get(CLERKS)
            if isinstance(told, dict):
                listed = cast("dict[str, object]", told).items()
                found.update((i, name) for i, name in listed if isinstance(name, str) and name)
    return found


def moves_beside(con: Connection, subjects: Iterable[str]) -> list[Move]:
    """The moves in all actions that wrote on one of these subjects, those of other subjects among them."""
    found: list[Move] = []
    for marks, part in in_parts(sorted(set(subjects))):
        rows = con.execute(
            "SELECT action_id, subject_id, payload FROM op WHERE kind = ? AND action_id IN "
            f"(SELECT action_id FROM op WHERE subject_id IN ({marks})) ORDER BY position",
            (Kind.TRANSFERRED.value, *part),
        ).fetchall()
        for action, subject, payload in rows:
            values: dict[str, Any] = (json.loads(payload).get("set") if payload else None) or {}
            origin, target = str(values.get("moved_from") or ""), str(values.get("station") or "")
            found.append(Move(action, subject, origin, target))
    return list(dict.fromkeys(found))
