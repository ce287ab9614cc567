"""两处填写不一致 over the whole file, from rows: only records with a question are parsed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from jobdesk.cases.differing import Difference, differences
from jobdesk.cases.ops import Json, Kind, Op, Subject
from jobdesk.cases.standing import live_undos
from jobdesk.cases.state import RecordState
from jobdesk.store.log import OP_COLUMNS, Connection, op_of
from jobdesk.store.many import in_parts
from jobdesk.store.moved import CLERKS, clerks_of
from jobdesk.store.rows import record_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A subject with its open questions and the records they stand in."""

    subject: Subject
    differences: tuple[Difference, ...]
    records: Mapping[tuple[str, str], RecordState]


HERE = "subject_id NOT IN (SELECT subject_id FROM left_subject)"
"""Whoever is at another station is asked about there."""


def left(con: Connection, subject_ids: Iterable[str]) -> frozenset[str]:
    """Those of these who are at another station."""
    return _in_table(con, "left_subject", subject_ids)


def erased(con: Connection, subject_ids: Iterable[str]) -> frozenset[str]:
    """Those of these who are erased."""
    return _in_table(con, "erased", subject_ids)


def _in_table(con: Connection, table: str, subject_ids: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for marks, part in in_parts(sorted(set(subject_ids))):
        rows = con.execute(f"SELECT subject_id FROM {table} WHERE subject_id IN ({marks})", part)
        found |= {row[0] for row in rows.fetchall()}
    return frozenset(found)


def asked(con: Connection) -> list[Asked]:
    """Every subject with an open question; cost grows with the questions, not with the file."""
    rows = con.execute(
        "SELECT subject_kind, subject_id, kind, record_id, data, heads FROM record_row WHERE conflicts > 0 "
        f"AND {HERE}"
    ).fetchall()
    by: dict[Subject, list[RecordState]] = {}
    for kind, subject_id, record, record_id, data, heads in rows:
        by.setdefault(Subject(kind, subject_id), []).append(record_of(record, record_id, data, heads))
    above = handed(con, [s.id for s in by])
    found: list[Asked] = []
    for subject, records in sorted(by.items()):
        told = differences(records, above.get(subject.id, ()))
        found.append(Asked(subject, told, {(r.kind, r.id): r for r in records}))
    return found


def handed(con: Connection, subject_ids: Collection[str]) -> dict[str, list[RecordState]]:
    """Subject → what of it was handed upward and not called back; mostly nothing, and cheap then."""
    found: dict[str, list[RecordState]] = {}
    if not _anything_handed(con):
        return found
    for marks, part in in_parts(subject_ids):
        rows = con.execute(
            "SELECT subject_id, record_id, data, heads FROM record_row WHERE kind = 'escalation' "
            f"AND subject_id IN ({marks})",
            part,
        ).fetchall()
        for subject_id, record_id, data, heads in rows:
            found.setdefault(subject_id, []).append(record_of("escalation", record_id, data, heads))
    return found


def _anything_handed(con: Connection) -> bool:
    return con.execute("SELECT 1 FROM record_row WHERE kind = 'escalation' LIMIT 1").fetchone() is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """Open questions: ``here`` for the people of the station, ``above`` handed upward. Decisions: ``settled``
    that stand, ``decided`` ever, those taken back included.
    """

    here: int
    above: int
    settled: int = 0
    decided: int = 0


def count(con: Connection) -> Counts:
    """Cheap enough for every save: two indexed sums, and a look at the rows where something was handed up."""
    total = con.execute(
        f"SELECT coalesce(sum(conflicts), 0) FROM record_row WHERE conflicts > 0 AND {HERE}"
    ).fetchone()[0]
    above = 0
    if total and _anything_handed(con):
        above = sum(d.escalation is not None for a in asked(con) for d in a.differences)
    return Counts(total - above, above)


_READABLE = "kind = 'ConflictSettled' AND payload IS NOT NULL"


def count_settled(con: Connection) -> int:
    """Decisions that can be read, those taken back later included; not of who is erased or moved away."""
    return con.execute(f"SELECT count(*) FROM op WHERE {_READABLE}").fetchone()[0]


_STANDING = f"""WITH
    settled(op_id, subject_id) AS MATERIALIZED (SELECT op_id, subject_id FROM op WHERE {_READABLE}),
    undo(op_id, named) AS (
        SELECT o.op_id, j.value FROM (SELECT DISTINCT subject_id FROM settled) s
        JOIN op o ON o.subject_id = s.subject_id AND o.kind IN ('Undone', 'Withdrawn')
        AND o.payload IS NOT NULL JOIN json_each(CAST(o.payload AS TEXT), '$.ops') j)
    SELECT '', '', count(*) FROM settled
    UNION ALL SELECT op_id, named, named IN (SELECT op_id FROM settled) FROM undo"""


def count_standing(con: Connection) -> int:
    """Those of them that nobody took back."""
    rows = con.execute(_STANDING).fetchall()
    total = next(count for op_id, _, count in rows if not op_id)
    named: dict[str, dict[str, frozenset[str] | None]] = {}
    for op_id, about, _ in rows:
        named.setdefault(op_id, {})[about] = None
    live = live_undos(named)
    return total - len({about for op_id, about, settled in rows if settled and op_id in live})


def settlings(con: Connection, limit: int, since_ms: int = 0) -> list[Op]:
    """Decisions, newest first."""
    rows = con.execute(
        f"SELECT {OP_COLUMNS} FROM op WHERE {_READABLE} AND ms >= ? ORDER BY ms DESC, op_id DESC LIMIT ?",
        (since_ms, limit),
    )
    return [op_of(r) for r in rows.fetchall()]


def taken_back(con: Connection, subject_ids: Collection[str]) -> dict[str, str]:
    """Operation → withdrawal in force that names it, over these subjects."""
    found: dict[str, str] = {}
    for marks, part in in_parts(subject_ids):
        rows = con.execute(
            "SELECT op_id, payload FROM op WHERE kind IN (?, ?) AND payload IS NOT NULL "
            f"AND subject_id IN ({marks})",
            [Kind.UNDONE.value, Kind.WITHDRAWN.value, *part],
        ).fetchall()
        named: dict[str, dict[str, frozenset[str] | None]] = {}
        for op_id, payload in rows:
            body = cast("dict[str, Json]", json.loads(payload))
            listed = body.get("ops")
            named[op_id] = dict.fromkeys(
                [o for o in listed if isinstance(o, str)] if isinstance(listed, list) else []
            )
        for undo in sorted(live_undos(named)):
            for op_id in named[undo]:
                found.setdefault(op_id, undo)
    return found


@dataclass(frozen=True, slots=True)
class Who:
    """What a list says of a subject; ``name`` is empty for one without (a station's settings), and where
    nobody filled it in, or, ``name_asked``, two did and neither is shown yet.
    """

    name: str
    sex: str = ""
    birth: str = ""
    id_number: str = ""
    phone: str = ""
    name_asked: bool = False


_NAMES = ("name", "head_name", "unit", "title", "file_name")


def people(con: Connection, subject_ids: Iterable[str]) -> dict[str, Who]:
    """Names of these subjects, from their root records."""
    found: dict[str, Who] = {}
    for marks, part in in_parts(subject_ids):
        rows = con.execute(
            "SELECT kind, record_id, data, heads, conflicts FROM record_row WHERE record_id = subject_id "
            f"AND subject_id IN ({marks})",
            part,
        ).fetchall()
        for kind, record_id, data, heads, open_ in rows:
            values = cast("dict[str, Json]", json.loads(data))
            said = {k: v for k, v in values.items() if isinstance(v, str)}
            name = next((said[n] for n in _NAMES if said.get(n)), "")
            found[record_id] = Who(
                name, said.get("sex", ""), said.get("birth", ""), said.get("id_number", ""),
                said.get("phone", ""),
                bool(not name and open_) and any(
                    d.field == "name" for d in differences([record_of(kind, record_id, data, heads)], ())
                ),
            )  # fmt: skip
    return found


def signers(con: Connection, subject_ids: Iterable[str]) -> dict[str, str]:
    """Clerks of desks above who wrote on these subjects: id → office and name, as what they wrote tells it
    (``store.signing``). A move names clerks of the station that was left (``moved.clerks_told``).
    """
    found: dict[str, str] = {}
    for marks, part in in_parts(sorted(set(subject_ids))):
        rows = con.execute(
            f"SELECT payload FROM op WHERE subject_id IN ({marks}) AND kind <> ? "
            "AND payload IS NOT NULL AND instr(payload, ?) > 0 ORDER BY position",
            (*part, Kind.TRANSFERRED.value, CLERKS.encode()),
        )
        for (payload,) in rows:
            found |= clerks_of(json.loads(payload))
    return found


def staff_names(con: Connection) -> dict[str, str]:
    """Everybody who works at a station in scope: id → name."""
    rows = con.execute("SELECT record_id, data FROM record_row WHERE kind = 'staff'").fetchall()
    return {r[0]: str(json.loads(r[1]).get("name") or "") for r in rows}


def streams_of(con: Connection, subject_ids: Iterable[str]) -> dict[str, str]:
    """Subject → stream in which it was last listed; subjects not listed anywhere yet are left out."""
    found: dict[str, str] = {}
    for subject_id in subject_ids:
        row = con.execute(
            "SELECT s.stream FROM op o JOIN stream_op p ON p.op_id = o.op_id "
            "JOIN stream_state s ON s.num = p.stream WHERE o.subject_id = ? AND s.gone = 0 "
            "ORDER BY o.position DESC LIMIT 1",
            (subject_id,),
        ).fetchone()
        if row:
            found[subject_id] = row[0]
    return found


def stream_names(con: Connection) -> dict[str, str]:
    """Stream → name of its station, of every station ever in scope."""
    return {r[0]: r[1] for r in con.execute("SELECT stream, name FROM stream_state").fetchall()}
