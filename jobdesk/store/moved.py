"""Moves of files as the log has them: from where, to where, and the clerks whose names go along."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from jobdesk.cases.ops import Kind
from jobdesk.store import sync_scope
from jobdesk.store.log import Connection, ops_of_subject
from jobdesk.store.many import in_parts

CLERKS = "clerks"
"""Where the body of a ``Transferred``, or of what a desk above wrote, keeps names of clerks; older programs
pass over it."""


@dataclass(frozen=True, slots=True)
class Move:
    """A ``Transferred`` as the log has it.

    Attributes:
        origin, target: streams; empty where nobody wrote them, or the payload is gone.
        at_ms: by the clock of the PC that wrote it.
        clerks: names by id that it took along.
    """

    op_id: str
    action_id: str
    subject: str
    at_ms: int
    origin: str = ""
    target: str = ""
    clerks: Mapping[str, str] = field(default_factory=dict[str, str])


def moved_to(con: Connection, case_ids: Collection[str], own: str) -> dict[str, tuple[str, str]]:
    """Of these files those that are at another station → (its stream, the day of the move).

    Args:
        own: this desk's stream. At a desk above stations none: there the files themselves say where they are.
    """
    away = sync_scope.who_left(con)
    stubs = (sync_scope.is_away(con, i) for i in case_ids if i in away)
    found = {s.id: (s.stream, s.moved_on) for s in stubs if s is not None and s.moved_on}
    for marks, part in in_parts([i for i in case_ids if i not in away]):
        rows = con.execute(
            "SELECT subject_id, json_extract(data, '$.station'), json_extract(data, '$.moved_on') "
            f"FROM record_row WHERE record_id = subject_id AND subject_id IN ({marks})",
            part,
        )
        found |= {i: (to, on) for i, to, on in rows if to and on and to != own}
    return found


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
    return {i: name for move in moves_of(con, subjects) for i, name in move.clerks.items()}


def moves_of(con: Connection, subjects: Iterable[str]) -> list[Move]:
    """Every move of these subjects that this file knows of."""
    return _moves(con, "subject_id IN ({marks})", subjects)


def moves_beside(con: Connection, subjects: Iterable[str]) -> list[Move]:
    """The moves in all actions that wrote on one of these subjects, those of other subjects among them."""
    return _moves(con, "action_id IN (SELECT action_id FROM op WHERE subject_id IN ({marks}))", subjects)


def _moves(con: Connection, where: str, subjects: Iterable[str]) -> list[Move]:
    found: dict[str, Move] = {}
    for marks, part in in_parts(sorted(set(subjects))):
        rows = con.execute(
            "SELECT op_id, action_id, subject_id, ms, payload FROM op "
            f"WHERE kind = ? AND {where.format(marks=marks)} ORDER BY position",
            (Kind.TRANSFERRED.value, *part),
        )
        found |= {row[0]: _move(*row) for row in rows}
    return list(found.values())


def _move(op_id: str, action_id: str, subject: str, at_ms: int, payload: bytes | None) -> Move:
    body: dict[str, Any] = json.loads(payload) if payload else {}
    values: dict[str, object] = body.get("set") or {}
    return Move(
        op_id, action_id, subject, at_ms,
        origin=str(values.get("moved_from") or ""), target=str(values.get("station") or ""),
        clerks=clerks_of(body),
    )  # fmt: skip


def is_signed(body: Mapping[str, object] | None, actor: str) -> bool:
    """Whether a body names its own author with an office: a desk above stations wrote it."""
    return actor in clerks_of(body or {})


def clerks_of(body: Mapping[str, object]) -> dict[str, str]:
    """Names by id that the body of an operation takes along; what is none is passed over."""
    told = body.get(CLERKS)
    listed = cast("dict[str, object]", told).items() if isinstance(told, dict) else ()
    return {i: name for i, name in listed if isinstance(name, str) and name}
