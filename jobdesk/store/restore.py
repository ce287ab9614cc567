"""Putting a backup in the place of the live file, which is kept under a name that says when and why.

What is about to be swapped is written down first (``station.restoring.json``): a kill at any moment leaves
either the live file as it was or a swap that ``finish_restore`` completes at the next start, without a key.
The caller holds the station file (``holder``) and has closed every connection; afterwards it begins a new
replica and replays the journal.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.errors import DamagedFile, DiskFull, Trouble
from jobdesk.host.disk import disk_errors, replace_file, sync_folder
from jobdesk.store.backup import SPARE_BYTES, verify
from jobdesk.store.manifest import BackupInfo
from jobdesk.store.slot_file import read_keyslots

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        station: the live file, now the backup's content.
        replaced: the former live file under its new name; None on a bare PC.
        keyslots_installed: the backup's key slots took the place of other ones (or of none).
    """

    station: Path
    replaced: Path | None
    keyslots_installed: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """The swap, as written down. File names, all in the folder of the station file."""

    restored: str
    replaced: str
    keyslots: str
    keyslots_replaced: str


def restore_files(
    backup: BackupInfo, station: Path, key: bytes, now_ms: int, *, keyslots: Path, reason: str = "restore"
) -> Restored:
    """Swap the backup in.

    Args:
        key: opens the backup (from its ``.keys`` with the recovery code, or from the live key slots).
        keyslots: the live keyslots.json; kept when it belongs to the same key (it may have newer slots),
            else replaced by the backup's, the former one kept beside it.
        reason: lower-case word in the name under which the live file is kept.

    Raises:
        DamagedFile, WrongKey: the backup does not open; nothing was touched.
        DiskFull, ReadOnly, Trouble: before the swap was written down nothing was touched; after it
            ``finish_restore`` goes on.
    """
    finish_restore(station, keyslots)
    verify(backup, key)
    stamp = f"{local_datetime(now_ms):%Y%m%d-%H%M%S}"
    folder = station.parent
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        plan = _planned(backup, station, keyslots, stamp, reason)
        copied = folder / plan.restored
        try:
            _copy(backup, copied)
            if plan.keyslots:
                replace_file(folder / plan.keyslots, backup.keyslots.read_bytes())
        except (OSError, Trouble):
            for left in (copied, folder / plan.keyslots if plan.keyslots else copied):
                with contextlib.suppress(OSError):
                    left.unlink(missing_ok=True)
            raise
        replace_file(_plan_file(station), json.dumps(asdict(plan)).encode("ascii"))
        _swap(station, keyslots, plan)
    replaced = folder / plan.replaced
    return Restored(station, replaced if replaced.exists() else None, bool(plan.keyslots))


def finish_restore(station: Path, keyslots: Path) -> bool:
    """Complete a swap that was cut off; to be called at every start before anything is opened.

    Returns:
        True when there was one: the file then is a restored one and wants a new replica.
    """
    plan_file = _plan_file(station)
    try:
        raw = json.loads(plan_file.read_bytes())
        plan = _Plan(**{n: str(raw[n]) for n in ("restored", "replaced", "keyslots", "keyslots_replaced")})
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedFile("damaged_file", path=str(plan_file)) from error
    with disk_errors(station.parent):
        _swap(station, keyslots, plan)
    return True


def _plan_file(station: Path) -> Path:
    return station.with_name("station.restoring.json")


def _planned(backup: BackupInfo, station: Path, keyslots: Path, stamp: str, reason: str) -> _Plan:
    install = False
    if backup.keyslots.exists():
        theirs = read_keyslots(backup.keyslots)
        try:
            install = read_keyslots(keyslots).file_id != theirs.file_id
        except DamagedFile:
            install = True
    number, mark = 2, stamp
    while any((station.parent / name).exists() for name in (_restored(mark), _replaced(mark, reason))):
        mark, number = f"{stamp}.{number}", number + 1
    return _Plan(
        restored=_restored(mark),
        replaced=_replaced(mark, reason),
        keyslots=f"keyslots.restored-{mark}.json" if install else "",
        keyslots_replaced=f"keyslots.replaced-{mark}-{reason}.json",
    )


def _restored(mark: str) -> str:
    return f"station.restored-{mark}.jobdesk.db"


def _replaced(mark: str, reason: str) -> str:
    return f"station.replaced-{mark}-{reason}.jobdesk.db"


def _copy(backup: BackupInfo, target: Path) -> None:
    """Copy and compare: what was verified is what arrives."""
    if shutil.disk_usage(target.parent).free < backup.path.stat().st_size + SPARE_BYTES:
        raise DiskFull("disk_full", path=str(target.parent))
    read, written = hashlib.sha256(), hashlib.sha256()
    with backup.path.open("rb") as source, target.open("xb") as copy:
        while block := source.read(_CHUNK):
            read.update(block)
            copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())
    with target.open("rb") as copy:
        while block := copy.read(_CHUNK):
            written.update(block)
    if read.digest() != written.digest() or (backup.sha256 and read.hexdigest() != backup.sha256):
        raise DamagedFile("backup_damaged", path=str(backup.path))


def _swap(station: Path, keyslots: Path, plan: _Plan) -> None:
    """Every step may be done again. The last one but the note itself makes the restored file the live one."""
    folder = station.parent
    restored, replaced = folder / plan.restored, folder / plan.replaced
    if restored.exists():
        if station.exists():
            _keep(station, replaced)
            log = _beside(station, "-wal")
            if log.exists():
                # beside the restored file it would be replayed into it; opening the live file to take it
                # in is no way: SQLite may drop the log of a damaged file, and it is worth keeping
                log.replace(_beside(replaced, "-wal"))
            _beside(station, "-shm").unlink(missing_ok=True)
        if plan.keyslots:
            _install_keyslots(keyslots, folder / plan.keyslots, keyslots.with_name(plan.keyslots_replaced))
        sync_folder(folder)
        restored.replace(station)
        sync_folder(folder)
    if plan.keyslots:
        (folder / plan.keyslots).unlink(missing_ok=True)
    _plan_file(station).unlink(missing_ok=True)
    sync_folder(folder)


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _keep(station: Path, replaced: Path) -> None:
    """A second name for the live file, so that there is a live file at every moment; else a rename."""
    if replaced.exists():
        return
    try:
        os.link(station, replaced)
    except OSError:  # a file system without hard links
        station.replace(replaced)


def _install_keyslots(live: Path, theirs: Path, kept: Path) -> None:
    if not theirs.exists():
        return
    content = theirs.read_bytes()
    if live.exists() and not kept.exists() and live.read_bytes() != content:
        replace_file(kept, live.read_bytes())
    replace_file(live, content)
    replace_file(_beside(live, ".bak"), content)
