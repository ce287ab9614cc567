"""What an import asks of the store: who has a number or once had it, what was held before, running plans."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from jobdesk.cases.ops import Json, Op
from jobdesk.store.log import OP_COLUMNS, Connection, op_of
from jobdesk.store.many import in_parts


def aliases(con: Connection) -> dict[str, str]:
    """File that was merged away → the file it points to."""
    return dict(con.execute("SELECT case_id, merged_into FROM case_row WHERE merged_into <> ''").fetchall())


def files_by_number(con: Connection, numbers: Iterable[str]) -> dict[str, list[str]]:
    """ID number → files that have it now, those merged away included."""
    found: dict[str, list[str]] = {}
    for marks, part in in_parts(sorted(set(numbers))):
        for number, case_id in con.execute(
            f"SELECT id_number, case_id FROM case_row WHERE id_number IN ({marks})", part
        ).fetchall():
            found.setdefault(number, []).append(case_id)
    return found


def old_numbers(con: Connection) -> Iterator[tuple[str, str]]:
    """(15-digit number, file) of everybody whose old number is known."""
    yield from con.execute(
        "SELECT json_extract(data, '$.old_id_number'), case_id FROM case_row "
        "WHERE instr(data, '\"old_id_number\"') > 0"
    ).fetchall()


def files_with_changed_numbers(con: Connection) -> list[str]:
    """Files whose ID number was written after the opening, or that a person withdrew: few."""
    rows = con.execute(
        "SELECT DISTINCT subject_id FROM op WHERE subject_kind = 'case' AND kind <> 'Opened' "
        "AND payload IS NOT NULL AND ((kind = 'Withdrawn' AND import_id IS NULL) "
        "OR instr(payload, CAST('\"id_number\"' AS BLOB)) > 0)"
    )
    return [r[0] for r in rows.fetchall()]


def standing_cases(con: Connection, case_ids: Iterable[str]) -> set[str]:
    """Those of these files that stand."""
    found: set[str] = set()
    for marks, part in in_parts(sorted(set(case_ids))):
        rows = con.execute(f"SELECT case_id FROM case_row WHERE case_id IN ({marks})", part)
        found.update(r[0] for r in rows.fetchall())
    return found


def ops_of_subjects(con: Connection, subject_ids: Iterable[str]) -> dict[str, list[Op]]:
    """All operations of these subjects in order of arrival."""
    found: dict[str, list[Op]] = {}
    for marks, part in in_parts(sorted(set(subject_ids))):
        rows = con.execute(
            f"SELECT {OP_COLUMNS} FROM op WHERE subject_id IN ({marks}) ORDER BY position", part
        )
        for row in rows.fetchall():
            op = op_of(row)
            found.setdefault(op.subject.id, []).append(op)
    return found


def subjects_of_import(con: Connection, import_id: str) -> list[tuple[str, str]]:
    """(subject kind, subject id) of everything one import wrote to."""
    return con.execute(
        "SELECT DISTINCT subject_kind, subject_id FROM op WHERE import_id = ? ORDER BY subject_id",
        (import_id,),
    ).fetchall()


def op_ids_of_import(con: Connection, import_id: str) -> frozenset[str]:
    """Ids of all operations one import wrote."""
    rows = con.execute("SELECT op_id FROM op WHERE import_id = ?", (import_id,)).fetchall()
    return frozenset(r[0] for r in rows)


def members_among(con: Connection, case_ids: Iterable[str]) -> set[str]:
    """Those of these people who are or were members of a household here."""
    wanted = sorted(set(case_ids))
    marks = ",".join("?" * len(wanted))
    rows = con.execute(
        "SELECT DISTINCT json_extract(data, '$.case') FROM record_row WHERE kind = 'member' "
        f"AND json_extract(data, '$.case') IN ({marks})",
        wanted,
    )
    return {r[0] for r in rows.fetchall()}


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A held row as its record says, with the state of its import."""

    record_id: str
    import_id: str
    import_state: str
    file_name: str
    values: Mapping[str, Json]

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def any_held(con: Connection) -> bool:
    """Whether any row of any import was ever held or remembered."""
    return con.execute("SELECT 1 FROM record_row WHERE kind = 'held_row' LIMIT 1").fetchone() is not None


