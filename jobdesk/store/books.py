"""What the month's count reads: the root of every file, and the history of help where a row is not enough."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from jobdesk.cases.ops import Json, Kind, Op
from jobdesk.store.log import OP_COLUMNS, Connection, op_of, ops_of_subject
from jobdesk.store.many import in_parts
from jobdesk.store.sync_scope import Stub, stubs

_WITHDRAWING = frozenset({Kind.UNDONE, Kind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Root:
    """A person's own values. ``opened_ms``: stamp of the opening, 0 when unknown."""

    case_id: str
    values: dict[str, Json]
    opened_ms: int


def case_roots(con: Connection) -> Iterator[Root]:
    """Every file that stands, merged ones among them, by id."""
    rows = con.execute(
        "SELECT record_id, data, json_extract(heads, '$.o[0]') FROM record_row "
        "WHERE kind = 'case' ORDER BY record_id"
    )
    for record_id, data, ms in rows:
        yield Root(record_id, cast("dict[str, Json]", json.loads(data)), ms or 0)


def help_history(con: Connection, case_ids: Iterable[str]) -> dict[str, list[Op]]:
    """The operations that decide the help state of these files, by file.

    Only operations on the person's own record are read, which is a few of hundreds; where something was
    taken back, all are.
    """
    found: dict[str, list[Op]] = {}
    for marks, part in in_parts(case_ids):
        rows = con.execute(
            f"SELECT {OP_COLUMNS} FROM op WHERE subject_id IN ({marks}) "
            "AND (kind IN ('Undone','Withdrawn') OR instr(payload, '\"record\":\"case\"') > 0) "
            "ORDER BY subject_id, position",
            part,
        )
        for row in rows:
            found.setdefault(row[10], []).append(op_of(row))
    for case_id, ops in found.items():
        if any(op.kind in _WITHDRAWING for op in ops):
            found[case_id] = ops_of_subject(con, case_id)
    return found


def move_history(con: Connection) -> dict[str, list[Op]]:
    """The operations that moved a person from one station to another, by file."""
    rows = con.execute(
        f"SELECT {OP_COLUMNS} FROM op WHERE kind = ? AND payload IS NOT NULL", (Kind.TRANSFERRED.value,)
    )
    found: dict[str, list[Op]] = {}
    for op in map(op_of, rows):
        if op.subject.kind == "case":
            found.setdefault(op.subject.id, []).append(op)
    return found


def own_streams(con: Connection) -> set[str]:
    """The streams of this file's scope."""
    return {r[0] for r in con.execute("SELECT stream FROM stream_state WHERE gone = 0").fetchall()}


def left(con: Connection) -> list[Stub]:
    """People who are at another station, as far as their stub tells."""
    return [s for s in stubs(con) if s.kind == "case" and not s.with_stream]


def recorded_ms(con: Connection, kind: str, since: str, until: str) -> dict[str, int]:
    """Record id → stamp of its opening, of the records of a kind whose day lies between two ISO days."""
    rows = con.execute(
        "SELECT record_id, json_extract(heads, '$.o[0]') FROM record_row "
        "WHERE kind = ? AND day >= ? AND day <= ?",
        (kind, since, until),
    )
    return {record_id: ms for record_id, ms in rows if ms}


@dataclass(frozen=True, slots=True)
class Listed:
    """What the ledger's line knows besides: order by pinyin, and whether two entries disagree."""

    sort_name: str
    has_conflicts: bool


def listed(con: Connection) -> dict[str, Listed]:
    """By case id, of every file that stands."""
    rows = con.execute("SELECT case_id, sort_name, conflicts > 0 FROM case_row")
    return {case_id: Listed(sort_name, bool(conflicts)) for case_id, sort_name, conflicts in rows}
