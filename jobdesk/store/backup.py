"""Backups: a whole copy under the same key, opened and checked before it gets its name.

Three files per backup: ``station-…-reason.jdbk`` (the encrypted copy), ``….jdbk.json`` (a plain manifest:
ids, counts, checksum, no personal data) and ``….jdbk.keys`` (a copy of keyslots.json), so that a backup and
the recovery code are enough on a bare PC. The copy is renamed last: what bears a final name is complete.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from jobdesk import __version__
from jobdesk.cases.clock import local_datetime
from jobdesk.cases.errors import DamagedFile, DiskFull
from jobdesk.host.disk import disk_errors, sync_folder, write_new
from jobdesk.store.cipher import Connection, connect, connect_immutable, connect_single_file, translated
from jobdesk.store.integrity import check_pages, check_structure
from jobdesk.store.manifest import SUFFIX, BackupInfo, described, list_backups, written
from jobdesk.store.slot_file import read_keyslots

SPARE_BYTES = 16 * 1024 * 1024
"""Room left free on the target disk beside the copy (own figure)."""


def make_backup(
    source: Path,
    key: bytes,
    folder: Path,
    reason: str,
    now_ms: int,
    extra_meta: Mapping[str, str | int] | None = None,
    *,
    keyslots: Path | None = None,
    tables: Sequence[str] = (),
) -> BackupInfo:
    """Copy the live file while it is in use, prove the copy by opening it, then give it its name.

    Args:
        folder: made when only itself is missing; its parent must be there (a stick not plugged in must not
            become a folder on the same disk).
        reason: lower-case word: ``daily``, ``manual``, ``before-import``, ``before-migration`` …
        keyslots: the live keyslots.json (beside the source when None).
        tables: tables whose rows are counted in the copy.

    Raises:
        DiskFull, ReadOnly, Trouble: nothing under a final name was made or lost.
        DamagedFile: the live file (or the fresh copy) fails its check: this is no backup.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", reason):
        raise ValueError("a reason is a lower-case word")
    slots_path = keyslots or source.with_name("keyslots.json")
    slots = read_keyslots(slots_path)
    with disk_errors(folder):
        folder.mkdir(exist_ok=True)
        _sweep(folder, slots.file_id)
        _refuse_without_room(source, folder)
        part = folder / f".{slots.file_id}.{os.getpid()}{SUFFIX}.part"
    try:
        _copy_pages(source, key, part)
        counts = _proven(part, key, tables)
        with disk_errors(folder):
            known = list_backups(folder)
            final = _free_name(folder, reason, now_ms)
            info = BackupInfo(
                path=final,
                file_id=slots.file_id,
                reason=reason,
                created_ms=now_ms,
                serial=max((b.serial for b in known), default=0) + 1,
                size=part.stat().st_size,
                counts=counts,
                sha256=_sha256(part),
                app_version=__version__,
                meta=dict(extra_meta or {}),
            )
            good = slots_path.with_name(slots_path.name + ".bak") if slots.from_bak else slots_path
            _place(part, info.manifest, written(info))
            _place(part, info.keyslots, good.read_bytes())
            part.replace(final)
            sync_folder(folder)
    except BaseException:
        with contextlib.suppress(OSError):
            for left in folder.glob(f"{part.name}*"):
                left.unlink(missing_ok=True)
        raise
    return info


def verify(info: BackupInfo, key: bytes) -> None:
    """Open the backup and check all of it: checksum, every page, structure, counts.

    Raises:
        DamagedFile: ``backup_damaged``; says nothing about other backups.
        WrongKey: it belongs to another station.
    """
    with disk_errors(info.path):
        same = not info.sha256 or _sha256(info.path) == info.sha256
    if not same:
        raise DamagedFile("backup_damaged", path=str(info.path))
    if _proven(info.path, key, tuple(info.counts)) != dict(info.counts):
        raise DamagedFile("backup_damaged", path=str(info.path))


def _copy_pages(source: Path, key: bytes, part: Path) -> None:
    """One step over all pages: in WAL mode the writer goes on meanwhile, and the copy is one moment."""
    live: Connection = connect(source, key, read_only=True)
    try:
        copy = connect_single_file(part, key)
        try:
            with translated(part.parent):
                live.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE").fetchone()
        finally:
            copy.close()
    except DamagedFile as damaged:
        raise DamagedFile("damaged_file", path=str(source)) from damaged
    finally:
        live.close()
    with disk_errors(part.parent):
        fd = os.open(part, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _proven(path: Path, key: bytes, tables: Sequence[str]) -> dict[str, int]:
    """Open a finished copy, check all of it, count the tables."""
    connection = connect_immutable(path, key)
    try:
        bad = [f for f in (check_pages(connection, path), check_structure(connection, path)) if not f.ok]
        if bad:
            raise DamagedFile("backup_damaged", path=str(path), check=bad[0].name)
        with translated(path):
            return {t: int(connection.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0]) for t in tables}
    finally:
        connection.close()


def _refuse_without_room(source: Path, folder: Path) -> None:
    log = source.with_name(source.name + "-wal")
    needed = source.stat().st_size + (log.stat().st_size if log.exists() else 0) + SPARE_BYTES
    if shutil.disk_usage(folder).free < needed:
        raise DiskFull("disk_full", path=str(folder))


def _free_name(folder: Path, reason: str, now_ms: int) -> Path:
    stem = f"station-{local_datetime(now_ms):%Y%m%d-%H%M%S}-{reason}"
    number, final = 2, folder / f"{stem}{SUFFIX}"
    while final.exists():
        final, number = folder / f"{stem}.{number}{SUFFIX}", number + 1
    return final


def _sweep(folder: Path, file_id: str) -> None:
    """Take away what a killed backup of this station left: parts, and companions without their copy."""
    for left in folder.glob(f".{file_id}.*{SUFFIX}.part*"):
        left.unlink(missing_ok=True)
    for manifest in folder.glob(f"station-*{SUFFIX}.json"):
        info = described(manifest.with_suffix(""), 0)
        if info.file_id == file_id and not info.path.exists():
            info.keyslots.unlink(missing_ok=True)
            manifest.unlink(missing_ok=True)


def _place(part: Path, final: Path, data: bytes) -> None:
    """A companion file, whole or not at all; its temporary name is swept like the copy's."""
    own = part.with_name(part.name + final.suffix)
    write_new(own, data, mode=0o666)
    own.replace(final)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
