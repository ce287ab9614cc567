"""Reading one subject, and records across subjects, from rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple, cast

from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import SubjectState
from jobdesk.store import merged
from jobdesk.store.log import Connection
from jobdesk.store.many import in_parts
from jobdesk.store.rows import state_of

BATCH = 100
"""Rows parsed at once: few enough that rows, text and values stay in the cache of the processor."""


class Record(NamedTuple):
    """A record as lists and papers read it: shown values only.

    Attributes:
        day: ISO date of stated precision by which it is listed, or None.
    """

    kind: str
    id: str
    subject_id: str
    day: str | None
    values: Mapping[str, Json]

    def text(self, name: str) -> str:
        """The value as text; empty when blank or not text."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def subject_state(con: Connection, subject: Subject) -> SubjectState:
    """A whole subject with heads and conflicts; one that does not stand has no records."""
    rows = con.execute(
        "SELECT kind, record_id, data, heads FROM record_row WHERE subject_id = ?", (subject.id,)
    ).fetchall()
    erased = is_erased(con, subject.id)
    return state_of(subject, rows, erased)


def case_state(con: Connection, case_id: str) -> SubjectState:
    """One person's file."""
    return subject_state(con, Subject("case", case_id))


def aliases_of(con: Connection, case_id: str) -> list[str]:
    """Files that were merged into this one, by id."""
    return merged.aliases_of(con, case_id)


def records(
    con: Connection,
    kind: str,
    *,
    since: str | None = None,
    until: str | None = None,
    subject_ids: Iterable[str] | None = None,
) -> Iterator[Record]:
    """Records of a kind across subjects, by day.

    Args:
        since, until: ISO days, both included; records without a day are left out when one is given.
        subject_ids: only these subjects, in chunks (the order by day then holds within a chunk).
    """
    where, params = ["kind = ?"], list[object]([kind])
    if since is not None:
        where.append("day >= ?")
        params.append(since)
    if until is not None:
        where.append("day <= ?")
        params.append(until)
    sql = "SELECT kind, record_id, subject_id, day, data FROM record_row WHERE " + " AND ".join(where)
    if subject_ids is None:
        yield from map(_record, con.execute(sql + " ORDER BY day, record_id", params))
        return
    for marks, part in in_parts(subject_ids):
        rows = con.execute(
            f"{sql} AND subject_id IN ({marks}) ORDER BY day, record_id", [*params, *part]
        ).fetchall()
        yield from map(_record, rows)


def subjects_with(con: Connection, kind: str) -> list[str]:
    """Whoever has a record of a kind, in order."""
    sql = "SELECT DISTINCT subject_id FROM record_row WHERE kind = ? ORDER BY subject_id"
    return [r[0] for r in con.execute(sql, (kind,)).fetchall()]


def records_of(con: Connection, subject_ids: Iterable[str]) -> dict[str, list[Record]]:
    """All records of these subjects, roots included, by subject."""
    out: dict[str, list[Record]] = {}
    for marks, part in in_parts(subject_ids):
        rows = con.execute(
            "SELECT kind, record_id, subject_id, day, data FROM record_row "
            f"WHERE subject_id IN ({marks}) ORDER BY day, record_id",
            part,
        ).fetchall()
        parsed = cast("list[dict[str, Json]]", json.loads(f"[{','.join([r[4] for r in rows])}]"))
        for row, values in zip(rows, parsed, strict=True):
            out.setdefault(row[2], []).append(Record._make((*row[:4], values)))
    return out


def _record(row: tuple[str, str, str, str | None, str]) -> Record:
    return Record(row[0], row[1], row[2], row[3], cast("dict[str, Json]", json.loads(row[4])))


CaseRows = tuple[str, dict[str, Json], list[tuple[str, str, dict[str, Json]]]]
"""(case id, root values, child rows as (kind, id, values))"""


def open_case_rows(
    con: Connection, case_ids: Iterable[str] | None = None, kinds: Collection[str] | None = None
) -> Iterator[CaseRows]:
    """Open files that were not merged away, one by one, with the records of those merged into them.

    One pass over the rows in order of subject. The values of a batch are parsed as one text, which costs
    half as much as one by one and shares the names of fields.

    Args:
        kinds: record kinds besides the root that are wanted; all by default.
    """
    where = "subject_id IN (SELECT case_id FROM case_row WHERE help_state = 'open' AND merged_into = '')"
    params = [] if case_ids is None else list(case_ids)
    pointing = _pointing(con, None if case_ids is None else params.copy(), kinds)
    if case_ids is not None:
        where = f"subject_id IN ({','.join('?' * len(params))})"
    where += " AND subject_id NOT IN (SELECT subject_id FROM left_subject)"
    if kinds is not None:
        wanted = ["case", *sorted(kinds)]
        where += f" AND kind IN ({','.join('?' * len(wanted))})"
        params += wanted
    rows = con.execute(
        "SELECT subject_id, kind, record_id, data FROM record_row "
        f"WHERE subject_kind = 'case' AND {where} ORDER BY subject_id",
        params,
    )
    loads = json.loads
    current, root = "", dict[str, Json]()
    children: list[tuple[str, str, dict[str, Json]]] = []
    while batch := rows.fetchmany(BATCH):
        parsed = cast("list[dict[str, Json]]", loads(f"[{','.join([r[3] for r in batch])}]"))
        for (subject_id, kind, record_id, _), values in zip(batch, parsed, strict=True):
            if subject_id != current:
                if root and root.get("help_state") == "open" and not root.get("merged_into"):
                    yield current, root, children + pointing[current] if current in pointing else children
                current, root, children = subject_id, {}, []
            if kind == "case":
                root = values
            else:
                children.append((kind, record_id, values))
    if root and root.get("help_state") == "open" and not root.get("merged_into"):
        yield current, root, children + pointing[current] if current in pointing else children


