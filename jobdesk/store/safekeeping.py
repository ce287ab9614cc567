"""The second copies of an open station: its journal, its backups, and how far each of them reaches."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path

from jobdesk.cases.codec import decode
from jobdesk.cases.errors import Trouble
from jobdesk.host.paths import StationPaths
from jobdesk.store import local, unread
from jobdesk.store.backup import make_backup
from jobdesk.store.journal import Journal
from jobdesk.store.log import Connection, all_ops
from jobdesk.store.manifest import BackupInfo, list_backups, newest_first
from jobdesk.store.open_station import OpenStation
from jobdesk.store.reads import last_position
from jobdesk.store.rotating import rotate
from jobdesk.store.slot_file import read_keyslots
from jobdesk.store.station_file import StationFile
from jobdesk.store.wrapping import subkey

COUNTED = ("op", "record_row", "case_row")
"""Tables whose rows a backup is checked against."""

JOURNAL_LEVEL = "journal_level"
"""Fact of the file: ``no`` from a restore until the journal has the whole log once more. Without it a kill
in between would leave frames of a former life at the end, and what lies before them nowhere."""


def prepare_second(paths: StationPaths) -> None:
    """Make the folders of the second copy where their parent is there; trouble is told later, not here."""
    for folder in (paths.journal, paths.backups, paths.local_backups):
        try:
            if folder.parent.is_dir():
                folder.mkdir(exist_ok=True)
        except OSError:
            continue


def name_journal(station: OpenStation) -> None:
    """Name the journal and how far it reaches; a second folder that is not there is a note, not a failure.

    It is brought level with the next write or with ``StationFile.catch_up``.
    """
    paths, file = station.paths, station.file
    journal = Journal.open(paths.journal, subkey(station.key, "journal"), file.station_id)
    station.journal = journal
    covered = _covered_by_backup(station)
    position, lines = None, list[bytes]()
    try:
        prepare_second(paths)
        # after a restore the whole log goes in once more: no backup in the second folder has this life yet
        is_level = file.facts.get(JOURNAL_LEVEL) != "no"
        position = _level(file, journal, covered) if is_level else None
        lines = unread.not_in_journal(file.read(unread.lines).result(), journal.read_all())
    except Trouble as trouble:
        station.notes.append(trouble)
    file.journaling.attach(journal, covered if position is None else position, covered, lines)


def _level(file: StationFile, journal: Journal, covered: int) -> int | None:
    """Position up to which the journal has everything no backup has; None when it has nothing of it.

    A frame that cannot be read, a file or the newest backup that somebody took away: what is missing is
    found by comparing, and goes in again from there.
    """
    count, last = 0, None
    for frame in journal.read_all():
        if frame[:1] == b"O":
            count, last = count + 1, frame
    position = _position_of(file, last) if last else None
    damaged = any(d.kind == "gap" for d in journal.damage)
    if position is None or (not damaged and count >= position - covered):
        return position
    have = {decode(frame[1:]).op_id for frame in journal.read_all() if frame[:1] == b"O"}
    if damaged:
        journal.rewrite(lambda frame: frame)  # what can be read stays, the damaged places go

    def first_missing(con: Connection) -> int | None:
        return next((at for at, op in all_ops(con, covered) if op.op_id not in have), None)

    missing = file.read(first_missing).result()
    return position if missing is None else missing - 1


def _position_of(file: StationFile, frame: bytes) -> int | None:
    if frame[:1] != b"O":
        return None
    op_id = decode(frame[1:]).op_id
    row = file.read(
        lambda con: con.execute("SELECT position FROM op WHERE op_id = ?", (op_id,)).fetchone()
    ).result()
    return row[0] if row else None


def _covered_by_backup(station: OpenStation) -> int:
    """Position up to which the newest backup of this replica's life has everything; 0 without one."""
    replica = station.file.replica_id
    try:
        for info in list_backups(station.paths.backups):
            if info.meta.get("replica_id") == replica:
                return int(info.meta.get("position", 0))
    except Trouble as trouble:
        station.notes.append(trouble)
    return 0


def back_up(station: OpenStation, reason: str) -> Future[BackupInfo]:
    """Make a verified backup, trim the journal to what it does not have, rotate old ones.

    Runs beside the writer, so that nobody's save waits for it. When the second folder cannot be written
    the backup is made beside the station file and the trouble noted.
    """
    paths, file = station.paths, station.file

    def job() -> BackupInfo:
        position = file.read(last_position).result()  # what is committed now will be in the copy
        meta: dict[str, str | int] = {
            "station_id": file.station_id, "replica_id": file.replica_id, "position": position,
        }  # fmt: skip
        try:
            info = _backup_into(station, paths.backups, reason, meta)
        except Trouble as trouble:
            if paths.backups == paths.local_backups:
                raise
            station.notes.append(trouble)
            return _backup_into(station, paths.local_backups, reason, meta)
        if station.journal is not None:
            file.work.on_writer(lambda con: _trim(con, station, position)).result()
        return info

    return file.work.aside(job)


def _backup_into(
    station: OpenStation, folder: Path, reason: str, meta: Mapping[str, str | int]
) -> BackupInfo:
    now = station.file.clock.now_ms()
    paths = station.paths
    info = make_backup(
        paths.station, station.key, folder, reason, now, meta, keyslots=paths.keyslots, tables=COUNTED
    )
    rotate(folder, str(info.file_id))
    return info


def _trim(con: Connection, station: OpenStation, position: int) -> None:
    """Drop frames of what is in a verified backup in the second folder; keep the rest."""
    journal, health = station.journal, station.file.health
    if journal is None or health.journal is not None or health.journaled < position:
        return
    later = {op.op_id: op for _, op in all_ops(con, position)}
    digests = {local.digest_of(op) for op in later.values()}
    waiting = {op_id for op_id, _ in unread.lines(con)}

    def keep(frame: bytes) -> bool:
        if frame[:1] == b"B":
            return local.digest(frame[1:]) in digests
        if frame[:1] == unread.FRAME:
            return unread.op_id_of(frame) in waiting
        return decode(frame[1:]).op_id in later

    health.covered = position
    try:
        journal.trim(keep)
    except Trouble as trouble:
        station.notes.append(trouble)


def last_backup(station: OpenStation) -> BackupInfo | None:
    """The newest backup of this station, in either folder; None when there is none."""
    try:
        file_id = read_keyslots(station.paths.keyslots).file_id
        found = [
            b
            for folder in {station.paths.backups, station.paths.local_backups}
            for b in list_backups(folder)
            if b.file_id == file_id
        ]
    except Trouble:
        return None
    return next(iter(newest_first(found)), None)
