"""The proof that a station file holds: pages, chains, rows that equal the fold, index, journal, backups."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from jobdesk.cases.codec import decode
from jobdesk.cases.errors import JobdeskError, Trouble
from jobdesk.cases.fold import fold
from jobdesk.cases.ops import Op, Subject
from jobdesk.cases.state import SubjectState
from jobdesk.store import kept, local, recounting, sync_blobs, sync_state
from jobdesk.store.backup import verify
from jobdesk.store.cipher import connect, connect_immutable, dbapi2
from jobdesk.store.integrity import check_file
from jobdesk.store.journal import Journal
from jobdesk.store.log import Connection, all_ops, ops_by_subject, verify_chains
from jobdesk.store.manifest import list_backups
from jobdesk.store.open_station import OpenStation
from jobdesk.store.projection import CASE_COLUMNS, line_and_terms
from jobdesk.store.rows import line_of
from jobdesk.store.slot_file import read_keyslots
from jobdesk.store.tables import IMMUTABLE_SQL
from jobdesk.store.wrapping import fits, subkey

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, dbapi2.Error)
"""What reading an operation or a row raises when somebody changed it past the program."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check.

    Attributes:
        name: stable word for ``check --json``.
        detail: counts, or the first places where it does not hold; ids only.
    """

    name: str
    ok: bool
    detail: str


def check_station(
    station: OpenStation, progress: Callable[[str], None] | None = None, *, backups: bool = True
) -> list[CheckResult]:
    """Run every check on a reader; never raises for what it finds.

    Args:
        progress: told the name of each check before it begins.
        backups: open every backup too (seconds each).
    """
    results: list[CheckResult] = []

    def run(name: str, job: Callable[[], tuple[bool, str]]) -> None:
        if progress:
            progress(name)
        try:
            ok, detail = job()
        except JobdeskError as error:
            ok, detail = False, str(error)
        except UNREADABLE as error:  # what damage can make of an operation or a row; its text holds values
            ok, detail = False, f"unreadable: {type(error).__name__}"
        results.append(CheckResult(name, ok, detail))

    file = station.file
    run("keys", lambda: _keys(station))
    run("integrity", lambda: _integrity(station))
    run("chain", lambda: file.read(_chain).result())
    run("rows", lambda: file.read(_rows).result())
    run("search", lambda: file.read(_search).result())
    run("attachments", lambda: file.read(_attachments).result())
    run("streams", lambda: file.read(_streams).result())
    run("journal", lambda: _journal(station))
    if backups:
        run("backups", lambda: _backups(station))
    return results


def _keys(station: OpenStation) -> tuple[bool, str]:
    """Both copies of the key slots can be read, wrap this file's key, and have a recovery code."""
    paths = station.paths
    wrong: list[str] = []
    slots = read_keyslots(paths.keyslots)
    if slots.from_bak:
        wrong.append(f"{paths.keyslots.name} is damaged, its copy is used")
    if not fits(slots, station.key):
        wrong.append("the slots are of another key")
    if all(s.kind != "recovery" for s in slots.slots):
        wrong.append("no recovery code")
    return not wrong, "; ".join(wrong) or f"{len(slots.slots)} slots"


def _integrity(station: OpenStation) -> tuple[bool, str]:
    """On a connection of its own: one that has searched before keeps the index's old outline, and FTS5
    holds that against today's pages and calls a sound index damaged."""
    con = connect(station.file.path, station.key, read_only=True)
    try:
        findings = check_file(con, station.file.path)
    finally:
        con.close()
    bad = [f"{f.name}: {f.detail}" for f in findings if not f.ok]
    return not bad, "; ".join(bad) or f"{len(findings)} checks"


