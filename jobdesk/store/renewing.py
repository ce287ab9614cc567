"""A restored file goes on as a new replica and takes in what the journal has beyond the backup.

``restore_station`` swaps the files and leaves a note; the next opening reads it and does the rest, so that
a kill at any moment is caught up with.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from jobdesk.cases.clock import Clock
from jobdesk.cases.codec import decode
from jobdesk.cases.errors import Refused, Trouble
from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import Op
from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.host.paths import StationPaths, refuse_unfit_folder
from jobdesk.store import local, sync_facts, unread
from jobdesk.store.backup import verify
from jobdesk.store.blanking import drop_unnamed, register
from jobdesk.store.cipher import connect, connect_immutable, translated
from jobdesk.store.holder import hold, this_process
from jobdesk.store.import_lookups import settle_after_replay
from jobdesk.store.journal import Journal
from jobdesk.store.log import Connection, all_ops
from jobdesk.store.manifest import BackupInfo, list_backups, newest_first
from jobdesk.store.open_station import OpenStation
from jobdesk.store.reads import last_position
from jobdesk.store.replaced import replaced_files, take_over, words_of
from jobdesk.store.replaying import append_apart, replay_in
from jobdesk.store.restore import Restored, restore_files
from jobdesk.store.safekeeping import JOURNAL_LEVEL
from jobdesk.store.slot_file import read_keyslots
from jobdesk.store.station_file import StationFile, Writing
from jobdesk.store.sync_state import current_replica, hash_at, mark, own_marks, put_mark
from jobdesk.store.taking_in import read_lines
from jobdesk.store.wrapping import subkey

BATCH = 500
"""Operations of one transaction while a restore takes in (own figure)."""


def renew_file(paths: StationPaths) -> Path:
    """Says that the live file is a restored one that still wants a new replica and its journal."""
    return paths.data / "station.renew.json"


def restore_station(
    paths: StationPaths, backup: BackupInfo, key: bytes, clock: Clock, *, journal_folder: Path | None = None
) -> Restored:
    """Put a backup in the place of the live file, which is kept and named.

    The next ``open_station`` begins a new replica and replays the journal; a kill before that is
    caught up with there. Nobody may have the station open.

    Args:
        journal_folder: where the journal lies; None for the station's own.

    Raises:
        Refused: this is no place for a station file (a share, a roaming profile).
        FileLocked, DamagedFile, WrongKey, Trouble: nothing was lost.
    """
    refuse_unfit_folder(paths.data)
    with disk_errors(paths.data):
        paths.data.mkdir(parents=True, exist_ok=True)
    with hold(paths.lock, this_process(clock.now_ms(), "restore")):
        note = {
            "journal": str((journal_folder or paths.journal).absolute()),
            "backups": str(backup.path.parent.absolute()),
            "restored": str(backup.path.absolute()),
            "replaced_before": _replaced_before(paths),
        }
        # written first: a file that is restored but not renewed would continue a chain that already went on
        replace_file(renew_file(paths), json.dumps(note).encode())
        try:
            return restore_files(backup, paths.station, key, clock.now_ms(), keyslots=paths.keyslots)
        except (Trouble, Refused):
            if not (paths.data / "station.restoring.json").exists():
                renew_file(paths).unlink(missing_ok=True)
            raise


def _replaced_before(paths: StationPaths) -> list[str]:
    """Names of the files that earlier restores replaced; those of one that was not taken up yet count in."""
    with contextlib.suppress(OSError, ValueError):
        note: dict[str, list[str]] = json.loads(renew_file(paths).read_bytes())
        if "replaced_before" in note:
            return note["replaced_before"]
    return [p.name for p in replaced_files(paths.data)]


def new_replica(path: Path, key: bytes, ids: IdSource) -> None:
    con = connect(path, key)
    try:
        with translated(path):
            con.execute("BEGIN IMMEDIATE")
            remember_former_life(con)
            local.set_fact(con, "replica_id", ids())
            local.set_fact(con, JOURNAL_LEVEL, "no")
            con.execute("COMMIT")
    finally:
        con.close()


def remember_former_life(con: Connection) -> None:
    """Its unsent operations are still ours to send, and whatever the journal brings is offered (§7).

    So is what its lives were told is there and that is not ``safe``: since then this file may have been told
    that a restored server keeps it apart, and does not know so any more (M-4.10).
    """
    if not knows_a_province(con):
        return
    put_mark(con, replace(mark(con, current_replica(con)), own=True))
    for life in own_marks(con):
        hashed = hash_at(con, life.replica, life.safe)
        if life.safe < life.acked and hashed is not None and not life.state:
            put_mark(con, replace(life, acked=life.safe, hash=hashed))
    sync_facts.put(con, "refill", "restored")


def knows_a_province(con: Connection) -> bool:
    """A file of format 1 does not yet."""
    (version,) = con.execute("PRAGMA user_version").fetchone()
    return version >= 2


def replay(station: OpenStation, renewal: Path) -> int:
    """Take in what journal and newer backups have beyond the restored one; returns how many came back
    (``renewed_newer`` tells how many of them out of backups).

    The journal keeps only what its newest backup has not: after a restore of an older one the operations
    in between, one's own and those that came, are in the newest. It is taken first: of an operation that
    changed its place the journal has the later form. What is missing even then is among the notes.
    """
    note: dict[str, Any] = json.loads(renewal.read_bytes())
    journal = Journal.open(Path(note["journal"]), subkey(station.key, "journal"), station.file.station_id)
    file = station.file
    taking = _Taking(file)
    folder = Path(note.get("backups") or station.paths.backups)
    _take_newest(station, taking, folder, Path(note.get("restored", "")))
    before = taking.count
    for frame in journal.read_all():
        if frame[:1] == b"B":
            taking.add(None, [frame[1:]])
        elif frame[:1] == unread.FRAME:
            taking.add_line(frame[1:])
        else:
            taking.add(decode(frame[1:]), [])
    taking.finish()
    journal.close()
    of_journal = taking.count - before
    damaged = [d for d in journal.damage if d.kind != "torn"]
    _fill_gaps(station, taking, folder)
    missing = file.read(_missing).result()
    if missing or damaged:
        station.notes.append(Trouble("restored_with_gap", count=missing, places=len(damaged)))
    file.write(lambda w: settle_after_replay(w.con)).result()
    _take_over(station, note.get("replaced_before"))
    renewal.unlink()
    station.renewed_newer = taking.count - of_journal
    return taking.count


def _take_over(station: OpenStation, before: list[str] | None) -> None:
    """Receipts, what was read and what was being typed, from what this restore replaced; nothing of it may
    hinder a restore.

    Args:
        before: names of what earlier restores replaced; None where an older program wrote the note.
    """
    if before is None:
        return
    new = [p for p in replaced_files(station.paths.data) if p.name not in before]
    found = [words_of(p, station.key, station.file.station_id) for p in new]
    if found:
        station.file.write(lambda w: take_over(w.con, found)).result()


def _missing(con: Connection) -> int:
    """Operations that must have been, by the dense sequence of each life of this file, and are not here."""
    lives = [m.replica for m in own_marks(con)]
    rows = con.execute(
        "SELECT max(replica_seq) - count(*) FROM op "
        f"WHERE replica_id IN ({','.join('?' * len(lives))}) GROUP BY replica_id",
        lives,
    )
    return sum(r[0] for r in rows)


def _take_newest(station: OpenStation, taking: _Taking, folder: Path, restored: Path) -> None:
    """The newest backup that opens, when it is newer than the one restored. What others wrote has no dense
    sequence that would tell that it is missing, and this file may have the only copy.
    """
    found = _backups(station, folder)
    here = next((n for n, info in enumerate(found) if info.path.absolute() == restored), 0)
    any(_take(station, taking, info) for info in found[:here])


def _fill_gaps(station: OpenStation, taking: _Taking, folder: Path) -> None:
    """The newest backup that opens has them; one that does not is passed over for the one before it."""
    if not station.file.read(_missing).result():
        return
    for info in _backups(station, folder):
        if not _take(station, taking, info):
            continue
        taking.finish()
        if not station.file.read(_missing).result():
            return


def _backups(station: OpenStation, folder: Path) -> list[BackupInfo]:
    """Of this station, wherever they may lie, the newest first."""
    file_id = read_keyslots(station.paths.keyslots).file_id
    found: list[BackupInfo] = []
    for place in dict.fromkeys((folder, station.paths.backups, station.paths.local_backups)):
        with contextlib.suppress(Trouble):  # another folder may answer
            found += [b for b in list_backups(place) if b.file_id == file_id]
    return newest_first(found)


def _take(station: OpenStation, taking: _Taking, info: BackupInfo) -> bool:
    """False when it does not open."""
    try:
        verify(info, station.key)
    except Trouble:
        return False
    con = connect_immutable(info.path, station.key)
    try:
        for _, op in all_ops(con):
            taking.add(op, [frame[1:] for frame in local.blob_frame(con, op)])
        if knows_a_province(con):
            for _, line in unread.lines(con):
                taking.add_line(line)
    finally:
        con.close()
    taking.flush()
    return True


class _Taking:
    """Takes operations in, some hundreds in one transaction; erased subjects stay erased."""

    def __init__(self, file: StationFile) -> None:
        self.count = 0
        self._file = file
        self._ops: list[Op] = []
        self._lines: list[bytes] = []
        self._blobs: list[bytes] = []
        self._apart: list[Op] = []
        self._brought: set[str] = set()

    def add(self, op: Op | None, blobs: list[bytes]) -> None:
        self._blobs += blobs
        if op is not None:
            self._ops.append(op)
        if len(self._ops) + len(self._lines) >= BATCH:
            self.flush()

    def add_line(self, line: bytes) -> None:
        """One that the program could not read when it came; perhaps it can by now."""
        (read,) = read_lines([line])
        if read.op is not None:
            self.add(read.op, [])
        else:
            self._lines.append(line)

    def flush(self) -> None:
        ops, contents, lines = self._ops, self._blobs, read_lines(self._lines)
        self._ops, self._blobs, self._lines = [], [], []

        def job(w: Writing) -> int:
            before = last_position(w.con)
            self._brought |= {local.put_blob(w.con, content) for content in contents}
            self._apart += replay_in(w, ops, self._file.clock.now_ms())
            w.unread += unread.keep(w.con, [(x.op_id, x.raw) for x in lines], register(w.con))
            return last_position(w.con) - before

        self.count += self._file.write(job).result()

    def finish(self) -> None:
        """What found its place taken and came in no other form: our present life takes it up. Bytes that came
        before the line about who was erased go.
        """
        self.flush()
        apart, self._apart = self._apart, []
        if apart:
            self._file.write(lambda w: append_apart(w, apart)).result()
        self._file.write(lambda w: drop_unnamed(w.con, self._brought)).result()