def _pointing(
    con: Connection, case_ids: list[str] | None, kinds: Collection[str] | None
) -> dict[str, list[tuple[str, str, dict[str, Json]]]]:
    """Case id → child records of the files that were merged into it; few files ever are."""
    found: dict[str, list[tuple[str, str, dict[str, Json]]]] = {}
    kept = merged.pairs(con, case_ids)
    for alias, listed in records_of(con, kept).items():
        for r in listed:
            if r.kind != "case" and (kinds is None or r.kind in kinds):
                found.setdefault(kept[alias], []).append((r.kind, r.id, dict(r.values)))
    return found


def held_imports(con: Connection) -> list[tuple[str, Mapping[str, Json], int]]:
    """(import id, its values, rows that still wait) for imports that were not undone."""
    rows = con.execute(
        "SELECT i.record_id, i.data, count(*) FROM record_row h JOIN record_row i "
        "ON i.kind = 'import' AND i.record_id = h.subject_id "
        "WHERE h.kind = 'held_row' "
        "AND coalesce(json_extract(h.data, '$.state'), 'open') IN ('open', 'later') "
        "AND coalesce(json_extract(i.data, '$.state'), '') <> 'undone' GROUP BY i.record_id"
    ).fetchall()
    return [(r[0], json.loads(r[1]), r[2]) for r in rows]


def referring_subjects(con: Connection, subject_ids: Iterable[str]) -> list[Subject]:
    """Other subjects with a record that points to one of these: members, merges, lines, held rows."""
    found: set[Subject] = set()
    for marks, part in in_parts(subject_ids):
        rows = con.execute(
            "SELECT DISTINCT subject_kind, subject_id FROM record_row "
            "WHERE kind IN ('member','walk_in','held_row') "
            f"AND json_extract(data, '$.case') IN ({marks})",
            part,
        ).fetchall()
        found |= {Subject(*r) for r in rows}
        rows = con.execute(f"SELECT case_id FROM case_row WHERE merged_into IN ({marks})", part).fetchall()
        found |= {Subject("case", r[0]) for r in rows}
    return sorted(found)


def households_with(con: Connection, case_id: str) -> list[str]:
    """Households of which this person is or was a member."""
    rows = con.execute(
        "SELECT DISTINCT subject_id FROM record_row "
        "WHERE kind = 'member' AND json_extract(data, '$.case') = ? ORDER BY subject_id",
        (case_id,),
    ).fetchall()
    return [r[0] for r in rows]


def count_conflicts(con: Connection) -> int:
    """Fields of any record that two desks filled differently and nobody has settled."""
    return con.execute("SELECT coalesce(sum(conflicts), 0) FROM record_row WHERE conflicts > 0").fetchone()[0]


def households_of(con: Connection, subject_ids: Iterable[str]) -> set[str]:
    """Of these the households, and those in which one of these is or was a member."""
    found: set[str] = set()
    for marks, part in in_parts(subject_ids):
        rows = con.execute(
            f"SELECT record_id FROM record_row WHERE kind = 'household' AND record_id IN ({marks}) "
            "UNION SELECT subject_id FROM record_row WHERE kind = 'member' "
            f"AND json_extract(data, '$.case') IN ({marks})",
            [*part, *part],
        )
        found.update(r[0] for r in rows.fetchall())
    return found


def is_erased(con: Connection, subject_id: str) -> bool:
    """One look; whoever asks about many reads the ``blanking.register``."""
    return con.execute("SELECT 1 FROM erased WHERE subject_id = ?", (subject_id,)).fetchone() is not None


def began(con: Connection, case_id: str) -> bool:
    """Whether the beginning of a person's file is here, readable or not."""
    query = "SELECT payload FROM op WHERE subject_id = ? AND kind = 'Opened'"
    payloads = [row[0] for row in con.execute(query, (case_id,)).fetchall()]
    return any(p is None or json.loads(p).get("id") == case_id for p in payloads)


def root_kind(con: Connection, subject_id: str) -> str:
    """Kind of a subject that stands; empty when it does not."""
    row = con.execute(
        "SELECT subject_kind FROM record_row WHERE subject_id = ? LIMIT 1", (subject_id,)
    ).fetchone()
    return row[0] if row else ""


def count_operations(con: Connection) -> int:
    """Operations in the log."""
    return con.execute("SELECT count(*) FROM op").fetchone()[0]


def last_position(con: Connection) -> int:
    """Position of the newest operation, 0 when there is none."""
    return con.execute("SELECT coalesce(max(position), 0) FROM op").fetchone()[0]


def last_stamp(con: Connection) -> int:
    """Milliseconds of the newest operation, 0 when there is none."""
    row = con.execute("SELECT ms FROM op ORDER BY position DESC LIMIT 1").fetchone()
    return row[0] if row else 0