def held_records(
    con: Connection, import_id: str = "", record_id: str = "", *, open_only: bool = False
) -> Iterator[HeldRecord]:
    """Held rows of one import or of all, in the order of import, sheet and row."""
    where, params = ["h.kind = 'held_row'"], list[str]()
    if import_id:
        where.append("h.subject_id = ?")
        params.append(import_id)
    if record_id:
        where.append("h.record_id = ?")
        params.append(record_id)
    if open_only:
        where.append("coalesce(json_extract(h.data, '$.state'), 'open') IN ('open', 'later')")
    rows = con.execute(
        "SELECT h.record_id, h.subject_id, coalesce(json_extract(i.data, '$.state'), ''), "
        "coalesce(json_extract(i.data, '$.file_name'), ''), h.data FROM record_row h "
        "LEFT JOIN record_row i ON i.kind = 'import' AND i.record_id = h.subject_id "
        f"WHERE {' AND '.join(where)} ORDER BY h.subject_id, json_extract(h.data, '$.sheet'), "
        "json_extract(h.data, '$.row'), h.record_id",
        params,
    )
    for r in rows.fetchall():
        yield HeldRecord(r[0], r[1], r[2], r[3], cast("dict[str, Json]", json.loads(r[4])))


@dataclass(frozen=True, slots=True)
class RunningImport:
    """The plan of an import that has not come to its end.

    Attributes:
        done: parts already written; ``TAKING_BACK`` while it is being taken back.
        total: parts in all.
    """

    import_id: str
    actor: str
    done: int
    total: int


TAKING_BACK = -1


def put_plan(con: Connection, plan: RunningImport, body: bytes) -> None:
    """Keep the plan of an import that begins."""
    con.execute(
        "INSERT INTO import_plan(import_id, actor, done, total, body) VALUES (?,?,?,?,?)",
        (plan.import_id, plan.actor, plan.done, plan.total, body),
    )


def move_plan(con: Connection, import_id: str, done: int) -> None:
    """So many parts are written; in the same transaction as the last of them."""
    con.execute("UPDATE import_plan SET done = ? WHERE import_id = ?", (done, import_id))


def drop_plan(con: Connection, import_id: str) -> None:
    """The import has come to its end."""
    con.execute("DELETE FROM import_plan WHERE import_id = ?", (import_id,))


def running_imports(con: Connection) -> list[RunningImport]:
    """Imports that have not come to their end, oldest first."""
    rows = con.execute("SELECT import_id, actor, done, total FROM import_plan ORDER BY import_id").fetchall()
    return [RunningImport(*r) for r in rows]


_BEGUN_HERE = (
    "((SELECT replica_id FROM op WHERE subject_id = r.record_id ORDER BY position LIMIT 1) IN "
    "(SELECT replica FROM replica_mark WHERE own = 1) "
    "OR NOT EXISTS (SELECT 1 FROM sync_fact WHERE key = 'device'))"
)
"""Of a row ``r`` of an import: by a life of this file. One that no server knows has no other PC's work."""


def settle_after_replay(con: Connection) -> None:
    """After a restore: the journal brought operations of imports and of undos without their plan.

    What came whole needs no plan; everything else of this file's lives is taken back by whoever opens the
    file next, since nobody knows which parts are written. What another PC of the station is in the middle
    of is its own to finish.
    """
    con.execute(
        "DELETE FROM import_plan WHERE import_id IN (SELECT record_id FROM record_row "
        "WHERE kind = 'import' AND json_extract(data, '$.state') IN ('applied', 'undone'))"
    )
    con.execute("UPDATE import_plan SET done = ?", (TAKING_BACK,))
    con.execute(
        "INSERT OR IGNORE INTO import_plan(import_id, actor, done, total, body) "
        "SELECT r.record_id, "
        "(SELECT actor FROM op WHERE subject_id = r.record_id ORDER BY position LIMIT 1), ?, 0, x'' "
        "FROM record_row r WHERE r.kind = 'import' "
        f"AND json_extract(r.data, '$.state') IN ('applying', 'undoing') AND {_BEGUN_HERE}",
        (TAKING_BACK,),
    )


def plan_body(con: Connection, import_id: str) -> bytes:
    """What is to be written; empty when the plan is gone."""
    row = con.execute("SELECT body FROM import_plan WHERE import_id = ?", (import_id,)).fetchone()
    return b"" if row is None else row[0]


def posts_ever(con: Connection) -> list[str]:
    """Every post that was ever entered, those withdrawn since included."""
    rows = con.execute("SELECT DISTINCT subject_id FROM op WHERE subject_kind = 'vacancy'")
    return [r[0] for r in rows.fetchall()]