def _chain(con: Connection) -> tuple[bool, str]:
    count, faults = verify_chains(con)
    wrong = [f"{f.what} at {f.replica_id}:{f.seq}" for f in faults[:5]]
    guards = [str(r[0]) for r in con.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
    if any(all(not g.endswith(sql.split("EXISTS ")[1]) for g in guards) for sql in IMMUTABLE_SQL):
        wrong.append("the log is not guarded against changes")
    return not wrong, ", ".join(wrong) or f"{count} operations"


def _groups(rows: Iterator[tuple[Any, ...]], key: int = 0) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    return ((k, list(g)) for k, g in itertools.groupby(rows, key=itemgetter(key)))


def _folded(con: Connection) -> Iterator[tuple[SubjectState, list[Op]]]:
    for subject_id, ops in ops_by_subject(con):
        yield fold(ops, Subject(ops[0].subject.kind, subject_id)), ops


def _rows(con: Connection) -> tuple[bool, str]:
    """Every subject folded from its operations against its rows, and no rows without operations."""
    records = _groups(
        con.execute(
            "SELECT subject_id, kind, record_id, subject_kind, day, data, heads, conflicts "
            "FROM record_row ORDER BY subject_id, kind, record_id"
        )
    )
    standing = next(records, None)
    wrong: list[str] = []
    count = 0
    for state, _ in _folded(con):
        count += 1
        subject = state.subject
        while standing is not None and standing[0] < subject.id:
            wrong.append(standing[0])
            standing = next(records, None)
        held: set[tuple[Any, ...]] = set()
        if standing is not None and standing[0] == subject.id:
            held = set(standing[1])
            standing = next(records, None)
        lines = (line_of(subject, r) for r in state)
        wanted = {
            (v.subject_id, v.kind, v.record_id, v.subject_kind, v.day, v.data, v.heads, v.conflicts)
            for v in lines
        }
        if held != wanted or not _same_case(con, state):
            wrong.append(subject.id)
    while standing is not None:
        wrong.append(standing[0])
        standing = next(records, None)
    return not wrong, ("differ: " + ", ".join(wrong[:5])) if wrong else f"{count} subjects"


def _same_case(con: Connection, state: SubjectState) -> bool:
    if state.subject.kind != "case":
        return True
    row = con.execute(
        f"SELECT {','.join((*CASE_COLUMNS, *kept.COLUMNS))} FROM case_row WHERE case_id = ?",
        (state.subject.id,),
    ).fetchone()
    if not state.exists:
        return row is None
    return row is not None and _holds(tuple(row), line_and_terms(con, state)[0])


def _holds(row: tuple[Any, ...], wanted: tuple[object, ...]) -> bool:
    """The line of a fold; of one that is not judged the kept day and tier too
    (``services.kept_dates`` compares those of the others).
    """
    judged, size = row[-1], len(wanted)
    if row[:size] != tuple(wanted):
        return False
    line = dict(zip(CASE_COLUMNS, wanted, strict=True))
    in_care = line["help_state"] == "open" and not line["merged_into"]
    return (judged and in_care) or row[size:-1] == (line["next_contact"], line["tier"])


def _search(con: Connection) -> tuple[bool, str]:
    """Each file's indexed words are those of its state, and every indexed line belongs to a file."""
    con.execute("SELECT count(*) FROM search").fetchone()
    wrong: list[str] = []
    count = 0
    for state, _ in _folded(con):
        if state.subject.kind != "case" or not state.exists:
            continue
        count += 1
        row = con.execute(
            "SELECT s.terms FROM case_row c JOIN search s ON s.rowid = c.rowid WHERE c.case_id = ?",
            (state.subject.id,),
        ).fetchone()
        if row is None or row[0] != line_and_terms(con, state)[1]:
            wrong.append(state.subject.id)
    (indexed,) = con.execute("SELECT count(*) FROM search").fetchone()
    if indexed != count:
        wrong.append(f"{indexed} lines for {count} files")
    return not wrong, ("differ: " + ", ".join(wrong[:5])) if wrong else f"{count} files"


def _attachments(con: Connection) -> tuple[bool, str]:
    """Every attachment that is named and belongs here is here, and its bytes are what its name says."""
    kinds = sync_blobs.kept_here(con)
    marks = ",".join("?" * len(kinds))
    rows = con.execute(
        "SELECT DISTINCT json_extract(data, '$.digest') FROM record_row "
        f"WHERE kind IN ({marks}) AND json_extract(data, '$.digest') <> ''",
        kinds,
    ).fetchall()
    wrong: list[str] = []
    for (digest,) in rows:
        content = local.blob(con, digest)
        if content is None or local.digest(content) != digest:
            wrong.append(str(digest)[:12])
    return not wrong, ("missing: " + ", ".join(wrong[:5])) if wrong else f"{len(rows)} attachments"


def _streams(con: Connection) -> tuple[bool, str]:
    """Chain and digest of every stream, counted anew from the log, are those at its cursor. Of one that left
    the scope nothing could be mended until it is back, and then the exchange compares it (M-5.4).
    """
    wrong: list[str] = []
    known = [s for s in sync_state.streams(con) if not s.gone]
    for s in known:
        if s.loading is None and recounting.recount(con, s.stream) != (s.at, s.digest):
            wrong.append(s.stream)
    return not wrong, ("differ: " + ", ".join(wrong[:5])) if wrong else f"{len(known)} streams"


def _journal(station: OpenStation) -> tuple[bool, str]:
    """Every operation that no verified backup in the second folder has is in the journal."""
    covered = 0
    for info in list_backups(station.paths.backups):
        if info.meta.get("replica_id") == station.file.replica_id:
            covered = int(info.meta.get("position", 0))
            break
    journal = Journal.open(station.paths.journal, subkey(station.key, "journal"), station.file.station_id)
    have = {decode(f[1:]).op_id for f in journal.read_all() if f[:1] == b"O"}
    damage = [f"{d.kind} in {d.file}" for d in journal.damage if d.kind != "torn"]

    def lacking(con: Connection) -> set[str]:
        return {op.op_id for _, op in all_ops(con, covered) if op.op_id not in have}

    missing = station.file.read(lacking).result()
    if missing:
        missing -= _in_a_backup(station, missing)
    if missing:
        return False, f"{len(missing)} operations after {covered} are in no journal"
    return not damage, "; ".join(damage[:3]) or f"{len(have)} operations, backup to {covered}"


def _in_a_backup(station: OpenStation, wanted: AbstractSet[str]) -> set[str]:
    """Those that a backup in the second folder holds. Of a former life of this file too: after a fork the
    journal goes on where the backups before it end.
    """
    file_id, found = read_keyslots(station.paths.keyslots).file_id, set[str]()
    for info in list_backups(station.paths.backups):
        if info.file_id != file_id or wanted <= found:
            continue
        try:
            verify(info, station.key)
            con = connect_immutable(info.path, station.key)
        except Trouble:
            continue
        try:
            found |= wanted & {op_id for (op_id,) in con.execute("SELECT op_id FROM op")}
        finally:
            con.close()
    return found


def _backups(station: OpenStation) -> tuple[bool, str]:
    """Every backup of this station opens and holds, with slots for a bare PC; none at all is no fault."""
    file_id = read_keyslots(station.paths.keyslots).file_id
    wrong: list[str] = []
    count = 0
    for folder in sorted({station.paths.backups, station.paths.local_backups}):
        for info in list_backups(folder):
            if info.file_id not in (None, file_id):
                continue
            count += 1
            try:
                verify(info, station.key)
                if not fits(read_keyslots(info.keyslots), station.key):
                    wrong.append(f"{info.path.name} has the slots of another key")
            except Trouble as trouble:
                wrong.append(f"{info.path.name} {trouble.code}")
    return not wrong, "; ".join(wrong[:5]) or f"{count} backups"
