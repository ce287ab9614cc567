"""Backups as a person asks for them: now, looked through, proven, chosen to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from jobdesk.cases.clock import local_date
from jobdesk.cases.errors import BadInput, Trouble
from jobdesk.services.desk import Desk
from jobdesk.store import reads, sync_facts, sync_moves
from jobdesk.store.backup import verify
from jobdesk.store.log import Connection
from jobdesk.store.manifest import SUFFIX, BackupInfo, list_backups, newest_first, read_backup
from jobdesk.store.open_station import OpenStation
from jobdesk.store.safekeeping import back_up
from jobdesk.store.slot_file import read_keyslots

OLD_AFTER_DAYS = 3
"""Own figure: a newest backup older than this is warned about; a weekend with a Monday lies within."""


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One backup and how it stands to what is open now.

    Attributes:
        operations: in the backup, counted when it was proven; None without a manifest that can be read.
        behind: operations of the open file that came after it; None when it is of another life of the
            file, where nobody can count them.
        is_second: it lies in the second folder.
        unsent: words to other stations that nobody heard; no journal has them, an older backup may lack them.
        synced: this PC has a server, from which what was sent comes back.
    """

    info: BackupInfo
    operations: int | None
    behind: int | None
    is_second: bool
    unsent: int = 0
    synced: bool = False


@dataclass(frozen=True, slots=True)
class BackupState:
    """Everything the page about backups shows.

    Attributes:
        lines: of this station, newest first, of both folders.
        age_days: of the newest; None when there is none.
        folder_trouble: why the folder of the second copy could not be read.
    """

    lines: tuple[BackupLine, ...]
    operations: int
    age_days: int | None
    folder_trouble: Trouble | None = None

    @property
    def newest(self) -> BackupLine | None:
        return self.lines[0] if self.lines else None

    @property
    def is_old(self) -> bool:
        return self.age_days is None or self.age_days > OLD_AFTER_DAYS


def backup_state(station: OpenStation, desk: Desk) -> Future[BackupState]:
    """Look into both folders and count what is newer than each backup."""

    def job() -> BackupState:
        found, trouble = _listed(station)
        count = desk.read(reads.count_operations).result()
        lines = desk.read(lambda con: _lines(con, station, found)).result()
        newest = max((b.created_ms for b in found), default=None)
        age = None if newest is None else max(0, (desk.today - local_date(newest)).days)
        return BackupState(tuple(lines), count, age, trouble)

    # a folder on a share or a sleeping disk can take seconds: not on a reader that lists wait for
    return station.file.work.aside(job)


def counted_anew(station: OpenStation, desk: Desk, lines: Sequence[BackupLine]) -> Future[list[BackupLine]]:
    """The same backups with what came after each as of now; the folders are not looked into."""
    return desk.read(lambda con: _lines(con, station, [b.info for b in lines]))


def _listed(station: OpenStation) -> tuple[list[BackupInfo], Trouble | None]:
    paths = station.paths
    file_id = read_keyslots(paths.keyslots).file_id
    found: list[BackupInfo] = []
    trouble: Trouble | None = None
    for folder in dict.fromkeys((paths.backups, paths.local_backups)):
        try:
            found += [b for b in list_backups(folder) if b.file_id == file_id]
        except Trouble as error:
            trouble = error
    if trouble is None and paths.second is not None and not paths.second.is_dir():
        trouble = Trouble("second_folder_missing", path=str(paths.second))
    return newest_first(found), trouble


def _lines(con: Connection, station: OpenStation, found: Sequence[BackupInfo]) -> list[BackupLine]:
    last, unsent = reads.last_position(con), sync_moves.unsent(con)
    synced = bool(sync_facts.get(con, "device"))
    return [replace(_line(b, station, last, unsent), synced=synced) for b in found]


def _line(info: BackupInfo, station: OpenStation, last: int, unsent: int) -> BackupLine:
    same_life = info.meta.get("replica_id") == station.file.replica_id
    behind = max(0, last - int(info.meta.get("position", 0))) if same_life else None
    return BackupLine(
        info, info.counts.get("op"), behind,
        station.paths.second is not None and info.path.parent == station.paths.backups, unsent,
    )  # fmt: skip


def back_up_now(station: OpenStation) -> Future[BackupInfo]:
    """A proven backup, because somebody asked for one.

    Raises (in the future):
        Trouble: neither the second folder nor the one beside the file could be written.
    """
    return back_up(station, "manual")


def prove_backup(station: OpenStation, info: BackupInfo) -> Future[None]:
    """Open a backup and check all of it. Seconds to minutes; the future fails when it does not hold.

    Raises (in the future):
        DamagedFile, WrongKey, Trouble.
    """
    return station.file.work.aside(lambda: verify(info, station.key))


def look_at_backup(path: Path) -> BackupInfo:
    """A backup somebody chose from elsewhere.

    Raises:
        BadInput: ``backup_missing`` or ``not_a_backup``.
        Trouble: it cannot be read.
    """
    if not path.is_file():
        raise BadInput("backup_missing", path=str(path))
    if path.suffix != SUFFIX:
        raise BadInput("not_a_backup", path=str(path), suffix=SUFFIX)
    return read_backup(path)
