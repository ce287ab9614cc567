"""Backups: a whole copy under the same key, opened and checked before it gets its name.

Three files per backup: ``station-…-reason.jdbk`` (the encrypted copy), ``….jdbk.json`` (a plain manifest:
ids, counts, checksum, no personal data) and ``….jdbk.keys`` (a copy of keyslots.json), so that a backup and
the recovery code are enough on a bare PC. The copy is renamed last: what bears a final name is complete.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from jobdesk import __version__
from jobdesk.cases.clock import local_date, local_datetime
from jobdesk.cases.errors import DamagedFile, DiskFull
from jobdesk.host.disk import disk_errors, sync_folder, write_new
from jobdesk.store.cipher import Connection, connect, connect_immutable, connect_single_file, translated
from jobdesk.store.integrity import check_pages, check_structure
from jobdesk.store.slot_file import read_keyslots

SUFFIX = ".jdbk"
KEYSLOTS_SUFFIX = ".keys"
FORMAT = 1
SPARE_BYTES = 16 * 1024 * 1024
"""Room left free on the target disk beside the copy (own figure)."""
_NAME = re.compile(r"station-\d{8}-\d{6}-[a-z0-9-]+(?:\.\d+)?\.jdbk")


@dataclass(frozen=True, slots=True)
class Keep:
    """How many backups stay (own figures). The newest of each day, week and month counts.

    Attributes:
        before: the last so many of *each* ``before-…`` reason, whatever their day.
        manual: the last so many a person asked for.
    """

    daily: int = 7
    weekly: int = 5
    monthly: int = 12
    before: int = 3
    manual: int = 3


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """A backup as its manifest describes it.

    Attributes:
        path: the ``.jdbk``.
        file_id: names the station key it opens with (see keyslots); None without a manifest that can be read.
        serial: grows with every backup in a folder; newer is greater even when the clock was set back.
        created_ms: by the clock of the PC that made it.
        counts: rows per table that was counted when it was verified.
        sha256: of the ``.jdbk``.
        meta: what the caller added (ids and counts only).
    """

    path: Path
    file_id: str | None
    reason: str
    created_ms: int
    serial: int
    size: int
    counts: Mapping[str, int]
    sha256: str
    app_version: str
    meta: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])

    @property
    def manifest(self) -> Path:
        return self.path.with_name(self.path.name + ".json")

    @property
    def keyslots(self) -> Path:
        """The copy of keyslots.json that belongs to it."""
        return self.path.with_name(self.path.name + KEYSLOTS_SUFFIX)


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
            _place(part, info.manifest, _manifest(info))
            _place(part, info.keyslots, good.read_bytes())
            part.replace(final)
            sync_folder(folder)
    except BaseException:
        with contextlib.suppress(OSError):
            for left in folder.glob(f"{part.name}*"):
                left.unlink(missing_ok=True)
        raise
    return info


def list_backups(folder: Path) -> list[BackupInfo]:
    """Every complete backup, newest first; those without a readable manifest last.

    Raises:
        Trouble: the folder is there but cannot be read. A missing folder has no backups.
    """
    with disk_errors(folder):
        if not folder.is_dir():
            return []
        found = [read_backup(p) for p in folder.iterdir() if _NAME.fullmatch(p.name)]
    return sorted(found, key=lambda b: (b.serial, b.created_ms, b.path.name), reverse=True)


def newest_first(backups: Iterable[BackupInfo]) -> list[BackupInfo]:
    """Backups of several folders in the order of making, also when the clock was set back in between.

    In one folder the serial tells; between folders the latest moment the clock had shown by then.
    """
    reached: dict[Path, int] = {}
    placed: list[tuple[int, int, BackupInfo]] = []
    for info in sorted(backups, key=lambda b: b.serial):
        latest = max(reached.get(info.path.parent, 0), info.created_ms)
        reached[info.path.parent] = latest
        placed.append((latest, info.serial, info))
    return [p[2] for p in sorted(placed, key=lambda p: p[:2], reverse=True)]


def read_backup(path: Path) -> BackupInfo:
    """What is known about a backup without its key; the manifest may be missing (a copy carried by hand)."""
    with disk_errors(path):
        size = path.stat().st_size
    return _described(path, size)


def _described(path: Path, size: int) -> BackupInfo:
    bare = BackupInfo(path, None, "", 0, 0, size, {}, "", "")
    try:
        loaded: object = json.loads(bare.manifest.read_bytes())
        raw = cast("dict[str, object]", loaded)
        return BackupInfo(
            path=path,
            file_id=str(raw["file_id"]),
            reason=str(raw["reason"]),
            created_ms=int(cast(int, raw["created_ms"])),
            serial=int(cast(int, raw["serial"])),
            size=int(cast(int, raw["size"])),
            counts={str(k): int(v) for k, v in cast("dict[str, int]", raw["counts"]).items()},
            sha256=str(raw["sha256"]),
            app_version=str(raw["app_version"]),
            meta=cast("dict[str, str | int]", raw["meta"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return bare


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


def rotate(folder: Path, file_id: str, keep: Keep | None = None) -> list[Path]:
    """Remove what the rules no longer keep, of this station only; returns what went.

    The newest backup always stays. Nothing without a readable manifest is touched.

    Raises:
        Trouble: the folder cannot be read or written.
    """
    mine = [b for b in list_backups(folder) if b.file_id == file_id]
    staying = {b.path for b in chosen(mine, keep or Keep())}
    gone: list[Path] = []
    with disk_errors(folder):
        for backup in mine:
            if backup.path not in staying:
                backup.path.unlink(missing_ok=True)  # first: without it the others are only litter
                backup.manifest.unlink(missing_ok=True)
                backup.keyslots.unlink(missing_ok=True)
                gone.append(backup.path)
    return gone


def chosen(backups: Iterable[BackupInfo], keep: Keep) -> list[BackupInfo]:
    """Which of them stay, newest first. Newer means a greater serial, not a later clock."""
    ordered = sorted(backups, key=lambda b: b.serial, reverse=True)
    staying: set[Path] = {b.path for b in ordered[:1]}
    spans: tuple[tuple[int, Callable[[int], str]], ...] = (
        (keep.daily, lambda ms: local_date(ms).isoformat()),
        (keep.weekly, lambda ms: "{}-{}".format(*local_date(ms).isocalendar()[:2])),
        (keep.monthly, lambda ms: local_date(ms).strftime("%Y-%m")),
    )
    for many, span in spans:
        seen: set[str] = set()
        for backup in ordered:
            name = span(backup.created_ms)
            if name not in seen and len(seen) < many:
                seen.add(name)
                staying.add(backup.path)
    taken: dict[str, int] = {}
    for backup in ordered:
        before = keep.before if backup.reason.startswith("before-") else 0
        limit = keep.manual if backup.reason == "manual" else before
        if taken.get(backup.reason, 0) < limit:
            taken[backup.reason] = taken.get(backup.reason, 0) + 1
            staying.add(backup.path)
    return [b for b in ordered if b.path in staying]


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
        info = _described(manifest.with_suffix(""), 0)
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


def _manifest(info: BackupInfo) -> bytes:
    body = {
        "format": FORMAT,
        "file_id": info.file_id,
        "reason": info.reason,
        "created_ms": info.created_ms,
        "created": local_datetime(info.created_ms).isoformat(timespec="seconds"),
        "serial": info.serial,
        "size": info.size,
        "counts": dict(info.counts),
        "sha256": info.sha256,
        "app_version": info.app_version,
        "meta": dict(info.meta),
    }
    return json.dumps(body, indent=1, ensure_ascii=False).encode("utf-8") + b"\n"
